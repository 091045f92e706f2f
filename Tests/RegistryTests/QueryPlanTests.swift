import Identifiers
import Synchronization
import Testing

@testable import Registry

/// A driver that remembers every statement that the repositories run.
private final class RecordingDriver: SQLDriver {
    private let driver: any SQLDriver
    let statements = Mutex<Set<String>>([])

    init(_ driver: any SQLDriver) { self.driver = driver }

    private struct Connection: SQLConnection {
        let connection: any SQLConnection
        let recorder: RecordingDriver

        func execute(_ sql: String, _ arguments: [SQLValue]) throws(RegistryFault) -> Int {
            recorder.record(sql)
            return try connection.execute(sql, arguments)
        }

        func execute(_ sql: String, each rows: [[SQLValue]]) throws(RegistryFault) {
            recorder.record(sql)
            try connection.execute(sql, each: rows)
        }

        func query(_ sql: String, _ arguments: [SQLValue]) throws(RegistryFault) -> [SQLRow] {
            recorder.record(sql)
            return try connection.query(sql, arguments)
        }
    }

    private func record(_ sql: String) { statements.withLock { _ = $0.insert(sql) } }

    func read<T>(_ body: (any SQLConnection) throws(RegistryFault) -> T) throws(RegistryFault) -> T {
        try driver.read { connection throws(RegistryFault) in
            try body(Connection(connection: connection, recorder: self))
        }
    }

    func write<T>(_ body: (any SQLConnection) throws(RegistryFault) -> T) throws(RegistryFault) -> T {
        try driver.write { connection throws(RegistryFault) in
            try body(Connection(connection: connection, recorder: self))
        }
    }

    var migrations: [Migration] { driver.migrations }
    var nameIndex: any NameIndex { driver.nameIndex }
    func snapshot() throws(RegistryFault) -> any SQLSnapshot { try driver.snapshot() }
    func integrityFaults() throws(RegistryFault) -> [String] { try driver.integrityFaults() }
    func close() throws(RegistryFault) { try driver.close() }
}

@Suite("query plans")
struct QueryPlanTests {
    /// Tables that may be read whole: few rows, or a page that is about all of them.
    private let mayBeScanned: Set<String> = ["deliveries", "organisation_counts"]

    @Test("no statement of the repositories scans a table that grows with the city")
    func plans() throws {
        let ground = try Ground()
        let recorder = RecordingDriver(ground.registry.driver)
        try exercise(Registry(driver: recorder), ground)
        let statements = recorder.statements.withLock { $0 }
        #expect(statements.count > 40)
        for sql in statements.sorted() {
            for step in try plan(of: sql, on: ground.registry.driver) where step.hasPrefix("SCAN ") {
                let table = step.split(separator: " ")[1]
                // The name index is asked by MATCH; the contested claims are a small index of their own.
                let isIndex =
                    step.contains("VIRTUAL TABLE INDEX") && step.contains(":M")
                    || step.contains("USING INDEX organisation_aliases_contested")
                    || step.hasSuffix("CONSTANT ROWS")  // the rows of an insertion itself
                #expect(isIndex || mayBeScanned.contains(String(table)), "\(step) in \(sql)")
            }
        }
    }

    @Test("the search reads its two indexes in order, without sorting")
    func search() throws {
        let ground = try Ground()
        #expect(
            try plan(of: NameSearch.beginning, on: ground.registry.driver) == [
                "SEARCH organisation_names USING INDEX organisation_names_by_folded (tier=? AND folded>? AND folded<?)"
            ])
        let index = try plan(of: SQLiteNameIndex.candidateQuery, on: ground.registry.driver)
        #expect(index.count == 1)
        #expect(index.allSatisfy { $0.contains("VIRTUAL TABLE INDEX") })
        #expect(
            try plan(of: Aliases.page, on: ground.registry.driver).allSatisfy { !$0.contains("TEMP B-TREE") })
    }

    /// Runs every method once, so that its statements are recorded.
    private func exercise(_ registry: Registry, _ ground: Ground) throws {
        let alias = OrganisationAlias(identifier: .number(11), subject: .number(1), row: 1)
        for digest in 1...4 { _ = try registry.deliveries.register(.sample(digest)) }
        try registry.deliveries.refuse(4, fault: "文件为空。", at: .day(1))
        let one = DeliveryTotals(rows: 1, accepted: 1)
        for (number, name) in [(UInt32(1), "甲公司"), (2, "乙公司"), (3, "乙公司")] {
            let claim = OrganisationAlias(identifier: .number(11), subject: .number(Int(number)), row: 1)
            try registry.commit(
                delivery: number, known: .day(1), totals: one,
                organisations: [.registered(1, name), .mentioned(2, "丙公司"), .mentioned(Int(number) + 7, name)],
                aliases: [alias, claim])
        }
        try registry.commit(delivery: 3, known: .day(1), totals: one)
        try registry.withdraw(delivery: 2, at: .day(2), reason: "误报")
        _ = try registry.deliveries.find(1)
        _ = try registry.deliveries.unfinished()
        _ = try registry.deliveries.times()
        _ = try registry.deliveries.coverage()
        _ = try registry.deliveries.monthly()
        _ = try registry.deliveries.totals()
        for filter in [
            DeliveryFilter(), DeliveryFilter(provider: "a"), DeliveryFilter(resource: "b"),
            DeliveryFilter(state: .committed), DeliveryFilter(provider: "a", resource: "b", state: .received),
        ] { _ = try registry.deliveries.list(filter) }
        _ = try registry.organisations.find(.number(1))
        _ = try registry.organisations.find(code: "914117010000000001")
        _ = try registry.organisations.organisation(.number(1), maximumDelivery: 1)
        _ = try registry.organisations.names(of: .number(1))
        _ = try registry.organisations.names(of: .number(1)) { _ in true }
        _ = try registry.organisations.search("公司")
        _ = try registry.organisations.search("914117010000000001")
        _ = try registry.organisations.counts()
        _ = try registry.organisations.keys()
        _ = try registry.aliases.subject(of: .number(11))
        _ = try registry.aliases.identifiers(of: .number(1)) { _ in true }
        _ = try registry.aliases.conflicts()
        _ = try registry.dossier(of: .number(11), asOf: CivilDate(day: 30_000)) { _ in true }
        try registry.aliases.forEach { _ in }
    }

    private func plan(of sql: String, on driver: any SQLDriver) throws(RegistryFault) -> [String] {
        let values = [SQLValue](repeating: .null, count: sql.count { $0 == "?" })
        return try driver.write { connection throws(RegistryFault) in
            var steps: [String] = []
            for row in try connection.query("EXPLAIN QUERY PLAN " + sql, values) {
                steps.append(try row.text("detail"))
            }
            return steps
        }
    }
}
