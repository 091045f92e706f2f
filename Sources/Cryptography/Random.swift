import COpenSSL

/// Bytes from the system's cryptographic generator, for keys and tokens.
package func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard count > 0 else { return bytes }
    // Keys and tokens are short; a length past Int32 is a mistake of the caller. libcrypto fails here only where the
    // system gives no randomness: a key without it must never be.
    let result = unsafe RAND_bytes(&bytes, Int32(count))
    precondition(result == 1, "libcrypto gave no random bytes")
    return bytes
}
