import Testing

@testable import Registry

@Suite("aliases")
struct AliasesTests {
    let ground: Ground
    var aliases: Aliases { ground.registry.aliases }

    init() throws { ground = try Ground() }

    private func alias(_ identifier: Int, _ subject: Int, row: UInt32 = 1) -> OrganisationAlias {
        OrganisationAlias(identifier: .number(identifier), subject: .number(subject), row: row)
    }

    @Test("an identifier leads to its organisation, and back")
    func resolves() throws {
        try ground.commit(1, aliases: [alias(11, 1), alias(12, 1), alias(1, 1)])
        #expect(try aliases.subject(of: .number(11)) == .number(1))
        #expect(try aliases.subject(of: .number(1)) == nil)
        #expect(Set(try aliases.identifiers(of: .number(1)) { _ in true }) == [.number(11), .number(12)])
        #expect(try aliases.conflicts().isEmpty)
    }

    @Test("views by knowledge time leave out later aliases")
    func knowledge() throws {
        try ground.commit(1)
        try ground.commit(2, aliases: [alias(11, 1)])
        #expect(try aliases.subject(of: .number(11)) { $0 <= 1 } == nil)
        #expect(try aliases.subject(of: .number(11)) { $0 <= 2 } == .number(1))
    }

    @Test("a second claim is recorded and not joined, until the first is withdrawn")
    func conflict() throws {
        try ground.commit(1, aliases: [alias(11, 1)])
        try ground.commit(2, aliases: [alias(11, 2, row: 7)])
        #expect(try aliases.subject(of: .number(11)) == .number(1))
        #expect(try aliases.identifiers(of: .number(2)) { _ in true } == [])
        let conflict = try #require(try aliases.conflicts().first)
        #expect(conflict.held.delivery == 1)
        #expect(conflict.claimed == StatedAlias(alias: alias(11, 2, row: 7), delivery: 2))
        try ground.registry.withdraw(delivery: 1, at: .day(9), reason: "误报")
        #expect(try aliases.subject(of: .number(11)) == .number(2))
        #expect(try aliases.conflicts().isEmpty)
        #expect(try aliases.subject(of: .number(11)) { $0 <= 1 } == .number(1))
    }

    @Test("two claims in one delivery: the earlier row holds")
    func sameDelivery() throws {
        try ground.commit(1, aliases: [alias(11, 5, row: 3), alias(11, 4, row: 8)])
        #expect(try aliases.subject(of: .number(11)) == .number(5))
        #expect(try aliases.conflicts().map(\.claimed.alias.subject) == [.number(4)])
    }

    @Test("all statements that count are handed out, the one that holds first")
    func all() throws {
        let many = (100..<25_000).map { alias($0, $0 + 100_000) }
        try ground.commit(1, aliases: many)
        try ground.commit(2, aliases: [alias(100, 7)])
        try ground.commit(3, aliases: [alias(101, 7)])
        try ground.registry.withdraw(delivery: 3, at: .day(9), reason: "误报")
        var subjects: [RegistryKey: [RegistryKey]] = [:]
        try aliases.forEach { subjects[$0.alias.identifier, default: []].append($0.alias.subject) }
        #expect(subjects.count == many.count)
        #expect(subjects[.number(100)] == [.number(100_100), .number(7)])
        #expect(subjects[.number(101)] == [.number(100_101)])
    }
}
