import Access
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import Intake
import JWTKit
import NIOCore
import Policy
import Registry
import Testing

@testable import Portal

/// A partner's program: its key, and the assertions that it signs.
struct Program: Sendable {
    static let audience = "https://localhost/oauth/token"

    /// What an assertion says; a test changes what it is about.
    struct Claims: JWTPayload {
        var iss: String?
        var sub: String?
        var aud: [String]?
        var exp: Double?
        var nbf: Double?
        var jti: String?
        // Of a signed question.
        var matter: String?
        var caseNumber: String?
        var identifier: String?
        var name: String?
        var handler: String?
        var origin: String?

        func verify(using _: some JWTAlgorithm) async throws {}
    }

    let id: String
    let key = ES256PrivateKey()

    /// Registers a program of a body.
    init(_ id: String, body: String, scopes: [String], quota: Int = 10_000, contractUntil: CivilDate? = nil, origins: [String] = [], in place: Place) throws {
        self.id = id
        let isNew = try place.access.registry.clients.add(
            Client(id: id, name: "程序\(id)", body: body, scopes: scopes, publicKey: key.publicKey.pemRepresentation, dailyQuota: quota, contractUntil: contractUntil, origins: origins,
                created: place.now))
        try #require(isNew)
    }

    /// Sound claims, unless changed.
    func assertion(_ place: Place, key: ES256PrivateKey? = nil, _ change: (inout Claims) -> Void = { _ in }) async throws -> String {
        var claims = Claims(
            iss: id, sub: id, aud: [Self.audience], exp: Double(place.now.milliseconds / 1000 + 120), nbf: nil, jti: UUID().uuidString)
        change(&claims)
        let keys = JWTKeyCollection()
        await keys.add(ecdsa: key ?? self.key)
        return try await keys.sign(claims)
    }

    static func ask(_ client: any TestClientProtocol, _ assertion: String, scope: String? = nil) async throws -> TestResponse {
        try await client.post(
            "/oauth/token", nil,
            [
                ("grant_type", "client_credentials"), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion),
            ] + (scope.map { [("scope", $0)] } ?? []))
    }

    struct Token: Decodable, Sendable {
        var access_token: String
        var token_type: String
        var expires_in: Int
        var scope: String
    }

    struct Refusal: Decodable, Sendable { var error: String }

    /// A bearer header for a fresh token.
    func bearer(_ client: any TestClientProtocol, _ place: Place, scope: String? = nil) async throws -> HTTPFields {
        let response = try await Self.ask(client, try await assertion(place), scope: scope)
        try #require(response.status == .ok, "\(response.text)")
        let token = try JSONDecoder().decode(Token.self, from: Data(response.body.readableBytesView))
        return [.authorization: "Bearer \(token.access_token)"]
    }
}

@Suite("Programs and their tokens") struct TokenRoutesTests {
    private static func refusal(_ response: TestResponse) throws -> String {
        try JSONDecoder().decode(Program.Refusal.self, from: Data(response.body.readableBytesView)).error
    }

    // MARK: Getting a token

    @Test("a signed assertion gives a token for ten minutes, with the scopes that were asked for, kept by nobody")
    func token() async throws {
        let place = try Place()
        defer { place.close() }
        let program = try Program("feed", body: "ZMD-SCJG", scopes: ["deliveries", "records"], in: place)
        try await place.routed { client in
            for (scope, given) in [(nil, "deliveries records"), ("deliveries", "deliveries"), ("records deliveries", "records deliveries")] as [(String?, String)] {
                let response = try await Program.ask(client, try await program.assertion(place), scope: scope)
                #expect(response.status == .ok && response.headers[.cacheControl] == "no-store")
                let token = try JSONDecoder().decode(Program.Token.self, from: Data(response.body.readableBytesView))
                #expect(token.token_type == "Bearer" && token.expires_in == 600 && token.scope == given && token.access_token.utf8.count == 64)
            }
            for scope in ["coverage", "deliveries coverage", "*"] {
                let response = try await Program.ask(client, try await program.assertion(place), scope: scope)
                #expect(response.status == .badRequest)
                #expect(try Self.refusal(response) == "invalid_scope")
            }
            let bearer = try await program.bearer(client, place)
            #expect(try await client.get("/api/v1/deliveries", headers: bearer).status == .ok)
            place.advance(seconds: 599)
            #expect(try await client.get("/api/v1/deliveries", headers: bearer).status == .ok)
            place.advance(seconds: 1)
            #expect(try await client.get("/api/v1/deliveries", headers: bearer).status == .unauthorized)
        }
        var filter = AccessEvents.Filter()
        filter.actor = "feed"
        let events = try place.access.registry.events.search(filter, limit: 9, offset: 0).events
        #expect(events.count == 4 && events.allSatisfy { $0.action == .login && $0.isAllowed && $0.body == "ZMD-SCJG" && $0.role == "program" })
    }

    /// What is wrong with an assertion, and how it is said.
    enum Flaw: CaseIterable {
        case audience, noAudience, expired, expiresNow, farAhead, notYet, otherSubject, otherIssuer, unknownIssuer, noIdentifier, longIdentifier, noExpiry, otherKey, altered, cut, none

        func assertion(_ program: Program, _ place: Place) async throws -> String {
            let now = Double(place.now.milliseconds / 1000)
            func signed(_ change: (inout Program.Claims) -> Void) async throws -> String { try await program.assertion(place, change) }
            switch self {
            case .audience: return try await signed { $0.aud = ["https://evil.example/oauth/token"] }
            case .noAudience: return try await signed { $0.aud = nil }
            case .expired: return try await signed { $0.exp = now - 1 }
            case .expiresNow: return try await signed { $0.exp = now }
            case .farAhead: return try await signed { $0.exp = now + 3600 }
            case .notYet: return try await signed { $0.nbf = now + 120 }
            case .otherSubject: return try await signed { $0.sub = "other" }
            case .otherIssuer: return try await signed { $0.iss = "other" }
            case .unknownIssuer: return try await signed { $0.iss = "nobody" }
            case .noIdentifier: return try await signed { $0.jti = nil }
            case .longIdentifier: return try await signed { $0.jti = String(repeating: "x", count: 129) }
            case .noExpiry: return try await signed { $0.exp = nil }
            case .otherKey: return try await program.assertion(place, key: ES256PrivateKey())
            case .altered:
                var text = Array(try await signed { _ in }.utf8)
                text[text.count - 12] = text[text.count - 12] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                return String(decoding: text, as: UTF8.self)
            case .cut: return String(try await signed { _ in }.split(separator: ".").dropLast().joined(separator: "."))
            case .none:
                // The header says that nothing was signed (RFC 7518 §3.6).
                let parts = try await signed { _ in }.split(separator: ".")
                return "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.\(parts[1])."
            }
        }
    }

    @Test("an assertion with one flaw gets no token", arguments: Flaw.allCases)
    func flaws(flaw: Flaw) async throws {
        let place = try Place()
        defer { place.close() }
        let program = try Program("feed", body: "ZMD-SCJG", scopes: ["deliveries"], in: place)
        _ = try Program("other", body: "ZMD-GAJ", scopes: ["deliveries"], in: place)
        try await place.routed { client in
            let response = try await Program.ask(client, try await flaw.assertion(program, place))
            #expect(response.status == .unauthorized)
            #expect(try Self.refusal(response) == "invalid_client")
            #expect(!response.text.contains("access_token"))
        }
        let event = try #require(try place.access.registry.events.events(from: 0, limit: 9).last)
        #expect(!event.isAllowed && event.detail == "invalid_client" && event.channel == "api")
    }

    @Test("an assertion whose times are beyond all numbers is refused, and the platform goes on", arguments: [1e300, -1e300, 9.3e18] as [Double])
    func hugeTimes(seconds: Double) async {
        // In a process of its own: a trap would end all tests.
        await #expect(processExitsWith: .success) { [seconds] in
            let place = try Place()
            defer { place.close() }
            let program = try Program("feed", body: "ZMD-SCJG", scopes: ["deliveries"], in: place)
            try await place.routed { client in
                for assertion in [try await program.assertion(place) { $0.exp = seconds }, try await program.assertion(place) { $0.nbf = seconds }] {
                    _ = try await Program.ask(client, assertion)
                }
                let status = try await Program.ask(client, try await program.assertion(place)).status
                guard status == .ok else { throw Place.Missing() }
            }
        }
    }

    @Test("an assertion addressed to an empty list is refused, and the platform goes on")
    func emptyAudience() async {
        await #expect(processExitsWith: .success) {
            let place = try Place()
            defer { place.close() }
            let program = try Program("feed", body: "ZMD-SCJG", scopes: ["deliveries"], in: place)
            try await place.routed { client in
                let status = try await Program.ask(client, try await program.assertion(place) { $0.aud = [] }).status
                guard status == .unauthorized else { throw Place.Missing() }
            }
        }
    }

    @Test("an assertion serves once, however many bring it at once, and not again before it has expired")
    func replay() async throws {
        let place = try Place()
        defer { place.close() }
        let program = try Program("feed", body: "ZMD-SCJG", scopes: ["deliveries"], in: place)
        let other = try Program("other", body: "ZMD-GAJ", scopes: ["deliveries"], in: place)
        try await place.routed { client in
            let assertion = try await program.assertion(place) { $0.jti = "same" }
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for _ in 0..<20 { group.addTask { try await Program.ask(client, assertion).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == .ok } == 1 && statuses.count { $0 == .unauthorized } == 19)
            for seconds in [60, 59] as [Int64] {
                place.advance(seconds: seconds)
                #expect(try await Program.ask(client, assertion).status == .unauthorized)
            }
            // Another assertion of the same name is the same; another program's is not.
            #expect(try await Program.ask(client, try await program.assertion(place) { $0.jti = "same" }).status == .unauthorized)
            #expect(try await Program.ask(client, try await other.assertion(place) { $0.jti = "same" }).status == .ok)
        }
    }

    @Test("what is not the one kind of request is told so (RFC 6749 §5.2)", arguments: [
        ([("grant_type", "password")], "unsupported_grant_type"), ([], "unsupported_grant_type"), ([("grant_type", "client_credentials")], "invalid_request"),
        ([("grant_type", "client_credentials"), ("client_assertion", "x"), ("client_assertion_type", "x")], "invalid_request"),
        ([("grant_type", "client_credentials"), ("client_id", "feed"), ("client_secret", "x")], "invalid_request"),
    ] as [([(String, String)], String)])
    func requests(fields: [(String, String)], error: String) async throws {
        let place = try Place()
        defer { place.close() }
        try await place.routed { client in
            let response = try await client.post("/oauth/token", nil, fields)
            #expect(response.status == .badRequest)
            #expect(try Self.refusal(response) == error)
            #expect(try await client.get("/oauth/token").status != .ok)
        }
    }

    // MARK: Stopping one

    @Test("a program that is stopped gets no token, and those that it has end at once")
    func stopped() async throws {
        let place = try Place()
        defer { place.close() }
        let program = try Program("feed", body: "ZMD-SCJG", scopes: ["deliveries"], in: place)
        let cookie = try place.cookie(of: AuditRoutesTests.security)
        try await place.routed { client in
            let bearer = try await program.bearer(client, place)
            let path = "/admin/clients/feed/state"
            func toggle() async throws { _ = try await client.post(path, cookie, [("token", try place.formToken(path, for: cookie))]) }
            try await toggle()
            #expect(try await client.get("/api/v1/deliveries", headers: bearer).status == .unauthorized)
            #expect(try await Program.ask(client, try await program.assertion(place)).status == .unauthorized)
            try await toggle()
            #expect(try await client.get("/api/v1/deliveries", headers: bearer).status == .unauthorized)
            #expect(try await Program.ask(client, try await program.assertion(place)).status == .ok)
        }
    }

    @Test("a day's quota is exact, over all tokens of the program, and new the next day in Shanghai")
    func quota() async throws {
        let place = try Place()
        defer { place.close() }
        let program = try Program("feed", body: "ZMD-SCJG", scopes: ["deliveries"], quota: 7, in: place)
        try await place.routed { client in
            let (one, two) = (try await program.bearer(client, place), try await program.bearer(client, place))
            var statuses: [Int] = []
            for turn in 0..<10 { statuses.append(try await client.get("/api/v1/deliveries", headers: turn % 2 == 0 ? one : two).status.code) }
            #expect(statuses == [200, 200, 200, 200, 200, 200, 200, 429, 429, 429])
            // It is ten in the morning: fourteen hours later the day is another.
            place.advance(seconds: 14 * 3600 - 1)
            let late = try await program.bearer(client, place)
            #expect(try await client.get("/api/v1/deliveries", headers: late).status == .tooManyRequests)
            place.advance(seconds: 1)
            #expect(try await client.get("/api/v1/deliveries", headers: late).status == .ok)
        }
    }

    @Test("reading files counts towards the quota as everything else does")
    func quotaOfReading() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try Program("feed", body: "ZMD-SCJG", scopes: ["subjects"], quota: 3, in: town.place)
        try await town.place.routed { client in
            let bearer = try await program.bearer(client, town.place)
            var statuses: [Int] = []
            for _ in 0..<5 { statuses.append(try await client.get("/api/v1/subjects/\(town.firm)?scope=all&purpose=XK&case=1", headers: bearer).status.code) }
            #expect(statuses == [200, 200, 200, 429, 429])
        }
    }

    // MARK: What a token opens

    @Test("a token opens its scopes and its body's deliveries, and nothing else")
    func reach() async throws {
        let town = try await Town.build(provider: Town.xiping)
        defer { town.close() }
        let place = town.place
        let feed = try Program("feed", body: Town.xiping, scopes: ["deliveries", "records", "coverage"], in: place)
        let other = try Program("other", body: Town.shangcai, scopes: ["deliveries", "withdrawals", "records", "coverage"], in: place)
        let narrow = try Program("narrow", body: Town.xiping, scopes: ["coverage"], in: place)
        try await place.routed { client in
            let (mine, theirs, little) = (try await feed.bearer(client, place), try await other.bearer(client, place), try await narrow.bearer(client, place))
            for path in ["/api/v1/deliveries/2", "/api/v1/deliveries/2/rejections", "/api/v1/deliveries/2/proof", "/api/v1/records/2-1/source?purpose=ZL&case=1"] {
                #expect(try await client.get(path, headers: mine).status == .ok, "\(path)")
                let foreign = try await client.get(path, headers: theirs)
                #expect(foreign.status == .notFound && !foreign.text.contains("处罚.csv"), "\(path)")
                #expect(try await client.get(path, headers: little).status == .forbidden, "\(path)")
            }
            #expect(try await client.get("/api/v1/deliveries", headers: mine).text.contains("\"total\":3"))
            #expect(try await client.get("/api/v1/deliveries", headers: theirs).text.contains("\"total\":0"))
            #expect(try await client.get("/api/v1/coverage", headers: theirs).text.contains("\"providers\":[]"))
            #expect(try await client.get("/api/v1/deliveries/1", headers: mine).status == .notFound)
            // A source row without a purpose, and a file of a subject without its scope.
            #expect(try await client.get("/api/v1/records/2-1/source", headers: mine).status == .forbidden)
            #expect(try await client.get("/api/v1/subjects/\(town.firm)?scope=all&purpose=XK&case=1", headers: mine).status == .forbidden)
            let json: HTTPFields = [.contentType: "application/json"]
            func withdraw(_ bearer: HTTPFields) async throws -> HTTPResponse.Status {
                var headers = bearer
                headers.append(contentsOf: json)
                return try await client.execute(uri: "/api/v1/deliveries/2/withdrawal", method: .post, headers: headers, body: ByteBuffer(string: "{\"reason\":\"整批报错\"}")) { $0.status }
            }
            #expect(try await withdraw(theirs) == .notFound)
            #expect(try await withdraw(mine) == .forbidden)
            let sent = try await client.execute(
                uri: "/api/v1/deliveries?resource=ZMD-03-0002&provider=\(Town.xiping)&fileName=a.csv", method: .post, headers: theirs,
                body: ByteBuffer(string: StaffRoutesTests.file)) { $0 }
            #expect(sent.status == .forbidden && sent.text.contains("not-provider"))
            // Pages are for people.
            for rule in AccessTable.platform.rules where !rule.isPublic && rule.clientScope == nil && rule.method == "GET" {
                let response = try await client.get(try town.path(rule.route, for: nil), headers: mine)
                #expect(response.status == .forbidden, "\(rule.route)")
            }
        }
        #expect(try place.directory.registry.deliveries.find(2)?.state == .committed)
        #expect(try place.refusals(of: "other").events.contains { $0.detail == "其他单位的第 2 批" })
    }

    @Test("a bank's program sees a subject by that subject's consent, and not by a duty that no bank has")
    func bank() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try Program("bank", body: Town.bank, scopes: ["subjects"], in: town.place)
        let mine = try #require(town.consents[town.firm])
        try await town.place.routed { client in
            let bearer = try await program.bearer(client, town.place)
            func ask(_ subject: RegistryKey, _ purpose: String) async throws -> TestResponse {
                try await client.get("/api/v1/subjects/\(subject)?scope=all&case=1&\(purpose)", headers: bearer)
            }
            #expect(try await ask(town.firm, "purpose=RZ&consent=\(mine)").status == .ok)
            #expect(try await ask(town.person, "purpose=RZ&consent=\(mine)").status == .notFound)
            #expect(try await ask(town.firm, "purpose=RZ").status != .ok)
            for duty in ["XK", "CF", "YY"] {
                let response = try await ask(town.person, "purpose=\(duty)")
                #expect(response.status == .forbidden && !response.text.contains("演示"), "\(duty): \(response.status.code)")
            }
        }
    }

    @Test("what a bank's program sees by a consent is what the bank's people see by it")
    func bankSees() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try Program("bank", body: Town.bank, scopes: ["subjects"], in: town.place)
        let mine = try #require(town.consents[town.person])
        let cookie = try town.place.cookie(of: TestVisitor(login: "b", body: Town.bank, roles: [.bank]))
        try await town.place.routed { client in
            let bearer = try await program.bearer(client, town.place)
            let uri = "/api/v1/subjects/\(town.person)/records?scope=all&purpose=RZ&case=1&consent=\(mine)"
            let (people, machine) = (try await client.get(uri, cookie), try await client.get(uri, headers: bearer))
            #expect(people.status == .ok && people.text.contains("\"total\":1") && machine.text == people.text)
        }
    }

    @Test("a bearer that is none opens nothing, and is not helped by a cookie")
    func noToken() async throws {
        let place = try Place()
        defer { place.close() }
        let cookie = try place.cookie(of: .centre)
        try await place.routed { client in
            for text in ["Bearer x", "bearer \(String(repeating: "0", count: 64))"] {
                let response = try await client.get("/api/v1/deliveries", cookie, headers: [.authorization: text])
                #expect(response.status == .unauthorized && response.headers[.wwwAuthenticate] != nil, "\(text)")
            }
            let basic = try await client.get("/api/v1/deliveries", headers: [.authorization: "Basic Zm9vOmJhcg=="])
            #expect(basic.status == .unauthorized)
        }
    }
}
