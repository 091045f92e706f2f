import Glibc
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Portal

/// A connection that does what no browser does.
private final class RawConnection {
    private let descriptor: Int32

    init(port: Int, receiveBuffer: Int32 = 65_536) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var size = receiveBuffer
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let failed = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        try #require(failed == 0)
    }

    deinit { close(descriptor) }

    /// False where the connection takes nothing any more.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) == bytes.count
    }

    /// What is there now, and whether the other side has closed.
    func receive() -> (text: String, isClosed: Bool) {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 { all += buffer[..<count] } else { return (String(decoding: all, as: UTF8.self), count == 0 || errno != EAGAIN) }
        }
    }
}

/// The four forms of slow-loris, with an idle time of a second. Each is a connection that would be held for ever.
@Suite("Slow connections") struct SlowConnectionsTests {
    /// Sends a byte every 200 ms until the connection is closed, for at most 20 s.
    private static func drip(_ connection: RawConnection, _ piece: String = "x") async throws -> (text: String, isClosed: Bool) {
        var text = ""
        for _ in 0..<100 {
            try await Task.sleep(for: .milliseconds(200))
            connection.send(piece)
            let (more, isClosed) = connection.receive()
            text += more
            if isClosed { return (text, true) }
        }
        return (text, false)
    }

    @Test("a head, a body, a body after its answer, that come byte by byte: the connection is closed", arguments: [
        ("GET /about HTTP/1.1\r\nHost: localhost\r\n", "X-A: b\r\n", ""),
        ("POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n", "x", "408"),
        ("POST /api/v1/deliveries HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n", "x", "401"),
        ("POST /api/v1/deliveries HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", "401"),
    ])
    func dripping(start: String, piece: String, status: String) async throws {
        let place = try Place(idleSeconds: 1)
        defer { place.close() }
        let end = try await place.live { client in
            let connection = try RawConnection(port: try #require(client.port))
            connection.send(start)
            return try await Self.drip(connection, piece)
        }
        #expect(end.isClosed)
        #expect(status.isEmpty || end.text.hasPrefix("HTTP/1.1 \(status) "), "\(end.text.prefix(200))")
    }

    @Test("a reader that takes nothing of its answers: the connection is closed, and the answers are not made")
    func reading() async throws {
        let place = try Place(idleSeconds: 1)
        defer { place.close() }
        let (text, isClosed) = try await place.live { client in
            let connection = try RawConnection(port: try #require(client.port), receiveBuffer: 4096)
            connection.send(String(repeating: "GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 400))
            try await Task.sleep(for: .seconds(5))
            return try await Self.drip(connection, "")
        }
        #expect(isClosed)
        let answers = text.split(separator: "HTTP/1.1 200").count
        #expect((1..<400).contains(answers), "\(answers)")
    }

    @Test("many overlapping ranges are one whole answer")
    func ranges() async throws {
        let place = try Place()
        defer { place.close() }
        try await place.routed { client in
            let whole = try await client.get("/assets/site.css")
            let answer = try await client.get("/assets/site.css", headers: [.range: "bytes=0-" + (1...500).map { ",\($0)-" }.joined()])
            #expect(answer.status == .ok && answer.text == whole.text)
        }
    }

    @Test("a body that is slow and ends in time is taken")
    func inTime() async throws {
        let place = try Place(idleSeconds: 30)
        defer { place.close() }
        let text = try await place.live { client in
            let connection = try RawConnection(port: try #require(client.port))
            connection.send("POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\n")
            for _ in 0..<10 {
                try await Task.sleep(for: .milliseconds(100))
                connection.send("x")
            }
            try await Task.sleep(for: .milliseconds(500))
            return connection.receive().text
        }
        #expect(text.hasPrefix("HTTP/1.1 400 "), "\(text.prefix(100))")
    }
}
