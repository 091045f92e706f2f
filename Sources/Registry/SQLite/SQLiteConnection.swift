import GRDB

/// A transaction's connection. GRDB gives the transaction and keeps the prepared statements; values go in and out by
/// ``SQLiteRun``, which spares several conversions a value and so half the time of a large delivery.
struct SQLiteConnection: SQLConnection {
    let database: Database
    let path: String

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(RegistryFault) -> Int {
        let before = database.totalChangesCount
        try execute(sql, each: [arguments])
        return database.totalChangesCount - before
    }

    func execute(_ sql: String, each rows: [[SQLValue]]) throws(RegistryFault) {
        guard !rows.isEmpty else { return }
        let run = try run(sql)
        for row in rows {
            try run.bind(row)
            while try run.step() {}
        }
    }

    func query(_ sql: String, _ arguments: [SQLValue]) throws(RegistryFault) -> [SQLRow] {
        let run = try run(sql)
        try run.bind(arguments)
        let columns = run.columns
        var rows: [SQLRow] = []
        while try run.step() { rows.append(SQLRow(columns: columns, values: try run.values(of: columns))) }
        return rows
    }

    private func run(_ sql: String) throws(RegistryFault) -> SQLiteRun {
        do {
            return unsafe SQLiteRun(
                statement: try database.cachedStatement(sql: sql).sqliteStatement, sql: sql, path: path)
        } catch {
            throw RegistryFault(sqlite: error, path: path)
        }
    }
}
