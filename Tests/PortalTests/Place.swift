import Access
import FoundationEssentials
import HTTPTypes
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

    let access: Access

    /// - Parameter idleSeconds: long by default: a test that waits for a processor keeps its connection.
    init(
        hosts: [String] = [], uploadLimit: Int64 = 1 << 20,
        limits: RequestLimits = RequestLimits(perAddress: 0, perUser: 0, perBody: 0, logins: 0, exports: 100_000),
        isBehindProxy: Bool = false, idleSeconds: Int64 = 600
    ) throws {
        path = FileManager.default.temporaryDirectory.path() + "/portal-test-\(UUID().uuidString)"
        try DataDirectory.initialise(path)
        directory = try DataDirectory.open(path)
        guard let book = Self.book else { throw Missing() }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let time = time
        access = Access(registry: directory.accessRegistry, keys: directory.keyring, tree: directory.accessTree)
        portal = try Portal(
            desk: DeliveryDesk(directory: directory, book: book), access: access,
            settings: PortalSettings(
                webDirectory: "\(Self.root)/Web", hosts: hosts, uploadLimit: uploadLimit, idleSeconds: idleSeconds, limits: limits,
                connectionsPerAddress: 0, isBehindProxy: isBehindProxy), logger: logger,
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
        var file = try directory.store.incoming(of: provider, at: now)
        try file.append(Array(text.utf8).span)
        let request = DeliveryRequest(resource: resource, provider: provider, fileName: name, channel: .commandLine)
        let (delivery, _) = try portal.desk.receive(file.finish(), as: request, at: now)
        let time = time
        let done = try await portal.desk.work(on: delivery.number, clock: { time.value })
        advance(seconds: 60)
        return done.number
    }

    /// Runs a test against the portal without a socket.
    ///
    /// - Parameter visitor: who asks; nil for the public.
    func routed<Value: Sendable>(
        as visitor: TestVisitor? = nil, _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        let cookie = try visitor.map { try self.cookie(of: $0) }
        return try await Application(router: portal.router(), logger: portal.logger).test(.router) { client -> Value in
            try await body(VisitingClient(inner: client, cookie: cookie))
        }
    }

    /// Runs a test against the portal on a loopback socket, with its worker.
    func live<Value: Sendable>(
        as visitor: TestVisitor? = nil, _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        let cookie = try visitor.map { try self.cookie(of: $0) }
        return try await portal.application(address: .hostname("127.0.0.1", port: 0)).test(.live) { client -> Value in
            try await body(VisitingClient(inner: client, cookie: cookie))
        }
    }

    /// The cookie of an open session of a visitor; the account is made at the first time.
    func cookie(of visitor: TestVisitor) throws -> String {
        let registry = directory.accessRegistry
        let account = try registry.accounts.find(login: visitor.login)
            ?? registry.accounts.add(
                NewAccount(
                    login: visitor.login, name: "测试\(visitor.login)", body: visitor.body, roles: visitor.roles, subject: visitor.subject, password: "none",
                    mustChange: false, proposedBy: "test", approvedBy: "test"), at: now)
        guard let account else { throw Missing() }
        let token = access.sessions.begin(account, stage: .open, at: now)
        access.sessions.change(token) { $0.purpose = visitor.purpose }
        return "\(SessionCookie.name)=\(token)"
    }
}

/// Who asks in a test.
struct TestVisitor: Sendable {
    var login: String
    var body: String
    var roles: [Role]
    var subject: RegistryKey?
    var purpose: StatedPurpose?

    /// The credit centre, with a purpose that shows things clear.
    static let centre = TestVisitor(
        login: "centre", body: "ZMD-FGW", roles: [.creditCentre], purpose: StatedPurpose(code: "YY", caseNumber: "YY-2026-1"))

    static func of(_ role: Role, body: String, login: String? = nil, purpose: String? = nil, subject: RegistryKey? = nil) -> TestVisitor {
        TestVisitor(
            login: login ?? "\(role.rawValue).\(body.lowercased())", body: body, roles: [role], subject: subject,
            purpose: purpose.map { StatedPurpose(code: $0, caseNumber: "T-1") })
    }
}

/// A client that sends a session's cookie beside those that a test gives.
struct VisitingClient: TestClientProtocol {
    let inner: any TestClientProtocol
    let cookie: String?

    var port: Int? { inner.port }

    func executeRequest(uri: String, method: HTTPRequest.Method, headers: HTTPFields, body: ByteBuffer?) async throws -> TestResponse {
        var headers = headers
        if let cookie { headers[.cookie] = [headers[.cookie], cookie].compactMap(\.self).joined(separator: "; ") }
        return try await inner.executeRequest(uri: uri, method: method, headers: headers, body: body)
    }
}

/// Text of an answer.
extension TestResponse {
    var text: String { String(buffer: body) }
}
