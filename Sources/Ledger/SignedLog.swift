package import Cryptography
internal import Synchronization

/// A tiled log with its signed heads: what is appended, proven, and signed in one place.
package final class SignedLog: Sendable {
    package let tree: TiledLog
    package let checkpoints: CheckpointStore
    /// Held while leaves are appended.
    private let appending = Mutex(())

    package init(tree: TiledLog, checkpoints: CheckpointStore) {
        self.tree = tree
        self.checkpoints = checkpoints
    }

    /// The head as it is, signed or not yet.
    package var head: TreeHead { tree.head }
    /// Leaves in the log.
    package var size: Int { tree.head.size }
    /// Whether the head has leaves that no signed head covers.
    package var isUnsigned: Bool {
        guard let note = checkpoints.latest, let signed = try? size(of: note) else { return size > 0 }
        return signed < size
    }
    /// Leaves under the head signed last; 0 before the first.
    package var signedSize: Int { checkpoints.latest.flatMap { try? size(of: $0) } ?? 0 }
    /// Whether a longer log has been signed: what is here is an older state of it. It can be read; what continued it otherwise
    /// than it went on then would be a fork.
    package var isBehind: Bool { signedSize > size }
    /// The log's public key as text, for whoever verifies.
    package var vkey: String { checkpoints.signer.verifier.key.vkey }

    /// Adds leaves; they are durable when it returns.
    package func append(_ leaves: [SM3Digest]) throws(LedgerFault) {
        try appending.withLock { _ in
            Result { () throws(LedgerFault) in try tree.adopt(tree.prepare(leaves)) }
        }.get()
    }

    /// Signs the head where it is not signed yet.
    ///
    /// - Parameter time: seconds since 1970.
    @discardableResult
    package func sign(at time: Int) throws(LedgerFault) -> SignedNote { try checkpoints.sign(tree.head, of: tree, at: time) }

    /// Says that what happened up to a time has been done again, after a restoration: signs the head where it goes beyond the one
    /// signed last, and holds it against what was signed by that time where it does not.
    ///
    /// - Parameter time: seconds since 1970, when it happened first.
    /// - Throws: `.fork` where it is another log.
    package func catchUp(to time: Int) throws(LedgerFault) {
        guard isBehind else {
            try sign(at: time)
            return
        }
        guard let note = try checkpoints.note(at: time) else { return }
        let head: TreeHead
        do throws(ProofProblem) { head = try checkpoints.signer.verifier.open(note).head } catch {
            throw LedgerFault(.damaged, place: checkpoints.signer.verifier.key.name, detail: error.message)
        }
        // Signed later in the same second, it tells nothing yet.
        guard head.size <= size else { return }
        guard try tree.root(at: head.size) == head.root else {
            throw LedgerFault(.fork, place: "\(checkpoints.signer.verifier.key.name): \(head.size)")
        }
    }

    /// A proof that a leaf is in the log, against a signed head; signs one where the last does not have the leaf yet.
    ///
    /// - Parameter data: what the leaf commits to, to go into the proof; nil leaves it out.
    package func proof(of index: Int, data: LeafData?, at time: Int) throws(LedgerFault) -> ProofFile {
        var note = checkpoints.latest
        var size = try note.map(size(of:)) ?? 0
        if index >= size {
            let signed = try sign(at: time)
            note = signed
            size = try self.size(of: signed)
        }
        // An older state has no head of its own to prove anything against.
        guard size <= self.size else { throw LedgerFault(.smallerThanSigned, place: "\(checkpoints.signer.verifier.key.name): \(self.size) < \(size)") }
        guard let note else { throw LedgerFault(.damaged, place: checkpoints.signer.verifier.key.name, detail: "no checkpoint") }
        // Cosignatures, where a witness has given them for this very head, go along.
        let cosigned = checkpoints.latestCosigned
        return ProofFile(
            data: data, index: index, path: try tree.inclusion(of: index, in: size), note: cosigned?.text == note.text ? cosigned ?? note : note)
    }

    /// A proof that one signed head continues another.
    package func consistency(from old: SignedNote, to new: SignedNote) throws(LedgerFault) -> ConsistencyProofFile {
        ConsistencyProofFile(old: old, new: new, path: try tree.consistency(from: size(of: old), to: size(of: new)))
    }

    private func size(of note: SignedNote) throws(LedgerFault) -> Int {
        do throws(ProofProblem) { return try Checkpoint(text: note.text).head.size } catch {
            throw LedgerFault(.damaged, place: checkpoints.signer.verifier.key.name, detail: error.message)
        }
    }
}
