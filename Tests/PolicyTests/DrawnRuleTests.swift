import Feel
import Testing

@testable import Policy

/// Rules whose trigger is drawn as a decision table.
@Suite struct DrawnRuleTests {
    private static func book(_ change: (inout [String: String]) -> Void = { _ in }) throws -> PolicyBook {
        var files = FixtureBook.files
        change(&files)
        return try PolicyBook.load(files: files, on: FixtureBook.today)
    }

    private static func rule(_ code: String, of book: PolicyBook) throws -> Rule { try #require(book.rules.first { $0.code == code }) }

    @Test("a table as the editor of bpmn.io saves it is read as clauses")
    func saved() throws {
        let rule = try Self.rule("warning.drawn", of: try Self.book())
        #expect(rule.when.map(\.id) == ["r2", "r3"] && !rule.needsAll)
        #expect(rule.when.map(\.says) == ["三次以上处罚，罚款较多", "五次以上处罚"])
        // The column's values are asked for where the cell alone admits others.
        let allowed = "最近违法行为 in (\"轻微\", \"无证经营\", \"虚假宣传\")"
        #expect(rule.when.map(\.condition.text) == [
            "处罚次数 in [3..5) and 罚款金额 > 1.5 and not(最近违法行为 = \"轻微\") and \(allowed)", "处罚次数 >= 5 and 罚款金额 >= 10 and \(allowed)",
        ])
    }

    @Test("a table of DMN 1.5 with prefixes, annotations and item definitions is read as clauses")
    func prefixed() throws {
        let rule = try Self.rule("reward.drawn", of: try Self.book())
        #expect(rule.when.map(\.id) == ["r1", "r2"])
        #expect(rule.when.map(\.says) == ["没有处罚", "处罚不多，罚款很少"])
        #expect(rule.when.last?.condition.text == "处罚次数 in (1, 2) and (罚款金额 * 10000) <= 5000 and (在列数 = 0) = true")
    }

    @Test("tables of every version of DMN are read", arguments: [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/", "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ])
    func namespaces(namespace: String) throws {
        let book = try Self.book { $0[FixtureBook.drawing] = $0[FixtureBook.drawing]?.replacing("https://www.omg.org/spec/DMN/20191111/MODEL/", with: namespace) }
        #expect(try Self.rule("warning.drawn", of: book).when.count == 2)
    }

    @Test("a missing value is unknown and an unknown row makes nothing met")
    func unknown() throws {
        let book = try Self.book()
        let rule = try Self.rule("warning.drawn", of: book)
        func finding(_ values: [String: Value]) -> Finding {
            rule.judge(book.vocabulary.variables.map { values[$0.name] ?? .null })
        }
        #expect(finding([:]).outcome == .manual)
        #expect(finding(["处罚次数": .number(Number(1))]).outcome == .notMet, "no row is left, whatever else is missing")
        #expect(finding(["处罚次数": .number(Number(3)), "最近违法行为": .string("无证经营")]).outcome == .manual)
        #expect(finding(["处罚次数": .number(Number(9)), "罚款金额": .number(Number(50)), "最近违法行为": .string("另一种"), "在列数": .number(.zero)]).outcome == .notMet)
    }

    @Test("a change of a drawing changes the book's digest, and is told as a change of the rule")
    func difference() throws {
        let book = try Self.book()
        let changed = try Self.book { $0[FixtureBook.drawing] = $0[FixtureBook.drawing]?.replacing("<text>&gt;= 10</text>", with: "<text>&gt;= 8</text>") }
        #expect(book.digest != changed.digest)
        let lines = BookDifference(from: book, to: changed).lines
        #expect(lines.first?.hasPrefix("共 1 处不同") == true && lines.dropFirst().first == "修改　规则“近期处罚较多或较重”（warning.drawn，第 1 版）")
        #expect(lines.contains { $0.contains("处罚次数 >= 5 and 罚款金额 >= 8") && $0.contains("处罚次数 >= 5 and 罚款金额 >= 10") })
        // What only moves in the drawing is another file and the same rule.
        let moved = try Self.book { $0[FixtureBook.drawing] = $0[FixtureBook.drawing]?.replacing("x=\"160\"", with: "x=\"170\"") }
        #expect(book.digest != moved.digest && BookDifference(from: book, to: moved).lines == ["两本政策手册没有差别"])
    }

    @Test("two versions of a rule may use one drawing, and a drawing may lie beside a rule in a folder")
    func shared() throws {
        let book = try Self.book { files in
            let rule = files[FixtureBook.drawnRule] ?? ""
            files[FixtureBook.drawnRule] = rule.replacing("to:\n", with: "to: 2023-12-31\n")
            files["rules/warning-drawn-v2.yaml"] = rule.replacing("version: 1", with: "version: 2").replacing("from: 2022-03-01", with: "from: 2024-01-01")
            for path in [FixtureBook.otherDrawnRule, FixtureBook.otherDrawing] {
                files[path.replacing("rules/", with: "rules/激励/")] = files[path]
                files[path] = nil
            }
        }
        #expect(book.rules.filter { $0.code == "warning.drawn" }.map(\.when.count) == [2, 2])
        #expect(try Self.rule("reward.drawn", of: book).when.count == 2)
    }

    @Test("a drawing is read from its file, and one of more than a mebibyte is refused")
    func files() throws {
        #expect(try FixtureBook.load(FixtureBook.files).digest == (try Self.book()).digest)
        var files = FixtureBook.files
        files[FixtureBook.drawing]?.append("<!--" + String(repeating: "多", count: 400_000) + "-->")
        let error = #expect(throws: PolicyFaults.self) { _ = try FixtureBook.load(files) }
        #expect(error?.faults.contains { $0.file == FixtureBook.drawing && $0.message.contains("1 MiB") } == true, "\(String(describing: error))")
    }
}
