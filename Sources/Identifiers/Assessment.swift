/// The verdict on a written identifier.
package enum Assessment: Sendable, Equatable {
    /// Right in every respect that can be computed.
    case sound(Identifier)
    /// 疑问: usable, but the source is told.
    case doubtful(Identifier, IdentifierDoubt)
    /// 错误: it identifies nobody; the row goes back to its source.
    case wrong(IdentifierFault)
    /// A filler such as `00000000000000000X` or 无: treated as absent, and flagged.
    case placeholder
    /// Nothing but blanks.
    case empty

    /// The identifier, where there is a usable one.
    package var identifier: Identifier? {
        switch self {
        case .sound(let identifier), .doubtful(let identifier, _): identifier
        case .wrong, .placeholder, .empty: nil
        }
    }
}

/// Why an identifier is wrong (错误). Raw values are stable.
package enum IdentifierFault: UInt8, Error, Sendable, CaseIterable {
    /// Not as many characters as the kind has.
    case length = 1
    /// A character that the kind never has at that place.
    case alphabet
    /// A spreadsheet kept it as a number and lost digits.
    case digitsLost
    /// The check character does not belong to the others.
    case checkCharacter
    /// The birth date inside is impossible.
    case date
    /// The birth date inside is after today.
    case futureDate
    /// The province inside does not exist.
    case region
    /// It does not begin as the kind begins.
    case form

    /// Stable name for machine-readable rejections.
    package var code: String {
        switch self {
        case .length: "identifier.length"
        case .alphabet: "identifier.alphabet"
        case .digitsLost: "identifier.digitsLost"
        case .checkCharacter: "identifier.checkCharacter"
        case .date: "identifier.date"
        case .futureDate: "identifier.futureDate"
        case .region: "identifier.region"
        case .form: "identifier.form"
        }
    }

    /// What is wrong, in Chinese. `Identifier.explain` says it of one value more exactly.
    package var message: String {
        switch self {
        case .length: "位数不对"
        case .alphabet: "含有不应出现的字符"
        case .digitsLost: "被表格软件当作数字保存，后几位已经丢失"
        case .checkCharacter: "校验码不符，号码有误"
        case .date: "号码中的出生日期不存在"
        case .futureDate: "号码中的出生日期晚于今天"
        case .region: "号码中的行政区划代码不存在"
        case .form: "开头的字符不符合该类证件的编码规则"
        }
    }

    /// What to do about it, in Chinese.
    package var cure: String {
        switch self {
        case .length: "请对照证照原件补全或删去多余的字符"
        case .alphabet: "请对照证照原件改正，注意数字 0、1、2、5 与字母 O、I、Z、S 的区别"
        case .digitsLost: "请先把该列设为“文本”格式，再按证照原件重新填写"
        case .checkCharacter: "请对照证照原件逐位核对"
        case .date, .futureDate: "请核对第 7 至 14 位（旧号第 7 至 12 位）的出生日期"
        case .region: "请核对号码中的行政区划代码"
        case .form: "请核对证件类型与号码是否一致"
        }
    }
}

/// Why an identifier is doubtful (疑问): it is used, and the source is told. Raw values are stable.
package enum IdentifierDoubt: UInt8, Sendable, CaseIterable {
    /// The code's own check is right, that of the organisation code inside is not (some old codes are so).
    case organisationCodeCheck = 1
    /// A citizen number of 15 digits, lengthened for matching only.
    case legacyCitizenNumber
    /// The first character names no registering department of GB 32100-2015.
    case unknownDepartment

    /// Stable name for machine-readable notices.
    package var code: String {
        switch self {
        case .organisationCodeCheck: "identifier.organisationCodeCheck"
        case .legacyCitizenNumber: "identifier.legacyCitizenNumber"
        case .unknownDepartment: "identifier.unknownDepartment"
        }
    }

    /// What is doubtful, in Chinese.
    package var message: String {
        switch self {
        case .organisationCodeCheck: "统一社会信用代码校验通过，但其中的组织机构代码校验不符"
        case .legacyCitizenNumber: "身份证号为 15 位旧号，已按 18 位比对"
        case .unknownDepartment: "统一社会信用代码首位不是已知的登记管理部门"
        }
    }

    /// What to do about it, in Chinese.
    package var cure: String {
        switch self {
        case .organisationCodeCheck, .unknownDepartment: "请与登记机关核对该代码，下次报送时更正"
        case .legacyCitizenNumber: "请补报 18 位公民身份号码"
        }
    }
}
