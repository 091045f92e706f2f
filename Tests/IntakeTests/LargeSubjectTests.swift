import Archive
import Identifiers
import Intake
import Policy
import Registry
import Testing

@Suite("a subject with a hundred thousand records") struct LargeSubjectTests {
    static let count = 100_000

    /// Penalties of one firm: all but the last thousand with a number of their own, which state the first thousand anew.
    static func csv() -> [UInt8] {
        let place = Penalties.columns.firstIndex(of: "行政处罚决定文书号") ?? 0
        let day = Penalties.columns.firstIndex(of: "处罚决定日期") ?? 0
        let content = Penalties.columns.firstIndex(of: "处罚内容") ?? 0
        var cells = Penalties.columns.map { Penalties.sound[$0] ?? "" }
        var bytes = Array((Penalties.header + "\n").utf8)
        for row in 0..<count {
            cells[place] = "驻市监罚〔2025〕\(row % (count - 1000))号"
            cells[day] = "2025-\(["03-17", "07-02", "11-29"][row % 3])"
            cells[content] = row < count - 1000 ? "罚款二万元" : "罚款一万元"
            bytes += Array(cells.joined(separator: ",").utf8) + [10]
        }
        return bytes
    }

    @Test("is paged exactly, and its standing counts what the pages list") func paging() async throws {
        let city = try TestCity()
        let done = try await city.deliver(Self.csv())
        #expect(done.accepted == Self.count)
        let file = try #require(try city.file(Penalties.firm))
        #expect(file.lines.count == Self.count - 1000)
        #expect(file.cutoff?.delivery == done.number)
        var seen: Set<RecordID> = []
        for start in stride(from: 0, to: file.lines.count, by: 9900) {
            let lines = file.lines[start..<min(start + 50, file.lines.count)]
            let records = try file.records(of: lines)
            #expect(records.map(\.id) == lines.map(\.id))
            #expect(records.allSatisfy { $0.value("CF_WSH") == .text("驻市监罚〔2025〕\((Int($0.id.row) - 1) % (Self.count - 1000))号") })
            seen.formUnion(records.map(\.id))
        }
        #expect(seen.count == 500)
        let last = try #require(file.lines.last)
        #expect(last.id.row == UInt32(Self.count) && last.superseded == 1)
        #expect(try file.versions(of: last, limit: 5).map(\.id.row) == [1000])
        let standing = Standing(file)
        #expect(standing.total.records == Self.count - 1000 && standing.total.superseded == 1000)
        #expect((standing.total.first, standing.total.latest) == (date("2025-03-17"), date("2025-11-29")))
        #expect((standing.deliveries, standing.providers, standing.resources.map(\.code)) == (1, 1, [Penalties.resource]))
        #expect(Standing(file) { _ in false }.total == Standing.Count())
    }

    @Test("counts by resource and class add up, over deliveries, providers, repeats and doubts") func standing() async throws {
        let city = try TestCity()
        try await city.deliver(Penalties.csv([:], ["行政处罚决定文书号": "2号", "处罚决定日期": "2026-01-31"]))
        try await city.deliver(Penalties.csv(["处罚内容": "罚款一万元"], ["行政处罚决定文书号": "2号", "处罚决定日期": "2026-01-31"]) + "\n")
        let withdrawn = try await city.deliver(Penalties.csv(["行政处罚决定文书号": "3号"]))
        let before = city.clock()
        _ = try city.desk.withdraw(withdrawn.number, reason: "误报", at: city.clock())
        let file = try #require(try city.file(Penalties.firm))
        let standing = Standing(file)
        let records = try file.records
        #expect(standing.total.records == records.count && records.count == 2)
        #expect(standing.total.superseded == records.reduce(0) { $0 + $1.supersededCount } && standing.total.superseded == 1)
        #expect(standing.total.repeats == records.reduce(0) { $0 + $1.repeats } && standing.total.repeats == 1)
        #expect(standing.deliveries == Set(records.map(\.delivery)).count)
        #expect((standing.total.first, standing.total.latest) == (date("2026-01-31"), date("2026-05-06")))
        #expect(standing.classes.map(\.number) == [3] && standing.classes[0].count == standing.total)
        let earlier = try #require(try city.file(Penalties.firm, knownAt: before))
        #expect(Standing(earlier).total.records == 3 && earlier.cutoff?.delivery == withdrawn.number)
    }
}
