import Identifiers
import Tables
import Testing

@testable import Measures

/// A sheet of questions comes back as the same sheet with answers behind its rows.
@Suite struct VerificationSheetTests {
    private func sheet(_ text: String) throws -> VerificationSheet { try VerificationSheet(Array(text.utf8), name: "问题.csv") }

    /// All cells of a workbook, row by row.
    private func cells(_ bytes: [UInt8]) throws -> [[String]] {
        let reader = try TableFile.open(HeldBytes(bytes), name: "结果.xlsx")
        var rows: [[String]] = []
        while let batch = try reader.next(maximumRows: 100) { rows += batch.rows.indices.map { batch.texts(row: $0) } }
        return rows
    }

    private func written(_ sheet: VerificationSheet, _ answers: [VerificationSheet.Answer]) throws -> [UInt8] {
        let file = try MemoryFile()
        try sheet.write(answers, watermark: "某局 某人", to: file.path)
        return try file.bytes()
    }

    @Test("columns are found by their titles, in any order, below titles of the sheet; blank rows are passed over")
    func columns() throws {
        let sheet = try sheet("批量核查,,,\n\n统一社会信用代码*,备注, 办件号,事项编码\n A1 ,x,C-1,XK-02 食品经营\n,,,\nB2,,C-2,\n")
        #expect(sheet.rows.map(\.identifier) == ["A1", "B2"] && sheet.rows.map(\.caseNumber) == ["C-1", "C-2"])
        #expect(sheet.rows.map(\.matter) == ["XK-02", ""] && sheet.rows.map(\.name) == ["", ""])
    }

    @Test("the answered sheet keeps the asker's columns, says why a row has no answer, and can be asked again")
    func again() throws {
        let sheet = try sheet("办件号,代码,备注\nC-1,A1,甲\nC-2,=1+1,乙\n")
        let bytes = try written(sheet, [.problem("代码有误：x"), .problem("没有办件号")])
        let rows = try cells(bytes)
        let header = try #require(rows.first { $0.contains("核查结论") })
        #expect(Array(header.prefix(5)) == ["办件号", "代码", "备注", "核查结论", "说明"] && rows[0][0] == "某局 某人")
        #expect(rows.contains { Array($0.prefix(5)) == ["C-1", "A1", "甲", "没有核查", "代码有误：x"] })
        let repeated = try VerificationSheet(bytes, name: "结果.xlsx")
        #expect(repeated.rows.map(\.caseNumber) == ["C-1", "C-2"])
        let second = try cells(try written(repeated, [.problem("a"), .problem("b")]))
        #expect(second.first { $0.contains("核查结论") } == header)
    }

    @Test("what asks nothing is refused and says so", arguments: ["a,b\n1,2\n", "办件号,代码\n", "办件号,名称\nC-1,某公司\n"])
    func nothing(text: String) { #expect(throws: VerificationSheet.Fault.self) { try sheet(text) } }

    @Test("what unfolds too far, or could not be written back, is refused before anything is looked up", arguments: [
        "办件号,代码\nC-1," + String(repeating: "长", count: 3_000) + "\n", "办件号,代码\n" + String(repeating: ",\n", count: 30_000) + "C-1,A1\n",
        "办件号,代码\n" + String(repeating: "C-1,A1," + String(repeating: "x", count: 7_000) + "," + String(repeating: "y", count: 7_000) + "\n", count: 1_500),
        "办件号,代码" + String(repeating: ",列", count: 300) + "\nC-1,A1\n",
    ])
    func unfolding(text: String) { #expect(throws: VerificationSheet.Fault.self) { try sheet(text) } }

    @Test("a column that only has the name of an answer is the asker's own")
    func ownColumn() throws {
        let rows = try cells(try written(try sheet("办件号,代码,说明\nC-1,A1,自己的\n"), [.problem("x")]))
        #expect(rows.contains { Array($0.prefix(4)) == ["C-1", "A1", "自己的", "没有核查"] })
    }

    @Test("more rows than one file may have are refused, not cut")
    func tooMany() throws {
        let rows = String(repeating: "C-1,A1\n", count: VerificationSheet.rowLimit)
        #expect(try sheet("办件号,代码\n" + rows).rows.count == VerificationSheet.rowLimit)
        #expect(throws: VerificationSheet.Fault.self) { try sheet("办件号,代码\n" + rows + "C-2,A2\n") }
    }

    @Test("a long code that the sheet keeps as a number has lost its end")
    func number() throws {
        let file = try MemoryFile()
        let writer = try TableFile.create(path: file.path, format: .xlsx, layout: TableLayout(columns: [TableColumn("办件号"), TableColumn("代码")]))
        try writer.append([.text("C-1"), .number(411_702_190_001_010_048)])
        try writer.append([.text("C-2"), .text("411702190001010023")])
        try writer.finish()
        #expect(try VerificationSheet(try file.bytes(), name: "x").rows.map(\.isDamaged) == [true, false])
    }

    @Test("the template asks for what a sheet must have")
    func template() throws {
        let file = try MemoryFile()
        try VerificationSheet.writeTemplate(for: [], to: file.path)
        #expect(try cells(try file.bytes()).first == ["事项编码", "办件号", "代码", "名称"])
    }

    @Test("20,000 mutated sheets give rows or a fault, and never a trap")
    func mutated() throws {
        let sound = Array("事项编码,办件号,代码,名称\nXK-02,C-1,91410000MA0000001U,某公司\n,C-2,\"a\nb\",\n".utf8)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1...4, using: &random) { bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
            do { #expect(try VerificationSheet(bytes, name: "x").rows.count <= 4) } catch is VerificationSheet.Fault {} catch is TableFault {}
        }
    }
}
