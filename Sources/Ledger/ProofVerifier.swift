/// Checks proofs alone, without the log and its server: it needs the published keys, and nothing else is believed.
package struct ProofVerifier: Sendable {
    /// What a proof has shown.
    package struct Inclusion: Sendable, Hashable {
        /// The leaf that is in the log.
        package let data: LeafData
        package let index: Int
        /// The tree that the log has signed.
        package let checkpoint: Checkpoint
        /// The trusted witnesses that have cosigned, by name, and when, in seconds since 1970.
        package let witnesses: [String: Int]
    }

    /// What a consistency proof has shown: the newer log begins with all leaves of the older, unchanged.
    package struct Consistency: Sendable, Hashable {
        package let old: Checkpoint
        package let new: Checkpoint
    }

    private let log: CheckpointVerifier
    private let witnesses: [CosignatureVerifier]
    private let needed: Int

    /// - Parameters:
    ///   - witnesses: those that are trusted; each counts once.
    ///   - needed: how many of them must have cosigned a checkpoint.
    package init(log: CheckpointVerifier, witnesses: [CosignatureVerifier] = [], needed: Int = 0) {
        self.log = log
        self.witnesses = Array(Set(witnesses))
        self.needed = needed
    }

    /// A verifier from the published texts of the keys; nil where one of them is none.
    package init?(vkey: String, witnesses: [String] = [], needed: Int = 0) {
        guard let log = CheckpointVerifier(vkey: vkey) else { return nil }
        let keys = witnesses.compactMap { CosignatureVerifier(vkey: $0) }
        guard keys.count == witnesses.count else { return nil }
        self.init(log: log, witnesses: keys, needed: needed)
    }

    /// Checks that a leaf is in the log. About 0.5 ms, and as much again for each witness.
    ///
    /// - Parameter data: the leaf's data, where it came another way than in the proof; then what the proof encloses is ignored.
    package func check(inclusion text: String, data: LeafData? = nil) throws(ProofProblem) -> Inclusion {
        let proof = try ProofFile(text)
        guard let data = data ?? proof.data else { throw .noData }
        let checkpoint = try log.open(proof.note)
        let cosigned = try cosignatures(of: proof.note)
        guard MerkleTree.includes(data.hash, at: proof.index, in: checkpoint.head, proof: proof.path) else { throw .notIncluded }
        return Inclusion(data: data, index: proof.index, checkpoint: checkpoint, witnesses: cosigned)
    }

    /// Checks that the log's new checkpoint continues its old one. The witnesses are asked of the new one only.
    package func check(consistency text: String) throws(ProofProblem) -> Consistency {
        let proof = try ConsistencyProofFile(text)
        let old = try log.open(proof.old)
        let new = try log.open(proof.new)
        _ = try cosignatures(of: proof.new)
        guard MerkleTree.isConsistent(from: old.head, to: new.head, proof: proof.path) else { throw .notConsistent }
        return Consistency(old: old, new: new)
    }

    private func cosignatures(of note: SignedNote) throws(ProofProblem) -> [String: Int] {
        var times: [String: Int] = [:]
        for witness in witnesses {
            if let time = try witness.time(of: note) { times[witness.key.name] = time }
        }
        guard times.count >= needed else { throw .tooFewWitnesses(found: times.count, needed: needed) }
        return times
    }
}
