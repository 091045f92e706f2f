package import Identifiers

/// What a field's cells hold.
package enum FieldType: Sendable, Hashable {
    /// Any text.
    case text
    /// A civil date.
    case date
    /// A decimal number of at most `precision` digits (1...18), `scale` of them after the point.
    case decimal(precision: UInt8, scale: UInt8)
    /// A whole number.
    case integer
    /// A value of the code set of this id; stored as its code.
    case code(String)
    /// An identifier of this kind, checked and normalised.
    case identifier(IdentifierKind)

    /// Chinese name, as the catalogue's pages show it.
    package var name: String {
        switch self {
        case .text: "文本"
        case .date: "日期"
        case .decimal: "小数"
        case .integer: "整数"
        case .code: "代码"
        case .identifier(let kind): kind.name
        }
    }
}

/// What a field says about the subject or the delivery, so that the platform can act on it. The raw value is what
/// YAML writes.
package enum FieldRole: String, Sendable, CaseIterable {
    /// Name of the subject.
    case name
    /// 统一社会信用代码 of the subject.
    case unifiedSocialCreditCode
    /// 组织机构代码 of the subject.
    case organisationCode
    /// 工商注册号 of the subject.
    case registrationNumber
    /// 公民身份号码 of the subject.
    case citizenNumber
    /// Kind of the subject's document.
    case documentType
    /// Number of the subject's document.
    case documentNumber
    /// 相对人类别: says whether the row is about an organisation or a person where the resource admits both.
    case subjectCategory
    /// 法定代表人.
    case legalRepresentative
    /// Name of the body that decided or delivers.
    case providerName
    /// Code of the body that decided or delivers.
    case providerCode
    /// State of the organisation or of the record.
    case status
    /// Six-digit region.
    case region
    /// Section of the national classification of industries (行业门类, GB/T 4754).
    case industry
    /// Day of foundation.
    case established
    /// An earlier name of the organisation.
    case formerName
    /// The day of being put on a list (列入日期).
    case listedOn
    /// The last day on a list (期限届满日期).
    case listedUntil
    /// Number of the decision (决定文书号).
    case decisionNumber
    /// Who decided (认定机关).
    case decidingBody
    /// The fact that the decision rests on (列入事由).
    case decisionReason

    /// Whether a field of this role only says who the subject is; such fields stay out of the stored record, since the
    /// archive finds it by the subject's keyed hash and holds no identifier of a person in clear.
    package var identifiesSubject: Bool {
        switch self {
        case .name, .unifiedSocialCreditCode, .organisationCode, .registrationNumber, .citizenNumber, .documentType,
            .documentNumber:
            true
        default: false
        }
    }
}

/// How carefully a field's values are treated. The raw value is what YAML writes.
package enum Sensitivity: String, Sendable, CaseIterable {
    /// May be shown wherever the record is.
    case open
    /// For government use.
    case `internal`
    /// Personal information of a natural person: masked, never public.
    case personal
    /// Trade secrets, finances, accounts, addresses, health: only for a stated purpose.
    case sensitive

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .open: "公开"
        case .internal: "内部"
        case .personal: "个人信息"
        case .sensitive: "敏感"
        }
    }
}
