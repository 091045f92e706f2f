import Testing

@testable import Cryptography

@Suite("Passwords")
struct PasswordHashTests {
    static let keys = try? SoftwareKeys(file: SoftwareKeys.newFile())

    private func pepper(_ name: String = "pepper") throws -> NamedSecret {
        NamedSecret(name, of: try #require(Self.keys))
    }

    @Test("the right one matches, also after a way through text; others do not")
    func matches() throws {
        let pepper = try pepper()
        let hash = try PasswordHash.make("天中信用 2026!", pepper: pepper)
        #expect(hash.text.hasPrefix("$tz-argon2id$v=19$m=19456,t=2,p=1$"))
        let stored = try #require(PasswordHash(hash.text))
        #expect(stored == hash && !stored.needsRehash)
        #expect(try stored.matches("天中信用 2026!", pepper: pepper))
        #expect(try !stored.matches("天中信用 2026", pepper: pepper))
        #expect(try !stored.matches("", pepper: pepper))
        #expect(try !stored.matches("天中信用 2026!", pepper: self.pepper("other")))
        #expect(try !PasswordHash.decoy.matches("", pepper: pepper))
        #expect(!PasswordHash.decoy.needsRehash)
    }

    @Test("one password gives another hash each time")
    func salted() throws {
        let pepper = try pepper()
        let first = try PasswordHash.make("", pepper: pepper)
        let second = try PasswordHash.make("", pepper: pepper)
        #expect(first.salt != second.salt && first.code != second.code)
        #expect(try first.matches("", pepper: pepper))
    }

    @Test("what is stored is HMAC-SM3 of the argon2id tag under the pepper, and nothing else opens it")
    func peppered() throws {
        let cost = PasswordHash.Cost(memory: 64, passes: 1, lanes: 1)
        let salt = [UInt8](1...16)
        let tag = try argon2id(Array("p".utf8), salt: salt, cost: cost, count: 32)
        let code = try pepper().code(tag)
        let hash = PasswordHash(cost: cost, salt: salt, code: code)
        #expect(try hash.matches("p", pepper: pepper()))
        #expect(hash.needsRehash)
        let unpeppered = PasswordHash(cost: cost, salt: salt, code: tag)
        #expect(try !unpeppered.matches("p", pepper: pepper()))
    }

    /// The reference library's own test, as in `phc-winner-argon2/src/test.c`, version 0x13: no associated data, no secret.
    @Test("argon2id of the reference library's test")
    func reference() throws {
        let tag = try argon2id(
            Array("password".utf8), salt: Array("somesalt".utf8), cost: PasswordHash.Cost(memory: 65_536, passes: 2, lanes: 1), count: 32)
        let hex = tag.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hex == "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7")
    }

    @Test("hostile texts are refused, never trapped on")
    func hostile() throws {
        let good = PasswordHash.decoy.text
        #expect(PasswordHash(good) != nil)
        let salt = String(repeating: "A", count: 22)
        let code = String(repeating: "A", count: 43)
        let texts = [
            "", "$", "$$$$$", "$$$$$$", "$tz-argon2id", good + "$", "$" + good, String(good.dropLast()), good + "A", good + "\n", " " + good,
            "$argon2id$v=19$m=19456,t=2,p=1$\(salt)$\(code)", "$tz-argon2id$v=16$m=19456,t=2,p=1$\(salt)$\(code)",
            "$tz-argon2id$v=19$m=19456,t=2$\(salt)$\(code)", "$tz-argon2id$v=19$t=2,m=19456,p=1$\(salt)$\(code)",
            "$tz-argon2id$v=19$m=0,t=2,p=1$\(salt)$\(code)", "$tz-argon2id$v=19$m=7,t=2,p=1$\(salt)$\(code)",
            "$tz-argon2id$v=19$m=4294967295,t=2,p=1$\(salt)$\(code)", "$tz-argon2id$v=19$m=4294967296,t=2,p=1$\(salt)$\(code)",
            "$tz-argon2id$v=19$m=-1,t=2,p=1$\(salt)$\(code)", "$tz-argon2id$v=19$m=+19456,t=2,p=1$\(salt)$\(code)",
            "$tz-argon2id$v=19$m=019456,t=2,p=1$\(salt)$\(code)", "$tz-argon2id$v=19$m=19456,t=0,p=1$\(salt)$\(code)",
            "$tz-argon2id$v=19$m=19456,t=17,p=1$\(salt)$\(code)", "$tz-argon2id$v=19$m=19456,t=2,p=0$\(salt)$\(code)",
            "$tz-argon2id$v=19$m=19456,t=2,p=16777216$\(salt)$\(code)", "$tz-argon2id$v=19$m=19456,t=2,p=1$\(salt)=$\(code)",
            "$tz-argon2id$v=19$m=19456,t=2,p=1$$\(code)", "$tz-argon2id$v=19$m=19456,t=2,p=1$\(salt)$",
            "$tz-argon2id$v=19$m=19456,t=2,p=1$\(salt.dropLast())B$\(code)", "$tz-argon2id$v=19$m=19456,t=2,p=1$\(salt)$\(code.dropLast())€",
        ]
        for text in texts { #expect(PasswordHash(text) == nil, "\(text)") }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var bytes = Array(good.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: at)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: at)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            if let hash = PasswordHash(text) { #expect(hash.text == text) }
        }
    }
}

@Suite("One-time codes")
struct TOTPTests {
    private let totp = TOTP(secret: Array("12345678901234567890".utf8).span)

    /// RFC 6238 appendix B, SHA-1, the last 6 of its 8 digits.
    @Test(
        "the codes of RFC 6238",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] as [(Int64, String)])
    func vectors(_ seconds: Int64, _ code: String) throws {
        let totp = try #require(totp)
        #expect(totp.code(at: seconds) == code)
        #expect(totp.accepts(code, at: seconds, after: nil) == seconds / 30)
    }

    @Test("a code serves in its half minute and the ones beside it, and in no other")
    func window() throws {
        let totp = try #require(totp)
        let time: Int64 = 1_700_000_010
        let code = totp.code(at: time)
        let served = (-120...120).filter { totp.accepts(code, at: time + Int64($0), after: nil) != nil }
        let step = time / 30
        #expect(served == (-120...120).filter { abs((time + Int64($0)) / 30 - step) <= 1 })
    }

    @Test("a code serves once, and none before one that has served")
    func once() throws {
        let totp = try #require(totp)
        let time: Int64 = 1_700_000_010
        let last = try #require(totp.accepts(totp.code(at: time), at: time, after: nil))
        #expect(totp.accepts(totp.code(at: time), at: time, after: last) == nil)
        #expect(totp.accepts(totp.code(at: time), at: time + 30, after: last) == nil)
        #expect(totp.accepts(totp.code(at: time - 30), at: time, after: last) == nil)
        #expect(totp.accepts(totp.code(at: time + 30), at: time, after: last) == last + 1)
    }

    @Test("nothing else is a code, and no time or text traps")
    func hostile() throws {
        let totp = try #require(totp)
        let code = totp.code(at: 59)
        for text in ["", "28708", "2870820", " 287082", "287082 ", "２８７０８２", "\u{0}", String(repeating: "2", count: 10_000), "-87082", "0x1234"] {
            #expect(totp.accepts(text, at: 59, after: nil) == nil)
        }
        #expect(totp.accepts(code, at: 59, after: .min) != nil)
        #expect(totp.accepts(code, at: 59, after: .max) == nil)
        for time in [Int64.min, -31, -30, -1, 0, .max] { #expect(totp.code(at: time).utf8.count == 6) }
        #expect(totp.accepts(totp.code(at: -1), at: -1, after: nil) == -1)
    }

    @Test("the secret as text and as an address for apps")
    func text() throws {
        let totp = try #require(totp)
        #expect(totp.base32 == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        #expect(try #require(TOTP(base32: "gezd gnbv GY3T QOJQ GEZD GNBV GY3T QOJQ")).code(at: 59) == "287082")
        #expect(
            totp.uri(issuer: "天中信用", account: "a&b@c") == "otpauth://totp/%E5%A4%A9%E4%B8%AD%E4%BF%A1%E7%94%A8:a%26b%40c"
                + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E5%A4%A9%E4%B8%AD%E4%BF%A1%E7%94%A8&algorithm=SHA1&digits=6&period=30")
        #expect(TOTP.random().base32 != TOTP.random().base32)
        #expect(TOTP.random().withSecret { $0.count } == 20)
        #expect(TOTP(secret: [1, 2].span) == nil)
        for bad in ["", "A", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA", "1EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "é"] {
            #expect(TOTP(base32: bad) == nil)
        }
    }

    /// RFC 4648 §10, padding left out.
    @Test("Base32 and Base64 of RFC 4648")
    func alphabets() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"]
        let base32 = ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"]
        let base64 = ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"]
        for (index, text) in texts.enumerated() {
            let bytes = Array(text.utf8)
            #expect(BitText.base32.encode(bytes.span) == base32[index] && BitText.base64.encode(bytes.span) == base64[index])
            #expect(BitText.base32.decode(base32[index].utf8) == bytes && BitText.base64.decode(base64[index].utf8) == bytes)
        }
        for bad in ["M", "MZ", "MZX", "MY======", "my"] { #expect(BitText.base32.decode(bad.utf8) == nil) }
        for bad in ["Z", "Zh", "Zm9", "Zg==", "Z-", "Zm9vY"] { #expect(BitText.base64.decode(bad.utf8) == nil) }
    }
}
