package import Archive
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

/// One line of a credit file without its values: a record in force at the clocks.
package struct CreditLine: Sendable {
    package let id: RecordID
    package let effective: CivilDate?
    /// Index in `SubjectFile.resources`.
    package let resource: UInt16
    package let doubtful: Bool
    let line: Fold.Line

    /// How many earlier versions it replaced.
    package var superseded: Int { Int(line.superseded) }
    /// How often the same was delivered again.
    package var repeats: Int { Int(line.repeats) }
}

/// A record with its values and what it replaced.
package struct CreditRecord: Sendable {
    package let entry: Entry
    package let resource: Resource
    package let known: Instant
    /// Values in the order of `resource.layout.stored`.
    package let values: [Layout.Value]
    /// Earlier versions, latest first; at most `versionLimit`.
    package let superseded: [RecordID]
    /// How many earlier versions there are.
    package let supersededCount: Int
    /// How often the same was delivered again.
    package let repeats: Int

    /// Earlier versions of one record that are named one by one.
    package static let versionLimit = 100

    package var id: RecordID { entry.record }
    /// The delivery that brought it.
    package var delivery: UInt32 { entry.record.delivery }

    /// A field's value; absent where the resource does not store it.
    package func value(_ code: String) -> Layout.Value {
        guard let index = resource.index(of: code), let position = resource.layout.position(ofField: index),
            position < values.count
        else { return .absent }
        return values[position]
    }
}

/// A subject's whole credit file at two clocks. Holds some hundred bytes a record; the values of records are read from the
/// archive when they are asked for.
package struct SubjectFile: Sendable {
    package let subject: SubjectSummary
    package let clocks: Clocks
    /// The newest delivery that the view contains.
    package let cutoff: DataCutoff?
    /// In knowledge order.
    package let lines: [CreditLine]
    /// The resource versions that records of the history are of.
    package let resources: [Resource]
    /// Deliveries that the view had when it was of the present, and whose records have been erased since.
    package let erased: [UInt32]
    let history: HistoryOutline
    let fold: Fold
    let archive: RocksArchive
    let times: DeliveryTimesTable.Snapshot

    /// All records with their values: memory grows with the file.
    package var records: [CreditRecord] { get throws { try records(of: lines) } }

    /// Some lines with their values, in the order asked. What compaction took out since the file was opened is left out.
    package func records(of lines: some Sequence<CreditLine>) throws -> [CreditRecord] {
        let lines = Array(lines)
        let entries = try archive.entries(history, at: lines.map { Int($0.line.current) })
        var records: [CreditRecord] = []
        for (line, entry) in zip(lines, entries) {
            guard let entry else { continue }
            let resource = resources[Int(line.resource)]
            records.append(
                CreditRecord(
                    entry: entry, resource: resource, known: known(entry), values: try resource.layout.decode(entry.payload),
                    superseded: fold.superseded(of: line.line, limit: CreditRecord.versionLimit).map { history.entries[$0].record },
                    supersededCount: line.superseded, repeats: line.repeats))
        }
        return records
    }

    /// The earlier versions of a line with their values, latest first, at most `limit`.
    package func versions(of line: CreditLine, limit: Int) throws -> [CreditRecord] {
        let entries = try archive.entries(history, at: fold.superseded(of: line.line, limit: limit))
        return try entries.compactMap { entry in
            guard let entry, let resource = resources.first(where: { $0.number == entry.resource && $0.version == entry.version })
            else { return nil }
            return CreditRecord(
                entry: entry, resource: resource, known: known(entry), values: try resource.layout.decode(entry.payload),
                superseded: [], supersededCount: 0, repeats: 0)
        }
    }

    private func known(_ entry: Entry) -> Instant { times.known(entry.record.delivery) ?? .distantFuture }

    /// Where a record stands in the view.
    package enum Place: Sendable {
        case current(CreditLine)
        case superseded(by: CreditLine)
        /// Repeated, withdrawn, or not of this view.
        case elsewhere
    }

    /// Where a record stands in the view.
    package func place(of id: RecordID) -> Place {
        if let line = lines.first(where: { $0.id == id }) { return .current(line) }
        for line in lines where line.superseded > 0 {
            if fold.superseded(of: line.line).contains(where: { history.entries[$0].record == id }) { return .superseded(by: line) }
        }
        return .elsewhere
    }

    /// Whether a record is in force.
    package func isCurrent(_ id: RecordID) -> Bool { lines.contains { $0.id == id } }

    /// The body that delivered a record of the view.
    package func provider(of delivery: UInt32) -> String? { times.provider(delivery) }
}
