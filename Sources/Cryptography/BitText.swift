/// Bytes as text in an alphabet of a power of two, the highest bits first, without padding (RFC 4648).
struct BitText: Sendable {
    private let digits: [UInt8]
    private let bits: Int

    /// Base32: capital letters and 2 to 7, for secrets that people type.
    static let base32 = BitText("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits: 5)
    /// Base64, for stored text.
    static let base64 = BitText("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bits: 6)

    private init(_ alphabet: String, bits: Int) {
        digits = Array(alphabet.utf8)
        self.bits = bits
    }

    func encode(_ bytes: Span<UInt8>) -> String {
        var text: [UInt8] = []
        var held: UInt32 = 0
        var count = 0
        for index in 0..<bytes.count {
            held = held << 8 | UInt32(bytes[index])
            count += 8
            while count >= bits {
                count -= bits
                text.append(digits[Int(held >> UInt32(count)) & (digits.count - 1)])
            }
        }
        if count > 0 { text.append(digits[Int(held << UInt32(bits - count)) & (digits.count - 1)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; nil for any that `encode` does not write, so that one value has one text.
    func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var held: UInt32 = 0
        var count = 0
        for byte in text {
            guard let digit = digits.firstIndex(of: byte) else { return nil }
            held = held << UInt32(bits) | UInt32(digit)
            count += bits
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(count)))
            }
        }
        // A whole digit left over, or bits set that belong to no byte.
        guard count < bits, held & (1 << UInt32(count) - 1) == 0 else { return nil }
        return bytes
    }
}
