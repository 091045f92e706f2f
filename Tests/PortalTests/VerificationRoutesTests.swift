import Access
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import Intake
import NIOCore
import Registry
import Tables
import Testing

@testable import Portal

/// 信用核查 over the API: a verdict with its grounds, or a refusal that says what is wrong; each in the log before it leaves.
@Suite struct VerificationRoutesTests {
    private struct Answer: Decodable {
        var number: Int
        var verdict: String
        var summary: String
        var snapshot: String
        var hits: [Hit]

        struct Hit: Decodable { var code: String }
    }

    private func ask(_ client: any TestClientProtocol, _ headers: HTTPFields, _ body: String) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await client.execute(uri: "/api/v1/verifications", method: .post, headers: headers, body: ByteBuffer(string: body))
    }

    private func question(matter: String = "XK-02", caseNumber: String = "C-1", identifier: String = "91410000MA0000001U", name: String = "") -> String {
        #"{"matter":"\#(matter)","caseNumber":"\#(caseNumber)","identifier":"\#(identifier)","name":"\#(name)"}"#
    }

    /// The firm's code in the town.
    private func code(_ town: Town) throws -> String {
        try #require(try town.place.directory.registry.organisations.find(town.firm)?.uscc)
    }

    @Test("a firm is verified, the event is there before the answer, and the outcome is posted back")
    func verdict() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try Program("gate", body: "ZMD-SCJG", scopes: ["verifications"], in: town.place)
        let code = try code(town)
        try await town.place.routed { client in
            let bearer = try await program.bearer(client, town.place)
            let response = try await ask(client, bearer, question(identifier: code))
            #expect(response.status == .created, "\(response.text)")
            let answer = try JSONDecoder().decode(Answer.self, from: Data(response.text.utf8))
            #expect(["clear", "attention", "restricted"].contains(answer.verdict) && answer.snapshot.split(separator: "-").count == 3)
            let event = try #require(try town.place.access.registry.events.event(Int64(answer.number)))
            #expect(event.action == .verify && event.subject == town.firm && event.caseNumber == "C-1" && event.purpose == "XK" && event.actor == "gate")
            // Asked about the same state, the same is answered.
            let again = try await client.get("/api/v1/verifications/\(answer.number)", headers: bearer)
            #expect(again.status == .ok && again.text.contains(answer.snapshot) && again.text.contains("\"verdict\":\"\(answer.verdict)\""))
            let outcome = "/api/v1/verifications/\(answer.number)/outcome"
            let incomplete = try await client.execute(uri: outcome, method: .post, headers: bearer, body: ByteBuffer(string: #"{"applied":true,"reason":"r","handler":"h"}"#))
            #expect(incomplete.status == .badRequest && incomplete.text.contains("outcome-incomplete"))
            let posted = try await client.execute(
                uri: outcome, method: .post, headers: bearer, body: ByteBuffer(string: #"{"applied":false,"reason":"不涉及","handler":"某人"}"#))
            #expect(posted.status == .created && posted.text.contains("不涉及"))
        }
    }

    @Test(
        "what cannot be asked is each told what it is",
        arguments: [
            ("matter-unknown", "ZZ-99", "C-1", "ok", ""), ("matter-not-yours", "CZ-01", "C-1", "ok", ""), ("case-missing", "XK-02", " ", "ok", ""),
            ("identifier-missing", "XK-02", "C-1", "", ""), ("identifier-wrong", "XK-02", "C-1", "91410000MA000000XX", ""), ("name-only", "XK-02", "C-1", "", "演示公司"),
            ("subject-kind", "XK-01", "C-1", SampleFile.person, ""),
        ])
    func faults(problem: String, matter: String, caseNumber: String, identifier: String, name: String) async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try Program("gate", body: "ZMD-SCJG", scopes: ["verifications"], in: town.place)
        let code = identifier == "ok" ? try code(town) : identifier
        try await town.place.routed { client in
            let bearer = try await program.bearer(client, town.place)
            let response = try await ask(client, bearer, question(matter: matter, caseNumber: caseNumber, identifier: code, name: name))
            #expect(response.text.contains("problem:\(problem)"), "\(response.text)")
            #expect(response.status.code >= 400 && response.status.code < 500)
        }
    }

    @Test("a sound code of nobody, and a code of somebody else than named, are 疑似 and no verdict")
    func doubtful() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try Program("gate", body: "ZMD-SCJG", scopes: ["verifications"], in: town.place)
        let code = try code(town)
        try await town.place.routed { client in
            let bearer = try await program.bearer(client, town.place)
            for body in [question(identifier: "91350100M000100Y43"), question(identifier: code, name: "另一家公司")] {
                let response = try await ask(client, bearer, body)
                #expect(response.status == .created && response.text.contains("\"verdict\":\"doubtful\""), "\(response.text)")
            }
        }
    }

    @Test("a batch answers each question for itself, in order, and counts each towards the quota")
    func batch() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try Program("gate", body: "ZMD-SCJG", scopes: ["verifications"], quota: 3, in: town.place)
        let code = try code(town)
        try await town.place.routed { client in
            let bearer = try await program.bearer(client, town.place)
            let questions = [question(identifier: code), question(matter: "ZZ-99", identifier: code), question(identifier: code), question(identifier: code)]
            let response = try await client.execute(
                uri: "/api/v1/verification-batches", method: .post, headers: bearer, body: ByteBuffer(string: #"{"questions":[\#(questions.joined(separator: ","))]}"#))
            struct Answers: Decodable {
                var answers: [Answer]

                struct Answer: Decodable {
                    var index: Int
                    var problem: Fault?

                    struct Fault: Decodable { var code: String }
                }
            }
            let answers = try JSONDecoder().decode(Answers.self, from: Data(response.text.utf8)).answers
            #expect(answers.map(\.index) == [0, 1, 2, 3] && answers.map(\.problem?.code) == [nil, "matter-unknown", nil, "quota-used"], "\(response.text)")
            let empty = try await client.execute(uri: "/api/v1/verification-batches", method: .post, headers: bearer, body: ByteBuffer(string: #"{"questions":[]}"#))
            #expect(empty.status == .badRequest || empty.status == .tooManyRequests)
        }
    }

    @Test("a program whose contract is over gets no answer, also with a token of before")
    func contract() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try Program("gate", body: "ZMD-SCJG", scopes: ["verifications"], contractUntil: town.place.now.date, in: town.place)
        let code = try code(town)
        try await town.place.routed { client in
            let bearer = try await program.bearer(client, town.place)
            #expect(try await ask(client, bearer, question(identifier: code)).status == .created)
        }
        #expect(try town.place.access.clients.admit("gate", at: town.place.now.adding(days: 1)) == .contractOver)
        #expect(try town.place.access.clients.admit("gate", at: town.place.now) == .admitted)
    }

    @Test("a list is decided by who delivers its records: others are refused, and the try is kept")
    func deciders() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let visitor = town.visitor(.deliveryReviewer)
        let cookie = try town.place.cookie(of: visitor)
        let code = try code(town)
        let token = try town.place.formToken("/staff/listings", for: cookie)
        try await town.place.routed { client in
            let page = try await client.get("/staff/listings", cookie)
            #expect(page.text.contains("value=\"market\"") && !page.text.contains("value=\"debtor\"") && !page.text.contains("value=\"watch-finance\""))
            let fields = [("token", token), ("identifier", code), ("day", "2026-06-15"), ("document", "1号"), ("text", "x")]
            let refused = try await client.post("/staff/listings", cookie, fields + [("list", "debtor")])
            #expect(refused.status == .forbidden && refused.text.contains("不由本单位认定"))
        }
        #expect(try town.refusals(of: visitor.login).events.first?.detail == "失信被执行人不由本单位认定")
    }

    @Test("a listing of a delivered record is ended by who decides the list, from the same form that begins one; then it is off at once")
    func deliveredRemoval() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let code = try code(town)
        let file = "失信主体名称,统一社会信用代码,列入决定文书号,列入事由,列入依据,领域,认定机关,列入日期,期限届满日期,名单状态,状态日期\n"
            + "驻马店市天中商贸有限公司,\(code),市监列字〔2025〕1号,销售不合格食品,食品安全法,食品,驻马店市市场监督管理局,2025-03-01,2028-02-29,在列,2025-03-01\n"
        try await town.place.deliver(file, resource: "ZMD-06-0004", provider: "ZMD-SCJG", name: "名单.csv")
        let visitor = town.visitor(.deliveryReviewer)
        let cookie = try town.place.cookie(of: visitor)
        let page = "/staff/listings/subjects/\(town.firm)"
        let action = "\(page)/removals"
        try await town.place.routed { client in
            let begin = try await client.post(
                "/staff/listings", cookie,
                [("token", try town.place.formToken("/staff/listings", for: cookie)), ("list", "market"), ("identifier", code), ("day", "2026-06-15"), ("document", "1号"), ("text", "x")])
            #expect(begin.status == .seeOther && begin.headers[.location] == page, "\(begin.text)")
            let shown = try await client.get(page, cookie)
            #expect(shown.text.contains("在列，2028-02-29 到期") && shown.text.contains(action))
            func remove(_ fields: [(String, String)]) async throws -> TestResponse {
                try await client.post(action, cookie, [("token", try town.place.formToken(action, for: cookie)), ("record", "5-1"), ("day", "2026-06-15"), ("text", "整改完成")] + fields)
            }
            let without = try await remove([("ground", "repair")])
            #expect(without.status == .badRequest && without.text.contains("没有文书号"))
            let done = try await remove([("ground", "repair"), ("document", "移〔2026〕1号")])
            #expect(done.status == .seeOther, "\(done.text)")
            let after = try await client.get(page, cookie)
            #expect(after.text.contains("已移出（信用修复）") && !after.text.contains(action))
            #expect(try await remove([("ground", "repair"), ("document", "移〔2026〕2号")]).status == .conflict)
            #expect(try await !client.get("/lists/market").text.contains(code))
            // Who does not decide the list sees none of it.
            let centre = try town.place.cookie(of: town.visitor(.creditCentre))
            let other = try await client.get(page, centre).text
            #expect(other.contains("没有由本单位报送列入的名单") && !other.contains("天中商贸") && !other.contains(code))
        }
        var filter = AccessEvents.Filter()
        filter.actor = visitor.login
        filter.action = .listing
        #expect(try town.place.access.registry.events.search(filter, limit: 9, offset: 0).events.first?.items == "市场监督管理严重违法失信名单：移出")
    }

    @Test("another body's verification is unknown")
    func tenancy() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let cookie = try town.place.cookie(of: .of(.windowClerk, body: "ZMD-DSJ", purpose: "XK"))
        let number = try #require(town.verifications["ZMD-SCJG"])
        let procedure = try #require(town.procedures["ZMD-SCJG"])
        let reviewer = try town.place.cookie(of: .of(.deliveryReviewer, body: "ZMD-DSJ", purpose: "XK"))
        try await town.place.routed { client in
            for (path, session) in [("/staff/verification/\(number)", cookie), ("/staff/listings/\(procedure)", reviewer)] {
                let response = try await client.get(path, session)
                #expect(response.status == .notFound, "\(path)")
            }
        }
    }

    // MARK: By sheet

    /// Sends a form with a file.
    private func upload(_ client: any TestClientProtocol, _ cookie: String, _ fields: [(String, String)], file: String) async throws -> TestResponse {
        try await client.execute(
            uri: "/staff/verification-sheets", method: .post, headers: [.contentType: "multipart/form-data; boundary=B0", .cookie: cookie],
            body: StaffRoutesTests.multipart(fields, file: file))
    }

    private func rows(_ response: TestResponse) throws -> [[String]] {
        let reader = try TableFile.open(HeldBytes(Array(buffer: response.body)), name: "结果.xlsx")
        var rows: [[String]] = []
        while let batch = try reader.next(maximumRows: 100) { rows += batch.rows.indices.map { batch.texts(row: $0) } }
        return rows
    }

    @Test("a sheet is answered row by row, by page and by API; each row has its event, each fault its words")
    func sheet() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try Program("gate", body: "ZMD-SCJG", scopes: ["verifications"], quota: 4, in: town.place)
        let cookie = try town.place.cookie(of: town.visitor(.windowClerk))
        let code = try code(town)
        let text = "事项编码,办件号,代码,名称,备注\nXK-02,S-1,\(code),,甲\n,S-2,\(code),,乙\nZZ-99,S-3,\(code),,丙\nXK-02,,\(code),,丁\nXK-02,S-5,91410000MA000000XX,,戊\n"
        try await town.place.routed { client in
            let bearer = try await program.bearer(client, town.place)
            var answer = try await client.execute(uri: "/api/v1/verification-sheets?matter=XK-02", method: .post, headers: bearer, body: ByteBuffer(string: text))
            #expect(answer.status == .ok && answer.headers[.contentDisposition]?.contains("attachment") == true, "\(answer.text)")
            var table = try rows(answer)
            let verdicts = table.filter { $0.count > 5 && ["甲", "乙", "丙", "丁", "戊"].contains($0[4]) }.map { $0[5] }
            #expect(verdicts.count == 5 && Array(verdicts.suffix(3)) == ["没有核查", "没有核查", "没有核查"] && !verdicts.prefix(2).contains("没有核查"), "\(table)")
            // The fifth row is over the day's quota.
            #expect(table.contains { $0.count > 6 && $0[4] == "戊" && $0[6].contains("今日配额已用完") })
            let number = try #require(table.first { $0.count > 13 && $0[4] == "甲" }.flatMap { Int64($0[13]) })
            let event = try #require(try town.place.access.registry.events.event(number))
            #expect(event.action == .verify && event.caseNumber == "S-1" && event.subject == town.firm)
            let token = try town.place.formToken("/staff/verification-sheets", for: cookie)
            answer = try await upload(client, cookie, [("token", token), ("matter", "XK-02")], file: text)
            #expect(answer.status == .ok, "\(answer.text)")
            table = try rows(answer)
            #expect(table.contains { $0.count > 6 && $0[4] == "戊" && $0[6].contains("代码有误") } && table.contains { $0.count > 6 && $0[4] == "丁" && $0[6].contains("没有办件号") })
            for (file, word) in [("", "没有文件"), ("x,y\n1,2\n", "没有找到标题行"), ("%PDF-1.7\n", "文件读不出来")] {
                let refused = try await upload(client, cookie, [("token", token)], file: file)
                #expect(refused.status == .badRequest && refused.text.contains(word), "\(word)")
            }
            let template = try await client.get("/staff/verification-sheets/template.xlsx", cookie)
            #expect(try rows(template).first == ["事项编码", "办件号", "代码", "名称"])
        }
    }
}
