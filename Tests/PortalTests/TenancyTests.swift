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

/// Whose data a right reaches: own body, county, consent, oneself.
@Suite("Tenancy") struct TenancyTests {
    // MARK: Bodies

    @Test("no page, file or answer of a body's delivery is there for another body", arguments: [Town.shangcai, "ZMD-SCJG", "ZMD-411721-FY"])
    func otherBody(body: String) async throws {
        let town = try await Town.build(provider: Town.xiping)
        defer { town.close() }
        let routes = AccessTable.platform.rules.filter { $0.scopes[.deliveryReviewer] == .body && ($0.route.contains("{number}") || $0.route.contains("{id}"))
            && !$0.route.contains("/verification") && !$0.route.contains("/listings/") }
        #expect(routes.count >= 13)
        let foreign = try town.place.cookie(of: .of(.deliveryReviewer, body: body, purpose: "ZL"))
        let own = try town.place.cookie(of: .of(.deliveryReviewer, body: Town.xiping, purpose: "ZL"))
        try await town.place.routed { client in
            for rule in routes {
                for number in 2...4 {
                    let path = rule.route.replacing("{number}", with: "\(number)").replacing("{id}", with: "\(number)-1")
                    let unknown = rule.route.replacing("{number}", with: "99").replacing("{id}", with: "99-1")
                    func ask(_ path: String, _ cookie: String) async throws -> TestResponse {
                        rule.method == "GET" ? try await client.get(path, cookie) : try await client.post(path, cookie)
                    }
                    let refused = try await ask(path, foreign)
                    #expect(refused.status == .notFound && !refused.text.contains("处罚.csv") && !refused.text.contains("演示"), "\(path)")
                    #expect(try await ask(unknown, foreign).status == .notFound, "\(unknown)")
                    // What has no returned rows has none to show to its own body either.
                    guard rule.method == "GET", number == 2 || !rule.route.contains("rejected.") else { continue }
                    let api = rule.route.hasPrefix("/api/") && rule.needsPurpose ? "?purpose=ZL&case=1" : ""
                    #expect(try await ask(path + api, own).status == .ok, "\(path)")
                }
            }
            let refusals = try town.refusals(of: "delivery-reviewer.\(body.lowercased())")
            #expect(refusals.events.contains { $0.detail == "其他单位的第 2 批" })
            #expect(refusals.events.contains { $0.action == .source && $0.detail == "其他单位的记录 2-1" })
            let list = try await client.get("/staff/deliveries", foreign).text
            #expect(!list.contains("/staff/deliveries/2\"") && !list.contains("处罚.csv"))
            #expect(try await client.get("/staff/deliveries?provider=\(Town.xiping)", foreign).text.contains("处罚.csv") == false)
            #expect(try await client.get("/staff/deliveries", own).text.contains("共 3 批"))
            #expect(try await client.get("/api/v1/deliveries?provider=\(Town.xiping)", foreign).text.contains("\"total\":0"))
            #expect(try await client.get("/api/v1/deliveries", own).text.contains("\"total\":3"))
            #expect(try await client.get("/staff", foreign).text.contains("处罚.csv") == false)
        }
    }

    @Test("nobody delivers for another body, by page or API, and the attempt is in the log")
    func deliveringForOthers() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let visitor = TestVisitor.of(.deliveryClerk, body: Town.shangcai)
        let cookie = try town.place.cookie(of: visitor)
        try await town.place.routed { client in
            let sent = try await client.execute(
                uri: "/staff/deliveries", method: .post, headers: [.contentType: "multipart/form-data; boundary=B0", .cookie: cookie],
                body: StaffRoutesTests.multipart(
                    [("token", try town.place.formToken("/staff/deliveries", for: cookie)), ("resource", "ZMD-03-0002"), ("provider", Town.xiping)],
                    file: StaffRoutesTests.file)) { $0 }
            #expect(sent.status == .badRequest && sent.text.contains("不能替其他单位报送"))
            let api = try await client.execute(
                uri: "/api/v1/deliveries?resource=ZMD-03-0002&provider=\(Town.xiping)&fileName=a.csv", method: .post, headers: [.cookie: cookie],
                body: ByteBuffer(string: StaffRoutesTests.file)) { $0 }
            #expect(api.status == .forbidden && api.text.contains("not-provider"))
        }
        #expect(try town.refusals(of: visitor.login).events.count { $0.action == .deliver } == 2)
        #expect(try town.place.directory.registry.deliveries.list().total == 4)
    }

    // MARK: Counties

    /// Whether a reader sees the person's record, which is not public and was delivered in 西平: in the file, and in the API's list.
    private func sees(_ town: Town, _ visitor: TestVisitor) async throws -> [Bool] {
        let purpose = "scope=all&purpose=XK&case=1"
        return try await town.place.routed(as: visitor) { client in
            let page = try await client.get("/staff/subjects/\(town.person)")
            let list = try await client.get("/api/v1/subjects/\(town.person)/records?\(purpose)")
            return [page.status == .ok && page.text.contains("驻公交罚〔2026〕9号"), list.status == .ok && list.text.contains("驻公交罚〔2026〕9号")]
        }
    }

    /// The same for the record by its number.
    private func opens(_ town: Town, _ visitor: TestVisitor) async throws -> [Bool] {
        try await town.place.routed(as: visitor) { client in
            var found: [Bool] = []
            for uri in ["/staff/records/3-1", "/staff/records/3-1?subject=\(town.person)", "/api/v1/records/3-1?subject=\(town.person)&scope=all&purpose=XK&case=1"] {
                let response = try await client.get(uri)
                found.append(response.status == .ok && response.text.contains("驻公交罚〔2026〕9号"))
            }
            return found
        }
    }

    /// A grant to 上蔡 for 西平: nothing before it is approved, everything while it is in force, nothing afterwards.
    private func granting(_ look: (Town, TestVisitor) async throws -> [Bool]) async throws {
        let town = try await Town.build(provider: Town.xiping)
        defer { town.close() }
        let near = TestVisitor.of(.deliveryReviewer, body: Town.xiping, purpose: "XK")
        let far = TestVisitor.of(.deliveryReviewer, body: Town.shangcai, purpose: "XK")
        let city = TestVisitor.of(.windowClerk, body: "ZMD-SCJG", purpose: "XK")
        func all(_ expected: Bool, _ visitor: TestVisitor, _ when: Comment) async throws {
            let found = try await look(town, visitor)
            #expect(found.allSatisfy { $0 == expected }, "\(visitor.login) \(when): \(found)")
        }
        try await all(true, near, "own county")
        try await all(true, city, "the city's own")
        try await all(false, far, "no grant")
        let grants = town.place.directory.accessRegistry.grants
        try grants.propose(Grant(body: Town.shangcai, region: "411721", reason: "联合检查〔2026〕1号", to: town.place.now.adding(days: 1), proposedBy: "centre"))
        let number = try #require(try grants.list().first).number
        try await all(false, far, "proposed only")
        #expect(try !grants.approve(number, by: "centre", at: town.place.now), "by who proposed it")
        try await all(false, far, "refused")
        #expect(try grants.approve(number, by: "security", at: town.place.now))
        try await all(true, far, "in force")
        try await all(false, .of(.deliveryReviewer, body: "ZMD-411723-SCJG", purpose: "XK"), "somebody else's grant")
        town.place.advance(seconds: 86_400)
        try await all(false, far, "over")
        try await all(true, near, "own county still")
    }

    @Test("a county's records that are not public are in no other county's files, but while a grant is in force")
    func counties() async throws { try await granting(sees) }

    @Test("nor do they open by their number")
    func countyRecords() async throws { try await granting(opens) }

    @Test("the city's figures are the counties' and the city bodies' together")
    func coverage() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let place = town.place
        try await place.deliver(SampleFile.penalties([.init(document: "西1"), .init(document: "西2", date: "2026-13-01")]), resource: "ZMD-03-0002", provider: Town.xiping)
        try await place.deliver(SampleFile.penalties([.init(document: "上1"), .init(document: "上2"), .init(document: "上3")]), resource: "ZMD-03-0002", provider: Town.shangcai)
        struct Coverage: Decodable, Sendable {
            struct Line: Decodable, Sendable { var provider: Named; var rows: Int; var accepted: Int }
            struct Named: Decodable, Sendable { var code: String }
            var providers: [Line]
        }
        let book = place.portal.book
        func tiles(_ visitor: TestVisitor) async throws -> (rows: Int, accepted: Int) {
            try await place.routed(as: visitor) { client in
                let text = try await client.get("/staff/coverage").text
                func tile(_ label: String) throws -> Int {
                    guard let end = text.firstRange(of: "</strong><span>\(label)") else { throw Place.Missing() }
                    let digits = text[..<end.lowerBound].reversed().prefix { $0 != ">" }.filter(\.isNumber)
                    guard let number = Int(String(digits.reversed())) else { throw Place.Missing() }
                    return number
                }
                return (try tile("报送总行"), try tile("入库"))
            }
        }
        let city = try await tiles(.centre)
        #expect(city.rows == 1 + 3 + 1 + 1 + 2 + 3)
        let lines = try await place.routed(as: .centre) { client in
            let body = try await client.get("/api/v1/coverage").body
            return try JSONDecoder().decode(Coverage.self, from: Data(body.readableBytesView)).providers
        }
        #expect(lines.reduce(0) { $0 + $1.rows } == city.rows && lines.reduce(0) { $0 + $1.accepted } == city.accepted)
        let cityBodies = lines.filter { Reach.county(of: $0.provider.code, book) == nil }
        var sum = (rows: cityBodies.reduce(0) { $0 + $1.rows }, accepted: cityBodies.reduce(0) { $0 + $1.accepted })
        let counties = Set(book.organisations.compactMap { Reach.county(of: $0.code, book) })
        #expect(counties.count >= 10)
        for county in counties.sorted() {
            let body = try #require(book.organisations.first { Reach.county(of: $0.code, book) == county }).code
            let part = try await tiles(.of(.supervisor, body: body, purpose: "JG"))
            let mine = lines.filter { Reach.county(of: $0.provider.code, book) == county }
            #expect(part.rows == mine.reduce(0) { $0 + $1.rows } && part.accepted == mine.reduce(0) { $0 + $1.accepted }, "\(county)")
            sum = (sum.rows + part.rows, sum.accepted + part.accepted)
        }
        #expect(sum == city)
    }

    // MARK: Oneself

    @Test("a citizen opens its own file, records and proofs, and nobody else's")
    func citizen() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let events = town.place.directory.accessRegistry.events
        func positions(_ subject: RegistryKey?) throws -> [Int64] {
            try events.events(from: 0, limit: 100).filter { $0.subject == subject }.map(\.position)
        }
        let (own, foreign, nobodys) = try (positions(town.person), positions(town.other) + positions(town.firm), positions(nil))
        #expect(!own.isEmpty && foreign.count >= 2)
        try await town.place.routed(as: town.visitor(.citizen)) { client in
            let file = try await client.get("/me")
            #expect(file.status == .ok && file.text.contains("〔2026〕9号") && !file.text.contains("〔2026〕10号") && !file.text.contains("李示例"))
            #expect(try await client.get("/me/records/3-1").text.contains("〔2026〕9号"))
            for id in ["4-1", "2-1", "1-1", "9-9", "x"] {
                for query in ["", "?subject=\(town.other)", "?subject=\(town.firm)"] {
                    #expect(try await client.get("/me/records/\(id)\(query)").status == .notFound, "\(id)\(query)")
                }
            }
            for position in own { #expect(try await client.get("/me/looks/\(position)/proof").status == .ok) }
            for position in foreign + nobodys + [9_999, -1] { #expect(try await client.get("/me/looks/\(position)/proof").status == .notFound, "\(position)") }
            for subject in [town.other, town.firm, town.person] {
                #expect(try await client.get("/staff/subjects/\(subject)").status == .forbidden)
                let all = try await client.get("/api/v1/subjects/\(subject)?scope=all&purpose=BR&case=1")
                #expect(all.status == .forbidden && !all.text.contains("演示"))
            }
            #expect(try await client.get("/api/v1/own/looks").text.contains("\"total\""))
        }
    }

    @Test("an account of a subject that has none shows nothing, and not somebody's")
    func noSubject() async throws {
        let town = try await Town.build()
        defer { town.close() }
        try await town.place.routed(as: .of(.citizen, body: "", login: "empty")) { client in
            for path in ["/me", "/me/looks", "/me/looks.csv", "/me/looks/0/proof", "/me/consents", "/me/records/3-1", "/api/v1/own/standing", "/api/v1/own/looks"] {
                let response = try await client.get(path)
                #expect(response.status == .notFound, "\(path)")
            }
        }
    }

    // MARK: Consent

    /// What the bank is told of a subject, under a stated consent.
    private func bank(_ town: Town, consent: Int64?, subject: RegistryKey, body: String = Town.bank, purpose: String = "RZ") async throws -> TestResponse {
        let visitor = TestVisitor(
            login: "bank.\(body.lowercased())", body: body, roles: [.bank], purpose: StatedPurpose(code: purpose, caseNumber: "D-1", consent: consent))
        return try await town.place.routed(as: visitor) { try await $0.get("/staff/subjects/\(subject)") }
    }

    @Test("a bank sees a subject by a consent of that very subject, while it is in force, and not else; each refusal is in the log")
    func consent() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let login = "bank.\(Town.bank.lowercased())"
        func refused(_ consent: Int64?, _ subject: RegistryKey, _ why: String, purpose: String = "RZ") async throws {
            let before = try town.refusals(of: login).total
            let response = try await bank(town, consent: consent, subject: subject, purpose: purpose)
            #expect(response.status != .ok && !response.text.contains("〔2026〕"), "\(why)")
            let after = try town.refusals(of: login)
            #expect(after.total == before + 1 && after.events.first?.consent == consent, "\(why)")
        }
        let later = try Town.consent(of: town.firm, in: town.place, from: town.place.now.adding(days: 2))
        let mine = try #require(town.consents[town.firm])
        let ok = try await bank(town, consent: mine, subject: town.firm)
        #expect(ok.status == .ok && ok.text.contains("〔2026〕1号"))
        try await refused(nil, town.firm, "no consent named")
        try await refused(9_999, town.firm, "none such")
        try await refused(later.number, town.firm, "not yet")
        try await refused(mine, town.firm, "a duty's purpose", purpose: "XK")
        try await refused(mine, town.person, "the firm's, for a person")
        #expect(try town.refusals(of: login).events.first?.subject == town.person)
        try await refused(town.consents[town.person], town.firm, "a person's, for the firm")
        #expect(try await bank(town, consent: mine, subject: town.firm, body: "ZMD-P-GUARANTEE").status != .ok, "another recipient")
        // A refused look is there for the subject to see.
        var looks = AccessEvents.Filter()
        looks.subject = town.person
        looks.refusedOnly = true
        looks.looksOnly = true
        #expect(try town.place.directory.accessRegistry.events.search(looks, limit: 9, offset: 0).total == 1)
        // Revoked: at once, in the session that it is open in.
        let visitor = TestVisitor(login: "open", body: Town.bank, roles: [.bank], purpose: StatedPurpose(code: "RZ", caseNumber: "D-1", consent: mine))
        try await town.place.routed(as: visitor) { client in
            let before = try await client.get("/staff/subjects/\(town.firm)")
            #expect(before.status == .ok)
            #expect(try town.place.directory.accessRegistry.consents.revoke(mine, of: town.firm, at: town.place.now))
            #expect(try await client.get("/staff/subjects/\(town.firm)").status == .seeOther)
            #expect(try town.refusals(of: "open").events.first?.detail == "授权已到期或已被撤回")
        }
        try await refused(mine, town.firm, "revoked")
        town.place.advance(seconds: 2 * 86_400)
        #expect(try await bank(town, consent: later.number, subject: town.firm).status == .ok)
        town.place.advance(seconds: 30 * 86_400)
        try await refused(later.number, town.firm, "over")
    }

    @Test("a bank's other ways to a subject end at the same consent: record, person's number, API")
    func consentElsewhere() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let mine = try #require(town.consents[town.firm])
        let cookie = try town.place.cookie(of: town.visitor(.bank))
        try await town.place.routed { client in
            #expect(try await client.get("/staff/records/2-1", cookie).status == .ok)
            for path in ["/staff/records/3-1", "/staff/records/3-1?subject=\(town.person)", "/staff/records/3-1?subject=\(town.firm)"] {
                let response = try await client.get(path, cookie)
                #expect(response.status == .notFound && !response.text.contains("9号"), "\(path)")
            }
            let found = try await client.post(
                "/staff/persons", cookie, [("token", try town.place.formToken("/staff/persons", for: cookie)), ("kind", "4"), ("number", SampleFile.person)])
            #expect(found.status == .notFound)
            let api = "scope=all&purpose=RZ&case=D-1&consent=\(mine)"
            #expect(try await client.get("/api/v1/subjects/\(town.firm)?\(api)", cookie).status == .ok)
            for path in ["", "/standing", "/records"] {
                let response = try await client.get("/api/v1/subjects/\(town.person)\(path)?\(api)", cookie)
                #expect(response.status == .notFound && !response.text.contains("演示"), "\(path)")
            }
            #expect(try await client.get("/api/v1/records/3-1?subject=\(town.person)&\(api)", cookie).status == .notFound)
        }
    }

    @Test("a consent to some resources opens those and no others")
    func items() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let narrow = try Town.consent(of: town.firm, in: town.place, items: "ZMD-01-0001")
        let page = try await bank(town, consent: narrow.number, subject: town.firm)
        #expect(page.status == .ok && page.text.contains("驻马店市天中商贸有限公司") && !page.text.contains("〔2026〕1号"))
    }
}
