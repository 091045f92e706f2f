import Glibc

/// Writes CSV per RFC 4180 with CRLF, in UTF-8 (with or without mark) or GB 18030.
final class CSVWriter: TableWriter {
    private let name: String
    private let descriptor: Int32
    private let layout: TableLayout
    private let conversion: Conversion?
    private var buffer: [UInt8] = []
    /// Room for converted bytes; GB 18030 takes at most 4 bytes for what UTF-8 takes at least 1.
    private var converted: [UInt8] = []
    private var line = 0
    private var isOpen = true

    private static let flushBytes = 1 << 20

    init(path: String, encoding: TextEncoding, layout: TableLayout) throws(TableFault) {
        name = TableFault.name(ofPath: path)
        self.layout = layout
        if encoding == .gb18030 {
            conversion = Conversion(from: "UTF-8", to: "GB18030")
            if conversion == nil { throw .unwritable(name, reason: "系统缺少 GB18030 转码支持") }
        } else {
            conversion = nil
        }
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unwritable(name, reason: reasonOfLastError()) }
        if encoding == .utf8BOM { buffer = [0xEF, 0xBB, 0xBF] }
        for title in layout.titleRows { try append(texts: [title]) }
        if layout.writesHeader { try append(texts: layout.columns.map(\.title)) }
    }

    deinit { if isOpen { close(descriptor) } }

    func append(_ row: [CellValue]) throws(TableFault) {
        line += 1
        // A line of nothing would be read back as no row.
        if row.isEmpty || row == [.empty] || row == [.text("")] { buffer.append(contentsOf: [0x22, 0x22]) }
        for (index, value) in row.enumerated() {
            if index > 0 { buffer.append(0x2C) }
            switch value {
            case .empty: break
            case .text(let text): try append(text, column: index + 1)
            case .number(let number): NumberText.append(number, to: &buffer)
            case .date(let day):
                guard SerialDate.appendDate(Int(day), to: &buffer) else { throw unwritable(column: index + 1, "日期超出 1 至 9999 年") }
            case .boolean(let truth): buffer.append(contentsOf: truth ? "TRUE".utf8 : "FALSE".utf8)
            }
        }
        buffer.append(contentsOf: [0x0D, 0x0A])
        if buffer.count >= Self.flushBytes { try flush() }
    }

    func finish() throws(TableFault) {
        guard isOpen else { return }
        try flush()
        isOpen = false
        guard close(descriptor) == 0 else { throw .unwritable(name, reason: reasonOfLastError()) }
    }

    private func append(_ text: String, column: Int) throws(TableFault) {
        var text = text
        var needsQuotes = false
        for byte in text.utf8 {
            if byte == 0 { throw unwritable(column: column, "内容里有空字节") }
            if byte == 0x22 || byte == 0x2C || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == 0x3B { needsQuotes = true }
        }
        if let first = text.utf8.first, let last = text.utf8.last, first == 0x20 || last == 0x20 { needsQuotes = true }
        if layout.safe, Self.startsFormula(text) { text = "'" + text }
        guard needsQuotes else { return buffer.append(contentsOf: text.utf8) }
        buffer.append(0x22)
        for byte in text.utf8 {
            buffer.append(byte)
            if byte == 0x22 { buffer.append(0x22) }
        }
        buffer.append(0x22)
    }

    /// Whether a spreadsheet may take the text for a formula (OWASP: CSV injection).
    static func startsFormula(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        return [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains(first)
    }

    private func flush() throws(TableFault) {
        guard let conversion else {
            try write(buffer, count: buffer.count)
            buffer.removeAll(keepingCapacity: true)
            return
        }
        let room = buffer.count * 4 + 16
        if converted.count < room { converted = [UInt8](repeating: 0, count: room) }
        let step = conversion.convert(buffer, from: 0, end: buffer.count, into: &converted, at: 0)
        guard step.consumed == buffer.count else {
            let before = buffer[..<step.consumed].count { $0 == 0x0A }
            let lines = buffer.count { $0 == 0x0A }
            throw TableFault(
                .unwritableValue, file: name, line: line - lines + before + 1, message: "有 GB18030 写不出的字符", cure: "请改用 UTF-8 编码导出")
        }
        try write(converted, count: step.produced)
        buffer.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: [UInt8], count: Int) throws(TableFault) {
        var done = 0
        while done < count {
            let wrote = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress.map { unsafe $0 + done }, count - done) }
            if wrote < 0, errno == EINTR { continue }
            guard wrote > 0 else { throw .unwritable(name, reason: reasonOfLastError()) }
            done += wrote
        }
    }

    private func unwritable(column: Int, _ what: String) -> TableFault {
        TableFault(.unwritableValue, file: name, line: line, message: "第 \(column) 列写不出：\(what)", cure: "请改正这一格的内容")
    }
}
