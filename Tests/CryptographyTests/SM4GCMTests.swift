import Testing

@testable import Cryptography

/// GCM as NIST SP 800-38D writes it down, bit by bit over single blocks: slow, and of no code in common with the library's.
private enum PlainGCM {
    static func seal(_ clear: [UInt8], key: [UInt8], nonce: [UInt8], associated: [UInt8]) -> [UInt8] {
        let hash = Gcrypt.sm4Block([UInt8](repeating: 0, count: 16), key: key)
        func keystream(_ counter: UInt32) -> [UInt8] {
            Gcrypt.sm4Block(nonce + (0..<4).map { UInt8(truncatingIfNeeded: counter >> (24 - 8 * UInt32($0))) }, key: key)
        }
        var sealed: [UInt8] = []
        for (index, byte) in clear.enumerated() { sealed.append(byte ^ keystream(UInt32(index / 16) + 2)[index % 16]) }
        func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: (16 - bytes.count % 16) % 16) }
        func length(_ count: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: (count * 8) >> (56 - 8 * $0)) } }
        let blocks = padded(associated) + padded(sealed) + length(associated.count) + length(sealed.count)
        var sum = [UInt8](repeating: 0, count: 16)
        for start in stride(from: 0, to: blocks.count, by: 16) {
            sum = times((0..<16).map { sum[$0] ^ blocks[start + $0] }, hash)
        }
        let mask = keystream(1)
        return sealed + (0..<16).map { sum[$0] ^ mask[$0] }
    }

    private static func times(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var product = [UInt8](repeating: 0, count: 16)
        var factor = right
        for bit in 0..<128 {
            if left[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 { product = (0..<16).map { product[$0] ^ factor[$0] } }
            let carry = factor[15] & 1
            for index in stride(from: 15, through: 0, by: -1) {
                factor[index] = factor[index] >> 1 | (index > 0 ? factor[index - 1] << 7 : 0)
            }
            if carry == 1 { factor[0] ^= 0xE1 }
        }
        return product
    }
}

@Suite("SM4-GCM")
struct SM4GCMTests {
    static let key = [UInt8](1...16)
    static let nonce = [UInt8](101...112)

    private func sealed(_ clear: [UInt8], associated: [UInt8] = [], key: [UInt8] = key) -> [UInt8] {
        var cipher = SM4GCM(key: key.span)
        var sealed: [UInt8] = []
        cipher.seal(clear.span, nonce: Self.nonce.span, associated: associated.span, onto: &sealed)
        return sealed
    }

    private func opened(_ sealed: [UInt8], associated: [UInt8] = [], key: [UInt8] = key, nonce: [UInt8] = nonce) -> [UInt8]? {
        var cipher = SM4GCM(key: key.span)
        var clear: [UInt8] = [1, 2, 3]
        let isOpened = cipher.open(sealed.span, nonce: nonce.span, associated: associated.span, into: &clear)
        if !isOpened { #expect(clear.isEmpty) }
        return isOpened ? clear : nil
    }

    @Test("it is GCM as the standard writes it down, at all lengths around the blocks")
    func agrees() {
        for length in [0, 1, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 127, 128, 129, 255, 256, 257, 600] {
            let clear = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7) }
            for more in [0, 1, 16, 20, 37] {
                let associated = (0..<more).map { UInt8(truncatingIfNeeded: $0 * 11) }
                let mine = sealed(clear, associated: associated)
                #expect(mine == PlainGCM.seal(clear, key: Self.key, nonce: Self.nonce, associated: associated))
                #expect(opened(mine, associated: associated) == clear)
            }
        }
    }

    @Test("one state serves many messages, sealed and opened in any order")
    func reuse() {
        var cipher = SM4GCM(key: Self.key.span)
        var whole: [UInt8] = []
        let none: [UInt8] = []
        for number in 0..<50 {
            let clear = [UInt8](repeating: UInt8(number), count: number * 13)
            let nonce = [UInt8](repeating: UInt8(number), count: 12)
            var sealed: [UInt8] = [9]
            var again: [UInt8] = []
            cipher.seal(clear.span, nonce: nonce.span, associated: none.span, onto: &sealed)
            #expect(sealed.first == 9 && sealed.count == 17 + clear.count)
            let isOpened = cipher.open(sealed.span.extracting(1..<sealed.count), nonce: nonce.span, associated: none.span, into: &again)
            #expect(isOpened && again == clear)
            let isForged = cipher.open(sealed.span, nonce: nonce.span, associated: none.span, into: &whole)
            #expect(!isForged)
        }
    }

    @Test("another bit anywhere, another key, nonce or associated byte, and every cut are refused")
    func refusals() {
        let mine = sealed(Array("信用".utf8), associated: [1, 2])
        for bit in 0..<(mine.count * 8) {
            var flipped = mine
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(opened(flipped, associated: [1, 2]) == nil)
        }
        for length in 0..<mine.count { #expect(opened(Array(mine.prefix(length)), associated: [1, 2]) == nil) }
        #expect(opened(mine + [0], associated: [1, 2]) == nil)
        #expect(opened(mine, associated: [1, 3]) == nil)
        #expect(opened(mine, associated: []) == nil)
        #expect(opened(mine, associated: [1, 2], key: [UInt8](2...17)) == nil)
        #expect(opened(mine, associated: [1, 2], nonce: [UInt8](102...113)) == nil)
        #expect(opened(mine, associated: [1, 2]) == Array("信用".utf8))
    }
}

@Suite("Comparing and overwriting")
struct SecretBytesTests {
    @Test("equal bytes are equal, others not")
    func comparing() {
        func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool { constantTimeEqual(left.span, right.span) }
        #expect(equal([], []))
        #expect(equal([1, 2, 3], [1, 2, 3]))
        for other in [[], [1, 2], [1, 2, 3, 4], [0, 2, 3], [1, 2, 0x83]] as [[UInt8]] {
            #expect(!equal([1, 2, 3], other))
        }
    }

    @Test("overwritten bytes are zero")
    func wiped() {
        var bytes: [UInt8] = [1, 2, 3]
        wipe(&bytes)
        #expect(bytes == [0, 0, 0])
        var none: [UInt8] = []
        wipe(&none)
        #expect(none.isEmpty)
    }
}

@Suite("Known answers")
struct KnownAnswersTests {
    @Test("all are right, and quick enough for each start")
    func right() {
        let time = ContinuousClock().measure { #expect(KnownAnswers.failures() == []) }
        #expect(time < .seconds(1))
        #expect(KnownAnswers.all.count == 9)
    }

    @Test("a wrong answer of any of them is noticed and named")
    func wrong() {
        for index in KnownAnswers.all.indices {
            var questions = KnownAnswers.all
            let asked = questions[index]
            questions[index] = KnownAnswers.Question(name: asked.name, answer: String(asked.answer.dropLast()) + "x", ask: asked.ask)
            #expect(KnownAnswers.failures(of: questions) == [asked.name])
        }
        let broken = KnownAnswers.Question(name: "broken", answer: "00") { "01" }
        #expect(KnownAnswers.failures(of: KnownAnswers.all + [broken]) == ["broken"])
    }
}
