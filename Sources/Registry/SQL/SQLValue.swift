/// A value bound to a statement or read from a column. There are no floating-point values: money and figures are
/// scaled integers, dates are civil days, instants are milliseconds.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    /// An integer of any width, or null.
    package static func integer<I: FixedWidthInteger>(_ value: I?) -> SQLValue {
        value.map { .integer(Int64($0)) } ?? .null
    }

    /// A text, or null.
    package static func text(_ value: String?) -> SQLValue {
        guard let value else { return .null }
        return .text(value)
    }

    /// A truth value as 0 or 1.
    package static func flag(_ value: Bool) -> SQLValue { .integer(value ? Int64(1) : 0) }
}
