import ArgumentParser
import FoundationEssentials
import Identifiers

struct LinesDrill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lines", abstract: "把演示城市的行改坏，一份份报送：不崩溃、不卡住，入库 + 退回 = 总行",
        discussion: """
            每份文件都由种子和编号决定。受理在子进程里进行：它崩溃或超过时限时，文件留在 --keep 目录，演练从下一份继续。\
            整份退回的要有理由，逐行受理的要与独立计数相等，退回的行要有原因，入库的行抽查重读相同。
            """)
    @OptionGroup var place: PlaceOptions
    @Option(help: "共多少行") var count = 100_000
    @Option(help: "每份文件的行数") var lines = 20_000
    @Option(help: "行所取自的演示城市的主体数") var subjects = 3000
    @Option(help: "随机种子") var seed: UInt64 = 20_190_718
    @Option(help: "只用这些资源，如 ZMD-03-0002") var resource: [String] = []
    @Option(help: "一份文件最多几秒") var patience = 120
    @Option(help: "有问题的文件留在哪里") var keep = "lines-drill-findings"
    @Option(help: .init("子进程的目录", visibility: .private)) var work: String?
    @Option(help: .init("子进程从哪一份开始", visibility: .private)) var first = 0

    func run() async throws {
        try await reporting {
            if let work {
                let book = try place.loadBook()
                let files = MutatedFiles(
                    sources: try await MutatedFiles.sources(
                        in: "\(work)/city", book: book, subjects: subjects, seed: seed, today: Clock.now().date, resources: resource),
                    seed: seed, linesPerFile: lines)
                try await LinesRun(files: files, book: book, folder: work).run(first..<fileCount)
            } else {
                try await withScratch { try supervise(in: $0) }
            }
        }
    }

    private var fileCount: Int { max(1, (count + lines - 1) / lines) }

    /// Starts the working process, again after each end that is none of its own.
    private func supervise(in folder: String) throws {
        var outcome = LinesOutcome()
        let start = Clock.uptime()
        var next = 0
        while next < fileCount {
            let child = try DrilledProgram(
                [
                    DrilledProgram.path, "drill", "lines", "--work", folder, "--first", "\(next)", "--count", "\(count)", "--lines", "\(lines)",
                    "--seed", "\(seed)", "--subjects", "\(subjects)", "--book", place.book,
                ] + resource.flatMap { ["--resource", $0] }, in: folder)
            var heard = 0
            var asked = Clock.uptime()
            while true {
                child.hears(lines: heard + 1, within: Double(patience))
                let reports = child.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                guard reports.count > heard else { break }
                for line in reports.dropFirst(heard) {
                    guard let report = FileReport(line: String(line)) else { continue }
                    next = report.number + 1
                    outcome.add(report)
                    if let finding = report.finding { keepFile(report.number, folder, finding) }
                }
                heard = reports.count
                asked = Clock.uptime()
            }
            let isLate = Clock.uptime() - asked >= Double(patience)
            let end = isLate ? child.kill(after: 0) : child.wait()
            if next < fileCount {
                outcome.findings += 1
                keepFile(next, folder, isLate ? "超过 \(patience) 秒" : "子进程没有做完（\(end.code.map { "\($0)" } ?? "信号")）\(end.errors.prefix(500))")
                next += 1
            }
        }
        outcome.show(seconds: Clock.uptime() - start, lines: lines)
        if outcome.findings > 0 { throw Exit(3, "\(outcome.findings) 处问题，文件在 \(keep)") }
    }

    private func keepFile(_ number: Int, _ folder: String, _ reason: String) {
        let file = "\(keep)/\(seed)-\(number)"
        try? FileManager.default.createDirectory(atPath: keep, withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: file)
        try? FileManager.default.copyItem(atPath: "\(folder)/current", toPath: file)
        FileHandleOutput.standardError.write("第 \(number) 份（种子 \(seed)）：\(reason)；文件在 \(file)\n")
    }
}

/// What became of one file; one line between the two processes.
struct FileReport {
    let number: Int
    let rows, accepted, rejected, reread: Int
    let isRefused: Bool
    let milliseconds: Int
    /// What is wrong; nil where nothing is.
    let finding: String?

    init(number: Int, rows: Int, accepted: Int, rejected: Int, reread: Int, isRefused: Bool, milliseconds: Int, finding: String?) {
        self.number = number
        (self.rows, self.accepted, self.rejected, self.reread) = (rows, accepted, rejected, reread)
        self.isRefused = isRefused
        self.milliseconds = milliseconds
        self.finding = finding
    }

    init?(line: String) {
        let parts = line.split(separator: " ", maxSplits: 8, omittingEmptySubsequences: false)
        let numbers = parts.dropFirst().prefix(7).compactMap { Int($0) }
        guard parts.count == 9, parts[0] == "file", numbers.count == 7 else { return nil }
        self.init(
            number: numbers[0], rows: numbers[1], accepted: numbers[2], rejected: numbers[3], reread: numbers[4], isRefused: numbers[5] == 1,
            milliseconds: numbers[6], finding: parts[8].isEmpty ? nil : String(parts[8]))
    }

    var line: String {
        let words = finding?.split(whereSeparator: \.isNewline).joined(separator: " ") ?? ""
        return "file \(number) \(rows) \(accepted) \(rejected) \(reread) \(isRefused ? 1 : 0) \(milliseconds) \(words)\n"
    }
}

/// The sum of all files.
struct LinesOutcome {
    private var files = 0
    private var refused = 0
    private var rows = 0
    private var accepted = 0
    private var reread = 0
    private var slowest = (milliseconds: 0, number: 0)
    private var working = 0
    var findings = 0

    mutating func add(_ report: FileReport) {
        files += 1
        rows += report.rows
        accepted += report.accepted
        reread += report.reread
        working += report.milliseconds
        if report.isRefused { refused += 1 }
        if report.finding != nil { findings += 1 }
        if report.milliseconds > slowest.milliseconds { slowest = (report.milliseconds, report.number) }
    }

    func show(seconds: Double, lines: Int) {
        print(
            """
            报送 \(files) 份、\(files * lines) 行：整份退回 \(refused) 份；逐行受理 \(files - refused) 份，总行 \(rows) = 入库 \(accepted) + 退回 \(rows - accepted)
            抽查重读入库的行 \(reread) 行；问题 \(findings) 处
            用时 \(Int(seconds)) 秒，其中受理 \(working / 1000) 秒，每秒 \(Int(Double(files * lines) / max(0.001, Double(working) / 1000))) 行；\
            最慢的一份 \(slowest.milliseconds) 毫秒（第 \(slowest.number) 份）
            """)
    }
}
