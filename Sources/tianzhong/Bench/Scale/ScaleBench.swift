import Archive
import ArgumentParser
import FoundationEssentials
import Identifiers
import Intake
import Policy

struct ScaleBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "大规模：边生成边报送，再量读取、汇总、校验和启动",
        discussion: "各阶段（load merge read fold verify start withdraw）可分开运行，数据目录保留；withdraw 撤回并清除一批，只做一次。结果写入“数据目录.json”，并画出增长图。")
    @OptionGroup var place: PlaceOptions
    @OptionGroup var peer: PeerOptions
    @Option(help: "总条数") var records = 10_000_000
    @Option(help: "每批最多的行数") var delivery = 5_000_000
    @Option(help: "自然人数；缺省为每人约 35 条") var subjects: Int?
    @Option(help: "法人数；缺省为自然人的二十五分之一") var organisations: Int?
    @Option(help: "要运行的阶段，逗号分隔") var phase = "load,read,fold,verify,start"
    @Option(help: "增长图写到哪个 SVG 文件") var chart: String?

    func run() async throws {
        try await reporting {
            for name in phase.split(separator: ",") {
                switch name {
                case "load": try await load()
                case "merge": try await open { try await merge($0, &$1) }
                case "read": try await open { try await ScaleReads(directory: $0, city: $1.city).run(&$1, peer: peer) }
                case "fold": try await open { try await ScaleFold(directory: $0, book: try place.loadBook()).run(&$1, peer: peer) }
                case "verify": try await open { try await verify($0, &$1) }
                case "start": try await start()
                case "withdraw": try await open { try await ScaleWithdrawal(directory: $0, book: try place.loadBook(), city: $1.city).run(&$1) }
                default: throw ValidationError("没有阶段“\(name)”")
                }
            }
            if let chart {
                try GrowthChart(ScaleResult.load(resultPath).stretches).svg.write(
                    toFile: chart, atomically: true, encoding: .utf8)
            }
        }
    }

    private var resultPath: String { place.data + ".json" }

    private func load() async throws {
        let persons = subjects ?? max(1000, records / 35)
        var result = ScaleResult(
            records: records, persons: persons, organisations: organisations ?? persons / 25, delivery: delivery)
        let book = try place.loadBook()
        try DataDirectory.initialise(place.data)
        let directory = try DataDirectory.open(place.data)
        result.alone = try await ScaleParts.measure(
            result.city, secret: directory.subjectKeys(), today: Clock.now().date)
        print("单独测得，每行 CPU 微秒：" + result.alone.sorted { $0.key < $1.key }.map { "\($0.key) \(two($0.value))" }.joined(separator: "、"))
        var loading = ScaleLoad(directory, book: book, result: result)
        result = try await loading.run()
        try directory.close()
        try result.save(resultPath)
        print(
            "\(result.records) 条，\(two(result.loadSeconds ?? 0)) 秒（其中暂停 \(two(result.pausedSeconds ?? 0))），此后整理 \(two(result.settleSeconds ?? 0)) 秒；"
                + "内存峰值 \(result.peakMegabytes ?? 0) MB，整理后每条 \(two(result.bytesPerRecord ?? 0)) 字节")
    }

    /// Runs a phase on the kept directory and writes down what it found.
    private func open(_ body: (DataDirectory, inout ScaleResult) async throws -> Void) async throws {
        var result = try ScaleResult.load(resultPath)
        let directory = try place.openDirectory()
        try await body(directory, &result)
        try directory.close()
        try result.save(resultPath)
    }

    /// What `serve` does when nothing has come in for ten minutes.
    private func merge(_ directory: DataDirectory, _ result: inout ScaleResult) async throws {
        let desk = DeliveryDesk(directory: directory, book: try place.loadBook())
        let (_, cost) = try await Cost.of { try desk.mergeWhileIdle(at: Clock.now().adding(days: 1)) }
        result.figures["mergeSeconds"] = cost.wall
        print("空闲时合并为一段：\(two(cost.wall)) 秒，CPU \(two(cost.cpu)) 秒；每条 \(two(Double(try directory.archive.backlog().diskBytes) / Double(result.records))) 字节")
    }

    private func verify(_ directory: DataDirectory, _ result: inout ScaleResult) async throws {
        let (report, cost) = try await Cost.of { try Verification(directory: directory).run { _ in } }
        guard report.isWhole else { throw Exit(70, report.faults.joined(separator: "\n")) }
        result.figures["verifySeconds"] = cost.wall
        print("校验 \(report.entries) 条：\(two(cost.wall)) 秒，CPU \(two(cost.cpu)) 秒")
    }

    /// Opening the directory, and a history as the first answer, in this process.
    private func start() async throws {
        var result = try ScaleResult.load(resultPath)
        let city = result.city
        let today = Clock.now().date
        let begin = Clock.uptime()
        let directory = try place.openDirectory()
        let opened = Clock.uptime()
        var keys = directory.subjectKeys()
        guard let identifier = city.identifier(of: 4711 % city.persons, on: today) else { return }
        let found = try directory.archive.history(of: [keys.key(of: identifier)]).entries.count
        let answered = Clock.uptime()
        try directory.close()
        result.figures["openSeconds"] = opened - begin
        result.figures["firstAnswerSeconds"] = answered - begin
        try result.save(resultPath)
        print("打开 \(two(opened - begin)) 秒，到第一个履历（\(found) 条）\(two(answered - begin)) 秒；目标 3 秒")
    }
}
