package import Cryptography

/// Signs texts that the platform gives out beside its logs, such as extracts of lists, with the same key pair as the logs' heads.
///
/// What is signed is the text behind a line of its own, `statement/v1`, as a cosignature is: the bytes of such a signature do not hold for
/// any checkpoint, nor the other way round, whatever name and id somebody writes before them.
package struct StatementSigner: Sendable {
    /// What the platform's logs are called.
    package let origin: String
    package let verifier: StatementVerifier
    private let key: SM2PrivateKey

    /// - Parameter topic: what the statements are about; the key's name is the origin with it, as those of the logs are.
    /// - Returns: nil where the name cannot stand in a signature line.
    package init?(origin: String, topic: String, key: SM2PrivateKey) {
        guard let noteKey = NoteKey(name: "\(origin)/\(topic)", purpose: .statement, publicKey: key.publicKey) else { return nil }
        self.origin = origin
        verifier = StatementVerifier(key: noteKey)
        self.key = key
    }

    /// The text with its signature. Its first line must name its format.
    package func sign(_ text: String) -> SignedNote {
        SignedNote(text: text, signatures: [verifier.key.sign(StatementVerifier.message(text), with: key)])
    }
}

/// Checks that the platform has given a text out.
package struct StatementVerifier: Sendable, Hashable {
    package let key: NoteKey

    init(key: NoteKey) { self.key = key }

    /// A verifier from the published text of the key; nil for anything else, keys of logs and witnesses among it.
    package init?(vkey: String) {
        guard let key = NoteKey(vkey: vkey), key.purpose == .statement else { return nil }
        self.init(key: key)
    }

    /// The text of a note that this key has signed.
    package func open(_ note: SignedNote) throws(ProofProblem) -> String {
        try key.check(note, over: Self.message(note.text))
        return note.text
    }

    static func message(_ text: String) -> [UInt8] { Array("statement/v1\n\(text)".utf8) }
}
