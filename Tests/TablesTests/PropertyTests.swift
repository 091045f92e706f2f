import Testing

@testable import Tables

@Suite("Properties: round trips, and damage that never crashes")
struct PropertyTests {
    let scratch = Scratch()

    @Test("random cells survive CSV", arguments: [TextEncoding.utf8, .utf8BOM, .gb18030])
    func csvRoundTrip(_ encoding: TextEncoding) throws {
        var random = Seeded(state: 1)
        let pieces = ["", "a", "\"", ",", "\n", "\r", "\r\n", ";", "\t", " ", "驻马店", "㐀", "𬬭", "'", "0012", "=", "\u{FEFF}", "é", "\u{3000}", "}"]
        for _ in 0..<150 {
            let width = Int.random(in: 1...6, using: &random)
            // A plain header makes the separator plain, as in every file of ours.
            var rows = [(0..<max(2, width)).map { "h\($0)" }]
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                rows.append((0..<width).map { _ in (0..<Int.random(in: 0...5, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined() })
            }
            let path = scratch.place("r.csv")
            let writer = try TableFile.create(path: path, format: .csv(encoding), layout: TableLayout(columns: [], writesHeader: false))
            for row in rows { try writer.append(texts: row) }
            try writer.finish()
            let table = try Table(path, batch: Int.random(in: 1...5, using: &random))
            // Bytes, not characters: Swift holds CR LF for one character and equal forms for equal.
            #expect(table.texts.map { $0.map { Array($0.utf8) } } == rows.map { $0.map { Array($0.utf8) } })
        }
    }

    @Test("the scanner gives the same rows wherever the bytes are cut")
    func cuts() throws {
        let bytes = Array("a,\"b\r\n\"\"c\"\"\",d\r\n\r\n\"\",x\r\"y\" ,z\ne".utf8)
        var whole = RowBatch()
        var scanner = CSVScanner(separator: 0x2C)
        #expect(try scanner.scan(bytes.span, from: 0, isLast: true, maximumRows: 100, into: &whole) == bytes.count)
        for cut in 0...bytes.count {
            var parts = RowBatch()
            var scanner = CSVScanner(separator: 0x2C)
            let taken = try scanner.scan(Array(bytes[..<cut]).span, from: 0, isLast: false, maximumRows: 100, into: &parts)
            #expect(taken <= cut)
            _ = try scanner.scan(bytes.span, from: taken, isLast: true, maximumRows: 100, into: &parts)
            #expect(parts.rows.indices.map { parts.texts(row: $0) } == whole.rows.indices.map { whole.texts(row: $0) })
            #expect(parts.rows.map(\.line) == whole.rows.map(\.line))
        }
    }

    @Test("random bytes give rows or a fault")
    func randomBytes() {
        var random = Seeded(state: 2)
        let heads: [[UInt8]] = [[], [0x50, 0x4B, 3, 4], [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], [0x7B], [0xEF, 0xBB, 0xBF], [0x22]]
        for turn in 0..<3000 {
            let narrow = turn % 3 == 0
            let body = (0..<Int.random(in: 0...600, using: &random)).map { _ in
                narrow ? (Array("\",\r\n{}:;a1".utf8).randomElement(using: &random) ?? 0) : UInt8.random(in: 0...255, using: &random)
            }
            survives((heads.randomElement(using: &random) ?? []) + body)
        }
    }

    @Test("sound files with a few bytes changed, cut or doubled give rows or a fault")
    func mutations() {
        var random = Seeded(state: 3)
        var stored = BookFixture(
            (1...12).map { "<row r=\"\($0)\"><c r=\"A\($0)\" t=\"s\"><v>\($0 % 3)</v></c><c r=\"C\($0)\" s=\"1\"><v>4454\($0)</v></c><c r=\"D\($0)\" t=\"inlineStr\"><is><t>&lt;甲&#20013;</t></is></c></row>" }
                .joined(), strings: "<si><t>一</t></si><si><r><t>二</t></r></si><si><t>三_x000D_</t></si>", styles: XLSXTests.styles)
        stored.deflated = false
        var deflated = stored
        deflated.deflated = true
        var zip64 = stored.zip()
        zip64.usesZip64 = true
        let sound: [[UInt8]] = [
            stored.bytes(), deflated.bytes(), zip64.bytes(), XLSTests.sample().bytes(), XLSTests.sample().bytes(),
            Array("{\"a\":1,\"b\":\"\\u4e00x\"}\n{\"b\":null,\"a\":-1.5e3}\n".utf8), Array("名称,代码\n\"甲\"\"乙\",1\n丙,\"2\n3\"\n".utf8),
        ]
        for file in sound { #expect(survives(file)) }
        for _ in 0..<6000 {
            guard var bytes = sound.randomElement(using: &random) else { continue }
            for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<10, using: &random) {
                case 0: bytes.removeLast(bytes.count - place)
                case 1: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 3))
                case 3: bytes[place] = 0xFF
                case 4: bytes[place] = 0
                default: bytes[place] = UInt8.random(in: 0...255, using: &random)
                }
            }
            survives(bytes)
        }
    }

    /// Whether the bytes read as a table; what is read keeps the promises of `RowBatch`.
    @discardableResult
    func survives(_ bytes: [UInt8]) -> Bool {
        let path = scratch.file("m.bin", bytes)
        do throws(TableFault) {
            let reader = try TableFile.open(path: path)
            while let batch = try reader.next(maximumRows: 5) {
                for row in batch.rows {
                    #expect(Int(row.firstCell) + Int(row.cellCount) <= batch.cells.count)
                }
                for cell in batch.cells {
                    let range = batch.range(cell)
                    guard range.upperBound <= batch.bytes.count, UTF8Check.scan(batch.bytes.span.extracting(range)).reason == .end else {
                        Issue.record("a cell out of bounds or not UTF-8")
                        return false
                    }
                }
            }
            return true
        } catch {
            if error.message.isEmpty || error.cure.isEmpty { Issue.record("\(error)") }
            return false
        }
    }
}
