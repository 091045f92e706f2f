import ArgumentParser
import FoundationEssentials
import Glibc
import Intake
import Policy

/// Kills the program at each system call that writes, or lets the call fail, and holds what it promised against what is there.
///
/// One delivery is traced first, to learn which calls are made on which files of the data directory; then each of these is met
/// once with each mischief. strace counts calls of one kind on one file, and in each thread by itself: mischief comes to
/// the first thread that gets to the number. It looks only from the opening of the data directory on.
struct FaultDrill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault", abstract: "在一次小报送的每个写盘系统调用上杀死进程，或让它报 EIO、ENOSPC（须有 strace）")
    @OptionGroup var place: PlaceOptions
    @Option(help: "最多做几次，均匀选取（缺省全部）") var count: Int?

    static let calls = [
        "write", "pwrite64", "fsync", "fdatasync", "rename", "ftruncate", "openat", "link", "unlink", "mkdir", "fallocate",
        "sync_file_range",
    ]

    enum Mischief: String, CaseIterable {
        case kill = "signal=SIGKILL"
        case inputOutput = "error=EIO"
        case full = "error=ENOSPC"
    }

    struct Case {
        let call: String
        let number: Int
        /// The file or folder it is about, below the data directory.
        let path: String
        /// Whether only calls on this path are counted; not where the name is drawn by chance.
        var isCountedByPath: Bool { !path.hasPrefix("deliveries/incoming/") }
        var isSync: Bool { call.hasSuffix("sync") }
        let mischief: Mischief
    }

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            try await withScratch { folder in
                let cases = try choose(trace(folder))
                var tally = FaultTally()
                let start = Clock.uptime()
                for (index, item) in cases.enumerated() where tally.faults.isEmpty {
                    try await meet(item, data: "\(folder)/\(index)", book: book, &tally)
                    for path in ["\(folder)/\(index)", "\(folder)/\(index)-files"] { try FileManager.default.removeItem(atPath: path) }
                }
                tally.close()
                tally.show(seconds: Clock.uptime() - start)
                if !tally.faults.isEmpty { throw ExitCode(3) }
            }
        }
    }

    private func command(_ data: String, _ file: DrillFiles.File) -> [String] {
        [
            DrilledProgram.path, "deliver", "--data", data, "--book", place.book, "--resource", DrillFiles.resource, "--provider",
            DrillFiles.provider, "--trace-steps", file.path,
        ]
    }

    /// Delivers a file under strace.
    ///
    /// - Parameter paths: the only files whose calls are looked at; all where none is named.
    /// - Returns: the program's end and strace's log.
    private func deliver(
        _ file: DrillFiles.File, to data: String, on paths: (DrilledProgram) -> [String] = { _ in [] }, _ options: [String]
    ) throws -> (end: DrilledProgram.End, log: String) {
        let log = "\(data)-files/strace"
        let program = try DrilledProgram(command(data, file) + ["--wait-for-tracer"], in: "\(data)-files")
        program.hears(lines: 1, within: 30)
        let tracer = try DrilledProgram(
            ["strace", "-f", "-qq", "-y", "-p", "\(program.process)", "-o", log]
                + paths(program).flatMap { ["-P", $0] } + options,
            in: "\(data)-files", named: "strace.err")
        guard program.isTraced(within: 10) else {
            _ = program.kill(after: 0)
            throw Exit(66, "strace 不能跟踪进程：\(tracer.kill(after: 0).errors)。请安装 strace，并以 root 运行")
        }
        program.goOn()
        let end = program.wait(atMost: 30)
        _ = tracer.wait()
        return (end, (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
    }

    /// The calls of one delivery inside its data directory that can be met by counting.
    private func trace(_ folder: String) throws -> [Case] {
        let data = "\(folder)/traced"
        try DataDirectory.initialise(data)
        var files = try DrillFiles(in: "\(data)-files")
        let (_, log) = try deliver(
            files.next(rows: 20, workbook: false), to: data, ["-e", "trace=" + Self.calls.joined(separator: ",")])
        var counts: [String: Int] = [:]
        var met: Set<String> = []
        var cases: [Case] = []
        for line in log.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let call = Self.calls.first(where: { words[1].drop { $0 == " " }.hasPrefix("\($0)(") }) else { continue }
            let path = line.firstRange(of: "\(data)/").map { line[$0.upperBound...].prefix { $0 != ">" && $0 != "\"" } }
            // By the path and, for what has no lasting name, over all paths.
            for scope in [path.map(String.init) ?? "-", ""] {
                let number = counts["\(words[0]) \(call) \(scope)", default: 0] + 1
                counts["\(words[0]) \(call) \(scope)"] = number
                // Another thread has come to this number before: it is met in its place.
                guard met.insert("\(call) \(scope) \(number)").inserted, let path else { continue }
                let item = Case(call: call, number: number, path: String(path), mischief: .kill)
                if item.isCountedByPath != scope.isEmpty { cases.append(item) }
            }
        }
        return cases
    }

    private func choose(_ places: [Case]) throws -> [Case] {
        let all = places.flatMap { place in
            Mischief.allCases.map { Case(call: place.call, number: place.number, path: place.path, mischief: $0) }
        }
        guard !all.isEmpty else { throw Exit(70, "strace 的记录中没有写盘的调用") }
        guard let count, count < all.count else { return all }
        return (0..<count).map { all[$0 * all.count / count] }
    }

    private func meet(_ item: Case, data: String, book: PolicyBook, _ tally: inout FaultTally) async throws {
        try DataDirectory.initialise(data)
        var files = try DrillFiles(in: "\(data)-files")
        let file = try files.next(rows: 20, workbook: false)
        var ledger = DrillLedger(data: data, book: book)
        try ledger.expect(file)
        // Whether a failed sync came before or after the acknowledgement is seen in the log, which then has what is said too.
        let (end, log) = try deliver(
            file, to: data,
            on: { item.isCountedByPath ? ["\(data)/\(item.path)"] + (item.isSync ? [$0.outputName] : []) : [] },
            ["-e", "trace=\(item.call)\(item.isSync ? ",write" : "")", "-e", "inject=\(item.call):\(item.mischief.rawValue):when=\(item.number)"])
        let lines = DrillLine.parse(end.output)
        ledger.note(lines)
        try await ledger.restart()
        // Whatever happened, the file can be sent again, and is then there once.
        ledger.note(DrillLine.parse(try DrilledProgram(command(data, file), in: "\(data)-files").wait().output))
        try await ledger.restart()
        tally.add(item, end: end, lines: lines, log: log, ledger: ledger)
    }
}

/// What came of the mischief.
private struct FaultTally {
    private var met = 0
    private var missed = 0
    private var summary = DrillSummary()
    /// How the program ended, by mischief.
    private var ends: [String: Int] = [:]
    /// Files whose sync failed and whose delivery was committed all the same.
    private var passed: [String: Int] = [:]
    /// Syncs that failed once the delivery was acknowledged.
    private var afterwards = 0
    private(set) var faults: [String] = []

    mutating func add(_ item: FaultDrill.Case, end: DrilledProgram.End, lines: [DrillLine], log: String, ledger: DrillLedger) {
        summary.add(ledger)
        let name = "\(item.mischief.rawValue) \(item.call) 第 \(item.number) 次（\(item.path)）"
        faults += ledger.faults.map { "\(name)：\($0)" }
        if end.hung { faults.append("\(name)：进程 30 秒没有结束") }
        if ledger.promised != 1 { faults.append("\(name)：再次报送没有得到回执") }
        let injected = log.split(separator: "\n").last { $0.contains("INJECTED") }
        guard item.mischief == .kill ? end.code == nil : injected != nil else {
            missed += 1
            return
        }
        met += 1
        let isCommitted = lines.contains { if case .done = $0 { true } else { false } }
        let how = end.code.map { isCommitted ? "照常入库" : "退出码 \($0)" } ?? "被杀或自停"
        ends["\(item.mischief.rawValue)：\(how)", default: 0] += 1
        guard item.mischief != .kill, isCommitted, item.isSync, let injected else { return }
        // What may fail without harm: what comes after the acknowledgement, as the registry's checkpoint when it is closed, and
        // files in which nothing stands that is acknowledged.
        if log.split(separator: "\n").prefix(while: { $0 != injected }).contains(where: { $0.contains("\"done ") }) {
            afterwards += 1
            return
        }
        let path = injected.split(separator: "<").last?.split(separator: ">").first.map(String.init) ?? ""
        let file = path.split(separator: "/").last.map(String.init) ?? ""
        passed[file, default: 0] += 1
        if path.contains("/deliveries/") || file.hasSuffix(".sst") || file.hasSuffix("-wal") || file.hasPrefix("MANIFEST") {
            faults.append("\(name)：落盘失败，却说已入库")
        }
    }

    /// A drill that hardly met what it set out to meet has shown nothing.
    mutating func close() {
        if met * 4 < (met + missed) * 3 { faults.append("只遇到 \(met) 次，另有 \(missed) 次没有遇到：演练不算数") }
    }

    func show(seconds: Double) {
        print("出错 \(met) 次（另有 \(missed) 次没有遇到），用时 \(Int(seconds)) 秒")
        for (end, count) in ends.sorted(by: { $0.key < $1.key }) { print("  \(end) \(count)") }
        for (file, count) in passed.sorted(by: { $0.key < $1.key }) { print("  落盘失败而不影响入库：\(file) \(count)") }
        print("  落盘失败在确认入库之后：\(afterwards)")
        print("重启 \(summary.recoveries) 次，最慢 \(two(summary.slowest * 1000)) 毫秒；丢失 \(summary.lost)，重复 \(summary.doubled)")
        for fault in faults.prefix(20) { print("不符：\(fault)") }
        print(faults.isEmpty ? "每次重启后核对无误" : "发现 \(faults.count) 处不符")
    }
}
