internal import Identifiers

/// One inhabitant or organisation of the demonstration city. Texts are UTF-8 bytes, ready to be written.
struct Subject: Sendable {
    enum Form: UInt8, Sendable, CaseIterable {
        case person, company, soleTrader, cooperative, society, institution, lawFirm, collective

        var isPerson: Bool { self == .person }
    }

    var form: Form
    var name: [UInt8]
    /// The name before `renamed`; empty where it never changed.
    var formerName: [UInt8] = []
    /// The day the name changed.
    var renamed: Int32 = 0
    /// 统一社会信用代码, or 公民身份号码 of a person.
    var code: [UInt8]
    /// 工商注册号; only of those established before the codes were unified (2015-10-01), else empty.
    var registrationNumber: [UInt8] = []
    /// Index into the city's counties.
    var county: Int
    /// Index of the person who represents the organisation; its own index for a person.
    var representative: Int32
    var address: [UInt8]
    /// 成立日期; the birthday of a person. Days since 1970-01-01.
    var established: Int32
    /// How much is recorded about the subject, relative to the others: a few have thousands of times the middle one's.
    var weight: Double

    /// 组织机构代码, characters 9 to 17 of the code.
    var organisationCode: ArraySlice<UInt8> { form.isPerson ? [] : code[8..<17] }
    var kind: IdentifierKind { form.isPerson ? .citizenNumber : .unifiedSocialCreditCode }
}
