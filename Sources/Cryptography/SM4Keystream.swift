import CGcrypt

/// Pseudo-random bytes from a key: SM4 (GB/T 32907-2016) in counter mode from a counter of zero. One key makes one stream, so
/// a key serves for nothing else. One per worker: it keeps the state, and each key costs one key schedule.
@safe package struct SM4Keystream: ~Copyable {
    private let state: gcry_cipher_hd_t

    package init() {
        Gcrypt.begin()
        var state: gcry_cipher_hd_t?
        let problem = unsafe gcry_cipher_open(&state, CInt(GCRY_CIPHER_SM4.rawValue), CInt(GCRY_CIPHER_MODE_CTR.rawValue), 0)
        // As with the digests: memory is out, or the machine is in FIPS mode.
        guard problem == 0, let state = unsafe state else { preconditionFailure("libgcrypt offers no SM4") }
        unsafe self.state = state
    }

    // libgcrypt overwrites the key schedule as it closes.
    deinit { unsafe gcry_cipher_close(state) }

    /// Fills the buffer with the first bytes of the key's stream.
    ///
    /// - Parameter key: 16 bytes.
    package mutating func fill(_ stream: UnsafeMutableRawBufferPointer, key: SIMD16<UInt8>) {
        unsafe stream.initializeMemory(as: UInt8.self, repeating: 0)
        var key = key
        let isKeyed = unsafe withUnsafeBytes(of: &key) { unsafe gcry_cipher_setkey(state, $0.baseAddress, 16) }
        let isSet = unsafe gcry_cipher_setctr(state, nil, 0)  // a counter of zero
        let isDone = unsafe gcry_cipher_encrypt(state, stream.baseAddress, stream.count, nil, 0)
        // Lengths and order are right by construction, and SM4 has no weak keys.
        precondition(isKeyed == 0 && isSet == 0 && isDone == 0, "libgcrypt gave no keystream")
        key = SIMD16(repeating: 0)
    }
}
