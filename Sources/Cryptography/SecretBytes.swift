import COpenSSL

/// Bytes of a key, overwritten when the last owner lets them go, so that a core file or a page that is used again does not hold
/// them longer than they serve. Copies that libraries make for their own states are overwritten by those when they close.
@safe final class SecretBytes: @unchecked Sendable {
    // Sendable by proof: the bytes never change between `init` and `deinit`.
    private let memory: UnsafeMutableBufferPointer<UInt8>

    /// Keeps a copy; what is copied from is the caller's to overwrite.
    init(copying bytes: Span<UInt8>) {
        unsafe memory = .allocate(capacity: bytes.count)
        for index in 0..<bytes.count { unsafe memory.initializeElement(at: index, to: bytes[index]) }
    }

    /// Fresh bytes from the system's generator.
    init(random count: Int) {
        var bytes = randomBytes(count)
        unsafe memory = .allocate(capacity: count)
        _ = unsafe memory.initialize(from: bytes)
        wipe(&bytes)
    }

    deinit {
        unsafe OPENSSL_cleanse(memory.baseAddress, memory.count)
        unsafe memory.deallocate()
    }

    /// Lends the bytes.
    func withSpan<Result: ~Copyable, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(unsafe memory.span)
    }
}

/// Overwrites bytes that were secret; the array keeps its length. Of an array that shares its bytes only the caller's copy is.
package func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
}

/// Whether two strings of bytes are the same, in a time that depends on their lengths alone: for codes and tags, whose guesser
/// must not learn how far he was right. Of different lengths they are not, and that is no secret.
package func constantTimeEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe left.withUnsafeBytes { first in
        unsafe right.withUnsafeBytes { second in
            unsafe first.isEmpty || CRYPTO_memcmp(first.baseAddress, second.baseAddress, first.count) == 0
        }
    }
}
