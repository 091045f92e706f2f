package import Identifiers

/// What one worker makes of its share of a delivery: encoded entries one behind the other, and a small index.
///
/// Appending allocates nothing per entry. Each worker fills an arena of its own; `ArchiveStore.seal` takes them together,
/// in any order, with the same result. 32 bytes of index and the encoded bytes are held in memory for each entry; a worker
/// whose arena has grown large has it written by `ArchiveStore.spill` and goes on with an empty one.
package struct EntryArena: Sendable {
    /// The delivery whose rows these are.
    package let delivery: UInt32
    private(set) var bytes: [UInt8] = []
    private(set) var slots: [Slot] = []
    private(set) var suspendedSlots: [Slot] = []
    private(set) var cardSlots: [Slot] = []
    /// Where the entry appended last stands in `bytes`.
    private var last = 0..<0

    package init(delivery: UInt32) {
        self.delivery = delivery
    }

    /// Entries of histories and suspended ones; cards do not count.
    package var count: Int { slots.count + suspendedSlots.count }
    /// Encoded bytes, with cards, without index.
    package var byteCount: Int { bytes.count }
    /// Bytes of memory in use, the index included; what stands ready for more does not count.
    package var footprint: Int {
        bytes.count + (slots.count + suspendedSlots.count + cardSlots.count) * MemoryLayout<Slot>.stride
    }

    /// Makes room for what is expected, so that growing does not copy.
    package mutating func reserve(entries: Int, bytes byteCount: Int) {
        slots.reserveCapacity(slots.count + entries)
        bytes.reserveCapacity(bytes.count + byteCount)
    }

    /// Empties the arena for the next delivery's share, keeping its memory.
    package mutating func removeAll(nextDelivery: UInt32) {
        var next = EntryArena(delivery: nextDelivery)
        swap(&next.bytes, &bytes)
        swap(&next.slots, &slots)
        swap(&next.suspendedSlots, &suspendedSlots)
        swap(&next.cardSlots, &cardSlots)
        next.bytes.removeAll(keepingCapacity: true)
        next.slots.removeAll(keepingCapacity: true)
        next.suspendedSlots.removeAll(keepingCapacity: true)
        next.cardSlots.removeAll(keepingCapacity: true)
        self = next
    }

    /// Appends one entry.
    /// - Parameters:
    ///   - subject: whose history it belongs to; `nil` keeps it aside as suspended (疑似).
    ///   - row: 1-based data row of this arena's delivery.
    ///   - keyLength: how many of the first bytes of `payload` are the business key.
    /// - Throws: `tooLarge` for more than 16 MiB; nothing is appended then.
    package mutating func append(
        subject: SubjectKey?, kind: EntryKind = .record, row: UInt32, resource: UInt16, version: UInt8,
        effective: CivilDate?, target: RecordID? = nil, doubtful: Bool = false, keyLength: Int, payload: Span<UInt8>
    ) throws(ArchiveFault) {
        // 48 bytes are more than the longest head.
        guard payload.count + 48 <= entryByteLimit, keyLength >= 0, keyLength <= payload.count else {
            throw ArchiveFault(.tooLarge, place: "\(delivery)-\(row)", detail: "payload \(payload.count), key \(keyLength)")
        }
        let start = bytes.count
        let length = EntryHead.encode(
            kind: kind, record: RecordID(delivery: delivery, row: row), resource: resource, version: version,
            effective: effective, target: target, doubtful: doubtful, keyLength: keyLength, payload: payload, to: &bytes)
        last = start..<start + length
        if let subject {
            slots.append(Slot(subject: subject, resource: resource, row: row, offset: start, length: length))
        } else {
            let nobody = SubjectKey(high: 0, low: UInt64(row))
            suspendedSlots.append(Slot(subject: nobody, resource: resource, row: row, offset: start, length: length))
        }
    }

    /// Lends the bytes of the entry appended last, as the archive will keep them.
    package func withLastEntry<Result>(_ body: (Span<UInt8>) -> Result) -> Result { body(bytes.span.extracting(last)) }

    /// Appends an entry value; its record must be of this arena's delivery.
    package mutating func append(_ entry: Entry, subject: SubjectKey?) throws(ArchiveFault) {
        guard entry.record.delivery == delivery else {
            throw ArchiveFault(.tooLarge, place: entry.record.description, detail: "entry of another delivery")
        }
        try append(
            subject: subject, kind: entry.kind, row: entry.record.row, resource: entry.resource,
            version: entry.version, effective: entry.effective, target: entry.target, doubtful: entry.doubtful,
            keyLength: entry.keyLength, payload: entry.payload.span)
    }

    /// Appends the card of a subject. Of several for one subject, the one with the highest row is kept.
    package mutating func appendCard(
        subject: SubjectKey, row: UInt32, kind: SubjectKind, identifierKind: IdentifierKind,
        maskedIdentifier: Span<UInt8>
    ) throws(ArchiveFault) {
        guard maskedIdentifier.count + 48 <= entryByteLimit else {
            throw ArchiveFault(.tooLarge, place: "\(delivery)-\(row)", detail: "card")
        }
        let start = bytes.count
        SubjectCard.append(
            kind: kind, identifierKind: identifierKind, identifier: maskedIdentifier, to: &bytes)
        cardSlots.append(Slot(subject: subject, resource: 0, row: row, offset: start, length: bytes.count - start))
    }

    /// Appends the card of a subject, as of a row.
    package mutating func appendCard(_ card: SubjectCard, subject: SubjectKey, row: UInt32) throws(ArchiveFault) {
        try appendCard(
            subject: subject, row: row, kind: card.kind, identifierKind: card.identifierKind,
            maskedIdentifier: card.maskedIdentifier.utf8.span)
    }
}

/// Index of one encoded entry: what sorting needs, and where the bytes are. 32 bytes, no reference.
struct Slot: Sendable {
    let high: UInt64
    let low: UInt64
    /// Resource (16 bits), row (32), number of the arena (16; set by sealing).
    private(set) var rank: UInt64
    /// Offset (40 bits) and length (24 bits) in the arena's bytes.
    private let place: UInt64

    init(subject: SubjectKey, resource: UInt16, row: UInt32, offset: Int, length: Int) {
        high = subject.high
        low = subject.low
        rank = UInt64(resource) << 48 | UInt64(row) << 16
        place = UInt64(offset) << 24 | UInt64(length)
    }

    var subject: SubjectKey { SubjectKey(high: high, low: low) }
    var resource: UInt16 { UInt16(truncatingIfNeeded: rank >> 48) }
    var row: UInt32 { UInt32(truncatingIfNeeded: rank >> 16) }
    var arena: Int { Int(truncatingIfNeeded: rank & 0xFFFF) }
    var offset: Int { Int(truncatingIfNeeded: place >> 24) }
    var length: Int { Int(truncatingIfNeeded: place & 0xFF_FFFF) }

    func numbered(_ arena: Int) -> Slot {
        var copy = self
        copy.rank = rank & ~0xFFFF | UInt64(arena)
        return copy
    }

    /// By subject, resource, row: the order of keys and of entries in a page.
    static func < (left: Slot, right: Slot) -> Bool {
        if left.high != right.high { return left.high < right.high }
        if left.low != right.low { return left.low < right.low }
        return left.rank < right.rank
    }
}
