import Hummingbird
import NIOCore

/// What travels with a request: Hummingbird's own storage, and the peer's address, which the loopback guard asks for.
struct PortalContext: RequestContext {
    /// Hummingbird's storage.
    var coreContext: CoreRequestContextStorage
    /// The address of the other end; nil where the transport has none (a test channel). Nil never counts as loopback.
    let peer: SocketAddress?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress
    }

    /// A short number for log and error page, so that a person can name the request without quoting it.
    var reference: String { String(id.suffix(10)) }

    /// True if the peer is on this machine: 127.0.0.0/8, ::1, or ::ffff:127.0.0.0/104.
    var isLoopback: Bool { peer.map(Self.isLoopback) ?? false }

    static func isLoopback(_ address: SocketAddress) -> Bool {
        guard let text = address.ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.lowercased().hasPrefix("::ffff:127.")
    }
}
