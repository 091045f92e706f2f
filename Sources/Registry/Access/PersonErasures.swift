package import Identifiers

/// A row of a delivery: a record's name, as the registry knows it.
package struct DeliveryRow: Sendable, Hashable {
    package let delivery: UInt32
    package let row: UInt32

    package init(delivery: UInt32, row: UInt32) {
        self.delivery = delivery
        self.row = row
    }
}

/// The erasure of a natural person's records (个人信息保护法 第四十七条). It says which records, and not whose.
package struct PersonErasure: Sendable, Hashable {
    package let number: Int64
    /// The time by which the log of records names it; no other erasure has it.
    package let at: Instant
    /// The decision that it rests on; names nobody.
    package let reason: String
    /// When the archive had nothing of them any more; nil while it may.
    package let removedAt: Instant?
    /// Ascending.
    package let records: [DeliveryRow]
}

/// Erasures of persons. They stand here and not beside the deliveries, since this store is the newest after every restoration: what was
/// erased does not come back with an old backup.
package struct PersonErasures: Sendable {
    let driver: any SQLDriver

    /// Keeps an erasure; from now on no view shows the records.
    @discardableResult
    package func add(_ records: [DeliveryRow], reason: String, at instant: Instant) throws(RegistryFault) -> PersonErasure {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute("INSERT INTO erasures (at, reason) VALUES (?, ?)", [.instant(instant), .text(reason)])
            let number: Int64 = try connection.query("SELECT number FROM erasures WHERE at = ?", [.instant(instant)]).first?.integer("number") ?? 0
            try connection.execute(
                "INSERT INTO erased_records (delivery, row, erasure) VALUES (?, ?, ?) ON CONFLICT (delivery, row) DO NOTHING",
                each: records.map { [.integer($0.delivery), .integer($0.row), .integer(number)] })
            return PersonErasure(number: number, at: instant, reason: reason, removedAt: nil, records: records)
        }
    }

    /// All erasures, the oldest first.
    package func list() throws(RegistryFault) -> [PersonErasure] { try list("1 = 1") }

    /// Those of which the archive may still have something, the oldest first.
    package func unremoved() throws(RegistryFault) -> [PersonErasure] { try list("removed_at IS NULL") }

    /// - Parameter condition: text of this file, never input.
    private func list(_ condition: String) throws(RegistryFault) -> [PersonErasure] {
        try driver.read { connection throws(RegistryFault) in
            var records: [Int64: [DeliveryRow]] = [:]
            let rows = try connection.query(
                "SELECT delivery, row, erasure FROM erased_records WHERE erasure IN (SELECT number FROM erasures WHERE \(condition)) ORDER BY delivery, row")
            for row in rows {
                records[try row.integer("erasure"), default: []].append(
                    DeliveryRow(delivery: try row.integer("delivery"), row: try row.integer("row")))
            }
            var erasures: [PersonErasure] = []
            for row in try connection.query("SELECT * FROM erasures WHERE \(condition) ORDER BY at") {
                let number: Int64 = try row.integer("number")
                erasures.append(
                    PersonErasure(
                        number: number, at: try row.instant("at"), reason: try row.text("reason"), removedAt: try row.instantIfPresent("removed_at"),
                        records: records[number] ?? []))
            }
            return erasures
        }
    }

    /// Notes that nothing of these is left in the archive.
    package func markRemoved(_ numbers: [Int64], at instant: Instant) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            for number in numbers {
                try connection.execute("UPDATE erasures SET removed_at = ? WHERE number = ?", [.instant(instant), .integer(number)])
            }
        }
    }

    /// An older archive was restored: it may have all of them again.
    package func forgetRemovals() throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in try connection.execute("UPDATE erasures SET removed_at = NULL") }
    }
}
