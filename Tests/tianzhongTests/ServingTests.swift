import Foundation
import FoundationNetworking
import Testing

/// `tianzhong serve` as a child process, stopped when the last reference goes.
final class Serving {
    private let process = Process()
    let door: Door

    init(_ work: Workplace, _ more: [String] = []) async throws {
        let output = work.folder.appending(path: "serve.out")
        _ = FileManager.default.createFile(atPath: output.path, contents: nil)
        process.executableURL = Program.path
        process.arguments = ["serve", "--data", work.data, "--port", "0", "--log-level", "error"] + more
        process.currentDirectoryURL = Program.root
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        var first: Substring?
        while first == nil, process.isRunning {
            try await Task.sleep(for: .milliseconds(50))
            first = String(decoding: try Data(contentsOf: output), as: UTF8.self).split(separator: "\n").first
        }
        let address = try #require(first?.split(separator: "：").last.map(String.init))
        door = Door(address: address, token: try Program.run("account", "token", "--data", work.data).output.filter { !$0.isWhitespace })
    }

    deinit { if process.isRunning { process.terminate() } }

    /// Ends it as an operator would; its exit status.
    func stop() async throws -> Int32 {
        process.terminate()
        while process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
        return process.terminationStatus
    }
}

/// Where a serving process is spoken to.
struct Door: Sendable {
    let address: String
    /// Opens the API to this machine.
    let token: String

    /// Delivers a file; the status of the answer.
    func deliver(_ text: String, as name: String) async throws -> Int {
        let query = "resource=ZMD-03-0002&provider=ZMD-SCJG&fileName=\(name)"
        var request = URLRequest(url: try #require(URL(string: "\(address)/api/v1/deliveries?\(query)")), timeoutInterval: 600)
        request.httpMethod = "POST"
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        request.httpBody = Data(text.utf8)
        return try await (URLSession.shared.data(for: request).1 as? HTTPURLResponse)?.statusCode ?? 0
    }

    func get(_ path: String) async throws -> String {
        let url = try #require(URL(string: address + path))
        var request = URLRequest(url: url, timeoutInterval: 600)
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        return String(decoding: try await URLSession.shared.data(for: request).0, as: UTF8.self)
    }
}

@Suite("While the platform serves")
struct ServingTests {
    /// Two sound rows and one that is returned, of their own for each number.
    private static func file(_ number: Int) -> String { CommandTests.penalties.replacing("〔2026〕", with: "〔2026〕\(number)-") }

    private func points(_ repository: String) throws -> [Substring] {
        try Program.run("backup", "list", "--to", repository).output.split(separator: "\n")
    }

    @Test("backups made while deliveries come in hold the first of them, each whole; verify answers through the serving process")
    func backups() async throws {
        let work = try Workplace()
        let timed = work.folder.appending(path: "timed").path
        let asked = work.folder.appending(path: "asked").path
        let serving = try await Serving(work, ["--backup", timed, "--every", "10"])
        #expect(try Program.run("deliveries", "--data", work.data).errors.contains("正被另一个进程使用"))

        let total = 30
        let door = serving.door
        let sending = Task {
            for number in 1...total {
                let status = try await door.deliver(Self.file(number), as: "\(number).csv")
                #expect(status == 202)
            }
        }
        for _ in 1...3 {
            let made = try Program.run("backup", "--data", work.data, "--to", asked)
            #expect(made.status == 0, "\(made.errors)")
        }
        try await sending.value
        while try await !door.get("/api/v1/deliveries/\(total)").contains("committed") { try await Task.sleep(for: .milliseconds(100)) }
        let verified = try Program.run("verify", "--data", work.data)
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        while try points(timed).isEmpty { try await Task.sleep(for: .milliseconds(500)) }
        #expect(try await serving.stop() == 0)
        #expect(!FileManager.default.fileExists(atPath: "\(work.data)/control.sock"))

        #expect(try points(asked).count == 3)
        for point in 1...3 { try check(asked, point, of: work) }
        try check(timed, 1, of: work)
    }

    /// Restores a point, and compares it with the data it was made of as they were at its last delivery.
    private func check(_ repository: String, _ point: Int, of work: Workplace) throws {
        let target = work.folder.appending(path: UUID().uuidString).path
        let restored = try Program.run("restore", "--data", target, repository, "--point", "\(point)")
        #expect(restored.status == 0, "\(restored.errors)")
        let committed = try self.committed(target)
        #expect(try self.committed(work.data).hasSuffix(committed))
        #expect(Set(committed.compactMap { $0.split(separator: "\t").first }) == Set(committed.indices.map { "\($0 + 1)"[...] }))
        let subject = try Program.run("subject", "--data", target, "91411700MA00000A9C", "--json").output
        #expect(subject.components(separatedBy: "\"id\" : \"").count - 1 == committed.count * 2)
        #expect(try Program.run("verify", "--data", target).status == 0)
    }

    /// The lines of the deliveries that are in, latest first.
    private func committed(_ data: String) throws -> [Substring] {
        try Program.run("deliveries", "--data", data, "--limit", "100").output.split(separator: "\n").filter { $0.contains("已入库") }
    }
}

extension [Substring] {
    fileprivate func hasSuffix(_ other: [Substring]) -> Bool { Array(suffix(other.count)) == other }
}
