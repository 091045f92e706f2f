import CGcrypt

/// HMAC-SM3 (GB/T 15852.2 with SM3), truncated to its first 16 bytes, under one key. One per worker: it keeps the state
/// that the key leads to, so that each text costs one restart and no set-up.
@safe package struct KeyedHash: ~Copyable, @unchecked Sendable {
    // Sendable by proof: the state belongs to this one non-copyable value alone, and all use of it is mutating, so that
    // two threads can never be in it at once.
    private let state: gcry_md_hd_t

    /// Begins with a key; 32 random bytes are meant. An empty key is a mistake of the caller: the hash would protect
    /// nothing, so the process ends.
    package init(key: [UInt8]) {
        precondition(!key.isEmpty, "a keyed hash without a key")
        unsafe state = Gcrypt.sm3(flags: GCRY_MD_FLAG_HMAC)
        let problem = unsafe gcry_md_setkey(state, key, key.count)
        precondition(problem == 0, "libgcrypt took no key")
    }

    deinit {
        unsafe gcry_md_close(state)
    }

    /// The hash of a kind byte followed by a text: the first 16 bytes of the HMAC as two big-endian numbers.
    package mutating func hash(_ kind: UInt8, _ text: Span<UInt8>) -> (high: UInt64, low: UInt64) {
        let full = code(kind, text)
        let words = unsafe full.span.bytes
        return unsafe (
            UInt64(bigEndian: words.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            UInt64(bigEndian: words.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    /// All 32 bytes of the HMAC over the kind byte and the text.
    mutating func code(_ kind: UInt8, _ text: Span<UInt8>) -> InlineArray<32, UInt8> {
        unsafe gcry_md_reset(state)
        if text.count < 64 {
            // One call into the library instead of two.
            var message = InlineArray<64, UInt8>(repeating: kind)
            for index in 0..<text.count { message[index &+ 1] = text[index] }
            unsafe message.span.bytes.withUnsafeBytes { unsafe gcry_md_write(state, $0.baseAddress, text.count + 1) }
        } else {
            var first = kind
            unsafe gcry_md_write(state, &first, 1)
            unsafe text.withUnsafeBytes { unsafe gcry_md_write(state, $0.baseAddress, $0.count) }
        }
        return unsafe Gcrypt.finish(state)
    }
}
