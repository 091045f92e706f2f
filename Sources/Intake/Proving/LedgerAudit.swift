internal import Archive
internal import Cryptography
internal import Ledger
internal import Registry

/// What holding both logs against their signed heads found.
package struct LedgerAuditReport: Sendable {
    /// Leaves of the two logs.
    package var records = 0
    package var events = 0
    /// Sizes of the heads signed last.
    package var signedRecords = 0
    package var signedEvents = 0
    /// Leaves whose content was erased by law: only their hash is left, and nothing to hold it against.
    package var hidden = 0
    /// What does not match, a sentence each, naming deliveries, rows, events; at most `faultLimit`.
    package var faults: [String] = []
    /// How many there are altogether.
    package var faultCount = 0

    package static let faultLimit = 1000

    mutating func note(_ fault: String) {
        faultCount += 1
        if faults.count < Self.faultLimit { faults.append(fault) }
    }
}

/// Holds every entry, returned row and access event against its leaf, every leaf against the tree, and the tree against the head
/// that was signed. What was altered, removed, added, moved or cut off is named.
package struct LedgerAudit: Sendable {
    package let directory: DataDirectory

    package init(directory: DataDirectory) { self.directory = directory }

    /// - Parameter progress: told the part that is done, 0…1.
    package func run(_ progress: @escaping @Sendable (Double) -> Void) throws -> LedgerAuditReport {
        var report = LedgerAuditReport()
        let entries = try directory.registry.ledger.list()
        let arrivals = Arrivals(entries)
        report.records = directory.ledger.size
        report.signedRecords = try trees(directory.ledger, "档案账", &report) { arrivals.words(of: $0) }
        progress(0.2)
        var seen = LeafSet(count: directory.ledger.size)
        try checkEvents(entries, &seen, &report)
        try checkArchive(arrivals, &seen, &report) { progress(0.2 + $0 * 0.6) }
        let destroyed = try checkReturned(arrivals, &seen, &report)
        noteMissing(arrivals, seen, destroyed, &report)
        progress(0.85)
        report.signedEvents = try trees(directory.accessTree, "查询账", &report) { "查询记录 \($0.lowerBound) 至 \($0.upperBound - 1)" }
        try checkAccess(&report)
        progress(1)
        return report
    }

    // MARK: Trees

    /// Holds a log's tiles against one another and against the head signed last.
    /// - Returns: the size of that head.
    private func trees(_ log: SignedLog, _ name: String, _ report: inout LedgerAuditReport, words: (Range<Int>) -> String) throws -> Int {
        guard let note = log.checkpoints.latest else {
            if log.size > 0 { report.note("\(name)：有 \(log.size) 条，却没有签名的树头") }
            return 0
        }
        let head = try log.checkpoints.signer.verifier.open(note).head
        guard head.size <= log.size else {
            report.note("\(name)：签名的树头有 \(head.size) 条，账本只有 \(log.size) 条：尾部被截去，或恢复了旧备份")
            return head.size
        }
        for mismatch in try log.tree.verify(against: head) {
            report.note("\(name)：\(mismatch.level.map { "第 \($0) 层第 \(mismatch.index) 个摘要" } ?? "树根")与其下各条不符，涉及 \(words(mismatch.leaves))")
        }
        return head.size
    }

    // MARK: The log of records

    /// Arrivals by position and by delivery.
    private struct Arrivals {
        let byDelivery: [UInt32: LedgerEntry]
        let entries: [LedgerEntry]

        init(_ entries: [LedgerEntry]) {
            self.entries = entries
            byDelivery = Dictionary(
                entries.filter { $0.kind == .arrival }.compactMap { entry in entry.delivery.map { ($0, entry) } }, uniquingKeysWith: { first, _ in first })
        }

        /// The deliveries and rows that leaves belong to.
        func words(of leaves: Range<Int>) -> String {
            let touched = entries.filter { Int($0.first) < leaves.upperBound && Int($0.first + 1 + $0.rows) > leaves.lowerBound }
            return touched.prefix(20).map { entry in
                let first = max(leaves.lowerBound - Int(entry.first), 0)
                let last = min(leaves.upperBound - 1 - Int(entry.first), Int(entry.rows))
                return "第 \(entry.delivery ?? 0) 批" + (last > 0 ? "第 \(max(1, first)) 至 \(last) 行" : "")
            }.joined(separator: "、") + (touched.count > 20 ? "等 \(touched.count) 批" : "")
        }
    }

    /// Which leaves were met.
    private struct LeafSet {
        private var words: [UInt64]
        let count: Int

        init(count: Int) {
            self.count = count
            words = [UInt64](repeating: 0, count: (count + 63) / 64)
        }

        mutating func insert(_ leaf: Int) -> Bool {
            let bit = UInt64(1) << UInt64(leaf & 63)
            let isNew = words[leaf >> 6] & bit == 0
            words[leaf >> 6] |= bit
            return isNew
        }

        mutating func insert(_ leaves: Range<Int>) { for leaf in leaves { _ = insert(leaf) } }

        func contains(_ leaf: Int) -> Bool { words[leaf >> 6] & (1 << UInt64(leaf & 63)) != 0 }
    }

    private func checkEvents(_ entries: [LedgerEntry], _ seen: inout LeafSet, _ report: inout LedgerAuditReport) throws {
        for entry in entries {
            let place = Int(entry.first)
            _ = seen.insert(place)
            if LeafData.event(entry.text).hash != (try directory.ledger.tree.leafHash(at: place)) {
                report.note("第 \(entry.delivery ?? 0) 批的\(Self.word(entry.kind))事项与账本第 \(place) 条不符")
            }
            guard let number = entry.delivery else { continue }
            guard let delivery = try directory.registry.deliveries.find(number) else {
                report.note("账本第 \(place) 条的第 \(number) 批不在登记库里")
                continue
            }
            if entry.kind == .arrival, let text = LedgerTexts.arrival(delivery), text != entry.text {
                report.note("第 \(number) 批在登记库中的内容（文件、摘要或行数）与账本不符")
            }
            if entry.kind == .withdrawal,
                delivery.withdrawnAt.map({ LedgerTexts.withdrawal(number, at: $0, reason: delivery.withdrawalReason ?? "") }) != entry.text
            {
                report.note("第 \(number) 批的撤回在登记库中与账本不符")
            }
            // Given up with its seeds: only hashes are left.
            if entry.kind == .arrival, try directory.accessRegistry.rowSalts.find(number) == nil {
                report.hidden += Int(entry.rows)
                seen.insert(place + 1..<place + 1 + Int(entry.rows))
            }
        }
    }

    private static func word(_ kind: LedgerEntry.Kind) -> String {
        switch kind {
        case .arrival: "报送"
        case .withdrawal: "撤回"
        case .erasure: "清除"
        }
    }

    /// Salts of deliveries, each with the way last gone down its tree.
    private final class Salts {
        private var cursors: [UInt32: Holder] = [:]
        private let directory: DataDirectory

        private final class Holder {
            var cursor: RowSalts.Cursor
            init(_ salts: RowSalts) { cursor = RowSalts.Cursor(salts) }
        }

        init(_ directory: DataDirectory) { self.directory = directory }

        func salt(of record: RecordID) throws -> Salt? {
            if cursors[record.delivery] == nil {
                let salts = try directory.accessRegistry.rowSalts.find(record.delivery).flatMap(RowSalts.init(encoded:))
                cursors[record.delivery] = Holder(salts ?? RowSalts())
            }
            return cursors[record.delivery]?.cursor.salt(of: record.row)
        }
    }

    private func checkArchive(
        _ arrivals: Arrivals, _ seen: inout LeafSet, _ report: inout LedgerAuditReport, _ progress: (Double) -> Void
    ) throws {
        let salts = Salts(directory)
        var done = 0
        let all = arrivals.byDelivery.values.reduce(0) { $0 + Int($1.rows) }
        try directory.archive.scan { key, entry in
            try check(entry, of: (key.high, key.low), named: "主体 \(key)", salts, arrivals, &seen, &report)
            done += 1
            if done & 0xFFFFF == 0 { progress(Double(done) / Double(max(1, all))) }
        }
        for delivery in arrivals.byDelivery.keys.sorted() {
            var row: UInt32 = 0
            while true {
                let entries = try directory.archive.suspended(delivery: delivery, from: row, limit: 1000)
                for entry in entries { try check(entry, of: (0, 0), named: "疑似", salts, arrivals, &seen, &report) }
                guard entries.count == 1000, let last = entries.last else { break }
                row = last.record.row + 1
            }
        }
    }

    private func check(
        _ entry: Entry, of subject: (high: UInt64, low: UInt64), named name: String, _ salts: Salts, _ arrivals: Arrivals, _ seen: inout LeafSet,
        _ report: inout LedgerAuditReport
    ) throws {
        let id = entry.record
        guard let arrival = arrivals.byDelivery[id.delivery], id.row > 0, Int64(id.row) <= arrival.rows else {
            report.note("档案中的记录 \(id)（\(name)）不在账本里")
            return
        }
        let place = Int(arrival.first) + Int(id.row)
        // Erased, or being erased.
        guard let salt = try salts.salt(of: id) else { return }
        let leaf = LeafData.record(salt: salt, subject: subject, entry: entry.encoded).hash
        if try directory.ledger.tree.leafHash(at: place) != leaf { report.note("记录 \(id)（\(name)）与账本第 \(place) 条不符") }
        if !seen.insert(place) { report.note("记录 \(id)（\(name)）在档案里不止一处") }
    }

    /// - Returns: deliveries whose returned rows nobody can read any more: their data key was destroyed.
    private func checkReturned(_ arrivals: Arrivals, _ seen: inout LeafSet, _ report: inout LedgerAuditReport) throws -> Set<UInt32> {
        var destroyed: Set<UInt32> = []
        for (delivery, arrival) in arrivals.byDelivery.sorted(by: { $0.key < $1.key }) {
            guard let salts = try directory.accessRegistry.rowSalts.find(delivery).flatMap(RowSalts.init(encoded:)) else { continue }
            guard !directory.store.areRejectionsDestroyed(of: delivery) else {
                destroyed.insert(delivery)
                continue
            }
            var cursor = RowSalts.Cursor(salts)
            for (row, line) in try RejectionFile.lines(directory.store.rejections(of: delivery)) {
                guard row > 0, Int64(row) <= arrival.rows, let salt = cursor.salt(of: row) else {
                    report.note("第 \(delivery) 批退回的第 \(row) 行不在账本里")
                    continue
                }
                let place = Int(arrival.first) + Int(row)
                if try directory.ledger.tree.leafHash(at: place) != LeafData.record(salt: salt, subject: (0, 0), entry: line).hash {
                    report.note("第 \(delivery) 批退回的第 \(row) 行与账本第 \(place) 条不符")
                }
                _ = seen.insert(place)
            }
        }
        return destroyed
    }

    /// Rows that the log has and nothing else has any more.
    private func noteMissing(
        _ arrivals: Arrivals, _ seen: LeafSet, _ destroyed: Set<UInt32>, _ report: inout LedgerAuditReport
    ) {
        let erasing = Set(directory.times.snapshot().erasedNumbers)
        let times = directory.times.snapshot()
        for (delivery, arrival) in arrivals.byDelivery.sorted(by: { $0.key < $1.key }) where !erasing.contains(delivery) {
            for row in 0..<Int(arrival.rows) where !seen.contains(Int(arrival.first) + 1 + row) {
                guard !destroyed.contains(delivery), !times.isErased(RecordID(delivery: delivery, row: UInt32(row) + 1)) else {
                    report.hidden += 1
                    continue
                }
                report.note("第 \(delivery) 批第 \(row + 1) 行在账本里，档案和退回明细里都没有：内容被删去")
            }
        }
    }

    // MARK: The log of access events

    private func checkAccess(_ report: inout LedgerAuditReport) throws {
        let size = directory.accessTree.size
        var next: Int64 = 0
        while true {
            let events = try directory.accessRegistry.events.events(from: next, limit: 4096)
            for event in events {
                while next < event.position {
                    if next < size { report.note("查询记录 \(next) 被删去") }
                    next += 1
                }
                next = event.position + 1
                report.events += 1
                guard event.position < size else { continue }
                guard let data = event.leafBytes else {
                    report.hidden += 1
                    continue
                }
                if LeafData(bytes: data).hash != (try directory.accessTree.tree.leafHash(at: Int(event.position))) {
                    report.note("查询记录 \(event.position)（\(event.actor)，\(event.at)）被改动")
                }
            }
            guard events.count == 4096 else { break }
        }
        while next < size {
            report.note("查询记录 \(next) 被删去")
            next += 1
        }
    }
}
