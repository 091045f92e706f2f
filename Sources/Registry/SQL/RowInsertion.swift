/// Inserts many rows with few statements: `INSERT INTO table (columns) VALUES (…), (…), …`.
///
/// A statement of 64 rows costs a third of 64 statements of one, in every store. Values are gathered flat, row after
/// row, in the order of the columns.
struct RowInsertion {
    /// Rows of one statement at most: 64 × 15 columns stay far below every store's limit on parameters.
    static let maximumRows = 64

    private let head: String
    private let tail: String
    private let width: Int
    private(set) var values: [SQLValue] = []

    /// Rows for a table; `columns` as written in SQL, `conflict` a clause such as `ON CONFLICT (a) DO NOTHING`.
    init(into table: String, columns: String, conflict: String = "") {
        head = "INSERT INTO \(table) (\(columns)) VALUES "
        tail = conflict.isEmpty ? "" : " " + conflict
        width = columns.utf8.count { $0 == UInt8(ascii: ",") } + 1
    }

    /// Adds a row; one value for each column.
    mutating func append(_ row: [SQLValue]) {
        precondition(row.count == width, "a row has one value for each column")
        values.append(contentsOf: row)
    }

    /// Writes all rows, in their order, in statements of falling powers of two, so that a driver prepares only a few.
    func write(on connection: any SQLConnection) throws(RegistryFault) {
        var position = 0
        var rows = Self.maximumRows
        while position < values.count {
            while rows * width > values.count - position { rows /= 2 }
            let sql = statement(rows: rows)
            while rows * width <= values.count - position {
                try connection.execute(sql, Array(values[position..<position + rows * width]))
                position += rows * width
            }
        }
    }

    private func statement(rows: Int) -> String {
        let row = "(" + String(repeating: "?,", count: width - 1) + "?)"
        return head + String(repeating: row + ",", count: rows - 1) + row + tail
    }
}
