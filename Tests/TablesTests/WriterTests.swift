import Testing

@testable import Tables

@Suite("Writing")
struct WriterTests {
    let scratch = Scratch()

    func write(_ name: String, _ format: TableFormat, _ layout: TableLayout, _ rows: [[CellValue]]) throws -> String {
        let path = scratch.place(name)
        let writer = try TableFile.create(path: path, format: format, layout: layout)
        for row in rows { try writer.append(row) }
        try writer.finish()
        return path
    }

    @Test("CSV in each encoding: titles, header, values", arguments: [TextEncoding.utf8, .utf8BOM, .gb18030])
    func csv(_ encoding: TextEncoding) throws {
        let layout = TableLayout(columns: [TableColumn("名称"), TableColumn("金额"), TableColumn("日期"), TableColumn("有效")], titleRows: ["演示数据, 2026"])
        let path = try write(
            "a.csv", .csv(encoding), layout, [[.text("甲\"乙\""), .number(12.5), .date(18974), .boolean(true)], [.text(" "), .number(1e17), .date(-719_162), .empty]])
        let table = try Table(path)
        #expect(table.format == .csv(encoding))
        #expect(
            table.texts == [["演示数据, 2026"], ["名称", "金额", "日期", "有效"], ["甲\"乙\"", "12.5", "2021-12-13", "TRUE"], [" ", "100000000000000000", "0001-01-01", ""]])
    }

    @Test("formula-like text is quoted in exports that ask for it, and only there", arguments: ["=1+1", "+86", "-1", "@x", "\tx", "\rx"])
    func formulas(_ text: String) throws {
        var layout = TableLayout(columns: [TableColumn("a")], writesHeader: false)
        #expect(try Table(write("a.csv", .csv(.utf8), layout, [[.text(text)]])).texts == [[text]])
        layout.safe = true
        #expect(try Table(write("a.csv", .csv(.utf8), layout, [[.text(text), .number(-1)]])).texts == [["'" + text, "-1"]])
    }

    @Test("XLSX: titles, text columns, real dates, drop-downs short and long, hidden sheets", arguments: [false, true])
    func xlsx(sharedStrings: Bool) throws {
        let layout = TableLayout(
            columns: [
                TableColumn("统一社会信用代码", format: .text, required: true), TableColumn("日期", format: .date), TableColumn("类别", choices: ["罚款", "警告"]),
                TableColumn("行业", choices: (0..<90).map { "行业,\($0)" }), TableColumn("金额", format: .decimal, width: 20),
            ], sheet: "处罚", titleRows: ["行政处罚信息", "演示数据"], metadata: [TableMetadata("资源编码", "ZMD-03-0002"), TableMetadata("版本", "1")],
            sharedStrings: sharedStrings)
        let path = try write(
            "a.xlsx", .xlsx, layout,
            [[.text("914117001234567890"), .date(18974), .text("罚款"), .empty, .number(0.1)], [.number(4.11702199001010e17), .date(-30_000), .text("=1+1"), .boolean(false)], [.empty, .text("<&>\u{1}\n\"")]])
        let table = try Table(path)
        #expect(table.sheet == "处罚")
        #expect(table.unreadSheets == [])
        #expect(
            table.texts == [
                ["行政处罚信息"], ["演示数据"], ["统一社会信用代码", "日期", "类别", "行业", "金额"], ["914117001234567890", "2021-12-13", "罚款", "", "0.1"],
                ["411702199001010000", "1887-11-12", "=1+1", "FALSE"], ["", "<&>\u{1}\n\""],
            ])
        #expect(table.rows[3].map(\.form) == [.text, .date, .text, .empty, .number])
        #expect(table.rows[4].map(\.form) == [.number, .text, .text, .boolean])
        let book = try Workbook(try FileBytes(path: path))
        #expect(book.sheets.map(\.name) == ["处罚", "选项4", "模板信息"])
        #expect(book.sheets.map(\.isVisible) == [true, false, false])
    }

    @Test("what cannot be written is a fault with its row")
    func faults() throws {
        func caught(_ name: String, _ format: TableFormat, _ rows: [[CellValue]], sheet: String = "数据") -> TableFault? {
            do throws(TableFault) {
                let writer = try TableFile.create(path: scratch.place(name), format: format, layout: TableLayout(columns: [TableColumn("h")], sheet: sheet))
                for row in rows { try writer.append(row) }
                try writer.finish()
                return nil
            } catch {
                expectReadable(error)
                return error
            }
        }
        let unmapped = caught("a.csv", .csv(.gb18030), [[.text("甲")], [.text("乙\n")], [.text("\u{E78D}")]])
        #expect(unmapped?.code == .unwritableValue)
        #expect(caught("a.csv", .csv(.utf8), [[.text("a\u{0}")]])?.line == 2)
        #expect(caught("a.xlsx", .xlsx, [[.text(String(repeating: "字", count: 32_767))]]) == nil)
        let long = caught("a.xlsx", .xlsx, [[.text("x")], [.text(String(repeating: "字", count: 32_768))]])
        #expect(long?.code == .unwritableValue)
        #expect(long?.line == 3)
        #expect(caught("a.xlsx", .xlsx, [], sheet: "a[b]")?.code == .unwritableValue)
        #expect(caught("missing/a.csv", .csv(.utf8), [])?.code == .unwritable)
        #expect(caught("missing/a.xlsx", .xlsx, [])?.code == .unwritable)
        #expect(caught("a.xls", .xls, [])?.code == .unwritable)
    }
}

@Suite("Sniffing")
struct SniffTests {
    let scratch = Scratch()

    @Test("a file is what its bytes say, whatever its name")
    func renamed() throws {
        #expect(try TableFile.sniff(path: scratch.file("a.xls", "a,b\n1,2\n")) == .csv(.utf8))
        #expect(try TableFile.sniff(path: scratch.file("a.csv", BookFixture().bytes())) == .xlsx)
        #expect(try TableFile.sniff(path: scratch.file("a.xlsx", XLSTests.sample().bytes())) == .xls)
        #expect(try TableFile.sniff(path: scratch.file("a.csv", " {\"a\":1}\n")) == .jsonLines)
    }

    @Test("other kinds are named and refused", arguments: [
        ("<html><table><tr><td>1", TableFaultCode.markup, "另存为 .xlsx"), ("\u{FEFF}\r\n <?xml version=\"1.0\"?>", .markup, "另存为 .xlsx"), ("%PDF-1.7", .unknownKind, "表格"),
        ("Rar!\u{1A}", .unknownKind, "表格"), ("GIF89a", .unknownKind, "表格"), ("{\\rtf1", .unknownKind, "表格"),
    ])
    func foreign(_ text: String, _ code: TableFaultCode, _ cure: String) {
        let found = fault(scratch.file("a.xls", text))
        #expect(found?.code == code)
        #expect(found?.cure.contains(cure) == true)
        expectReadable(found)
    }

    @Test("a file that is missing, a folder, or a device is unreadable")
    func unreadable() {
        for path in [scratch.path + "/none.csv", scratch.path, "/dev/zero"] {
            let found = fault(path)
            #expect(found?.code == .unreadable)
            expectReadable(found)
        }
    }
}
