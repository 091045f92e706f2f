/// One numbered step of the schema. A step that was published is never edited; a change is a new step.
package struct Migration: Sendable {
    /// 1, 2, 3 … without gaps.
    package let number: Int
    /// What the step brings, for the log.
    package let name: String
    /// The statements in the dialect of the driver, run in one transaction.
    package let statements: [String]

    /// A step of a driver's schema.
    package init(number: Int, name: String, statements: [String]) {
        self.number = number
        self.name = name
        self.statements = statements
    }
}

/// Brings a store to this program's schema, or refuses a store of a newer one.
struct Migrator {
    let driver: any SQLDriver

    /// The version this program writes.
    var supported: Int { driver.migrations.last?.number ?? 0 }

    /// Applies what is missing, each step in a transaction of its own, so that an interrupted start goes on where it
    /// stopped.
    func migrate() throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        }
        let found = try version()
        guard found <= supported else { throw RegistryFault(.newerVersion(found: found, supported: supported)) }
        for migration in driver.migrations where migration.number > found {
            try driver.write { connection throws(RegistryFault) in
                for statement in migration.statements { try connection.execute(statement) }
                try connection.execute(
                    "INSERT INTO schema_version (version, name) VALUES (?, ?)",
                    [.integer(migration.number), .text(migration.name)])
            }
        }
    }

    /// The version the store has; 0 for an empty one.
    func version() throws(RegistryFault) -> Int {
        try driver.read { connection throws(RegistryFault) in
            let rows = try connection.query("SELECT COALESCE(MAX(version), 0) AS version FROM schema_version")
            return try rows.first?.integer("version") ?? 0
        }
    }
}
