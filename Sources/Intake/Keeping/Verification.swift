internal import Archive
internal import Cryptography
internal import Disk
internal import Registry

/// What a full re-reading of the data directory found.
package struct VerificationReport: Sendable {
    package var deliveries = 0
    package var entries = 0
    package var suspended = 0
    package var cards = 0
    package var subjects = 0
    package var rawBytes: Int64 = 0
    /// What is wrong, one sentence each; empty when all is whole.
    package var faults: [String] = []

    package var isWhole: Bool { faults.isEmpty }
}

/// Re-reads everything: every raw file against its digest, every entry against its delivery, every total against the
/// rows, both stores against one another.
package struct Verification: Sendable {
    package let directory: DataDirectory

    package init(directory: DataDirectory) { self.directory = directory }

    /// - Parameter progress: told the part that is done, 0…1.
    package func run(_ progress: (Double) -> Void) throws -> VerificationReport {
        var report = VerificationReport()
        report.faults += try directory.registry.integrityCheck().map { "登记库：\($0)" }
        let archive = try directory.archive.verify { progress($0 * 0.7) }
        report.entries = archive.entries
        report.suspended = archive.suspended
        report.cards = archive.cards
        report.subjects = archive.subjects
        report.faults += archive.faults.map { "档案：\($0)" }
        if archive.faultCount > archive.faults.count {
            report.faults.append("档案：另有 \(archive.faultCount - archive.faults.count) 处损坏未逐一列出")
        }
        try checkDeliveries(&report) { progress(0.7 + $0 * 0.3) }
        return report
    }

    private func checkDeliveries(_ report: inout VerificationReport, _ progress: (Double) -> Void) throws {
        var markers = Dictionary(
            try directory.archive.markers().map { ($0.delivery, $0) }, uniquingKeysWith: { first, _ in first })
        var digests: Set<String> = []
        var offset = 0
        while true {
            let page = try directory.registry.deliveries.list(limit: 500, offset: offset)
            guard !page.deliveries.isEmpty else { break }
            for delivery in page.deliveries {
                report.deliveries += 1
                check(delivery, marker: markers.removeValue(forKey: delivery.number), &report)
                if digests.insert(delivery.digest).inserted { checkRaw(delivery, &report) }
                progress(Double(report.deliveries) / Double(max(1, page.total)))
            }
            offset += page.deliveries.count
        }
        for number in markers.keys.sorted() { report.faults.append("档案中有第 \(number) 批，登记库中没有") }
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
        let rejections = RejectionFile(path: directory.store.rejectionsPath(number))
        do {
            let count = try rejections.rejections().count
            if count != totals.rejected { report.faults.append("第 \(number) 批退回 \(totals.rejected) 行，退回清单中有 \(count) 行") }
        } catch { report.faults.append("第 \(number) 批的退回清单读不懂") }
    }

    private func checkRaw(_ delivery: Delivery, _ report: inout VerificationReport) {
        var digest = SM3()
        let isWhole = readPieces(of: directory.store.rawPath(delivery.digest)) { piece in
            digest.update(piece)
            report.rawBytes += Int64(piece.count)
        }
        guard isWhole else {
            report.faults.append("第 \(delivery.number) 批的原文件“\(delivery.fileName)”不见了或读不出")
            return
        }
        if digest.finish().hex != delivery.digest {
            report.faults.append("第 \(delivery.number) 批的原文件“\(delivery.fileName)”与报送时的摘要不符")
        }
    }
}
