import Archive
import ArgumentParser
import FoundationEssentials
import Glibc
import Identifiers
import Intake
import Policy
import Registry
import Synchronization
import Tables

struct IntakeBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake", abstract: "CSV 报送全过程（接收、解码、校验、识别主体、入库）的行速，对照 DuckDB 装载同一批文件")
    @OptionGroup var place: PlaceOptions
    @OptionGroup var peer: PeerOptions
    @Option(help: "每个文件的行数") var rows = 1_000_000
    @Option(help: "主体数") var subjects = 200_000
    @Option(help: "每轮连续报送的文件数") var files = 3
    @Option(help: "轮数，取中位数") var rounds = 3
    @Flag(help: "主体为法人（统一社会信用代码），不是自然人") var organisations = false

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            let duck = try DuckDB.prepare(in: peer.folder)
            try await withScratch { folder in
                try DataDirectory.initialise("\(folder)/data")
                let directory = try DataDirectory.open("\(folder)/data")
                let desk = DeliveryDesk(directory: directory, book: book)
                var figures = IntakeFigures(rows: rows, files: files)
                for round in 0..<rounds {
                    let paths = (0...files).map { "\(folder)/\(round)-\($0).csv" }
                    for (index, path) in paths.enumerated() {
                        try Payments.write(
                            rows: rows, subjects: subjects, organisations: organisations, period: round * (files + 1) + index, to: path)
                    }
                    try await figures.measure(alone: paths[0], series: Array(paths.dropFirst()), at: desk)
                    try figures.measure(duck, loading: Array(paths.dropFirst()), in: folder)
                    print(figures.line(of: round))
                    for path in paths { try FileManager.default.removeItem(atPath: path) }
                }
                try directory.close()
                figures.show(against: duck == nil ? "没有 DuckDB" : "DuckDB \(DuckDB.version)，2 线程")
            }
        }
    }
}

/// What the rounds of the intake bench gave.
struct IntakeFigures {
    let rows: Int
    let files: Int
    /// Rows a second: one file alone, and one of several that arrive while the one before is worked on.
    private var alone: [Double] = []
    private var series: [Double] = []
    /// CPU microseconds a row in a series.
    private var seriesCPU: [Double] = []
    /// What the peer needed for the files of the series: rows a second and CPU microseconds a row.
    private var inMemory: [Double] = []
    private var inMemoryCPU: [Double] = []
    private var inFile: [Double] = []
    private var inFileCPU: [Double] = []
    private var stages: [[IntakeStage: Cost]] = []
    private var parts: (decode: [Double], hash: [Double]) = ([], [])

    init(rows: Int, files: Int) {
        self.rows = rows
        self.files = files
    }

    mutating func measure(alone path: String, series paths: [String], at desk: DeliveryDesk) async throws {
        let watch = IntakeWatch()
        let (_, single) = try await Cost.of { try await deliver([path], at: desk, watch) }
        alone.append(Double(rows) / single.wall)
        stages.append(watch.costs)
        let (_, several) = try await Cost.of { try await deliver(paths, at: desk, nil) }
        series.append(Double(rows * files) / several.wall)
        seriesCPU.append(several.cpu / Double(rows * files) * 1e6)
        let (keys, reading) = try await Cost.of { try readOnly(path) }
        parts.decode.append(reading.cpu / Double(rows) * 1e6)
        let (_, hashing) = await Cost.of {
            var maker = desk.directory.subjectKeys()
            for identifier in keys { _ = maker.key(of: identifier) }
        }
        parts.hash.append(hashing.cpu / Double(keys.count) * 1e6)
    }

    mutating func measure(_ duck: DuckDB?, loading paths: [String], in folder: String) throws {
        guard let duck else { return }
        for place in [":memory:", "\(folder)/duck.db"] {
            let words = try duck.run(Payments.duckScript, [place] + paths).split(separator: " ").compactMap { Double($0) }
            guard words.count == 3, Int(words[0]) == rows * files else { throw Exit(70, "DuckDB 没有装完这些文件") }
            let (speed, cpu) = (Double(rows * files) / words[1], words[2] / Double(rows * files) * 1e6)
            if place == ":memory:" { inMemory.append(speed); inMemoryCPU.append(cpu) } else { inFile.append(speed); inFileCPU.append(cpu) }
            for end in ["", ".wal"] { try? FileManager.default.removeItem(atPath: place + end) }
        }
    }

    func line(of round: Int) -> String {
        var text = "第 \(round + 1) 轮：单个文件每秒 \(Int(alone[round])) 行；连续 \(files) 个每秒 \(Int(series[round])) 行，每行 CPU \(two(seriesCPU[round])) 微秒"
        if round < inFile.count { text += "；DuckDB 内存 \(Int(inMemory[round]))，文件 \(Int(inFile[round]))" }
        return text
    }

    func show(against peer: String) {
        func ratios(_ own: [Double]) -> String {
            guard !inFile.isEmpty else { return "—" }
            return "内存 \(two(median(zip(own, inMemory).map { $0 / $1 })))，文件 \(two(median(zip(own, inFile).map { $0 / $1 })))"
        }
        let peers = inFile.isEmpty
            ? peer
            : "\(peer)：装入内存每秒 \(Int(median(inMemory))) 行（CPU \(two(median(inMemoryCPU))) 微秒），装入文件并落盘每秒 \(Int(median(inFile))) 行（CPU \(two(median(inFileCPU))) 微秒）"
        Measurement.show([
            Measurement(
                work: "CSV 报送，全部环节，两核，一个接一个（后一个在前一个处理时到达）",
                figure: "每秒 \(Int(median(series))) 行（每行 CPU \(two(median(seriesCPU))) 微秒）", peer: peers, ratio: ratios(series)),
            Measurement(work: "同上，单个文件", figure: "每秒 \(Int(median(alone))) 行", peer: "同上", ratio: ratios(alone)),
        ])
        print("单个文件各段（每行微秒：CPU / 历时）")
        for stage in IntakeStage.allCases {
            let costs = stages.compactMap { $0[stage] }
            func each(_ figures: [Double]) -> String { two(median(figures) / Double(rows) * 1e6) }
            print("    \(stage.rawValue)　\(each(costs.map(\.cpu))) / \(each(costs.map(\.wall)))")
        }
        print("    其中（另测）：解码 \(two(median(parts.decode)))，主体密钥 \(two(median(parts.hash)))")
        print("内存峰值 \(peakMegabytes()) MB")
    }

    /// Takes files in one after another; each arrives while the one before it is worked on.
    private func deliver(_ paths: [String], at desk: DeliveryDesk, _ watch: IntakeWatch?) async throws {
        let request = DeliveryRequest(
            resource: Payments.resource, provider: Payments.provider, fileName: "bench.csv", channel: .commandLine)
        watch?.begin()
        var arrivals = ArrivingFiles(paths.map { ($0, Payments.provider, Clock.now()) }, at: desk)
        while let arrived = try await arrivals.next() {
            watch?.end(.arrive)
            let (delivery, _) = try desk.receive(arrived, as: request, at: Clock.now())
            watch?.end(.register)
            let done = try await desk.work(
                on: delivery.number,
                clock: {
                    watch?.told()
                    return Clock.now()
                }, onStep: { step in
                    if step == .staged { watch?.end(.seal) }
                })
            watch?.end(.commit)
            guard done.accepted == rows else { throw Exit(70, "基准文件有 \(done.rejected) 行退回：\(done.fault ?? "")") }
        }
    }

    /// Decodes a file, and gives the identifiers of its first rows.
    private func readOnly(_ path: String) throws -> [Identifier] {
        let reader = try TableFile.open(path: path)
        var keys: [Identifier] = []
        while let batch = try reader.next(maximumRows: 2048) {
            guard keys.count < 100_000 else { continue }
            for row in batch.rows.indices {
                let cell = batch.range(batch.cell(row: row, column: Payments.identifierColumn))
                if let found = Identifier.recognise(batch.bytes.span.extracting(cell), on: Clock.now().date) { keys.append(found) }
            }
        }
        return keys
    }
}

/// The stretches of one delivery, one behind the other.
enum IntakeStage: String, CaseIterable {
    case arrive = "接收（复制、摘要、落盘）"
    case register = "登记回执"
    case check = "解码、校验、识别主体"
    case seal = "排序、写文件、落盘"
    case commit = "提交两库"
}

/// Splits the cost of a delivery by stage.
final class IntakeWatch: Sendable {
    private struct State {
        var last: (wall: Double, cpu: Double) = (0, 0)
        var costs: [IntakeStage: Cost] = [:]
        var looks = 0
    }

    private let state = Mutex(State())

    var costs: [IntakeStage: Cost] { state.withLock { $0.costs } }

    func begin() { state.withLock { $0.last = (Clock.uptime(), Cost.processSeconds()) } }

    func end(_ stage: IntakeStage) {
        state.withLock { state in
            let now = (wall: Clock.uptime(), cpu: Cost.processSeconds())
            state.costs[stage] = Cost(wall: now.wall - state.last.wall, cpu: now.cpu - state.last.cpu)
            state.last = now
        }
    }

    /// The delivery looked at the clock: first when checking begins, then when it is done.
    func told() {
        let looks = state.withLock { state in
            state.looks += 1
            return state.looks
        }
        if looks == 2 { end(.check) }
    }
}
