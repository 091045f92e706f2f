import CGcrypt

/// A checksum against accidental damage, not against forgers: CRC-32, several gigabytes a second where the processor
/// multiplies without carries. It finds every damage of up to 32 bits in a row, and of any other all but one in 2³².
@safe package struct Checksum: ~Copyable {
    private let state: gcry_md_hd_t

    /// Begins a checksum.
    package init() {
        unsafe state = Gcrypt.open(GCRY_MD_CRC32)
    }

    deinit {
        unsafe gcry_md_close(state)
    }

    /// Takes further bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe gcry_md_write(state, $0.baseAddress, $0.count) }
    }

    /// The checksum of all the bytes taken, as 8 hexadecimal digits.
    package consuming func finish() -> String {
        guard let bytes = unsafe gcry_md_read(state, 0) else {
            preconditionFailure("libgcrypt gave no checksum")  // as in `Gcrypt.finish`
        }
        let sum = unsafe UInt32(bigEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt32.self))
        let hex = String(sum, radix: 16)
        return String(repeating: "0", count: 8 - hex.utf8.count) + hex
    }
}
