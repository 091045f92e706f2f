import Testing

@testable import Feel

/// Models that would take too long or break something, and what tools write that is easily lost.
@Suite struct DrawnModelTests {
    private static let numbers = (0..<8).map { "数\($0)" }
    private static let vocabulary = Vocabulary(numbers.map { Variable($0, .number) } + [Variable("次数", .number), Variable("级别", .string), Variable("日期", .date)])

    /// A table of rows of cells; the last is the outcome.
    private static func table(_ headings: [String], _ rows: [[String]], policy: String = "FIRST", allowed: String = "", wrap: (String) -> String = { $0.replacing("<", with: "&lt;") }) throws -> TriggerTable {
        let inputs = headings.map { "<input><inputExpression><text>\($0)</text></inputExpression><inputValues><text>\(allowed)</text></inputValues></input>" }.joined()
        let rules = rows.map { row in
            "<rule>\(row.dropLast().map { "<inputEntry><text>\(wrap($0))</text></inputEntry>" }.joined())<outputEntry><text>\(row.last ?? "")</text></outputEntry><description>理由</description></rule>\n"
        }
        let text = "<definitions><decision name=\"d\"><decisionTable hitPolicy=\"\(policy)\">\n\(inputs)<output/>\n\(rules.joined())</decisionTable></decision></definitions>"
        let model = try DrawnModel(text, file: "表.dmn")
        return try model.table(of: try #require(model.decisions.first), in: vocabulary)
    }

    private static func fault(_ body: () throws -> Void) throws -> DecisionFault {
        let error = #expect(throws: DecisionFaults.self, performing: body)
        return try #require(error?.faults.first)
    }

    @Test("text in a CDATA section is text, a tool's own attributes do not hide those of the standard")
    func text() throws {
        let table = try Self.table(["次数"], [["< 3", "true"]]) { "<![CDATA[\($0)]]>" }
        #expect(table.rows.map(\.condition.text) == ["次数 < 3"])
        let root = try XMLNode.parse(Array("<a xmlns:t='t' xmlns:u='u' t:name='2' name='1' u:name='3'/>".utf8), file: "a")
        #expect(root["name"] == "1")
    }

    @Test("what is cut off, badly nested or too deep is refused with its line", arguments: [
        ("<definitions>\n<decision>", 2), ("<definitions>\n</decision></definitions>", 2), ("<definitions/>\n<definitions/>", 2), ("", 0),
        (String(repeating: "<a>\n", count: 300_000), 201), (String(repeating: "<a>", count: 300_000) + String(repeating: "</a>", count: 300_000), 1),
        ("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>\n<definitions name=\"&b;\">", 2),
    ])
    func broken(text: String, line: Int) {
        let error = #expect(throws: DecisionFault.self) { _ = try DrawnModel(text, file: "坏.dmn") }
        #expect(error?.line == line && error?.message.contains("请用建模工具") == true, "\(String(describing: error))")
    }

    @Test("a row behind others that hold of all that it does is never reached; one that they leave something is")
    func reached() throws {
        let rows = [["< 3", "-", "true"], [">= 3", "\"A\"", "false"], ["-", "not(\"A\")", "true"]]
        #expect(try Self.table(["次数", "级别"], rows).rows.map(\.condition.text) == ["次数 < 3", "not(级别 = \"A\") and not(次数 < 3)"])
        let fault = try Self.fault { _ = try Self.table(["次数", "级别"], rows + [["[1..9]", "-", "true"]]) }
        #expect(fault.line == 6 && fault.message == "r4 永远轮不到：前面的 r1（第 3 行）、r2（第 4 行）、r3（第 5 行）已经包括了它的全部情形，请删去这一行或调整次序")
    }

    @Test("between two days that follow each other there is none, between two numbers there are")
    func between() throws {
        let days = [["<= @\"2024-01-01\"", "false"], [">= @\"2024-01-02\"", "true"]]
        #expect(try Self.table(["日期"], days, policy: "UNIQUE").rows.count == 1)
        let fault = try Self.fault { _ = try Self.table(["日期"], [["(@\"2024-01-01\"..@\"2024-01-02\")", "true"]]) }
        #expect(fault.message.contains("没有任何值能满足"))
        #expect(try Self.table(["次数"], [["(1..2)", "true"], ["(9E6144..)".replacing("..)", with: "..9.5E6144)"), "true"]]).rows.count == 2)
    }

    /// That eight pigeons do not fit into seven holes: rows that cover everything, which no short way shows.
    @Test("rows whose relation takes too long to tell are refused, and soon")
    func steps() throws {
        func row(_ asked: [Int: Int], _ outcome: String) -> [String] { (0..<8).map { asked[$0].map(String.init) ?? "-" } + [outcome] }
        var rows: [[String]] = []
        for one in 0..<8 { for other in 0..<one { for hole in 1...7 { rows.append(row([one: hole, other: hole], "false")) } } }
        let clock = ContinuousClock()
        var found: DecisionFault?
        let time = try clock.measure { found = try Self.fault { _ = try Self.table(Self.numbers, rows + [row([:], "true")], allowed: "1, 2, 3, 4, 5, 6, 7") } }
        #expect(found?.line == 199 && found?.message.contains("太复杂") == true, "\(String(describing: found))")
        #expect(time < .seconds(60), "\(time)")
    }

    @Test("more values than can be gone through are refused, and soon")
    func classes() throws {
        let many = (0..<900).map(String.init).joined(separator: ", ")
        let fault = try Self.fault { _ = try Self.table(["次数"], [[many, "true"], [many, "false"]], policy: "ANY") }
        #expect(fault.line == 1 && fault.message.contains("值太多"))
        let more = (0..<9000).map(String.init).joined(separator: ", ")
        #expect(try Self.fault { _ = try Self.table(["次数"], [[more, "true"]]) }.message.contains("运算太多"))
    }
}
