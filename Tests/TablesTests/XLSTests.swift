import Testing

@testable import Tables

@Suite("XLS (Excel 97-2003)")
struct XLSTests {
    let scratch = Scratch()
    typealias F = XLSFixture

    /// Row, column, style, then the value.
    static func cell(_ kind: UInt16, _ row: Int, _ column: Int, _ style: Int, _ value: [UInt8]) -> [UInt8] {
        F.record(kind, F.words(row, column, style) + value)
    }
    static func double(_ value: Double) -> [UInt8] { ZipFixture.little(value.bitPattern, 8) }
    static func packed(_ value: Int) -> [UInt8] { ZipFixture.little(UInt64(UInt32(bitPattern: Int32(value << 2))) | 2, 4) }

    static func sample() -> XLSFixture {
        var fixture = XLSFixture()
        fixture.globals = F.styles
        fixture.strings = F.strings(["名称", "驻马店市", "𬬭"])
        var data = cell(0xFD, 0, 0, 0, ZipFixture.little(0, 4)) + cell(0xFD, 0, 2, 0, ZipFixture.little(2, 4))
        data += cell(0x203, 2, 0, 0, double(12.5)) + cell(0x203, 2, 1, 1, double(44543)) + cell(0x203, 2, 2, 2, double(44543.5))
        data += cell(0x27E, 3, 0, 0, packed(-7)) + cell(0x27E, 3, 1, 0, ZipFixture.little(UInt64(UInt32(1234 << 2) | 3), 4))
        data += cell(0x204, 3, 2, 0, F.text("旧式")) + cell(0x205, 3, 3, 0, [1, 0]) + cell(0x205, 3, 4, 0, [0x2A, 1]) + cell(0x201, 3, 5, 0, [])
        data += F.record(0xBD, F.words(4, 1) + F.words(0) + packed(1) + F.words(1) + packed(44543) + F.words(2))
        data += cell(0x06, 5, 0, 0, double(3) + [0, 0]) + cell(0x06, 5, 1, 0, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0]) + F.record(0x4BC, [1, 2, 3]) + F.record(0x207, F.text("公式文字"))
        data += cell(0x06, 5, 2, 0, [1, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0, 0]) + cell(0x06, 5, 3, 0, [2, 0, 7, 0, 0, 0, 0xFF, 0xFF, 0, 0]) + cell(0x06, 5, 4, 0, [3, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0])
        fixture.sheets = [("隐藏", 1, cell(0x203, 0, 0, 0, double(1))), ("空白", 0, []), ("数据", 0, data), ("其他", 0, cell(0x203, 0, 0, 0, double(1)))]
        return fixture
    }

    @Test("every kind of cell of the first visible sheet with content")
    func cells() throws {
        for batch in [1, 1000] {
            let table = try Table(scratch.file("a.csv", Self.sample().bytes()), batch: batch)
            #expect(table.format == .xls)
            #expect(table.sheet == "数据")
            #expect(table.unreadSheets == ["其他"])
            #expect(table.lines == [1, 3, 4, 5, 6])
            #expect(
                table.texts == [
                    ["名称", "", "𬬭"], ["12.5", "2021-12-13", "2021-12-13 12:00:00"], ["-7", "12.34", "旧式", "TRUE", "#N/A"], ["", "1", "2021-12-13"],
                    ["3", "公式文字", "TRUE", "#DIV/0!"],
                ])
            #expect(table.rows[1].map(\.form) == [.number, .date, .date])
            #expect(table.rows[2].map(\.form) == [.number, .number, .text, .boolean, .error])
        }
    }

    @Test("large streams lie in sectors of their own; texts go on in continuation records, changing width amid characters")
    func continuations() throws {
        var fixture = Self.sample()
        // "驻马" wide, then "AB" narrow after the break, then a second text whose characters begin at the next break.
        let first = F.words(4) + [1] + "驻马".utf16.flatMap { ZipFixture.little(UInt64($0), 2) }
        let second = F.words(2) + [0]
        fixture.strings = F.record(0xFC, F.words(2, 0, 2, 0) + first) + F.record(0x3C, [0] + Array("AB".utf8) + second) + F.record(0x3C, [1] + "店市".utf16.flatMap { ZipFixture.little(UInt64($0), 2) })
        var data = Self.cell(0xFD, 0, 0, 0, ZipFixture.little(0, 4)) + Self.cell(0xFD, 0, 1, 0, ZipFixture.little(1, 4))
        for row in 1...500 { data += Self.cell(0x203, row, 0, 0, Self.double(Double(row))) }
        fixture.sheets = [("数据", 0, data)]
        let table = try Table(scratch.file("a.xls", fixture.bytes()))
        #expect(table.texts[0] == ["驻马AB", "店市"])
        #expect(table.texts.count == 501)
        #expect(table.texts[500] == ["500"])
    }

    @Test("what is refused: passwords, macros, old versions, other documents, disorder")
    func refusals() {
        func check(_ bytes: [UInt8], _ code: TableFaultCode, sourceLocation: SourceLocation = #_sourceLocation) {
            let found = fault(scratch.file("a.xls", bytes))
            #expect(found?.code == code, sourceLocation: sourceLocation)
            expectReadable(found, sourceLocation: sourceLocation)
        }
        var fixture = Self.sample()
        fixture.globals += F.record(0x2F, [0, 0])
        check(fixture.bytes(), .encrypted)
        check(CompoundFixture(streams: [("Workbook", Self.sample().stream()), ("_VBA_PROJECT", [1])]).bytes(), .macros)
        check(CompoundFixture(streams: [("Workbook", Self.sample().stream(version: 0x500))]).bytes(), .notAWorkbook)
        check(CompoundFixture(streams: [("Book", [1])]).bytes(), .notAWorkbook)
        check(CompoundFixture(streams: [("WordDocument", [1])]).bytes(), .notAWorkbook)
        check(CompoundFixture(streams: []).bytes(), .notAWorkbook)
        fixture = Self.sample()
        fixture.sheets = [("空", 0, [])]
        check(fixture.bytes(), .empty)
        fixture.sheets = [("乱", 0, Self.cell(0x203, 1, 0, 0, Self.double(1)) + Self.cell(0x203, 0, 0, 0, Self.double(1)))]
        check(fixture.bytes(), .malformedSheet)
        fixture.sheets = [("乱", 0, Self.cell(0xFD, 1, 0, 0, ZipFixture.little(9, 4)))]
        check(fixture.bytes(), .malformedSheet)
        let bytes = Self.sample().bytes()
        for count in stride(from: 8, to: bytes.count - 512, by: 211) { check(Array(bytes[..<count]), .damaged) }
    }
}
