import Access
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import NIOCore
import Registry
import Testing

@testable import Portal

@Suite("Request limits") struct RequestLimitsTests {
    /// Limits that bound nothing but what a test sets.
    static func limits(_ change: (inout RequestLimits) -> Void) -> RequestLimits {
        var limits = RequestLimits(perAddress: 0, perUser: 0, perBody: 0, logins: 0, exports: 100_000)
        change(&limits)
        return limits
    }

    /// How many of some requests in a row are answered before the first 429; nil where all are.
    static func count(_ most: Int, _ ask: (Int) async throws -> TestResponse) async throws -> Int? {
        for number in 0..<most where try await ask(number).status == .tooManyRequests { return number }
        return nil
    }

    @Test("an address gets its burst exactly, then 429 with the seconds to wait, after which it is let in again", arguments: [2, 10, 61, 600])
    func address(perMinute: Int) async throws {
        let place = try Place(limits: Self.limits { $0.perAddress = perMinute })
        defer { place.close() }
        try await place.routed { client in
            let burst = max(1, perMinute / 2)
            #expect(try await Self.count(burst + 5) { _ in try await client.get("/about") } == burst)
            let refused = try await client.get("/about")
            #expect(refused.status == .tooManyRequests && refused.text.contains("请求过于频繁"))
            let seconds = try #require(refused.headers[.retryAfter].flatMap(Int64.init))
            #expect(seconds == (60 + Int64(perMinute) - 1) / Int64(perMinute))
            let api = try await client.get("/api/v1/catalogue")
            #expect(api.status == .tooManyRequests && api.text.contains("urn:tianzhong:problem:too-many-requests") && api.headers[.retryAfter] == "\(seconds)")
            place.advance(seconds: seconds)
            #expect(try await client.get("/about").status == .ok)
            // In a minute as many as the rate says come back, but never more than the burst.
            _ = try await Self.count(perMinute + 5) { _ in try await client.get("/about") }
            place.advance(seconds: 3600)
            #expect(try await Self.count(burst + 5) { _ in try await client.get("/about") } == burst)
        }
    }

    @Test("a user has a limit across sessions, another user another, and what is not logged in neither")
    func user() async throws {
        let place = try Place(limits: Self.limits { $0.perUser = 20 })
        defer { place.close() }
        let (one, two) = (TestVisitor.of(.deliveryClerk, body: "ZMD-SCJG", login: "one"), TestVisitor.of(.deliveryClerk, body: "ZMD-SCJG", login: "two"))
        let cookies = try [place.cookie(of: one), place.cookie(of: one)]
        let other = try place.cookie(of: two)
        try await place.routed { client in
            let first = try await Self.count(30) { turn in
                try await client.get("/staff", cookies[turn % 2])
            }
            #expect(first == 10)
            #expect(try await Self.count(30) { _ in try await client.get("/staff", other) } == 10)
            #expect(try await Self.count(30) { _ in try await client.get("/about") } == nil)
            place.advance(seconds: 3)
            #expect(try await client.get("/staff", cookies[0]).status == .ok)
            #expect(try await client.get("/staff", cookies[1]).status == .tooManyRequests)
        }
    }

    @Test("the users of a body share a limit, and leave another body's alone; what has no body has none")
    func body() async throws {
        let place = try Place(limits: Self.limits { $0.perBody = 20 })
        defer { place.close() }
        let users = try (0..<5).map { try place.cookie(of: .of(.deliveryClerk, body: "ZMD-SCJG", login: "user\($0)")) }
        let other = try place.cookie(of: .of(.deliveryClerk, body: "ZMD-GAJ"))
        let citizen = try place.cookie(of: .of(.citizen, body: "", login: "citizen", subject: RegistryKey(high: 1, low: 1)))
        try await place.routed { client in
            let first = try await Self.count(30) { turn in
                try await client.get("/staff", users[turn % 5])
            }
            #expect(first == 10)
            #expect(try await Self.count(30) { _ in try await client.get("/staff", other) } == 10)
            #expect(try await Self.count(30) { _ in try await client.get("/me", citizen) } == nil)
        }
    }

    @Test("logins from one address are bounded, for pages and programs together, and asking for the form is not")
    func logins() async throws {
        let place = try Place(limits: Self.limits { $0.logins = 6 })
        defer { place.close() }
        try await place.routed { client in
            // Outside of the macro: the compiler of Swift 6 takes a closure in one and the next one after it for the same.
            let forms = try await Self.count(20) { _ in try await client.get("/login") }
            #expect(forms == nil)
            let first = try await Self.count(20) { turn in
                try await client.post(turn % 2 == 0 ? "/login" : "/oauth/token")
            }
            #expect(first == 6)
            let refused = try await client.post("/login/code")
            #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] == "10")
            place.advance(seconds: 10)
            #expect(try await client.post("/oauth/token").status == .badRequest)
            #expect(try await client.post("/oauth/token").status == .tooManyRequests)
        }
    }

    @Test("behind the TLS front the address is the last that it wrote; without it what anybody writes there counts for nothing", arguments: [true, false])
    func forwarded(isBehindProxy: Bool) async throws {
        let place = try Place(limits: Self.limits { $0.perAddress = 10 }, isBehindProxy: isBehindProxy)
        defer { place.close() }
        let counts = try await place.live { client in
            var counts: [Int?] = []
            for address in ["198.51.100.7", "198.51.100.8", "198.51.100.9, 198.51.100.7"] {
                counts.append(try await Self.count(9) { _ in try await client.get("/about", headers: [.forwardedFor: address]) })
            }
            return counts
        }
        #expect(counts == (isBehindProxy ? [5, 5, 0] : [5, 0, 0]))
    }

    @Test("connections of an address are counted while they are open, and another's are not among them")
    func connections() {
        let counts = ConnectionCounts(limit: 2)
        let begun = ["a", "a", "a", "b"].map(counts.begin)
        #expect(begun == [true, true, false, true])
        counts.end("a")
        let after = [counts.begin("a"), counts.begin("a"), ConnectionCounts(limit: 0).begin("a")]
        #expect(after == [true, false, true])
    }

    @Test("exports are bounded by the hour, whichever they are, and pages are not")
    func exports() async throws {
        let place = try Place(limits: Self.limits { $0.exports = 4 })
        defer { place.close() }
        let cookie = try place.cookie(of: AuditRoutesTests.auditor)
        try await place.routed { client in
            #expect(try await Self.count(9) { _ in try await client.get("/audit/events.csv", cookie) } == 4)
            #expect(try await Self.count(9) { _ in try await client.get("/audit/events", cookie) } == nil)
            let refused = try await client.get("/audit/events.csv", cookie)
            #expect(refused.headers[.retryAfter] == "900")
            // By then the session has ended; the bucket is the user's.
            for (seconds, status) in [(899, .tooManyRequests), (1, .ok)] as [(Int64, HTTPResponse.Status)] {
                place.advance(seconds: seconds)
                let fresh = try place.cookie(of: AuditRoutesTests.auditor)
                #expect(try await client.get("/audit/events.csv", fresh).status == status)
            }
        }
        // What was refused has exported nothing.
        var filter = AccessEvents.Filter()
        filter.action = .export
        #expect(try place.access.registry.events.search(filter, limit: 9, offset: 0).total == 5)
    }

    @Test("what is refused by the limit changes nothing and is no way around a lock")
    func nothingHappens() async throws {
        let place = try Place(limits: Self.limits { $0.logins = 2 })
        defer { place.close() }
        let (number, _) = try LoginRoutesTests.account(place)
        try await place.routed { client in
            let visit = Visit(client)
            for _ in 0..<6 { _ = try await visit.fill("/login", [("login", "zhang"), ("password", LoginRoutesTests.wrong)]) }
        }
        #expect(try place.access.registry.accounts.find(number)?.failures == 2)
        #expect(try place.refusals(of: "zhang").total == 2)
    }

    @Test("at the defaults an ordinary reader meets no limit")
    func defaults() async throws {
        let place = try Place(limits: RequestLimits())
        defer { place.close() }
        let cookie = try place.cookie(of: .centre)
        try await place.routed { client in
            for _ in 0..<60 {
                let response = try await client.get("/staff", cookie)
                #expect(response.status == .ok)
                place.advance(seconds: 1)
            }
        }
    }
}
