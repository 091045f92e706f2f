import Cryptography
@testable import Ledger
import Testing

@Suite("Notes, keys and checkpoints")
struct NoteTests {
    private let signer = CheckpointSigner(origin: City.origin, key: .generate())!

    private func head(_ size: Int) -> TreeHead { size == 0 ? .empty : TreeHead(size: size, root: digest(Array(String(size).utf8))) }

    @Test("a checkpoint is three lines, an empty one and the signature, and comes back")
    func checkpoint() throws {
        for size in [0, 1, 350_000_000, TreeHead.largestSize] {
            let note = signer.sign(head(size))
            let lines = note.description.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 6 && lines[0] == "tianzhong.zhumadian/records" && lines[1] == "\(size)" && lines[3].isEmpty)
            #expect(lines[4].hasPrefix("— tianzhong.zhumadian/records "))
            let again = try SignedNote(note.description)
            #expect(again == note)
            #expect(try signer.verifier.open(again).head == head(size))
        }
    }

    @Test("the published form of a key comes back, and differs by name and purpose; a wrong id or purpose is refused")
    func keys() throws {
        let key = SM2PrivateKey.generate()
        var seen = Set<UInt32>()
        for name in ["a", "tianzhong.zhumadian/records", "见证人"] {
            for purpose in NoteKey.Purpose.allCases {
                let noteKey = try #require(NoteKey(name: name, purpose: purpose, publicKey: key.publicKey))
                #expect(NoteKey(vkey: noteKey.vkey) == noteKey)
                #expect((CheckpointVerifier(vkey: noteKey.vkey) != nil) == (purpose == .checkpoint))
                #expect((CosignatureVerifier(vkey: noteKey.vkey) != nil) == (purpose == .cosignature))
                #expect((StatementVerifier(vkey: noteKey.vkey) != nil) == (purpose == .statement))
                seen.insert(noteKey.id)
                var trials = Trials(10)
                let bytes = Array(noteKey.vkey.utf8)
                for _ in 0..<500 {
                    var other = bytes
                    other[Int.random(in: other.indices, using: &trials)] ^= 1 << UInt8.random(in: 0..<8, using: &trials)
                    let text = String(decoding: other, as: UTF8.self)
                    #expect(NoteKey(vkey: text) == nil)
                }
            }
        }
        #expect(seen.count == 9)
        for name in ["", "a b", "a+b", "a\u{3000}b", "a\nb", "a\tb"] {
            #expect(NoteKey(name: name, purpose: .checkpoint, publicKey: key.publicKey) == nil)
        }
        for text in ["", "+", "++", "a+00000000+", "a+00000000+////"] { #expect(NoteKey(vkey: text) == nil) }
    }

    @Test("a statement's signature holds for no checkpoint and no cosignature of the same key and text, nor theirs for a statement")
    func statements() throws {
        let key = SM2PrivateKey.generate()
        let log = try #require(CheckpointSigner(origin: "t/records", key: key))
        let witness = try #require(CosignatureSigner(name: "t/records", key: key))
        let statements = try #require(StatementSigner(origin: "t", topic: "records", key: key))
        let note = log.sign(head(7))
        let signed = statements.sign(note.text)
        #expect(try statements.verifier.open(signed) == note.text)
        func relabelled(_ bytes: [UInt8], _ key: NoteKey) -> SignedNote {
            SignedNote(text: note.text, signatures: [.init(name: key.name, keyID: key.id, bytes: bytes)])
        }
        let stated = signed.signatures[0].bytes
        #expect(problem { _ = try log.verifier.open(signed) } == .notSigned(by: "t/records"))
        #expect(problem { _ = try log.verifier.open(relabelled(stated, log.verifier.key)) } == .wrongSignature(of: "t/records"))
        #expect(problem { _ = try witness.verifier.time(of: relabelled([UInt8](repeating: 0, count: 8) + stated, witness.verifier.key)) } != nil)
        #expect(problem { _ = try statements.verifier.open(relabelled(note.signatures[0].bytes, statements.verifier.key)) } == .wrongSignature(of: "t/records"))
        let cosigned = witness.sign(note, at: 5)
        #expect(problem { _ = try statements.verifier.open(relabelled(Array(cosigned.bytes.dropFirst(8)), statements.verifier.key)) } != nil)
    }

    @Test("every flipped bit of a signed checkpoint is refused, and so is every prefix")
    func flips() {
        let bytes = Array(signer.sign(head(4_096)).description.utf8)
        for bit in 0..<8 * bytes.count {
            var other = bytes
            other[bit / 8] ^= 1 << (bit % 8)
            guard let text = String(validating: other, as: UTF8.self) else { continue }
            #expect(problem { _ = try signer.verifier.open(SignedNote(text)) } != nil)
        }
        for length in bytes.indices {
            let text = String(decoding: bytes[..<length], as: UTF8.self)
            #expect(problem { _ = try signer.verifier.open(SignedNote(text)) } != nil)
        }
    }

    @Test(
        "malformed notes are refused",
        arguments: [
            "", "\n", "\n\n", "a\n", "a\n\n", "a\n\n\n", "a\n\n- a AAAAAAA=\n", "a\n\n— a AAAAAA==\n", "a\n\n— a  AAAAAAA=\n",
            "a\n\n— a b AAAAAAA=\n", "a\n\n— a+b AAAAAAA=\n", "a\n\n— a AAAAAAB=\n", "a\n\n— a AAAAAAA\n", "a\n\n— a AAAAAAA=",
            "a\t\n\n— a AAAAAAA=\n", "a\r\n\n— a AAAAAAA=\n", "a\n\n—  AAAAAAA=\n",
        ])
    func malformed(note: String) {
        #expect(problem { _ = try SignedNote(note) } != nil)
    }

    @Test("the text ends at the last empty line; others may stand before it")
    func emptyLines() throws {
        let note = try SignedNote("a\n\nb\n\n— a AAAAAAA=\n— b AAAAAAA=\n")
        #expect(note.text == "a\n\nb\n" && note.signatures.count == 2)
        #expect(problem { _ = try SignedNote("a\n\n" + String(repeating: "— a AAAAAAA=\n", count: 65)) } == .malformed("签名过多"))
    }

    @Test(
        "malformed checkpoints are refused",
        arguments: [
            "", "\n", "a\n", "a\n1\n", "\n1\nROOT\n", "a\n\nROOT\n", "a\n01\nROOT\n", "a\n-1\nROOT\n", "a\n+1\nROOT\n", "a\n1 \nROOT\n",
            "a\n281474976710657\nROOT\n", "a\n99999999999999999999999999\nROOT\n", "a\n0\nROOT\n", "a\n1\nROOT\nextension\n", "a\n1\nROOT",
            "a\n1\nAAAA\n", "a\n1\n\n", "a\n１\nROOT\n",
        ])
    func malformedCheckpoint(text: String) {
        let root = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        #expect(problem { _ = try Checkpoint(text: text.replacing("ROOT", with: root)) } != nil)
        #expect((try? Checkpoint(text: "a\n1\n\(root)\n")) != nil)
    }

    @Test("base64 has one text for each sequence of bytes")
    func base64() {
        var trials = Trials(11)
        for length in 0..<100 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &trials) }
            let text = Base64.text(bytes)
            #expect(Base64.bytes(text.utf8) == bytes)
        }
        #expect(Base64.text(Array("foobar".utf8)) == "Zm9vYmFy" && Base64.text(Array("fooba".utf8)) == "Zm9vYmE=")
        #expect(Base64.text(Array("foob".utf8)) == "Zm9vYg==" && Base64.text([0xFB, 0xFF]) == "+/8=")
        for bad in ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "====", "=AAA", "Zg==Zg==", "Zm9v\n", "Z===", "Zm-_"] {
            #expect(Base64.bytes(bad.utf8) == nil)
        }
    }

    @Test("a signature of another key, purpose or log does not pass")
    func others() throws {
        let note = signer.sign(head(7))
        let other = CheckpointSigner(origin: City.origin, key: .generate())!
        #expect(problem { _ = try other.verifier.open(note) } == .notSigned(by: City.origin))
        // The right id over a wrong signature.
        let forged = SignedNote(
            text: note.text,
            signatures: [.init(name: City.origin, keyID: signer.verifier.key.id, bytes: [UInt8](repeating: 1, count: 64))])
        #expect(problem { _ = try signer.verifier.open(forged) } == .wrongSignature(of: City.origin))
        // A log that signs another's checkpoint.
        let key = SM2PrivateKey.generate()
        let impostor = CheckpointSigner(origin: "other", key: key)!
        let text = Checkpoint(origin: City.origin, head: head(7)).text
        let signature = SignedNote.Signature(
            name: "other", keyID: impostor.verifier.key.id, bytes: key.signature(of: Array(text.utf8)))
        #expect(problem { _ = try impostor.verifier.open(SignedNote(text: text, signatures: [signature])) } == .otherLog(City.origin))
        // Cosignatures bind the time and the text.
        let witness = CosignatureSigner(name: "w", key: .generate())!
        let cosigned = note.adding(witness.sign(note, at: 77))
        #expect(try witness.verifier.time(of: cosigned) == 77)
        #expect(try witness.verifier.time(of: note) == nil)
        let moved = SignedNote(text: signer.sign(head(8)).text, signatures: cosigned.signatures)
        #expect(problem { _ = try witness.verifier.time(of: moved) } == .wrongSignature(of: "w"))
        var late = try #require(cosigned.signatures.last).bytes
        for index in 0..<8 {
            late[index] ^= 0x80
            let other = note.adding(.init(name: "w", keyID: witness.verifier.key.id, bytes: late))
            #expect(problem { _ = try witness.verifier.time(of: other) } == .wrongSignature(of: "w"))
        }
        #expect(note.adding(witness.sign(note, at: 1)).adding(witness.sign(note, at: 2)).signatures.count == 2)
    }
}
