package import Identifiers

/// Rows of a table that are over at some moment, to be counted and given up. The last keeps its place, so that its number is not given
/// again.
package struct ExpiredRows: Sendable {
    let driver: any SQLDriver
    /// Names of the code, never input.
    let table: String
    /// When a row was over, as an expression of SQL.
    let moment: String

    private var condition: String { "\(moment) < ? AND number < (SELECT MAX(number) FROM \(table))" }

    /// How many were over before a moment.
    package func count(before limit: Instant) throws(RegistryFault) -> Int {
        try driver.read { connection throws(RegistryFault) in
            try connection.query("SELECT COUNT(*) AS n FROM \(table) WHERE \(condition)", [.instant(limit)]).first?.integer("n") ?? 0
        }
    }

    /// Removes those for good.
    /// - Returns: how many there were.
    package func remove(before limit: Instant) throws(RegistryFault) -> Int {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute("DELETE FROM \(table) WHERE \(condition)", [.instant(limit)])
        }
    }
}
