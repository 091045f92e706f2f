internal import Identifiers
internal import Policy

/// A resource's checks, prepared for one file: which column each field is in, code sets as tables, conditions resolved.
///
/// Each worker has its own: references that two threads count are the dearest part of a row.
struct CheckPlan: Sendable {
    /// One field as the checker meets it. A class, so that passing it on costs one count and not one for each of the
    /// field's texts.
    final class Slot: Sendable {
        let field: Field
        /// Index into `resource.fields`.
        let index: Int
        let column: Int?
        let codes: CodeTable?
        /// Goes into the record's payload; identifying fields do not.
        let isStored: Bool
        /// When the field is required, in words; empty where it has no condition.
        let requirement: String
        /// How a cell is read. Like the flags below, what the way of a sound row needs of the field without counting
        /// references to it: counts that two workers share cost more than the checks.
        let form: Form
        let isRequired: Bool
        let isSensitive: Bool
        let identifiesSubject: Bool
        let hasChecks: Bool

        /// A field's type without its code set.
        enum Form: Sendable {
            case text(length: Int)
            case date
            case decimal(precision: UInt8, scale: UInt8)
            case code
            case identifier(IdentifierKind)

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

        init(field: Field, index: Int, column: Int?, codes: CodeTable?, isStored: Bool, requirement: String) {
            form = Form(field)
            isRequired = field.required
            isSensitive = field.sensitivity == .sensitive
            identifiesSubject = field.role?.identifiesSubject ?? false
            hasChecks = !field.checks.isEmpty
            self.requirement = requirement
            self.field = field
            self.index = index
            self.column = column
            self.codes = codes
            self.isStored = isStored
        }
    }

    /// A check across fields, with the fields found.
    enum ResolvedCheck: Sendable {
        case notAfterToday(Slot)
        case ordered(Slot, notAfter: Slot)
        case oneOf([Slot])
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
    }

    let resource: Resource
    /// Stored fields in layout order, then the others.
    let slots: [Slot]
    /// Slot of each field, by index into `resource.fields`.
    let slotOfField: [Int]
    let identity: Identity
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

    /// A condition whose literal has been turned into what a cell is compared with.
    enum ResolvedCondition: Sendable {
        case contains(field: Int, anyOf: [[UInt8]])
        case equals(field: Int, anyOf: [[UInt8]])
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
        func codeTable(_ field: Field) -> CodeTable? {
            book.codeSet(of: field).map(CodeTable.init)
        }
        slots = order.map { index in
            Slot(
                field: resource.fields[index], index: index, column: match.columns[index],
                codes: codeTable(resource.fields[index]), isStored: stored.contains(index),
                requirement: resource.fields[index].requiredWhen.map { book.sentence($0, of: resource) } ?? "")
        }
        var slotOfField = [Int](repeating: 0, count: resource.fields.count)
        for (slot, index) in order.enumerated() { slotOfField[index] = slot }
        self.slotOfField = slotOfField
        identity = Self.identity(of: resource)
        effective = resource.effective.flatMap { resource.index(of: $0) }
        let all = slots
        func slot(_ code: String) -> Slot? { resource.index(of: code).map { all[slotOfField[$0]] } }
        checks = resource.checks.compactMap { check in
            switch check {
            case .notAfterToday(let name): slot(name).map(ResolvedCheck.notAfterToday)
            case .ordered(let first, let second):
                slot(first).flatMap { early in slot(second).map { .ordered(early, notAfter: $0) } }
            case .oneOf(let names): .oneOf(names.compactMap(slot))
            }
        }
        conditions = resource.fields.enumerated().compactMap { index, field in
            field.requiredWhen.flatMap { condition in
                Self.resolve(condition, in: resource) { codeTable(resource.fields[$0]) }.map { (index, $0) }
            }
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
        func literals(_ texts: [String], _ field: Int) -> [[UInt8]] {
            texts.map { text in
                let bytes = Array(text.utf8)
                return codes(field)?.code(bytes.span) ?? bytes
            }
        }
        guard let field = resource.index(of: condition.field) else { return nil }
        switch condition {
        case .contains(_, let texts): return .contains(field: field, anyOf: literals(texts, field))
        case .equals(_, let texts): return .equals(field: field, anyOf: literals(texts, field))
        case .absent: return .absent(field: field)
        }
    }
}
