package import Feel
package import Identifiers

/// How an indicator is folded out of a subject's records. The raw value is what YAML writes.
package enum IndicatorKind: String, Sendable, CaseIterable {
    /// How many records in force there are: 0 where there is none.
    case count
    /// The sum of a numeric field: 0 where there is no record.
    case sum
    /// A field of the record with the latest effective date; unknown where there is none.
    case latest
    /// How many listings are in force.
    case listings
}

/// A figure over a subject's history that rules may name (指标), of `indicators.yaml`.
package struct Indicator: Sendable {
    /// Its name in rules: `近24个月行政处罚次数`.
    package let name: String
    package let kind: IndicatorKind
    /// Code of the resource whose records are folded; nil for listings.
    package let resource: String?
    /// Code of the field that is summed or shown; nil for counts.
    package let field: String?
    /// Which records count; nil for all. A record of which this is unknown makes the figure unknown.
    package let condition: TypedExpression?
    /// The fields that `condition` may name, in order of its vocabulary.
    package let conditionFields: [String]
    /// Only records effective within this time before the day asked for; nil for all.
    package let window: CalendarTerm?
    /// Codes of the lists whose listings count.
    package let lists: [String]
    /// Unit of a number, as its owner writes it: 次, 万元.
    package let unit: String?
    package let type: FeelType
    package let confirmed: Confirmation?

    /// The first day of its window as of a day.
    package func start(asOf day: CivilDate) -> CivilDate? {
        window.map { $0.months > 0 ? day.adding(months: -$0.months).adding(days: 1) : day.adding(days: 1 - $0.days) }
    }
}

extension FieldType {
    /// What its values are in expressions.
    package var feelType: FeelType {
        switch self {
        case .text, .code, .identifier: .string
        case .date: .date
        case .decimal, .integer: .number
        }
    }
}

extension Field {
    /// What its values are in expressions; of several values in one cell a list.
    package var feelType: FeelType { multiple ? .list(type.feelType) : type.feelType }
}

extension Layout.Value {
    /// The value in expressions; null where the field is empty.
    package func feelValue(isList: Bool) -> Value {
        switch self {
        case .absent: return .null
        case .text(let text):
            return isList ? .list(text.split(separator: ";").map { .string(String($0)) }) : .string(text)
        case .date(let date):
            return .date(Day(number: Int(date.day)))
        case .decimal(let number): return Number(number.description).map(Value.number) ?? .null
        case .integer(let number): return .number(Number(Int(number)))
        }
    }
}
