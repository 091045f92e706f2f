@testable import Identifiers

enum IdentifierProperties {
    private static let today = CivilDate(day: 20_000)

    /// Whatever is assessed as sound stays so in its normalised form, has the right check character, and is masked where it
    /// is a person's; whatever is wrong can be explained.
    static func check(_ input: [UInt8]) throws {
        let raw = input.span
        for kind in IdentifierKind.allCases {
            switch Identifier.assess(raw, as: kind, on: today) {
            case .sound(let identifier):
                try ensureSame(identifier, kind)
                try ensureChecked(identifier)
            case .doubtful(let identifier, let doubt):
                if doubt != .legacyCitizenNumber { try ensureSame(identifier, kind) }
                try ensureMasked(identifier)
            case .wrong(let fault): try ensure(!Identifier.explain(fault, in: raw, as: kind).isEmpty, "no words")
            case .placeholder, .empty: break
            }
        }
        if let found = Identifier.recognise(raw, on: today) {
            try ensureMasked(found)
            try ensure(Identifier.assess(raw, as: found.kind, on: today).identifier == found, "recognised as \(found), assessed otherwise")
        }
    }

    private static func ensureSame(_ identifier: Identifier, _ kind: IdentifierKind) throws {
        let text = Array(identifier.text.description.utf8)
        let spaced: [UInt8] = text.flatMap { [$0, 0x20] }
        let lower: [UInt8] = text.map { $0 < 0x41 ? $0 : $0 | 0x20 }
        let wide: [UInt8] = text.flatMap { fullWidth($0) }
        for form in [text, spaced, lower, wide] {
            let again = Identifier.assess(form.span, as: kind, on: today)
            try ensure(again.identifier == identifier, "\(identifier) written as \(form) gives \(again)")
        }
        try ensure(Identifier.assess(text.span, as: identifier.kind, on: today).identifier == identifier, "another identifier under its own kind")
        try ensureMasked(identifier)
    }

    private static func fullWidth(_ byte: UInt8) -> [UInt8] {
        Array(String(Character(Unicode.Scalar(0xFEE0 + UInt32(byte)) ?? " ")).utf8)
    }

    private static func ensureChecked(_ identifier: Identifier) throws {
        let text = Array(identifier.text.description.utf8)
        let body = Array(text.dropLast())
        let expected: UInt8?
        switch identifier.kind {
        case .unifiedSocialCreditCode: expected = Identifier.checkCharacter(forUSCC: body.span)
        case .organisationCode: expected = Identifier.checkCharacter(forOrganisationCode: body.span)
        case .registrationNumber: expected = Identifier.checkCharacter(forRegistrationNumber: body.span)
        case .citizenNumber, .residencePermit: expected = Identifier.checkCharacter(forCitizenNumber: body.span)
        default: return
        }
        try ensure(expected == text.last, "\(identifier) has the wrong check character")
    }

    private static func ensureMasked(_ identifier: Identifier) throws {
        let masked = Array(identifier.masked.utf8)
        try ensure(masked.count == identifier.text.count, "a mask of another length")
        guard identifier.kind.subjectKind == .person else { return }
        let hidden = masked.count(where: { $0 == UInt8(ascii: "*") })
        try ensure(hidden * 3 >= masked.count, "\(identifier) is hardly masked: \(identifier.masked)")
    }
}

enum NumberProperties {
    /// Dates, times and decimals that are read read the same again from the form they are written in; folding is
    /// idempotent.
    static func check(_ input: [UInt8]) throws {
        let raw = input.span
        if let date = CivilDate.parse(raw) {
            try ensure((1...9999).contains(date.year), "the year \(date.year)")
            let text = Array(date.description.utf8)
            try ensure(CivilDate.parse(text.span) == date, "\(date) reads otherwise")
            let (year, month, day) = date.parts
            try ensure(CivilDate(year: year, month: month, day: day) == date, "\(date) is no day")
        }
        for (scale, precision) in [(0, 18), (2, 12), (6, 18), (18, 18)] as [(UInt8, UInt8)] {
            guard case .success(let number) = FixedDecimal.parse(raw, scale: scale, precision: precision) else { continue }
            let text = Array(number.description.utf8)
            try ensure(FixedDecimal.parse(text.span, scale: scale, precision: precision) == .success(number), "\(number) reads otherwise")
            try ensure(!(number < number) && number == number, "\(number) is not itself")
        }
        guard let text = String(validating: input, as: UTF8.self) else {
            var out: [UInt8] = []
            try ensure(!Text.fold(raw, into: &out) && out.isEmpty, "folded what is no text")
            return
        }
        if let instant = Instant.parse(text) {
            try ensure(Instant.parse(instant.rfc3339) == instant, "\(instant.rfc3339) reads otherwise")
        }
        var folded: [UInt8] = []
        try ensure(Text.fold(raw, into: &folded), "did not fold a text")
        var again: [UInt8] = []
        try ensure(Text.fold(folded.span, into: &again) && again == folded, "folds twice")
        let search = Text.searchForm(text)
        try ensure(Text.searchForm(search) == search, "the search form has another search form")
        _ = Text.maskedName(text)
        _ = Region.isWellFormed(raw)
    }
}
