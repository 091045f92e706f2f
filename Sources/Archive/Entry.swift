package import Identifiers

/// What an entry does to its subject's history. Stored in three bits; the numbers never change their meaning.
package enum EntryKind: UInt8, Sendable, CaseIterable {
    /// A row as it was delivered.
    case record = 0
    /// Replaces the record that `target` names, in its place.
    case correction = 1
    /// Removes the record that `target` names.
    case withdrawal = 2
}

/// One thing appended to a history. Entries are never changed or removed.
package struct Entry: Sendable, Hashable {
    package var kind: EntryKind
    /// Its own identity: the delivery and row that brought it.
    package var record: RecordID
    /// Catalogue number of the resource.
    package var resource: UInt16
    /// Version of the resource that says how `payload` is laid out.
    package var version: UInt8
    /// When it was true; `nil` where the resource knows no such date.
    package var effective: CivilDate?
    /// For a correction or withdrawal: the record of the same resource and subject that it acts on.
    package var target: RecordID?
    /// Whether the identifier was usable but doubtful.
    package var doubtful: Bool
    /// The first bytes of `payload` are the business key; 0 where the resource has none.
    package var keyLength: Int
    /// The row's values as the resource's layout writes them.
    package var payload: [UInt8]

    package init(
        kind: EntryKind = .record, record: RecordID, resource: UInt16, version: UInt8, effective: CivilDate?,
        target: RecordID? = nil, doubtful: Bool = false, keyLength: Int, payload: [UInt8]
    ) {
        self.kind = kind
        self.record = record
        self.resource = resource
        self.version = version
        self.effective = effective
        self.target = target
        self.doubtful = doubtful
        self.keyLength = keyLength
        self.payload = payload
    }
}

extension Entry {
    /// The bytes that the archive keeps for it: what its leaf of the log commits to.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        EntryHead.encode(
            kind: kind, record: record, resource: resource, version: version, effective: effective, target: target, doubtful: doubtful,
            keyLength: keyLength, payload: payload.span, to: &bytes)
        return bytes
    }
}
