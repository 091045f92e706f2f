import ArgumentParser
import FoundationEssentials
import Glibc
import Intake

/// Kills the program at random moments while it takes files in, and holds what it promised against what is there.
struct KillDrill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "在报送中随机杀死进程（SIGKILL），每次重启后核对全部回执")
    @OptionGroup var place: PlaceOptions
    @Option(help: "杀多少次") var count = 1000
    @Option(help: "随机种子") var seed: UInt64 = 1
    @Option(help: "每几次换一个新的数据目录") var renew = 25

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            try await withScratch { folder in
                var chance = SplitMix(seed: seed, turn: 0)
                var summary = DrillSummary()
                let start = Clock.uptime()
                for round in 0..<(count + renew - 1) / renew {
                    let data = "\(folder)/\(round)"
                    try DataDirectory.initialise(data)
                    var files = try DrillFiles(in: "\(data)-files")
                    var ledger = DrillLedger(data: data, book: book)
                    for kill in round * renew..<min(count, (round + 1) * renew) where ledger.faults.isEmpty {
                        let step =
                            kill % 5 == 4
                            ? try killServer(&files, &ledger, &chance, folder) : try killDeliver(&files, &ledger, &chance, folder)
                        summary.steps[step, default: 0] += 1
                        summary.kills += 1
                        try await ledger.restart()
                    }
                    summary.add(ledger)
                    guard summary.faults.isEmpty else { break }
                    for path in [data, "\(data)-files"] { try FileManager.default.removeItem(atPath: path) }
                }
                summary.show(seconds: Clock.uptime() - start)
                if !summary.faults.isEmpty { throw ExitCode(3) }
            }
        }
    }

    /// - Returns: the last step that was durable before the kill.
    private func killDeliver(
        _ files: inout DrillFiles, _ ledger: inout DrillLedger, _ chance: inout SplitMix, _ folder: String
    ) throws -> String {
        let batch = try Self.write(&files, &ledger, &chance)
        let program = try DrilledProgram(
            [
                DrilledProgram.path, "deliver", "--data", ledger.data, "--book", place.book, "--resource", DrillFiles.resource,
                "--provider", DrillFiles.provider, "--trace-steps",
            ] + batch.map(\.path), in: folder)
        // By what it has said, and then a moment: so every part of the work is met, however busy the machine is.
        program.hears(lines: Int.random(in: 0..<batch.count * 7, using: &chance), within: 30)
        let lines = DrillLine.parse(program.kill(after: Double.random(in: 0..<0.02, using: &chance)).output)
        ledger.note(lines)
        let steps = lines.compactMap { line in if case .step(let name) = line { name } else { nil } }
        return steps.last ?? "none"
    }

    /// Files go to a server one after another until it is killed.
    private func killServer(
        _ files: inout DrillFiles, _ ledger: inout DrillLedger, _ chance: inout SplitMix, _ folder: String
    ) throws -> String {
        let batch = try Self.write(&files, &ledger, &chance)
        let server = try DrilledServer(data: ledger.data, book: place.book, reserve: 256, in: folder)
        let moment = Double.random(in: 0..<0.15, using: &chance)
        // Killed from beside, in the middle of a request or of the work behind it.
        server.program.signal(SIGKILL, after: moment)
        for file in batch {
            guard let receipt = server.client.deliver(file.path).receipt else { break }
            ledger.noteReceipt(receipt.number, digest: receipt.digest)
        }
        _ = server.program.wait()
        return "serve"
    }

    private static func write(
        _ files: inout DrillFiles, _ ledger: inout DrillLedger, _ chance: inout SplitMix
    ) throws -> [DrillFiles.File] {
        try (0..<3).map { _ in
            let workbook = Int.random(in: 0..<4, using: &chance) == 0
            let sizes = workbook ? [2, 30, 200] : [2, 40, 400, 2000]
            let file = try files.next(rows: sizes.randomElement(using: &chance) ?? 2, workbook: workbook)
            try ledger.expect(file)
            return file
        }
    }
}

/// What a drill found, over all data directories that it used.
struct DrillSummary {
    var kills = 0
    /// By the last durable step before the end.
    var steps: [String: Int] = [:]
    private(set) var recoveries = 0
    private(set) var receipts = 0
    private(set) var lost = 0
    private(set) var doubled = 0
    private(set) var slowest = 0.0
    private(set) var faults: [String] = []

    mutating func add(_ ledger: DrillLedger) {
        recoveries += ledger.recoveries
        receipts += ledger.promised
        lost += ledger.lost
        doubled += ledger.doubled
        slowest = max(slowest, ledger.slowest)
        faults += ledger.faults
    }

    func show(seconds: Double) {
        let order = ["none"] + CommitStep.allCases.map(\.rawValue) + ["serve"]
        let reached = order.compactMap { step in steps[step].map { "\(step) \($0)" } }.joined(separator: "、")
        print("杀 \(kills) 次（每秒 \(two(Double(kills) / max(seconds, 0.001))) 次）：\(reached)")
        print("重启 \(recoveries) 次，最慢 \(two(slowest * 1000)) 毫秒；回执 \(receipts) 份：丢失 \(lost)，重复 \(doubled)")
        for fault in faults.prefix(20) { print("不符：\(fault)") }
        print(faults.isEmpty ? "每次重启后核对无误" : "发现 \(faults.count) 处不符")
    }
}
