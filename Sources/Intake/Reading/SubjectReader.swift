package import Archive
internal import Cryptography
package import Identifiers
package import Policy
package import Registry

/// A subject as it is known at two clocks.
package struct SubjectSummary: Sendable {
    /// The key under which all its histories are read.
    package let key: SubjectKey
    package let kind: SubjectKind
    package let identifierKind: IdentifierKind
    /// The identifier as it may be shown: organisations in clear, natural persons masked.
    package let identifier: String
    /// The organisation's name as known then; the masked identifier for a natural person.
    package let name: String
    /// Registered or mentioned facts, organisations only.
    package let organisation: Organisation?
    /// Current and former names, organisations only.
    package let names: [OrganisationName]
}

/// One line of a credit file: a record in force at the clocks, with its values and what it replaced.
package struct CreditRecord: Sendable {
    package let entry: Entry
    package let resource: Resource
    package let delivery: UInt32
    package let known: Instant
    /// Values in the order of `resource.layout.stored`.
    package let values: [Layout.Value]
    /// Earlier versions, latest first.
    package let superseded: [Entry]
    /// How often the same was delivered again.
    package let repeats: Int

    package var id: RecordID { entry.record }

    /// A field's value; absent where the resource does not store it.
    package func value(_ code: String) -> Layout.Value {
        guard let index = resource.index(of: code), let position = resource.layout.position(ofField: index),
            position < values.count
        else { return .absent }
        return values[position]
    }
}

/// A subject's whole credit file at two clocks.
package struct SubjectFile: Sendable {
    package let subject: SubjectSummary
    package let clocks: Clocks
    /// In knowledge order.
    package let records: [CreditRecord]
}

/// Reads credit files: a pure function of what was known, the policy book and the two clocks.
package struct SubjectReader: Sendable {
    package let directory: DataDirectory
    package let book: PolicyBook

    package init(directory: DataDirectory, book: PolicyBook) {
        self.directory = directory
        self.book = book
    }

    /// The key of an identifier, whether or not anything is known of it.
    package func key(of identifier: Identifier) -> SubjectKey {
        var keys = directory.subjectKeys()
        return keys.key(of: identifier)
    }

    /// The subject's file, or nil where nothing was known of it at the clocks.
    ///
    /// A key of another of its identifiers (注册号, 组织机构代码) gives the same file, once a registering record said so.
    package func file(of asked: SubjectKey, at asking: Clocks) throws -> SubjectFile? {
        let times = directory.times.snapshot()
        let clocks = times.settled(asking)
        let isKnown = Self.isKnown(at: clocks, times)
        let key = try canonical(asked, isKnown)
        let folded = try directory.archive.history(of: keys(of: key, isKnown)).records(at: clocks, times: times)
        guard let subject = try summary(of: key, at: clocks, isKnown, hasRecords: !folded.isEmpty) else { return nil }
        return SubjectFile(
            subject: subject, clocks: clocks,
            records: try folded.compactMap { try record($0, times) })
    }

    /// One record of a subject with its values, as it stands in the archive, whatever superseded it since.
    package func record(_ id: RecordID, of asked: SubjectKey, knownAt: Instant) throws -> CreditRecord? {
        let times = directory.times.snapshot()
        let isKnown = Self.isKnown(at: Clocks(asOf: knownAt.date, knownAt: knownAt), times)
        guard isKnown(id.delivery) else { return nil }
        let key = try canonical(asked, isKnown)
        guard let entry = try directory.archive.entry(keys(of: key, isKnown), record: id) else { return nil }
        return try record(FoldedRecord(current: entry), times)
    }

    /// The values of an entry of the archive; nil where its resource is not in the book.
    package func values(_ entry: Entry) throws -> (resource: Resource, values: [Layout.Value])? {
        guard let resource = book.resource(number: entry.resource, version: entry.version) else { return nil }
        return (resource, try resource.layout.decode(entry.payload))
    }

    private func record(_ folded: FoldedRecord, _ times: DeliveryTimesTable.Snapshot) throws -> CreditRecord? {
        let entry = folded.current
        guard let known = times.known(entry.record.delivery) else { return nil }
        guard let (resource, values) = try values(entry) else {
            throw DeliveryFault(
                .unknownResource, "政策手册中没有第 \(entry.resource) 号资源的第 \(entry.version) 版，记录 \(entry.record) 无法显示",
                cure: "已有记录的资源版本不可从手册中删除，请恢复该文件")
        }
        return CreditRecord(
            entry: entry, resource: resource, delivery: entry.record.delivery, known: known, values: values,
            superseded: folded.superseded, repeats: folded.repeats)
    }

    private func summary(
        of key: SubjectKey, at clocks: Clocks, _ isKnown: (UInt32) -> Bool, hasRecords: Bool
    ) throws -> SubjectSummary? {
        let organisation = try directory.registry.organisations.organisation(
            RegistryKey(key), asOf: clocks.asOf, isKnown: isKnown)
        let card = try directory.archive.card(of: key)
        guard hasRecords || organisation != nil, let card else { return nil }
        let names = card.kind == .organisation
            ? try directory.registry.organisations.names(of: RegistryKey(key), asOf: clocks.asOf, isKnown: isKnown) : []
        return SubjectSummary(
            key: key, kind: card.kind, identifierKind: card.identifierKind, identifier: card.maskedIdentifier,
            name: organisation?.name ?? card.maskedIdentifier, organisation: organisation, names: names)
    }

    /// The key under which an organisation's facts stand, where `key` is of another of its identifiers.
    private func canonical(_ key: SubjectKey, _ isKnown: (UInt32) -> Bool) throws -> SubjectKey {
        try directory.registry.aliases.subject(of: RegistryKey(key), isKnown: isKnown).map(SubjectKey.init) ?? key
    }

    /// All keys under which an organisation's records stand, its own first.
    private func keys(of key: SubjectKey, _ isKnown: (UInt32) -> Bool) throws -> [SubjectKey] {
        try [key] + directory.registry.aliases.identifiers(of: RegistryKey(key), isKnown: isKnown).map(SubjectKey.init)
    }

    static func isKnown(at clocks: Clocks, _ times: DeliveryTimesTable.Snapshot) -> (UInt32) -> Bool {
        { delivery in
            guard let known = times.known(delivery), known <= clocks.knownAt else { return false }
            return times.withdrawn(delivery).map { clocks.knownAt < $0 } ?? true
        }
    }
}

extension SubjectKey {
    /// The same 16 bytes, as the archive knows them.
    package init(_ key: RegistryKey) { self.init(high: key.high, low: key.low) }
}

extension RegistryKey {
    /// The same 16 bytes, as the registry knows them.
    package init(_ key: SubjectKey) { self.init(high: key.high, low: key.low) }
}
