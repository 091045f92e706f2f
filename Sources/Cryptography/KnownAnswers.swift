import CGcrypt

/// Published answers of everything cryptographic that the platform uses, asked again at each start: a library that was replaced,
/// a processor that miscalculates, or a machine in another mode must not seal or judge anything.
package enum KnownAnswers {
    /// One question with its answer.
    struct Question: Sendable {
        /// Algorithm and source.
        let name: String
        /// Lower-case hexadecimal, or digits.
        let answer: String
        let ask: @Sendable () -> String
    }

    /// Names of those that were answered wrongly; empty where all is well. The program does not start otherwise.
    package static func failures() -> [String] { failures(of: all) }

    static func failures(of questions: [Question]) -> [String] {
        questions.filter { $0.ask() != $0.answer }.map(\.name)
    }

    static let all = [
        Question(
            name: "SM3 (GB/T 32905-2016 A.1)", answer: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        ) { SM3.digest(Array("abc".utf8).span).hex },
        Question(
            name: "SM3 (GB/T 32905-2016 A.2)", answer: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        ) { SM3.digest(Array(String(repeating: "abcd", count: 16).utf8).span).hex },
        Question(
            name: "HMAC-SM3 (GM/T 0042-2015 D.3)", answer: "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"
        ) {
            let text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
            return hex(hmacSM3(key: [UInt8](1...32).span, Array((text + text).utf8).span))
        },
        Question(name: "SM4 (GB/T 32907-2016 A.1)", answer: "681edf34d206965e86b3e94f536e4246") {
            hex(Gcrypt.sm4Block(sm4Key, key: sm4Key))
        },
        Question(
            name: "SM4-GCM (RFC 8998 A.1)",
            answer: "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
                + "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d" + "83de3541e4c2b58177e065a9bf7b62ec",
            ask: sm4GCM),
        Question(name: "SM2 (GB/T 32918.5-2017 A.2)", answer: "true") { String(SM2PublicKey.knownAnswerHolds()) },
        Question(name: "SHA-1 (FIPS 180-4, abc)", answer: "a9993e364706816aba3e25717850c26c9cd0d89d", ask: sha1),
        Question(name: "TOTP (RFC 6238 B)", answer: "287082,081804,050471,005924,279037,353130") {
            guard let totp = TOTP(secret: Array("12345678901234567890".utf8).span) else { return "" }
            let times: [Int64] = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000, 20_000_000_000]
            return times.map(totp.code(at:)).joined(separator: ",")
        },
        Question(
            name: "argon2id (RFC 9106 5.3)", answer: "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
        ) {
            let tag = try? argon2id(
                [UInt8](repeating: 1, count: 32), salt: [UInt8](repeating: 2, count: 16), secret: [UInt8](repeating: 3, count: 8),
                associated: [UInt8](repeating: 4, count: 12), cost: PasswordHash.Cost(memory: 32, passes: 3, lanes: 4), count: 32)
            return hex(tag ?? [])
        },
    ]

    private static let sm4Key: [UInt8] = [
        0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10,
    ]

    /// Sealed, and opened again; an answer that does not open is none.
    @Sendable private static func sm4GCM() -> String {
        let clear = [0xAA, 0xAA, 0xBB, 0xBB, 0xCC, 0xCC, 0xDD, 0xDD, 0xEE, 0xEE, 0xFF, 0xFF, 0xEE, 0xEE, 0xAA, 0xAA]
            .flatMap { [UInt8](repeating: $0, count: 4) }
        let nonce: [UInt8] = [0x00, 0x00, 0x12, 0x34, 0x56, 0x78, 0x00, 0x00, 0x00, 0x00, 0xAB, 0xCD]
        let associated: [UInt8] = [
            0xFE, 0xED, 0xFA, 0xCE, 0xDE, 0xAD, 0xBE, 0xEF, 0xFE, 0xED, 0xFA, 0xCE, 0xDE, 0xAD, 0xBE, 0xEF, 0xAB, 0xAD, 0xDA, 0xD2,
        ]
        var cipher = SM4GCM(key: sm4Key.span)
        var sealed: [UInt8] = []
        var opened: [UInt8] = []
        cipher.seal(clear.span, nonce: nonce.span, associated: associated.span, onto: &sealed)
        let isOpened = cipher.open(sealed.span, nonce: nonce.span, associated: associated.span, into: &opened)
        return isOpened && opened == clear ? hex(sealed) : ""
    }

    @Sendable private static func sha1() -> String {
        let state = unsafe Gcrypt.open(GCRY_MD_SHA1)
        defer { unsafe gcry_md_close(state) }
        unsafe gcry_md_write(state, "abc", 3)
        guard let bytes = unsafe gcry_md_read(state, 0) else { return "" }
        return unsafe hex(Array(UnsafeBufferPointer(start: bytes, count: 20)))
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
