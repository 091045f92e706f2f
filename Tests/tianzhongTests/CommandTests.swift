import Foundation
import Intake
import Testing

/// The built program, run as people run it.
struct Program {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    /// Beside the test program that is running, so that both are of one build.
    static let path: URL = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "tianzhong")
    }()

    struct Result {
        let status: Int32
        let killed: Bool
        let output: String
        let errors: String
    }

    @discardableResult
    static func run(_ arguments: String...) throws -> Result { try run(arguments) }

    @discardableResult
    static func run(_ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = path
        process.arguments = arguments
        process.currentDirectoryURL = root
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files, not pipes: a pipe that nobody empties would hold the program up.
        let files = ["out", "err"].map { folder.appending(path: $0) }
        for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Result(
            status: process.terminationStatus, killed: process.terminationReason == .uncaughtSignal, output: texts[0],
            errors: texts[1])
    }
}

/// A folder of a test's own with an initialised data directory.
final class Workplace {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tianzhong-\(UUID().uuidString)")
    var data: String { folder.appending(path: "data").path }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        #expect(try Program.run("init", "--data", data).status == 0)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func file(_ name: String, _ text: String) throws -> String {
        let url = folder.appending(path: name)
        try Data(text.utf8).write(to: url)
        return url.path
    }
}

@Suite("The command line")
struct CommandTests {
    static let penalties = """
        行政相对人名称,行政相对人类别,统一社会信用代码,法定代表人,行政处罚决定文书号,违法行为类型,违法事实,处罚依据,处罚类别,处罚内容,处罚决定日期,处罚有效期,处罚机关,处罚机关统一社会信用代码,数据来源单位,数据来源单位统一社会信用代码
        驻马店市演示商贸有限公司,法人及非法人组织,91411700MA00000A9C,张演示,演示〔2026〕1号,虚假宣传,演示数据,演示依据,警告,警告,2026-05-06,2029-05-06,驻马店市市场监督管理局,124117004190000189,驻马店市市场监督管理局,124117004190000189
        驻马店市演示商贸有限公司,法人及非法人组织,91411700MA00000A9C,张演示,演示〔2026〕2号,虚假宣传,演示数据,演示依据,警告,警告,2026-05-07,2029-05-06,驻马店市市场监督管理局,124117004190000189,驻马店市市场监督管理局,124117004190000189
        驻马店市演示商贸有限公司,法人及非法人组织,91411700MA00000A9C,张演示,演示〔2026〕3号,虚假宣传,演示数据,演示依据,警告,警告,2026-13-07,2029-05-06,驻马店市市场监督管理局,124117004190000189,驻马店市市场监督管理局,124117004190000189

        """

    private func deliver(_ work: Workplace, _ file: String, _ more: String...) throws -> Program.Result {
        try Program.run(
            ["deliver", "--data", work.data, "--resource", "ZMD-03-0002", "--provider", "ZMD-SCJG", file] + more)
    }

    @Test("a process killed at any step of the commit leaves all of the delivery or nothing, and a restart finishes it", arguments: [
        "kept", "registered", "staged", "archived", "committed",
    ])
    func killed(at step: String) throws {
        let work = try Workplace()
        let file = try work.file("处罚.csv", Self.penalties)
        let killed = try deliver(work, file, "--kill-at", step)
        #expect(killed.killed && killed.status == SIGKILL, "\(killed.errors)")
        let verified = try Program.run("verify", "--data", work.data, "--json")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        let again = try deliver(work, file)
        #expect(again.status == 3, "\(again.errors)")
        #expect(again.output.contains("总行 3 = 入库 2"))
        #expect(again.output.contains("+ 退回 1"))
        #expect(again.output.contains("第 1 批"))
        let subject = try Program.run("subject", "--data", work.data, "91411700MA00000A9C", "--json")
        #expect(subject.output.components(separatedBy: "\"id\" : \"1-").count - 1 == 2, "\(subject.output)")
        #expect(try Program.run("verify", "--data", work.data).status == 0)
    }

    @Test("an old view prints the same bytes after a later correction")
    func oldView() throws {
        let work = try Workplace()
        _ = try deliver(work, try work.file("一.csv", Self.penalties))
        Thread.sleep(forTimeInterval: 0.01)
        let then = ISO8601DateFormatter.string(from: Date(), timeZone: .gmt, formatOptions: [.withInternetDateTime, .withFractionalSeconds])
        let view = ["subject", "--data", work.data, "91411700MA00000A9C", "--as-of", "2026-06-01", "--known-at", then, "--json"]
        func look() throws -> String { try Program.run(view).output }
        let before = try look()
        #expect(before.contains("1-1"))
        _ = try deliver(work, try work.file("二.csv", Self.penalties.replacing("警告,警告", with: "警告,警告并责令改正")))
        #expect(try Program.run("withdraw", "--data", work.data, "1", "--reason", "报错").status == 0)
        #expect(try look() == before)
        #expect(try Program.run("subject", "--data", work.data, "91411700MA00000A9C", "--json").output != before)
    }

    @Test("an init that was cut off before its administrators were made goes on, once")
    func resumedInit() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try DataDirectory.initialise(path)
        let runs = try (0..<2).map { _ in try Program.run("init", "--data", path) }
        #expect(runs.map(\.status) == [0, 65])
        #expect(["xitong", "anquan", "shenji"].allSatisfy(runs[0].output.contains))
    }

    @Test("exit codes are the documented ones")
    func exitCodes() throws {
        let work = try Workplace()
        #expect(try Program.run("init", "--data", work.data).status == 65)
        #expect(try Program.run("deliveries", "--data", work.data + "-none").status == 66)
        #expect(try Program.run("subject", "--data", work.data, "91411700MA00000A9C").status == 66)
        #expect(try Program.run("subject", "--data", work.data, "甲").status == 65)
        #expect(try Program.run("deliver", "--data", work.data).status == 64)
        #expect(try Program.run("policy", "check").status == 0)
        #expect(try Program.run("policy", "check", "--book", work.data).status == 78)
        #expect(try Program.run("policy", "diff", "PolicyBook", "PolicyBook").status == 0)
        #expect(try Program.run("policy", "diff", "PolicyBook", work.data).status == 1)
        let file = try work.file("空.csv", "")
        #expect(try deliver(work, file).status == 65)
        #expect(try Program.run("init", "--data", file + "/data").status == 73)
    }

    @Test("a backup can be verified, listed and restored; a target with files in it is left alone")
    func backup() throws {
        let work = try Workplace()
        _ = try deliver(work, try work.file("处罚.csv", Self.penalties))
        let repository = work.data + "-backup"
        let copy = work.data + "-restored"
        for _ in 1...2 { #expect(try Program.run("backup", "--data", work.data, "--to", repository).status == 0) }
        #expect(try Program.run("verify", repository).status == 0)
        #expect(try Program.run("backup", "list", "--to", repository).output.split(separator: "\n").count == 2)
        #expect(try Program.run("restore", repository, "--data", work.data).status == 65)
        #expect(try Program.run("restore", repository, "--data", copy, "--delivery", "9").status == 66)
        #expect(try Program.run("restore", repository, "--data", copy).status == 0)
        #expect(try Program.run("verify", "--data", copy).status == 0)
        let view = ["91411700MA00000A9C", "--known-at", "2100-01-01", "--as-of", "2026-06-30", "--json"]
        let before = try Program.run(["subject", "--data", work.data] + view)
        #expect(try before.status == 0 && Program.run(["subject", "--data", copy] + view).output == before.output)
        #expect(try Program.run("verify", repository + "-none").status == 66)
    }

    @Test("a disk that is nearly full: a clear message, nothing half done, and on with it when there is room", .enabled(if: SmallDisk.isPossible))
    func fullDisk() throws {
        let work = try Workplace()
        let file = try work.file("处罚.csv", Self.penalties)
        let disk = try SmallDisk(at: work.data + "-small", megabytes: 400)
        let data = disk.path + "/data"
        #expect(try Program.run("init", "--data", data).status == 0)
        let arguments = ["deliver", "--data", data, "--resource", "ZMD-03-0002", "--provider", "ZMD-SCJG", file]
        try disk.resize(megabytes: 100)
        let refused = try Program.run(arguments)
        #expect(refused.status == 73 && !refused.killed, "\(refused.errors)")
        #expect(refused.errors.contains("磁盘剩余空间不足"))
        #expect(try Program.run("verify", "--data", data).status == 0)
        try disk.resize(megabytes: 400)
        #expect(try Program.run(arguments).output.contains("总行 3 = 入库 2"))
    }
}

/// A disk of a test's own; made by root only.
final class SmallDisk {
    static let isPossible = getuid() == 0 && (try? SmallDisk(at: "/tmp/tianzhong-\(UUID().uuidString)", megabytes: 1)) != nil
    let path: String

    init(at path: String, megabytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.mount(["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
    }

    func resize(megabytes: Int) throws { try Self.mount(["-o", "remount,size=\(megabytes)m", path]) }

    private static func mount(_ arguments: [String]) throws {
        let process = try Process.run(URL(filePath: "/usr/bin/mount"), arguments: arguments)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteNoPermission) }
    }

    deinit {
        let process = try? Process.run(URL(filePath: "/usr/bin/umount"), arguments: [path])
        process?.waitUntilExit()
        try? FileManager.default.removeItem(atPath: path)
    }
}
