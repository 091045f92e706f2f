/// Sums, products and the rest, of numbers, dates and durations (DMN 1.5 tables 50 to 53). Null where the two do not go together.
enum Arithmetic {
    static func negate(_ value: Value) -> Value {
        switch value {
        case .number(let number): .number(-number)
        case .months(let size): months((0).subtractingReportingOverflow(size))
        case .nanoseconds(let size): nanoseconds(Int128(0).subtractingReportingOverflow(size))
        default: .null
        }
    }

    static func apply(_ operation: Expression.Arithmetic, _ left: Value, _ right: Value) -> Value {
        switch operation {
        case .add: add(left, right)
        case .subtract: subtract(left, right)
        case .multiply: multiply(left, right)
        case .divide: divide(left, right)
        case .power:
            if case .number(let base) = left, case .number(let exponent) = right { number(base.power(exponent)) } else { .null }
        }
    }

    static func number(_ value: Number?) -> Value { value.map(Value.number) ?? .null }

    private static func add(_ left: Value, _ right: Value) -> Value {
        switch (left, right) {
        case (.number(let one), .number(let two)): number(one + two)
        case (.string(let one), .string(let two)): .string(one + two)
        case (.months(let one), .months(let two)): months(one.addingReportingOverflow(two))
        case (.nanoseconds(let one), .nanoseconds(let two)): nanoseconds(one.addingReportingOverflow(two))
        case (.date(let day), .months(let months)), (.months(let months), .date(let day)): day.adding(months: months).map(Value.date) ?? .null
        case (.date(let day), .nanoseconds(let nanoseconds)), (.nanoseconds(let nanoseconds), .date(let day)):
            shift(DateAndTime(day, TimeOfDay(nanoseconds: 0, zone: nil)), nanoseconds).map { .date($0.day) } ?? .null
        case (.dateTime(let moment), .months(let months)), (.months(let months), .dateTime(let moment)):
            moment.day.adding(months: months).map { .dateTime(DateAndTime($0, moment.time)) } ?? .null
        case (.dateTime(let moment), .nanoseconds(let nanoseconds)), (.nanoseconds(let nanoseconds), .dateTime(let moment)):
            shift(moment, nanoseconds).map(Value.dateTime) ?? .null
        case (.time(let time), .nanoseconds(let nanoseconds)), (.nanoseconds(let nanoseconds), .time(let time)): .time(shift(time, nanoseconds))
        default: .null
        }
    }

    private static func subtract(_ left: Value, _ right: Value) -> Value {
        switch (left, right) {
        case (.number(let one), .number(let two)): return number(one - two)
        case (.months(let one), .months(let two)): return months(one.subtractingReportingOverflow(two))
        case (.nanoseconds(let one), .nanoseconds(let two)): return nanoseconds(one.subtractingReportingOverflow(two))
        case (.time(let one), .time(let two)):
            return (one.zone == nil) == (two.zone == nil) ? .nanoseconds(Zones.utc(one) - Zones.utc(two)) : .null
        case (.date, .date), (.date, .dateTime), (.dateTime, .date), (.dateTime, .dateTime): return difference(moment(left), moment(right))
        case (_, .months), (_, .nanoseconds): return add(left, negate(right))
        default: return .null
        }
    }

    /// A date as its midnight in UTC, where a date and time is asked for.
    private static func moment(_ value: Value) -> DateAndTime? {
        switch value {
        case .date(let day): DateAndTime(day, TimeOfDay(nanoseconds: 0, zone: .offset(0)))
        case .dateTime(let moment): moment
        default: nil
        }
    }

    private static func difference(_ left: DateAndTime?, _ right: DateAndTime?) -> Value {
        guard let left, let right, (left.time.zone == nil) == (right.time.zone == nil) else { return .null }
        return .nanoseconds(Zones.utc(left) - Zones.utc(right))
    }

    private static func multiply(_ left: Value, _ right: Value) -> Value {
        switch (left, right) {
        case (.number(let one), .number(let two)): number(one * two)
        case (.months(let months), .number(let factor)), (.number(let factor), .months(let months)): whole((Number(months) * factor)).map(Value.months) ?? .null
        case (.nanoseconds(let size), .number(let factor)), (.number(let factor), .nanoseconds(let size)):
            wide(decimal(size).flatMap { $0 * factor }).map(Value.nanoseconds) ?? .null
        default: .null
        }
    }

    private static func divide(_ left: Value, _ right: Value) -> Value {
        switch (left, right) {
        case (.number(let one), .number(let two)): number(one / two)
        case (.months(let months), .number(let divisor)): whole(Number(months) / divisor).map(Value.months) ?? .null
        case (.nanoseconds(let size), .number(let divisor)): wide(decimal(size).flatMap { $0 / divisor }).map(Value.nanoseconds) ?? .null
        case (.months(let one), .months(let two)): number(Number(one) / Number(two))
        case (.nanoseconds(let one), .nanoseconds(let two)):
            if let one = decimal(one), let two = decimal(two) { number(one / two) } else { .null }
        default: .null
        }
    }

    private static func months(_ sum: (partialValue: Int, overflow: Bool)) -> Value { sum.overflow ? .null : .months(sum.partialValue) }

    private static func nanoseconds(_ sum: (partialValue: Int128, overflow: Bool)) -> Value { sum.overflow ? .null : .nanoseconds(sum.partialValue) }

    private static func decimal(_ value: Int128) -> Number? { Number("\(value)") }

    private static func whole(_ value: Number?) -> Int? { value?.rounded(0, .down)?.integer }

    private static func wide(_ value: Number?) -> Int128? { value?.rounded(0, .down).flatMap { Int128($0.description) } }

    private static func shift(_ moment: DateAndTime, _ nanoseconds: Int128) -> DateAndTime? {
        let sum = moment.local.addingReportingOverflow(nanoseconds)
        return sum.overflow ? nil : DateAndTime(local: sum.partialValue, zone: moment.time.zone)
    }

    private static func shift(_ time: TimeOfDay, _ nanoseconds: Int128) -> TimeOfDay {
        let length = Int128(TimeOfDay.dayLength)
        let sum = (Int128(time.nanoseconds) + nanoseconds % length) % length
        return TimeOfDay(nanoseconds: Int(sum < 0 ? sum + length : sum), zone: time.zone)
    }
}
