import GRDB
import GRDBSQLite

extension RegistryFault {
    /// The registry's wording for what GRDB reports; faults of the registry itself pass unchanged.
    init(sqlite error: any Error, path: String) {
        if let fault = error as? RegistryFault {
            self = fault
        } else if let error = error as? DatabaseError {
            self.init(
                sqliteCode: error.extendedResultCode.rawValue, message: error.message ?? "", sql: error.sql, path: path)
        } else {
            self.init(.failed, detail: "\(error)")
        }
    }

    /// The registry's wording for a result code of SQLite. Only code, message and statement are kept: the bound values
    /// may hold names and must not reach a log.
    init(sqliteCode code: CInt, message: String, sql: String?, path: String) {
        let problem: Problem =
            switch code & 0xFF {
            case SQLITE_FULL: .full
            case SQLITE_BUSY, SQLITE_LOCKED: .locked
            case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: .unwritable(path: path)
            case SQLITE_CORRUPT: .damaged
            case SQLITE_NOTADB: .notARegistry(path: path)
            case SQLITE_CONSTRAINT: .constraint
            default: .failed
            }
        let detail = "SQLite \(code): \(message)"
        self.init(problem, detail: sql.map { "\(detail) — \($0)" } ?? detail)
    }
}
