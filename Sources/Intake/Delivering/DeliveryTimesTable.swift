internal import Archive
package import Identifiers
internal import Synchronization

/// When each committed delivery became known and, if so, when it was withdrawn; kept in memory, since every fold asks it.
package final class DeliveryTimesTable: Sendable {
    /// An unchanging copy that a fold can ask without locking.
    package struct Snapshot: DeliveryTimes {
        fileprivate var known: [Int64] = []
        fileprivate var withdrawnAt: [UInt32: Instant] = [:]

        package func known(_ delivery: UInt32) -> Instant? {
            guard delivery < known.count, known[Int(delivery)] != .min else { return nil }
            return Instant(milliseconds: known[Int(delivery)])
        }

        package func withdrawn(_ delivery: UInt32) -> Instant? { withdrawnAt[delivery] }

        /// The latest knowledge time of any delivery; the platform's data cut-off (数据截止).
        package var latest: Instant? {
            known.max().flatMap { $0 == .min ? nil : Instant(milliseconds: $0) }
        }
    }

    private let table = Mutex(Snapshot())

    package init() {}

    package func snapshot() -> Snapshot { table.withLock { $0 } }

    func setKnown(_ delivery: UInt32, _ instant: Instant) {
        table.withLock { table in
            while table.known.count <= delivery { table.known.append(.min) }
            table.known[Int(delivery)] = instant.milliseconds
        }
    }

    func setWithdrawn(_ delivery: UInt32, _ instant: Instant) {
        table.withLock { $0.withdrawnAt[delivery] = instant }
    }
}
