internal import Identifiers
internal import Policy

/// A resource prepared for the making of rows: its columns, and the order in which dates follow from each other.
struct Sheet: Sendable {
    /// How a date is found when the effective one is known.
    struct DateRule: Sendable {
        enum Origin: Sendable {
            /// The effective date itself.
            case effective
            /// The day the organisation was founded.
            case founding
            /// Some days before the date of another field.
            case before(Int)
            /// Some days after the date of another field; nil: after the effective one.
            case after(Int?)
        }

        var field: Int
        var origin: Origin
        /// Days to add or take away.
        var days: ClosedRange<Int>
        /// Must not be after the day of delivery.
        var bounded: Bool
    }

    let resource: Resource
    let columns: [Column]
    let dates: [DateRule]
    let effective: Int?
    /// Fields that hold an identifier of the subject.
    let identity: [Int]
    /// Groups of fields of which at least one must be filled.
    let choices: [[Int]]
    /// The field that must hold the subject's identifier where nothing else does: organisations', persons'.
    let organisationField: Int?
    let personField: Int?
    let category: Int?
    let registrationField: Int?
    let nameField: Int?
    /// Fields whose value decides whether another is required; their values are never changed afterwards.
    let deciding: Set<Int>
    /// Whether the business key tells a year or a day, so that a subject may appear once in each file.
    let hasDatedKey: Bool
    /// Whether one field of the business key never repeats.
    let hasSerialKey: Bool
    let isListed: Bool

    init(_ resource: Resource, book: PolicyBook) {
        self.resource = resource
        columns = resource.fields.enumerated().map { Column($1, index: $0, resource: resource, book: book) }
        effective = resource.effective.flatMap { resource.index(of: $0) }
        dates = DateRules(resource, effective: effective).rules
        choices = resource.checks.compactMap { check in
            if case .oneOf(let codes) = check { codes.compactMap { resource.index(of: $0) } } else { nil }
        }
        identity = resource.fields.indices.filter { index in
            switch resource.fields[index].role {
            case .unifiedSocialCreditCode, .organisationCode, .registrationNumber, .citizenNumber, .documentNumber: true
            default: false
            }
        }
        func field(_ roles: FieldRole...) -> Int? { roles.lazy.compactMap { resource.index(of: $0) }.first }
        organisationField = field(.unifiedSocialCreditCode, .organisationCode, .registrationNumber)
        personField = field(.citizenNumber, .documentNumber)
        category = field(.subjectCategory)
        registrationField = field(.registrationNumber)
        nameField = field(.name)
        deciding = Set(columns.compactMap { column in
            switch column.need {
            case .value(let other, _), .absence(let other): other
            case nil: nil
            }
        })
        let key = columns.filter(\.isKey)
        hasDatedKey = resource.businessKey.contains { resource.field($0).map(FillerChoice.isTemporal) ?? false }
        hasSerialKey = key.contains { if case .serial = $0.filler { true } else { false } }
        isListed = Roster.isListed(resource)
    }

    /// Number of values of the code field in the business key; 0 where there is none.
    var kinds: Int { columns.first { $0.isKey && !$0.values.isEmpty }?.values.count ?? 0 }
}

/// Orders the date fields so that every check of the resource holds.
private struct DateRules {
    var rules: [Sheet.DateRule] = []

    init(_ resource: Resource, effective: Int?) {
        var pairs: [(first: Int, second: Int)] = []
        var bounded: Set<Int> = []
        for check in resource.checks {
            switch check {
            case .ordered(let a, let b):
                if let first = resource.index(of: a), let second = resource.index(of: b) { pairs.append((first, second)) }
            case .notAfterToday(let code): if let index = resource.index(of: code) { bounded.insert(index) }
            case .oneOf: break
            }
        }
        var known: Set<Int> = []
        if let effective {
            rules.append(.init(field: effective, origin: .effective, days: 0...0, bounded: true))
            known.insert(effective)
        }
        let fields = resource.fields.indices.filter { resource.fields[$0].type == .date && $0 != effective }
        // What lies before something known, from there backwards.
        for _ in fields {
            for field in fields where !known.contains(field) {
                guard let later = pairs.first(where: { $0.first == field && known.contains($0.second) })?.second else { continue }
                let founding = resource.fields[field].role == .established
                rules.append(.init(field: field, origin: founding ? .founding : .before(later), days: 3...60, bounded: false))
                known.insert(field)
            }
        }
        // What lies after something known, then what stands alone.
        for field in fields where !known.contains(field) {
            let earlier = pairs.first { $0.second == field && known.contains($0.first) }?.first
            rules.append(.init(
                field: field, origin: .after(earlier), days: Self.after(resource.fields[field], linked: earlier != nil),
                bounded: bounded.contains(field) || earlier == nil && !resource.fields[field].name.contains("至")))
            known.insert(field)
        }
    }

    /// How long after.
    private static func after(_ field: Field, linked: Bool) -> ClosedRange<Int> {
        if ["有效期", "届满", "期限至", "公示截止"].contains(where: { field.name.contains($0) }), !field.name.hasSuffix("自") { return 365...1_095 }
        if field.name.hasSuffix("自") { return 0...0 }
        return linked ? 15...180 : 0...9
    }
}
