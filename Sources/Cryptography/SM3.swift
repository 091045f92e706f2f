import CGcrypt

/// A digest by SM3 (GB/T 32905-2016): 32 bytes.
package struct SM3Digest: Sendable, Hashable, CustomStringConvertible {
    /// The bytes, as the standard orders them.
    package var bytes: InlineArray<32, UInt8>

    /// A digest from its bytes.
    package init(bytes: InlineArray<32, UInt8>) {
        self.bytes = bytes
    }

    /// A digest from 64 hexadecimal digits of either case; nil for any other text.
    package init?(hex: String) {
        let text = hex.utf8.span
        guard text.count == 64 else { return nil }
        bytes = InlineArray(repeating: 0)
        for index in 0..<32 {
            guard let high = Self.value(text[2 * index]), let low = Self.value(text[2 * index + 1]) else { return nil }
            bytes[index] = high << 4 | low
        }
    }

    /// 64 hexadecimal digits in lower case.
    package var hex: String {
        unsafe String(unsafeUninitializedCapacity: 64) { buffer in
            for index in 0..<32 {
                unsafe buffer[2 * index] = Self.digit(bytes[index] >> 4)
                unsafe buffer[2 * index + 1] = Self.digit(bytes[index] & 15)
            }
            return 64
        }
    }

    /// The same as `hex`.
    package var description: String { hex }

    package static func == (left: Self, right: Self) -> Bool {
        for index in 0..<32 where left.bytes[index] != right.bytes[index] { return false }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        unsafe bytes.span.bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}

/// SM3 over bytes that come in pieces. One owner; `finish` ends it.
@safe package struct SM3: ~Copyable {
    private let state: gcry_md_hd_t

    /// Begins a digest.
    package init() {
        unsafe state = Gcrypt.sm3()
    }

    deinit {
        unsafe gcry_md_close(state)
    }

    /// Takes further bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// Takes further bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe gcry_md_write(state, bytes.baseAddress, bytes.count)
    }

    /// The digest of all the bytes taken.
    package consuming func finish() -> SM3Digest {
        unsafe SM3Digest(bytes: Gcrypt.finish(state))
    }

    /// The digest of bytes that are all at hand.
    package static func digest(_ bytes: Span<UInt8>) -> SM3Digest {
        var sum = SM3()
        sum.update(bytes)
        return sum.finish()
    }
}
