import Testing

@testable import Tables

@Suite("CSV: rows, quotes, line breaks")
struct CSVTests {
    let scratch = Scratch()

    @Test(
        "a file gives these rows",
        arguments: [
            ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
            ("a,b\n\n\r\n1,2\n\n", [["a", "b"], ["1", "2"]]),
            ("\"a\"\"b\",\"c\nd\",\"e,f\"\n", [["a\"b", "c\nd", "e,f"]]),
            ("\"\",\"\"\"\"\n", [["", "\""]]),
            ("a\"b,c\"\"\n", [["a\"b", "c\"\""]]),
            ("\"a\" ,b\n", [["a", "b"]]),
            ("标题一行\n甲,乙\n", [["标题一行"], ["甲", "乙"]]),
            ("a,\n,b\n,\n", [["a", ""], ["", "b"], ["", ""]]),
            ("a\tb,c\td\n1\t2\t3\n", [["a", "b,c", "d"], ["1", "2", "3"]]),
            ("a;b;c\n1;2,5;3\n", [["a", "b", "c"], ["1", "2,5", "3"]]),
            ("x", [["x"]]), ("\"x\"", [["x"]]), ("\"x\"\r", [["x"]]),
        ])
    func rows(_ text: String, _ expected: [[String]]) throws {
        #expect(try Table(scratch.file("a.csv", text)).texts == expected)
    }

    @Test("rows carry the physical line on which they start, line breaks in quotes counted")
    func lines() throws {
        let table = try Table(scratch.file("a.csv", "h\r\n\r\n\"a\r\nb\nc\rd\"\r\nx\n\"\n\"\ny\n"), batch: 2)
        #expect(table.texts == [["h"], ["a\r\nb\nc\rd"], ["x"], ["\n"], ["y"]])
        #expect(table.lines == [1, 3, 7, 8, 10])
    }

    @Test("an empty cell is empty, any other is text, ragged rows show their width")
    func forms() throws {
        let table = try Table(scratch.file("a.csv", "a,,c\n1\n1,2,3,4\n"))
        #expect(table.rows[0].map(\.form) == [.text, .empty, .text])
        #expect(table.rows.map(\.count) == [3, 1, 4])
    }

    @Test("what cannot be read is refused with its line", arguments: [
        ("a,b\n\"x,y\nz\n1,2\n", .unclosedQuote, 2),
        ("a,b\n1,\"x\"y\n", .strayText, 2),
        ("h\n\"a\nb\"c\n", .strayText, 3),
        ("", .empty, nil), ("\r\n\n", .empty, nil), ("\u{FEFF}", .empty, nil),
        ("a,b\n1\u{0},2\n", .nulByte, 2),
    ] as [(String, TableFaultCode, Int?)])
    func refusals(_ text: String, _ code: TableFaultCode, _ line: Int?) {
        let found = fault(scratch.file("坏.csv", text))
        #expect(found?.code == code)
        #expect(found?.line == line)
        #expect(found?.file == "坏.csv")
        expectReadable(found)
    }

    @Test("limits: a long cell, a long line, an endless quote, too many columns")
    func limits() {
        let mebibyte = String(repeating: "x", count: 1 << 20)
        #expect(fault(scratch.file("a.csv", "h\n" + mebibyte)) == nil)
        #expect(fault(scratch.file("a.csv", "h\n" + mebibyte + "y"))?.code == .cellTooLong)
        let row = Array(repeating: mebibyte, count: 17).joined(separator: ",")
        let long = fault(scratch.file("a.csv", "h\n" + row))
        #expect(long?.code == .lineTooLong)
        #expect(long?.line == 2)
        let open = fault(scratch.file("a.csv", "h\n\n\"" + row))
        #expect(open?.code == .unclosedQuote)
        #expect(open?.line == 3)
        #expect(fault(scratch.file("a.csv", Array(repeating: "c", count: 1024).joined(separator: ","))) == nil)
        #expect(fault(scratch.file("a.csv", Array(repeating: "c", count: 1025).joined(separator: ",")))?.code == .tooManyColumns)
    }

    @Test("rows that straddle the window come out whole")
    func window() throws {
        var text = ""
        var expected: [[String]] = []
        for row in 0..<3000 {
            let cell = String(repeating: "行\(row)", count: row % 150 + 1)
            text += "\(row),\"\(cell)\r\n\"\"\",z\r\n"
            expected.append(["\(row)", cell + "\r\n\"", "z"])
        }
        #expect(text.utf8.count > 1 << 20)
        #expect(try Table(scratch.file("a.csv", text), batch: 7).texts == expected)
    }
}

@Suite("Encodings")
struct EncodingTests {
    let scratch = Scratch()

    @Test("UTF-8 with and without mark, and GB 18030, are found by the bytes")
    func found() throws {
        #expect(try Table(scratch.file("a.txt", "名称\n甲\n")).format == .csv(.utf8))
        let marked = try Table(scratch.file("a.xls", "\u{FEFF}名称\n甲\n"))
        #expect(marked.format == .csv(.utf8BOM))
        #expect(marked.texts == [["名称"], ["甲"]])
        let gb = try Table(scratch.file("a.csv", [0xC3, 0xFB, 0xB3, 0xC6, 0x0A, 0xBC, 0xD7, 0x0A]))
        #expect(gb.format == .csv(.gb18030))
        #expect(gb.texts == [["名称"], ["甲"]])
    }

    @Test("a file that is UTF-8 for two megabytes and then GB 18030 only is judged as a whole")
    func late() throws {
        var bytes = Array(String(repeating: "abc,def\n", count: 300_000).utf8)
        bytes += [0xBC, 0xD7, 0x2C, 0xD2, 0xD2, 0x0A]
        let table = try Table(scratch.file("a.csv", bytes))
        #expect(table.format == .csv(.gb18030))
        #expect(table.texts.last == ["甲", "乙"])
    }

    @Test("bytes that are neither are refused with byte and line")
    func neither() {
        let early = fault(scratch.file("a.csv", Array("a,b\n1,2\nx,".utf8) + [0xFF, 0x0A]))
        #expect(early?.code == .encoding)
        #expect(early?.line == 3)
        #expect(early?.byte == 10)
        expectReadable(early)
        // UTF-8 throughout, with one byte lost in line 3: the place is where UTF-8 fails.
        var bytes = Array("名称,代码\n驻马店市,1\n驻马店市,2\n驻马店市,3\n".utf8)
        bytes.remove(at: 14 + 15 + 2)
        let lost = fault(scratch.file("a.csv", bytes))
        #expect(lost?.code == .encoding)
        #expect(lost?.line == 3)
        // Marked as UTF-8 and not it.
        #expect(fault(scratch.file("a.csv", [0xEF, 0xBB, 0xBF, 0x61, 0x0A, 0xC3, 0x0A]))?.line == 2)
    }

    @Test("UTF-16 and UTF-32 are refused with the cure", arguments: [[0xFF, 0xFE, 0x61, 0], [0xFE, 0xFF, 0, 0x61], [0xFF, 0xFE, 0, 0]] as [[UInt8]])
    func wide(_ bytes: [UInt8]) {
        let found = fault(scratch.file("a.csv", bytes))
        #expect(found?.code == .wideEncoding)
        #expect(found?.cure.contains("UTF-8") == true)
    }

    @Test("strict UTF-8: overlong forms, surrogates and what lies beyond U+10FFFF are not UTF-8", arguments: [
        [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
        [0xF5, 0x80, 0x80, 0x80], [0x80], [0xE4, 0xB8], [0xE4, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48],
    ] as [[UInt8]])
    func strict(_ bytes: [UInt8]) {
        for padding in 0..<9 {
            let padded = [UInt8](repeating: 0x41, count: padding) + bytes
            let stop = UTF8Check.scan(padded.span)
            #expect(stop.reason != .end)
            #expect(stop.index == padding)
        }
    }

    @Test("pieces of any length have the verdict of the whole")
    func pieces() {
        var random = Seeded(state: 9)
        let units: [[UInt8]] = [[0x41], [0xC3, 0xA9], [0xE4, 0xB8, 0xAD], [0xF0, 0x9F, 0x80, 0x80], Array("天中信用 AAAA".utf8), [0xFF], [0xE4, 0xB8], [0]]
        for _ in 0..<3000 {
            let wrong = Int.random(in: 0..<4, using: &random) == 0 ? units.count : 5
            let bytes = (0..<Int.random(in: 0...9, using: &random)).flatMap { _ in units[Int.random(in: 0..<wrong, using: &random)] }
            let stop = UTF8Check.scan(bytes.span)
            let verdict: UTF8Verdict =
                switch stop.reason {
                case .end: .valid
                case .nul: .nul(at: Int64(stop.index))
                case .invalid, .incomplete: .invalid(at: Int64(stop.index))
                }
            var judge = UTF8Judge()
            var at = 0
            while at < bytes.count {
                let end = min(bytes.count, at + Int.random(in: 0...4, using: &random))
                judge.update(bytes.span.extracting(at..<end))
                at = end
            }
            #expect(judge.finish() == verdict, "\(bytes)")
        }
    }

    @Test("every scalar is UTF-8 to us as it is to the standard library")
    func everyScalar() {
        var bytes: [UInt8] = []
        for value in 1...UInt32(0x10FFFF) {
            if let scalar = Unicode.Scalar(value), value % 7 == 0 || value < 0x11000 { bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? []) }
        }
        #expect(UTF8Check.scan(bytes.span).reason == .end)
    }

    @Test("GB 18030: every character of the basic plane survives writing and reading")
    func basicPlane() throws {
        let path = scratch.place("bmp.csv")
        let writer = try TableFile.create(path: path, format: .csv(.gb18030), layout: TableLayout(columns: [], writesHeader: false))
        var expected: [[String]] = []
        var row = ""
        for value in UInt32(1)...0xFFFF {
            guard let scalar = Unicode.Scalar(value), !Self.unmapped.contains(value) else { continue }
            row.unicodeScalars.append(scalar)
            if value % 64 == 63 {
                expected.append(["\(value)", row])
                row = ""
            }
        }
        for cells in expected { try writer.append(texts: cells) }
        try writer.finish()
        let table = try Table(path)
        #expect(table.format == .csv(.gb18030))
        #expect(table.texts.count == expected.count)
        for (got, wanted) in zip(table.texts, expected) where Array(got[1].unicodeScalars) != Array(wanted[1].unicodeScalars) {
            Issue.record("characters up to \(wanted[0])")
        }
    }

    /// The private-use characters that GB 18030-2005 and -2022 gave real code points, so that glibc's table has no code for them.
    static let unmapped: Set<UInt32> = [
        0xE78D, 0xE78E, 0xE78F, 0xE790, 0xE791, 0xE792, 0xE793, 0xE794, 0xE795, 0xE796, 0xE816, 0xE817, 0xE818, 0xE81E, 0xE826, 0xE82B, 0xE82C,
        0xE831, 0xE832, 0xE83B, 0xE843, 0xE854, 0xE855, 0xE864,
    ]
}
