import HummingbirdCore
import NIOCore
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

/// Stands in each connection: closes one too many of an address, and one whose reader takes an answer so slowly that nothing
/// was written for a while (the slow-read form of slow-loris; the other three meet the idle time and the body's rate).
final class ConnectionGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias OutboundIn = NIOAny

    private let counts: ConnectionCounts
    /// Seconds in which some of an answer must be taken.
    private let patience: Int64
    private var address: String?
    private var deadline: Scheduled<Void>?

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
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        deadline?.cancel()
        if !context.channel.isWritable {
            let channel = context.channel
            deadline = context.eventLoop.scheduleTask(in: .seconds(patience)) { channel.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }
}
