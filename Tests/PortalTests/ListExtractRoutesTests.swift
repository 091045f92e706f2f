import Access
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import Intake
import Ledger
import Measures
import Policy
import Registry
import Testing

@testable import Portal

/// 名单摘录 for the hours without network: the visitor's own body's, signed, and taken only with an event.
@Suite struct ListExtractRoutesTests {
    @Test("a hall's page and note are the body's own, hold the firm that is listed and nobody's number, and are in the log before they leave")
    func taken() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let code = try #require(try town.place.directory.registry.organisations.find(town.firm)?.uscc)
        let file = "失信主体名称,统一社会信用代码,列入决定文书号,列入事由,列入依据,领域,认定机关,列入日期,期限届满日期,名单状态,状态日期\n"
            + "驻马店市天中商贸有限公司,\(code),市监列字〔2025〕1号,销售不合格食品,食品安全法,食品,驻马店市市场监督管理局,2025-03-01,2028-02-29,在列,2025-03-01\n"
        try await town.place.deliver(file, resource: "ZMD-06-0004", provider: "ZMD-SCJG", name: "名单.csv")
        let visitor = town.visitor(.windowClerk)
        let cookie = try town.place.cookie(of: visitor)
        let program = try Program("gate", body: "ZMD-SCJG", scopes: ["verifications"], in: town.place)
        let trial = try Program("trial", body: "ZMD-SCJG", scopes: ["sandbox"], in: town.place)
        let verifier = town.place.directory.lists.verifier
        try await town.place.routed { client in
            #expect(try await client.get("/staff/list-extracts", cookie).text.contains("市场监督管理严重违法失信名单"))
            for (uri, isPage) in [("/staff/list-extracts/lists.note", false), ("/staff/list-extracts/hall.html", true)] {
                let answer = try await client.get(uri, cookie)
                #expect(answer.status == .ok && answer.headers[.contentDisposition]?.hasPrefix("attachment") == true, "\(answer.text.prefix(300))")
                #expect(answer.text.contains(code) && !answer.text.contains(SampleFile.person) && answer.text.hasPrefix("<!DOCTYPE") == isPage)
                let extract = try ListExtractReader(verifier: verifier).open(Array(buffer: answer.body))
                #expect(extract.header.body == "ZMD-SCJG" && extract.header.made == town.place.now)
                #expect(try extract.verdict("XK-01", code: code, at: town.place.now).verdict == .restricted)
            }
            let bearer = try await program.bearer(client, town.place)
            #expect(try await client.get("/api/v1/list-extract", headers: bearer).status == .ok)
            #expect(try await client.get("/api/v1/list-extract", headers: try await trial.bearer(client, town.place)).status == .forbidden)
            // A body without matters takes none.
            let other = try town.place.cookie(of: .of(.windowClerk, body: "ZMD-ZJFY", purpose: "XK"))
            let nothing = try await client.get("/staff/list-extracts/hall.html", other)
            #expect(nothing.status == .notFound && nothing.text.contains("没有名单摘录"), "\(nothing.status)")
        }
        var filter = AccessEvents.Filter()
        filter.actor = visitor.login
        filter.action = .export
        #expect(try town.place.access.registry.events.search(filter, limit: 9, offset: 0).events.map(\.items) == ["名单摘录", "名单摘录"])
    }
}
