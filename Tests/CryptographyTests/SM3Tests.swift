@testable import Cryptography
import COpenSSL
import Testing

@Suite struct SM3Tests {
    @Test(arguments: [
        ("", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
        // GB/T 32905-2016, example 1.
        ("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        // Example 2.
        (
            "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        ),
    ])
    func vector(text: String, hex: String) {
        #expect(SM3.digest(Array(text.utf8).span).hex == hex)
    }

    @Test func piecesGiveTheDigestOfTheWhole() {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        var sum = SM3()
        var start = 0
        for length in [0, 1, 63, 64, 65, 1000, 500_000, 498_807] {
            sum.update(bytes.span.extracting(start..<(start + length)))
            start += length
        }
        #expect(start == bytes.count)
        #expect(sum.finish().hex == "c8aaf89429554029e231941a2acc0ad61ff2a5acd8fadd25847a3a732b3b02c3")
    }

    @Test func hexadecimalForm() throws {
        let hex = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        let digest = try #require(SM3Digest(hex: hex.uppercased()))
        #expect(digest.description == hex)
        #expect(digest == SM3.digest(Array("abc".utf8).span))
        #expect(Set([digest, SM3.digest(Array("abc".utf8).span), SM3.digest([UInt8]().span)]).count == 2)
        for bad in ["", String(hex.dropLast()), hex + "0", String(hex.dropLast()) + "g"] {
            #expect(SM3Digest(hex: bad) == nil)
        }
    }

    @Test func manyAtOnce() async {
        let results = await withTaskGroup(of: SM3Digest.self) { group in
            for _ in 0..<64 { group.addTask { SM3.digest(Array("abc".utf8).span) } }
            return await group.reduce(into: Set<SM3Digest>()) { $0.insert($1) }
        }
        #expect(results.count == 1)
    }
}

@Suite struct SM3LanesTests {
    @Test("as many as there are, of every length, used again and again: each has the digest that it has by itself, under its name")
    func lengths() {
        for blocks in 1...5 {
            var lanes = SM3Lanes(blocks: blocks)
            for length in max(0, blocks * 64 - 72)..<(blocks * 64 + 1) where SM3Lanes.blocks(for: length) == blocks {
                let count = 1 + length % SM3Lanes.width
                var expected: [Int: SM3Digest] = [:]
                for lane in 0..<count {
                    let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ lane &* 31 &+ length) }
                    expected[100 + lane] = SM3.digest(message.span)
                    unsafe lanes.append(100 + lane, byteCount: length) { buffer in for index in 0..<length { unsafe buffer[index] = message[index] } }
                }
                #expect(lanes.isFull == (count == SM3Lanes.width) && !lanes.isEmpty)
                var found: [Int: SM3Digest] = [:]
                unsafe lanes.finish { name, digest in found[name] = unsafe SM3Digest(bytes: digest.loadUnaligned(as: InlineArray<32, UInt8>.self)) }
                #expect(found == expected && lanes.isEmpty, "\(length) bytes, \(count) messages")
            }
        }
        #expect([0, 55, 56, 64, 119, 120].map(SM3Lanes.blocks(for:)) == [1, 1, 2, 2, 2, 3])
    }

    @Test("nodes over hashes side by side, into their own beginning too, are those that two hashes have by themselves")
    func nodes() {
        for count in [0, 1, 15, 16, 17, 33, 64] {
            var bytes = (0..<64 * count).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ 5) }
            let expected = (0..<count).flatMap { index in
                let pair = [UInt8](bytes[64 * index..<64 * index + 64])
                let digest = SM3.digest(([1] + pair).span)
                return (0..<32).map { digest.bytes[$0] }
            }
            unsafe bytes.withUnsafeMutableBytes { unsafe MerkleHash.nodes(over: UnsafeRawBufferPointer($0), into: $0) }
            #expect(Array(bytes[..<(32 * count)]) == expected)
        }
    }
}

@Suite struct KeyedHashTests {
    static let key = [UInt8](0...31)

    /// Computed with the openssl command: `openssl mac -digest SM3 -macopt hexkey:000102…1e1f HMAC`.
    @Test func vectors() {
        var hash = KeyedHash(key: Self.key)
        let code = Array("91411700MA00000A9C".utf8)
        let long = Array(String(repeating: "0123456789abcdef", count: 10).utf8)
        for _ in 0..<3 {
            let short = hash.hash(1, code.span)
            #expect(short.high == 0x7DFA_1A63_3DE2_E658 && short.low == 0x7D1A_218D_4E39_3216)
            let other = hash.hash(4, long.span)
            #expect(other.high == 0x364D_7234_F719_05E0 && other.low == 0x1D58_1AD5_498F_81B6)
        }
        var second = KeyedHash(key: [0x0B])
        let bare = second.hash(2, [UInt8]().span)
        #expect(bare.high == 0x511C_1F01_AD1B_86B7 && bare.low == 0xFDF4_D55F_44F4_DFD3)
    }

    /// Around the length at which the text no longer goes in one call.
    @Test func kindAndTextAreOneMessage() {
        var hash = KeyedHash(key: Self.key)
        var seen = Set<UInt64>()
        for length in 0..<140 {
            let text = [UInt8](repeating: 1, count: length)
            let first = hash.hash(1, text.span)
            let again = hash.hash(1, text.span)
            #expect(first == again)
            seen.insert(first.high)
            seen.insert(hash.hash(2, text.span).high)
        }
        #expect(seen.count == 280)
    }

    /// Two libraries that share no code agree, for texts of every length around the blocks of 64 bytes.
    @Test func agreesWithOpenSSL() {
        var generator = SystemRandomNumberGenerator()
        for length in Array(0..<200) + [1_000, 4_096, 100_000] {
            let key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let kind = UInt8.random(in: 0...255, using: &generator)
            var hash = KeyedHash(key: key)
            let code = hash.code(kind, text.span)
            #expect((0..<32).map { code[$0] } == openSSL(key: key, [kind] + text))
            let digest = SM3.digest(text.span)
            #expect((0..<32).map { digest.bytes[$0] } == openSSL(text))
        }
    }

    private func openSSL(key: [UInt8], _ text: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        _ = unsafe EVP_Q_mac(nil, "HMAC", nil, "SM3", nil, key, key.count, text, text.count, &code, code.count, nil)
        return code
    }

    private func openSSL(_ text: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        _ = unsafe EVP_Digest(text, text.count, &digest, nil, EVP_sm3(), nil)
        return digest
    }

    @Test func keysDiffer() {
        var first = KeyedHash(key: Self.key)
        var second = KeyedHash(key: Self.key.reversed())
        let text = Array("412825190001010032".utf8)
        let values = [first.hash(4, text.span).low, second.hash(4, text.span).low]
        #expect(Set(values).count == 2)
    }

    @Test func randomBytesDiffer() {
        #expect(randomBytes(0).isEmpty)
        #expect(randomBytes(32).count == 32)
        #expect(randomBytes(32) != randomBytes(32))
    }
}
