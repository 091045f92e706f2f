import GRDBSQLite

/// One use of a prepared statement. The statement belongs to GRDB's cache on the connection of the transaction that is
/// running, and lives at least as long; it is left reset and without values, so that the next use finds it clean.
@safe
struct SQLiteRun: ~Copyable {
    private let statement: OpaquePointer
    private let sql: String
    private let path: String

    init(statement: OpaquePointer, sql: String, path: String) {
        unsafe self.statement = statement
        self.sql = sql
        self.path = path
        unsafe sqlite3_reset(statement)
    }

    deinit {
        unsafe sqlite3_reset(statement)
        unsafe sqlite3_clear_bindings(statement)
    }

    /// Sets all parameters, as many as the statement has.
    borrowing func bind(_ values: [SQLValue]) throws(RegistryFault) {
        guard values.count == Int(unsafe sqlite3_bind_parameter_count(statement)) else {
            throw RegistryFault(.failed, detail: "\(values.count) values for the parameters of: \(sql)")
        }
        for index in values.indices {
            let position = CInt(index + 1)
            let code =
                switch values[index] {
                case .null: unsafe sqlite3_bind_null(statement, position)
                case .integer(let integer): unsafe sqlite3_bind_int64(statement, position, integer)
                case .text(let text): bind(text, at: position)
                case .blob(let bytes): bind(bytes, at: position)
                }
            guard code == SQLITE_OK else { throw fault(code) }
        }
    }

    /// Goes to the next row of the answer.
    /// - Returns: false when there is none; the statement can then be bound again.
    borrowing func step() throws(RegistryFault) -> Bool {
        let code = unsafe sqlite3_step(statement)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            unsafe sqlite3_reset(statement)
            return false
        default: throw fault(code)
        }
    }

    /// The names of the answer's columns.
    var columns: [String] {
        let count = unsafe sqlite3_column_count(statement)
        return (0..<count).map { index in
            unsafe sqlite3_column_name(statement, index).map { unsafe String(cString: $0) } ?? ""
        }
    }

    /// The values of the current row.
    borrowing func values(of columns: [String]) throws(RegistryFault) -> [SQLValue] {
        var values: [SQLValue] = []
        values.reserveCapacity(columns.count)
        for index in columns.indices {
            let position = CInt(index)
            switch unsafe sqlite3_column_type(statement, position) {
            case SQLITE_INTEGER: values.append(.integer(unsafe sqlite3_column_int64(statement, position)))
            case SQLITE_TEXT: values.append(.text(text(at: position)))
            case SQLITE_BLOB: values.append(.blob(blob(at: position)))
            case SQLITE_NULL: values.append(.null)
            default: throw RegistryFault(.unreadable(column: columns[index]), detail: "floating-point value")
            }
        }
        return values
    }

    /// Tells SQLite to copy what is bound before the call returns (`SQLITE_TRANSIENT`, which C writes as -1).
    private static var copied: sqlite3_destructor_type? { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type?.self) }

    private func bind(_ text: String, at position: CInt) -> CInt {
        var text = text
        return text.withUTF8 { bytes in
            // An empty text has no address, and an address of nil would bind null.
            guard let start = bytes.baseAddress else {
                return unsafe sqlite3_bind_text(statement, position, "", 0, Self.copied)
            }
            return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { characters in
                unsafe sqlite3_bind_text(statement, position, characters, CInt(bytes.count), Self.copied)
            }
        }
    }

    private func bind(_ bytes: [UInt8], at position: CInt) -> CInt {
        guard !bytes.isEmpty else { return unsafe sqlite3_bind_zeroblob(statement, position, 0) }
        return unsafe bytes.withUnsafeBytes { bytes in
            unsafe sqlite3_bind_blob(statement, position, bytes.baseAddress, CInt(bytes.count), Self.copied)
        }
    }

    private func text(at position: CInt) -> String {
        guard let start = unsafe sqlite3_column_text(statement, position) else { return "" }
        // The count is asked for after the text: the pointer is valid until the next step.
        let count = Int(unsafe sqlite3_column_bytes(statement, position))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    private func blob(at position: CInt) -> [UInt8] {
        let start = unsafe sqlite3_column_blob(statement, position)
        let count = Int(unsafe sqlite3_column_bytes(statement, position))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    private func fault(_ code: CInt) -> RegistryFault {
        let connection = unsafe sqlite3_db_handle(statement)
        let message = unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) } ?? ""
        return RegistryFault(sqliteCode: code, message: message, sql: sql, path: path)
    }
}
