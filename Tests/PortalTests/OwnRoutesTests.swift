import Access
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import Intake
import Ledger
import NIOCore
import Policy
import Registry
import Tables
import Testing

@testable import Portal

@Suite("Oneself") struct OwnRoutesTests {
    /// The citizen whose file has penalty 9.
    private static func citizen(_ town: Town) -> TestVisitor { town.visitor(.citizen) }

    /// One row of 谁查过我 as the API gives it.
    struct Look: Decodable, Sendable {
        var position: Int
        var body: String
        var actor: String
        var purpose: String
        var basis: String
        var caseNumber: String
        var items: String
        var channel: String
        var allowed: Bool
    }

    struct Looks: Decodable, Sendable {
        var total: Int
        var looks: [Look]
    }

    static func looks(_ client: any TestClientProtocol) async throws -> Looks {
        let body = try await client.get("/api/v1/own/looks").body
        return try JSONDecoder().decode(Looks.self, from: Data(body.readableBytesView))
    }

    // MARK: 谁查过我

    @Test("every way in which staff look at a person is a look of its own, before the answer leaves", arguments: [
        ("/staff/subjects/{key}", true), ("/staff/subjects/{key}/export.xlsx", true), ("/staff/records/3-1", true), ("/staff/records/3-1/source", true),
        ("/staff/records/3-1/proof?subject={key}", true), ("/api/v1/subjects/{key}?scope=all&purpose=YY&case=C-7", true),
        ("/api/v1/subjects/{key}/standing?scope=all&purpose=YY&case=C-7", true), ("/api/v1/subjects/{key}/records?scope=all&purpose=YY&case=C-7", true),
        ("/api/v1/records/3-1?subject={key}&scope=all&purpose=YY&case=C-7", true), ("/api/v1/records/3-1/source?purpose=YY&case=C-7", true),
        ("/api/v1/subjects/{key}?scope=all&purpose=XX&case=C-7", false), ("/api/v1/subjects/{key}?scope=all&purpose=YY", false),
    ])
    func eachLook(path: String, isAllowed: Bool) async throws {
        let town = try await Town.build()
        defer { town.close() }
        let uri = path.replacing("{key}", with: "\(town.person)")
        let centre = TestVisitor(login: "c7", body: "ZMD-FGW", roles: [.creditCentre], purpose: StatedPurpose(code: "YY", caseNumber: "C-7"))
        let before = try await town.place.routed(as: Self.citizen(town)) { try await Self.looks($0).total }
        let status = try await town.place.routed(as: centre) { try await $0.get(uri).status }
        #expect(status == (isAllowed ? .ok : .forbidden))
        let after = try await town.place.routed(as: Self.citizen(town)) { try await Self.looks($0) }
        #expect(after.total == before + 1)
        let look = try #require(after.looks.first)
        #expect(look.allowed == isAllowed && look.body == "驻马店市发展和改革委员会" && look.actor.contains("测试c7") && look.actor.contains("信用中心"))
        #expect(look.channel == (path.hasPrefix("/api/") ? "api" : "web"))
        if isAllowed { #expect(look.purpose == "YY" && look.caseNumber == "C-7" && !look.items.isEmpty && look.basis.contains("《")) }
        // Another person's list has not grown.
        let other = try await town.place.routed(as: .of(.citizen, body: "", login: "other", subject: town.other)) { try await Self.looks($0) }
        #expect(other.total == 1)
    }

    @Test("the page names body, person, purpose with its basis, case, what was shown, and when; refusals are there too")
    func page() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let when = town.place.now
        try await town.place.routed(as: town.visitor(.windowClerk)) { _ = try await $0.get("/staff/subjects/\(town.person)") }
        let mine = try #require(town.consents[town.firm])
        let bank = TestVisitor(login: "bank", body: Town.bank, roles: [.bank], purpose: StatedPurpose(code: "RZ", caseNumber: "D-9", consent: mine))
        try await town.place.routed(as: bank) { _ = try await $0.get("/staff/subjects/\(town.person)") }
        try await town.place.routed(as: Self.citizen(town)) { client in
            let page = try await client.get("/me/looks").text
            for text in [
                "驻马店市市场监督管理局", "测试window-clerk，窗口人员", "行政许可、审批中的信用核查", "《", "T-1", "查询 信用档案", "\(when)", "已查看", "已拒绝",
                "银行业金融机构（示例）", "D-9", "/proof",
            ] { #expect(page.contains(text), "\(text)") }
            #expect(!page.contains(SampleFile.person))
            #expect(page.contains("共 3 次"))
        }
    }

    @Test("the person's own look and export count as looks, giving a consent does not")
    func ownLooks() async throws {
        let town = try await Town.build()
        defer { town.close() }
        try await town.place.routed(as: Self.citizen(town)) { client in
            let before = try await Self.looks(client).total
            for path in ["/me", "/me/records/3-1", "/me/looks.csv", "/me/looks.xlsx", "/api/v1/own/standing"] { #expect(try await client.get(path).status == .ok, "\(path)") }
            #expect(try await Self.looks(client).total == before + 5)
            // To look at who looked is no look.
            _ = try await client.get("/me/looks")
            #expect(try await Self.looks(client).total == before + 5)
        }
    }

    /// All cells of a workbook that hold text, as text: a formula would give its result instead.
    private static func cells(_ bytes: ByteBuffer) throws -> [String] {
        let path = FileManager.default.temporaryDirectory.path() + "/own-\(UUID().uuidString).xlsx"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes.readableBytesView).write(to: URL(filePath: path))
        let reader = try TableFile.open(path: path)
        var texts: [String] = []
        while let batch = try reader.next(maximumRows: 100) {
            for row in batch.rows.indices {
                for column in 0..<Int(batch.rows[row].cellCount) where batch.cell(row: row, column: column).form == .text { texts.append(batch.text(row: row, column: column)) }
            }
        }
        return texts
    }

    @Test("exports carry who exported, when and why; no cell is a formula, whatever somebody called himself", arguments: ["csv", "xlsx"])
    func exports(format: String) async throws {
        let town = try await Town.build()
        defer { town.close() }
        let evil = ["=HYPERLINK(\"http://evil\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/c calc'!A1"]
        for text in evil {
            var event = AccessEvent(
                at: town.place.now, action: .query, actor: text, actorName: text, role: "", body: text, address: "-", channel: "web")
            event.subject = town.person
            event.items = text
            event.caseNumber = text
            event.detail = text
            try town.place.access.log.appendBlocking(event)
        }
        try await town.place.routed(as: Self.citizen(town)) { client in
            let response = try await client.get("/me/looks.\(format)")
            #expect(response.status == .ok && response.headers[.contentDisposition]?.contains("attachment") == true)
            #expect(response.headers[.cacheControl]?.contains("no-store") == true)
            let mark = "本人 测试citizen（citizen） \(town.place.now) 事由：本人查询"
            if format == "csv" {
                #expect(response.text.contains(mark) && response.text.contains("HYPERLINK"))
                var isQuoted = false
                var cell = ""
                for character in response.text.replacing("\r\n", with: "\n").unicodeScalars.drop(while: { $0 == "\u{FEFF}" }) {
                    if character == "\"" { isQuoted.toggle() }
                    guard !isQuoted, character == "," || character == "\n" else {
                        cell.unicodeScalars.append(character)
                        continue
                    }
                    let value = cell.drop { $0 == "\"" }
                    #expect(!["=", "+", "-", "@", "\t", "\r"].contains { value.hasPrefix($0) }, "\(cell.debugDescription)")
                    cell = ""
                }
            } else {
                let cells = try Self.cells(response.body)
                #expect(cells.contains(mark))
                for text in evil where !text.contains(where: \.isNewline) { #expect(cells.contains { $0.contains(text.drop(while: \.isWhitespace)) }, "\(text)") }
            }
        }
        // What was exported is itself a look.
        var filter = AccessEvents.Filter()
        filter.action = .export
        filter.subject = town.person
        #expect(try town.place.directory.accessRegistry.events.search(filter, limit: 9, offset: 0).total == 1)
    }

    // MARK: Proofs

    @Test("each look's proof holds against the published key alone, and another look's bytes do not pass for it")
    func proofs() async throws {
        let town = try await Town.build()
        defer { town.close() }
        for _ in 0..<3 { try await town.place.routed(as: town.visitor(.windowClerk)) { _ = try await $0.get("/staff/subjects/\(town.person)") } }
        let verifier = try #require(ProofVerifier(vkey: town.place.access.log.tree.vkey))
        try await town.place.routed(as: Self.citizen(town)) { client in
            let found = try await Self.looks(client).looks
            #expect(found.count == 4)
            for look in found {
                let text = try await client.get("/me/looks/\(look.position)/proof").text
                let shown = try verifier.check(inclusion: text)
                let event = try #require(try town.place.directory.accessRegistry.events.event(Int64(look.position)))
                #expect(shown.index == look.position && shown.data.bytes == event.leafBytes)
                #expect(String(decoding: shown.data.bytes.dropFirst(16), as: UTF8.self) == event.canonical)
                #expect(throws: ProofProblem.notIncluded) { try verifier.check(inclusion: text, data: LeafData(bytes: shown.data.bytes.dropLast() + [0x21])) }
            }
            // The key is where everybody finds it.
            #expect(try await client.get("/ledger/access/key").text == town.place.access.log.tree.vkey + "\n")
        }
        let records = try #require(ProofVerifier(vkey: town.place.directory.ledger.vkey))
        try await town.place.routed(as: Self.citizen(town)) { client in
            let text = try await client.get("/me/looks/\(try await Self.looks(client).looks[0].position)/proof").text
            #expect(throws: (any Error).self) { try records.check(inclusion: text) }
        }
    }

    // MARK: Consents

    private static func give(
        _ place: Place, _ client: any TestClientProtocol, _ cookie: String, to recipient: String = Town.bank, purpose: String = "RZ", until: String, agree: String = "同意"
    ) async throws -> TestResponse {
        try await client.post(
            "/me/consents", cookie,
            [
                ("token", try place.formToken("/me/consents", for: cookie)), ("recipient", recipient), ("purpose", purpose), ("until", until), ("agree", agree),
            ])
    }

    @Test("given, listed, used, revoked: and from that moment on worth nothing")
    func consent() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let place = town.place
        let cookie = try place.cookie(of: .of(.citizen, body: "", login: "giver", subject: town.other))
        try await place.routed { client in
            #expect(try await client.get("/me/consents", cookie).text.contains("您没有授权任何人"))
            let given = try await Self.give(place, client, cookie, until: "2026-07-15")
            #expect(given.status == .seeOther && given.headers[.location] == "/me/consents", "\(given.text)")
            let consent = try #require(try place.directory.accessRegistry.consents.of(town.other).first)
            #expect(consent.recipient == Town.bank && consent.purpose == "RZ" && consent.from == place.now && consent.textVersion == "RZ-2026-1" && consent.givenBy == "giver")
            #expect("\(consent.to)" == "2026-07-15 23:59:59")
            let page = try await client.get("/me/consents", cookie).text
            #expect(page.contains("银行业金融机构（示例）") && page.contains("有效") && page.contains("/me/consents/\(consent.number)/revocation"))
            let bank = try place.cookie(
                of: TestVisitor(login: "b", body: Town.bank, roles: [.bank], purpose: StatedPurpose(code: "RZ", caseNumber: "D-1", consent: consent.number)))
            #expect(try await client.get("/staff/subjects/\(town.other)", bank).status == .ok)
            let path = "/me/consents/\(consent.number)/revocation"
            // Somebody else's is not there to be revoked.
            let stranger = try place.cookie(of: Self.citizen(town))
            #expect(try await client.post(path, stranger, [("token", try place.formToken(path, for: stranger))]).status == .notFound)
            #expect(try await client.get("/staff/subjects/\(town.other)", bank).status == .ok)
            #expect(try await client.post(path, cookie, [("token", try place.formToken(path, for: cookie))]).status == .seeOther)
            #expect(try await client.get("/staff/subjects/\(town.other)", bank).status == .seeOther)
            #expect(try await client.get("/me/consents", cookie).text.contains("已撤回"))
            #expect(try await client.post(path, cookie, [("token", try place.formToken(path, for: cookie))]).status == .notFound)
        }
        let events = try place.directory.accessRegistry.events.events(from: 0, limit: 100).filter { $0.actor == "giver" }
        #expect(events.map(\.action) == [.consent, .revoke] && events.allSatisfy { $0.subject == town.other })
    }

    @Test("a consent that is not one is refused with what to mend, and nothing is kept", arguments: [
        (Town.bank, "RZ", "2026-06-14", "同意"), (Town.bank, "RZ", "2027-06-16", "同意"), (Town.bank, "RZ", "", "同意"), (Town.bank, "RZ", "2026-13-01", "同意"),
        (Town.bank, "RZ", "2026-07-15", ""), (Town.bank, "RZ", "2026-07-15", "不同意"), (Town.bank, "XK", "2026-07-15", "同意"), (Town.bank, "BR", "2026-07-15", "同意"),
        (Town.bank, "", "2026-07-15", "同意"), ("NOBODY", "RZ", "2026-07-15", "同意"), ("", "RZ", "2026-07-15", "同意"),
        // A body that the form does not offer: one that needs no consent for what it does.
        ("ZMD-GAJ", "RZ", "2026-07-15", "同意"),
    ])
    func noConsent(recipient: String, purpose: String, until: String, agree: String) async throws {
        let town = try await Town.build()
        defer { town.close() }
        let place = town.place
        let cookie = try place.cookie(of: .of(.citizen, body: "", login: "giver", subject: town.other))
        try await place.routed { client in
            let response = try await Self.give(place, client, cookie, to: recipient, purpose: purpose, until: until, agree: agree)
            #expect(response.status == .badRequest && response.text.contains("notice-bad"))
        }
        #expect(try place.directory.accessRegistry.consents.of(town.other).isEmpty)
    }

    @Test("today and the last day that the wording permits are both possible", arguments: ["2026-06-15", "2027-06-15"])
    func edges(until: String) async throws {
        let town = try await Town.build()
        defer { town.close() }
        let place = town.place
        let cookie = try place.cookie(of: .of(.citizen, body: "", login: "giver", subject: town.other))
        let status = try await place.routed { try await Self.give(place, $0, cookie, until: until).status }
        #expect(status == .seeOther)
        #expect(try place.directory.accessRegistry.consents.of(town.other).first?.to.date.description == until)
    }
}
