import Cryptography
@testable import Ledger

/// A log with keys, a store of checkpoints and two witnesses, in a folder of its own.
struct City {
    static let origin = "tianzhong.zhumadian/records"

    let folder = TestFolder()
    let log: TiledLog
    let store: CheckpointStore
    let witnesses: [Witness]
    let data: [LeafData]

    init(_ size: Int) throws {
        data = (0..<max(size, 1)).map { .event(String($0)) }
        log = try TiledLog(folder: folder.path + "/log", size: 0)
        let signer = CheckpointSigner(origin: Self.origin, key: .generate())!
        store = try CheckpointStore(folder: folder.path + "/checkpoints", signer: signer)
        let path = folder.path
        witnesses = try ["henan.gov/witness", "bank.example/w1"].map { name in
            try Witness(
                folder: "\(path)/\(name.filter { $0 != "/" })", signer: CosignatureSigner(name: name, key: .generate())!,
                logs: [signer.verifier])
        }
        try grow(to: size)
    }

    func grow(to size: Int) throws {
        try log.adopt(log.prepare(leaves(size - log.head.size, from: log.head.size)))
    }

    /// Signs the present head and has all witnesses cosign.
    func publish(at time: Int = 1_000) throws -> SignedNote {
        var note = try store.sign(log.head, of: log, at: time)
        for witness in witnesses {
            let seen = try witness.seen(Self.origin)
            let proof = try log.consistency(from: seen.size, to: log.head.size)
            note = try store.add(witness.cosign(note, proof: proof, at: time + 5), to: note, by: witness.signer.verifier)
        }
        return note
    }

    var verifier: ProofVerifier {
        ProofVerifier(vkey: store.signer.verifier.key.vkey, witnesses: witnesses.map(\.signer.verifier.key.vkey), needed: 2)!
    }

    func proof(_ index: Int, _ note: SignedNote) throws -> ProofFile {
        let size = try Checkpoint(text: note.text).head.size
        return ProofFile(data: data[index], index: index, path: try log.inclusion(of: index, in: size), note: note)
    }
}
