extension Identifier {
    /// 公民身份号码 (GB 11643-1999): 6 digits of region, birth date, 3 of sequence, check. The region is where the number
    /// was first issued, so abolished counties stay sound; only provinces that never were are refused. 15 digits are
    /// lengthened by 19 and a check character, for matching, with a doubt.
    static func citizenNumber(_ code: Span<UInt8>, on today: CivilDate) -> Judgement {
        if code.count == 15 { return legacyCitizenNumber(code, on: today) }
        guard code.count == 18 else { return .wrong(.length) }
        if let fault = citizenFault(code, on: today) { return .wrong(fault) }
        // Whoever writes another card's number into the column of citizen numbers means that card's holder, who must be
        // found under one kind.
        if isResidencePrefix(code) { return .sound(.residencePermit) }
        if isPermanentPrefix(code) { return .sound(.permanentResidence) }
        guard let province = twoDigits(code, at: 0), Region.isKnownProvince(province) else { return .wrong(.region) }
        return .sound(.citizenNumber)
    }

    /// Whether a number is that of a new permanent residence card: 9, then the province that issued it.
    private static func isPermanentPrefix(_ code: Span<UInt8>) -> Bool {
        guard code[0] == 0x39, let province = twoDigits(code, at: 1) else { return false }
        return province < 70 && Region.isKnownProvince(province)
    }

    /// What is wrong with 18 characters by the rules of GB 11643, the region left aside.
    private static func citizenFault(_ code: Span<UInt8>, on today: CivilDate) -> IdentifierFault? {
        var sum = 0
        var bad: UInt8 = 0
        for index in 0..<17 {
            let digit = code[index] &- 0x30
            bad |= digit < 10 ? 0 : 1
            sum &+= Int(digit) &* Int(citizenWeights[index])
        }
        let last = code[17]
        guard bad == 0, last < 0x3A || last == 0x58 else { return .alphabet }
        guard last == citizenCheck(sum) else { return hasLostDigits(code) ? .digitsLost : .checkCharacter }
        guard let century = twoDigits(code, at: 6), let year = twoDigits(code, at: 8),
            let month = twoDigits(code, at: 10), let day = twoDigits(code, at: 12), century >= 18,
            let birth = CivilDate(year: century * 100 + year, month: month, day: day)
        else { return .date }
        return birth <= today ? nil : .futureDate
    }

    private static func legacyCitizenNumber(_ code: Span<UInt8>, on today: CivilDate) -> Judgement {
        guard areDigits(code, 0..<15) else { return .wrong(.alphabet) }
        guard let province = twoDigits(code, at: 0), Region.isKnownProvince(province) else { return .wrong(.region) }
        guard let year = twoDigits(code, at: 6), let month = twoDigits(code, at: 8), let day = twoDigits(code, at: 10),
            let birth = CivilDate(year: 1900 + year, month: month, day: day)
        else { return .wrong(.date) }
        guard birth <= today else { return .wrong(.futureDate) }
        return .legacy
    }

    /// The 18 characters that stand for a sound citizen number of 15 digits.
    static func lengthened(_ text: IdentifierText) -> IdentifierText {
        var full = text.slice(0..<6)
        full.append(0x31)
        full.append(0x39)
        let bytes = text.storage.span
        for index in 6..<15 { full.append(bytes[index]) }
        // All 17 are digits, so there is a check character.
        if let check = checkCharacter(forCitizenNumber: full.storage.span) { full.append(check) }
        return full
    }

    private static func isResidencePrefix(_ code: Span<UInt8>) -> Bool {
        guard let prefix = twoDigits(code, at: 0) else { return false }
        return prefix >= 81 && prefix <= 83
    }

    /// 港澳台居民居住证: the form of a citizen number, beginning with 81, 82 or 83.
    static func residencePermit(_ code: Span<UInt8>, on today: CivilDate) -> Judgement {
        guard code.count == 18 else { return .wrong(.length) }
        if let fault = citizenFault(code, on: today) { return .wrong(fault) }
        guard isResidencePrefix(code) else { return .wrong(.form) }
        return .sound(.residencePermit)
    }

    /// 外国人永久居留身份证: 18 characters beginning with 9 under MOD 11-2, or the old card's 3 letters and 12 digits.
    static func permanentResidence(_ code: Span<UInt8>) -> Judgement {
        if code.count == 15 {
            return areLetters(code, 0..<3) && areDigits(code, 3..<15) ? .sound(.permanentResidence) : .wrong(.form)
        }
        guard code.count == 18 else { return .wrong(.length) }
        guard let check = checkCharacter(forCitizenNumber: code) else { return .wrong(.alphabet) }
        guard code[17] < 0x3A || code[17] == 0x58 else { return .wrong(.alphabet) }
        guard code[17] == check else { return .wrong(hasLostDigits(code) ? .digitsLost : .checkCharacter) }
        return code[0] == 0x39 ? .sound(.permanentResidence) : .wrong(.form)
    }

    /// 港澳居民来往内地通行证: H or M, 8 digits, perhaps 2 more of the issue.
    static func mainlandTravelPermit(_ code: Span<UInt8>) -> Judgement {
        guard code.count == 9 || code.count == 11 else { return .wrong(.length) }
        guard code[0] == UInt8(ascii: "H") || code[0] == UInt8(ascii: "M") else { return .wrong(.form) }
        guard areDigits(code, 1..<code.count) else { return .wrong(.alphabet) }
        return .sound(.mainlandTravelPermit)
    }

    /// 台湾居民来往大陆通行证: 8 digits.
    static func taiwanPermit(_ code: Span<UInt8>) -> Judgement {
        guard code.count == 8 else { return .wrong(.length) }
        guard areDigits(code, 0..<8) else { return .wrong(.alphabet) }
        return .sound(.taiwanPermit)
    }

    /// 护照: of any state, so only the length and one digit at least are asked for.
    static func passport(_ code: Span<UInt8>) -> Judgement {
        guard code.count >= 5, code.count <= 17 else { return .wrong(.length) }
        guard !areLetters(code, 0..<code.count) else { return .wrong(.form) }
        return .sound(.passport)
    }

    /// 其他: any letters and digits.
    static func otherDocument(_ code: Span<UInt8>) -> Judgement {
        guard code.count >= 2 else { return .wrong(.length) }
        return .sound(.otherDocument)
    }
}
