import Access
import Hummingbird
import NIOCore
import Policy

/// What travels with a request: Hummingbird's own storage, the peer's address, and what the guard found out about the visitor.
struct PortalContext: RequestContext {
    /// Hummingbird's storage.
    var coreContext: CoreRequestContextStorage
    /// The address of the other end; nil where the transport has none (a test channel). Nil never counts as loopback.
    let peer: SocketAddress?
    /// The caller's address as the proxy of this machine names it.
    var forwarded: String?
    /// Who asks; nil for the public.
    var visitor: Visitor?
    /// Token of the session cookie, whatever stage its login is at.
    var sessionToken: String?
    /// How far the visitor's right reaches on this route.
    var scope = Scope.none
    /// Whose deliveries and records that opens.
    var reach = Reach.none
    /// The purpose of the visit, where the route needs one.
    var purpose: Purpose?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress
    }

    /// A short number for log and error page, so that a person can name the request without quoting it.
    var reference: String { String(id.suffix(10)) }

    /// The peer's network address, for limits and the access log.
    var address: String { forwarded ?? peer?.ipAddress ?? "-" }

    /// Whether the other end is on this machine: 127.0.0.0/8, ::1, or ::ffff:127.0.0.0/104.
    var isFromHere: Bool {
        guard let text = peer?.ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.lowercased().hasPrefix("::ffff:127.")
    }
}
