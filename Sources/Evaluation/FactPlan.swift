package import Archive
package import Feel
package import Identifiers
package import Policy

/// What rules know of one subject: a value for each name of the book's vocabulary, and the records it was folded from.
package struct SubjectFacts: Sendable {
    /// In order of the vocabulary; null where unknown.
    package var values: [Value]
    /// The records behind each value.
    package var sources: [[RecordID]]
}

/// A record in force, as indicators fold it; its values are read where one needs them.
package struct FactRecord: Sendable {
    package let id: RecordID
    package let resource: Resource
    package let effective: CivilDate?
    package let payload: [UInt8]
    /// In order of `resource.layout.stored`, where somebody has read them already.
    let values: [Layout.Value]?

    package init(id: RecordID, resource: Resource, effective: CivilDate?, payload: [UInt8], values: [Layout.Value]? = nil) {
        self.id = id
        self.resource = resource
        self.effective = effective
        self.payload = payload
        self.values = values
    }
}

/// How the indicators of a book are folded on a day.
package struct FactPlan: Sendable {
    package let book: PolicyBook
    package let day: CivilDate
    /// Catalogue numbers of the resources that indicators or lists fold; others need not be read.
    package let resources: Set<UInt16>
    /// Catalogue numbers of lists' resources.
    package let listResources: Set<UInt16>
    private let windowStarts: [CivilDate?]
    /// Indicators by the code of their resource.
    private let byResource: [String: [Int]]

    package init(_ book: PolicyBook, on day: CivilDate) {
        self.book = book
        self.day = day
        let lists = Set(book.lists.flatMap(\.resources))
        listResources = Set(book.resources.filter { lists.contains($0.code) }.map(\.number))
        let folded = Set(book.indicators.compactMap(\.resource))
        resources = listResources.union(book.resources.filter { folded.contains($0.code) }.map(\.number))
        windowStarts = book.indicators.map { $0.start(asOf: day) }
        byResource = Dictionary(grouping: book.indicators.indices.filter { book.indicators[$0].resource != nil }) { book.indicators[$0].resource ?? "" }
    }

    /// The facts of a subject.
    /// - Parameters:
    ///   - records: its records in force, in knowledge order; those of other resources are passed over.
    ///   - listings: those in force.
    package func facts(of records: [FactRecord], listings: [Listing]) throws(LayoutFault) -> SubjectFacts {
        var facts = empty
        var latest = [CivilDate?](repeating: nil, count: book.indicators.count)
        var isUnknown = [Bool](repeating: false, count: book.indicators.count)
        for record in records {
            guard let indices = byResource[record.resource.code] else { continue }
            var values = record.values
            for index in indices {
                if let start = windowStarts[index], record.effective.map({ $0 < start }) ?? true { continue }
                let indicator = book.indicators[index]
                if values == nil, indicator.condition != nil || indicator.field != nil { values = try record.resource.layout.decode(record.payload) }
                switch Self.counts(record, values ?? [], indicator) {
                case false?: continue
                case nil: isUnknown[index] = true
                case true?: break
                }
                facts.sources[index].append(record.id)
                take(record, values ?? [], indicator, index, &facts.values[index], &latest[index])
            }
        }
        for (index, indicator) in book.indicators.enumerated() {
            if indicator.kind == .listings {
                let own = listings.filter { indicator.lists.contains($0.list) }
                facts.values[index] = .number(Number(own.count))
                facts.sources[index] = own.compactMap { if case .record(let id) = $0.source { id } else { nil } }
            }
            if isUnknown[index] { facts.values[index] = .null }
        }
        return facts
    }

    /// What is known of somebody without any record.
    package var empty: SubjectFacts {
        SubjectFacts(
            values: book.indicators.map { $0.kind == .latest ? .null : .number(.zero) } + [.date(Day(number: Int(day.day)))],
            sources: [[RecordID]](repeating: [], count: book.indicators.count + 1))
    }

    /// Whether a record counts for an indicator; nil where its condition is unknown.
    private static func counts(_ record: FactRecord, _ values: [Layout.Value], _ indicator: Indicator) -> Bool? {
        guard let condition = indicator.condition else { return true }
        var facts = [Value](repeating: .null, count: indicator.conditionFields.count)
        for place in condition.variables { facts[place] = value(of: indicator.conditionFields[place], record, values) }
        return condition.holds(facts)
    }

    private static func value(of code: String, _ record: FactRecord, _ values: [Layout.Value]) -> Value {
        guard let index = record.resource.index(of: code), let place = record.resource.layout.position(ofField: index), place < values.count else { return .null }
        return values[place].feelValue(isList: record.resource.fields[index].multiple)
    }

    private func take(
        _ record: FactRecord, _ values: [Layout.Value], _ indicator: Indicator, _ index: Int, _ value: inout Value, _ latest: inout CivilDate?
    ) {
        switch indicator.kind {
        case .count:
            if case .number(let count) = value { value = (count + .one).map(Value.number) ?? .null }
        case .sum:
            guard let field = indicator.field, case .number(let sum) = value else { return }
            // An amount that nobody gave makes the sum unknown.
            if case .number(let amount) = Self.value(of: field, record, values) { value = (sum + amount).map(Value.number) ?? .null } else { value = .null }
        case .latest:
            guard let field = indicator.field, let effective = record.effective, latest.map({ $0 <= effective }) ?? true else { return }
            latest = effective
            value = Self.value(of: field, record, values)
        case .listings: break
        }
    }
}
