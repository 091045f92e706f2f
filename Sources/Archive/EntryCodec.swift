package import Identifiers

// One entry as bytes:
//
//   length   varint   bytes that follow
//   flags    1 byte   0-2 kind, 3 doubtful, 4 has an effective date, 5 has a target; 6-7 are zero
//   delivery varint
//   row      varint
//   resource varint, catalogue number
//   version  1 byte
//   [effective]       zigzag varint, days since 1970-01-01
//   [target]          two varints, delivery and row
//   keyLength varint
//   payload           the rest
//
// The subject is in the key of the page. A page is entries one behind the other, so appending is concatenating.

enum EntryFlags {
    static let kind: UInt8 = 0b0000_0111
    static let doubtful: UInt8 = 0b0000_1000
    static let effective: UInt8 = 0b0001_0000
    static let target: UInt8 = 0b0010_0000
    static let unused: UInt8 = 0b1100_0000
}

/// Everything of an entry but its payload, which stays where it is: what scans read without copying.
package struct EntryHead: Sendable, Hashable {
    package var kind: EntryKind
    package var record: RecordID
    /// Catalogue number of the resource.
    package var resource: UInt16
    package var version: UInt8
    package var effective: CivilDate?
    package var target: RecordID?
    package var doubtful: Bool
    package var keyLength: Int
    /// Where the payload lies in the page that was read.
    package var payload: Range<Int>
}

/// The longest encoded entry, in bytes. A cell may hold 1 MiB, so this leaves ample room for a row.
package let entryByteLimit = 1 << 24 - 1

/// Walks through the entries of one page. Holds only the place; the page is passed to every step.
package struct EntryCursor: Sendable {
    /// Where the next entry begins.
    package private(set) var offset: Int

    package init(at offset: Int = 0) {
        self.offset = offset
    }

    /// The next entry, or `nil` at the end of the page. Never traps, whatever the bytes are.
    /// - Throws: where in the page the bytes stop making sense.
    package mutating func next(in page: Span<UInt8>) throws(EntryDamage) -> EntryHead? {
        let start = offset
        guard start < page.count else { return nil }
        var place = start
        guard let length = page.varint32(at: &place, end: page.count), Int(length) <= page.count - place else {
            throw EntryDamage(offset: start, reason: .badLength)
        }
        let end = place + Int(length)
        guard place < end, page[place] & EntryFlags.unused == 0,
            let kind = EntryKind(rawValue: page[place] & EntryFlags.kind)
        else { throw EntryDamage(offset: place, reason: .unknownKind) }
        let flags = page[place]
        place += 1
        let record = try readRecord(page, &place, end)
        guard let resource = page.varint32(at: &place, end: end), resource <= UInt16.max else {
            throw EntryDamage(offset: place, reason: .badNumber)
        }
        guard place < end else { throw EntryDamage(offset: place, reason: .badLength) }
        let version = page[place]
        place += 1
        var effective: CivilDate?
        if flags & EntryFlags.effective != 0 {
            guard let day = page.varint32(at: &place, end: end) else {
                throw EntryDamage(offset: place, reason: .badNumber)
            }
            effective = CivilDate(day: unzigzag(day))
        }
        let target = flags & EntryFlags.target != 0 ? try readRecord(page, &place, end) : nil
        guard let keyLength = page.varint32(at: &place, end: end) else {
            throw EntryDamage(offset: place, reason: .badNumber)
        }
        guard Int(keyLength) <= end - place else { throw EntryDamage(offset: place, reason: .badKey) }
        offset = end
        return EntryHead(
            kind: kind, record: record, resource: UInt16(resource), version: version, effective: effective, target: target,
            doubtful: flags & EntryFlags.doubtful != 0, keyLength: Int(keyLength), payload: place..<end)
    }
}

@inline(__always)
private func readRecord(_ page: Span<UInt8>, _ place: inout Int, _ end: Int) throws(EntryDamage) -> RecordID {
    let start = place
    guard let delivery = page.varint32(at: &place, end: end), let row = page.varint32(at: &place, end: end) else {
        throw EntryDamage(offset: start, reason: .badNumber)
    }
    return RecordID(delivery: delivery, row: row)
}

extension EntryHead {
    /// Appends the entry's bytes; `payload` of the head is ignored. Answers how many bytes were written.
    @discardableResult
    static func encode(
        kind: EntryKind, record: RecordID, resource: UInt16, version: UInt8, effective: CivilDate?, target: RecordID?,
        doubtful: Bool, keyLength: Int, payload: Span<UInt8>, to bytes: inout [UInt8]
    ) -> Int {
        var flags = kind.rawValue
        var length = 2 + varintLength(UInt64(record.delivery)) + varintLength(UInt64(record.row))
            + varintLength(UInt64(resource))
        if doubtful { flags |= EntryFlags.doubtful }
        if let effective {
            flags |= EntryFlags.effective
            length += varintLength(zigzag(effective.day))
        }
        if let target {
            flags |= EntryFlags.target
            length += varintLength(UInt64(target.delivery)) + varintLength(UInt64(target.row))
        }
        length += varintLength(UInt64(keyLength)) + payload.count
        let start = bytes.count
        bytes.appendVarint(UInt64(length))
        bytes.append(flags)
        bytes.appendVarint(UInt64(record.delivery))
        bytes.appendVarint(UInt64(record.row))
        bytes.appendVarint(UInt64(resource))
        bytes.append(version)
        if let effective { bytes.appendVarint(zigzag(effective.day)) }
        if let target {
            bytes.appendVarint(UInt64(target.delivery))
            bytes.appendVarint(UInt64(target.row))
        }
        bytes.appendVarint(UInt64(keyLength))
        bytes.append(payload)
        return bytes.count - start
    }

    /// The entry with its payload copied out of the page.
    package func entry(in page: Span<UInt8>) -> Entry {
        var copy: [UInt8] = []
        copy.append(page.extracting(payload))
        return Entry(
            kind: kind, record: record, resource: resource, version: version, effective: effective, target: target,
            doubtful: doubtful, keyLength: keyLength, payload: copy)
    }
}
