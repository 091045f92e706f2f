import Foundation
import Identifiers
import Testing

@testable import Registry

/// Steps of listings stay as they were taken, but for those of a person who is erased.
@Suite struct ListingStepsTests {
    private static let day = CivilDate(day: 20_600)

    private func step(_ subject: UInt64, procedure: Int64 = 0, _ kind: ListingStepKind = .decision) -> ListingStep {
        ListingStep(
            procedure: procedure, list: "watch", subject: RegistryKey(high: 1, low: subject), kind: kind, day: Self.day, document: "1号", text: "事由", actor: "a", body: "b",
            at: Instant(startOf: Self.day))
    }

    private func statement(_ registry: Registry, _ sql: String) throws {
        try registry.driver.write { connection throws(RegistryFault) in try connection.execute(sql) }
    }

    @Test("steps are appended where the procedure stands as its author saw it, and are never changed or removed")
    func appended() throws {
        let directory = try Ground.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let registry = try Registry.open(directory + "/registry.sqlite")
        let first = try #require(try registry.listings.append(step(1), after: nil))
        #expect(try registry.listings.append(step(1), after: nil) == nil, "somebody was first")
        #expect(try registry.listings.append(step(1, procedure: first.procedure, .entry), after: first.number) != nil)
        for sql in ["UPDATE listing_steps SET text = ''", "DELETE FROM listing_steps", "DELETE FROM listing_steps WHERE number = 1"] {
            #expect(throws: RegistryFault.self, "\(sql)") { try statement(registry, sql) }
        }
        #expect(try registry.listings.procedure(first.procedure).map(\.text) == ["事由", "事由"])
        try registry.close()
    }

    @Test("a person's steps are erased, nobody else's; whose they were is not kept, and their numbers are not given again")
    func erased() throws {
        let directory = try Ground.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let registry = try Registry.open(directory + "/registry.sqlite")
        let kept = try #require(try registry.listings.append(step(1), after: nil))
        let gone = try #require(try registry.listings.append(step(2), after: nil))
        #expect(try registry.listings.erase(gone.subject) == 1 && registry.listings.erase(gone.subject) == 0)
        #expect(try registry.listings.all(knownAt: Instant(endOf: Self.day)) == [kept])
        #expect(throws: RegistryFault.self) { try statement(registry, "DELETE FROM listing_steps") }
        let next = try #require(try registry.listings.append(step(3), after: nil))
        #expect(next.number == gone.number + 1)
        let traces = try registry.driver.read { connection throws(RegistryFault) in
            try connection.query("SELECT COUNT(*) AS count, COUNT(subject) AS named FROM step_erasures").first.map { row throws(RegistryFault) in
                (try row.integer("count") as Int, try row.integer("named") as Int)
            }
        }
        #expect(traces?.0 == 1 && traces?.1 == 0)
        try registry.close()
    }
}
