internal import Identifiers
internal import Policy

/// A resource's checks, prepared for one file: which column each field is in, code sets as tables, conditions resolved.
///
/// Each worker has its own: references that two threads count are the dearest part of a row.
struct CheckPlan: Sendable {
    /// A field, for what is said of a row that is not sound. A class, so that passing it on costs one count and not one
    /// for each of the field's texts.
    final class Slot: Sendable {
        let field: Field
        /// When the field is required, in words; empty where it has no condition.
        let requirement: String
        let codes: CodeTable?

        init(field: Field, requirement: String, codes: CodeTable?) {
            self.field = field
            self.requirement = requirement
            self.codes = codes
        }
    }

    /// What the way of a sound row needs of a field. It holds no references, so that reading it counts none: counting
    /// costs as much as checking, and more where two workers share what is counted.
    struct Outline {
        /// Index into `resource.fields`.
        let field: Int
        /// -1 where the file has no such column.
        let column: Int
        /// How a cell is read.
        let form: Form
        /// Goes into the record's payload; identifying fields do not.
        let isStored: Bool
        let isRequired: Bool
        let isSensitive: Bool
        let identifiesSubject: Bool
        /// The field's checks, as places of `CheckPlan.fieldChecks`.
        let checks: Range<Int>

        /// A field's type without its code set.
        enum Form {
            case text(length: Int)
            case date
            case decimal(precision: UInt8, scale: UInt8)
            case code
            case identifier(IdentifierKind)

            /// Whether the same cell often stands in row after row, and costs more to read than to compare.
            var recurs: Bool {
                switch self {
                case .date, .code: true
                case .text, .decimal, .identifier: false
                }
            }

            init(_ field: Field) {
                self = switch field.type {
                case .text: .text(length: field.length ?? .max)
                case .date: .date
                case .decimal(let precision, let scale): .decimal(precision: precision, scale: scale)
                case .integer: .decimal(precision: 18, scale: 0)
                case .code: .code
                case .identifier(let kind): .identifier(kind)
                }
            }
        }
    }

    /// A check across fields, with the fields found: indices into `resource.fields`.
    enum ResolvedCheck: Sendable {
        case notAfterToday(Int)
        case ordered(Int, notAfter: Int)
        case oneOf([Int])
    }

    /// Where a row says who it is about, as indices into `resource.fields`.
    struct Identity: Sendable {
        var name: Int?
        /// Organisation identifiers in order of strength.
        var organisation: [Int] = []
        var citizenNumber: Int?
        var documentType: Int?
        var documentNumber: Int?
        var category: Int?
        /// Its records put subjects on a list.
        var isOfList = false
    }

    let resource: Resource
    /// Its records put subjects on a list.
    var isOfList: Bool { identity.isOfList }
    /// Stored fields in layout order, then the others.
    let slots: [Slot]
    /// The same, for the way of a sound row.
    let outlines: [Outline]
    let fieldChecks: [FieldCheck]
    /// Slot of each field, by index into `resource.fields`.
    let slotOfField: [Int]
    /// How many of the stored fields, from the first, are the business key.
    let keyCount: Int
    let identity: Identity
    /// Kind that each code of the document type field means.
    let documentKinds: [IdentifierKind]
    /// The code of the subject category field that means a natural person.
    let personCode: Int?
    let effective: Int?
    /// Conditions under which a field is required, by field index.
    let conditions: [(field: Int, condition: ResolvedCondition)]
    let checks: [ResolvedCheck]
    let match: HeaderMatch
    let today: CivilDate
    /// Fewer cells than columns are an empty end of the row (workbooks, JSON), not a torn line (CSV).
    let allowsShortRows: Bool
    /// A number in a date column is a serial date of a workbook.
    let hasSerialDates: Bool

    /// A condition whose literals have been turned into what a cell is compared with: texts, of coded fields the codes, and
    /// the places of these in the field's set.
    enum ResolvedCondition: Sendable {
        case contains(field: Int, listed: [Int], texts: [[UInt8]])
        case equals(field: Int, listed: [Int], texts: [[UInt8]])
        case absent(field: Int)
    }

    init(
        resource: Resource, book: PolicyBook, match: HeaderMatch, today: CivilDate, allowsShortRows: Bool,
        hasSerialDates: Bool
    ) {
        self.resource = resource
        self.match = match
        self.today = today
        self.allowsShortRows = allowsShortRows
        self.hasSerialDates = hasSerialDates
        let layout = resource.layout
        let stored = Set(layout.stored)
        let order = layout.stored + resource.fields.indices.filter { !stored.contains($0) }
        let slots = order.map { index in
            Slot(
                field: resource.fields[index],
                requirement: resource.fields[index].requiredWhen.map { book.sentence($0, of: resource) } ?? "",
                codes: book.codeSet(of: resource.fields[index]).map(CodeTable.init))
        }
        self.slots = slots
        var fieldChecks: [FieldCheck] = []
        outlines = order.map { index in
            let field = resource.fields[index]
            let first = fieldChecks.count
            fieldChecks += field.checks
            return Outline(
                field: index, column: match.columns[index] ?? -1, form: .init(field), isStored: stored.contains(index),
                isRequired: field.required, isSensitive: field.sensitivity == .sensitive,
                identifiesSubject: field.role?.identifiesSubject ?? false, checks: first..<fieldChecks.count)
        }
        self.fieldChecks = fieldChecks
        var slotOfField = [Int](repeating: 0, count: resource.fields.count)
        for (slot, index) in order.enumerated() { slotOfField[index] = slot }
        self.slotOfField = slotOfField
        keyCount = layout.keyCount
        let places = slotOfField
        func codes(_ index: Int) -> CodeTable? { slots[places[index]].codes }
        let identity = Self.identity(of: resource)
        self.identity = identity
        documentKinds = identity.documentType.flatMap(codes)?.codes.map(Self.documentKind) ?? []
        personCode = identity.category.flatMap(codes)?.codes.firstIndex(of: Self.person)
        effective = resource.effective.flatMap { resource.index(of: $0) }
        checks = resource.checks.compactMap { check in
            switch check {
            case .notAfterToday(let name): resource.index(of: name).map(ResolvedCheck.notAfterToday)
            case .ordered(let first, let second):
                resource.index(of: first).flatMap { early in
                    resource.index(of: second).map { .ordered(early, notAfter: $0) }
                }
            case .oneOf(let names): .oneOf(names.compactMap { resource.index(of: $0) })
            }
        }
        conditions = resource.fields.enumerated().compactMap { index, field in
            field.requiredWhen.flatMap { condition in
                Self.resolve(condition, in: resource, codes: codes).map { (index, $0) }
            }
        }
    }

    /// The code set of a field; nil where it has none.
    func codes(ofField index: Int) -> CodeTable? { slots[slotOfField[index]].codes }

    /// What the category of a subject says of natural persons.
    static let person = "自然人"

    /// 证件类型 of the code set `document-type` (双公示: 01 身份证, 02 护照, 03 港澳, 04 台湾, 05 永久居留).
    private static func documentKind(_ code: String) -> IdentifierKind {
        switch code {
        case "01", "身份证": .citizenNumber
        case "02", "护照": .passport
        case "03": .mainlandTravelPermit
        case "04": .taiwanPermit
        case "05": .permanentResidence
        case "06": .residencePermit
        default: .otherDocument
        }
    }

    private static func identity(of resource: Resource) -> Identity {
        var identity = Identity()
        var strengths: [FieldRole: Int] = [:]
        for (index, field) in resource.fields.enumerated() {
            guard let role = field.role else { continue }
            switch role {
            case .name: identity.name = index
            case .unifiedSocialCreditCode, .organisationCode, .registrationNumber: strengths[role] = index
            case .citizenNumber: identity.citizenNumber = index
            case .listedOn: identity.isOfList = true
            case .documentType: identity.documentType = index
            case .documentNumber: identity.documentNumber = index
            case .subjectCategory: identity.category = index
            default: break
            }
        }
        let order: [FieldRole] = [.unifiedSocialCreditCode, .organisationCode, .registrationNumber]
        identity.organisation = order.compactMap { strengths[$0] }
        return identity
    }

    private static func resolve(
        _ condition: Condition, in resource: Resource, codes: (Int) -> CodeTable?
    ) -> ResolvedCondition? {
        guard let field = resource.index(of: condition.field) else { return nil }
        let table = codes(field)
        func literals(_ texts: [String]) -> [[UInt8]] { texts.map { table?.code(Array($0.utf8).span) ?? Array($0.utf8) } }
        func listed(_ texts: [String]) -> [Int] {
            texts.compactMap { text in
                if case .listed(let index) = table?.answer(Array(text.utf8).span) { index } else { nil }
            }
        }
        switch condition {
        case .contains(_, let texts): return .contains(field: field, listed: listed(texts), texts: literals(texts))
        case .equals(_, let texts): return .equals(field: field, listed: listed(texts), texts: literals(texts))
        case .absent: return .absent(field: field)
        }
    }
}
