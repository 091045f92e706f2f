import Archive
import ArgumentParser
import FoundationEssentials
import Glibc
import Identifiers
import Intake
import Policy
import Registry
import Synchronization

/// Where the data directory and the policy book are; the same on every verb.
struct PlaceOptions: ParsableArguments {
    @Option(name: .long, help: "数据目录（缺省取环境变量 TIANZHONG_DATA，再缺省为 data）")
    var data: String = ProcessInfo.processInfo.environment["TIANZHONG_DATA"] ?? "data"

    @Option(name: .long, help: "政策手册目录（缺省取环境变量 TIANZHONG_BOOK，再缺省为 PolicyBook）")
    var book: String = ProcessInfo.processInfo.environment["TIANZHONG_BOOK"] ?? "PolicyBook"

    @Option(name: .long, help: "报送须给磁盘留下的余量，MiB（缺省 256，不宜更小：档案整理自身时要用）")
    var reserve: Int = Int(DeliveryStore.defaultReserve >> 20)

    /// Loads the policy book as of today.
    func loadBook() throws -> PolicyBook {
        do { return try PolicyBook.load(from: book, on: Clock.now().date) } catch {
            throw Exit(78, error.description)
        }
    }

    /// Opens the data directory.
    func openDirectory() throws -> DataDirectory {
        do { return try DataDirectory.open(data, reserve: UInt64(max(0, reserve)) << 20) } catch let fault as DataDirectoryFault {
            throw Exit(fault.code == .inUse ? 69 : fault.code == .missing ? 66 : 73, fault.description)
        }
    }
}

/// Output for programs.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "输出 JSON，供程序读取")
    var json = false
}

/// The two clocks as options.
struct ClockOptions: ParsableArguments {
    @Option(name: .long, help: "业务时点，如 2026-01-01：当天为真的情况（缺省今天）")
    var asOf: String?

    @Option(name: .long, help: "知悉时点，如 2026-01-01T12:00:00+08:00：平台当时知道的情况（缺省现在）")
    var knownAt: String?

    func clocks() throws -> Clocks {
        let now = Clock.now()
        var clocks = Clocks(asOf: now.date, knownAt: now)
        if let asOf {
            guard let date = CivilDate.parse(Array(asOf.utf8).span) else { throw ValidationError("--as-of 应为日期，如 2026-01-01") }
            clocks.asOf = date
        }
        if let knownAt {
            guard let instant = Instant.parse(knownAt) else {
                throw ValidationError("--known-at 应为日期或时间，如 2026-01-01T12:00:00+08:00")
            }
            clocks.knownAt = instant
        }
        return clocks
    }
}

/// The only place that reads the machine's clock; everything below is handed the time.
enum Clock {
    static func now() -> Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Seconds of a clock that never jumps, for rates.
    static func uptime() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// An end of the program with a code of `sysexits.h` and a message for the person at the terminal.
struct Exit: Error, CustomStringConvertible {
    let code: Int32
    let description: String

    init(_ code: Int32, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension AsyncParsableCommand {
    /// Runs a verb and turns its faults into a message on standard error and a documented exit code.
    func reporting(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let exit as Exit {
            FileHandleOutput.standardError.write(exit.description + "\n")
            throw ExitCode(exit.code)
        } catch let fault as DeliveryFault {
            FileHandleOutput.standardError.write(fault.description + "\n")
            throw ExitCode(fault.code == .storage || fault.code == .diskFull ? 73 : 65)
        } catch let fault as DataDirectoryFault {
            FileHandleOutput.standardError.write(fault.description + "\n")
            throw ExitCode(fault.code == .inUse ? 69 : 73)
        } catch let fault as ArchiveFault {
            FileHandleOutput.standardError.write("\(fault.message)。\(fault.cure)\n")
            throw ExitCode(fault.code == .locked ? 69 : 73)
        } catch let fault as RegistryFault {
            FileHandleOutput.standardError.write("\(fault.message)\(fault.cure)\n")
            throw ExitCode(73)
        } catch let faults as PolicyFaults {
            FileHandleOutput.standardError.write("\(faults)\n")
            throw ExitCode(78)
        } catch let fault where !(fault is ExitCode) && !(fault is ValidationError) && !(fault is CleanExit) {
            FileHandleOutput.standardError.write("内部错误：\(fault)\n")
            throw ExitCode(70)
        }
    }
}

/// Text straight to a descriptor.
struct FileHandleOutput {
    static let standardError = FileHandleOutput(descriptor: 2)
    static let standardOutput = FileHandleOutput(descriptor: 1)
    let descriptor: Int32

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}

/// One line that says how far long work is: rewritten on a terminal, a new line every ten seconds otherwise.
final class ProgressLine: Sendable {
    private let title: String
    private let start = Clock.uptime()
    private let isTerminal = isatty(2) == 1
    private let last: Mutex<Double>
    private let silent: Bool

    init(_ title: String, silent: Bool = false) {
        self.title = title
        self.silent = silent
        // A terminal sees the line at once, a log file only after ten seconds.
        last = Mutex(isTerminal ? 0 : start)
    }

    /// Shows a part of the work that is done, 0…1, in hundredths.
    func show(share: Double) { show(done: Int(share * 100), unit: "%", fraction: share) }

    /// - Parameter fraction: the part that is done, 0…1, or nil where nobody knows.
    func show(done: Int, unit: String, fraction: Double?) {
        guard !silent else { return }
        let now = Clock.uptime()
        let due = last.withLock { last in
            guard now - last >= (isTerminal ? 0.2 : 10) else { return false }
            last = now
            return true
        }
        guard due else { return }
        let seconds = max(now - start, 0.001)
        var line = "\(title) \(done) \(unit)，每秒 \(Int(Double(done) / seconds))"
        if let fraction, fraction > 0.01, fraction < 1 {
            line += "，\(Int(fraction * 100))%，还需约 \(Int(seconds / fraction - seconds)) 秒"
        }
        FileHandleOutput.standardError.write(isTerminal ? "\r\u{1B}[K\(line)" : "\(line)\n")
    }

    func finish(_ text: String) {
        guard !silent else { return }
        FileHandleOutput.standardError.write((isTerminal ? "\r\u{1B}[K" : "") + text + "\n")
    }
}

/// Prints a value as JSON on standard output.
func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    FileHandleOutput.standardOutput.write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
}
