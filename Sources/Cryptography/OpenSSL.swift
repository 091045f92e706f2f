import COpenSSL

/// What is fetched from libcrypto once for the life of the process; fetching costs more than a digest.
enum OpenSSL {
    /// An object of libcrypto that is never freed and never changed after its fetch.
    @safe struct Fetched: @unchecked Sendable {
        // Sendable by proof: EVP_MD and EVP_MAC are reference-counted, immutable method tables; libcrypto documents
        // them as usable from all threads at once.
        let pointer: OpaquePointer
    }

    static let sm3 = unsafe Fetched(pointer: require(EVP_MD_fetch(nil, "SM3", nil)))
    static let hmac = unsafe Fetched(pointer: require(EVP_MAC_fetch(nil, "HMAC", nil)))

    /// The pointer, or the end of the process. libcrypto 3 fails here only where memory is out or where its
    /// configuration took SM3 away (a FIPS-only set-up): neither leaves anything that could be done without digests,
    /// and going on without them would lose what was acknowledged.
    static func require(_ pointer: OpaquePointer?) -> OpaquePointer {
        guard let pointer = unsafe pointer else {
            preconditionFailure("libcrypto offers no SM3 or HMAC: check the OpenSSL configuration of this machine")
        }
        return unsafe pointer
    }

    /// The same for calls that return 1 on success.
    static func require(_ result: Int32) {
        precondition(result == 1, "libcrypto failed to compute a digest")
    }
}
