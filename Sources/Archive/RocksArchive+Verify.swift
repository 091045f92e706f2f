import Dispatch
import Synchronization

extension RocksArchive {
    package func verify(workers: Int, _ progress: @Sendable (Double) -> Void) throws(ArchiveFault) -> ArchiveReport {
        let handle = try handle()
        let ranges = KeyRange.all
        let abandoned = self.abandoned.withLock { $0 }
        let state = Mutex((next: 0, whole: ArchiveAudit(abandoned)))
        // One moment for all ranges: a delivery that is committed meanwhile must not be half counted.
        try handle.withSnapshot { snapshot throws(ArchiveFault) in
            DispatchQueue.concurrentPerform(iterations: max(1, workers)) { _ in
                while true {
                    let number = state.withLock { state in
                        defer { state.next += 1 }
                        return state.next
                    }
                    guard number < ranges.count else { return }
                    var audit = ArchiveAudit(abandoned)
                    audit.read(ranges[number], of: handle, snapshot)
                    state.withLock { $0.whole.add(audit) }
                    progress(Double(number) / Double(ranges.count))
                }
            }
        }
        progress(1)
        return state.withLock { state in
            // Deliveries may have been erased meanwhile.
            state.whole.settle(abandoned: self.abandoned.withLock { $0 })
            return state.whole.report
        }
    }
}

/// A stretch of keys that one thread reads; no subject lies in two of them.
private struct KeyRange {
    let lower: [UInt8]
    let upper: [UInt8]

    /// The whole key space, cut so that pages make up most stretches.
    static let all: [KeyRange] = {
        let cuts: [[UInt8]] =
            [[KeySpace.marker]] + (0..<128).map { [KeySpace.page, $0 * 2] } + [[KeySpace.suspended]]
            + (0..<16).map { [KeySpace.card, $0 * 16] } + [[KeySpace.end]]
        return zip(cuts, cuts.dropFirst()).map { KeyRange(lower: $0, upper: $1) }
    }()
}

/// A key about `step` subjects' distance behind another one; `nil` at the end of all keys.
private func behind(_ key: [UInt8], _ step: UInt64) -> [UInt8]? {
    guard let space = key.first, space < KeySpace.end else { return nil }
    var padded = key
    padded.append(contentsOf: repeatElement(0, count: 9))
    let (high, over) = padded.span.bigEndian64(at: 1).addingReportingOverflow(step)
    var next: [UInt8] = [over ? space + 1 : space]
    if over { return next[0] < KeySpace.end ? next : nil }
    next.appendBigEndian(high)
    return next
}

/// Counts and decodes everything that the store lends; the audits of several stretches are added up.
private struct ArchiveAudit {
    var report = ArchiveReport()
    private var last: [UInt8] = []
    private var subject: SubjectKey?
    private var markers: [DeliveryMarker] = []
    private var tallies: [UInt32: Tally] = [:]
    private var current = Tally()
    private var currentDelivery: UInt32?

    private let abandoned: Erased
    /// Records of persons that were erased, by delivery.
    private let erasedRows: [UInt32: Int]

    private struct Tally {
        var entries = 0
        var suspended = 0
        /// Single erased records that are still there, among the entries.
        var unremoved = 0
    }

    /// - Parameter abandoned: what may be missing.
    init(_ abandoned: Erased) {
        self.abandoned = abandoned
        erasedRows = abandoned.records.reduce(into: [:]) { $0[$1.delivery, default: 0] += 1 }
    }

    /// Reads a stretch from end to end.
    mutating func read(_ range: KeyRange, of handle: RocksHandle, _ snapshot: RocksHandle.Snapshot) {
        var lower = range.lower
        var step: UInt64 = 1 << 40
        while true {
            do throws(ArchiveFault) {
                try handle.visit(from: lower, to: range.upper, .sweep, snapshot: snapshot) { key, value throws(ArchiveFault) in
                    take(key, value)
                    return true
                }
                return finish()
            } catch {
                // A damaged block ends the store's walk. Name the place and go on behind it, in growing steps.
                report.note(ArchiveFault(error.code, place: "键 \(hexText(last.span)) 之后", detail: error.detail))
                let reached = lower.lexicographicallyPrecedes(last) ? last : lower
                guard error.code == .damaged, report.faultCount < ArchiveReport.faultLimit,
                    let next = behind(reached, step), next.lexicographicallyPrecedes(range.upper)
                else { return finish() }
                lower = next
                step = step.multipliedReportingOverflow(by: 2).overflow ? step : step * 2
            }
        }
    }

    private mutating func take(_ key: Span<UInt8>, _ value: Span<UInt8>) {
        last.removeAll(keepingCapacity: true)
        last.append(key)
        report.byteCount += key.count + value.count
        do throws(ArchiveFault) {
            switch key[0] {
            case KeySpace.marker:
                markers.append(try DeliveryMarker(stored: value, under: key))
                report.markers += 1
            case KeySpace.page: try takePage(key, value)
            case KeySpace.suspended:
                guard key.count == 9 else { throw Self.strange(key) }
                try takeSuspended(key, value)
            case KeySpace.card:
                guard key.count == KeySpace.prefixLength else { throw Self.strange(key) }
                try takeCard(key, value)
            default: throw Self.strange(key)
            }
        } catch { report.note(error) }
    }

    private static func strange(_ key: Span<UInt8>) -> ArchiveFault {
        ArchiveFault(EntryDamage(offset: 0, reason: .badStoreKey), key: key)
    }

    private mutating func takePage(_ key: Span<UInt8>, _ page: Span<UInt8>) throws(ArchiveFault) {
        guard let pageKey = PageKey(stored: key) else { throw Self.strange(key) }
        report.pages += 1
        guard !page.isEmpty else { return }
        if subject != pageKey.subject {
            subject = pageKey.subject
            report.subjects += 1
        }
        var cursor = EntryCursor()
        while let head = try cursor.next(in: page, under: pageKey) {
            guard head.record.delivery >> 8 == pageKey.page >> 8 else {
                throw ArchiveFault(EntryDamage(offset: head.payload.lowerBound, reason: .badStoreKey), key: key)
            }
            report.entries += 1
            select(head.record.delivery)
            current.entries += 1
            if !abandoned.records.isEmpty, abandoned.records.contains(head.record) { current.unremoved += 1 }
        }
    }

    private mutating func takeSuspended(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(ArchiveFault) {
        select(key.bigEndian32(at: 1))
        var found = 0
        defer {
            report.suspended += found
            current.suspended += found
        }
        try forEachSuspended(value, under: key) { _ in found += 1 }
    }

    private mutating func takeCard(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(ArchiveFault) {
        do throws(EntryDamage) { _ = try SubjectCard(stored: value) } catch { throw ArchiveFault(error, key: key) }
        report.cards += 1
    }

    /// Makes `current` the tally of a delivery; neighbours are mostly of the same one.
    private mutating func select(_ delivery: UInt32) {
        guard currentDelivery != delivery else { return }
        if let currentDelivery { tallies[currentDelivery] = current }
        current = tallies[delivery] ?? Tally()
        currentDelivery = delivery
    }

    private mutating func finish() {
        if let currentDelivery { tallies[currentDelivery] = current }
        currentDelivery = nil
    }

    /// Adds what another audit found elsewhere.
    mutating func add(_ other: ArchiveAudit) {
        report.entries += other.report.entries
        report.suspended += other.report.suspended
        report.cards += other.report.cards
        report.pages += other.report.pages
        report.subjects += other.report.subjects
        report.markers += other.report.markers
        report.byteCount += other.report.byteCount
        for fault in other.report.faults { report.note(fault) }
        report.faultCount += other.report.faultCount - other.report.faults.count
        markers += other.markers
        for (delivery, tally) in other.tallies {
            tallies[delivery, default: Tally()].entries += tally.entries
            tallies[delivery, default: Tally()].suspended += tally.suspended
            tallies[delivery, default: Tally()].unremoved += tally.unremoved
        }
    }

    /// Holds every delivery's count against its marker. Of an abandoned one any part may be gone.
    ///
    /// - Parameter now: what may be missing by now, more than when the reading began.
    mutating func settle(abandoned now: Erased) {
        let since = now.records.subtracting(abandoned.records).reduce(into: [UInt32: Int]()) { $0[$1.delivery, default: 0] += 1 }
        for marker in markers {
            let found = tallies.removeValue(forKey: marker.delivery) ?? Tally()
            if now.deliveries.contains(marker.delivery), found.entries <= marker.entryCount, found.suspended <= marker.suspendedCount {
                report.unremoved += found.entries + found.suspended
                continue
            }
            report.unremoved += found.unremoved
            let gone = (erasedRows[marker.delivery] ?? 0) - found.unremoved
            let missing = marker.entryCount - found.entries - gone
            if !(0...(since[marker.delivery] ?? 0)).contains(missing) || found.suspended != marker.suspendedCount {
                report.note(
                    ArchiveFault(
                        .damaged,
                        place: "批次 \(marker.delivery)：应有条目 \(marker.entryCount)、疑似 \(marker.suspendedCount)，"
                            + "实有条目 \(found.entries)、疑似 \(found.suspended)"))
            }
        }
        for delivery in tallies.keys.sorted() {
            report.note(ArchiveFault(.damaged, place: "批次 \(delivery)：有条目而无入档标记"))
        }
    }
}
