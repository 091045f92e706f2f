import Archive
import ArgumentParser
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Registry
import Simulation

struct FlipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flip", abstract: "在数据目录和备份的每个文件里翻转单个比特，看核对是否都能发现",
        discussion: "退出码 0 表示全部发现，3 表示有遗漏。")
    @OptionGroup var place: PlaceOptions
    @Option(help: "翻转几次，一半在数据目录，一半在备份") var count = 10_000
    @Option(help: "演示城市的主体数") var subjects = 60
    @Option(help: "随机种子；同一种子可重演") var seed: UInt64 = 1

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            let missed = try await withScratch { folder in
                try await fill("\(folder)/data", from: "\(folder)/files", backup: "\(folder)/backup", book: book)
                let directory = try DataDirectory.open("\(folder)/data")
                let deliveries = try directory.registry.deliveries.all()
                let keys = try FileKeys(copying: directory.keyring)
                try directory.close()
                let line = ProgressLine("翻转")
                let live = FlipDrill(path: "\(folder)/data", deliveries: deliveries, keys: keys)
                let kept = try FlipDrill(repository: BackupRepository(path: "\(folder)/backup"))
                var missed = live.undamaged() + kept.undamaged()
                missed += live.run(count: count / 2, seed: seed) { line.show(done: $0, unit: "次", fraction: Double($0) / Double(count)) }
                missed += kept.run(count: count - count / 2, seed: seed) {
                    line.show(done: $0 + count / 2, unit: "次", fraction: 0.5 + Double($0) / Double(count))
                }
                return missed
            }
            for flip in missed.prefix(100) { print("没有发现：\(flip)") }
            print("翻转 \(count) 次，发现 \(count - missed.count) 次")
            if !missed.isEmpty { throw ExitCode(3) }
        }
    }

    /// A small city, compacted in the middle, so that old and fresh files of the archive are there; and its backup.
    private func fill(_ path: String, from files: String, backup: String, book: PolicyBook) async throws {
        let now = Clock.now()
        let manifest = try await City(book: book, subjects: subjects, seed: seed, today: now.date).write(to: files) { _, _ in }
        try DataDirectory.initialise(path)
        let directory = try DataDirectory.open(path)
        let desk = DeliveryDesk(directory: directory, book: book)
        for (index, file) in manifest.files.enumerated() {
            let request = DeliveryRequest(resource: file.resource, provider: file.provider, fileName: file.path, channel: .commandLine)
            let received = try desk.receive(try desk.arrive("\(files)/\(file.path)", of: file.provider, at: now), as: request, at: now)
            _ = try await desk.work(on: received.delivery.number, clock: { now })
            if index == manifest.files.count / 2 { try directory.archive.compact() }
        }
        _ = try Backup(directory: directory, repository: .make(backup)).run(at: now)
        try directory.close()
    }
}
