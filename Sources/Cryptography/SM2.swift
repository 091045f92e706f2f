import COpenSSL

/// Signatures by SM2 with SM3 (GB/T 32918.2-2016) over the recommended curve of GB/T 32918.5-2017.
package enum SM2 {
    /// The distinguishing id that GB/T 35276 names where parties have agreed on none. Signer and verifier must use the same.
    package static let defaultID = "1234567812345678"
    /// Length of a signature: r ‖ s, 32 bytes each, most significant first.
    package static let signatureLength = 64
    /// Length of a public key: 0x04 ‖ x ‖ y.
    package static let publicKeyLength = 65
}

/// A key of libcrypto, given back with the last reference. It is never changed once made.
@safe private final class KeyHandle: @unchecked Sendable {
    // Sendable by proof: the pointer is constant, libcrypto only reads an EVP_PKEY while signing and verifying (its caches are
    // behind its own lock), each operation has its own context, and deinit runs when no other reference is left.
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }

    // A private part is overwritten as it is freed (`BN_clear_free`).
    deinit { unsafe EVP_PKEY_free(pointer) }
}

/// The public half of an SM2 key: verifies.
package struct SM2PublicKey: Sendable, Hashable {
    /// 0x04 ‖ x ‖ y: 65 bytes.
    package let bytes: [UInt8]
    private let handle: KeyHandle

    /// A key from its 65 uncompressed bytes; nil for anything that is not a point of the curve.
    package init?(bytes: [UInt8]) {
        guard bytes.count == SM2.publicKeyLength, bytes[0] == 4, let key = unsafe sm2_public_key(bytes, bytes.count) else {
            return nil
        }
        self.bytes = bytes
        handle = unsafe KeyHandle(owning: key)
    }

    /// The public half of a key whose private half is at hand.
    fileprivate init?(handle: KeyHandle) {
        var bytes = [UInt8](repeating: 0, count: SM2.publicKeyLength)
        var length = 0
        let isRead = unsafe EVP_PKEY_get_octet_string_param(
            handle.pointer, OSSL_PKEY_PARAM_PUB_KEY, &bytes, bytes.count, &length)
        guard isRead == 1, length == bytes.count else { return nil }
        self.init(bytes: bytes)
    }

    /// Whether a signature of 64 bytes (r ‖ s) was made over these bytes by the private half, under the id. False for anything
    /// malformed.
    package func isValid(_ signature: [UInt8], for message: [UInt8], id: String = SM2.defaultID) -> Bool {
        guard let encoded = derSignature(signature), let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        var inner: OpaquePointer?
        guard unsafe EVP_DigestVerifyInit(context, &inner, EVP_sm3(), nil, handle.pointer) == 1,
            unsafe EVP_PKEY_CTX_set1_id(inner, id, CInt(id.utf8.count)) == 1
        else { return false }
        return unsafe EVP_DigestVerify(context, encoded, encoded.count, message, message.count) == 1
    }

    package static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes }
    package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// Whether this machine's libcrypto gives the published answer: the signature of GB/T 32918.5-2017, A.2 holds, and does
    /// not hold once a bit differs. Asked at every start, before anything is signed or believed.
    package static func knownAnswerHolds() -> Bool {
        guard let key = SM2PublicKey(bytes: KnownAnswer.publicKey) else { return false }
        let message = Array("message digest".utf8)
        var other = KnownAnswer.signature
        other[63] ^= 1
        return key.isValid(KnownAnswer.signature, for: message) && !key.isValid(other, for: message)
            && !key.isValid(KnownAnswer.signature, for: message + [0])
    }
}

/// The private half of an SM2 key: signs. libcrypto overwrites it as the last copy goes.
package struct SM2PrivateKey: Sendable {
    /// The half that may be known.
    package let publicKey: SM2PublicKey
    private let handle: KeyHandle

    private init?(owning pointer: OpaquePointer) {
        let handle = unsafe KeyHandle(owning: pointer)
        guard unsafe EVP_PKEY_is_a(pointer, "SM2") == 1, let publicKey = SM2PublicKey(handle: handle) else { return nil }
        self.handle = handle
        self.publicKey = publicKey
    }

    /// A new key from the system's generator.
    package static func generate() -> SM2PrivateKey {
        // It fails only where memory or randomness is out, or libcrypto was built without SM2: nothing can be signed then.
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "SM2", nil) else {
            preconditionFailure("libcrypto offers no SM2")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1, unsafe EVP_PKEY_keygen(context, &key) == 1, let made = unsafe key,
            let whole = unsafe SM2PrivateKey(owning: made)
        else { preconditionFailure("libcrypto made no SM2 key") }
        return whole
    }

    /// A key from PKCS #8 in PEM, as `openssl genpkey -algorithm SM2` writes it; nil for another kind of key, for one under a
    /// password and for anything else. The caller overwrites its bytes.
    package init?(pem: [UInt8]) {
        // `BIO_s_secmem` overwrites what it held as it is freed.
        guard !pem.isEmpty, pem.count <= 1 << 16, let bio = unsafe BIO_new(BIO_s_secmem()) else { return nil }
        defer { unsafe BIO_free(bio) }
        guard unsafe BIO_write(bio, pem, CInt(pem.count)) == CInt(pem.count), let key = unsafe pem_private_key(bio) else {
            return nil
        }
        unsafe self.init(owning: key)
    }

    /// PKCS #8 in PEM, without a password: whoever has it can sign. The caller overwrites it after use.
    package func pem() -> [UInt8] {
        // Memory alone can be missing here.
        guard let bio = unsafe BIO_new(BIO_s_secmem()) else { preconditionFailure("libcrypto gave no memory") }
        defer { unsafe BIO_free(bio) }
        guard unsafe pem_write_private_key(bio, handle.pointer) == 1 else { preconditionFailure("libcrypto wrote no key") }
        var bytes = [UInt8](repeating: 0, count: unsafe bio_length(bio))
        let count = unsafe BIO_read(bio, &bytes, CInt(bytes.count))
        precondition(Int(count) == bytes.count, "libcrypto wrote no key")
        return bytes
    }

    /// The signature over these bytes under the id: r ‖ s, 64 bytes. Two signatures of the same bytes differ.
    package func signature(of message: [UInt8], id: String = SM2.defaultID) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("libcrypto gave no memory") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var inner: OpaquePointer?
        var encoded = [UInt8](repeating: 0, count: 80)
        var length = encoded.count
        // It fails only where memory or randomness is out: a signature must never be made without the latter.
        guard unsafe EVP_DigestSignInit(context, &inner, EVP_sm3(), nil, handle.pointer) == 1,
            unsafe EVP_PKEY_CTX_set1_id(inner, id, CInt(id.utf8.count)) == 1,
            unsafe EVP_DigestSign(context, &encoded, &length, message, message.count) == 1,
            let raw = rawSignature(Array(encoded.prefix(length)))
        else { preconditionFailure("libcrypto made no SM2 signature") }
        return raw
    }
}

/// r ‖ s as the SEQUENCE of two INTEGERs that libcrypto takes; nil where it is not 64 bytes.
private func derSignature(_ raw: [UInt8]) -> [UInt8]? {
    guard raw.count == SM2.signatureLength else { return nil }
    var body: [UInt8] = []
    for half in [raw[..<32], raw[32...]] {
        let digits = half.drop { $0 == 0 }
        let needsZero = digits.isEmpty || digits.first! >= 0x80  // not empty: the left side of ||
        body += [0x02, UInt8(digits.count + (needsZero ? 1 : 0))] + (needsZero ? [0] : []) + digits
    }
    return [0x30, UInt8(body.count)] + body
}

/// The 64 bytes of libcrypto's own DER; nil where it is not two numbers of at most 32 bytes.
private func rawSignature(_ der: [UInt8]) -> [UInt8]? {
    var raw: [UInt8] = []
    guard der.count > 2, der[0] == 0x30, Int(der[1]) == der.count - 2 else { return nil }
    var rest = der[2...]
    for _ in 0..<2 {
        guard rest.count > 2, rest.first == 0x02 else { return nil }
        let length = Int(rest[rest.startIndex + 1])
        rest = rest.dropFirst(2)
        let digits = rest.prefix(length).drop { $0 == 0 }
        guard rest.count >= length, digits.count <= 32 else { return nil }
        raw += [UInt8](repeating: 0, count: 32 - digits.count) + digits
        rest = rest.dropFirst(length)
    }
    return rest.isEmpty ? raw : nil
}

/// GB/T 32918.5-2017, A.2.
private enum KnownAnswer {
    static let publicKey = bytes(
        "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    )
    static let signature = bytes(
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    )

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
