import CGcrypt

/// An HMAC (RFC 2104, GB/T 15852.2) under one key over bytes that come in pieces, by libgcrypt. For many short texts under
/// one key see `KeyedHash`.
@safe struct HMAC: ~Copyable {
    private let state: gcry_md_hd_t

    /// Begins a code. An empty key is a mistake of the caller: the code would prove nothing, so the process ends.
    init(_ algorithm: gcry_md_algos, key: Span<UInt8>) {
        precondition(!key.isEmpty, "an HMAC without a key")
        unsafe state = Gcrypt.open(algorithm, flags: GCRY_MD_FLAG_HMAC)
        let problem = unsafe key.withUnsafeBytes { unsafe gcry_md_setkey(state, $0.baseAddress, $0.count) }
        precondition(problem == 0, "libgcrypt took no key")
    }

    deinit { unsafe gcry_md_close(state) }

    /// Takes further bytes.
    mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe gcry_md_write(state, $0.baseAddress, $0.count) }
    }

    /// Lends the code of all the bytes taken, which can be no more after it; the library overwrites it with the state.
    ///
    /// - Parameter count: how many bytes of it, at most the digest's.
    mutating func withCode<Result>(_ count: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        guard let bytes = unsafe gcry_md_read(state, 0) else {
            preconditionFailure("libgcrypt gave no code")  // as in `Gcrypt.finish`
        }
        return body(unsafe UnsafeBufferPointer(start: bytes, count: count).span)
    }
}

/// HMAC-SM3 of bytes that are all at hand: 32 bytes. Compare codes with `constantTimeEqual`, not with `==`.
package func hmacSM3(key: Span<UInt8>, _ message: Span<UInt8>) -> [UInt8] {
    var code = HMAC(GCRY_MD_SM3, key: key)
    code.update(message)
    return code.withCode(32) { bytes in [UInt8](copying: bytes) }
}

extension [UInt8] {
    /// The bytes of a span.
    init(copying bytes: Span<UInt8>) {
        self = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// Takes the bytes of a span at the end.
    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
