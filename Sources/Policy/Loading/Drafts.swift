import Identifiers

/// What was read of a book's files, each with its place, before it is checked across files. What could not be read is
/// nil; a fault has been noted for it, and the checks pass over it.
struct BookDraft {
    /// A list is nil where its file could not be read.
    var organisations: [Draft<PublicBody>]?
    var regions: [Draft<RegionEntry>]?
    var calendar: [Draft<CalendarYear>]?
    var documents: [Draft<LegalDocument>]?
    var classes: [Draft<BasicClass>]?
    var sectors: [Draft<Sector>]?
    var purposes: [Draft<Purpose>]?
    var retention: [Draft<RetentionTerm>]?
    var lists: [Draft<ListKind>]?
    var nationalMeasures: [Draft<NationalMeasure>]?
    var measures: [Draft<Measure>]?
    var forbidden: [Draft<ForbiddenAttribute>]?
    var indicators: [Draft<IndicatorDraft>]?
    var matters: [Draft<MatterDraft>]?
    var rules: [RuleDraft] = []
    /// Texts of drawn decision tables, by path.
    var drawings: [String: String] = [:]
    /// Whether a rule could not be read at all: it may be the one that a table is drawn for.
    var rulesIncomplete = false
    var codeSets: [Draft<CodeSet>] = []
    var resources: [ResourceDraft] = []
    /// Ids of code sets whose file has faults: they exist, though they cannot be used.
    var brokenCodeSets: Set<String> = []
    /// Whether a code set file could not be read at all.
    var codeSetsIncomplete = false
    /// List files with items that could not be read: who names an unknown item may mean one of those.
    var incompleteLists: Set<String> = []

    /// Whether every item of a list file was read, so that what it lacks is not there.
    func isWhole(_ list: String) -> Bool { !incompleteLists.contains(list) }
}

/// A value that was read whole, and its place.
struct Draft<Value> {
    var value: Value
    var place: Place
}

/// What was read of one resource version.
struct ResourceDraft {
    var place: Place
    var code: String?
    var number: Int?
    var version: Int?
    var name: String?
    var basicClass: Int?
    var sectors: [Located<String>]
    var providers: [Located<String>]
    var cadence: Cadence?
    var disclosure: Disclosure?
    var subject: SubjectScope?
    var basis: [Located<BasisCitation>]
    var validFrom: CivilDate?
    var validTo: CivilDate?
    var businessKey: [Located<String>]
    var effective: String?
    var identification: Identification?
    var registers: Bool
    var summary: [Located<String>]
    var fields: [FieldDraft]
    var checks: [Located<RowCheck>]
    var confirmed: Confirmation?
    var note: String?

    /// A field by its code; the first of doubles.
    func field(_ code: String) -> FieldDraft? { fields.first { $0.code == code } }

    /// The fields of a role.
    func fields(of role: FieldRole) -> [FieldDraft] { fields.filter { $0.role == role } }
}

/// What was read of one field.
struct FieldDraft {
    var place: Place
    var code: String?
    var national: String?
    var name: String?
    var aliases: [Located<String>]
    var type: FieldType?
    var length: Int?
    var required: Bool
    var requiredWhen: Located<Condition>?
    var multiple: Bool
    var role: FieldRole?
    var sensitivity: Sensitivity?
    var checks: [Located<FieldCheck>]
    var note: String?

    /// What messages call it.
    var title: String { code ?? name ?? "第 \(place.start) 行的字段" }

    /// Whether its values are numbers of natural persons' documents.
    var holdsPersonNumber: Bool {
        if role == .citizenNumber || role == .documentNumber { return true }
        if case .identifier(let kind) = type { return kind.subjectKind == .person }
        return false
    }
}
