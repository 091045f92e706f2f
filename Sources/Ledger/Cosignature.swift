package import Cryptography

/// Signs that a witness has found a checkpoint to continue everything it had seen before (C2SP tlog-cosignature, with SM2).
/// Only `Witness` should use it, which does the finding.
package struct CosignatureSigner: Sendable {
    package let verifier: CosignatureVerifier
    private let key: SM2PrivateKey

    /// - Returns: nil for a name that cannot stand in a signature line.
    package init?(name: String, key: SM2PrivateKey) {
        guard let noteKey = NoteKey(name: name, purpose: .cosignature, publicKey: key.publicKey) else { return nil }
        verifier = CosignatureVerifier(key: noteKey)
        self.key = key
    }

    /// - Parameter time: seconds since 1970, not negative.
    package func sign(_ note: SignedNote, at time: Int) -> SignedNote.Signature {
        let message = CosignatureVerifier.message(note.text, time)
        return SignedNote.Signature(
            name: verifier.key.name, keyID: verifier.key.id, bytes: bigEndian(UInt64(max(0, time))) + key.signature(of: message))
    }
}

/// Checks a witness's cosignature.
package struct CosignatureVerifier: Sendable, Hashable {
    package let key: NoteKey

    init(key: NoteKey) { self.key = key }

    /// A verifier from the published text of the witness's key; nil for anything else.
    package init?(vkey: String) {
        guard let key = NoteKey(vkey: vkey), key.purpose == .cosignature else { return nil }
        self.init(key: key)
    }

    /// When the witness cosigned, in seconds since 1970; nil where it has not. A cosignature that names the key and does not hold
    /// is thrown.
    package func time(of note: SignedNote) throws(ProofProblem) -> Int? {
        guard let signature = key.signature(in: note) else { return nil }
        guard signature.bytes.count == 8 + SM2.signatureLength,
            let time = Int(exactly: signature.bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }),
            key.publicKey.isValid(Array(signature.bytes[8...]), for: Self.message(note.text, time))
        else { throw .wrongSignature(of: key.name) }
        return time
    }

    static func message(_ text: String, _ time: Int) -> [UInt8] { Array("cosignature/v1\ntime \(max(0, time))\n\(text)".utf8) }
}
