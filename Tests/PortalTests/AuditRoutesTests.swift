import Access
import Cryptography
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import Ledger
import NIOCore
import Registry
import Testing

@testable import Portal

@Suite("Audit and 三员") struct AuditRoutesTests {
    static let auditor = TestVisitor.of(.auditAdministrator, body: "ZMD-DSJ", login: "auditor")
    static let system = TestVisitor.of(.systemAdministrator, body: "ZMD-DSJ", login: "system")
    static let security = TestVisitor.of(.securityAdministrator, body: "ZMD-DSJ", login: "security")

    static let subjects = (1...9).map { RegistryKey(high: UInt64($0), low: 9) }

    /// A look at a subject, kept.
    @discardableResult
    static func look(
        _ place: Place, _ actor: String, _ subject: RegistryKey? = nil, isAllowed: Bool = true, action: AccessAction = .query, before seconds: Int64 = 0
    ) throws -> AccessEvent {
        var event = AccessEvent(
            at: Instant(milliseconds: place.now.milliseconds - seconds * 1000), action: action, actor: actor, actorName: "测试", role: "window-clerk",
            body: "ZMD-SCJG", address: "10.0.0.1", channel: "web")
        event.subject = subject
        event.isAllowed = isAllowed
        event.items = "件\(actor)"
        return try place.access.log.appendBlocking(event)
    }

    // MARK: The log

    @Test("the search finds what the filter says and nothing else, for random events and filters", arguments: [1, 2, 3])
    func search(round: Int) async throws {
        let place = try Place()
        defer { place.close() }
        let actors = ["alpha", "beta", "gamma"]
        var events: [AccessEvent] = []
        for _ in 0..<120 {
            events.append(
                try Self.look(
                    place, actors.randomElement() ?? "alpha", Self.subjects.randomElement(), isAllowed: .random(),
                    action: [.query, .export, .login, .deliver].randomElement() ?? .query, before: .random(in: 0...4 * 86_400)))
        }
        try await place.routed(as: Self.auditor) { [events] client in
            for _ in 0..<40 {
                let actor = Bool.random() ? actors.randomElement() : nil
                let action: AccessAction? = Bool.random() ? [.query, .export, .login].randomElement() : nil
                let isRefused = Bool.random()
                let subject = Int.random(in: 0..<4) == 0 ? Self.subjects.randomElement() : nil
                let from = Bool.random() ? place.now.adding(days: -Int.random(in: 0...4)).date : nil
                let to = Bool.random() ? place.now.adding(days: -Int.random(in: 0...4)).date : nil
                let expected = events.filter { event in
                    (actor == nil || event.actor == actor) && (action == nil || event.action == action) && (!isRefused || !event.isAllowed)
                        && (subject == nil || event.subject == subject) && (from.map { $0 <= event.at.date } ?? true) && (to.map { event.at.date <= $0 } ?? true)
                }
                let query = [
                    actor.map { "actor=\($0)" }, action.map { "action=\($0.rawValue)" }, isRefused ? "refused=1" : nil, subject.map { "subject=\($0)" },
                    from.map { "from=\($0)" }, to.map { "to=\($0)" },
                ].compactMap(\.self).joined(separator: "&")
                // The auditor's own looks at the log are in it as well; what narrows to nobody of them is exact.
                guard actor != nil || subject != nil else { continue }
                let page = try await client.get("/audit/events?\(query)")
                #expect(page.status == .ok)
                let shown = events.filter { page.text.contains("/audit/events/\($0.position)/proof") }
                #expect(Set(shown.map(\.position)).isSubset(of: expected.map(\.position)) && shown.count == min(50, expected.count), "\(query)")
                #expect(expected.isEmpty ? page.text.contains("没有符合条件的记录") : page.text.contains("共 \(expected.count) 条"), "\(query)")
                // The export is the same, all of it.
                let csv = try await client.get("/audit/events.csv?\(query)").text.replacing("\r\n", with: "\n")
                #expect(expected.allSatisfy { csv.contains("\n\($0.position),") || csv.contains("\n\"\($0.position)\",") }, "\(query)")
                #expect(csv.split(whereSeparator: \.isNewline).count == expected.count + 2, "\(query)")
            }
        }
    }

    @Test("to look at the log is in the log, with watermark on what is taken away")
    func lookingAtIt() async throws {
        let place = try Place()
        defer { place.close() }
        try Self.look(place, "alpha", Self.subjects[0])
        try await place.routed(as: Self.auditor) { client in
            _ = try await client.get("/audit/events?actor=alpha")
            let csv = try await client.get("/audit/events.csv")
            #expect(csv.text.contains("测试auditor（auditor）") && csv.headers[.contentDisposition]?.contains("attachment") == true)
        }
        var filter = AccessEvents.Filter()
        filter.actor = "auditor"
        #expect(try place.access.registry.events.search(filter, limit: 9, offset: 0).events.map(\.action) == [.export, .audit])
    }

    @Test("every event's proof holds against the published key")
    func proofs() async throws {
        let place = try Place()
        defer { place.close() }
        for number in 0..<40 { try Self.look(place, "user\(number)", number % 3 == 0 ? nil : Self.subjects[number % 9], isAllowed: number % 4 != 0) }
        let verifier = try #require(ProofVerifier(vkey: place.access.log.tree.vkey))
        try await place.routed(as: Self.auditor) { client in
            for event in try place.access.registry.events.events(from: 0, limit: 100) {
                let shown = try verifier.check(inclusion: await client.get("/audit/events/\(event.position)/proof").text)
                #expect(shown.index == Int(event.position) && shown.data.bytes == event.leafBytes)
            }
            for position in ["9999", "-1", "x"] {
                let response = try await client.get("/audit/events/\(position)/proof")
                #expect(response.status == .notFound, "\(position)")
            }
        }
    }

    // MARK: Alerts

    private func watch(_ place: Place, _ change: (inout ReadingWatch.Bounds) -> Void) -> ReadingWatch {
        var bounds = ReadingWatch.Bounds()
        bounds.subjectsAnHour = 1000
        bounds.looksOffHours = 1000
        bounds.readersOfOne = 1000
        bounds.refusalsAnHour = 1000
        change(&bounds)
        return ReadingWatch(registry: place.access.registry, bounds: bounds)
    }

    @Test("many subjects of one reader: at the bound nothing, beyond it one alert a day, and old looks do not count")
    func volume() throws {
        let place = try Place()
        defer { place.close() }
        let watch = watch(place) { $0.subjectsAnHour = 3 }
        for subject in Self.subjects[..<6] { try Self.look(place, "alpha", subject, before: 3601) }
        for subject in Self.subjects[..<3] { for _ in 0..<5 { try Self.look(place, "alpha", subject) } }
        for subject in Self.subjects[..<6] { try Self.look(place, "beta", subject, isAllowed: false) }
        #expect(try watch.look(at: place.now).isEmpty)
        try Self.look(place, "alpha", Self.subjects[3])
        let raised = try watch.look(at: place.now)
        #expect(raised.map(\.rule) == ["volume"] && raised.first?.about == "alpha" && raised.first?.text.contains("4 个主体") == true)
        #expect(try watch.look(at: place.now).isEmpty)
        place.advance(seconds: 86_400)
        for subject in Self.subjects[..<4] { try Self.look(place, "alpha", subject) }
        #expect(try watch.look(at: place.now).count == 1)
    }

    @Test("looks outside office hours, by the clock of Shanghai", arguments: [(6, 59, true), (7, 0, false), (19, 59, false), (20, 0, true), (0, 0, true), (12, 0, false)])
    func offHours(hour: Int, minute: Int, isOff: Bool) throws {
        let place = try Place()
        defer { place.close() }
        // The place begins at ten.
        place.advance(seconds: Int64((hour * 60 + minute - 600) * 60))
        for _ in 0..<3 { try Self.look(place, "alpha", Self.subjects[0]) }
        let raised = try watch(place) { $0.looksOffHours = 2 }.look(at: place.now)
        #expect(raised.map(\.rule) == (isOff ? ["off-hours"] : []))
    }

    @Test("looks of the evening that are noticed in the morning, and looks of office hours noticed after them")
    func hoursOfLooks() throws {
        let place = try Place()
        defer { place.close() }
        // 06:40 looks, asked about at 07:10: they were outside office hours whenever somebody asks.
        place.advance(seconds: -200 * 60)
        for _ in 0..<3 { try Self.look(place, "early", Self.subjects[0]) }
        place.advance(seconds: 30 * 60)
        #expect(try watch(place) { $0.looksOffHours = 2 }.look(at: place.now).map(\.about) == ["early"])
        // 19:50 looks, asked about at 20:05.
        place.advance(seconds: (12 * 60 + 40) * 60)
        for _ in 0..<3 { try Self.look(place, "diligent", Self.subjects[0]) }
        place.advance(seconds: 15 * 60)
        #expect(try watch(place) { $0.looksOffHours = 2 }.look(at: place.now).isEmpty)
    }

    @Test("one subject by many readers in a day, and many refusals of one caller in an hour")
    func crowdAndRefusals() throws {
        let place = try Place()
        defer { place.close() }
        let watch = watch(place) {
            $0.readersOfOne = 3
            $0.refusalsAnHour = 4
        }
        for actor in ["a", "b"] { for _ in 0..<4 { try Self.look(place, actor, Self.subjects[0], before: 80_000) } }
        try Self.look(place, "c", Self.subjects[0], before: 86_401)
        for _ in 0..<4 { try Self.look(place, "d", isAllowed: false) }
        #expect(try watch.look(at: place.now).isEmpty)
        try Self.look(place, "c", Self.subjects[0])
        try Self.look(place, "d", isAllowed: false)
        let raised = try watch.look(at: place.now)
        #expect(Set(raised.map { "\($0.rule) \($0.about)" }) == ["crowd \(Self.subjects[0])", "refusals d"])
    }

    @Test("an alert is closed by the audit administrator, once, with what was found")
    func closure() async throws {
        let place = try Place()
        defer { place.close() }
        for subject in Self.subjects { try Self.look(place, "alpha", subject) }
        _ = try watch(place) { $0.subjectsAnHour = 3 }.look(at: place.now)
        let alert = try #require(try place.access.registry.alerts.list().first)
        let path = "/audit/alerts/\(alert.number)/closure"
        let cookie = try place.cookie(of: Self.auditor)
        try await place.routed { client in
            let page = try await client.get("/audit/alerts", cookie).text
            #expect(page.contains("查询量异常") && page.contains("alpha") && page.contains("待核实") && page.contains(path))
            func close(_ finding: String) async throws -> HTTPResponse.Status {
                try await client.post(path, cookie, [("token", try place.formToken(path, for: cookie)), ("finding", finding)]).status
            }
            for finding in ["", " ", "x", String(repeating: "x", count: 501)] { #expect(try await close(finding) == .badRequest, "\(finding.count)") }
            #expect(try await close("系窗口集中办件，已核对办件号") == .seeOther)
            #expect(try await close("再来一次") == .notFound)
            let after = try await client.get("/audit/alerts", cookie).text
            #expect(after.contains("已办结") && after.contains("系窗口集中办件，已核对办件号（auditor）") && !after.contains(path))
        }
        let closed = try #require(try place.access.registry.alerts.list().first)
        #expect(closed.finding == "系窗口集中办件，已核对办件号" && closed.closedBy == "auditor" && closed.closed == place.now)
    }

    // MARK: 三员

    @Test("of all pairs of roles, those with an administrator or a subject's role exclude each other")
    func conflicts() {
        #expect(Role.conflict(among: []) != nil)
        for one in Role.allCases {
            #expect(Role.conflict(among: [one]) == nil)
            for other in Role.allCases where other != one {
                let isExclusive = [one, other].contains { $0.isAdministrator || $0.isSubjects }
                #expect((Role.conflict(among: [one, other]) != nil) == isExclusive, "\(one) \(other)")
                for third in Role.allCases where third != one && third != other && isExclusive { #expect(Role.conflict(among: [third, one, other]) != nil) }
            }
        }
    }

    private static func act(
        _ place: Place, _ client: any TestClientProtocol, _ visitor: TestVisitor, _ path: String, _ fields: [(String, String)] = []
    ) async throws -> TestResponse {
        let cookie = try place.cookie(of: visitor)
        return try await client.post(path, cookie, [("token", try place.formToken(path, for: cookie))] + fields)
    }

    @Test("an account with two roles that exclude each other, a bad name, or of a subject is not made", arguments: [
        ("abc", "system-administrator", "security-administrator", "ZMD-SCJG"), ("abc", "security-administrator", "audit-administrator", "ZMD-SCJG"),
        ("abc", "audit-administrator", "window-clerk", "ZMD-SCJG"), ("abc", "citizen", "window-clerk", "ZMD-SCJG"), ("abc", "citizen", "", ""),
        ("abc", "", "", "ZMD-SCJG"), ("abc", "nobody", "", "ZMD-SCJG"), ("abc", "window-clerk", "", ""), ("abc", "window-clerk", "", "NO"),
        ("ab", "window-clerk", "", "ZMD-SCJG"), ("a b", "window-clerk", "", "ZMD-SCJG"), ("张三三", "window-clerk", "", "ZMD-SCJG"), ("system", "window-clerk", "", "ZMD-SCJG"),
    ])
    func refusedAccounts(login: String, role: String, also: String, body: String) async throws {
        let place = try Place()
        defer { place.close() }
        _ = try place.cookie(of: Self.system)
        let before = try place.access.registry.accounts.list()
        try await place.routed { client in
            let response = try await Self.act(place, client, Self.system, "/admin/accounts", [("login", login), ("name", "新人"), ("body", body), ("roles", role), ("also", also)])
            #expect(response.status == .badRequest && response.text.contains("notice-bad"))
        }
        #expect(try place.access.registry.accounts.list() == before)
    }

    /// How far the new account's login comes, or why it does not.
    private static func begin(_ place: Place, _ password: String) -> String? {
        do { return try place.access.login.begin(login: "new.one", password: password, at: place.now).session.stage.rawValue } catch {
            return (error as? LoginFault)?.code.rawValue
        }
    }

    /// The password that a page shows once.
    private static func password(_ text: String) throws -> String {
        let start = try #require(text.firstRange(of: "只显示这一次）："))
        return String(text[start.upperBound...].prefix { $0 == "-" || $0.isASCII && ($0.isLetter || $0.isNumber) })
    }

    @Test("an account takes two people: proposed by one, approved by another; a reset makes it wait again; a suspension ends it")
    func twoPeople() async throws {
        let place = try Place()
        defer { place.close() }
        let accounts = place.access.registry.accounts
        try await place.routed { client in
            let made = try await Self.act(
                place, client, Self.system, "/admin/accounts",
                [("login", "New.One"), ("name", "新人"), ("body", "ZMD-SCJG"), ("roles", "window-clerk"), ("also", "delivery-clerk")])
            #expect(made.status == .ok && made.headers[.cacheControl] == "no-store")
            let first = try Self.password(made.text)
            let account = try #require(try accounts.find(login: "new.one"))
            #expect(account.state == .proposed && account.roles == [.windowClerk, .deliveryClerk] && account.mustChange && account.proposedBy == "system" && account.approvedBy == nil)
            #expect(!account.password.contains(first) && Self.begin(place, first) == "notApproved")
            let (approval, suspension, reset) = ("/admin/accounts/\(account.number)/approval", "/admin/accounts/\(account.number)/suspension", "/admin/accounts/\(account.number)/reset")
            // Neither of the other two administrators may approve.
            for visitor in [Self.system, Self.auditor] { #expect(try await Self.act(place, client, visitor, approval).status == .forbidden) }
            #expect(Self.begin(place, first) == "notApproved")
            #expect(try await Self.act(place, client, Self.security, approval).status == .seeOther)
            #expect(try accounts.find(account.number)?.approvedBy == "security" && Self.begin(place, first) == "enrolment")
            // Somebody who got the password reset cannot use it until another approves.
            try accounts.setSecondFactor(account.number, place.access.login.seal(.random(), of: account.number))
            #expect(Self.begin(place, first) == "secondFactor")
            let open = place.access.sessions.begin(try #require(try accounts.find(account.number)), stage: .open, at: place.now)
            #expect(try await Self.act(place, client, Self.security, reset).status == .forbidden)
            let second = try Self.password(try await Self.act(place, client, Self.system, reset).text)
            #expect(second != first && place.access.sessions.find(open, at: place.now) == nil)
            #expect(Self.begin(place, first) == "wrong" && Self.begin(place, second) == "notApproved")
            #expect(try accounts.find(account.number)?.secondFactor == nil && accounts.find(account.number)?.mustChange == true)
            #expect(try await Self.act(place, client, Self.system, approval).status == .forbidden)
            #expect(try await Self.act(place, client, Self.security, approval).status == .seeOther)
            #expect(Self.begin(place, second) == "enrolment")
            #expect(try await Self.act(place, client, Self.system, suspension).status == .forbidden)
            #expect(try await Self.act(place, client, Self.security, suspension).status == .seeOther)
            #expect(Self.begin(place, second) == "notApproved")
        }
        let events = try place.access.registry.events.events(from: 0, limit: 100).filter(\.isAllowed)
        #expect(events.map { "\($0.actor) \($0.action.rawValue)" } == ["system account", "security approve", "system account", "security approve", "security account"])
    }

    @Test("who proposed an account or a grant does not approve it, nor does anybody deal with his own account")
    func ownProposals() async throws {
        let place = try Place()
        defer { place.close() }
        let accounts = place.access.registry.accounts
        let made = try accounts.add(
            NewAccount(login: "mine", name: "测试", body: "ZMD-SCJG", roles: [.windowClerk], password: "none", mustChange: true, proposedBy: "security"), at: place.now)
        let both = try accounts.add(
            NewAccount(
                login: "both", name: "测试", body: "ZMD-SCJG", roles: [.systemAdministrator, .auditAdministrator], password: "none", mustChange: true, proposedBy: "system"), at: place.now)
        let grants = place.access.registry.grants
        try grants.propose(Grant(body: Town.shangcai, region: "411721", reason: "测试", to: place.now.adding(days: 1), proposedBy: "security"))
        _ = try place.cookie(of: Self.security)
        let own = try #require(try accounts.find(login: "security")).number
        try await place.routed { client in
            for path in [
                "/admin/accounts/\(try #require(made).number)/approval", "/admin/accounts/\(try #require(both).number)/approval", "/admin/accounts/\(own)/suspension",
                "/admin/accounts/\(own)/approval",
            ] {
                let response = try await Self.act(place, client, Self.security, path)
                #expect(response.status == .forbidden && response.text.contains("没有这项权限"), "\(path)")
            }
            #expect(try await Self.act(place, client, Self.security, "/admin/grants/1/approval").status == .notFound)
        }
        #expect(try accounts.list().map(\.state) == [.proposed, .proposed, .active] && grants.list().allSatisfy { $0.approvedBy == nil })
        #expect(try place.refusals(of: "security").total == 5)
    }

    @Test("an account that was closed is not opened again by an approval")
    func closed() async throws {
        let place = try Place()
        defer { place.close() }
        let accounts = place.access.registry.accounts
        let made = try #require(
            try accounts.add(
                NewAccount(login: "gone", name: "测试", body: "ZMD-SCJG", roles: [.windowClerk], password: "none", mustChange: true, proposedBy: "system", approvedBy: "x"), at: place.now))
        try accounts.setState(made.number, .closed)
        try await place.routed { client in _ = try await Self.act(place, client, Self.security, "/admin/accounts/\(made.number)/approval") }
        #expect(try accounts.find(made.number)?.state == .closed)
    }
}
