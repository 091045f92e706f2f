/// What sorted keys and values are written into.
protocol KeySink: ~Copyable {
    /// Sets the value of a key.
    mutating func put(_ key: [UInt8], _ value: [UInt8]) throws(ArchiveFault)
    /// Appends to the value of a key.
    mutating func append(_ key: [UInt8], _ value: [UInt8]) throws(ArchiveFault)
}

/// A delivery, or the share of it that fits into memory, on its way from the workers' arenas to sorted keys and values.
///
/// 32 bytes an entry while sorting, besides the arenas.
struct Sealing: Sendable {
    private let delivery: UInt32
    /// Number of the run within the delivery: large contributions of several runs take different pages.
    private let run: Int
    private let arenas: [EntryArena]
    private let bytes: [[UInt8]]

    /// - Throws: `tooLarge` for more arenas than a slot can number, or an arena of another delivery.
    init(_ arenas: [EntryArena], delivery: UInt32, run: Int = 0) throws(ArchiveFault) {
        guard arenas.count <= 1 << 16, arenas.allSatisfy({ $0.byteCount < 1 << 40 }) else {
            throw ArchiveFault(.tooLarge, place: "\(delivery)", detail: "\(arenas.count) arenas")
        }
        guard arenas.allSatisfy({ $0.delivery == delivery }) else {
            throw ArchiveFault(.inputOutput, place: "\(delivery)", detail: "arena of another delivery")
        }
        self.delivery = delivery
        self.run = run
        self.arenas = arenas
        bytes = arenas.map(\.bytes)
    }

    var entryCount: Int { arenas.reduce(0) { $0 + $1.slots.count } }
    var suspendedCount: Int { arenas.reduce(0) { $0 + $1.suspendedSlots.count } }

    /// Writes the keys of one of `parts` ranges in ascending order, all above the marker's; the last ends with suspended
    /// entries and cards. Parts do not overlap.
    func write<Sink: KeySink & ~Copyable>(
        into sink: inout Sink, part: Int = 0, of parts: Int = 1
    ) throws(ArchiveFault) {
        try writePages(into: &sink, part: part, of: parts)
        guard part == parts - 1 else { return }
        try writeSuspended(into: &sink)
        try writeCards(into: &sink)
    }

    private func writePages<Sink: KeySink & ~Copyable>(
        into sink: inout Sink, part: Int, of parts: Int
    ) throws(ArchiveFault) {
        var key: [UInt8] = []
        var value: [UInt8] = []
        try SlotBuckets(arenas.map(\.slots), part: part, of: parts).forEach { slots throws(ArchiveFault) in
            try touch(slots)
            var start = 0
            while start < slots.count {
                let first = slots[start]
                var end = start + 1
                while end < slots.count, slots[end].subject == first.subject { end += 1 }
                let pages = PageKey.pages(delivery: delivery, run: run, total: end - start)
                var number = pages.first
                while start < end {
                    let pageEnd = min(start + pages.entriesEach, end)
                    StoreKey.setPage(&key, first, page: number)
                    value.removeAll(keepingCapacity: true)
                    for index in start..<pageEnd { copy(slots[index], to: &value) }
                    try sink.append(key, value)
                    number += 1
                    start = pageEnd
                }
            }
        }
    }

    private func writeSuspended<Sink: KeySink & ~Copyable>(into sink: inout Sink) throws(ArchiveFault) {
        var slots: [Slot] = []
        for (number, arena) in arenas.enumerated() {
            for slot in arena.suspendedSlots { slots.append(slot.numbered(number)) }
        }
        slots.sort(by: <)  // their place of a subject holds the row
        var start = 0
        while start < slots.count {
            var value: [UInt8] = []
            let row = slots[start].row
            while start < slots.count, slots[start].row == row {
                copy(slots[start], to: &value)
                start += 1
            }
            try sink.put(StoreKey.suspended(delivery, row: row), value)
        }
    }

    private func writeCards<Sink: KeySink & ~Copyable>(into sink: inout Sink) throws(ArchiveFault) {
        var value: [UInt8] = []
        try SlotBuckets(arenas.map(\.cardSlots), part: 0, of: 1).forEach { slots throws(ArchiveFault) in
            for index in slots.indices {
                // Sorted by row within a subject, so the last of a run is the one to keep.
                if index + 1 < slots.count, slots[index + 1].subject == slots[index].subject { continue }
                value.removeAll(keepingCapacity: true)
                copy(slots[index], to: &value)
                try sink.put(StoreKey.card(slots[index].subject), value)
            }
        }
    }

    /// Looks at the first byte of every entry of a bucket, which is never zero.
    ///
    /// The bytes lie all over the arenas. Asked for one behind the other without anything depending on them, they come from
    /// memory many at a time, so that the copying that follows waits less for each; and an index that does not fit its
    /// bytes is noticed before anything is written.
    private func touch(_ slots: Span<Slot>) throws(ArchiveFault) {
        var sound = true
        for index in slots.indices { sound = (bytes[slots[index].arena][slots[index].offset] != 0) && sound }
        guard sound else {
            throw ArchiveFault(.inputOutput, place: "\(delivery)", detail: "index and bytes of an arena disagree")
        }
    }

    @inline(__always)
    private func copy(_ slot: Slot, to value: inout [UInt8]) {
        let arena = bytes[slot.arena]
        value.append(arena.span.extracting(slot.offset..<slot.offset + slot.length))
    }
}

extension StoreKey {
    /// Writes the key of a page over the one before it.
    fileprivate static func setPage(_ key: inout [UInt8], _ slot: Slot, page: UInt32) {
        key.removeAll(keepingCapacity: true)
        key.append(KeySpace.page)
        key.appendBigEndian(slot.high)
        key.appendBigEndian(slot.low)
        key.appendBigEndian(page)
    }
}
