import HummingbirdCore
import NIOCore
import NIOHTTPTypes
import Synchronization

/// Connections that are open, by network address: one address cannot take them all.
final class ConnectionCounts: Sendable {
    private let open = Mutex<[String: Int]>([:])
    /// Connections of one address at a time; 0 for no limit.
    let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Counts a connection; false where the address has its share already.
    func begin(_ address: String) -> Bool {
        guard limit > 0 else { return true }
        return open.withLock { open in
            guard open[address, default: 0] < limit else { return false }
            open[address, default: 0] += 1
            return true
        }
    }

    /// A counted connection has ended.
    func end(_ address: String) {
        guard limit > 0 else { return }
        open.withLock { open in
            let rest = (open[address] ?? 1) - 1
            open[address] = rest > 0 ? rest : nil
        }
    }
}

/// Stands in each connection: closes one too many of an address, one whose reader takes an answer so slowly that nothing was
/// written for a while, and one that has its answer and goes on sending the body, which the server below would take for ever. (Slow
/// heads meet the idle time, slow bodies before their answer the `BodyReader`.)
final class ConnectionGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let counts: ConnectionCounts
    /// Seconds in which some of an answer must be taken, or the rest of an answered request be sent.
    private let patience: Int64
    private var address: String?
    private var isReceiving = false
    private var unread: Scheduled<Void>?
    private var unsent: Scheduled<Void>?

    init(counts: ConnectionCounts, patience: Int64) {
        self.counts = counts
        self.patience = patience
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let peer = context.remoteAddress?.ipAddress ?? "-"
        if counts.begin(peer) { address = peer } else { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let address { counts.end(address) }
        address = nil
        unread?.cancel()
        unsent?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isReceiving = true
        case .body: break
        case .end:
            isReceiving = false
            unsent?.cancel()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), isReceiving { unsent = close(context) }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        unread?.cancel()
        if !context.channel.isWritable { unread = close(context) }
        context.fireChannelWritabilityChanged()
    }

    /// Closes the connection when patience ends.
    private func close(_ context: ChannelHandlerContext) -> Scheduled<Void> {
        let channel = context.channel
        return context.eventLoop.scheduleTask(in: .seconds(patience)) { channel.close(promise: nil) }
    }
}
