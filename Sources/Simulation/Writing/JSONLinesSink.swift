/// One JSON object a line. The first object has every column, as the reader takes the header from it; later ones leave
/// out what is empty.
struct JSONLinesSink: RowSink {
    private var out: [UInt8] = []
    private let path: String
    private let habits: FileHabits
    /// `"name":` of each column.
    private let keys: [[UInt8]]
    private var first = true

    init(path: String, habits: FileHabits, header: [String]) {
        self.path = path
        self.habits = habits
        keys = header.map { title in
            var key: [UInt8] = []
            JSONText.append(Array(title.utf8)[...], to: &key)
            key.append(0x3A)
            return key
        }
        out.reserveCapacity(1 << 20)
    }

    mutating func append(_ row: borrowing DraftRow, number: Int, width: Int) {
        out.append(0x7B)
        var comma = false
        for (place, field) in habits.columns.enumerated() {
            let cell = row.cells[field]
            guard first || cell.form != .empty else { continue }
            if comma { out.append(0x2C) }
            comma = true
            out.append(contentsOf: keys[place])
            switch cell.form {
            case .empty: out.append(contentsOf: [0x22, 0x22])
            case .number: out.append(contentsOf: row.text(field))
            case .text: JSONText.append(row.text(field), to: &out)
            case .date:
                out.append(0x22)
                habits.dates.append(cell.number, to: &out)
                out.append(0x22)
            }
        }
        out.append(contentsOf: [0x7D, 0x0A])
        first = false
    }

    func finish() throws { try FileOutput.write(out, to: path) }
}

/// Strings of JSON (RFC 8259), written as bytes.
enum JSONText {
    /// Appends a quoted string.
    static func append(_ text: ArraySlice<UInt8>, to out: inout [UInt8]) {
        out.append(0x22)
        for byte in text {
            switch byte {
            case 0x22, 0x5C: out.append(contentsOf: [0x5C, byte])
            case 0..<0x20:
                out.append(contentsOf: "\\u00".utf8)
                for digit in [byte >> 4, byte & 15] { out.append(digit < 10 ? 48 + digit : 87 + digit) }
            default: out.append(byte)
            }
        }
        out.append(0x22)
    }
}
