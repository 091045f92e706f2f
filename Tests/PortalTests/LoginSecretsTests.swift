import Access
import Cryptography
import Hummingbird
import HummingbirdTesting
import Logging
import Registry
import Synchronization
import Testing

@testable import Portal

extension LoginRoutesTests {
    /// Keeps all lines of a logger.
    struct Recorder: LogHandler {
        let lines: Shelf<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.change { $0.append("\(event.message) \(metadata) \(event.metadata ?? [:]) \(event.error.map { "\($0)" } ?? "")") } }
    }

    @Test("no token, password, code or secret is in any page, log line or access event")
    func secrets() async throws {
        let place = try Place()
        defer { place.close() }
        let (_, codes) = try Self.account(place, roles: [.deliveryReviewer, .windowClerk])
        let lines = Shelf<[String]>([])
        let logger = Logger(label: "recorded") { _ in Recorder(lines: lines) }
        let portal = try Portal(
            desk: place.portal.desk, access: place.access, settings: place.portal.settings, logger: logger, clock: place.portal.clock)
        let (pages, secrets) = try await Application(router: portal.router(), logger: logger).test(.router) { client in
            let visit = Visit(client)
            var secrets = [Self.password, Self.wrong, codes.base32]
            _ = try await visit.fill("/login", [("login", "zhang"), ("password", Self.wrong)])
            _ = try await visit.fill("/login", [("login", "zhang"), ("password", Self.password)])
            secrets.append(try #require(visit.token))
            let code = Self.code(codes, place)
            _ = try await visit.fill("/login/code", [("code", "999999x")])
            _ = try await visit.fill("/login/code", [("code", code)])
            secrets.append(try #require(visit.token))
            for path in ["/staff", "/staff/purpose", "/staff/deliveries", "/staff/coverage", "/me", "/nothing", "/login", "/login/again", "/login/password"] {
                _ = try await visit.get(path)
            }
            _ = try await visit.fill("/login/again", [("password", Self.password)])
            secrets.append(try #require(visit.token))
            _ = try await visit.post("/logout", [("token", "x")])
            return (visit.pages, secrets)
        }
        let events = try place.access.registry.events.events(from: 0, limit: 1000).map(\.canonical)
        #expect(pages.count > 15 && events.count > 3 && lines.value.count > 15)
        for secret in secrets {
            #expect(!pages.contains { $0.contains(secret) } && !events.contains { $0.contains(secret) } && !lines.value.contains { $0.contains(secret) }, "\(secret.prefix(4))…")
        }
    }
}
