import Testing

@testable import Tables

@Suite("XLSX: what a sheet can hold")
struct XLSXTests {
    let scratch = Scratch()

    func table(_ fixture: BookFixture, batch: Int = 1000) throws -> Table {
        try Table(scratch.file("a.xlsx", fixture.bytes()), batch: batch)
    }

    @Test("shared, inline and formula strings; entities, CDATA, runs, phonetics, escapes")
    func strings() throws {
        let fixture = BookFixture(
            """
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c></row>
            <row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve"> 甲 </t></is></c><c r="B2" t="inlineStr"><is><r><t>乙</t></r><r><rPr><b/></rPr><t>丙</t></r><rPh sb="0" eb="1"><t>yi</t></rPh></is></c>
            <c r="C2" t="str"><f>A1&amp;"x"</f><v>&lt;丁&gt;&#x20;&#20013;&quot;&apos;</v></c><c r="D2" t="inlineStr"><is><t><![CDATA[a<b&amp;]]></t></is></c></row>
            """,
            strings: """
                <si><t>统一社会信用代码</t></si><si><r><t>处</t></r><r><rPr><sz val="11"/></rPr><t xml:space="preserve">罚 </t></r><rPh sb="0" eb="1"><t>chu</t></rPh><phoneticPr fontId="1"/></si>\
                <si><t>一_x000D_二_x005F_x000D_三_x00G0_</t></si><si><t/></si>
                """)
        let table = try table(fixture)
        #expect(table.texts == [["统一社会信用代码", "处罚 ", "一\r二_x000D_三_x00G0_"], [" 甲 ", "乙丙", "<丁> 中\"'", "a<b&amp;"]])
        #expect(table.rows.flatMap { $0 }.allSatisfy { $0.form == .text })
        #expect(table.sheet == "数据")
    }

    @Test("sparse rows and columns stand where their references say; blank rows and trailing blanks are left out")
    func sparse() throws {
        let fixture = BookFixture(
            """
            <row r="3"><c r="B3"><v>1</v></c><c r="D3" s="1"/><c r="E3" t="inlineStr"><is><t></t></is></c></row><row r="4"/><row r="5"><c r="A5" s="2"/></row>
            <row r="7" hidden="1"><c r="AA7"><v>2</v></c></row><row><c><v>3</v></c><c/><c><v>4</v></c></row>
            """)
        let table = try table(fixture, batch: 1)
        #expect(table.lines == [3, 7, 8])
        #expect(table.texts[0] == ["", "1"])
        #expect(table.texts[1] == Array(repeating: "", count: 26) + ["2"])
        #expect(table.texts[2] == ["3", "", "4"])
        #expect(table.rows[0][0].form == .empty)
    }

    @Test("numbers are shown as a person sees them", arguments: [
        ("12", "12"), ("-7", "-7"), ("1.0E+17", "100000000000000000"), ("4.1170219900101E17", "411702199001010000"), ("12.50", "12.5"), ("1.0", "1"),
        ("0.30000000000000004", "0.3"), ("12.300000000000001", "12.3"), ("1e-3", "0.001"), ("-1.5E-7", "-0.00000015"), ("0", "0"), ("-0", "0"), ("0.0", "0"),
        ("411702199001010023", "411702199001010023"), ("00012", "12"), (".5", "0.5"), ("5.", "5"), ("+3", "3"), ("9.999999999999999999", "10"),
        ("123456.7890123456789", "123456.789012346"), ("1E+2", "100"), ("3.14E0", "3.14"),
    ])
    func numbers(_ stored: String, _ shown: String) throws {
        let table = try table(BookFixture("<row><c><v>\(stored)</v></c></row>"))
        #expect(table.rows == [[Shown(form: .number, text: shown)]])
    }

    @Test("a number cell without a number is an error cell", arguments: ["abc", "1e", "--1", "1e999", "NaN", "0x10", "1 2"])
    func notNumbers(_ stored: String) throws {
        #expect(try table(BookFixture("<row><c><v>\(stored)</v></c></row>")).rows == [[Shown(form: .error, text: stored)]])
    }

    static let styles = """
        <numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="165" formatCode="[h]:mm"/>\
        <numFmt numFmtId="166" formatCode="0.00&quot;days&quot;"/><numFmt numFmtId="167" formatCode="[Red]0;[Blue]yyyy"/><numFmt numFmtId="168" formatCode="[$-804]yyyy/m/d;@"/></numFmts>\
        <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="21"/><xf numFmtId="164"/><xf numFmtId="165"/>\
        <xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="168"/><xf numFmtId="31"/><xf numFmtId="4"/></cellXfs>
        """

    @Test("date formats turn serials into dates", arguments: [
        (1, "44543", "2021-12-13", CellForm.date), (2, "44543.4308101852", "2021-12-13 10:20:22", .date), (3, "0.5", "12:00:00", .date),
        (4, "44543", "2021-12-13", .date), (8, "44543", "2021-12-13", .date), (9, "44543", "2021-12-13", .date), (1, "44542.999999", "2021-12-13", .date),
        (5, "1.5", "1.5", .number), (6, "44543", "44543", .number), (7, "44543", "44543", .number), (10, "44543", "44543", .number), (0, "44543", "44543", .number),
        (1, "1", "1900-01-01", .date), (1, "59", "1900-02-28", .date), (1, "60", "1900-02-29", .date), (1, "61", "1900-03-01", .date),
        (1, "2958465", "9999-12-31", .date), (1, "2958466", "2958466", .number), (1, "-1", "-1", .number), (99, "44543", "44543", .number), (1, "4.4543E4", "2021-12-13", .date),
    ])
    func dates(_ style: Int, _ serial: String, _ shown: String, _ form: CellForm) throws {
        let fixture = BookFixture("<row><c s=\"\(style)\"><v>\(serial)</v></c></row>", styles: Self.styles)
        #expect(try table(fixture).rows == [[Shown(form: form, text: shown)]])
    }

    @Test("the 1904 system, and dates stored as ISO text")
    func otherDates() throws {
        var fixture = BookFixture(
            "<row><c s=\"1\"><v>0</v></c><c s=\"1\"><v>43081.25</v></c><c t=\"d\"><v>2021-12-13T00:00:00.000</v></c><c t=\"d\"><v>2021-12-13T08:30:00Z</v></c></row>",
            styles: Self.styles)
        fixture.is1904 = true
        #expect(try table(fixture).texts == [["1904-01-01", "2021-12-13 06:00:00", "2021-12-13", "2021-12-13 08:30:00"]])
    }

    @Test("booleans, errors, formulas without a result, merged cells, namespace prefixes")
    func others() throws {
        var fixture = BookFixture()
        fixture.sheets[0].whole = """
            <?xml version="1.0"?><!-- 注释 > --><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetPr/><x:cols><x:col min="1" max="2"/></x:cols>
            <x:sheetData><x:row r='1' ht="20"><x:c r='A1' t="b"><x:v>1</x:v></x:c><x:c r="B1" t="b"><x:v>0</x:v></x:c><x:c r="C1" t="e"><x:v>#N/A</x:v></x:c>
            <x:c r="D1"><x:f>SUM(A1:B1)</x:f></x:c><x:c r="E1"><x:f t="shared" si="0">1&lt;2</x:f><x:v>3</x:v></x:c><x:c r="F1" t="inlineStr"><x:is><x:t>合并</x:t></x:is></x:c></x:row></x:sheetData>
            <x:mergeCells><x:mergeCell ref="F1:H2"/></x:mergeCells></x:worksheet>
            """
        #expect(
            try table(fixture).rows == [
                [
                    Shown(form: .boolean, text: "TRUE"), Shown(form: .boolean, text: "FALSE"), Shown(form: .error, text: "#N/A"), Shown(form: .error, text: "公式未计算"),
                    Shown(form: .number, text: "3"), Shown(form: .text, text: "合并"),
                ]
            ])
    }

    @Test("the first visible sheet with content is read, the other ones with content are named")
    func sheets() throws {
        let cell = "<row><c><v>1</v></c></row>"
        var fixture = BookFixture()
        fixture.sheets = [
            .init(name: "模板信息", data: cell, state: "veryHidden"), .init(name: "隐藏", data: cell, state: "hidden"), .init(name: "空白", data: "<row r=\"2\"><c s=\"1\"/></row>"),
            .init(name: "A &amp; B", data: cell), .init(name: "另一张", data: cell), .init(name: "又空", data: ""),
        ]
        let table = try table(fixture)
        #expect(table.sheet == "A & B")
        #expect(table.unreadSheets == ["另一张"])
        fixture.sheets = [.init(name: "甲", data: ""), .init(name: "乙", data: cell, state: "hidden")]
        let empty = fault(scratch.file("a.xlsx", fixture.bytes()))
        #expect(empty?.code == .empty)
        #expect(empty?.sheet == "甲")
    }

    @Test("stored parts, Zip64 and data descriptors are read alike")
    func zips() throws {
        var fixture = BookFixture("<row><c t=\"inlineStr\"><is><t>甲</t></is></c></row>")
        for deflated in [true, false] {
            fixture.deflated = deflated
            var zip = fixture.zip()
            #expect(try Table(scratch.file("a.xlsx", zip.bytes())).texts == [["甲"]])
            zip.usesZip64 = true
            #expect(try Table(scratch.file("a.xlsx", zip.bytes())).texts == [["甲"]])
            for index in zip.parts.indices { zip.parts[index].flags = 8 }
            #expect(try Table(scratch.file("a.xlsx", zip.bytes())).texts == [["甲"]])
        }
    }

    @Test("batches end at rows, whatever the batch size and however the window cuts")
    func batches() throws {
        var data = ""
        for row in 1...3000 { data += "<row r=\"\(row)\"><c r=\"A\(row)\"><v>\(row)</v></c><c r=\"C\(row)\" t=\"inlineStr\"><is><t>\(String(repeating: "文&amp;", count: row % 97))。</t></is></c></row>" }
        let path = scratch.file("a.xlsx", BookFixture(data).bytes())
        let whole = try Table(path, batch: 100_000)
        #expect(whole.rows.count == 3000)
        #expect(whole.texts[2999] == ["3000", "", String(repeating: "文&", count: 3000 % 97) + "。"])
        for batch in [1, 7, 1000] { #expect(try Table(path, batch: batch).texts == whole.texts) }
    }
}
