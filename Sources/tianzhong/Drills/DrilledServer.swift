import FoundationEssentials
import Glibc
import Registry

/// `tianzhong serve` as a child, and the few requests that drills make of it.
final class DrilledServer {
    let program: DrilledProgram
    let client: Client

    /// Starts it on a free port.
    ///
    /// - Throws: `Exit` with what it said where it did not start.
    init(data: String, book: String, reserve: Int, in folder: String) throws {
        program = try DrilledProgram(
            [
                DrilledProgram.path, "serve", "--data", data, "--book", book, "--port", "0", "--log-level", "error", "--reserve",
                "\(reserve)",
            ], in: folder)
        program.hears(lines: 1, within: 30)
        let digits = program.text.split(separator: "\n").first?.split(separator: ":").last
        guard let digits, let port = UInt16(digits) else {
            let end = program.kill(after: 0)
            throw Exit(70, "服务没有启动：\(end.errors)")
        }
        client = Client(port: port, token: try ControlRequest(command: .token).ask(data) { _ in }?.token ?? "")
    }
}

extension DrilledServer {
    struct Answer {
        /// 0 where none came.
        var status = 0
        var body = ""
    }

    /// A program of this machine that asks.
    struct Client: Sendable {
        fileprivate let port: UInt16
        /// Opens the API.
        fileprivate let token: String
    }
}

extension DrilledServer.Client {
    typealias Answer = DrilledServer.Answer

    func get(_ target: String) -> Answer { send("GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\nConnection: close\r\n\r\n", []) }

    /// Delivers a file.
    func deliver(_ path: String) -> Answer {
        let bytes = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
        let name = path.split(separator: "/").last ?? ""
        return send(
            """
            POST /api/v1/deliveries?resource=\(DrillFiles.resource)&provider=\(DrillFiles.provider)&fileName=\(name) HTTP/1.1\r
            Host: 127.0.0.1:\(port)\r
            Authorization: Bearer \(token)\r
            Content-Type: application/octet-stream\r
            Content-Length: \(bytes.count)\r
            Connection: close\r
            \r

            """, bytes)
    }

    private func send(_ head: String, _ body: [UInt8]) -> Answer {
        guard let descriptor = connectToLoopback(port: port) else { return Answer() }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let request = Array(head.utf8) + body
        var sent = 0
        while sent < request.count {
            let count = unsafe request[sent...].withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            // A refusal may come before the whole body is taken.
            guard count > 0 else { break }
            sent += count
        }
        var reply: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            reply += buffer[0..<count]
        }
        let parts = String(decoding: reply, as: UTF8.self).split(separator: "\r\n\r\n", maxSplits: 1)
        let status = parts.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer(status: status, body: parts.count > 1 ? String(parts[1]) : "")
    }
}

extension DrilledServer.Answer {
    private struct Receipt: Decodable {
        var number: UInt32
        var digest: String
    }

    /// The receipt, where the answer is one and came whole.
    var receipt: (number: UInt32, digest: String)? {
        guard status == 202 || status == 200, let found = try? JSONDecoder().decode(Receipt.self, from: Data(body.utf8)) else { return nil }
        return (found.number, found.digest)
    }
}
