extension Identifier {
    /// Says in Chinese what is wrong with one value: the fault's message, with the place and the character where one
    /// character is to blame. For the slow way only; it allocates.
    package static func explain(_ fault: IdentifierFault, in raw: Span<UInt8>, as kind: IdentifierKind) -> String {
        var bytes: [UInt8] = []
        guard Text.fold(raw, into: &bytes) else { return "\(kind.name)\(fault.message)" }
        let characters = String(decoding: bytes, as: UTF8.self).uppercased().filter { !isLeftOut($0) }
        switch fault {
        case .length:
            return "\(kind.name)应为\(kind.form)，现为 \(characters.count) 位"
        case .alphabet:
            for (index, character) in characters.enumerated() where !allowed(character, at: index, in: kind) {
                return "\(kind.name)第 \(index + 1) 位“\(character)”不应出现\(resemblance(of: character))"
            }
            return "\(kind.name)\(fault.message)"
        case .digitsLost, .checkCharacter, .date, .futureDate, .region, .form:
            return "\(kind.name)\(fault.message)"
        }
    }

    private static func isLeftOut(_ character: Character) -> Bool {
        character == "-" || character == "\u{FEFF}" || character.isWhitespace
            || character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .dashPunctuation }
    }

    private static func allowed(_ character: Character, at index: Int, in kind: IdentifierKind) -> Bool {
        guard let byte = character.asciiValue else { return false }
        let digit = byte >= 0x30 && byte <= 0x39
        let letter = byte >= 0x41 && byte <= 0x5A
        switch kind {
        case .unifiedSocialCreditCode: return (2..<8).contains(index) ? digit : creditCodeValue(byte) < 31
        case .organisationCode: return index < 8 ? digit || letter : digit || byte == 0x58
        case .registrationNumber, .taiwanPermit: return digit
        case .citizenNumber, .residencePermit, .permanentResidence: return digit || (index == 17 && byte == 0x58)
        case .mainlandTravelPermit: return index == 0 ? byte == 0x48 || byte == 0x4D : digit
        case .passport, .otherDocument: return digit || letter
        }
    }

    /// The digit that a letter outside the alphabet was probably meant to be.
    private static func resemblance(of character: Character) -> String {
        switch character {
        case "O", "Q": "（是否应为数字 0）"
        case "I", "L": "（是否应为数字 1）"
        case "Z": "（是否应为数字 2）"
        case "S": "（是否应为数字 5）"
        default: ""
        }
    }
}
