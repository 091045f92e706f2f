import ArgumentParser
import FoundationEssentials
import Glibc

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "测量速度与占用；每个数字旁边是同一次运行中的对照",
        discussion: "机器忙时请看比值和中位数。结果与复现方法见 Documentation/benchmarks.md。",
        subcommands: [
            IntakeBench.self, WorkbookBench.self, HistoryBench.self, SubjectBench.self, ServerBench.self, ScaleBench.self, RulesBench.self, VerificationBench.self,
        ])
}

/// A figure beside its peer of the same run.
struct Measurement {
    let work: String
    let figure: String
    /// What it is held against.
    let peer: String
    let ratio: String

    static func show(_ rows: [Measurement]) {
        for row in rows { print("\(row.work)\n    \(row.figure)　对照：\(row.peer)　比值：\(row.ratio)") }
    }
}

/// Costs of a piece of work.
struct Cost {
    let wall: Double
    /// User and system seconds of this process.
    let cpu: Double

    static func of<T>(_ work: () async throws -> T) async rethrows -> (T, Cost) {
        let wall = Clock.uptime()
        let cpu = processSeconds()
        let result = try await work()
        return (result, Cost(wall: Clock.uptime() - wall, cpu: processSeconds() - cpu))
    }

    /// User and system seconds of this process so far.
    static func processSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// The most memory this process has had, in megabytes; 0 where the system does not say.
///
/// Read from `/proc`, since `getrusage` counts what the parent had before the program was started.
func peakMegabytes() -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
    else { return 0 }
    return (Int(line.filter(\.isNumber)) ?? 0) / 1024
}

/// The middle one of some figures.
func median(_ figures: [Double]) -> Double {
    let sorted = figures.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
}

/// Two digits after the point.
func two(_ number: Double) -> String {
    let scaled = Int((number * 100).rounded())
    return "\(scaled / 100).\(scaled % 100 < 10 ? "0" : "")\(scaled % 100)"
}

/// A folder of its own for a measurement, removed afterwards.
func withScratch<T>(_ body: (String) async throws -> T) async throws -> T {
    let path = FileManager.default.temporaryDirectory.path + "/tianzhong-bench-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}
