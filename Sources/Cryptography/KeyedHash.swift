import COpenSSL

/// HMAC-SM3 (GB/T 15852.2 with SM3), truncated to its first 16 bytes, under one key. One per worker: it keeps the key
/// schedule, so that each text costs one restart and no set-up.
@safe package struct KeyedHash: ~Copyable, @unchecked Sendable {
    // Sendable by proof: the context belongs to this one non-copyable value alone, and all use of it is mutating, so
    // that two threads can never be in it at once.
    private let context: OpaquePointer

    /// Begins with a key; 32 random bytes are meant. An empty key is a mistake of the caller: the hash would protect
    /// nothing, so the process ends.
    package init(key: [UInt8]) {
        precondition(!key.isEmpty, "a keyed hash without a key")
        unsafe context = OpenSSL.require(EVP_MAC_CTX_new(OpenSSL.hmac.pointer))
        // The parameters keep pointers to both texts, so both live until the key is set.
        let parameter = Array(OSSL_MAC_PARAM_DIGEST.utf8CString)
        var name = Array("SM3".utf8CString)
        unsafe parameter.withUnsafeBufferPointer { parameter in
            unsafe name.withUnsafeMutableBufferPointer { name in
                var parameters = unsafe [
                    OSSL_PARAM_construct_utf8_string(parameter.baseAddress, name.baseAddress, 0),
                    OSSL_PARAM_construct_end(),
                ]
                unsafe OpenSSL.require(EVP_MAC_init(context, key, key.count, &parameters))
            }
        }
    }

    deinit {
        unsafe EVP_MAC_CTX_free(context)
    }

    /// The hash of a kind byte followed by a text: the first 16 bytes of the HMAC as two big-endian numbers.
    package mutating func hash(_ kind: UInt8, _ text: Span<UInt8>) -> (high: UInt64, low: UInt64) {
        let full = code(kind, text)
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in 0..<8 {
            high = high << 8 | UInt64(full[index])
            low = low << 8 | UInt64(full[8 &+ index])
        }
        return (high, low)
    }

    /// All 32 bytes of the HMAC over the kind byte and the text.
    mutating func code(_ kind: UInt8, _ text: Span<UInt8>) -> InlineArray<32, UInt8> {
        unsafe OpenSSL.require(EVP_MAC_init(context, nil, 0, nil))
        if text.count < 64 {
            // One call into the library instead of two.
            var message = InlineArray<64, UInt8>(repeating: kind)
            for index in 0..<text.count { message[index &+ 1] = text[index] }
            unsafe message.span.extracting(0..<(text.count &+ 1)).withUnsafeBufferPointer {
                unsafe OpenSSL.require(EVP_MAC_update(context, $0.baseAddress, $0.count))
            }
        } else {
            var first = kind
            unsafe OpenSSL.require(EVP_MAC_update(context, &first, 1))
            unsafe text.withUnsafeBufferPointer {
                unsafe OpenSSL.require(EVP_MAC_update(context, $0.baseAddress, $0.count))
            }
        }
        var full = InlineArray<32, UInt8>(repeating: 0)
        var out = full.mutableSpan
        unsafe out.withUnsafeMutableBufferPointer {
            var length = 0
            unsafe OpenSSL.require(EVP_MAC_final(context, $0.baseAddress, &length, 32))
        }
        return full
    }
}
