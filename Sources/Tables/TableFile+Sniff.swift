/// What a file was judged to be, with what opening it needs.
enum Judgement {
    case csv(TextEncoding, invalidUTF8: Int64)
    case jsonLines(start: Int64)
    case xlsx
    case xls
}

extension TableFile {
    /// Judges by magic bytes, then by the whole text. A renamed file is what its bytes say.
    /// - Parameter text: the verdict on the whole file, where it is known; else the file is read for it.
    static func judge(_ file: FileBytes, text: UTF8Verdict? = nil) throws(TableFault) -> Judgement {
        guard file.byteCount > 0 else { throw .empty(file.name) }
        let head = try file.bytes(at: 0, count: 4096)
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06]) { return .xlsx }
        if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { return .xls }
        if head.count > 4, head[0] == 0x09, [0x00, 0x02, 0x04, 0x08].contains(head[1]), head[3] == 0, head[2] <= 0x10 {
            throw .outdated(file.name)   // a bare BIFF stream, before Excel 5
        }
        try refuseForeign(head, file.name)
        return try judgeText(file, head, text)
    }

    private static func refuseForeign(_ head: [UInt8], _ name: String) throws(TableFault) {
        if head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) { throw .wideEncoding(name, name: "UTF-32") }
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { throw .wideEncoding(name, name: "UTF-16（Unicode 文本）") }
        let kinds: [(String, [UInt8])] = [
            ("PDF 文件", Array("%PDF".utf8)), ("RAR 压缩包", Array("Rar!".utf8)), ("7z 压缩包", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
            ("gzip 压缩包", [0x1F, 0x8B]), ("图片", [0x89, 0x50, 0x4E, 0x47]), ("图片", [0xFF, 0xD8, 0xFF]), ("图片", Array("GIF8".utf8)),
            ("RTF 文档", Array("{\\rtf".utf8)), ("程序", [0x7F, 0x45, 0x4C, 0x46]), ("数据库文件", Array("SQLite format 3".utf8)),
        ]
        for (kind, magic) in kinds where head.starts(with: magic) {
            throw TableFault(
                .unknownKind, file: name, message: "文件是\(kind)，不是表格", cure: "请报送 .xlsx、.xls、.csv 或 .jsonl 表格文件本身")
        }
    }

    private static func judgeText(_ file: FileBytes, _ head: [UInt8], _ known: UTF8Verdict?) throws(TableFault) -> Judgement {
        let mark = head.starts(with: [0xEF, 0xBB, 0xBF])
        let start: Int64 = mark ? 3 : 0
        if file.byteCount == start { throw .empty(file.name) }
        let text = head.dropFirst(mark ? 3 : 0)
        let visible = text.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        if visible.first == 0x3C {
            throw TableFault(
                .markup, file: file.name, message: "文件是网页或 XML（常见于业务系统导出的“.xls”），不是真正的工作簿",
                cure: "请用 Excel 打开后另存为 .xlsx，再重新报送")
        }
        let brace = visible.first == 0x7B
        if visible.first == 0x5B, visible.dropFirst().first(where: { $0 != 0x20 && !(0x09...0x0D).contains($0) }) == 0x7B {
            throw TableFault(
                .malformedJSON, file: file.name, line: 1, message: "文件是一个 JSON 数组，平台收的是 JSON Lines", cure: "请改成每行一个对象，行与行之间不加逗号")
        }
        let verdict = if let known { known } else { try UTF8Check.verdict(on: file) }
        file.seek(to: start)
        switch verdict {
        case .valid: return brace ? .jsonLines(start: start) : .csv(mark ? .utf8BOM : .utf8, invalidUTF8: 0)
        case .nul(let byte): throw .nulByte(file.name, line: try file.line(ofByte: byte), byte: byte)
        case .invalid(let byte):
            if mark || brace {
                throw TableFault(
                    .encoding, file: file.name, line: try file.line(ofByte: byte), byte: byte,
                    message: mark ? "文件标明是 UTF-8，但这里不是 UTF-8" : "JSON Lines 必须是 UTF-8，但这里不是",
                    cure: "请检查这一行是否混入了另一种编码，整份文件按 UTF-8 重新导出")
            }
            return .csv(.gb18030, invalidUTF8: byte)
        }
    }
}
