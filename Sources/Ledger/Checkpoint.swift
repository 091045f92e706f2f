package import Cryptography

/// A log's name and head as text, after C2SP tlog-checkpoint: origin, size, root in base64, one line each.
package struct Checkpoint: Sendable, Hashable {
    /// The log's name, such as `tianzhong.zhumadian/records`.
    package let origin: String
    package let head: TreeHead

    package init(origin: String, head: TreeHead) {
        self.origin = origin
        self.head = head
    }

    /// Reads the text of a note, strictly. Extension lines are refused: nobody could audit them, and we write none.
    package init(text: String) throws(ProofProblem) {
        let lines = Array(text.utf8).split(separator: newline, omittingEmptySubsequences: false)
        guard lines.count == 4, lines[3].isEmpty, !lines[0].isEmpty else { throw .malformed("检查点应为三行") }
        guard let size = decimal(lines[1]) else { throw .malformed("检查点的条数") }
        guard let bytes = Base64.bytes(lines[2]), let root = SM3Digest(bytes) else { throw .malformed("检查点的树根") }
        guard size > 0 || root == MerkleHash.empty else { throw .malformed("空日志的树根") }
        self.init(origin: String(decoding: lines[0], as: UTF8.self), head: TreeHead(size: size, root: root))
    }

    /// What is signed.
    package var text: String { "\(origin)\n\(head.size)\n\(Base64.text(head.root.array))\n" }
}

/// Signs a log's checkpoints. Only `CheckpointStore` should use it, which sees to it that no fork is signed.
package struct CheckpointSigner: Sendable {
    package let verifier: CheckpointVerifier
    private let key: SM2PrivateKey

    /// - Parameter origin: the log's name, which is the key's name too.
    /// - Returns: nil for an origin that cannot be a name.
    package init?(origin: String, key: SM2PrivateKey) {
        guard let noteKey = NoteKey(name: origin, purpose: .checkpoint, publicKey: key.publicKey) else { return nil }
        verifier = CheckpointVerifier(key: noteKey)
        self.key = key
    }

    /// The head's checkpoint with the log's signature.
    package func sign(_ head: TreeHead) -> SignedNote {
        let text = Checkpoint(origin: verifier.key.name, head: head).text
        return SignedNote(text: text, signatures: [verifier.key.sign(Array(text.utf8), with: key)])
    }
}

/// Checks that a checkpoint is this log's.
package struct CheckpointVerifier: Sendable, Hashable {
    /// The log's key; its name is the origin.
    package let key: NoteKey

    init(key: NoteKey) { self.key = key }

    /// A verifier from the published text of the log's key; nil for anything else.
    package init?(vkey: String) {
        guard let key = NoteKey(vkey: vkey), key.purpose == .checkpoint else { return nil }
        self.init(key: key)
    }

    /// The checkpoint of a note that the log has signed.
    package func open(_ note: SignedNote) throws(ProofProblem) -> Checkpoint {
        try key.check(note, over: Array(note.text.utf8))
        let checkpoint = try Checkpoint(text: note.text)
        guard checkpoint.origin == key.name else { throw .otherLog(checkpoint.origin) }
        return checkpoint
    }
}

extension SM3Digest {
    /// The 32 bytes.
    var array: [UInt8] { (0..<HashFile.hashLength).map { bytes[$0] } }

    /// A digest from 32 bytes; nil for another number.
    init?(_ array: [UInt8]) {
        guard array.count == HashFile.hashLength else { return nil }
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        for index in array.indices { bytes[index] = array[index] }
        self.init(bytes: bytes)
    }
}
