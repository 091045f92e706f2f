import Identifiers
import Testing

@testable import Registry

@Suite("organisations")
struct OrganisationsTests {
    let ground: Ground
    var organisations: Organisations { ground.registry.organisations }

    init() throws { ground = try Ground() }

    @Test("facts come back as they were stated")
    func facts() throws {
        var facts = OrganisationFacts.registered(1, "驻马店市天中商贸有限公司", row: 17, former: ["驻马店市老商贸有限公司"])
        facts.effective = CivilDate(year: 2026, month: 1, day: 2)
        try ground.commit(1, [facts])
        #expect(try organisations.find(.number(1)) == Organisation(facts: facts, delivery: 1))
        #expect(try organisations.find(.number(2)) == nil)
        for code in [facts.uscc, facts.registrationNumber, facts.organisationCode] {
            #expect(try organisations.find(code: try #require(code)).map(\.key) == [.number(1)])
        }
        #expect(try organisations.find(code: "999").isEmpty)
    }

    @Test("a later registration replaces the facts; both stay known as of their time")
    func later() throws {
        try ground.commit(1, [.registered(1, "甲公司", region: "411702")])
        try ground.commit(2, [.registered(1, "乙公司", region: "411723")])
        #expect(try organisations.find(.number(1))?.name == "乙公司")
        #expect(try organisations.organisation(.number(1), maximumDelivery: 1)?.name == "甲公司")
        #expect(try organisations.organisation(.number(1)) { $0 == 0 } == nil)
        let names = try organisations.names(of: .number(1))
        #expect(names.map(\.name) == ["乙公司", "甲公司"])
        #expect(names.map(\.isCurrent) == [true, false])
        #expect(names.map(\.sinceDelivery) == [2, 1])
        #expect(names.map(\.untilDelivery) == [nil, 2])
        #expect(try organisations.names(of: .number(1)) { $0 <= 1 }.map(\.name) == ["甲公司"])
    }

    @Test("facts that take effect later are not seen on an earlier day")
    func effective() throws {
        try ground.commit(1, [.registered(1, "甲公司")])
        var later = OrganisationFacts.registered(1, "乙公司")
        later.effective = CivilDate(year: 2026, month: 6, day: 1)
        try ground.commit(2, [later])
        let before = CivilDate(year: 2026, month: 5, day: 31)
        #expect(try organisations.organisation(.number(1), asOf: before) { _ in true }?.name == "甲公司")
        #expect(try organisations.organisation(.number(1), asOf: later.effective) { _ in true }?.name == "乙公司")
    }

    @Test("a mention never overwrites what is registered, and a registration replaces a mention")
    func mentions() throws {
        try ground.commit(1, [.mentioned(1, "甲公司（处罚文书所写）"), .registered(2, "丙公司")])
        #expect(try organisations.find(.number(1))?.registered == false)
        try ground.commit(2, [.registered(1, "甲公司"), .mentioned(2, "丙公司（错写）", region: "411723")])
        #expect(try organisations.find(.number(1))?.name == "甲公司")
        #expect(try organisations.find(.number(1))?.registered == true)
        #expect(try organisations.find(.number(2))?.name == "丙公司")
        #expect(try organisations.find(.number(2))?.region == "411702")
        #expect(try organisations.search("错写").total == 0)
        #expect(try organisations.search("处罚文书").total == 0)
        #expect(try organisations.organisation(.number(1), maximumDelivery: 1)?.name == "甲公司（处罚文书所写）")
    }

    @Test("counts per region follow every change and survive the check")
    func counts() throws {
        try ground.commit(
            1,
            [
                .registered(1, "甲公司", region: "411702"), .registered(2, "乙公司", region: "411723"),
                .mentioned(3, "丙公司", region: "411723"), .mentioned(4, "丁公司", region: nil),
            ])
        try ground.commit(2, [.mentioned(1, "甲公司"), .registered(2, "乙公司", region: "411702")])
        let expected = [
            RegionCount(region: nil, registered: 0, mentioned: 1, withRecords: 1),
            RegionCount(region: "411702", registered: 2, mentioned: 0, withRecords: 1),
            RegionCount(region: "411723", registered: 0, mentioned: 1, withRecords: 1),
        ]
        #expect(try organisations.countsByRegion() == expected)
        #expect(try organisations.counts() == RegionCount(region: nil, registered: 2, mentioned: 2, withRecords: 3))
        try ground.registry.withdraw(delivery: 2, at: .day(9), reason: "误报")
        #expect(try organisations.countsByRegion().map(\.registered) == [0, 1, 1])
        #expect(try ground.registry.integrityCheck() == [])
    }

    @Test("committing a delivery's effects twice changes nothing")
    func twice() throws {
        let facts = [OrganisationFacts.registered(1, "甲公司", former: ["老甲公司"]), .mentioned(2, "乙公司")]
        let number = try ground.commit(1, facts)
        let before = try organisations.find(.number(1))
        let repeated = try ground.registry.commit(
            delivery: number, known: .day(99), totals: DeliveryTotals(rows: 2, accepted: 2), organisations: facts)
        #expect(!repeated)
        #expect(try ground.registry.deliveries.find(number)?.known == .day(1))
        #expect(try organisations.find(.number(1)) == before)
        #expect(try organisations.search("甲公司").total == 1)
        #expect(try organisations.counts().registered == 1)
    }

    @Test("of several rows about one organisation the last counts, and the names before it are former ones")
    func severalRows() throws {
        try ground.commit(1, [.registered(1, "甲公司", row: 1), .registered(1, "乙公司", row: 2), .mentioned(1, "错写公司")])
        #expect(try organisations.find(.number(1))?.name == "乙公司")
        #expect(try organisations.find(.number(1))?.facts.row == 2)
        #expect(try organisations.names(of: .number(1)).map(\.name) == ["乙公司", "甲公司"])
    }

    @Test("a withdrawn delivery stops counting now and still counts for the time before")
    func withdrawal() throws {
        try ground.commit(1, [.registered(1, "甲公司")])
        try ground.commit(2, [.registered(1, "乙公司"), .registered(2, "丙公司"), .mentioned(3, "丁公司")])
        let hidden = try ground.registry.withdraw(delivery: 2, at: .day(9), reason: "误报")
        #expect(Set(hidden) == [.number(2), .number(3)])
        #expect(try organisations.find(.number(1))?.name == "甲公司")
        #expect(try organisations.find(.number(2)) == nil)
        #expect(try organisations.find(code: "914117010000000002").isEmpty)
        #expect(try organisations.search("丙公司").total == 0)
        #expect(try organisations.search("乙公司").total == 0)
        #expect(try organisations.organisation(.number(2)) { $0 <= 2 }?.name == "丙公司")
        #expect(try organisations.keys().map(\.key) == [.number(1)])
        try ground.commit(3, [.mentioned(3, "丁公司"), .registered(2, "丙公司")])
        #expect(try organisations.search("丁公司").total == 1)
        #expect(try organisations.search("丙公司").total == 1)
        #expect(try ground.registry.integrityCheck() == [])
    }

    @Test("a delivery that is committed after a later one does not overwrite it")
    func outOfOrder() throws {
        let first = try ground.receive(1)
        try ground.commit(2, [.registered(1, "乙公司")])
        try ground.registry.commit(
            delivery: first, known: .day(9), totals: DeliveryTotals(rows: 1, accepted: 1),
            organisations: [.registered(1, "甲公司")])
        #expect(try organisations.find(.number(1))?.name == "乙公司")
        #expect(try organisations.search("甲公司").hits.first?.isFormerName == true)
        #expect(try ground.registry.integrityCheck() == [])
    }

    @Test("a failed commit leaves nothing behind")
    func atomic() throws {
        let number = try ground.receive(1)
        var broken = OrganisationFacts.registered(2, "乙公司")
        broken.formerNames = []
        #expect(throws: RegistryFault.self) {
            try ground.registry.driver.write { connection throws(RegistryFault) in
                try OrganisationsUpdate.apply(
                    [.registered(1, "甲公司"), broken], delivery: number, on: connection,
                    index: ground.registry.driver.nameIndex)
                throw RegistryFault(.full)
            }
        }
        #expect(try organisations.keys().isEmpty)
        #expect(try organisations.search("甲公司").total == 0)
        #expect(try ground.registry.integrityCheck() == [])
    }

    @Test("keys are handed out with what a start needs to know")
    func keys() throws {
        try ground.commit(1, [.registered(1, "甲公司"), .mentioned(2, "乙公司")])
        try ground.commit(2, [.mentioned(1, "甲公司")])
        #expect(
            Set(try organisations.keys()) == [
                KnownOrganisation(key: .number(1), registered: true, hasRecords: true),
                KnownOrganisation(key: .number(2), registered: false, hasRecords: true),
            ])
    }
}
