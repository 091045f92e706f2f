package import Archive
internal import Cryptography
package import Identifiers
package import Policy
package import Registry

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
        let dossier = try dossier(of: asked, at: clocks, times)
        let history = try directory.archive.outline(of: dossier.keys.map(SubjectKey.init))
        let fold = history.fold(at: clocks, times: times)
        guard dossier.organisation != nil || !fold.lines.isEmpty,
            let card = try directory.archive.card(of: SubjectKey(dossier.key))
        else { return nil }
        let (resources, index) = try resources(of: history)
        let lines = fold.lines.map { line in
            let entry = history.entries[Int(line.current)]
            return CreditLine(
                id: entry.record, effective: entry.effective, resource: index[ResourceVersion(entry)] ?? 0, doubtful: entry.doubtful,
                line: line)
        }
        return SubjectFile(
            subject: Self.summary(card, dossier), clocks: clocks, cutoff: times.cutoff(at: clocks.knownAt), lines: lines,
            resources: resources, erased: times.erased(at: clocks.knownAt), history: history, fold: fold, archive: directory.archive, times: times)
    }

    /// One record of a subject with its values, as it stands in the archive, whatever superseded it since.
    package func record(_ id: RecordID, of asked: SubjectKey, knownAt: Instant) throws -> CreditRecord? {
        let times = directory.times.snapshot()
        guard times.isVisible(id.delivery, at: knownAt), !times.isErased(id), let known = times.known(id.delivery) else { return nil }
        let dossier = try dossier(of: asked, at: Clocks(asOf: knownAt.date, knownAt: knownAt), times)
        guard let entry = try directory.archive.entry(dossier.keys.map(SubjectKey.init), record: id) else { return nil }
        let resource = try resource(entry.resource, entry.version, of: id)
        return CreditRecord(
            entry: entry, resource: resource, known: known, values: try resource.layout.decode(entry.payload), superseded: [],
            supersededCount: 0, repeats: 0)
    }

    private func dossier(of key: SubjectKey, at clocks: Clocks, _ times: DeliveryTimesTable.Snapshot) throws -> Dossier {
        try directory.registry.dossier(of: RegistryKey(key), asOf: clocks.asOf) { times.isVisible($0, at: clocks.knownAt) }
    }

    private static func summary(_ card: SubjectCard, _ dossier: Dossier) -> SubjectSummary {
        SubjectSummary(
            key: SubjectKey(dossier.key), kind: card.kind, identifierKind: card.identifierKind, identifier: card.maskedIdentifier,
            name: dossier.organisation?.name ?? card.maskedIdentifier, organisation: dossier.organisation,
            names: card.kind == .organisation ? dossier.names : [])
    }

    private struct ResourceVersion: Hashable {
        let number: UInt16
        let version: UInt8

        init(_ entry: EntryOutline) {
            number = entry.resource
            version = entry.version
        }
    }

    /// The resource versions that occur in a history, and where each stands among them.
    private func resources(of history: HistoryOutline) throws -> ([Resource], [ResourceVersion: UInt16]) {
        var resources: [Resource] = []
        var index: [ResourceVersion: UInt16] = [:]
        var last: ResourceVersion?
        for entry in history.entries {
            let version = ResourceVersion(entry)
            guard version != last else { continue }
            last = version
            guard index[version] == nil else { continue }
            index[version] = UInt16(resources.count)
            resources.append(try resource(entry.resource, entry.version, of: entry.record))
        }
        return (resources, index)
    }

    private func resource(_ number: UInt16, _ version: UInt8, of record: RecordID) throws -> Resource {
        guard let resource = book.resource(number: number, version: version) else {
            throw DeliveryFault(
                .unknownResource, "政策手册中没有第 \(number) 号资源的第 \(version) 版，记录 \(record) 无法显示",
                cure: "已有记录的资源版本不可从手册中删除，请恢复该文件")
        }
        return resource
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
