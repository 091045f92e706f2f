package import Archive
package import Identifiers
package import Policy
package import Registry

/// One subject's presence on a list (列入), as it follows from a delivered record or from the platform's own procedure.
package struct Listing: Sendable, Hashable {
    /// What made it.
    package enum Source: Sendable, Hashable {
        case record(RecordID)
        /// Number of the procedure's first step.
        case procedure(Int64)
    }

    /// How it ended before its term.
    package struct End: Sendable, Hashable {
        /// From this moment on it has ended.
        package let at: Instant
        /// In Chinese: 信用修复, 已移出.
        package let reason: String
        package let document: String
        /// The decision itself was taken back: the listing should never have been.
        package var isAnnulment = false
    }

    /// Code of the list.
    package let list: String
    package let source: Source
    /// Number of the decision.
    package let decision: String
    /// Who decided.
    package let body: String
    /// The fact that it rests on.
    package let reason: String
    /// The first day on the list.
    package let from: CivilDate
    /// The last day; nil where neither decision nor list sets one.
    package let until: CivilDate?
    package internal(set) var end: End?
    /// From this day on it is published; nil for one that never is.
    package let published: CivilDate?

    /// Where it stands at a moment.
    package enum State: Sendable, Hashable {
        case notYet, inForce
        /// The term is over.
        case expired
        case ended(End)
    }

    /// Where it stands at a moment: it begins and expires with days of Asia/Shanghai, and ends at the minute.
    package func state(at moment: Instant) -> State {
        if let end, end.at <= moment { return .ended(end) }
        let day = moment.date
        if day < from { return .notYet }
        if let until, until < day { return .expired }
        return .inForce
    }

    package func isInForce(at moment: Instant) -> Bool { state(at: moment) == .inForce }
}

/// What listings are folded from: a record of a list in force at the clocks.
package struct ListedRecord: Sendable {
    package let id: RecordID
    package let resource: Resource
    package let effective: CivilDate?
    /// In order of `resource.layout.stored`.
    package let values: [Layout.Value]
    /// The states of the same record that this one replaced or corrected.
    package let earlier: [RecordID]

    package init(id: RecordID, resource: Resource, effective: CivilDate?, values: [Layout.Value], earlier: [RecordID] = []) {
        self.id = id
        self.earlier = earlier
        self.resource = resource
        self.effective = effective
        self.values = values
    }

    func text(_ role: FieldRole) -> String? {
        if case .text(let text) = value(role) { text } else { nil }
    }

    /// The same, with the name that a code stands for.
    func words(_ role: FieldRole, _ book: PolicyBook) -> String? {
        guard let text = text(role), let index = resource.index(of: role) else { return nil }
        return book.codeSet(of: resource.fields[index])?.values.first { $0.code == text }?.name ?? text
    }

    func date(_ role: FieldRole) -> CivilDate? {
        if case .date(let date) = value(role) { date } else { nil }
    }

    private func value(_ role: FieldRole) -> Layout.Value {
        guard let index = resource.index(of: role), let place = resource.layout.position(ofField: index), place < values.count else { return .absent }
        return values[place]
    }
}

/// Which lists a subject is on: a pure function of its records, the steps taken, and the policy book.
package struct Listings: Sendable {
    /// Of all lists, ended ones too, in order of lists.
    package private(set) var all: [Listing] = []
    /// Places in `all` of red entries, and of those of serious dishonesty that were not annulled.
    private var red: [Int] = []
    private var dishonest: [Int] = []
    private let book: PolicyBook

    /// - Parameters:
    ///   - records: those of lists' resources, in force at the clocks.
    ///   - steps: those known then, in their order.
    package init(_ records: [ListedRecord], steps: [ListingStep], kind: SubjectKind, book: PolicyBook) {
        self.book = book
        // The platform's own procedures have no record.
        let steps = Dictionary(grouping: steps) { $0.record.flatMap(RecordID.init) }
        for versions in book.listVersions {
            for record in records where versions.contains(where: { $0.resources.contains(record.resource.code) }) {
                guard let from = record.date(.listedOn), let list = versions.since(from), list.subjects.contains(kind), list.resources.contains(record.resource.code)
                else { continue }
                let own = ([record.id] + record.earlier).flatMap { steps[$0] ?? [] }.filter { $0.list == list.code }.sorted { $0.number < $1.number }
                add(Self.listing(record, from: from, list, book, own), list.nature)
            }
            let own = Dictionary(grouping: (steps[nil] ?? []).filter { $0.list == versions[0].code }, by: \.procedure)
            for procedure in own.keys.sorted() {
                guard let entry = own[procedure]?.first(where: { $0.kind == .entry }), let list = versions.since(entry.day), list.subjects.contains(kind) else { continue }
                if let listing = Self.listing(own[procedure] ?? [], list, book) { add(listing, list.nature) }
            }
        }
        endRed()
    }

    private mutating func add(_ listing: Listing, _ nature: ListNature) {
        switch nature {
        case .red: red.append(all.count)
        case .seriousDishonesty: if listing.end?.isAnnulment != true { dishonest.append(all.count) }
        case .watch: break
        }
        all.append(listing)
    }

    private static func listing(_ record: ListedRecord, from: CivilDate, _ list: ListKind, _ book: PolicyBook, _ steps: [ListingStep]) -> Listing {
        let state = record.text(.status) ?? ""
        let set = record.resource.index(of: .status).flatMap { book.codeSet(of: record.resource.fields[$0]) }
        let word = set?.values.first { $0.code == state }
        let until = record.date(.listedUntil) ?? list.term?.end(from: from)
        var end: Listing.End?
        if word?.endsListing == true {
            end = .init(at: Instant(startOf: record.effective ?? from), reason: word?.name ?? state, document: "", isAnnulment: state.contains("撤销"))
        }
        return Listing(
            list: list.code, source: .record(record.id), decision: record.text(.decisionNumber) ?? "", body: record.text(.decidingBody) ?? list.authority,
            reason: record.words(.decisionReason, book) ?? "", from: from, until: until, end: end ?? removal(steps, since: from), published: list.isPublic ? from : nil)
    }

    private static func listing(_ steps: [ListingStep], _ list: ListKind, _ book: PolicyBook) -> Listing? {
        guard let entry = steps.first(where: { $0.kind == .entry }), let decision = steps.first(where: { $0.kind == .decision }) else { return nil }
        let notice = steps.first { $0.kind == .notice }
        return Listing(
            list: list.code, source: .procedure(entry.procedure), decision: decision.document, body: book.body(decision.body)?.name ?? decision.body, reason: notice?.text ?? decision.text,
            from: entry.day, until: list.term?.end(from: entry.day), end: removal(steps, since: entry.day),
            published: list.isPublic ? steps.first { $0.kind == .publication }?.day : nil)
    }

    /// A removal holds for whatever the record is delivered as later, until it says that the subject was listed anew.
    private static func removal(_ steps: [ListingStep], since from: CivilDate) -> Listing.End? {
        steps.first { $0.kind == .removal && $0.day >= from }.map { step in
            // On the day it was entered it holds from that minute on; entered before, from the day's beginning.
            Listing.End(at: max(step.at, Instant(startOf: step.day)), reason: step.ground?.name ?? step.kind.name, document: step.document, isAnnulment: step.ground == .revocation)
        }
    }

    /// Nobody is on a red list from the first moment on that they are on one of serious dishonesty, also when that is over: the entry
    /// would have to be decided anew. A listing that was annulled counts for nothing.
    private mutating func endRed() {
        for index in red {
            var first = all[index].end?.at
            var cause: Int?
            for place in dishonest {
                let moment = max(Instant(startOf: all[place].from), Instant(startOf: all[index].from))
                if let first, first <= moment { continue }
                guard all[place].isInForce(at: moment), book.list(all[place].list, on: moment.date) != nil else { continue }
                (first, cause) = (moment, place)
            }
            guard let cause, let first else { continue }
            let name = book.lists.latest(of: all[cause].list)?.name ?? all[cause].list
            all[index].end = Listing.End(at: first, reason: "列入\(name)", document: all[cause].decision)
        }
    }

    /// Those in force at a moment, of lists that have a basis in force that day.
    package func inForce(at moment: Instant) -> [Listing] {
        all.filter { $0.isInForce(at: moment) && book.list($0.list, on: moment.date) != nil }
    }
}
