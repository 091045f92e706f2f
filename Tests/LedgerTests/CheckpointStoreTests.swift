import Cryptography
@testable import Ledger
import Testing

@Suite("Signed checkpoints, and witnesses")
struct CheckpointStoreTests {
    private func reopened(_ city: City) throws -> CheckpointStore {
        try CheckpointStore(folder: city.folder.path + "/checkpoints", signer: city.store.signer)
    }

    @Test("heads are signed in order, once each, kept over restarts, and found again by their time")
    func order() throws {
        let city = try City(0)
        #expect(city.store.latest == nil)
        #expect(try city.store.note(at: 5) == nil)
        var notes: [SignedNote] = []
        for (number, size) in [0, 1, 300, 300, 700].enumerated() {
            try city.grow(to: size)
            let note = try city.store.sign(city.log.head, of: city.log, at: 100 * number)
            #expect(try city.store.signer.verifier.open(note).head == city.log.head)
            if size == 300, let last = notes.last, number == 3 { #expect(note == last) } else { notes.append(note) }
            #expect(try reopened(city).latest == note)
        }
        for store in [city.store, try reopened(city)] {
            #expect(try [-1, 0, 99, 100, 250, 399, 400, 1 << 40].map { try store.note(at: $0) }
                == [nil, notes[0], notes[0], notes[1], notes[2], notes[2], notes[3], notes[3]])
        }
        #expect(city.store.latestCosigned == nil)
    }

    @Test("a restored old backup signs nothing that is older or different, however its log has grown since")
    func fork() throws {
        let city = try City(500)
        let note = try city.store.sign(city.log.head, of: city.log, at: 1)
        // The backup of 400 leaves, which then takes in others.
        let backup = try TiledLog(folder: city.folder.path + "/backup", size: 0)
        try backup.adopt(backup.prepare(leaves(400)))
        #expect(code { _ = try city.store.sign(backup.head, of: backup, at: 2) } == .smallerThanSigned)
        for size in [500, 501, 3_000] {
            try backup.adopt(backup.prepare(leaves(size - backup.head.size, from: 900_000)))
            #expect(code { _ = try city.store.sign(backup.head, of: backup, at: 2) } == .fork)
            #expect(code { _ = try reopened(city).sign(backup.head, of: backup, at: 2) } == .fork)
        }
        // A head that is not the log's.
        let other = TreeHead(size: 500, root: digest([9]))
        #expect(code { _ = try city.store.sign(other, of: city.log, at: 2) } == .fork)
        #expect(city.store.latest == note)
        #expect(try city.store.note(at: 99) == note)
        let fault = LedgerFault(.fork, place: "x")
        #expect(fault.description.contains("旧备份"))
    }

    @Test("a kill between the steps of signing, and files cut off at any byte, lose no head that was given out")
    func kills() throws {
        let city = try City(10)
        let first = try city.store.sign(city.log.head, of: city.log, at: 1)
        let checkpoint = city.folder.read("checkpoints/checkpoint")
        let before = city.folder.read("checkpoints/history")
        try city.grow(to: 20)
        let second = try city.store.sign(city.log.head, of: city.log, at: 2)
        let after = city.folder.read("checkpoints/history")
        // In the history, not yet in its own file: the history tells.
        city.folder.write(checkpoint, "checkpoints/checkpoint")
        #expect(try reopened(city).latest == second)
        for length in before.count..<after.count {
            city.folder.write(Array(after[..<length]), "checkpoints/history")
            let store = try reopened(city)
            #expect(store.latest == first)
            #expect(try store.note(at: 9) == first)
        }
        let again = try reopened(city).sign(city.log.head, of: city.log, at: 3)
        #expect(try reopened(city).note(at: 3) == again)
        // Damage in the middle is no note cut off: what stands behind it must not be lost.
        let whole = city.folder.read("checkpoints/history")
        for place in [0, 1, 3, before.count - 1, before.count] {
            var other = whole
            other[place] ^= 0x40
            city.folder.write(other, "checkpoints/history")
            #expect(code { _ = try reopened(city) } == .damaged)
            #expect(city.folder.read("checkpoints/history") == other)
        }
        // The history restored from an older backup: the file of its own tells.
        city.folder.write([], "checkpoints/history")
        #expect(try reopened(city).latest == again)
    }

    @Test("damaged notes are refused at the start")
    func damaged() throws {
        let city = try City(10)
        let note = try city.publish()
        for name in ["checkpoint", "cosigned"] {
            let bytes = city.folder.read("checkpoints/\(name)")
            for bit in stride(from: 0, to: 8 * note.text.utf8.count, by: 7) {
                var other = bytes
                other[bit / 8] ^= 1 << (bit % 8)
                city.folder.write(other, "checkpoints/\(name)")
                #expect(code { _ = try reopened(city) } == .damaged)
            }
            city.folder.write(bytes, "checkpoints/\(name)")
        }
        #expect(try reopened(city).latestCosigned == note)
        #expect(code {
            _ = try CheckpointStore(
                folder: city.folder.path + "/checkpoints", signer: CheckpointSigner(origin: City.origin, key: .generate())!)
        } == .damaged)
    }

    @Test("a witness cosigns what continues, over restarts too, and refuses the older, the forked, the forged and the unknown")
    func witness() throws {
        let city = try City(100)
        let first = try city.publish()
        #expect(first.signatures.count == 3)
        #expect(city.store.latestCosigned == first)
        try city.grow(to: 300)
        let second = try city.publish(at: 2_000)
        let witness = city.witnesses[0]
        let again = try Witness(
            folder: "\(city.folder.path)/henan.govwitness", signer: witness.signer, logs: [city.store.signer.verifier])
        #expect(try again.seen(City.origin) == city.log.head)
        // The same once more is no contradiction; an older one is.
        #expect(try again.cosign(second, proof: [], at: 3).name == "henan.gov/witness")
        #expect(problem { _ = try again.cosign(first, proof: [], at: 3) } == .older(size: 100, seen: 300))
        // A split view: signed with the log's key, of another history.
        let fork = try TiledLog(folder: city.folder.path + "/fork", size: 0)
        for size in [300, 301, 5_000] {
            try fork.adopt(fork.prepare(leaves(size - fork.head.size, from: 7)))
            let note = city.store.signer.sign(fork.head)
            let proof = try fork.consistency(from: 300, to: size)
            #expect(problem { _ = try again.cosign(note, proof: proof, at: 3) } == .notConsistent)
        }
        try city.grow(to: 400)
        let third = try city.store.sign(city.log.head, of: city.log, at: 9)
        let proof = try city.log.consistency(from: 300, to: 400)
        #expect(problem { _ = try again.cosign(third, proof: [], at: 3) } == .notConsistent)
        let stranger = CheckpointSigner(origin: City.origin, key: .generate())!.sign(city.log.head)
        #expect(problem { _ = try again.cosign(stranger, proof: proof, at: 3) } == .notSigned(by: City.origin))
        let unknown = CheckpointSigner(origin: "other", key: .generate())!.sign(city.log.head)
        #expect(problem { _ = try again.cosign(unknown, proof: proof, at: 3) } == .otherLog("other"))
        #expect(try again.seen(City.origin).size == 300)
        let cosignature = try again.cosign(third, proof: proof, at: 3)
        #expect(try again.seen(City.origin) == city.log.head)
        // The store takes only what verifies.
        #expect(try city.store.add(cosignature, to: third, by: witness.signer.verifier).signatures.count == 2)
        #expect(throws: ProofProblem.self) { _ = try city.store.add(cosignature, to: second, by: witness.signer.verifier) }
        // A cosignature that comes after the log has gone on; and one of an older note than the cosigned one.
        try city.grow(to: 500)
        _ = try city.store.sign(city.log.head, of: city.log, at: 10)
        #expect(try city.store.add(cosignature, to: third, by: witness.signer.verifier) == city.store.latestCosigned)
        let late = try #require(second.signatures.last)
        #expect(try city.store.add(late, to: second, by: city.witnesses[1].signer.verifier).signatures.count == 3)
        #expect(city.store.latestCosigned?.text == third.text)
        #expect(throws: ProofProblem.self) { _ = try city.store.add(cosignature, to: third, by: city.witnesses[1].signer.verifier) }
        let forged = SignedNote.Signature(name: cosignature.name, keyID: cosignature.keyID, bytes: cosignature.bytes.reversed())
        #expect(throws: ProofProblem.self) { _ = try city.store.add(forged, to: third, by: witness.signer.verifier) }
    }
}
