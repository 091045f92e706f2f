import Identifiers

/// The subjects of the scale bench by number: natural persons first, then organisations. Nobody bears these identifiers:
/// region 411799 is not assigned.
struct ScaleCity: Sendable {
    let persons: Int
    let organisations: Int
    /// Eight digits of each day of birth, and their share of the check sum of a citizen number.
    private let days: [(digits: [UInt8], sum: Int)]
    /// The codes of all organisations, 18 bytes each.
    private let codes: [UInt8]

    static let identifierLength = 18
    /// Persons of one day of birth.
    private static let personsPerDay = 999
    /// Weights of GB 11643-1999 for the first 17 digits, and the check characters by remainder.
    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    private static let checks = Array("10X98765432".utf8)
    private static let region = Array("411799".utf8)

    init(persons: Int, organisations: Int) {
        self.persons = persons
        self.organisations = organisations
        days = (0...persons / Self.personsPerDay).map { index in
            // From 1940 on; ten million persons take 27 years.
            let digits = CivilDate(day: Int32(index - 10_957)).description.utf8.filter { $0 != UInt8(ascii: "-") }
            let head = Self.region + digits
            return (digits, head.indices.reduce(0) { $0 + Int(head[$1] - 48) * Self.weights[$1] })
        }
        codes = (0..<organisations).flatMap { index in
            let serial = Array("MA\(String(1_000_000 + index).dropFirst())".utf8)
            let inner = Identifier.checkCharacter(forOrganisationCode: serial.span) ?? 48
            let body = Array("91411799".utf8) + serial + [inner]
            return body + [Identifier.checkCharacter(forUSCC: body.span) ?? 48]
        }
    }

    var subjects: Int { persons + organisations }

    /// Writes the 18 characters of a subject's identifier.
    @inline(__always)
    func write(_ subject: Int, to line: inout MutableSpan<UInt8>, at place: Int) {
        if subject >= persons {
            let start = (subject - persons) * Self.identifierLength
            for index in 0..<Self.identifierLength { line[place + index] = codes[start + index] }
            return
        }
        let (day, rest) = subject.quotientAndRemainder(dividingBy: Self.personsPerDay)
        let serial = rest + 1
        for index in 0..<6 { line[place + index] = Self.region[index] }
        for index in 0..<8 { line[place + 6 + index] = days[day].digits[index] }
        let (a, b, c) = (serial / 100, serial / 10 % 10, serial % 10)
        line[place + 14] = UInt8(48 + a)
        line[place + 15] = UInt8(48 + b)
        line[place + 16] = UInt8(48 + c)
        line[place + 17] = Self.checks[(days[day].sum + a * 8 + b * 4 + c * 2) % 11]
    }

    /// A subject's identifier as a person writes it.
    func number(of subject: Int) -> String { String(decoding: bytes(of: subject), as: UTF8.self) }

    private func bytes(of subject: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.identifierLength)
        var span = bytes.mutableSpan
        write(subject, to: &span, at: 0)
        return bytes
    }

    /// A subject's identifier as the platform knows it.
    func identifier(of subject: Int, on today: CivilDate) -> Identifier? {
        let bytes = bytes(of: subject)
        let kind: IdentifierKind = subject < persons ? .citizenNumber : .unifiedSocialCreditCode
        guard case .sound(let identifier) = Identifier.assess(bytes.span, as: kind, on: today) else { return nil }
        return identifier
    }
}
