import Archive
import ArgumentParser
import Intake
import Registry

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "重读全部数据：原文件、档案、登记库是否完好、相符",
        discussion: "退出码 0 表示完好，3 表示发现损坏。")
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "备份目录；不给则核对数据目录") var backup: String?

    func run() async throws {
        try await reporting {
            if let backup { return try verify(try openRepository(backup)) }
            let report = try verifyDirectory()
            try show(report)
            if !report.isWhole { throw ExitCode(3) }
        }
    }

    /// Verifies the data directory; where it is too damaged to be opened, as much of it as can be read without.
    private func verifyDirectory() throws -> VerificationReport {
        let line = ProgressLine("核对", silent: output.json)
        let request = ControlRequest(command: .verify)
        if let report = try request.ask(place.data, { line.show(share: $0) })?.verification {
            return report
        }
        let before = Verification.faultsOnDisk(place.data, all: false)
        do {
            let directory = try DataDirectory.open(place.data)
            var report = try Verification(directory: directory).run { fraction in
                line.show(share: fraction)
            }
            try directory.close()
            report.faults.insert(contentsOf: before, at: 0)
            return report
        } catch where Self.isDamage(error) {
            var report = VerificationReport()
            let found = Verification.faultsOnDisk(place.data, all: true)
            report.faults = (found.isEmpty ? before : found) + ["无法打开：\(error)"]
            return report
        } catch let fault as DataDirectoryFault where fault.code == .missing {
            throw Exit(66, fault.description)
        }
    }

    private func verify(_ repository: BackupRepository) throws {
        let line = ProgressLine("核对备份", silent: output.json)
        let report = try BackupAudit(repository: repository).run { line.show(share: $0) }
        if output.json { try printJSON(BackupAuditAnswer(report)) } else {
            print(
                "核对了 \(report.points) 个备份点、\(report.pieces) 个文件、\(report.byteCount / 1_000_000) MB"
                    + (report.unused > 0 ? "；\(report.unused) 个文件没有备份点用到，可用 tianzhong backup prune 删去" : ""))
            for fault in report.faults { print("损坏：\(fault)") }
            print(report.isWhole ? "全部完好" : "发现 \(report.faults.count) 处问题，请改用别的备份")
        }
        if !report.isWhole { throw ExitCode(3) }
    }

    private static func isDamage(_ error: any Error) -> Bool {
        switch error {
        case let fault as DataDirectoryFault: fault.code == .damaged
        case let fault as ArchiveFault: fault.code == .damaged
        case let fault as RegistryFault: fault.problem == .damaged
        default: false
        }
    }

    private func show(_ report: VerificationReport) throws {
        if output.json { return try printJSON(VerificationAnswer(report)) }
        print(
            "核对了 \(report.deliveries) 个批次、\(report.entries) 条记录、\(report.suspended) 条疑似、"
                + "\(report.subjects) 个主体、原文件 \(report.rawBytes / 1_000_000) MB")
        if report.unremoved > 0 { print("已清除的批次还有 \(report.unremoved) 条记录尚待除去") }
        for name in report.undigested { print("尚无校验值（不是损坏）：\(name)") }
        for name in report.keyDestroyed { print("数据密钥已按规定销毁，不再可读（不是损坏）：\(name)") }
        for fault in report.faults { print("损坏：\(fault)") }
        print(report.isWhole ? "全部完好" : "发现 \(report.faults.count) 处问题，请从备份恢复")
    }
}

/// The report as JSON.
struct VerificationAnswer: Encodable {
    let whole: Bool
    let deliveries, entries, suspended, cards, subjects, unremoved: Int
    let rawBytes: Int64
    let faults, undigested, keyDestroyed: [String]

    init(_ report: VerificationReport) {
        whole = report.isWhole
        deliveries = report.deliveries
        entries = report.entries
        suspended = report.suspended
        cards = report.cards
        subjects = report.subjects
        unremoved = report.unremoved
        rawBytes = report.rawBytes
        faults = report.faults
        undigested = report.undigested
        keyDestroyed = report.keyDestroyed
    }
}

/// The report on a backup as JSON.
private struct BackupAuditAnswer: Encodable {
    let whole: Bool
    let points, pieces, unused: Int
    let byteCount: Int64
    let faults: [String]

    init(_ report: BackupAuditReport) {
        whole = report.isWhole
        points = report.points
        pieces = report.pieces
        unused = report.unused
        byteCount = report.byteCount
        faults = report.faults
    }
}
