import Identifiers
import Testing

@testable import Registry

/// Random deliveries and withdrawals against a plain list of what was said.
@Suite("registry against a model")
struct ModelTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private let names = ["天中商贸行", "天中百货店", "龙凤药店", "龙凤商贸行", "宏达超市", "宏达百货店"]

    @Test("whatever the order of deliveries and withdrawals, facts, names, search and counts agree", arguments: 1...12)
    func agrees(seed: Int) throws {
        let ground = try Ground()
        var random = Random(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        var said: [UInt32: [OrganisationFacts]] = [:]
        var waiting: [UInt32] = []
        for step in 0..<30 {
            let roll = Int.random(in: 0..<10, using: &random)
            if roll < 3 || waiting.isEmpty { waiting.append(try ground.receive(step)) }
            if roll < 8, let number = waiting.randomElement(using: &random) {
                waiting.removeAll { $0 == number }
                let facts = makeFacts(&random)
                try ground.registry.commit(
                    delivery: number, known: .day(step),
                    totals: DeliveryTotals(rows: facts.count, accepted: facts.count),
                    organisations: facts)
                said[number] = OrganisationsUpdate.merge(facts)
            } else if let number = said.keys.sorted().randomElement(using: &random) {
                try ground.registry.withdraw(delivery: number, at: .day(step), reason: "误报")
                said[number] = nil
            }
        }
        try compare(ground.registry, said)
        #expect(try ground.registry.integrityCheck() == [])
    }

    private func makeFacts(_ random: inout Random) -> [OrganisationFacts] {
        (0..<Int.random(in: 1...6, using: &random)).map { row in
            let number = Int.random(in: 1...5, using: &random)
            let name = names[Int.random(in: 0..<names.count, using: &random)]
            let region = Bool.random(using: &random) ? "411702" : nil
            guard Bool.random(using: &random) else { return .mentioned(number, name, region: region) }
            let former = Int.random(in: 0..<4, using: &random) == 0 ? [names[row % names.count]] : []
            return .registered(number, name, row: UInt32(row + 1), region: region, former: former)
        }
    }

    private func compare(_ registry: Registry, _ said: [UInt32: [OrganisationFacts]]) throws {
        var listed: [RegistryKey: Set<String>] = [:]
        for number in 1...5 {
            let key = RegistryKey.number(number)
            let history = FactsHistory(
                stated: said.keys.sorted().flatMap { delivery in
                    (said[delivery] ?? []).filter { $0.key == key }.map { StatedFacts(delivery: delivery, facts: $0) }
                })
            let found = try registry.organisations.find(key)
            #expect(found?.facts == history.current?.facts)
            #expect(found?.delivery == history.current?.delivery)
            #expect(try registry.organisations.names(of: key) == history.names)
            for (name, _) in history.listedNames { listed[key, default: []].insert(name) }
        }
        for text in ["天中", "龙凤", "宏达", "商贸行", "百货店"] {
            let found = Set(try registry.organisations.search(text).hits.map(\.organisation.key))
            #expect(found == Set(listed.filter { $0.value.contains { $0.contains(text) } }.keys))
        }
    }
}
