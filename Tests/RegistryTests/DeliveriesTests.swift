import Identifiers
import Testing

@testable import Registry

@Suite("deliveries")
struct DeliveriesTests {
    let ground: Ground
    var deliveries: Deliveries { ground.registry.deliveries }

    init() throws { ground = try Ground() }

    @Test("numbers start at 1 and follow each other")
    func numbers() throws {
        #expect(try ground.receive(1) == 1)
        #expect(try ground.receive(2) == 2)
        let delivery = try #require(try deliveries.find(2))
        #expect(delivery.state == .received)
        #expect(delivery.fileName == "登记2.csv")
        #expect(delivery.received == .day(0))
        #expect(try deliveries.find(3) == nil)
    }

    @Test("the same bytes of one provider and resource give the same receipt")
    func sameBytes() throws {
        let first = try deliveries.register(.sample(7))
        let again = try deliveries.register(.sample(7))
        #expect(first.isNew)
        #expect(!again.isNew)
        #expect(again.delivery == first.delivery)
        #expect(try deliveries.register(.sample(7, resource: "ZMD-02-0001")).isNew)
        #expect(try deliveries.register(.sample(7, provider: "ZMD-SWJ")).isNew)
    }

    @Test("refused or withdrawn bytes may come again, under a new number")
    func bytesAgain() throws {
        let refused = try ground.receive(7)
        try deliveries.refuse(refused, fault: "表头缺少“统一社会信用代码”一列。", at: .day(1))
        let second = try deliveries.register(.sample(7))
        #expect(second.isNew)
        #expect(second.delivery.number == 2)
        try ground.registry.commit(delivery: 2, known: .day(2), totals: DeliveryTotals())
        #expect(try !deliveries.register(.sample(7)).isNew)
        try ground.registry.withdraw(delivery: 2, at: .day(3), reason: "误报")
        #expect(try deliveries.register(.sample(7)).delivery.number == 3)
        let first = try #require(try deliveries.find(1))
        #expect(first.fault == "表头缺少“统一社会信用代码”一列。")
        #expect(first.refusedAt == .day(1))
    }

    @Test(
        "a wrong transition is refused and changes nothing", arguments: DeliveryState.allCases, DeliveryState.allCases)
    func transitions(from: DeliveryState, to: DeliveryState) throws {
        let number = try ground.receive(1)
        try move(number, to: from)
        guard to != .received else { return }
        let before = try deliveries.find(number)
        let allowed = from.mayBecome(to)
        if allowed || (from, to) == (.committed, .committed) {
            try move(number, to: to, directly: true)
            return
        }
        #expect(throws: RegistryFault(.wrongTransition(number: number, from: from, to: to))) {
            try move(number, to: to, directly: true)
        }
        #expect(try deliveries.find(number) == before)
    }

    private func move(_ number: UInt32, to state: DeliveryState, directly: Bool = false) throws {
        switch state {
        case .received: break
        case .committed:
            try ground.registry.commit(
                delivery: number, known: .day(1), totals: DeliveryTotals(rows: 3, accepted: 2, rejected: 1))
        case .refused: try deliveries.refuse(number, fault: "文件为空。", at: .day(1))
        case .withdrawn:
            if !directly { try move(number, to: .committed) }
            try ground.registry.withdraw(delivery: number, at: .day(2), reason: "误报")
        }
    }

    @Test("totals that do not add up are refused")
    func totals() throws {
        let number = try ground.receive(1)
        for totals in [
            DeliveryTotals(rows: 3, accepted: 1, rejected: 1), DeliveryTotals(rows: 1, accepted: 1, suspended: 2),
            DeliveryTotals(rows: 0, accepted: 1, rejected: -1),
        ] {
            #expect(throws: RegistryFault(.wrongTotals(number: number))) {
                try ground.registry.commit(delivery: number, known: .day(1), totals: totals)
            }
        }
        #expect(throws: RegistryFault(.unknownDelivery(number: 99))) {
            try ground.registry.commit(delivery: 99, known: .day(1), totals: DeliveryTotals())
        }
        #expect(try deliveries.unfinished().map(\.number) == [1])
    }

    @Test("the times list has every delivery that was ever committed")
    func times() throws {
        for digest in 1...4 { _ = try ground.receive(digest) }
        try move(2, to: .committed)
        try move(3, to: .refused)
        try move(4, to: .withdrawn)
        #expect(
            try deliveries.times() == [
                DeliveryTime(number: 2, provider: "ZMD-SCJG", known: .day(1), withdrawnAt: nil, erasedAt: nil),
                DeliveryTime(number: 4, provider: "ZMD-SCJG", known: .day(1), withdrawnAt: .day(2), erasedAt: nil),
            ])
        #expect(try deliveries.unfinished().map(\.number) == [1])
        // Erasing asks for the day of the withdrawal, takes the withdrawn only, and each once.
        #expect(try deliveries.due(withdrawnUntil: .day(1)).isEmpty)
        #expect(try deliveries.due(withdrawnUntil: .day(2)) == [4])
        try deliveries.erase([2, 4], at: .day(9))
        #expect(try deliveries.due(withdrawnUntil: .day(8)).isEmpty)
        #expect(try deliveries.times().map(\.erasedAt) == [nil, .day(9)])
        #expect(try deliveries.find(4)?.state == .withdrawn)
    }

    @Test("lists are filtered, newest first, and paged")
    func lists() throws {
        for digest in 1...5 { _ = try ground.receive(digest) }
        _ = try ground.receive(6, resource: "ZMD-03-0002", provider: "ZMD-SWJ")
        try move(2, to: .committed)
        #expect(try deliveries.list(limit: 2, offset: 1).deliveries.map(\.number) == [5, 4])
        #expect(try deliveries.list().total == 6)
        #expect(try deliveries.list(DeliveryFilter(provider: "ZMD-SWJ")).deliveries.map(\.number) == [6])
        #expect(try deliveries.list(DeliveryFilter(resource: "ZMD-01-0001", state: .committed)).total == 1)
        #expect(try deliveries.list(DeliveryFilter(provider: "' OR 1=1 --")).total == 0)
        #expect(try deliveries.list(limit: -1, offset: -1).deliveries.isEmpty)
    }

    @Test("coverage counts committed rows, per provider and resource and per month")
    func coverage() throws {
        for digest in 1...3 { _ = try ground.receive(digest) }
        _ = try ground.receive(4, provider: "ZMD-SWJ")
        let totals = DeliveryTotals(rows: 10, accepted: 8, suspended: 2, doubtful: 1, rejected: 2)
        try ground.registry.commit(delivery: 1, known: .day(5), totals: totals)
        try ground.registry.commit(delivery: 2, known: .day(40), totals: totals)
        try ground.registry.withdraw(delivery: 2, at: .day(41), reason: "误报")
        try ground.registry.commit(delivery: 4, known: .day(41), totals: totals)
        let coverage = try deliveries.coverage()
        #expect(coverage.map(\.provider) == ["ZMD-SCJG", "ZMD-SWJ"])
        let first = try #require(coverage.first)
        #expect((first.deliveries, first.unfinished, first.withdrawn, first.refused) == (1, 1, 1, 0))
        #expect((first.rows, first.accepted, first.suspended, first.rejected) == (10, 8, 2, 2))
        #expect(first.lastKnown == .day(5))
        let months = try deliveries.monthly()
        #expect(months.map(\.month) == [1, 2])
        #expect(months.map(\.year) == [2026, 2026])
        #expect(months.map(\.accepted) == [8, 8])
        #expect(try deliveries.monthly(DeliveryFilter(provider: "ZMD-SWJ")).count == 1)
        let all = try deliveries.totals()
        #expect(all.deliveries == 2)
        #expect(all.totals.rows == 20)
    }
}
