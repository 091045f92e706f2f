extension Identifier {
    /// Assesses a written identifier. Full-width forms, blanks, hyphens and lower case are folded first; the caller
    /// keeps the raw value. No allocation on the way of a well-formed text.
    /// - Parameters:
    ///   - raw: the cell's bytes, UTF-8.
    ///   - kind: what the column says it is.
    ///   - today: births after it are refused.
    package static func assess(_ raw: Span<UInt8>, as kind: IdentifierKind, on today: CivilDate) -> Assessment {
        var text = IdentifierText()
        switch Normalisation.normalise(raw, into: &text) {
        case .plain: break
        case .empty: return .empty
        case .long: return .wrong(.length)
        case .foreign:
            if Normalisation.isFiller(raw) { return .placeholder }
            return .wrong(Normalisation.isSpreadsheetNumber(raw) ? .digitsLost : .alphabet)
        }
        let code = text.storage.span.extracting(0..<text.count)
        if isPlaceholder(code) { return .placeholder }
        switch judge(code, as: kind, on: today) {
        case .sound(let kind): return .sound(Identifier(kind: kind, text: text))
        case .doubtful(let doubt): return .doubtful(Identifier(kind: kind, text: text), doubt)
        case .legacy: return .doubtful(Identifier(kind: kind, text: lengthened(text)), .legacyCitizenNumber)
        case .wrong(let fault): return .wrong(fault)
        }
    }

    /// What the rules of one kind say. It carries no text: copying one costs as much as checking it.
    enum Judgement {
        /// Right, and of this kind.
        case sound(IdentifierKind)
        case doubtful(IdentifierDoubt)
        /// A citizen number of 15 digits, to be lengthened.
        case legacy
        case wrong(IdentifierFault)
    }

    /// Judges capital letters and digits, of which there is at least one.
    private static func judge(_ code: Span<UInt8>, as kind: IdentifierKind, on today: CivilDate) -> Judgement {
        switch kind {
        case .unifiedSocialCreditCode: creditCode(code)
        case .organisationCode: organisationCode(code)
        case .registrationNumber: registrationNumber(code)
        case .citizenNumber: citizenNumber(code, on: today)
        case .residencePermit: residencePermit(code, on: today)
        case .permanentResidence: permanentResidence(code)
        case .mainlandTravelPermit: mainlandTravelPermit(code)
        case .taiwanPermit: taiwanPermit(code)
        case .passport: passport(code)
        case .otherDocument: otherDocument(code)
        }
    }

    /// All zeros, perhaps with an X at the end (双公示 data writes `00000000000000000X`), or the word NULL and its like.
    private static func isPlaceholder(_ code: Span<UInt8>) -> Bool {
        if code[0] == 0x30 {
            var index = 1
            while index < code.count, code[index] == 0x30 { index &+= 1 }
            return index == code.count || (index == code.count - 1 && code[index] == 0x58)
        }
        guard code[0] == 0x4E, code.count <= 4 else { return false }
        return isWord("NULL", code) || isWord("NONE", code) || isWord("NA", code)
    }

    private static func isWord(_ word: String, _ code: Span<UInt8>) -> Bool {
        guard code.count == word.utf8.count else { return false }
        for (index, byte) in word.utf8.enumerated() where code[index] != byte { return false }
        return true
    }

    /// The number of two digits at an index; nil where they are none.
    @inline(__always)
    static func twoDigits(_ code: Span<UInt8>, at index: Int) -> Int? {
        let tens = code[index] &- 0x30
        let ones = code[index &+ 1] &- 0x30
        return tens < 10 && ones < 10 ? Int(tens) &* 10 &+ Int(ones) : nil
    }

    /// Whether the characters of a range are all digits.
    @inline(__always)
    static func areDigits(_ code: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where code[index] &- 0x30 >= 10 { return false }
        return true
    }

    /// Whether the characters of a range are all letters.
    static func areLetters(_ code: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where code[index] < 0x41 { return false }
        return true
    }
}
