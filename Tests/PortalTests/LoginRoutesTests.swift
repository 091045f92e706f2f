import Access
import Cryptography
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import NIOCore
import Registry
import Synchronization
import Testing

@testable import Portal

@Suite("Logging in") struct LoginRoutesTests {
    static let password = "Hua3-kai!fu-gui"
    static let next = "Xb7#Kq9!Wm2$-next"
    static let wrong = "Wrong-9-wrong-word"

    /// An account that logs in with `password`.
    @discardableResult
    static func account(
        _ place: Place, _ login: String = "zhang", roles: [Role] = [.deliveryReviewer], mustChange: Bool = false, isEnrolled: Bool = true
    ) throws -> (number: Int64, codes: TOTP) {
        let accounts = place.access.registry.accounts
        let made = try accounts.add(
            NewAccount(
                login: login, name: "测试员", body: "ZMD-SCJG", roles: roles, password: place.access.hash(password), mustChange: mustChange,
                proposedBy: "test", approvedBy: "test"), at: place.now)
        let number = try #require(made).number
        let codes = TOTP.random()
        if isEnrolled { try accounts.setSecondFactor(number, place.access.login.seal(codes, of: number)) }
        return (number, codes)
    }

    static func code(_ codes: TOTP, _ place: Place) -> String { codes.code(at: place.now.milliseconds / 1000) }

    private static func isFlagged(_ response: TestResponse) -> Bool {
        let cookies = response.headers[values: .setCookie].filter { $0.hasPrefix("\(SessionCookie.name)=") }
        return cookies.count == 1 && cookies.allSatisfy { text in
            ["; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"].allSatisfy { text.lowercased().contains($0.lowercased()) }
                && !text.lowercased().contains("domain") && !text.lowercased().contains("expires")
        }
    }

    // MARK: The way in

    @Test("from the first password to the inside: codes set up, password changed; a new token at each step, the old one worth nothing")
    func firstLogin() async throws {
        let place = try Place()
        defer { place.close() }
        try Self.account(place, mustChange: true, isEnrolled: false)
        try await place.routed { client in
            let visit = Visit(client)
            var tokens: [String] = []
            func step(_ response: TestResponse, to next: String) throws -> String {
                #expect(response.status == .seeOther && response.headers[.location] == next, "\(response.headers[.location] ?? response.text)")
                #expect(Self.isFlagged(response), "\(response.headers[values: .setCookie])")
                return try #require(visit.token)
            }
            tokens += [try step(try await visit.fill("/login?back=/staff/deliveries", [("login", "Zhang"), ("password", Self.password), ("back", "/staff/deliveries")]), to: "/login/enrolment?back=%2Fstaff%2Fdeliveries")]
            #expect(try await visit.get("/staff").status == .seeOther)
            for other in ["code", "password"] { #expect(try await visit.get("/login/\(other)").headers[.location] == "/login/enrolment") }
            let page = try await visit.get("/login/enrolment").text
            let start = try #require(page.firstRange(of: "secret="))
            let codes = try #require(TOTP(base32: String(page[start.upperBound...].prefix { $0.isLetter || $0.isNumber })))
            #expect(try await visit.fill("/login/enrolment", [("code", "12345")]).status == .unauthorized)
            tokens += [try step(try await visit.fill("/login/enrolment", [("code", Self.code(codes, place)), ("back", "/staff/deliveries")]), to: "/login/password?back=%2Fstaff%2Fdeliveries")]
            #expect(try await visit.get("/staff").status == .seeOther)
            let fields = [("old", Self.password), ("new", Self.next), ("back", "/staff/deliveries")]
            #expect(try await visit.fill("/login/password", fields + [("repeat", "other")]).text.contains("两次输入的新口令不一样"))
            #expect(try await visit.fill("/login/password", [("old", Self.password), ("new", "zhang-1-X"), ("repeat", "zhang-1-X")]).status == .unauthorized)
            tokens += [try step(try await visit.fill("/login/password", fields + [("repeat", Self.next)]), to: "/staff/deliveries")]
            #expect(try await visit.get("/staff").status == .ok)
            #expect(Set(tokens).count == 3)
            for old in tokens.dropLast() { #expect(try await client.get("/staff", "\(SessionCookie.name)=\(old)").status == .seeOther) }
            // The first password is gone.
            let again = Visit(client)
            #expect(try await again.fill("/login", [("login", "zhang"), ("password", Self.password)]).status == .unauthorized)
        }
    }

    @Test("a session given to a browser beforehand does not become the login's (fixation)")
    func fixation() async throws {
        let place = try Place()
        defer { place.close() }
        let (_, codes) = try Self.account(place)
        try Self.account(place, "mallory")
        try await place.routed { client in
            let mallory = Visit(client)
            _ = try await mallory.fill("/login", [("login", "mallory"), ("password", Self.password)])
            let planted = try #require(mallory.token)
            let visit = Visit(client)
            visit.setCookie(SessionCookie.name, planted)
            try await visit.login("zhang", Self.password) { Self.code(codes, place) }
            #expect(visit.token != planted && place.access.sessions.find(planted, at: place.now) == nil)
            #expect(try await visit.get("/staff").status == .ok)
            let made = String(repeating: "ab", count: 32)
            let other = Visit(client)
            other.setCookie(SessionCookie.name, made)
            _ = try await other.fill("/login", [("login", "zhang"), ("password", Self.password)])
            #expect(other.token != made && place.access.sessions.find(made, at: place.now) == nil)
        }
    }

    @Test("a step of the login that is not the next one leads to the next, and never breaks", arguments: [false, true])
    func steps(isOpen: Bool) async throws {
        let place = try Place()
        defer { place.close() }
        let (_, codes) = try Self.account(place)
        try await place.routed { client in
            let visit = Visit(client)
            _ = try await visit.fill("/login", [("login", "zhang"), ("password", Self.password)])
            if isOpen { _ = try await visit.fill("/login/code", [("code", Self.code(codes, place))]) }
            for step in LoginRoutes.Step.allCases {
                let response = try await visit.get("/login/\(step.rawValue)")
                #expect(response.status.code < 500, "\(step)")
                if !isOpen, step != .code { #expect(response.status == .seeOther) }
            }
            #expect(try await client.get("/login/code").headers[.location] == "/login")
        }
    }

    @Test("a code that was used is refused, in another session too; the next one serves")
    func usedCode() async throws {
        let place = try Place()
        defer { place.close() }
        let (_, codes) = try Self.account(place)
        try await place.routed { client in
            let first = Visit(client)
            let code = Self.code(codes, place)
            try await first.login("zhang", Self.password) { code }
            let second = Visit(client)
            _ = try await second.fill("/login", [("login", "zhang"), ("password", Self.password)])
            let refused = try await second.fill("/login/code", [("code", code)])
            #expect(refused.status == .unauthorized && refused.text.contains("动态口令不对，或已经用过"))
            #expect(try await second.get("/staff").status == .seeOther)
            place.advance(seconds: 30)
            #expect(try await second.fill("/login/code", [("code", Self.code(codes, place))]).status == .seeOther)
            #expect(try await second.get("/staff").status == .ok)
        }
    }

    // MARK: Wrong ones

    @Test("five wrong passwords lock it for 15 minutes, against the right one too")
    func lock() async throws {
        let place = try Place()
        defer { place.close() }
        let (_, codes) = try Self.account(place)
        try await place.routed { client in
            let visit = Visit(client)
            func attempt(_ password: String) async throws -> TestResponse { try await visit.fill("/login", [("login", "zhang"), ("password", password)]) }
            for _ in 0..<5 { #expect(try await attempt(Self.wrong).status == .unauthorized) }
            let early = try await attempt(Self.password)
            #expect(early.status == .unauthorized)
            place.advance(seconds: 15 * 60 - 1)
            #expect(try await attempt(Self.password).status == .unauthorized)
            place.advance(seconds: 1)
            #expect(try await attempt(Self.password).headers[.location]?.hasPrefix("/login/code") == true)
            #expect(try await visit.fill("/login/code", [("code", Self.code(codes, place))]).status == .seeOther)
        }
        #expect(try place.refusals(of: "zhang").events.count { $0.action == .login } == 7)
    }

    /// The text of an answer, without what differs from request to request.
    private static func plain(_ response: TestResponse) -> String {
        var text = response.text
        while let start = text.firstRange(of: "name=\"token\" value=\"") {
            let end = text[start.upperBound...].firstIndex(of: "\"") ?? text.endIndex
            text.replaceSubrange(start.lowerBound..<end, with: "")
        }
        return "\(response.status.code) \(text)"
    }

    @Test("an unknown login and a wrong password are answered alike, however often", arguments: [1, 4, 5, 6, 9])
    func unknown(attempt: Int) async throws {
        let place = try Place()
        defer { place.close() }
        try Self.account(place)
        try await place.routed { client in
            var answers: [String: String] = [:]
            for login in ["zhang", "nobody"] {
                let visit = Visit(client)
                for _ in 0..<attempt { answers[login] = Self.plain(try await visit.fill("/login", [("login", login), ("password", Self.wrong)])) }
            }
            #expect(answers["zhang"] == answers["nobody"])
        }
    }

    @Test("what is typed as a login name is in no log unless it is one")
    func typed() async throws {
        let place = try Place()
        defer { place.close() }
        try await place.routed { client in
            _ = try await Visit(client).fill("/login", [("login", Self.password), ("password", SampleFile.person)])
        }
        let events = try place.access.registry.events.events(from: 0, limit: 100)
        #expect(events.count == 1 && events.allSatisfy { !$0.isAllowed && $0.actor == "-" })
        #expect(!"\(events)".contains(Self.password) && !"\(events)".contains(SampleFile.person))
    }

    // MARK: The end

    @Test("15 idle minutes end it; so do 8 busy hours")
    func timeouts() async throws {
        let place = try Place()
        defer { place.close() }
        let (_, codes) = try Self.account(place)
        try await place.routed { client in
            let visit = Visit(client)
            try await visit.login("zhang", Self.password) { Self.code(codes, place) }
            for _ in 0..<34 {
                place.advance(seconds: 14 * 60)
                #expect(try await visit.get("/staff").status == .ok)
            }
            // 7 h 56 min: the next is idle for less than 15 minutes, and too late all the same.
            place.advance(seconds: 5 * 60)
            let over = try await visit.get("/staff")
            #expect(over.status == .seeOther && over.headers[.location] == "/login?back=%2Fstaff")
            try await visit.login("zhang", Self.password) { Self.code(codes, place) }
            #expect(try await visit.get("/staff").status == .ok)
            place.advance(seconds: 15 * 60)
            #expect(try await visit.get("/staff").status == .seeOther)
        }
    }

    @Test("logging out ends it on the server, whoever still has the cookie")
    func logout() async throws {
        let place = try Place()
        defer { place.close() }
        let (_, codes) = try Self.account(place)
        try await place.routed { client in
            let visit = Visit(client)
            try await visit.login("zhang", Self.password) { Self.code(codes, place) }
            let token = try #require(visit.token)
            let page = try await visit.get("/staff").text
            let form = try #require(page.firstRange(of: "action=\"/logout\""))
            let start = try #require(page[form.upperBound...].firstRange(of: "value=\""))
            let out = try await visit.post("/logout", [("token", String(page[start.upperBound...].prefix { $0 != "\"" }))])
            #expect(out.status == .seeOther && visit.token == nil)
            #expect(out.headers[.clearSiteData]?.contains("cache") == true)
            #expect(try await client.get("/staff", "\(SessionCookie.name)=\(token)").status == .seeOther)
        }
        var filter = AccessEvents.Filter()
        filter.action = .logout
        #expect(try place.access.registry.events.search(filter, limit: 9, offset: 0).events.map(\.actor) == ["zhang"])
    }

    @Test("a suspended account's sessions end, open ones and half-open ones")
    func suspension() async throws {
        let place = try Place()
        defer { place.close() }
        let (number, codes) = try Self.account(place)
        try await place.routed { client in
            let (open, half) = (Visit(client), Visit(client))
            try await open.login("zhang", Self.password) { Self.code(codes, place) }
            _ = try await half.fill("/login", [("login", "zhang"), ("password", Self.password)])
            let cookie = try place.cookie(of: .of(.securityAdministrator, body: "ZMD-DSJ", login: "security"))
            let path = "/admin/accounts/\(number)/suspension"
            #expect(try await client.post(path, cookie, [("token", try place.formToken(path, for: cookie))]).status == .seeOther)
            #expect(try await open.get("/staff").status == .seeOther)
            #expect(try await half.get("/login/code").headers[.location] == "/login")
            let again = try await Visit(client).fill("/login", [("login", "zhang"), ("password", Self.password)])
            #expect(again.status == .unauthorized && again.text.contains("尚未启用或已停用"))
        }
    }

    // MARK: Roles and grave acts

    @Test("roles are switched, never merged: the other role's rights and the purpose are gone; a role of nobody's is refused")
    func roles() async throws {
        let place = try Place()
        defer { place.close() }
        let visitor = TestVisitor(
            login: "two", body: "ZMD-SCJG", roles: [.windowClerk, .deliveryClerk], purpose: StatedPurpose(code: "XK", caseNumber: "A-1"))
        let cookie = try place.cookie(of: visitor)
        let token = String(cookie.split(separator: "=")[1])
        try await place.routed { client in
            func rights() async throws -> [Bool] {
                var found: [Bool] = []
                for path in ["/staff/persons", "/staff/deliveries"] { found.append(try await client.get(path, cookie).status == .ok) }
                return found
            }
            func become(_ role: String) async throws -> TestResponse {
                try await client.post("/login/role", cookie, [("token", try place.formToken("/login/role", for: cookie)), ("role", role)])
            }
            #expect(try await rights() == [true, false])
            #expect(try await become("delivery-clerk").status == .seeOther)
            #expect(try await rights() == [false, true])
            let session = try #require(place.access.sessions.find(token, at: place.now))
            #expect(session.role == .deliveryClerk && session.purpose == nil)
            for role in ["credit-centre", "system-administrator", "", "x"] { #expect(try await become(role).status == .forbidden, "\(role)") }
            #expect(try await rights() == [false, true])
            #expect(try await become("window-clerk").status == .seeOther)
            #expect(try await rights() == [true, false])
            #expect(place.access.sessions.find(token, at: place.now)?.purpose == nil)
        }
        #expect(try place.refusals(of: "two").events.count { $0.detail == "切换到没有的角色" } == 4)
    }

    @Test("grave acts ask for the password again after 5 minutes, and for every one of them")
    func grave() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let place = town.place
        let rules = AccessTable.platform.rules.filter(\.isGrave)
        #expect(rules.count >= 9)
        for rule in rules {
            let role = try #require(Role.allCases.first { rule.scopes[$0] != nil })
            let path = try town.path(rule.route, for: role)
            let cookie = try place.cookie(of: town.visitor(role))
            try await place.routed { client in
                place.advance(seconds: 5 * 60)
                let early = try await client.post(path, cookie)
                #expect(early.headers[.location] == nil && !early.text.contains("password-again"), "\(path)")
                place.advance(seconds: 1)
                let late = try await client.post(path, cookie, [("token", try place.formToken(path, for: cookie))])
                if rule.route.hasPrefix("/api/") {
                    #expect(late.status == .forbidden && late.text.contains("password-again"), "\(path)")
                } else {
                    #expect(late.status == .seeOther && late.headers[.location]?.hasPrefix("/login/again?back=") == true, "\(path)")
                }
                // Everything else goes on.
                let home = LoginRoutes.home(of: role)
                #expect(try await client.get(home, cookie).status == .ok, "\(home)")
            }
        }
    }

    @Test("the password again: a wrong one opens nothing, the right one opens grave acts under a new token, back where one came from")
    func again() async throws {
        let place = try Place()
        defer { place.close() }
        let (_, codes) = try Self.account(place, "sys", roles: [.systemAdministrator])
        try await place.routed { client in
            let visit = Visit(client)
            try await visit.login("sys", Self.password) { Self.code(codes, place) }
            place.advance(seconds: 6 * 60)
            let late = try await visit.fill("/admin/accounts", [("login", "abc")])
            #expect(late.headers[.location]?.hasPrefix("/login/again?back=") == true)
            #expect(try await visit.fill("/login/again", [("password", Self.wrong)]).status == .unauthorized)
            #expect(try await visit.fill("/admin/accounts", [("login", "abc")]).headers[.location]?.hasPrefix("/login/again") == true)
            let before = try #require(visit.token)
            let done = try await visit.fill("/login/again", [("password", Self.password), ("back", "/admin/accounts")])
            #expect(done.status == .seeOther && done.headers[.location] == "/admin/accounts" && Self.isFlagged(done))
            #expect(visit.token != before && place.access.sessions.find(before, at: place.now) == nil)
            #expect(try await visit.fill("/admin/accounts", [("login", "abc")]).status == .badRequest)
        }
    }

    @Test("where one wanted to go is an address of ours only", arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/a\r\nSet-Cookie: x=1"])
    func back(address: String) async throws {
        let place = try Place()
        defer { place.close() }
        let (_, codes) = try Self.account(place)
        try await place.routed { client in
            let visit = Visit(client)
            let page = try await visit.get("/login?back=\(PercentCoding.encode(address))")
            #expect(page.text.contains("name=\"back\" value=\"/\""))
            _ = try await visit.fill("/login", [("login", "zhang"), ("password", Self.password), ("back", address)])
            let done = try await visit.fill("/login/code", [("code", Self.code(codes, place)), ("back", address)])
            #expect(done.headers[.location] == "/staff")
        }
    }
}
