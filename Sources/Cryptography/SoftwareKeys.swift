import CGcrypt

/// Keys from one secret of 32 random bytes. Each name's key is made from it by HMAC-SM3, so that the file never changes and
/// one copy of it is enough.
///
/// The file: `TZKEYS1\n`, the 32 bytes, SM3 of both. The SM3 tells damage from a wrong file before anything is sealed with it.
package struct SoftwareKeys: CryptoBackend {
    private static let magic = Array("TZKEYS1\n".utf8)
    private static let secretBytes = 32
    /// Length of the file in bytes.
    package static let fileBytes = 72
    /// First byte of what `wrap` gives, so that another backend's bytes are told from it.
    private static let wrapForm: UInt8 = 1

    private let secret: SecretBytes

    /// The keys of a file.
    ///
    /// - Throws: `KeyFault(.damaged)`.
    package init(file: [UInt8]) throws(KeyFault) {
        let body = Self.magic.count + Self.secretBytes
        guard file.count == Self.fileBytes, file.starts(with: Self.magic),
            SM3.digest(file.span.extracting(0..<body)) == SM3Digest(copying: file.span.extracting(body..<Self.fileBytes))
        else {
            throw KeyFault(.damaged, "密钥文件已损坏，或不是本平台的密钥文件", cure: "请从密钥备份恢复该文件；没有它，已加密的数据无法解开")
        }
        secret = SecretBytes(copying: file.span.extracting(Self.magic.count..<body))
    }

    /// The bytes of a new key file; the caller writes them where only the owner reads, and wipes them.
    package static func newFile() -> [UInt8] {
        var file = magic
        file.reserveCapacity(fileBytes)
        var drawn = randomBytes(secretBytes)
        file.append(drawn.span)
        wipe(&drawn)
        let digest = SM3.digest(file.span).bytes
        file.append(digest.span)
        return file
    }

    package func wrap(_ key: DataKey, under master: String) throws(KeyFault) -> [UInt8] {
        var wrapped = [Self.wrapForm]
        let nonce = randomBytes(SM4GCM.nonceBytes)
        wrapped.append(nonce.span)
        var cipher = cipher(master)
        key.withBytes { cipher.seal($0, nonce: nonce.span, associated: Array(master.utf8).span, onto: &wrapped) }
        return wrapped
    }

    package func unwrap(_ wrapped: [UInt8], under master: String) throws(KeyFault) -> DataKey {
        let start = 1 + SM4GCM.nonceBytes
        var clear: [UInt8] = []
        defer { wipe(&clear) }
        if wrapped.count == start + SM4GCM.keyBytes + SM4GCM.tagBytes, wrapped[0] == Self.wrapForm {
            var cipher = cipher(master)
            let isOpened = cipher.open(
                wrapped.span.extracting(start..<wrapped.count), nonce: wrapped.span.extracting(1..<start),
                associated: Array(master.utf8).span, into: &clear)
            if isOpened, let key = DataKey(bytes: clear.span) { return key }
        }
        throw KeyFault(.notOurs, "数据密钥解不开：它不是由主密钥「\(master)」加密的，或已被改动", cure: "请核对密钥文件与数据目录是否同属一个平台，必要时从备份恢复")
    }

    package func code(_ message: [UInt8], secret name: String) throws(KeyFault) -> [UInt8] {
        derive("secret|" + name, 32).withSpan { hmacSM3(key: $0, message.span) }
    }

    private func cipher(_ master: String) -> SM4GCM {
        derive("master|" + master, SM4GCM.keyBytes).withSpan { SM4GCM(key: $0) }
    }

    private func derive(_ purpose: String, _ count: Int) -> SecretBytes {
        secret.withSpan { key in SecretBytes.derived(count, from: key, for: Array(purpose.utf8).span) }
    }
}

extension SecretBytes {
    /// A key made of another for one purpose: the first bytes, at most 32, of HMAC-SM3 over the purpose, as in NIST SP 800-108
    /// keys are made from one.
    static func derived(_ count: Int, from key: Span<UInt8>, for purpose: Span<UInt8>) -> SecretBytes {
        var code = HMAC(GCRY_MD_SM3, key: key)
        code.update(purpose)
        return code.withCode(count) { SecretBytes(copying: $0) }
    }
}

extension SM3Digest {
    /// A digest from 32 bytes; nil for another number of them.
    init?(copying span: Span<UInt8>) {
        guard span.count == 32 else { return nil }
        bytes = InlineArray { index in span[index] }
    }
}
