package import Archive
package import Identifiers
internal import Synchronization

/// When each committed delivery became known and, if so, when it was withdrawn; kept in memory, since every fold asks it.
package final class DeliveryTimesTable: Sendable {
    /// An unchanging copy that a fold can ask without locking.
    package struct Snapshot: DeliveryTimes {
        fileprivate var known: [Int64] = []
        fileprivate var withdrawnAt: [UInt32: Instant] = [:]
        /// Knowledge time of the delivery that is being committed.
        fileprivate var pending: Instant?

        package func known(_ delivery: UInt32) -> Instant? {
            guard delivery < known.count, known[Int(delivery)] != .min else { return nil }
            return Instant(milliseconds: known[Int(delivery)])
        }

        package func withdrawn(_ delivery: UInt32) -> Instant? { withdrawnAt[delivery] }

        /// The clocks of a view that no commit going on can change any more: while a delivery is between its knowledge time
        /// and its commit, views end just before it, so that what was shown once is shown again.
        package func settled(_ clocks: Clocks) -> Clocks {
            guard let pending, pending <= clocks.knownAt else { return clocks }
            return Clocks(asOf: clocks.asOf, knownAt: Instant(milliseconds: pending.milliseconds - 1))
        }

        /// The latest knowledge time of any delivery; the platform's data cut-off (数据截止).
        package var latest: Instant? {
            known.max().flatMap { $0 == .min ? nil : Instant(milliseconds: $0) }
        }
    }

    private let table = Mutex(Snapshot())

    package init() {}

    package func snapshot() -> Snapshot { table.withLock { $0 } }

    /// Draws the knowledge time of a delivery that is about to be committed: now, but later than every other.
    func begin(at now: Instant) -> Instant {
        table.withLock { table in
            let known = max(now, Instant(milliseconds: (table.latest?.milliseconds ?? .min) + 1))
            table.pending = known
            return known
        }
    }

    /// Whether a delivery has its knowledge time and is not committed: at the start of the next, one whose commit was torn.
    var hasPending: Bool { table.withLock { $0.pending != nil } }

    /// The delivery will not be committed after all; nothing of it is in the archive.
    func abandon() { table.withLock { $0.pending = nil } }

    func setKnown(_ delivery: UInt32, _ instant: Instant) {
        table.withLock { table in
            if table.pending == instant { table.pending = nil }
            while table.known.count <= delivery { table.known.append(.min) }
            table.known[Int(delivery)] = instant.milliseconds
        }
    }

    /// A time for a withdrawal: now, but not before anything that is known.
    func withdrawal(at now: Instant) -> Instant {
        table.withLock { max(now, Instant(milliseconds: ($0.latest?.milliseconds ?? .min) + 1)) }
    }

    func setWithdrawn(_ delivery: UInt32, _ instant: Instant) {
        table.withLock { $0.withdrawnAt[delivery] = instant }
    }
}
