internal import Hummingbird

extension Portal {
    /// Serves until the process is asked to stop (SIGTERM, SIGINT); the delivery in hand is finished first.
    ///
    /// - Parameter onRunning: told the port once connections are taken; it is the asked one, or a free one for 0.
    package func serve(host: String, port: Int, onRunning: @escaping @Sendable (Int) async -> Void) async throws {
        let application = application(address: .hostname(host, port: port)) { bound in await onRunning(bound ?? port) }
        try await application.runService()
    }
}
