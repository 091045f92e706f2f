package import Identifiers

// Erasure: the records of a withdrawn delivery are given up, and later the archive has removed the last of them.
extension Deliveries {
    private static let due = "state = 'withdrawn' AND withdrawn_at <= ? AND erased_at IS NULL"

    /// Deliveries withdrawn up to `limit` and not erased yet, ascending.
    package func due(withdrawnUntil limit: Instant) throws(RegistryFault) -> [UInt32] {
        try driver.read { connection throws(RegistryFault) in try Self.numbers(Self.due, [.instant(limit)], on: connection) }
    }

    /// Deliveries in force that became known up to `limit`, ascending.
    package func committed(knownUntil limit: Instant) throws(RegistryFault) -> [Delivery] {
        try driver.read { connection throws(RegistryFault) in
            try Self.deliveries(
                connection.query(
                    "SELECT \(Delivery.columns) FROM deliveries WHERE state = 'committed' AND known <= ? ORDER BY number", [.instant(limit)]))
        }
    }

    /// Notes that the records of withdrawn deliveries are erased at `instant`.
    /// - Parameter ledger: the erasure as the log of records has it.
    package func erase(_ numbers: [UInt32], at instant: Instant, ledger: LedgerEntry? = nil) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            for number in numbers {
                try connection.execute(
                    "UPDATE deliveries SET erased_at = ? WHERE number = ? AND state = 'withdrawn' AND erased_at IS NULL",
                    [.instant(instant), .integer(number)])
            }
            if let ledger { try LedgerEntries.add(ledger, on: connection) }
        }
    }

    /// Erased deliveries that the archive has not removed yet, ascending.
    package func unremoved() throws(RegistryFault) -> [UInt32] {
        try driver.read { connection throws(RegistryFault) in
            try Self.numbers("erased_at IS NOT NULL AND removed_at IS NULL", [], on: connection)
        }
    }

    /// Notes that nothing of these erased deliveries is left in the archive.
    package func markRemoved(_ numbers: [UInt32], at instant: Instant) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            for number in numbers {
                try connection.execute(
                    "UPDATE deliveries SET removed_at = ? WHERE number = ? AND erased_at IS NOT NULL",
                    [.instant(instant), .integer(number)])
            }
        }
    }

    /// - Parameter condition: text of this file, never input.
    private static func numbers(
        _ condition: String, _ values: [SQLValue], on connection: any SQLConnection
    ) throws(RegistryFault) -> [UInt32] {
        let rows = try connection.query("SELECT number FROM deliveries WHERE \(condition) ORDER BY number", values)
        var numbers: [UInt32] = []
        for row in rows { numbers.append(try row.integer("number")) }
        return numbers
    }
}
