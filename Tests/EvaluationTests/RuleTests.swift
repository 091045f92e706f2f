import Archive
import Feel
import Identifiers
import Policy
import Testing

@testable import Evaluation

/// Facts folded from records, and the rules of the city's book over them.
@Suite struct RuleTests {
    private func penalty(_ day: String, _ kinds: String, fine: String? = nil, row: UInt32 = 1) throws -> FactRecord {
        let book = try #require(ListingTests.book)
        let resource = try #require(book.versions(of: "ZMD-03-0002").last)
        var values = [Layout.Value](repeating: .absent, count: resource.layout.stored.count)
        func set(_ field: String, _ value: Layout.Value) throws {
            values[try #require(resource.index(of: field).flatMap { resource.layout.position(ofField: $0) })] = value
        }
        try set("CF_CFLB", .text(kinds))
        if let fine {
            let amount = FixedDecimal.parse(fine.utf8.span, scale: 6, precision: 18)
            try set("CF_NR_FK", .decimal(try amount.get()))
        }
        return FactRecord(
            id: RecordID(delivery: 3, row: row), resource: resource, effective: try ListingTests.day(day), payload: try resource.layout.encode(values).payload)
    }

    private func facts(_ records: [FactRecord], on day: String = "2026-06-15") throws -> (FactPlan, SubjectFacts) {
        let plan = FactPlan(try #require(ListingTests.book), on: try ListingTests.day(day))
        return (plan, try plan.facts(of: records, listings: []))
    }

    private func value(_ name: String, _ facts: (FactPlan, SubjectFacts)) throws -> (Value, [RecordID]) {
        let index = try #require(facts.0.book.vocabulary.index(of: name))
        return (facts.1.values[index], facts.1.sources[index])
    }

    @Test("counts, sums and their windows, each with the records behind it")
    func indicators() throws {
        let all = try facts([
            penalty("2024-06-15", "警告", row: 1), penalty("2024-06-16", "罚款", fine: "2.5", row: 2), penalty("2026-01-01", "罚款;责令停产停业", fine: "8.000001", row: 3),
        ])
        // 24 months before 2026-06-15 begin on 2024-06-16.
        let count = try value("近24个月行政处罚次数", all)
        #expect(count.0.equals(.number(Number(2))) == true && count.1.map(\.row) == [2, 3])
        #expect(try value("近24个月罚款金额", all).0.shown == "10.500001")
        let grave = try value("近24个月较重行政处罚次数", all)
        #expect(grave.0.equals(.number(.one)) == true && grave.1.map(\.row) == [3])
        #expect(try value("纳税缴费信用级别", all).0.isNull)
    }

    @Test("an amount that nobody gave makes the sum unknown, and an unknown condition makes no rule met")
    func unknown() throws {
        let all = try facts([penalty("2026-01-01", "罚款", row: 1), penalty("2026-02-01", "罚款", fine: "50", row: 2)])
        #expect(try value("近24个月罚款金额", all).0.isNull)
        let board = RuleBoard(all.0.book, on: all.0.day)
        let findings = Dictionary(uniqueKeysWithValues: zip(board.rules.map(\.code), board.judge(all.1.values, kind: .organisation)))
        #expect(findings["warning.fines"]?.outcome == .manual)
        #expect(findings["warning.tax.d-level"]?.outcome == .notMet)
    }

    @Test("a rule is that of its day: the old version before, the new one after")
    func versions() throws {
        let book = try #require(ListingTests.book)
        for (day, version) in [("2025-06-30", 1), ("2025-07-01", 2)] {
            #expect(book.rules(on: try ListingTests.day(day)).first { $0.code == "reward.tax.a-level" }?.version == version)
        }
        #expect(book.rules(on: try ListingTests.day("2021-12-31")).isEmpty)
    }

    @Test("a trace names clauses, values and records")
    func trace() throws {
        let all = try facts([penalty("2026-01-01", "罚款", fine: "12", row: 4), penalty("2026-02-01", "警告", row: 5)])
        let board = RuleBoard(all.0.book, on: all.0.day)
        let index = try #require(board.rules.firstIndex { $0.code == "warning.fines" })
        let finding = board.judge(all.1.values, kind: .organisation)[index]
        let trace = RuleTrace(board.rules[index], finding, all.1, board.vocabulary)
        #expect(finding.outcome == .met && trace.lines.map(\.holds) == [true, true])
        #expect(trace.lines[0].reads.map(\.shown) == ["12 万元"] && trace.lines[1].reads[0].records.map(\.row) == [4, 5])
        #expect(board.judge(all.1.values, kind: .person)[index].outcome == .notMet)
    }
}
