import Testing

@testable import Tables

@Suite("Workbooks that are refused")
struct XLSXRefusalTests {
    let scratch = Scratch()
    static let row = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"

    func check(_ bytes: [UInt8], _ code: TableFaultCode, sourceLocation: SourceLocation = #_sourceLocation) {
        let found = fault(scratch.file("坏.xlsx", bytes))
        #expect(found?.code == code, sourceLocation: sourceLocation)
        expectReadable(found, sourceLocation: sourceLocation)
    }

    @Test("document types and entity declarations, in the sheet or beside it")
    func documentTypes() {
        var fixture = BookFixture()
        fixture.sheets[0].whole = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\">]><worksheet><sheetData>\(Self.row)</sheetData></worksheet>"
        check(fixture.bytes(), .documentType)
        check(BookFixture(Self.row, strings: "<!ENTITY b SYSTEM \"file:///etc/passwd\"><si><t>x</t></si>").bytes(), .documentType)
        check(BookFixture("<row><c t=\"str\"><v>&a;</v></c></row>").bytes(), .malformedSheet)
        check(BookFixture("<row><c t=\"str\"><v>&#0;</v></c></row>").bytes(), .malformedSheet)
    }

    @Test("macros, by content type or by their part")
    func macros() {
        var fixture = BookFixture(Self.row)
        fixture.contentType = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
        check(fixture.bytes(), .macros)
        fixture = BookFixture(Self.row)
        fixture.extra = [.init(name: "xl/vbaProject.bin", bytes: [1])]
        check(fixture.bytes(), .macros)
    }

    @Test("encryption, by zip flag or as a compound file")
    func encryption() {
        var zip = BookFixture(Self.row).zip()
        zip.parts[0].flags = 1
        check(zip.bytes(), .encrypted)
        check(CompoundFixture(streams: [("EncryptionInfo", [1, 2]), ("EncryptedPackage", [UInt8](repeating: 7, count: 5000))]).bytes(), .encrypted)
    }

    @Test("bombs: declared or hidden, ratio, count, duplicates, overlap")
    func bombs() {
        let spaces = Array(String(repeating: "<col/>", count: 4 << 20).utf8)
        var zip = BookFixture(Self.row).zip()
        zip.parts[2].bytes = Array("<worksheet><sheetData>".utf8) + spaces
        check(zip.bytes(), .bomb)
        zip.parts[2].claimedBytes = 1000   // a lying directory: caught while inflating
        check(zip.bytes(), .bomb)
        zip = BookFixture(Self.row).zip()
        zip.parts += (0..<1000).map { .init(name: "x\($0)", bytes: []) }
        check(zip.bytes(), .bomb)
        zip = BookFixture(Self.row).zip()
        zip.parts.append(zip.parts[0])
        check(zip.bytes(), .bomb)
        // Two directory entries for the same bytes: the second entry's offset is made the first's.
        var fixture = BookFixture(Self.row)
        fixture.extra = [.init(name: "a.bin", bytes: [1, 2, 3]), .init(name: "b.bin", bytes: [1, 2, 3])]
        var bytes = fixture.bytes()
        let places = bytes.indices.dropLast(5).filter { Array(bytes[$0..<($0 + 5)]) == Array("b.bin".utf8) }
        bytes.replaceSubrange(places[0]..<(places[0] + 1), with: [0x61])
        check(bytes, .damaged)
    }

    @Test("declared totals beyond two gibibytes")
    func total() {
        var zip = BookFixture(Self.row).zip()
        zip.usesZip64 = true
        zip.parts += (0..<3).map { .init(name: "x\($0)", bytes: [UInt8](repeating: 1, count: 100), claimedBytes: 1_000_000_000) }
        check(zip.bytes(), .bomb)
    }

    @Test("archives that are no workbook")
    func foreign() {
        var zip = ZipFixture()
        zip.add("a.csv", "a,b\n")
        check(zip.bytes(), .notAWorkbook)
        zip.add("[Content_Types].xml", "<Types/>")
        check(zip.bytes(), .notAWorkbook)
        zip.add("word/document.xml", "<w/>")
        check(zip.bytes(), .notAWorkbook)
        zip = ZipFixture()
        zip.add("content.xml", "<x/>")
        check(zip.bytes(), .notAWorkbook)
        check(ZipFixture().bytes(), .notAWorkbook)
    }

    @Test("truncation at any place is a fault, never a shorter table")
    func truncation() {
        let bytes = BookFixture((1...50).map { "<row r=\"\($0)\"><c><v>\($0)</v></c></row>" }.joined()).bytes()
        for count in stride(from: 4, to: bytes.count, by: 37) { check(Array(bytes[..<count]), .damaged) }
    }

    @Test("a changed byte in a part is seen by its checksum")
    func checksum() {
        var fixture = BookFixture("<row><c><v>12345678</v></c></row>")
        fixture.deflated = false
        var bytes = fixture.bytes()
        guard let place = bytes.indices.dropLast(8).first(where: { Array(bytes[$0..<($0 + 8)]) == Array("12345678".utf8) }) else { return }
        bytes[place] = 0x39
        check(bytes, .damaged)
    }

    @Test("sheets that break their own rules", arguments: [
        ("<row r=\"2\"><c><v>1</v></c></row><row r=\"1\"><c><v>1</v></c></row>", TableFaultCode.malformedSheet),
        ("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>", .malformedSheet),
        ("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>", .malformedSheet),
        ("<row r=\"1048577\"><c><v>1</v></c></row>", .malformedSheet), ("<row r=\"x\"><c><v>1</v></c></row>", .malformedSheet),
        ("<row r=\"1\"><c t=\"s\"><v>5</v></c></row>", .malformedSheet), ("<row r=\"1\"><c r=\"AMK1\"><v>1</v></c></row>", .tooManyColumns),
        ("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><!--", .malformedSheet),
    ])
    func malformed(_ data: String, _ code: TableFaultCode) {
        check(BookFixture("<row r=\"1\"/>" == data ? "" : data).bytes(), code)
    }

    @Test("a sheet that stops amid its rows, text that is not UTF-8, an overlong cell")
    func more() {
        var fixture = BookFixture()
        fixture.sheets[0].whole = "<worksheet><sheetData>\(Self.row)"
        check(fixture.bytes(), .damaged)
        var zip = BookFixture(Self.row).zip()
        zip.parts[2].bytes = Array("<worksheet><sheetData><row><c t=\"str\"><v>".utf8) + [0xB0, 0xA1] + Array("</v></c></row></sheetData></worksheet>".utf8)
        check(zip.bytes(), .malformedSheet)
        var long = BookFixture("<row r=\"3\"><c r=\"B3\" t=\"str\"><v>\(String(repeating: "x", count: 1 << 20))y</v></c></row>")
        long.deflated = false
        let found = fault(scratch.file("a.xlsx", long.bytes()))
        #expect(found?.code == .cellTooLong)
        #expect(found?.line == 3)
        #expect(found?.sheet == "数据")
    }
}
