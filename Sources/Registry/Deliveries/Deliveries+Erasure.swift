package import Identifiers

// Erasure: the records of a withdrawn delivery are given up, and later the archive has removed the last of them.
extension Deliveries {
    /// Notes that the records of all deliveries withdrawn up to `limit` are erased at `instant`.
    /// - Returns: the numbers of those that were not erased before, ascending.
    package func erase(withdrawnUntil limit: Instant, at instant: Instant) throws(RegistryFault) -> [UInt32] {
        let condition = "state = 'withdrawn' AND withdrawn_at <= ? AND erased_at IS NULL"
        // Asked first by a reader: mostly there are none, and a writer would hold up others.
        let due = try driver.read { connection throws(RegistryFault) in
            try Self.numbers(condition, [.instant(limit)], on: connection)
        }
        guard !due.isEmpty else { return [] }
        return try driver.write { connection throws(RegistryFault) in
            let numbers = try Self.numbers(condition, [.instant(limit)], on: connection)
            for number in numbers {
                try connection.execute("UPDATE deliveries SET erased_at = ? WHERE number = ?", [.instant(instant), .integer(number)])
            }
            return numbers
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
