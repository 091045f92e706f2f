import Foundation
import GRDB
import Testing

@testable import Registry

@Suite("faults")
struct FaultsTests {
    @Test("a registry of a newer version is refused and left as it is")
    func newer() throws {
        let directory = try Ground.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/registry.sqlite"
        let registry = try Registry.open(path)
        let supported = registry.driver.migrations.count
        try registry.driver.write { connection throws(RegistryFault) in
            try connection.execute(
                "INSERT INTO schema_version (version, name) VALUES (?, ?)", [.integer(supported + 1), .text("later")])
        }
        try registry.close()
        let fault = RegistryFault(.newerVersion(found: supported + 1, supported: supported))
        #expect(throws: fault) { try Registry.open(path) }
        #expect(fault.message == "登记库的版本（\(supported + 1)）比本程序支持的版本（\(supported)）新。")
        #expect(fault.cure.contains("新版本程序"))
    }

    @Test("opening again migrates nothing and keeps everything")
    func again() throws {
        let directory = try Ground.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for _ in 0..<2 {
            let registry = try Registry.open(directory + "/registry.sqlite")
            let (delivery, _) = try registry.deliveries.register(.sample(1))
            #expect(delivery.number == 1)
            try registry.close()
        }
    }

    @Test("a directory that cannot be written is said to be so")
    func unwritable() throws {
        for path in ["/proc/registry.sqlite", "/nowhere/at/all/registry.sqlite"] {
            #expect(throws: RegistryFault.Problem.unwritable(path: path)) { try problem { try Registry.open(path) } }
        }
    }

    @Test("a full disk stops the transaction whole, and says what to do")
    func full() throws {
        var settings = SQLiteSettings()
        settings.maximumPages = 120
        let ground = try Ground(settings: settings)
        let number = try ground.receive(1)
        let facts = (1...20_000).map { OrganisationFacts.registered($0, "驻马店市第\($0)号商店") }
        #expect(throws: RegistryFault.Problem.full) {
            try problem {
                try ground.registry.commit(
                    delivery: number, known: .day(1), totals: DeliveryTotals(rows: 20_000, accepted: 20_000),
                    organisations: facts)
            }
        }
        #expect(RegistryFault(.full).message.contains("磁盘空间已满"))
        #expect(try ground.registry.deliveries.find(number)?.state == .received)
        #expect(try ground.registry.organisations.keys().isEmpty)
        #expect(try ground.registry.integrityCheck() == [])
    }

    @Test("a database that another process holds is reported as locked")
    func locked() throws {
        var settings = SQLiteSettings()
        settings.busyTimeoutSeconds = 0.05
        let ground = try Ground(settings: settings)
        let other = try DatabaseQueue(path: ground.directory + "/registry.sqlite")
        try other.inDatabase { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            #expect(throws: RegistryFault.Problem.locked) { try problem { try ground.receive(1) } }
            try database.execute(sql: "ROLLBACK")
        }
        #expect(try ground.receive(1) == 1)
    }

    @Test("a file of another kind, and another program's database, are no registry")
    func foreign() throws {
        let directory = try Ground.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let text = directory + "/text"
        let database = directory + "/other"
        try Data(String(repeating: "这不是数据库", count: 1000).utf8).write(to: URL(fileURLWithPath: text))
        try DatabaseQueue(path: database).inDatabase { try $0.execute(sql: "CREATE TABLE other (a)") }
        for path in [text, database] {
            #expect(throws: RegistryFault.Problem.notARegistry(path: path)) { try problem { try Registry.open(path) } }
        }
    }

    @Test("the store keeps what it promises: WAL, full synchronisation, foreign keys")
    func pragmas() throws {
        let ground = try Ground()
        let values = try ground.registry.driver.write { connection throws(RegistryFault) in
            var values: [SQLValue] = []
            for name in ["journal_mode", "synchronous", "foreign_keys"] {
                values.append(try connection.query("PRAGMA \(name)").first?[0] ?? .null)
            }
            return values
        }
        #expect(values == [.text("wal"), .integer(Int64(2)), .integer(Int64(1))])
        #expect(throws: RegistryFault.Problem.constraint) {
            try problem {
                try ground.registry.driver.write { connection throws(RegistryFault) in
                    try connection.execute(
                        "INSERT INTO organisation_names (organisation, tier, is_current, name, folded) VALUES (9, 0, 1, 'a', 'a')"
                    )
                }
            }
        }
    }

    @Test("a backup taken in use is whole, never overwrites, and opens as a registry")
    func backup() throws {
        let ground = try Ground()
        try ground.commit(1, [.registered(1, "甲公司")])
        let path = ground.directory + "/backup.sqlite"
        try ground.registry.snapshot().copy(to: path)
        try ground.commit(2, [.registered(2, "乙公司")])
        #expect(throws: RegistryFault(.alreadyExists(path: path))) { try ground.registry.snapshot().copy(to: path) }
        let copy = try Registry.open(path)
        #expect(try copy.organisations.search("甲公司").total == 1)
        #expect(try copy.organisations.search("乙公司").total == 0)
        #expect(try copy.integrityCheck() == [])
        try copy.close()
        #expect(throws: RegistryFault.self) { try ground.registry.snapshot().copy(to: "/proc/backup.sqlite") }
    }

    @Test("a check finds counts that do not fit")
    func check() throws {
        let ground = try Ground()
        try ground.commit(1, [.registered(1, "甲公司")])
        try ground.registry.driver.write { connection throws(RegistryFault) in
            try connection.execute("UPDATE organisation_counts SET count = 5")
        }
        #expect(try ground.registry.integrityCheck() == ["分地区机构数与机构表不符（1 处）"])
    }

    private func problem<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let fault as RegistryFault { throw fault.problem }
    }
}

extension RegistryFault.Problem: Error {}
