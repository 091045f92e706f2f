package import Identifiers
package import Intake
package import Policy
internal import Archive
internal import Evaluation
internal import Ledger
internal import Registry

/// Makes extracts of lists for bodies, and signs them as `<origin>/lists`.
package struct ListExtracts: Sendable {
    private let reader: SubjectReader
    private let listings: ListingBook

    package init(reader: SubjectReader, listings: ListingBook) {
        self.reader = reader
        self.listings = listings
    }

    private var book: PolicyBook { reader.book }

    /// The bytes of a body's signed extract.
    /// - Parameter hours: for how long it is good.
    /// - Throws: `ListExtractFault` where none is made, else what reading throws.
    package func note(for body: PublicBody, at now: Instant, hours: Int = ListExtract.defaultHours) throws -> [UInt8] {
        // An older state that was restored must not be given out as the present.
        guard !reader.directory.ledger.isBehind else { throw ListExtractFault.behind }
        let text = try extract(for: body, at: now, hours: hours).text
        let note = Array(reader.directory.lists.sign(text).description.utf8)
        guard note.count <= ListExtract.largestLength else { throw ListExtractFault.tooLarge }
        return note
    }

    /// A body's extract at a moment.
    package func extract(for body: PublicBody, at now: Instant, hours: Int = ListExtract.defaultHours) throws -> ListExtract {
        guard ListExtract.hoursAllowed.contains(hours) else { throw ListExtractFault.hoursWrong }
        let day = now.date
        let matters = book.matters(of: body, on: day)
        let lists = lists(for: body, on: day)
        guard !lists.isEmpty else { throw ListExtractFault.nothing(body.name) }
        let snapshot = Snapshot(knownAt: now, logSize: reader.directory.ledger.size, book: book.digest)
        let header = ListExtract.Header(
            origin: reader.directory.lists.origin, body: body.code, bodyName: body.name, made: now, hours: hours, snapshot: snapshot.description)
        let found = try listings.organisations(on: Set(lists.map(\.code)), at: now, before: header.end)
        return ListExtract(
            header: header, lists: lists.map { list($0) }, matters: matters.map { matter($0, lists, on: day) },
            organisations: try found.map { try organisation($0.subject, $0.listings, lists, at: now) })
    }

    /// The lists that a body's extract of a day holds: those of organisations that its matters may look at.
    package func lists(for body: PublicBody, on day: CivilDate) -> [ListKind] {
        let named = Set(book.matters(of: body, on: day).flatMap(\.lists))
        return book.lists(on: day).filter { named.contains($0.code) && $0.subjects.contains(.organisation) }
    }

    private func list(_ list: ListKind) -> ListExtract.List {
        ListExtract.List(code: list.code, name: list.name, nature: list.nature, isPublic: list.isPublic, basis: book.cited(list.basis))
    }

    private func matter(_ matter: Matter, _ lists: [ListKind], on day: CivilDate) -> ListExtract.Matter {
        ListExtract.Matter(
            code: matter.code, name: matter.name, subjects: matter.subjects,
            lists: lists.filter { matter.lists.contains($0.code) }.map { list in
                ListExtract.Consequence(list: list.code, measures: book.measures(of: list, in: matter, for: .organisation, on: day))
            })
    }

    private func organisation(_ subject: SubjectSummary, _ listings: [Listing], _ lists: [ListKind], at now: Instant) throws -> ListExtract.Organisation {
        // In the book's order, then by what tells two of one list apart: never by how they happened to be found.
        let ordered = lists.flatMap { list in
            listings.filter { $0.list == list.code }.map { entry($0, at: now) }.sorted { $0.order.lexicographicallyPrecedes($1.order) }
        }
        return ListExtract.Organisation(
            code: subject.identifier, name: Self.withoutCitizenNumbers(subject.name, on: now.date), others: try otherCodes(of: subject, on: now.date),
            entries: ordered)
    }

    private func entry(_ listing: Listing, at now: Instant) -> ListExtract.Entry {
        ListExtract.Entry(
            list: listing.list, decision: listing.decision, body: listing.body, reason: Self.withoutCitizenNumbers(listing.reason, on: now.date),
            from: listing.from, until: listing.until, end: listing.end?.at)
    }

    /// The further codes under which a reader finds the organisation, as its aliases say; the card's own is not among them.
    private func otherCodes(of subject: SubjectSummary, on today: CivilDate) throws -> [String] {
        let registry = reader.directory.registry
        var identifiers: Set<Identifier> = []
        for code in try registry.organisations.codes(of: RegistryKey(subject.key)) {
            let bytes = Array(code.text.utf8)
            guard let identifier = Identifier.assess(bytes.span, as: code.kind, on: today).identifier else { continue }
            identifiers.formUnion([identifier, identifier.organisationCode].compactMap(\.self))
        }
        return try identifiers.filter { identifier in
            try registry.aliases.subject(of: RegistryKey(reader.key(of: identifier))) == RegistryKey(subject.key)
        }.map(\.text.description).filter { $0 != subject.identifier }.sorted()
    }

    /// A text of a decision with every citizen's number in it masked. Names cannot be told from other words: who writes a reason for a list of
    /// organisations must not name anybody in it.
    static func withoutCitizenNumbers(_ text: String, on today: CivilDate) -> String {
        let bytes = Array(text.utf8)
        func isDigit(_ index: Int) -> Bool { index < bytes.count && (0x30...0x39).contains(bytes[index]) }
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            var end = index
            while isDigit(end) { end += 1 }
            if end - index == 17, end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "x") { end += 1 }
            let run = Array(bytes[index..<max(end, index + 1)])
            if run.count == 18 || run.count == 15, let identifier = Identifier.assess(run.span, as: .citizenNumber, on: today).identifier {
                identifier.appendMasked(to: &out)
            } else {
                out += run
            }
            index += run.count
        }
        return String(decoding: out, as: UTF8.self)
    }
}

extension ListExtract.Entry {
    /// What tells entries of one list apart, as texts that sort.
    fileprivate var order: [String] { [from.description, until?.description ?? "", decision, body, reason, end?.rfc3339 ?? ""] }
}
