internal import Archive
internal import Disk
internal import Identifiers
internal import Policy
internal import Registry
internal import Synchronization

/// What happened to deliveries up to a moment, done again from their raw files at the recorded times.
struct Replay {
    /// Deliveries received by then, as the registry had them later.
    let received: [Delivery]
    private let end: Instant

    private enum Kind: Int {
        // At one instant: a withdrawal makes room for a new delivery of the same bytes, and a receipt precedes its commit.
        case withdraw, refuse, register, commit, erase
    }

    /// - Parameters:
    ///   - deliveries: all that a later registry lists.
    ///   - end: the knowledge time of the last delivery to be committed.
    init(deliveries: [Delivery], until end: Instant) {
        received = deliveries.filter { $0.received <= end }
        self.end = end
    }

    /// One thing that happened.
    private struct Act {
        let time: Instant
        let kind: Kind
        let what: What

        enum What {
            case delivery(Delivery)
            case person(PersonErasure)
        }

        var number: UInt32 { if case .delivery(let delivery) = what { delivery.number } else { 0 } }
    }

    /// Brings a directory, in which nothing later is, up to the end.
    ///
    /// - Returns: how many deliveries were worked again.
    /// - Throws: `DataDirectoryFault(.damaged)` where the work gives another result than was recorded.
    func run(in directory: DataDirectory, book: PolicyBook, _ progress: (Double) -> Void) async throws -> Int {
        let present = Dictionary(try directory.registry.deliveries.all().map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let logged = Set(try directory.registry.ledger.erasures().map(\.text))
        let persons = try directory.accessRegistry.erasures.list()
        let acts = acts(missingFrom: present, persons.filter { !logged.contains(LedgerTexts.erasure($0)) })
        let punctured = Set(persons.flatMap(\.records).map(\.delivery))
        let desk = DeliveryDesk(replayingIn: directory, book: book)
        let erasures = Dictionary(grouping: acts.filter { $0.kind == .erase && $0.number > 0 }, by: \.time)
        var worked = 0
        for (index, act) in acts.enumerated() {
            defer { progress(Double(index + 1) / Double(acts.count)) }
            guard case .delivery(let delivery) = act.what else {
                if case .person(let erasure) = act.what { try directory.commits.withLock { _ in try directory.carryOut(erasure, logged: []) } }
                continue
            }
            switch act.kind {
            case .register: try directory.registry.deliveries.reinstate(delivery)
            case .refuse: try directory.registry.deliveries.refuse(delivery.number, fault: delivery.fault ?? "", at: act.time)
            case .withdraw: _ = try desk.withdraw(delivery.number, reason: delivery.withdrawalReason ?? "", at: act.time)
            case .erase:
                // One event for all that went at the same time.
                let numbers = (erasures[act.time] ?? []).map(\.number)
                if numbers.first == delivery.number { try directory.commits.withLock { _ in try desk.erase(numbers, at: act.time) } }
            case .commit:
                try await commit(delivery, at: act.time, desk, isPunctured: punctured.contains(delivery.number))
                worked += 1
            }
        }
        return worked
    }

    private func acts(missingFrom present: [UInt32: Delivery], _ persons: [PersonErasure]) -> [Act] {
        var acts: [Act] = []
        for delivery in received {
            let old = present[delivery.number]
            func add(_ kind: Kind, _ time: Instant?, _ before: Instant?) {
                if let time, time <= end, before == nil { acts.append(Act(time: time, kind: kind, what: .delivery(delivery))) }
            }
            add(.register, delivery.received, old?.received)
            add(.commit, delivery.known, old?.known)
            add(.refuse, delivery.refusedAt, old?.refusedAt)
            add(.withdraw, delivery.withdrawnAt, old?.withdrawnAt)
            add(.erase, delivery.erasedAt, old?.erasedAt)
        }
        acts += persons.filter { $0.at <= end }.map { Act(time: $0.at, kind: .erase, what: .person($0)) }
        return acts.sorted { ($0.time, $0.kind.rawValue, $0.number) < ($1.time, $1.kind.rawValue, $1.number) }
    }

    /// Works a delivery again: checked as of the day that it was checked on, known when it became known.
    /// - Parameter isPunctured: rows of it were erased later, and their leaves cannot be made again.
    private func commit(_ delivery: Delivery, at known: Instant, _ desk: DeliveryDesk, isPunctured: Bool) async throws {
        if try isPunctured || delivery.erasedAt != nil && desk.directory.accessRegistry.rowSalts.find(delivery.number) == nil {
            throw DataDirectoryFault(
                .damaged, path: desk.directory.path, "第 \(delivery.number) 批后来已依法清除，存证所用的盐已销毁，不能重做",
                cure: "请恢复到清除以后的备份点（--point）")
        }
        let asked = Mutex(false)
        let day = delivery.checkedOn.map { Instant(startOf: $0) } ?? known
        let done = try await desk.work(
            on: delivery.number,
            clock: {
                asked.withLock { asked in
                    defer { asked = true }
                    return asked ? known : day
                }
            })
        guard done.known == known, done.totals == delivery.totals || delivery.totals.rejectionsDigest == nil else {
            throw DataDirectoryFault(
                .damaged, path: desk.directory.path,
                "第 \(delivery.number) 批重做的结果（入库 \(done.accepted)，退回 \(done.rejected)）与当时的登记（入库 \(delivery.accepted)，退回 \(delivery.rejected)）不同",
                cure: "请用当时的政策手册恢复（--book），或恢复到一个备份点（--point）")
        }
    }
}
