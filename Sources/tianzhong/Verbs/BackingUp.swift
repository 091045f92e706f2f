import ArgumentParser
import FoundationEssentials
import Identifiers
import Intake

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "备份数据目录：只复制上次以来新增的内容", subcommands: [Make.self, List.self, Prune.self],
        defaultSubcommand: Make.self)

    struct Make: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "make", abstract: "增加一个备份点（缺省）", discussion: "平台正在运行时也可以备份。备份目录里有密钥，请像数据目录一样保护。")
        @OptionGroup var place: PlaceOptions
        @Option(name: .long, help: "备份目录；不存在时新建，已有备份时增加一个备份点") var to: String

        func run() async throws {
            try await reporting {
                let line = ProgressLine("备份")
                let target = URL(filePath: to).standardizedFileURL.path
                let request = ControlRequest(command: .backup, target: target)
                if let answer = try request.ask(place.data, { line.show(share: $0) }) {
                    return print(answer.done ?? "")
                }
                let directory = try place.openDirectory()
                let report = try Backup(directory: directory, repository: try .make(to)).run(
                    at: Clock.now(), uptime: { Clock.uptime() }
                ) { line.show(share: $0) }
                try directory.close()
                print(BackupWords.sentence(report, at: to))
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出备份点")
        @Option(name: .long, help: "备份目录") var to: String

        func run() async throws {
            try await reporting {
                for point in try openRepository(to).points() {
                    print(
                        "\(point.number)\t\(Instant(milliseconds: point.made))\t\(point.deliveries) 个批次，最后是第 \(point.lastDelivery) 批"
                            + "\t\(point.files.count) 个文件，\(point.byteCount / 1_000_000) MB")
                }
            }
        }
    }

    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "只留最近的几个备份点，删去不再用到的文件和中断的备份留下的文件")
        @Option(name: .long, help: "备份目录") var to: String
        @Option(name: .long, help: "留下几个备份点，至少 1") var keep: Int

        func run() async throws {
            try await reporting {
                guard keep >= 1 else { throw ValidationError("--keep 至少为 1") }
                let removed = try openRepository(to).prune(keep: keep)
                print("删去了 \(removed.points) 个备份点、\(removed.pieces) 个文件")
            }
        }
    }
}

/// Opens a backup repository; where there is none, ends with 66.
func openRepository(_ path: String) throws -> BackupRepository {
    do { return try BackupRepository(path: path) } catch let fault as DataDirectoryFault where fault.code == .missing {
        throw Exit(66, fault.description)
    }
}

/// What people are told of a backup.
enum BackupWords {
    static func sentence(_ report: BackupReport, at path: String) -> String {
        "备份点 \(report.point.number)：\(report.point.deliveries) 个批次，\(report.point.files.count) 个文件，共 \(report.point.byteCount / 1_000_000) MB，"
            + "新复制 \(report.copiedBytes / 1_000_000) MB；入库暂停 \(Int(report.pause * 1000)) 毫秒。可用 tianzhong verify \(path) 核对"
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "从备份恢复出一个新的数据目录",
        discussion: "缺省恢复最新的备份点。--delivery 恢复到某一批刚入库时的状态：此后的批次、撤回都不在其中。")
    @OptionGroup var place: PlaceOptions
    @Argument(help: "备份目录") var backup: String
    @Option(help: "备份点的编号") var point: Int?
    @Option(help: "批次号：恢复到这一批刚入库时") var delivery: UInt32?

    func run() async throws {
        try await reporting {
            guard point == nil || delivery == nil else { throw ValidationError("--point 和 --delivery 只能给一个") }
            let restoration = Restoration(repository: try openRepository(backup), target: place.data)
            let line = ProgressLine("恢复")
            let show: @Sendable (Double) -> Void = { line.show(share: $0) }
            let report: RestorationReport
            do {
                if let delivery {
                    report = try await restoration.run(delivery: delivery, book: try place.loadBook(), show)
                } else {
                    report = try restoration.run(point: point, show)
                }
            } catch let fault as DataDirectoryFault where fault.code == .missing {
                throw Exit(66, fault.description)
            } catch let fault as DataDirectoryFault where fault.code == .exists {
                throw Exit(65, fault.description)
            }
            let source = report.point.map { "备份点 \($0)" } ?? "原文件"
            print(
                "已由\(source)恢复到 \(place.data)：\(report.verification.deliveries) 个批次、\(report.verification.entries) 条记录，"
                    + "重做 \(report.replayed) 个批次，全部核对无误")
            if report.isBehind { print("这是较早的状态：存证账本短于最后签名的树头，只能查阅，不能再入库") }
            if report.later > 0 { print("备份中另有 \(report.later) 个此后的批次，不在恢复出的数据中") }
        }
    }
}
