/// Sorts the index of a delivery by subject, resource and row, a bucket at a time.
///
/// Subject keys are outputs of a keyed hash, so their leading bits are evenly spread: one scatter by those bits leaves
/// buckets that fit the processor's cache, a second one within the bucket leaves a handful of slots each, and insertion
/// finishes them. Whatever is not evenly spread (one subject with most of the rows) goes to the library's sort.
struct SlotBuckets {
    private var slots: [Slot]
    /// Where each bucket begins, and one more for the end.
    private var starts: [Int]
    private let bucketCount: Int

    /// Slots per bucket of the first scatter; 64 KiB of them.
    private static let bucketTarget = 2048
    /// Up to this many slots are sorted by insertion.
    private static let insertionLimit = 48

    /// Takes the slots of one part of the subject space: `part` of `parts` equal ranges. The number of each source becomes its
    /// slots' arena number.
    init(_ sources: [[Slot]], part: Int, of parts: Int) {
        let total = sources.reduce(0) { $0 + $1.count } / parts
        bucketCount = max(1, total / Self.bucketTarget)
        let scale = UInt64(parts * bucketCount)
        let first = part * bucketCount
        var counts = [Int](repeating: 0, count: bucketCount + 1)
        for source in sources {
            for index in source.indices {
                let bucket = Self.bucket(source[index].high, scale) - first
                if bucket >= 0, bucket < bucketCount { counts[bucket + 1] += 1 }
            }
        }
        for index in 1...bucketCount { counts[index] += counts[index - 1] }
        starts = counts
        slots = [Slot](repeating: Slot.empty, count: counts[bucketCount])
        for (number, source) in sources.enumerated() {
            for index in source.indices {
                let slot = source[index]
                let bucket = Self.bucket(slot.high, scale) - first
                guard bucket >= 0, bucket < bucketCount else { continue }
                slots[counts[bucket]] = slot.numbered(number)
                counts[bucket] += 1
            }
        }
    }

    /// Which of `scale` equal ranges of 64 bits a value lies in.
    @inline(__always)
    private static func bucket(_ high: UInt64, _ scale: UInt64) -> Int {
        Int(truncatingIfNeeded: high.multipliedFullWidth(by: scale).high)
    }

    var count: Int { slots.count }

    /// Lends the buckets in order, each sorted; slots of one subject are always in one bucket.
    func forEach(_ body: (Span<Slot>) throws(ArchiveFault) -> Void) throws(ArchiveFault) {
        var sorted: [Slot] = []
        var ends: [Int] = []
        for bucket in 0..<bucketCount where starts[bucket] < starts[bucket + 1] {
            sort(starts[bucket]..<starts[bucket + 1], into: &sorted, &ends)
            try body(sorted.span)
        }
    }

    /// Scatters a bucket by the range of its own values, then sorts what fell together.
    private func sort(_ range: Range<Int>, into sorted: inout [Slot], _ ends: inout [Int]) {
        var lowest = UInt64.max
        var highest: UInt64 = 0
        for index in range {
            lowest = min(lowest, slots[index].high)
            highest = max(highest, slots[index].high)
        }
        // Drops so many low bits that about four slots share what is left.
        let spreadBits = UInt64.bitWidth - (highest - lowest).leadingZeroBitCount
        let groupBits = Int.bitWidth - 1 - max(1, range.count / 4).leadingZeroBitCount
        let shift = UInt64(max(0, spreadBits - groupBits))
        let groupCount = Int((highest - lowest) >> shift) + 1
        ends.removeAll(keepingCapacity: true)
        ends.append(contentsOf: repeatElement(0, count: groupCount + 1))
        for index in range { ends[Int((slots[index].high - lowest) >> shift) + 1] += 1 }
        for group in 1...groupCount { ends[group] += ends[group - 1] }
        sorted.removeAll(keepingCapacity: true)
        sorted.append(contentsOf: repeatElement(Slot.empty, count: range.count))
        for index in range {
            let group = Int((slots[index].high - lowest) >> shift)
            sorted[ends[group]] = slots[index]
            ends[group] += 1
        }
        // Each count has moved to its group's end.
        var start = 0
        for group in 0..<groupCount {
            Self.sortRun(&sorted, start, ends[group])
            start = ends[group]
        }
    }

    private static func sortRun(_ slots: inout [Slot], _ start: Int, _ end: Int) {
        guard end - start > 1 else { return }
        if end - start > insertionLimit {
            slots[start..<end].sort(by: <)
            return
        }
        for index in start + 1..<end {
            let slot = slots[index]
            var hole = index
            while hole > start, slot < slots[hole - 1] {
                slots[hole] = slots[hole - 1]
                hole -= 1
            }
            if hole != index { slots[hole] = slot }
        }
    }
}

extension Slot {
    fileprivate static let empty = Slot(
        subject: SubjectKey(high: 0, low: 0), resource: 0, row: 0, offset: 0, length: 0)
}
