package import Identifiers

/// What kind of reason a purpose is. The raw value is what YAML writes.
package enum PurposeGround: String, Sendable, CaseIterable {
    /// A statutory act of the office.
    case duty
    /// The subject's permission, for whom and until when it says.
    case consent
    /// The subject itself.
    case own = "self"

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .duty: "法定职责"
        case .consent: "主体授权"
        case .own: "本人查询"
        }
    }
}

/// A reason for which what is not public may be looked at (查询事由), of `purposes.yaml`.
package struct Purpose: Sendable, Hashable {
    /// Short code, unique: `XK`.
    package let code: String
    /// Chinese name.
    package let name: String
    package let ground: PurposeGround
    /// Roles that may state it.
    package let users: [String]
    /// Whether the number of a case must be given with it.
    package let needsCase: Bool
    /// Whether it shows natural persons' identifiers in clear.
    package let isClear: Bool
    /// What permits it; at least one is in force on a day of use.
    package let basis: [BasisCitation]
    /// What a subject agrees to, for consents.
    package let consentText: String?
    /// Version of that wording.
    package let consentVersion: String?
    /// The longest term of a consent, in days.
    package let consentDays: Int?
    /// Remark for those who edit the book.
    package let note: String?
}

extension PolicyBook {
    /// A purpose whose basis is in force on a day.
    package func purpose(_ code: String, on day: CivilDate) -> Purpose? {
        purposes.first { $0.code == code }.flatMap { isInForce(anyOf: $0.basis, on: day) ? $0 : nil }
    }

    /// The purposes that a role may state on a day.
    package func purposes(of role: String, on day: CivilDate) -> [Purpose] {
        purposes.filter { $0.users.contains(role) && isInForce(anyOf: $0.basis, on: day) }
    }

    /// Whether one of these documents at least is in force on a day.
    func isInForce(anyOf basis: [BasisCitation], on day: CivilDate) -> Bool {
        basis.contains { document($0.document)?.isInForce(on: day) ?? false }
    }
}
