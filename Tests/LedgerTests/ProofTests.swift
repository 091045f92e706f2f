import Cryptography
@testable import Ledger
import Testing

@Suite("Proofs that are checked alone")
struct ProofTests {
    @Test("a proof shows its leaf, the tree and who has witnessed it; text and parts come back")
    func holds() throws {
        let city = try City(1_000)
        let note = try city.publish()
        for index in [0, 1, 255, 256, 767, 768, 999] {
            let proof = try city.proof(index, note)
            let text = proof.description
            #expect(try ProofFile(text) == proof)
            let shown = try city.verifier.check(inclusion: text)
            #expect(shown.data == city.data[index] && shown.index == index && shown.checkpoint.head == city.log.head)
            #expect(shown.witnesses == ["henan.gov/witness": 1_005, "bank.example/w1": 1_005])
            let bare = ProofFile(data: nil, index: index, path: proof.path, note: note).description
            #expect(try city.verifier.check(inclusion: bare, data: city.data[index]).data == city.data[index])
            #expect(problem { _ = try city.verifier.check(inclusion: bare) } == .noData)
            #expect(problem { _ = try city.verifier.check(inclusion: bare, data: .event("x")) } == .notIncluded)
        }
        let text = try city.proof(3, note).description
        #expect(text.hasPrefix("c2sp.org/tlog-proof@v1\nextra Mw==\nindex 3\n"))
        let lone = ProofVerifier(vkey: city.store.signer.verifier.key.vkey)
        #expect(try lone?.check(inclusion: text).witnesses == [:])
        let bad = city.store.signer.sign(city.log.head)
        #expect(
            problem { _ = try city.verifier.check(inclusion: city.proof(3, bad).description) } == .tooFewWitnesses(found: 0, needed: 2))
        #expect(ProofVerifier(vkey: "", needed: 0) == nil)
        #expect(ProofVerifier(vkey: city.store.signer.verifier.key.vkey, witnesses: ["x"]) == nil)
    }

    @Test("every flipped bit of leaf data, index, path, size and root is refused")
    func flips() throws {
        let city = try City(300)
        let bytes = Array(try city.proof(130, city.publish()).description.utf8)
        let verifier = city.verifier
        for bit in 0..<8 * bytes.count {
            var other = bytes
            other[bit / 8] ^= 1 << (bit % 8)
            guard let text = String(validating: other, as: UTF8.self) else { continue }
            #expect(problem { _ = try verifier.check(inclusion: text) } != nil, "bit \(bit)")
        }
    }

    @Test("between two checkpoints: consistency shown, and refused for a fork, for other hashes and for every flipped bit")
    func consistency() throws {
        let city = try City(300)
        let old = try city.publish()
        try city.grow(to: 700)
        let new = try city.publish()
        let verifier = city.verifier
        let proof = ConsistencyProofFile(old: old, new: new, path: try city.log.consistency(from: 300, to: 700))
        #expect(try ConsistencyProofFile(proof.description) == proof)
        let shown = try verifier.check(consistency: proof.description)
        #expect(shown.old.head.size == 300 && shown.new.head == city.log.head)
        let swapped = ConsistencyProofFile(old: new, new: old, path: proof.path)
        #expect(problem { _ = try verifier.check(consistency: swapped.description) } == .notConsistent)
        let short = ConsistencyProofFile(old: old, new: new, path: proof.path.dropLast())
        #expect(problem { _ = try verifier.check(consistency: short.description) } == .notConsistent)
        // Without witnesses, of whom only the new note's are asked.
        let lone = ProofVerifier(log: city.store.signer.verifier)
        let bare = ConsistencyProofFile(
            old: SignedNote(text: old.text, signatures: Array(old.signatures.prefix(1))),
            new: SignedNote(text: new.text, signatures: Array(new.signatures.prefix(1))), path: proof.path)
        let bareBytes = Array(bare.description.utf8)
        for bit in 0..<8 * bareBytes.count {
            var other = bareBytes
            other[bit / 8] ^= 1 << (bit % 8)
            guard let text = String(validating: other, as: UTF8.self) else { continue }
            #expect(problem { _ = try lone.check(consistency: text) } != nil)
        }
    }

    @Test("20,000 mutations of hostile texts: each is refused with a reason, or means what it says; none traps")
    func hostile() throws {
        let city = try City(40)
        let old = try city.publish()
        try city.grow(to: 60)
        let new = try city.publish()
        let inclusion = Array(try city.proof(20, old).description.utf8)
        let consistency = Array(
            ConsistencyProofFile(old: old, new: new, path: try city.log.consistency(from: 40, to: 60)).description.utf8)
        let pieces = ["\n", "\n\n", "— ", "+", "index 9223372036854775807\n", "extra ", "----\n", "=", "\u{0}", "99999999999999999999", "0"]
        var trials = Trials(12)
        for _ in 0..<10_000 {
            for seed in [inclusion, consistency] {
                var bytes = seed
                for _ in 0..<Int.random(in: 1...3, using: &trials) {
                    let place = Int.random(in: 0...bytes.count, using: &trials)
                    switch Int.random(in: 0..<5, using: &trials) {
                    case 0: bytes.insert(contentsOf: pieces.randomElement(using: &trials)!.utf8, at: place)
                    case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...90, using: &trials)))
                    case 2: bytes.removeLast(bytes.count - place)
                    case 3: bytes.insert(contentsOf: bytes.suffix(60), at: place)
                    default: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &trials) }
                    }
                }
                let text = String(decoding: bytes, as: UTF8.self)
                if let proof = try? ProofFile(text) { #expect(proof.description == text) }
                if let proof = try? ConsistencyProofFile(text) { #expect(proof.description == text) }
                if let note = try? SignedNote(text) { #expect(note.description == text) }
                _ = try? Checkpoint(text: text)
                _ = NoteKey(vkey: text)
            }
        }
    }

    @Test("a proof is checked within 5 ms, and is about 2 KB")
    func cost() throws {
        let city = try City(1_000)
        let text = try city.proof(500, city.publish()).description
        let verifier = city.verifier
        let clock = ContinuousClock()
        // The best of several: neighbours on the machine are not the subject.
        let best = try (0..<10).map { _ in try clock.measure { _ = try verifier.check(inclusion: text) } }.min() ?? .zero
        #expect(best < .milliseconds(5))
        #expect(text.utf8.count < 2_048)
    }

    @Test("every problem and fault says in Chinese what is wrong and what to do")
    func words() {
        let problems: [ProofProblem] = [
            .malformed("x"), .notSigned(by: "x"), .wrongSignature(of: "x"), .otherLog("x"), .tooFewWitnesses(found: 1, needed: 2), .noData,
            .notIncluded, .notConsistent, .older(size: 1, seen: 2),
        ]
        #expect(Set(problems.map(\.message)).count == problems.count)
        for problem in problems { #expect(problem.description.contains("请")) }
        for code in LedgerFault.Code.allCases { #expect(LedgerFault(code, place: "x").description.contains("请")) }
    }
}
