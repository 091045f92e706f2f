@testable import Cryptography
import Testing

@Suite("SM2 signatures")
struct SM2Tests {
    private let message = Array("驻马店信用".utf8)

    @Test("the published signature of GB/T 32918.5-2017 holds")
    func knownAnswer() {
        #expect(SM2PublicKey.knownAnswerHolds())
    }

    @Test("a signature holds for its bytes, key and id, and for nothing else: every bit of it and of the message counts")
    func flips() {
        let key = SM2PrivateKey.generate()
        let signature = key.signature(of: message)
        #expect(signature.count == SM2.signatureLength)
        #expect(key.publicKey.isValid(signature, for: message))
        #expect(!key.publicKey.isValid(signature, for: message, id: "other"))
        #expect(!SM2PrivateKey.generate().publicKey.isValid(signature, for: message))
        for bit in 0..<512 {
            var other = signature
            other[bit / 8] ^= 1 << (bit % 8)
            #expect(!key.publicKey.isValid(other, for: message))
        }
        for bit in 0..<8 * message.count {
            var other = message
            other[bit / 8] ^= 1 << (bit % 8)
            #expect(!key.publicKey.isValid(signature, for: other))
        }
    }

    @Test("signatures of every length but 64, and of extreme numbers, are refused")
    func malformed() {
        let key = SM2PrivateKey.generate()
        for length in [0, 1, 63, 65, 128, 1000] {
            #expect(!key.publicKey.isValid([UInt8](repeating: 1, count: length), for: message))
        }
        for byte: UInt8 in [0, 0x7F, 0x80, 0xFF] {
            #expect(!key.publicKey.isValid([UInt8](repeating: byte, count: 64), for: message))
        }
    }

    @Test("thousands of signatures survive the way through DER, whatever their leading bytes")
    func lengths() {
        let key = SM2PrivateKey.generate()
        for number in 0..<1000 {
            let text = Array(String(number).utf8)
            #expect(key.publicKey.isValid(key.signature(of: text), for: text))
        }
        #expect(key.publicKey.isValid(key.signature(of: []), for: []))
    }

    @Test("keys go out and come back; what is no SM2 key is refused")
    func keys() throws {
        let key = SM2PrivateKey.generate()
        let pem = key.pem()
        #expect(String(decoding: pem, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let again = try #require(SM2PrivateKey(pem: pem))
        #expect(again.publicKey == key.publicKey)
        #expect(key.publicKey.isValid(again.signature(of: message), for: message))
        #expect(SM2PublicKey(bytes: key.publicKey.bytes) == key.publicKey)
        for length in 0..<pem.count - 3 { #expect(SM2PrivateKey(pem: Array(pem.prefix(length))) == nil) }
        #expect(SM2PrivateKey(pem: Array(p256.utf8)) == nil)
        #expect(SM2PrivateKey(pem: Array(locked.utf8)) == nil)
        #expect(SM2PublicKey(bytes: []) == nil)
        #expect(SM2PublicKey(bytes: [UInt8](repeating: 4, count: 65)) == nil)
        for bit in 0..<520 {
            var bytes = key.publicKey.bytes
            bytes[bit / 8] ^= 1 << (bit % 8)
            #expect(SM2PublicKey(bytes: bytes) == nil)
        }
    }

    @Test("one key signs in many tasks at once")
    func concurrently() async {
        let key = SM2PrivateKey.generate()
        let count = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let text = [UInt8(number)]
                    return key.publicKey.isValid(key.signature(of: text), for: text)
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(count == 64)
    }

    // Made for this test: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`.
    private let p256 = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJ1lc9HiyGJ6BXvr4
        2NnztOjm3vvDkULjnBzZ9e1CGGehRANCAASOKbzgcWlF6wAOt6Acym2BxUasIzqj
        ceKytApddWIXp4yCN7DuXlCf4VyYAM7xdsa/4c+NIJ0L7sLhIaP7Dlra
        -----END PRIVATE KEY-----
        """

    // Made for this test: `openssl genpkey -algorithm SM2 -aes256 -pass pass:x`.
    private let locked = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi+Mt06hWuEwQICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEHzDa7sZTYxuHV8FXNv2t3cEgZDW
        CFuZuYYPRpdU6hSV7Bfe8WxVVDLa/ybMxmCV0bzpyXg2FHtX3mREN2N1+/aTHyma
        ViBujemZYb3DFwq5NG00wgjzCTfGzIwMJYVy73ZUX6/zHHiTKiGJe2/CQ5nIG/pC
        PmaGJey5IJTtoZrfkrqDpgM7BO8inexbhHTq09ETiKFERS+rn5scY4IBAliRT5E=
        -----END ENCRYPTED PRIVATE KEY-----
        """
}

@Suite("The keystream of SM4")
struct SM4KeystreamTests {
    private func stream(_ key: [UInt8], _ count: Int) -> [UInt8] {
        var keystream = SM4Keystream()
        var bytes = [UInt8](repeating: 9, count: count)
        unsafe bytes.withUnsafeMutableBytes { unsafe keystream.fill($0, key: SIMD16(key)) }
        return bytes
    }

    @Test("it is the one of the openssl command, and a longer stream begins with the shorter")
    func known() {
        // openssl enc -sm4-ctr -K 0123456789abcdeffedcba9876543210 -iv 0 <48 zero bytes>
        let key: [UInt8] = [1, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10]
        let hex = stream(key, 48).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hex == "2677f46b09c122cc975533105bd4a22a4e595bf03f23bd10329baf5698e898ecb3136c044e95482d4f652e694f2741cd")
        let long = stream(key, 256)
        for count in 0..<256 { #expect(stream(key, count) == Array(long.prefix(count))) }
    }
}

@Suite("The hashes of the Merkle tree")
struct MerkleHashTests {
    @Test("leaf, node and rows of nodes are SM3 over the prefixed bytes")
    func prefixes() {
        let data = (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for length in [0, 1, 54, 55, 63, 64, 85, 119, 120, 500] {
            let piece = Array(data[..<length])
            let leaf = MerkleHash.leaf(piece.span)
            let message = [0] + piece
            let digest = SM3.digest(message.span)
            #expect(leaf == digest)
        }
        let digests = (0..<200).map { number in
            let data = [UInt8(number)]
            return MerkleHash.leaf(data.span)
        }
        var bytes = digests.flatMap { digest in (0..<32).map { digest.bytes[$0] } }
        for pair in 0..<100 {
            let message: [UInt8] = [1] + bytes[64 * pair..<64 * pair + 64]
            let digest = SM3.digest(message.span)
            #expect(MerkleHash.node(digests[2 * pair], digests[2 * pair + 1]) == digest)
        }
        for count in [0, 1, 2, 15, 16, 17, 64, 100] {
            var parents = [UInt8](repeating: 0, count: 32 * count)
            unsafe bytes.withUnsafeBytes { from in
                unsafe parents.withUnsafeMutableBytes {
                    unsafe MerkleHash.nodes(over: UnsafeRawBufferPointer(rebasing: from[..<(64 * count)]), into: $0)
                }
            }
            let expected = (0..<count).flatMap { pair in
                let node = MerkleHash.node(digests[2 * pair], digests[2 * pair + 1])
                return (0..<32).map { node.bytes[$0] }
            }
            #expect(parents == expected)
        }
        // In place.
        let expected = (0..<100).flatMap { pair in
            let node = MerkleHash.node(digests[2 * pair], digests[2 * pair + 1])
            return (0..<32).map { node.bytes[$0] }
        }
        unsafe bytes.withUnsafeMutableBytes { unsafe MerkleHash.nodes(over: UnsafeRawBufferPointer($0), into: $0) }
        #expect(Array(bytes[..<3200]) == expected)
    }
}
