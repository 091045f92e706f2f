internal import Tables

/// Comma-separated text with a department's habits. Rows are put together as UTF-8 bytes; what is to be GB18030 is
/// converted once, at the end.
struct CSVSink: RowSink {
    private var out: [UInt8] = []
    private let path: String
    private let habits: FileHabits
    private let encoding: TextEncoding

    init(path: String, habits: FileHabits, header: [String], encoding: TextEncoding) {
        self.path = path
        self.habits = habits
        self.encoding = encoding
        out.reserveCapacity(1 << 20)
        if encoding == .utf8BOM { out.append(contentsOf: [0xEF, 0xBB, 0xBF]) }
        for title in habits.titles {
            appendText(Array(title.utf8)[...])
            endLine()
        }
        for (place, title) in ((habits.numbered ? ["序号"] : []) + header).enumerated() {
            if place > 0 { out.append(0x2C) }
            appendText(Array(title.utf8)[...])
        }
        endLine()
    }

    mutating func append(_ row: borrowing DraftRow, number: Int, width: Int) {
        if habits.numbered {
            Codes.append(number, to: &out)
            out.append(0x2C)
        }
        for place in 0..<min(width, habits.columns.count) {
            if place > 0 { out.append(0x2C) }
            let field = habits.columns[place]
            let cell = row.cells[field]
            switch cell.form {
            case .empty: if habits.quotesAll { out.append(contentsOf: [0x22, 0x22]) }
            case .date:
                if habits.quotesAll { out.append(0x22) }
                habits.dates.append(cell.number, to: &out)
                if habits.quotesAll { out.append(0x22) }
            case .text, .number: appendText(row.text(field))
            }
        }
        if width > habits.columns.count { out.append(contentsOf: ",多出一列（演示）".utf8) }
        endLine()
    }

    func finish() throws {
        try FileOutput.write(encoding == .gb18030 ? FileOutput.gb18030(out) : out, to: path)
    }

    private mutating func appendText(_ text: ArraySlice<UInt8>) {
        guard habits.quotesAll || text.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else {
            out.append(contentsOf: text)
            return
        }
        out.append(0x22)
        for byte in text {
            if byte == 0x22 { out.append(byte) }
            out.append(byte)
        }
        out.append(0x22)
    }

    private mutating func endLine() {
        if habits.carriageReturns { out.append(0x0D) }
        out.append(0x0A)
    }
}
