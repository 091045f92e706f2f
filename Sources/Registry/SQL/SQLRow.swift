/// One row of a query's answer. Columns are read by the name they have in the `SELECT`, or by position in loops over
/// many rows; a value of another type than asked for throws ``RegistryFault/Problem/unreadable(column:)``.
package struct SQLRow: Sendable {
    /// Column names in the order of the `SELECT`; the storage is shared by all rows of an answer.
    package let columns: [String]
    /// Values in the same order.
    package let values: [SQLValue]

    /// A row of these columns; used by drivers.
    package init(columns: [String], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    /// The value of a column, or `.null` where the answer has no such column.
    package subscript(_ column: String) -> SQLValue {
        for index in columns.indices where columns[index] == column { return values[index] }
        return .null
    }

    /// The value at a position, or `.null` beyond the last.
    package subscript(_ position: Int) -> SQLValue {
        values.indices.contains(position) ? values[position] : .null
    }

    /// An integer that must be there and fit `I`.
    package func integer<I: FixedWidthInteger>(_ column: String, as type: I.Type = I.self) throws(RegistryFault) -> I {
        guard let value: I = try integerIfPresent(column) else { throw RegistryFault(.unreadable(column: column)) }
        return value
    }

    /// An integer that fits `I`, or nil for null.
    package func integerIfPresent<I: FixedWidthInteger>(
        _ column: String, as type: I.Type = I.self
    ) throws(RegistryFault) -> I? {
        switch self[column] {
        case .null: return nil
        case .integer(let value):
            if let fitting = I(exactly: value) { return fitting }
            throw RegistryFault(.unreadable(column: column))
        default: throw RegistryFault(.unreadable(column: column))
        }
    }

    /// A text that must be there.
    package func text(_ column: String) throws(RegistryFault) -> String {
        guard let value = try textIfPresent(column) else { throw RegistryFault(.unreadable(column: column)) }
        return value
    }

    /// A text, or nil for null.
    package func textIfPresent(_ column: String) throws(RegistryFault) -> String? {
        switch self[column] {
        case .null: return nil
        case .text(let value): return value
        default: throw RegistryFault(.unreadable(column: column))
        }
    }

    /// Bytes that must be there.
    package func blob(_ column: String) throws(RegistryFault) -> [UInt8] {
        guard case .blob(let value) = self[column] else { throw RegistryFault(.unreadable(column: column)) }
        return value
    }

    /// Bytes, or nil for null.
    package func blobIfPresent(_ column: String) throws(RegistryFault) -> [UInt8]? {
        if case .null = self[column] { return nil }
        return try blob(column)
    }

    /// A truth value stored as 0 or 1.
    package func flag(_ column: String) throws(RegistryFault) -> Bool {
        try integer(column, as: Int.self) != 0
    }
}
