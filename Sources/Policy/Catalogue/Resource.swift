package import Identifiers

/// How often a resource is delivered. The raw value is what YAML writes.
package enum Cadence: String, Sendable, CaseIterable {
    case realtime, daily, weekly, monthly, quarterly, yearly

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .realtime: "实时"
        case .daily: "每日"
        case .weekly: "每周"
        case .monthly: "每月"
        case .quarterly: "每季度"
        case .yearly: "每年"
        }
    }
}

/// Who may see a resource's records. The raw value is what YAML writes.
package enum Disclosure: String, Sendable, CaseIterable {
    /// 社会公开: anyone, without login; never about natural persons.
    case open = "public"
    /// 政务共享: government bodies for a stated purpose.
    case shared
    /// 敏感: only with the subject's consent or an express legal ground.
    case sensitive

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .open: "公开"
        case .shared: "共享"
        case .sensitive: "敏感"
        }
    }
}

/// Whom a resource's rows are about. The raw value is what YAML writes.
package enum SubjectScope: String, Sendable, CaseIterable {
    /// Organisations only.
    case organisation
    /// Natural persons only.
    case person
    /// Both; the row says which.
    case either

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .organisation: "法人和非法人组织"
        case .person: "自然人"
        case .either: "法人、非法人组织和自然人"
        }
    }

    /// Whether a row may be about a subject of this kind.
    package func admits(_ kind: SubjectKind) -> Bool {
        switch self {
        case .organisation: kind == .organisation
        case .person: kind == .person
        case .either: true
        }
    }
}

/// What becomes of a row without a sound identifier. The raw value is what YAML writes.
package enum Identification: String, Sendable, CaseIterable {
    /// It is rejected.
    case required
    /// A row with a name is kept as 疑似, out of every figure.
    case nameAllowed
}

/// Who may deliver a resource.
package enum ProviderRule: Sendable, Hashable {
    /// The body of this code.
    case body(String)
    /// Every body of this kind.
    case kind(PublicBodyKind)
}

/// Article of a legal document on which a resource rests.
package struct BasisCitation: Sendable, Hashable {
    /// Id of the document.
    package let document: String
    /// The article, as it is cited: 第四十八条.
    package let article: String
}

/// One version of a catalogue item: who delivers it, on what basis, and what its rows hold.
package struct Resource: Sendable {
    /// Local code: `ZMD-03-0002`; the same for all versions.
    package let code: String
    /// Stable number, 1...65535, under which the archive keeps it; the same for all versions.
    package let number: UInt16
    /// Version, from 1.
    package let version: UInt8
    /// Chinese name.
    package let name: String
    /// Class of the national basic catalogue, 1...13.
    package let basicClass: Int
    /// Sectors of the plan that it serves.
    package let sectors: [Sector]
    /// Who may deliver it.
    package let providers: [ProviderRule]
    /// How often it is delivered.
    package let cadence: Cadence
    /// Who may see its records.
    package let disclosure: Disclosure
    /// Whom its rows are about.
    package let subject: SubjectScope
    /// Its legal basis, in force on every day of its validity.
    package let basis: [BasisCitation]
    /// First day on which it may be delivered.
    package let validFrom: CivilDate
    /// Last day on which it may be delivered; nil where open.
    package let validTo: CivilDate?
    /// Codes of the fields that, with the subject, say that two rows are the same record.
    package let businessKey: [String]
    /// Code of the date field that says when a record was true.
    package let effective: String?
    /// What becomes of a row without a sound identifier.
    package let identification: Identification
    /// Whether its rows establish the organisation: names and facts go to the registry.
    package let registers: Bool
    /// Codes of the fields shown as the record's content.
    package let summary: [String]
    /// The columns, in catalogue order.
    package let fields: [Field]
    /// Checks across fields.
    package let checks: [RowCheck]
    /// Who answers for the version; nil where its sources were read.
    package let confirmed: Confirmation?
    /// Remark for those who use the catalogue.
    package let note: String?
    /// How its records are written as bytes.
    package let layout: Layout

    let indexByCode: [String: Int]
    let indexByHeading: [String: Int]

    /// Index of a field by its code.
    package func index(of code: String) -> Int? { indexByCode[code] }

    /// A field by its code.
    package func field(_ code: String) -> Field? { indexByCode[code].map { fields[$0] } }

    /// Index of the field that plays a role; the first in catalogue order.
    package func index(of role: FieldRole) -> Int? { fields.firstIndex { $0.role == role } }

    /// Index of the field that a column heading means: its code, national code, Chinese name or an alias, in any width
    /// and case, blanks ignored.
    package func index(headed heading: String) -> Int? { indexByHeading[Text.searchForm(heading)] }

    /// Whether it may be delivered on a day.
    package func isValid(on day: CivilDate) -> Bool {
        validFrom <= day && day <= (validTo ?? CivilDate(day: .max))
    }
}
