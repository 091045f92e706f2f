package import Archive
package import Identifiers
internal import Synchronization

/// When each committed delivery became known and, if so, when it was withdrawn; kept in memory, since every fold asks it.
package final class DeliveryTimesTable: Sendable {
    /// An unchanging copy that a fold can ask without locking.
    package struct Snapshot: DeliveryTimes {
        fileprivate var known: [Int64] = []
        /// Who delivered, as index of `providers`; beside `known`.
        fileprivate var providerOf: [UInt16] = []
        /// Codes of bodies, each once.
        fileprivate var providers: [String] = []
        /// The committed deliveries in the order in which they became known.
        fileprivate var commits: [DataCutoff] = []
        fileprivate var withdrawnAt: [UInt32: Instant] = [:]
        /// Withdrawn deliveries whose records are no more.
        fileprivate var erased: Set<UInt32> = []
        /// Records of persons that are no more.
        fileprivate var erasedRecords: Set<RecordID> = []
        /// Every time at which something became known or was withdrawn, ascending.
        fileprivate var changes: [Int64] = []
        /// Knowledge time of the delivery that is being committed.
        fileprivate var pending: Instant?

        package func known(_ delivery: UInt32) -> Instant? {
            guard delivery < known.count, known[Int(delivery)] != .min, !isErased(delivery) else { return nil }
            return Instant(milliseconds: known[Int(delivery)])
        }

        package func withdrawn(_ delivery: UInt32) -> Instant? { withdrawnAt.isEmpty ? nil : withdrawnAt[delivery] }

        package func isErased(_ record: RecordID) -> Bool { !erasedRecords.isEmpty && erasedRecords.contains(record) }

        private func isErased(_ delivery: UInt32) -> Bool { !erased.isEmpty && erased.contains(delivery) }

        /// Deliveries whose records a view had at a time and has no more, since they were withdrawn later and then erased.
        package func erased(at knownAt: Instant) -> [UInt32] {
            erased.filter { delivery in
                known[Int(delivery)] <= knownAt.milliseconds && withdrawnAt[delivery].map { knownAt < $0 } ?? true
            }.sorted()
        }

        /// Changes with every erasure, the one thing that changes a view that was settled.
        package var erasures: Int { erased.count + erasedRecords.count }
        /// The deliveries that were erased.
        var erasedNumbers: Set<UInt32> { erased }

        /// The body that delivered; nil for a delivery that is not committed.
        package func provider(_ delivery: UInt32) -> String? {
            known(delivery) == nil ? nil : providers[Int(providerOf[Int(delivery)])]
        }

        /// The newest delivery known at a time, whether or not it was withdrawn; nil before the first.
        package func cutoff(at knownAt: Instant) -> DataCutoff? {
            let count = commits.leading { $0.known <= knownAt }
            return count > 0 ? commits[count - 1] : nil
        }

        /// The clocks of a view that no commit going on can change any more: while a delivery is between its knowledge time
        /// and its commit, views end just before it, so that what was shown once is shown again.
        package func settled(_ clocks: Clocks) -> Clocks {
            guard let pending, pending <= clocks.knownAt else { return clocks }
            return Clocks(asOf: clocks.asOf, knownAt: Instant(milliseconds: pending.milliseconds - 1))
        }

        /// The clocks by which a view has one name: nothing changes between two changes, so every moment between them is named
        /// by the earlier. What is computed for a name holds for ever.
        package func named(_ clocks: Clocks) -> Clocks {
            let count = changes.leading { $0 <= clocks.knownAt.milliseconds }
            return count > 0 ? Clocks(asOf: clocks.asOf, knownAt: Instant(milliseconds: changes[count - 1])) : clocks
        }

        /// The latest knowledge time of any delivery; the platform's data cut-off (数据截止).
        package var latest: Instant? { commits.last?.known }

        fileprivate mutating func add(_ delivery: UInt32, _ instant: Instant, provider: String) {
            if pending == instant { pending = nil }
            while known.count <= delivery {
                known.append(.min)
                providerOf.append(0)
            }
            // A commit that is repeated after a crash is not counted twice.
            guard known[Int(delivery)] == .min else { return }
            known[Int(delivery)] = instant.milliseconds
            let place = providers.firstIndex(of: provider) ?? providers.count
            if place == providers.count { providers.append(provider) }
            providerOf[Int(delivery)] = UInt16(truncatingIfNeeded: place)
            commits.insert(DataCutoff(delivery: delivery, known: instant), at: commits.leading { $0.known <= instant })
            note(instant)
        }

        /// The time of a change that happens now: later than all before it, whatever the machine's clock says.
        fileprivate func next(at now: Instant) -> Instant {
            max(now, Instant(milliseconds: (changes.last ?? .min) + 1))
        }

        fileprivate mutating func note(_ change: Instant) {
            changes.insert(change.milliseconds, at: changes.leading { $0 <= change.milliseconds })
        }
    }

    private let table = Mutex(Snapshot())

    package init() {}

    package func snapshot() -> Snapshot { table.withLock { $0 } }

    /// Draws the knowledge time of a delivery that is about to be committed: now, but later than every change before it. The
    /// caller holds `DataDirectory.commits` until the delivery is committed, so that no change comes between.
    func begin(at now: Instant) -> Instant {
        table.withLock { table in
            let known = table.next(at: now)
            table.pending = known
            return known
        }
    }

    /// Whether a delivery has its knowledge time and is not committed: at the start of the next, one whose commit was torn.
    var hasPending: Bool { table.withLock { $0.pending != nil } }

    /// The delivery will not be committed after all; nothing of it is in the archive.
    func abandon() { table.withLock { $0.pending = nil } }

    func setKnown(_ delivery: UInt32, _ instant: Instant, provider: String) {
        table.withLock { $0.add(delivery, instant, provider: provider) }
    }

    /// A time for a withdrawal: now, but later than every change before it. The caller holds `DataDirectory.commits`.
    func withdrawal(at now: Instant) -> Instant { table.withLock { $0.next(at: now) } }

    /// The records of a withdrawn delivery are in no view any more.
    func setErased(_ delivery: UInt32) { table.withLock { _ = $0.erased.insert(delivery) } }

    /// These records are in no view any more.
    func setErased(_ records: some Sequence<RecordID>) { table.withLock { $0.erasedRecords.formUnion(records) } }

    /// An erasure has its time: what changes after it is later.
    func noteErasure(_ instant: Instant) {
        table.withLock { table in if !table.changes.contains(instant.milliseconds) { table.note(instant) } }
    }

    func setWithdrawn(_ delivery: UInt32, _ instant: Instant) {
        table.withLock { table in
            table.withdrawnAt[delivery] = instant
            table.note(instant)
        }
    }
}

/// 数据截止: the newest delivery that a view contains.
package struct DataCutoff: Sendable, Hashable {
    package let delivery: UInt32
    package let known: Instant
}

extension Array {
    /// How many elements, from the first on, are admitted, where no element behind one that is not admitted is.
    fileprivate func leading(_ admits: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if admits(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
