internal import Archive
internal import Identifiers
internal import Registry
internal import Synchronization

/// What a full re-reading of the data directory found.
package struct VerificationReport: Sendable, Codable {
    package init() {}

    package var deliveries = 0
    package var entries = 0
    package var suspended = 0
    package var cards = 0
    package var subjects = 0
    /// Records of erased deliveries that the archive has not removed yet.
    package var unremoved = 0
    package var rawBytes: Int64 = 0
    /// What is wrong, one sentence each; empty when all is whole.
    package var faults: [String] = []
    /// Files of which no digest was taken yet; what is in them is checked by the stores alone.
    package var undigested: [String] = []
    /// Sealed files whose data key was destroyed on purpose; that they cannot be read is no fault.
    package var keyDestroyed: [String] = []

    package var isWhole: Bool { faults.isEmpty }
}

/// Re-reads everything: every file against its digest, every entry against its delivery, every total against the rows,
/// both stores against one another. Deliveries may be taken in meanwhile.
package struct Verification: Sendable {
    package let directory: DataDirectory
    /// Threads that read side by side.
    package let workers: Int

    package init(directory: DataDirectory, workers: Int = 2) {
        self.directory = directory
        self.workers = workers
    }

    /// What can be said of a directory that is not open, before opening it changes anything: the registry's file against
    /// its digest of the last closing, and, where the directory cannot be opened, every other file.
    package static func faultsOnDisk(_ path: String, all: Bool, workers: Int = 2) -> [String] {
        let audit = FileAudit(path: path)
        if all { return audit.findings(workers: workers).compactMap { sentence($0.name, $0.finding) } }
        guard audit.book?.files[Digests.registry] != nil else { return [] }
        return sentence(Digests.registry, audit.finding(of: Digests.registry)).map { [$0] } ?? []
    }

    /// - Parameter progress: told the part that is done, 0…1, on any thread.
    package func run(_ progress: @Sendable (Double) -> Void) throws -> VerificationReport {
        var report = VerificationReport()
        try directory.digests.keep(directory.archive)
        report.faults += try directory.registry.integrityCheck().map { "登记库：\($0)" }
        report.faults += try directory.accessRegistry.integrityCheck().map { "账户与访问库：\($0)" }
        let archive = try directory.archive.verify(workers: workers) { progress($0 * 0.5) }
        report.entries = archive.entries
        report.suspended = archive.suspended
        report.cards = archive.cards
        report.subjects = archive.subjects
        report.unremoved = archive.unremoved
        report.faults += archive.faults.map { "档案：\($0.message)" }
        if archive.faultCount > archive.faults.count {
            report.faults.append("档案：另有 \(archive.faultCount - archive.faults.count) 处损坏未逐一列出")
        }
        checkFiles(&report)
        progress(0.6)
        try checkDeliveries(&report) { progress(0.6 + $0 * 0.4) }
        return report
    }

    private static func sentence(_ name: String, _ finding: FileFinding) -> String? {
        if case .damaged(let why) = finding { return "文件 \(name)：\(why)" }
        return nil
    }

    private func checkFiles(_ report: inout VerificationReport) {
        let audit = FileAudit(directory)
        for (name, finding) in audit.findings(workers: workers, leavingOut: [Digests.registry]) {
            switch finding {
            case .whole, .keyDestroyed: break
            case .undigested: report.undigested.append(name)
            case .damaged(let why):
                // Compaction may have removed it since the book was read; what is still in use is damaged.
                let isLive = (try? directory.archive.files().contains { "archive/\($0.name)" == name }) ?? true
                if isLive || !name.hasSuffix(".sst") { report.faults.append("文件 \(name)：\(why)") }
            }
        }
    }

    private func checkDeliveries(_ report: inout VerificationReport, _ progress: @Sendable (Double) -> Void) throws {
        // Between a delivery's two commits the stores disagree, so both lists are taken while none is under way.
        var (deliveries, markers) = try directory.commits.withLock { _ in
            (try directory.registry.deliveries.all(), try directory.archive.markers())
        }
        deliveries.sort { $0.number < $1.number }
        report.deliveries = deliveries.count
        var unclaimed = Dictionary(markers.map { ($0.delivery, $0) }, uniquingKeysWith: { first, _ in first })
        for delivery in deliveries { check(delivery, marker: unclaimed.removeValue(forKey: delivery.number), &report) }
        for number in unclaimed.keys.sorted() { report.faults.append("档案中有第 \(number) 批，登记库中没有") }

        let audit = FileAudit(directory)
        let files = Dictionary(grouping: deliveries, by: \.digest).sorted { $0.key < $1.key }
        let total = files.reduce(0) { $0 + ($1.value.first?.byteCount ?? 0) }
        let done = Mutex<Int64>(0)
        let findings = concurrently(workers, files) { digest, users in
            let finding = audit.finding(ofRaw: digest)
            let read = done.withLock { done in
                done += users.first?.byteCount ?? 0
                return done
            }
            progress(Double(read) / Double(max(1, total)))
            return finding
        }
        report.rawBytes = total
        for (file, finding) in zip(files, findings) {
            if finding == .keyDestroyed { report.keyDestroyed.append(FileAudit.rawName(file.key)) }
            guard case .damaged(let why) = finding else { continue }
            report.faults += file.value.map { "\(Self.name($0))的原文件\(why)（文件 \(FileAudit.rawName(file.key))），由它得到 \($0.accepted) 条记录" }
        }
    }

    /// A delivery as people know it.
    private static func name(_ delivery: Delivery) -> String {
        "第 \(delivery.number) 批“\(delivery.fileName)”（\(delivery.resource)，\(delivery.provider)，\(delivery.received.date)）"
    }

    private func check(_ delivery: Delivery, marker: DeliveryMarker?, _ report: inout VerificationReport) {
        let number = delivery.number
        guard delivery.state == .committed || delivery.state == .withdrawn else {
            if marker != nil { report.faults.append("第 \(number) 批在登记库中是“\(delivery.state.name)”，档案中却有它的记录") }
            return
        }
        guard let marker else {
            report.faults.append("第 \(number) 批在登记库中已入库，档案中没有它")
            return
        }
        let totals = delivery.totals
        if (marker.rows, marker.accepted, marker.suspended, marker.rejected)
            != (totals.rows, totals.accepted, totals.suspended, totals.rejected)
        {
            report.faults.append("第 \(number) 批在两处的行数不同")
        }
        if marker.known != delivery.known { report.faults.append("第 \(number) 批在两处的知悉时间不同") }
        if marker.digest != delivery.digestBytes { report.faults.append("第 \(number) 批在两处的文件摘要不同") }
        checkRejections(of: delivery, &report)
    }

    private func checkRejections(of delivery: Delivery, _ report: inout VerificationReport) {
        let name = FileAudit.rejectionsName(delivery.number)
        switch FileAudit(directory).finding(ofRejections: delivery) {
        case .whole: return
        case .keyDestroyed: report.keyDestroyed.append(name)
        case .damaged(let why):
            report.faults.append("\(Self.name(delivery))的退回清单\(why)（文件 \(name)），其中有 \(delivery.rejected) 行退回")
        case .undigested:
            // Taken in by an earlier program: the count is all there is.
            report.undigested.append(name)
            let count = try? directory.store.rejections(of: delivery.number).count
            if count != delivery.rejected { report.faults.append("第 \(delivery.number) 批退回 \(delivery.rejected) 行，退回清单与此不符") }
        }
    }
}
