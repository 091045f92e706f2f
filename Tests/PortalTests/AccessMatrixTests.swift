import Access
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import Intake
import NIOCore
import Policy
import Registry
import Testing

@testable import Portal

/// The policy table, held against the portal that is to obey it.
@Suite("Access matrix") struct AccessMatrixTests {
    /// Rules behind a login.
    static let guarded = AccessTable.platform.rules.filter { !$0.isPublic }
    /// Rules of forms; questions that a program signed have no session (`EmbedRoutesTests`); programs and witnesses bring no token of a page, and their browsers' writes are refused by origin alone.
    ///
    /// The steps of the login lead whoever is logged in home, whatever is sent; `LoginRoutesTests` has them.
    static let forms = AccessTable.platform.rules.filter { rule in
        rule.method == "POST" && !["/api/", "/oauth/", "/ledger/", "/embed/", "/login/code", "/login/enrolment"].contains(where: rule.route.hasPrefix)
    }

    // MARK: Table and router

    @Test("every route has a rule, every rule a route")
    func routes() throws {
        let place = try Place()
        defer { place.close() }
        let routes = place.portal.router().routes.filter { $0.method != .head }.map { "\($0.method.rawValue) \($0.path)" }
        let rules = AccessTable.platform.rules.map { "\($0.method) \($0.route)" }
        #expect(Set(routes).subtracting(rules) == [] && Set(rules).subtracting(routes) == [])
        #expect(Set(routes).count == routes.count && Set(rules).count == rules.count)
    }

    @Test("a rule is for anyone or for roles, never neither; 三员 share no route with anybody who reads files")
    func sense() {
        for rule in AccessTable.platform.rules {
            #expect(rule.isPublic == rule.scopes.isEmpty, "\(rule.route)")
            let admitted = rule.scopes.filter { $0.value != .none }.keys
            // The audit administrator reads the log of all; nobody of the three reads subjects or deliveries.
            if admitted.contains(where: \.isAdministrator) { #expect(rule.route.hasPrefix("/audit/"), "\(rule.route)") }
            if rule.scopes[.bank] != nil { #expect([Scope.consented, Scope.none].contains(rule.scopes[.bank]), "\(rule.route)") }
            for role in rule.scopes.keys where role.isSubjects { #expect([Scope.own, Scope.none].contains(rule.scopes[role]), "\(rule.route)") }
        }
        #expect(AccessTable.platform.rule("GET", "/nothing") == nil && AccessTable.platform.rule("DELETE", "/staff") == nil)
    }

    // MARK: The matrix in full

    /// Whether an answer is that of somebody who was let in, whatever became of the request.
    static func isLetIn(_ response: TestResponse) -> Bool {
        let status = response.status.code
        if [401, 404, 429].contains(status) || status >= 500 { return false }
        if status == 403, response.text.contains("没有这项权限") || response.text.contains("not-permitted") { return false }
        let location = response.headers[.location] ?? ""
        return !location.hasPrefix("/login") && !location.hasPrefix("/staff/purpose?")
    }

    @Test("each role on each route is let in or refused as the table says, and every refusal is in the log", arguments: Role.allCases)
    func matrix(role: Role) async throws {
        let town = try await Town.build()
        defer { town.close() }
        let visitor = town.visitor(role)
        let cookie = try town.place.cookie(of: visitor)
        try await town.place.routed { client in
            for rule in Self.guarded {
                let path = try town.path(rule.route, for: role)
                let before = try town.refusals(of: visitor.login).total
                let response = rule.method == "GET" ? try await client.get(path, cookie) : try await client.post(path, cookie)
                let what: Comment = "\(rule.method) \(path): \(response.status.code) \(response.headers[.location] ?? "")"
                guard rule.scopes[role] == nil else {
                    #expect(Self.isLetIn(response), what)
                    continue
                }
                #expect(response.status == .forbidden && response.text.contains(rule.route.hasPrefix("/api/") ? "not-permitted" : "没有这项权限"), what)
                let after = try town.refusals(of: visitor.login)
                #expect(after.total == before + 1 && after.events.first?.detail == "没有这项权限：\(rule.method) \(rule.route)", what)
            }
        }
    }

    @Test("who is not logged in is led to the login, or told so")
    func anonymous() async throws {
        let town = try await Town.build()
        defer { town.close() }
        // No cookie, a made-up one, and a login that stopped at its password.
        let account = try #require(try town.place.directory.accessRegistry.accounts.find(town.clerk))
        let half = town.place.access.sessions.begin(account, stage: .secondFactor, at: town.place.now)
        try await town.place.routed { client in
            for cookie in [nil, "\(SessionCookie.name)=\(String(repeating: "0", count: 64))", "\(SessionCookie.name)=\(half)"] {
                for rule in Self.guarded {
                    let path = try town.path(rule.route, for: nil)
                    let response = rule.method == "GET" ? try await client.get(path, cookie) : try await client.post(path, cookie)
                    if rule.method == "GET", !rule.route.hasPrefix("/api/") {
                        #expect(response.status == .seeOther && response.headers[.location] == "/login?back=\(PercentCoding.encode(path))", "\(path)")
                    } else {
                        #expect(response.status == .unauthorized && response.headers[.wwwAuthenticate] != nil, "\(path)")
                    }
                }
            }
        }
    }

    @Test("HEAD is guarded as GET is, and shows nothing")
    func head() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let (clerk, bank) = try (town.place.cookie(of: town.visitor(.windowClerk)), town.place.cookie(of: town.visitor(.bank)))
        try await town.place.routed { client in
            for rule in Self.guarded where rule.method == "GET" {
                let path = try town.path(rule.route, for: nil)
                let anonymous = try await client.get(path, method: .head)
                #expect([401, 303].contains(anonymous.status.code) && anonymous.body.readableBytes == 0, "\(path)")
                for (role, cookie) in [(Role.windowClerk, clerk), (.bank, bank)] where rule.scopes[role] == nil {
                    #expect(try await client.get(path, cookie, method: .head).status == .forbidden, "\(role) \(path)")
                }
            }
            #expect(try await client.get("/staff", clerk, method: .head).status == .ok)
        }
    }

    @Test("what needs a purpose is not shown without one, nor with one that the role may not state")
    func purposes() async throws {
        let town = try await Town.build()
        defer { town.close() }
        for role in Role.allCases where !role.isAdministrator && !role.isSubjects {
            let foreign = Place.book?.purposes.first { !$0.users.contains(role.rawValue) }?.code
            for purpose in [nil, "??", foreign] {
                var visitor = town.visitor(role)
                visitor.login = "\(role.rawValue)-\(purpose ?? "none")".lowercased()
                visitor.purpose = purpose.map { StatedPurpose(code: $0, caseNumber: "T-1", consent: 1) }
                let cookie = try town.place.cookie(of: visitor)
                try await town.place.routed { [visitor] client in
                    for rule in Self.guarded where rule.needsPurpose && rule.scopes[role] != nil {
                        let path = try town.path(rule.route, for: role)
                        let before = try town.refusals(of: visitor.login).total
                        let response = rule.method == "GET" ? try await client.get(path, cookie) : try await client.post(path, cookie)
                        #expect(
                            response.headers[.location]?.hasPrefix("/staff/purpose?back=") == true || response.text.contains("查询事由不成立")
                                || response.text.contains("purpose-refused"), "\(role) \(path)")
                        #expect(try town.refusals(of: visitor.login).total == before + 1, "\(role) \(path)")
                    }
                }
            }
        }
    }

    @Test("a purpose that needs a case is not enough without its number")
    func cases() async throws {
        let town = try await Town.build()
        defer { town.close() }
        var visitor = town.visitor(.windowClerk)
        visitor.purpose = StatedPurpose(code: "XK", caseNumber: "")
        let cookie = try town.place.cookie(of: visitor)
        try await town.place.routed { client in
            #expect(try await client.get("/staff/subjects/\(town.firm)", cookie).status == .seeOther)
            let asked = try await client.post(
                "/staff/purpose", cookie, [("token", try town.place.formToken("/staff/purpose", for: cookie)), ("purpose", "XK"), ("case", " ")])
            #expect(asked.status == .badRequest && asked.text.contains("办件号"))
            let stated = try await client.post(
                "/staff/purpose", cookie, [("token", try town.place.formToken("/staff/purpose", for: cookie)), ("purpose", "XK"), ("case", "A-1"), ("back", "/staff")])
            #expect(stated.status == .seeOther)
            #expect(try await client.get("/staff/subjects/\(town.firm)", cookie).status == .ok)
        }
    }

    // MARK: Forms and other sites

    /// All that a write might change.
    static func state(_ town: Town) throws -> [String] {
        let registry = town.place.directory.accessRegistry
        return [
            "\(try registry.accounts.list())", "\(try registry.grants.list())", "\(try registry.clients.list())", "\(try registry.alerts.list())",
            "\(try registry.consents.of(town.firm)) \(try registry.consents.of(town.person))", "\(try town.place.directory.registry.deliveries.list().total)",
        ]
    }

    /// The state once everybody who will ask has an account.
    static func settled(_ town: Town) throws -> [String] {
        for role in Role.allCases { _ = try town.place.cookie(of: town.visitor(role)) }
        return try state(town)
    }

    /// A request as its form would send it, by one who may.
    static func send(
        _ client: any TestClientProtocol, _ rule: AccessRule, _ town: Town, _ cookie: String, token: String?, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        let role = try Self.role(rule)
        let path = try town.path(rule.route, for: role)
        var fields = [("login", "target"), ("password", "x"), ("reason", "整批报错，重新报送"), ("finding", "已核实"), ("role", role.rawValue)]
        if let token { fields.insert(("token", token), at: 0) }
        guard ["/staff/deliveries", "/staff/verification-sheets"].contains(rule.route) else { return try await client.post(path, cookie, fields, headers: headers) }
        var headers = headers
        headers[.contentType] = "multipart/form-data; boundary=B0"
        headers[.cookie] = cookie
        let body = StaffRoutesTests.multipart((token.map { [("token", $0)] } ?? []) + StaffRoutesTests.fields, file: "x")
        return try await client.execute(uri: path, method: .post, headers: headers, body: body) { $0 }
    }

    static func role(_ rule: AccessRule) throws -> Role {
        try #require(Role.allCases.first { rule.isPublic || rule.scopes[$0] != nil })
    }

    @Test("every write from another site is refused, and changes nothing")
    func crossSite() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let before = try Self.settled(town)
        let headers: [HTTPFields] = [
            [.fetchSite: "cross-site"], [.fetchSite: "same-site"], [.fetchSite: "none", .origin: "https://evil.example"], [.origin: "http://evil.example"],
            [.origin: "null"], [.origin: "http://localhost.evil.example"], [.origin: "http://localhost:81"],
        ]
        try await town.place.routed { client in
            for rule in AccessTable.platform.rules where rule.method == "POST" {
                let cookie = try town.place.cookie(of: town.visitor(Self.role(rule)))
                let path = try town.path(rule.route, for: Self.role(rule))
                for headers in headers {
                    let token = try town.place.formToken(path, for: cookie)
                    let response = try await Self.send(client, rule, town, cookie, token: token, headers: headers)
                    #expect(response.status == .forbidden && response.text.contains("请求来自别的网站"), "\(path) \(headers)")
                }
                // The session is still there: nothing has logged it out.
                #expect(town.place.access.sessions.find(String(cookie.split(separator: "=")[1]), at: town.place.now) != nil, "\(path)")
            }
        }
        #expect(try Self.state(town) == before)
    }

    @Test("every form is refused without its token, with one of another session, of another form, or lapsed; and taken with its own")
    func tokens() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let before = try Self.settled(town)
        let place = town.place
        try await place.routed { client in
            for rule in Self.forms {
                let role = try Self.role(rule)
                let path = try town.path(rule.route, for: role)
                let (cookie, other) = try (place.cookie(of: town.visitor(role)), place.cookie(of: town.visitor(role)))
                let session = try #require(place.access.sessions.find(String(cookie.split(separator: "=")[1]), at: place.now))
                let lapsed = place.portal.tokens.token(for: path, browser: session.name, now: Instant(milliseconds: place.now.milliseconds - 8 * 3_600_000))
                let wrong = [nil, "", "x", try place.formToken(path, for: other), try place.formToken("\(path)/x", for: cookie), lapsed]
                for token in wrong {
                    let response = try await Self.send(client, rule, town, cookie, token: token)
                    #expect(response.status == .forbidden && response.text.contains("表单已失效"), "\(path) \(token ?? "-")")
                }
            }
        }
        #expect(try Self.state(town) == before)
        try await place.routed { client in
            for rule in Self.forms where rule.route != "/login" {
                let role = try Self.role(rule)
                let path = try town.path(rule.route, for: role)
                let cookie = try place.cookie(of: town.visitor(role))
                let response = try await Self.send(client, rule, town, cookie, token: try place.formToken(path, for: cookie))
                #expect(!response.text.contains("表单已失效"), "\(path) \(response.status.code)")
            }
        }
    }
}
