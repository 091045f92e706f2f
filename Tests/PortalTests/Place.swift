import FoundationEssentials
import Hummingbird
import HummingbirdTesting
import Identifiers
import Intake
import Logging
import NIOCore
import Policy
import Registry
import Synchronization

@testable import Portal

/// A fresh data directory with a portal on it, the city's policy book, and a clock that the test moves.
final class Place: Sendable {
    static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    static let book: PolicyBook? = try? PolicyBook.load(from: "\(root)/PolicyBook", on: Place.start.date)
    /// 2026-06-15 10:00:00 in Shanghai.
    static let start = Instant(milliseconds: 1_781_488_800_000)

    let directory: DataDirectory
    let portal: Portal
    private let path: String
    private let time = Shelf(Place.start)

    init(hosts: [String] = [], uploadLimit: Int64 = 1 << 20) throws {
        path = FileManager.default.temporaryDirectory.path() + "/portal-test-\(UUID().uuidString)"
        try DataDirectory.initialise(path)
        directory = try DataDirectory.open(path)
        guard let book = Self.book else { throw Missing() }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let time = time
        portal = try Portal(
            desk: DeliveryDesk(directory: directory, book: book),
            settings: PortalSettings(webDirectory: "\(Self.root)/Web", hosts: hosts, uploadLimit: uploadLimit), logger: logger,
            clock: { time.value })
    }

    struct Missing: Error {}

    var now: Instant { time.value }

    func advance(seconds: Int64) { time.change { $0 = Instant(milliseconds: $0.milliseconds + seconds * 1000) } }

    func close() {
        try? directory.close()
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Delivers a text file as the command line would, and finishes the work.
    @discardableResult
    func deliver(_ text: String, resource: String, provider: String, name: String = "a.csv") async throws -> UInt32 {
        var file = try directory.store.incoming()
        try file.append(Array(text.utf8).span)
        let request = DeliveryRequest(resource: resource, provider: provider, fileName: name, channel: .commandLine)
        let (delivery, _) = try portal.desk.receive(file.finish(), as: request, at: now)
        let time = time
        let done = try await portal.desk.work(on: delivery.number, clock: { time.value })
        advance(seconds: 60)
        return done.number
    }

    /// Runs a test against the portal without a socket.
    func routed<Value: Sendable>(_ body: @escaping @Sendable (any TestClientProtocol) async throws -> Value) async throws -> Value {
        try await Application(router: portal.router(), logger: portal.logger).test(.router, body)
    }

    /// Runs a test against the portal on a loopback socket, with its worker.
    func live<Value: Sendable>(_ body: @escaping @Sendable (any TestClientProtocol) async throws -> Value) async throws -> Value {
        try await portal.application(address: .hostname("127.0.0.1", port: 0)).test(.live, body)
    }
}

/// Text of an answer.
extension TestResponse {
    var text: String { String(buffer: body) }
}
