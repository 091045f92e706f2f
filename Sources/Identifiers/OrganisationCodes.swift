extension Identifier {
    /// 统一社会信用代码 (GB 32100-2015): registering department, category, six digits of region, organisation code, check.
    /// The check of the whole decides; that of the organisation code inside only raises a doubt.
    static func creditCode(_ code: Span<UInt8>) -> Judgement {
        guard code.count == 18 else { return .wrong(.length) }
        var sum = 0
        var bad: UInt8 = 0
        for index in 0..<17 {
            let value = creditCodeValue(code[index])
            bad |= value
            sum &+= Int(value) &* Int(creditCodeWeights[index])
        }
        // Values of the alphabet are below 31; only 255 sets the high bit.
        guard bad < 128, creditCodeValue(code[17]) < 31, areDigits(code, 2..<8) else {
            return .wrong(.alphabet)
        }
        guard code[17] == creditCodeAlphabet[(31 &- sum % 31) % 31] else {
            return .wrong(hasLostDigits(code) ? .digitsLost : .checkCharacter)
        }
        guard let province = twoDigits(code, at: 2), Region.isKnownRegistrar(province) else { return .wrong(.region) }
        guard isDepartment(code[0]) else { return .doubtful(.unknownDepartment) }
        var inner = 0
        for index in 0..<8 {
            inner &+= Int(Normalisation.values[Int(code[8 &+ index])]) &* Int(organisationWeights[index])
        }
        guard code[16] == organisationCheck(inner) else {
            return .doubtful(.organisationCodeCheck)
        }
        return .sound(.unifiedSocialCreditCode)
    }

    /// Registering departments of GB 32100-2015 as amended: 1 机构编制, 2 外交, 3 司法行政, 4 文化, 5 民政, 6 旅游, 7 宗教,
    /// 8 工会, 9 市场监管, A 军委编办, N 农业, Y 其他. The second character is not judged: its values grow.
    private static func isDepartment(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x31...0x39, UInt8(ascii: "A"), UInt8(ascii: "N"), UInt8(ascii: "Y"): true
        default: false
        }
    }

    /// Whether a text of 18 digits ends as one that a spreadsheet held as a number: past the 15th digit all zeros.
    static func hasLostDigits(_ code: Span<UInt8>) -> Bool {
        code.count == 18 && areDigits(code, 0..<18) && code[15] == 0x30 && code[16] == 0x30
            && code[17] == 0x30
    }

    /// 组织机构代码 (GB 11714): 8 digits or letters and a check character.
    static func organisationCode(_ code: Span<UInt8>) -> Judgement {
        guard code.count == 9 else { return .wrong(.length) }
        var sum = 0
        for index in 0..<8 {
            sum &+= Int(Normalisation.values[Int(code[index])]) &* Int(organisationWeights[index])
        }
        let last = code[8]
        guard last < 0x3A || last == 0x58 else { return .wrong(.alphabet) }
        guard last == organisationCheck(sum) else { return .wrong(.checkCharacter) }
        return .sound(.organisationCode)
    }

    /// 工商注册号 (GS 15): 6 digits of region, 8 of serial, a check digit by MOD 11,10.
    static func registrationNumber(_ code: Span<UInt8>) -> Judgement {
        guard code.count == 15 else { return .wrong(.length) }
        guard let rest = registrationRest(code, count: 14), code[14] < 0x3A else {
            return .wrong(.alphabet)
        }
        guard (rest &+ Int(code[14] &- 0x30)) % 10 == 1 else { return .wrong(.checkCharacter) }
        guard let province = twoDigits(code, at: 0), Region.isKnownRegistrar(province) else { return .wrong(.region) }
        return .sound(.registrationNumber)
    }
}
