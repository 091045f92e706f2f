package import Cryptography

/// A public key that signs notes under a name, for one purpose.
///
/// The type byte is 0xff, since C2SP signed-note assigns none to SM2, followed as it recommends by a longer name of the kind of
/// signature. The id is derived as there, but by SM3: the first four bytes of
/// SM3(name ‖ 0x0A ‖ 0xff ‖ kind ‖ 65 bytes of the key). It only tells keys apart; a collision ends in a wrong signature.
package struct NoteKey: Sendable, Hashable {
    /// What a key's signatures mean; one key pair used for several has as many ids, and no signature passes for the other.
    package enum Purpose: String, Sendable, CaseIterable {
        /// A log signs the text of its checkpoint: r ‖ s.
        case checkpoint = "sm2-sm3/v1"
        /// A witness signs time and text (C2SP tlog-cosignature): 8 bytes of time, then r ‖ s.
        case cosignature = "sm2-sm3-cosignature/v1"
        /// The platform signs a text of another format than a log's (`StatementSigner`): r ‖ s over `statement/v1` and the text.
        case statement = "sm2-sm3-statement/v1"
    }

    package let name: String
    package let purpose: Purpose
    package let publicKey: SM2PublicKey
    /// Stands in each signature line.
    package let id: UInt32

    /// - Returns: nil for a name that cannot stand in a signature line.
    package init?(name: String, purpose: Purpose, publicKey: SM2PublicKey) {
        guard SignedNote.isName(name) else { return nil }
        self.name = name
        self.purpose = purpose
        self.publicKey = publicKey
        let preimage = Array(name.utf8) + [newline] + Self.material(purpose, publicKey)
        let digest = SM3.digest(preimage.span)
        id = (0..<4).reduce(0) { $0 << 8 | UInt32(digest.bytes[$1]) }
    }

    /// A key from its text `name+id+base64`; nil for anything else, a wrong id among it.
    package init?(vkey: String) {
        let parts = vkey.utf8.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = String(parts[0]), let material = Base64.bytes(parts[2]), material.first == 0xFF,
            material.count > SM2.publicKeyLength,
            let purpose = Purpose(
                rawValue: String(decoding: material[1..<(material.count - SM2.publicKeyLength)], as: UTF8.self)),
            let publicKey = SM2PublicKey(bytes: Array(material.suffix(SM2.publicKeyLength)))
        else { return nil }
        self.init(name: name, purpose: purpose, publicKey: publicKey)
        guard String(parts[1]) == hexID else { return nil }
    }

    /// The key as text, to be published: `name+id+base64(0xff ‖ kind ‖ key)`, the id as 8 hexadecimal digits.
    package var vkey: String { "\(name)+\(hexID)+\(Base64.text(Self.material(purpose, publicKey)))" }

    /// A signature line of this key over a message, which says what is signed of a note.
    func sign(_ message: [UInt8], with key: SM2PrivateKey) -> SignedNote.Signature {
        SignedNote.Signature(name: name, keyID: id, bytes: key.signature(of: message))
    }

    /// Makes sure that a note has this key's signature over a message.
    func check(_ note: SignedNote, over message: [UInt8]) throws(ProofProblem) {
        guard let signature = signature(in: note) else { throw .notSigned(by: name) }
        guard publicKey.isValid(signature.bytes, for: message) else { throw .wrongSignature(of: name) }
    }

    /// The note's signature that names this key; nil where there is none. It may still be wrong.
    func signature(in note: SignedNote) -> SignedNote.Signature? {
        note.signatures.first { $0.name == name && $0.keyID == id }
    }

    private var hexID: String {
        let hex = String(id, radix: 16)
        return String(repeating: "0", count: 8 - hex.utf8.count) + hex
    }

    private static func material(_ purpose: Purpose, _ key: SM2PublicKey) -> [UInt8] {
        [0xFF] + Array(purpose.rawValue.utf8) + key.bytes
    }
}
