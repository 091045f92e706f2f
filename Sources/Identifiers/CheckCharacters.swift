/// The check characters of the national codes. All of them work on ASCII bytes in normalised form (upper case); they
/// serve the assessments here and whoever makes codes (the simulator).
extension Identifier {
    /// The 18th character of a 统一社会信用代码: MOD 31 over the first 17 bytes (GB 32100-2015). Further bytes are not
    /// looked at.
    /// - Returns: nil where there are fewer than 17 bytes or one is outside the alphabet.
    package static func checkCharacter(forUSCC body: Span<UInt8>) -> UInt8? {
        guard body.count >= 17 else { return nil }
        var sum = 0
        for index in 0..<17 {
            let value = creditCodeValue(body[index])
            guard value < 31 else { return nil }
            sum &+= Int(value) &* Int(creditCodeWeights[index])
        }
        return creditCodeAlphabet[(31 &- sum % 31) % 31]
    }

    /// The 9th character of a 组织机构代码: MOD 11 over the first 8 bytes, `0`...`9` or `X` (GB 11714).
    /// - Returns: nil where there are fewer than 8 bytes or one is no digit or letter.
    package static func checkCharacter(forOrganisationCode body: Span<UInt8>) -> UInt8? {
        guard body.count >= 8 else { return nil }
        var sum = 0
        for index in 0..<8 {
            let value = Normalisation.values[Int(body[index])]
            guard value < 36 else { return nil }
            sum &+= Int(value) &* Int(organisationWeights[index])
        }
        return organisationCheck(sum)
    }

    /// The 15th digit of a 工商注册号: MOD 11,10 over the first 14 digits (GS 15).
    /// - Returns: nil where there are fewer than 14 bytes or one is no digit.
    package static func checkCharacter(forRegistrationNumber body: Span<UInt8>) -> UInt8? {
        guard body.count >= 14, let rest = registrationRest(body, count: 14) else { return nil }
        return 0x30 &+ UInt8(truncatingIfNeeded: (11 &- rest) % 10)
    }

    /// The 18th character of a 公民身份号码: MOD 11-2 over the first 17 digits, `0`...`9` or `X` (GB 11643-1999); the
    /// same for permanent residence cards and residence permits.
    /// - Returns: nil where there are fewer than 17 bytes or one is no digit.
    package static func checkCharacter(forCitizenNumber body: Span<UInt8>) -> UInt8? {
        guard body.count >= 17 else { return nil }
        var sum = 0
        for index in 0..<17 {
            let digit = body[index] &- 0x30
            guard digit < 10 else { return nil }
            sum &+= Int(digit) &* Int(citizenWeights[index])
        }
        return citizenCheck(sum)
    }

    /// Value 0...30 of a byte in the alphabet of GB 32100-2015, 255 for others (I, O, S, V, Z among them).
    @inline(__always)
    static func creditCodeValue(_ byte: UInt8) -> UInt8 {
        byte < 128 ? creditCodeValues[Int(byte)] : 255
    }

    /// The alphabet of GB 32100-2015, `0123456789ABCDEFGHJKLMNPQRTUWXY`, in the order of its values.
    static let creditCodeAlphabet: InlineArray<31, UInt8> = [
        0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46,
        0x47, 0x48, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x50, 0x51, 0x52, 0x54, 0x55, 0x57, 0x58, 0x59,
    ]

    /// The values of `creditCodeAlphabet` by byte.
    private static let creditCodeValues: InlineArray<128, UInt8> = [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 255, 255, 255, 255, 255,
        255, 10, 11, 12, 13, 14, 15, 16, 17, 255, 18, 19, 20, 21, 22, 255,
        23, 24, 25, 255, 26, 27, 255, 28, 29, 30, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    ]

    /// 3^(i-1) mod 31.
    static let creditCodeWeights: InlineArray<17, UInt8> = [
        1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
    ]

    static let organisationWeights: InlineArray<8, UInt8> = [3, 7, 9, 10, 5, 8, 4, 2]

    /// 2^(18-i) mod 11.
    static let citizenWeights: InlineArray<17, UInt8> = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

    /// 11 − Σ mod 11, with 10 as X and 11 as 0.
    @inline(__always)
    static func organisationCheck(_ sum: Int) -> UInt8 {
        let value = (11 &- sum % 11) % 11
        return value == 10 ? 0x58 : 0x30 &+ UInt8(truncatingIfNeeded: value)
    }

    /// The character of `10X98765432` at Σ mod 11, which is (12 − Σ mod 11) mod 11 with 10 as X.
    @inline(__always)
    static func citizenCheck(_ sum: Int) -> UInt8 {
        let value = (12 &- sum % 11) % 11
        return value == 10 ? 0x58 : 0x30 &+ UInt8(truncatingIfNeeded: value)
    }

    /// p of MOD 11,10 as it stands before the next digit, taken mod 11; nil where one of `count` bytes is no digit.
    /// The number is valid iff (p mod 11 + last digit) mod 10 = 1.
    @inline(__always)
    static func registrationRest(_ digits: Span<UInt8>, count: Int) -> Int? {
        var rest = 10
        for index in 0..<count {
            let digit = digits[index] &- 0x30
            guard digit < 10 else { return nil }
            let sum = (rest &+ Int(digit)) % 10
            rest = (sum == 0 ? 20 : 2 &* sum) % 11
        }
        return rest
    }
}
