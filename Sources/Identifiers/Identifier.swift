/// A normalised identifier of a subject: upper case, half width, without blanks or hyphens; a 15-digit citizen number is
/// held as its 18-digit form, so that both find one subject.
package struct Identifier: Sendable, Hashable {
    /// What it is. May differ from what the column said where the number itself tells: an 81/82/83 number in a citizen
    /// number column is a residence permit, a number beginning with 9 a permanent residence card.
    package let kind: IdentifierKind
    /// The normalised text.
    package let text: IdentifierText

    /// Only for texts that an assessment (or a store that holds assessed texts) has normalised.
    package init(kind: IdentifierKind, text: IdentifierText) {
        self.kind = kind
        self.text = text
    }

    /// The text as pages and logs may show it: organisations' codes in clear, citizen numbers as
    /// `4128**********0023`, other documents with the first two and last two characters.
    package var masked: String {
        var out: [UInt8] = []
        appendMasked(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Appends what `masked` says.
    package func appendMasked(to out: inout [UInt8]) {
        guard kind.subjectKind == .person else {
            for index in 0..<text.count { out.append(text.storage[index]) }
            return
        }
        let kept: Int
        switch kind {
        case .citizenNumber, .residencePermit: kept = 4
        case .permanentResidence: kept = text.count >= 15 ? 3 : 2
        default: kept = text.count >= 7 ? 2 : 1
        }
        for index in 0..<text.count {
            let shown = index < kept || index >= text.count - kept
            // A text too short to hide anything is hidden whole.
            out.append(shown && text.count > 2 * kept ? text.storage[index] : UInt8(ascii: "*"))
        }
    }

    /// The 组织机构代码 inside a 统一社会信用代码 (characters 9 to 17, GB 32100-2015); nil for other kinds.
    package var organisationCode: Identifier? {
        guard kind == .unifiedSocialCreditCode, text.count == 18 else { return nil }
        return Identifier(kind: .organisationCode, text: text.slice(8..<17))
    }
}
