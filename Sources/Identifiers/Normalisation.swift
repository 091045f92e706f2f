/// Turns the written form of an identifier into the normalised one: upper case, half width, no blanks, no hyphens.
enum Normalisation {
    /// What came of it.
    enum Outcome {
        /// Letters and digits only; the text holds them.
        case plain
        /// Nothing was written.
        case empty
        /// A character that no identifier has.
        case foreign
        /// More than 32 letters and digits.
        case long
    }

    /// Value of a byte as a character of an identifier: 0-9 for digits, 10-35 for letters of either case; 254 for blanks
    /// and hyphens, which are left out; 255 for every other.
    ///
    /// A literal, so that it stands in the program's data: a computed one would be guarded by a lock at each look.
    static let values: InlineArray<256, UInt8> = [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 254, 254, 254, 254, 254, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        254, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 254, 255, 255,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 255, 255, 255, 255, 255,
        255, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
        25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 255, 255, 255, 255, 255,
        255, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
        25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    ]

    /// Fills an empty text.
    @inline(__always)
    static func normalise(_ raw: Span<UInt8>, into text: inout IdentifierText) -> Outcome {
        guard raw.count <= IdentifierText.capacity else { return slow(raw, into: &text) }
        for index in 0..<raw.count {
            let value = values[Int(raw[index])]
            guard value < 36 else {
                text = IdentifierText()
                return slow(raw, into: &text)
            }
            text.append(value < 10 ? 0x30 &+ value : 0x37 &+ value)
        }
        return raw.isEmpty ? .empty : .plain
    }

    /// The same for texts with something to fold.
    @inline(never)
    private static func slow(_ raw: Span<UInt8>, into text: inout IdentifierText) -> Outcome {
        var index = 0
        while index < raw.count {
            var byte = raw[index]
            if byte < 0x80 {
                index &+= 1
            } else {
                let step = Width.plain(raw, at: index)
                guard step.length > 0 else { return .foreign }
                index &+= step.length
                byte = step.byte == 0 ? 0x20 : step.byte
            }
            let value = values[Int(byte)]
            if value == 254 { continue }
            guard value < 36 else { return .foreign }
            guard text.count < IdentifierText.capacity else { return .long }
            text.append(value < 10 ? 0x30 &+ value : 0x37 &+ value)
        }
        return text.count == 0 ? .empty : .plain
    }

    /// Whether a text that holds a foreign character is one of the words that departments write for "there is none".
    static func isFiller(_ raw: Span<UInt8>) -> Bool {
        guard raw.count <= 32 else { return false }
        var bytes: [UInt8] = []
        guard Text.fold(raw, into: &bytes) else { return false }
        let word = String(decoding: bytes, as: UTF8.self)
        return fillers.contains(word) || word.utf8.allSatisfy { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "/") }
    }

    private static let fillers: Set<String> = [
        "无", "空", "暂无", "未知", "不详", "无证件", "没有", "—", "——", "\\N", "N/A", "n/a", "(null)",
    ]

    /// Whether a foreign text is a number as a spreadsheet writes large ones: `9.14117E+17`, `4.40301103097413E14`.
    static func isSpreadsheetNumber(_ raw: Span<UInt8>) -> Bool {
        var bytes: [UInt8] = []
        guard raw.count <= 64, Text.fold(raw, into: &bytes), bytes.count >= 4 else { return false }
        var points = 0
        var exponents = 0
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x30...0x39: break
            case 0x2E where points == 0 && exponents == 0 && index > 0: points = 1
            case 0x45, 0x65: exponents += 1
            case 0x2B where bytes[index - (index > 0 ? 1 : 0)] | 0x20 == 0x65: break
            default: return false
            }
        }
        return points == 1 && exponents == 1
    }
}
