extension RocksArchive {
    package func verify(_ progress: (Double) -> Void) throws(ArchiveFault) -> ArchiveReport {
        let handle = try handle()
        var audit = Audit()
        var lower: [UInt8] = [KeySpace.marker]
        var step: UInt64 = 1 << 40
        while true {
            do throws(ArchiveFault) {
                try handle.visit(from: lower, to: [KeySpace.end], .sweep) { key, value throws(ArchiveFault) in
                    audit.take(key, value)
                    if audit.visits & 0x3FFF == 0 { progress(audit.share) }
                    return true
                }
                break
            } catch {
                // A damaged block ends the store's walk. Name the place and go on behind it, in growing steps.
                audit.report.note(ArchiveFault(error.code, place: "键 \(hexText(audit.last.span)) 之后", detail: error.detail))
                let reached = lower.lexicographicallyPrecedes(audit.last) ? audit.last : lower
                guard error.code == .damaged, audit.report.faultCount < ArchiveReport.faultLimit,
                    let next = behind(reached, step)
                else { break }
                lower = next
                step = step.multipliedReportingOverflow(by: 2).overflow ? step : step * 2
            }
        }
        audit.settle()
        progress(1)
        return audit.report
    }
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

/// Counts and decodes everything that the store lends.
private struct Audit {
    var report = ArchiveReport()
    var visits = 0
    var last: [UInt8] = []
    private var subject: SubjectKey?
    private var markers: [DeliveryMarker] = []
    private var tallies: [UInt32: Tally] = [:]
    private var current = Tally()
    private var currentDelivery: UInt32?

    private struct Tally {
        var entries = 0
        var suspended = 0
    }

    /// Roughly how much of all keys is behind, 0 to 1.
    var share: Double {
        subject.map { Double($0.high) / Double(UInt64.max) } ?? 0
    }

    mutating func take(_ key: Span<UInt8>, _ value: Span<UInt8>) {
        visits += 1
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

    /// Holds every delivery's count against its marker.
    mutating func settle() {
        if let currentDelivery { tallies[currentDelivery] = current }
        for marker in markers {
            let found = tallies.removeValue(forKey: marker.delivery) ?? Tally()
            if found.entries != marker.entryCount || found.suspended != marker.suspendedCount {
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
