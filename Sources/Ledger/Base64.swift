/// Base64 after RFC 4648 §4: one text for each sequence of bytes, and no other accepted.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let values = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// The text of bytes, with padding.
    static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for index in 0..<3 { word = word << 8 | UInt32(start + index < bytes.count ? bytes[start + index] : 0) }
            for index in 0..<4 {
                text.append(index <= group.count ? alphabet[Int(word >> UInt32(18 - 6 * index) & 63)] : padding)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; nil for another alphabet, missing padding, or bits set that stand for nothing.
    static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var word: UInt32 = 0
        var filled = 0
        var padded = 0
        for character in text {
            let value = values[Int(character)]
            if character == padding {
                padded += 1
                guard padded <= 2 else { return nil }
            } else {
                guard padded == 0, value != 0xFF else { return nil }
            }
            word = word << 6 | UInt32(character == padding ? 0 : value)
            filled += 1
            if filled == 4 {
                for shift in [16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
                word = 0
                filled = 0
            }
        }
        // What the padding replaces must be zero, or two texts would mean the same bytes.
        guard bytes.suffix(padded).allSatisfy({ $0 == 0 }) else { return nil }
        bytes.removeLast(padded)
        let partial = text.dropLast(padded).last.map { values[Int($0)] } ?? 0
        guard padded == 0 || partial & (padded == 1 ? 3 : 15) == 0 else { return nil }
        return bytes
    }
}
