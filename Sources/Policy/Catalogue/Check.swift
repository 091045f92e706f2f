package import Identifiers

/// When a field that is not always required must be filled. Fields are named by code. A closed set: what it cannot say
/// needs a new case here, tested, and not an expression in YAML.
package enum Condition: Sendable, Hashable {
    /// The field has one of these values among its own (multiple code field: stored codes), or its text has one of them
    /// inside.
    case contains(field: String, anyOf: [String])
    /// The field's value is one of these (code field: stored codes).
    case equals(field: String, anyOf: [String])
    /// The field is empty.
    case absent(field: String)

    /// Code of the field that the condition looks at.
    package var field: String {
        switch self {
        case .contains(let field, _), .equals(let field, _), .absent(let field): field
        }
    }
}

/// A check of one field's value; an empty cell passes all of them.
package enum FieldCheck: Sendable, Hashable {
    /// Text of at least so many characters (Unicode scalars).
    case minimumLength(Int)
    /// Text that is more than digits: a name is not a number.
    case notAllDigits
    /// Number not below.
    case minimum(FixedDecimal)
    /// Number not above.
    case maximum(FixedDecimal)
    /// A sound 统一社会信用代码 of a public body: its first character is 1 (机构编制).
    case departmentCode
    /// Text of digits only.
    case digitsOnly
}

/// A check across the fields of one row. Fields are named by code; a check whose fields are empty passes.
package enum RowCheck: Sendable, Hashable {
    /// The date is not after the day of delivery.
    case notAfterToday(field: String)
    /// The first date or number is not after (above) the second.
    case ordered(field: String, notAfter: String)
    /// At least one of the fields is filled.
    case oneOf([String])

    /// Codes of the fields that the check looks at.
    package var fields: [String] {
        switch self {
        case .notAfterToday(let field): [field]
        case .ordered(let field, let other): [field, other]
        case .oneOf(let fields): fields
        }
    }
}
