import CGcrypt

/// SM4-GCM (GB/T 32907 in the mode of GB/T 36624 and RFC 8998): secrecy and proof against change in one pass, by libgcrypt,
/// under one key. It keeps the key schedule, so that each message costs no set-up.
///
/// A nonce must never serve twice under one key: the clear texts would show, and seals could be forged. Callers draw it at
/// random or count.
@safe package struct SM4GCM: ~Copyable, @unchecked Sendable {
    // Sendable by proof: the state belongs to this one non-copyable value alone, and all use of it is mutating, so that
    // two threads can never be in it at once.
    private let state: gcry_cipher_hd_t

    /// Lengths in bytes.
    package static let keyBytes = 16
    package static let nonceBytes = 12
    package static let tagBytes = 16

    /// Begins with a key of 16 bytes.
    package init(key: Span<UInt8>) {
        precondition(key.count == Self.keyBytes, "an SM4 key has 16 bytes")
        unsafe state = Gcrypt.sm4(GCRY_CIPHER_MODE_GCM, key: key)
    }

    // libgcrypt overwrites the key schedule as it closes.
    deinit { unsafe gcry_cipher_close(state) }

    /// Seals a message: its cipher text and the tag of 16 bytes are appended.
    ///
    /// - Parameters:
    ///   - nonce: 12 bytes, never used before under this key.
    ///   - associated: what is proven with the message and not hidden.
    package mutating func seal(
        _ clear: Span<UInt8>, nonce: Span<UInt8>, associated: Span<UInt8>, onto sealed: inout [UInt8]
    ) {
        begin(nonce, associated)
        let start = sealed.count
        let count = clear.count
        sealed.append(contentsOf: repeatElement(0, count: count + Self.tagBytes))
        let isDone = unsafe sealed.withUnsafeMutableBytes { output in
            // Not empty: the tag has room.
            let place = unsafe output.baseAddress! + start
            let isSealed = unsafe clear.withUnsafeBytes { input in
                unsafe input.isEmpty || gcry_cipher_encrypt(state, place, count, input.baseAddress, count) == 0
            }
            return unsafe isSealed && gcry_cipher_gettag(state, place + count, Self.tagBytes) == 0
        }
        // Lengths and order are right by construction.
        precondition(isDone, "libgcrypt sealed nothing")
    }

    /// Opens a sealed message into `clear`, replacing what it held.
    ///
    /// - Parameter sealed: cipher text and tag.
    /// - Returns: false where key, nonce, associated bytes or message are not those that were sealed; `clear` is then empty.
    package mutating func open(
        _ sealed: Span<UInt8>, nonce: Span<UInt8>, associated: Span<UInt8>, into clear: inout [UInt8]
    ) -> Bool {
        let count = sealed.count - Self.tagBytes
        guard count >= 0 else {
            clear.removeAll(keepingCapacity: true)
            return false
        }
        begin(nonce, associated)
        if clear.count > count { clear.removeLast(clear.count - count) }
        if clear.count < count { clear.append(contentsOf: repeatElement(0, count: count - clear.count)) }
        let isWhole = unsafe clear.withUnsafeMutableBytes { output in
            unsafe sealed.withUnsafeBytes { input in
                // Not empty: a tag is there.
                let tag = unsafe input.baseAddress! + count
                let isOpened = unsafe count == 0
                    || gcry_cipher_decrypt(state, output.baseAddress, count, input.baseAddress, count) == 0
                return unsafe isOpened && gcry_cipher_checktag(state, tag, Self.tagBytes) == 0
            }
        }
        if !isWhole {
            // What was deciphered is not what anybody sealed; nobody may see it.
            wipe(&clear)
            clear.removeAll(keepingCapacity: true)
        }
        return isWhole
    }

    private mutating func begin(_ nonce: Span<UInt8>, _ associated: Span<UInt8>) {
        precondition(nonce.count == Self.nonceBytes, "a nonce has 12 bytes")
        let isSet = unsafe nonce.withUnsafeBytes { unsafe gcry_cipher_setiv(state, $0.baseAddress, $0.count) }
        let isBound = unsafe associated.withUnsafeBytes {
            unsafe $0.isEmpty ? 0 : gcry_cipher_authenticate(state, $0.baseAddress, $0.count)
        }
        precondition(isSet == 0 && isBound == 0, "libgcrypt took no nonce")
    }
}

extension Gcrypt {
    /// A new SM4 state in a mode, under a key of 16 bytes; fails like `sm3`. SM4 has no weak keys.
    static func sm4(_ mode: gcry_cipher_modes, key: Span<UInt8>) -> gcry_cipher_hd_t {
        begin()
        var state: gcry_cipher_hd_t?
        let problem = unsafe gcry_cipher_open(&state, CInt(GCRY_CIPHER_SM4.rawValue), CInt(mode.rawValue), 0)
        guard problem == 0, let state = unsafe state else {
            preconditionFailure("libgcrypt offers no SM4: is this machine in FIPS mode?")
        }
        let refusal = unsafe key.withUnsafeBytes { unsafe gcry_cipher_setkey(state, $0.baseAddress, $0.count) }
        precondition(refusal == 0, "libgcrypt took no key")
        return unsafe state
    }

    /// One block of 16 bytes under SM4 (GB/T 32907-2016), for the known answer and the tests: nothing is kept secret by single
    /// blocks.
    static func sm4Block(_ block: [UInt8], key: [UInt8]) -> [UInt8] {
        let state = unsafe sm4(GCRY_CIPHER_MODE_ECB, key: key.span)
        defer { unsafe gcry_cipher_close(state) }
        var output = [UInt8](repeating: 0, count: 16)
        let problem = unsafe gcry_cipher_encrypt(state, &output, 16, block, 16)
        precondition(problem == 0 && block.count == 16, "SM4 takes blocks of 16 bytes")
        return output
    }
}
