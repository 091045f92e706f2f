/// The two kinds of credit subject.
package enum SubjectKind: UInt8, Sendable, CaseIterable {
    /// 法人、非法人组织和个体工商户.
    case organisation = 1
    /// 自然人.
    case person = 2

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .organisation: "法人和非法人组织"
        case .person: "自然人"
        }
    }
}

/// The kinds of identifier by which a record finds its subject. The raw values enter the keyed hash of a subject key,
/// so they never change meaning.
package enum IdentifierKind: UInt8, Sendable, CaseIterable {
    /// 统一社会信用代码, GB 32100-2015: 18 characters.
    case unifiedSocialCreditCode = 1
    /// 组织机构代码, GB 11714: 8 characters and a check character.
    case organisationCode
    /// 工商注册号, GS 15: 15 digits.
    case registrationNumber
    /// 公民身份号码, GB 11643-1999: 18 characters; the legacy 15 digits are lengthened.
    case citizenNumber
    /// 护照.
    case passport
    /// 港澳居民来往内地通行证.
    case mainlandTravelPermit
    /// 台湾居民来往大陆通行证.
    case taiwanPermit
    /// 外国人永久居留身份证.
    case permanentResidence
    /// 港澳台居民居住证.
    case residencePermit
    /// Any other document.
    case otherDocument

    /// Whose identifier it is.
    package var subjectKind: SubjectKind {
        switch self {
        case .unifiedSocialCreditCode, .organisationCode, .registrationNumber: .organisation
        case .citizenNumber, .passport, .mainlandTravelPermit, .taiwanPermit, .permanentResidence, .residencePermit,
            .otherDocument:
            .person
        }
    }

    /// Chinese name, as messages and pages show it.
    package var name: String {
        switch self {
        case .unifiedSocialCreditCode: "统一社会信用代码"
        case .organisationCode: "组织机构代码"
        case .registrationNumber: "工商注册号"
        case .citizenNumber: "公民身份号码"
        case .passport: "护照号码"
        case .mainlandTravelPermit: "港澳居民来往内地通行证号码"
        case .taiwanPermit: "台湾居民来往大陆通行证号码"
        case .permanentResidence: "外国人永久居留身份证号码"
        case .residencePermit: "港澳台居民居住证号码"
        case .otherDocument: "其他证件号码"
        }
    }

    /// The written form that is asked for, in Chinese, for the cure of a fault.
    package var form: String {
        switch self {
        case .unifiedSocialCreditCode: "18 位数字或大写字母（不含 I、O、S、V、Z）"
        case .organisationCode: "8 位数字或大写字母加 1 位校验码，共 9 位"
        case .registrationNumber: "15 位数字"
        case .citizenNumber: "18 位，前 17 位为数字，末位为数字或 X（旧号 15 位数字）"
        case .passport: "5 至 17 位数字或字母，至少有一位数字"
        case .mainlandTravelPermit: "字母 H 或 M 加 8 位或 10 位数字"
        case .taiwanPermit: "8 位数字"
        case .permanentResidence: "以 9 开头的 18 位号码，或旧证的 3 位字母加 12 位数字"
        case .residencePermit: "以 81、82 或 83 开头的 18 位号码"
        case .otherDocument: "2 至 32 位数字或字母"
        }
    }
}
