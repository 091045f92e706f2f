/// How the value of one field is made.
enum Filler: Sendable {
    /// 文书号, 户号 …: never the same twice in the resource.
    case serial(SerialStyle)
    /// A number that belongs to the subject and is the same in every file: 许可证号, 资格证号.
    case subjectNumber(length: Int)
    case subjectName, formerName, representative, address
    case unifiedCode, registrationNumber, organisationCode, citizenNumber
    /// 身份证, as the code set writes it.
    case documentType
    case documentNumber
    /// 法人及非法人组织, 个体工商户 or 自然人.
    case category
    case organisationType
    /// Number of the document of the organisation's representative.
    case representativeNumber
    /// Name or code of the body that decides and delivers.
    case bodyName, bodyCode
    /// Six digits of the subject's county.
    case region
    /// Year of the period, four digits.
    case year
    /// The period in words: 2024年第3季度.
    case periodName
    /// Name of another person or organisation.
    case otherPerson, otherOrganisation
    case numberPlate
    /// One of some ready texts; the number of the row is put behind where `varied`.
    case phrase([[UInt8]])
    /// One value of the code set, the first ones much more often; several where the field is multiple.
    case code
    case integer(ClosedRange<Int>)
    /// Amount of up to `digits` digits before the point and `scale` behind it, at most `most`.
    case decimal(digits: Int, scale: Int, most: Int?)
    /// The amount of the field before (实缴 beside 应缴), most of the time.
    case sameAmount(as: Int, scale: Int)
    case date
}

/// How a number that is never given twice is written.
enum SerialStyle: Sendable {
    /// Digits only.
    case digits
    /// 驻演示〔2024〕300017号, as decisions are numbered.
    case document
    /// （2024）豫17演示300017号, as courts number cases.
    case lawsuit
    /// YS-2024-300017 with two letters that say 演示.
    case plain
}
