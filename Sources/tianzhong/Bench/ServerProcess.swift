import FoundationEssentials
import Glibc

/// The portal of this very program, in a process of its own on a free port of this machine.
final class ServerProcess {
    private let process: pid_t
    let port: Int
    /// Opens the API and the staff's pages to this process.
    let token: String

    /// Starts `serve` on a data directory and waits until it takes connections.
    init(data: String, book: String) throws {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw Exit(70, "无法启动服务") }
        defer { close(ends[0]) }
        process = try ChildProcess.start(
            CommandLine.arguments[0], ["serve", "--data", data, "--book", book, "--port", "0", "--log-level", "error", "--requests-per-minute", "0", "--connections-per-address", "0"], output: ends[1])
        close(ends[1])
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var found: Int?
        while found == nil {
            let count = unsafe read(ends[0], &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer[0..<count]
            found = Self.port(in: String(decoding: text, as: UTF8.self))
        }
        guard let found else {
            kill(process, SIGKILL)
            throw Exit(70, "服务没有启动：\(String(decoding: text, as: UTF8.self))")
        }
        port = found
        token = try ControlRequest(command: .token).ask(data) { _ in }?.token ?? ""
    }

    deinit {
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
    }

    private static func port(in text: String) -> Int? {
        guard let start = text.firstRange(of: "http://127.0.0.1:") else { return nil }
        let digits = text[start.upperBound...].prefix { $0.isNumber }
        return digits.endIndex < text.endIndex ? Int(digits) : nil
    }

    /// Megabytes that the process holds now, and the most it has held.
    func megabytes() -> (now: Int, peak: Int) {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return (0, 0) }
        func figure(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) / 1024
        }
        return (figure("VmRSS:"), figure("VmHWM:"))
    }
}

/// A connection to the server that asks for one thing after another.
final class LoopbackConnection {
    private let descriptor: Int32
    private let port: Int
    private let token: String

    init(_ server: ServerProcess) throws {
        port = server.port
        token = server.token
        guard let descriptor = connectToLoopback(port: UInt16(port)) else { throw Exit(70, "连不上服务") }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The answer, head and body; any status but 2xx is a fault of the bench.
    func get(_ path: String) throws -> [UInt8] {
        try send(Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\n\r\n".utf8))
        return try answer(to: path)
    }

    /// Posts a file as the body.
    func post(_ path: String, file: String) throws -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: file) else { throw Exit(70, "读不到 \(file)") }
        try send(
            Array("POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\nContent-Length: \(bytes.count)\r\n\r\n".utf8))
        try send(Array(bytes))
        return try answer(to: path)
    }

    private func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress! + sent, bytes.count - sent) }
            guard count > 0 else { throw Exit(70, "服务断开了连接") }
            sent += count
        }
    }

    private func answer(to path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var whole: Int?
        while whole == nil || bytes.count < whole ?? 0 {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { throw Exit(70, "服务断开了连接：\(path)") }
            bytes += buffer[0..<count]
            if whole == nil, let head = Self.head(of: bytes) {
                guard head.status / 100 == 2 else { throw Exit(70, "\(path) 答 \(head.status)：\(String(decoding: bytes, as: UTF8.self))") }
                whole = head.length
            }
        }
        return bytes
    }

    /// Status, and the bytes of head and body together.
    private static func head(of bytes: [UInt8]) -> (status: Int, length: Int)? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }.flatMap { Int($0.filter(\.isNumber)) }
        let status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
        return (status ?? 0, end.upperBound + (length ?? 0))
    }
}
