/// A key for data at rest: 16 bytes, kept wrapped by a `CryptoBackend` beside what it seals. Values and files are sealed under
/// keys made from it for each purpose, so that no use of it can touch another.
package struct DataKey: Sendable {
    private let secret: SecretBytes
    private let values: SecretBytes

    /// A fresh key.
    package static func random() -> DataKey { DataKey(SecretBytes(random: SM4GCM.keyBytes)) }

    /// A key from its bytes, for backends; nil for another number of them than 16.
    package init?(bytes: Span<UInt8>) {
        guard bytes.count == SM4GCM.keyBytes else { return nil }
        self.init(SecretBytes(copying: bytes))
    }

    private init(_ secret: SecretBytes) {
        self.secret = secret
        values = secret.withSpan { SecretBytes.derived(SM4GCM.keyBytes, from: $0, for: Array("values".utf8).span) }
    }

    /// Lends the bytes, for backends to wrap.
    package func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result { secret.withSpan(body) }

    /// The cipher of one sealed file.
    func cipher(for header: SealedHeader) -> SM4GCM {
        let key = secret.withSpan { SecretBytes.derived(SM4GCM.keyBytes, from: $0, for: (Array("file|".utf8) + header.bytes).span) }
        return key.withSpan { SM4GCM(key: $0) }
    }

    /// Seals a small value: nonce, cipher text and tag, 28 bytes more than the value.
    ///
    /// - Parameter context: where the value belongs, as `accounts.totp|42`. It is not hidden and must be given again to open:
    ///   a value moved to another row or column does not open there.
    package func seal(_ value: [UInt8], context: String) -> [UInt8] {
        let nonce = randomBytes(SM4GCM.nonceBytes)
        var sealed = nonce
        var cipher = values.withSpan { SM4GCM(key: $0) }
        cipher.seal(value.span, nonce: nonce.span, associated: Array(context.utf8).span, onto: &sealed)
        return sealed
    }

    /// The value that was sealed.
    ///
    /// - Throws: `SealFault(.damaged)` where a byte, the key or the context is another.
    package func open(_ sealed: [UInt8], context: String) throws(SealFault) -> [UInt8] {
        var value: [UInt8] = []
        if sealed.count >= SM4GCM.nonceBytes + SM4GCM.tagBytes {
            var cipher = values.withSpan { SM4GCM(key: $0) }
            let isOpened = cipher.open(
                sealed.span.extracting(SM4GCM.nonceBytes..<sealed.count),
                nonce: sealed.span.extracting(0..<SM4GCM.nonceBytes), associated: Array(context.utf8).span, into: &value)
            if isOpened { return value }
        }
        throw SealFault(.damaged, "加密保存的内容（\(context)）校验不过：已损坏、被移动，或不是用这个密钥加密的", cure: SealFault.restore)
    }
}
