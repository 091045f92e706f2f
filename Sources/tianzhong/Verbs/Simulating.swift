import ArgumentParser
import Identifiers
import Simulation

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "生成演示城市：各部门三年的报送文件和标准答案 truth.jsonl",
        discussion: "同样的 --subjects、--seed、--today 生成逐字节相同的文件。全部是演示数据，身份证号使用未分配的区划代码，不属于任何人。")
    @OptionGroup var place: PlaceOptions
    @Option(help: "主体数") var subjects = 60_000
    @Option(help: "随机种子") var seed: UInt64 = 20_190_718
    @Option(help: "数据截至的日期") var today = "2026-06-30"
    @Option(name: .long, help: "输出目录") var out: String

    func run() async throws {
        try await reporting {
            guard let date = CivilDate.parse(Array(today.utf8).span) else { throw ValidationError("--today 应为日期，如 2026-06-30") }
            guard subjects >= 100 else { throw ValidationError("--subjects 至少为 100") }
            let line = ProgressLine("生成演示城市")
            let start = Clock.uptime()
            let city = try City(book: try place.loadBook(), subjects: subjects, seed: seed, today: date)
            let manifest = try await city.write(to: out) { done, total in
                line.show(done: done, unit: "个文件", fraction: Double(done) / Double(max(1, total)))
            }
            line.finish("")
            print(
                "已在 \(out) 生成 \(manifest.files.count) 个文件、\(manifest.rows) 行（\(subjects) 个主体，用时 \(Int(Clock.uptime() - start)) 秒）")
        }
    }
}
