import Foundation

extension Builtins {
    static let conversions: [String: [Form]] = [
        "date": [
            form("from") { values in
                switch values[0] {
                case .string(let text): Temporal.date(text).map(Value.date) ?? .null
                case .date: values[0]
                case .dateTime(let moment): .date(moment.day)
                default: .null
                }
            },
            form("year", "month", "day") { values in
                guard let year = values[0].asInteger, let month = values[1].asInteger, let day = values[2].asInteger else { return .null }
                return Day(year, month, day).map(Value.date) ?? .null
            },
        ],
        "time": [
            form("from") { values in
                switch values[0] {
                case .string(let text): return Temporal.time(text).map(Value.time) ?? .null
                case .time: return values[0]
                case .dateTime(let moment): return .time(moment.time)
                case .date: return .time(TimeOfDay(nanoseconds: 0, zone: .offset(0)))
                default: return .null
                }
            },
            form("hour", "minute", "second", "offset", required: 3) { values in
                guard let time = time(values[0], values[1], values[2], offset: values[3]) else { return .null }
                return .time(time)
            },
        ],
        "date and time": [
            form("from") { values in
                switch values[0] {
                case .string(let text):
                    if let moment = Temporal.dateTime(text) { return .dateTime(moment) }
                    return Temporal.date(text).map { .dateTime(DateAndTime($0, TimeOfDay(nanoseconds: 0, zone: nil))) } ?? .null
                case .date(let day): return .dateTime(DateAndTime(day, TimeOfDay(nanoseconds: 0, zone: nil)))
                case .dateTime: return values[0]
                default: return .null
                }
            },
            form("date", "time") { values in
                guard case .time(let time) = values[1] else { return .null }
                switch values[0] {
                case .date(let day): return .dateTime(DateAndTime(day, time))
                case .dateTime(let moment): return .dateTime(DateAndTime(moment.day, time))
                default: return .null
                }
            },
            form("year", "month", "day", "hour", "minute", "second") { moment($0, zone: .null) },
            form("year", "month", "day", "hour", "minute", "second", "offset") { moment($0, zone: $0[6]) },
            form("year", "month", "day", "hour", "minute", "second", "timezone") { moment($0, zone: $0[6]) },
        ],
        "duration": [
            form("from") { values in
                switch values[0] {
                case .string(let text): Temporal.duration(text) ?? .null
                case .months, .nanoseconds: values[0]
                default: .null
                }
            }
        ],
        "years and months duration": [
            form("from", "to") { values in
                func day(_ value: Value) -> Day? {
                    switch value {
                    case .date(let day): day
                    case .dateTime(let moment): moment.day
                    default: nil
                    }
                }
                guard let from = day(values[0]), let to = day(values[1]) else { return .null }
                let months = (to.year - from.year) * 12 + to.month - from.month
                // A month that is not full does not count, in either direction.
                return .months(months > 0 && to.day < from.day ? months - 1 : months < 0 && to.day > from.day ? months + 1 : months)
            }
        ],
        "number": [
            form("from", "grouping separator", "decimal separator", required: 1) { values in
                let (group, point) = (values[1].asText, values[2].asText)
                if !values[1].isNull, group == nil || ![" ", ",", "."].contains(group) { return .null }
                if !values[2].isNull, point == nil || ![",", "."].contains(point) { return .null }
                if group != nil, group == point { return .null }
                if case .number = values[0] { return values[0] }
                guard var text = values[0].asText else { return .null }
                if let group { text = text.replacing(group, with: "") }
                if let point { text = text.replacing(point, with: ".") }
                return Arithmetic.number(Number(text))
            }
        ],
        "string": [form("from") { values in values[0].isNull ? .null : .string(values[0].text) }],
        "not": [form("negand") { values in values[0].truth.map { .boolean(!$0) } ?? .null }],
        "is": [form("value1", "value2", required: 0) { values in .boolean(same(values[0], values[1])) }],
    ]

    private static func time(_ hour: Value, _ minute: Value, _ second: Value, offset: Value) -> TimeOfDay? {
        guard let hour = hour.asInteger, let minute = minute.asInteger, let seconds = second.asNumber, let whole = seconds.rounded(0, .floor),
            let second = whole.integer, let fraction = (seconds - whole).flatMap({ $0 * Number(1_000_000_000) })?.rounded(0, .down)?.integer
        else { return nil }
        var zone: Zone?
        switch offset {
        case .null: zone = nil
        case .nanoseconds(let size):
            guard abs(size) <= 18 * 3600 * 1_000_000_000 else { return nil }
            zone = .offset(Int(size / 1_000_000_000))
        case .string(let name):
            guard Zones.isKnown(name) else { return nil }
            zone = .named(name)
        default: return nil
        }
        return TimeOfDay(hour, minute, second, nanosecond: fraction, zone: zone)
    }

    private static func moment(_ values: [Value], zone: Value) -> Value {
        guard let year = values[0].asInteger, let month = values[1].asInteger, let number = values[2].asInteger, let day = Day(year, month, number),
            let time = time(values[3], values[4], values[5], offset: zone)
        else { return .null }
        return .dateTime(DateAndTime(day, time))
    }

    /// The same kind with the same value; times with and without a zone differ, and so do two ways of naming one.
    private static func same(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.time(let one), .time(let two)): one == two
        case (.dateTime(let one), .dateTime(let two)): one == two
        case (.months, .nanoseconds), (.nanoseconds, .months): false
        default: left.equals(right) == true
        }
    }
}

extension Value {
    /// As `string()` writes it; inside lists and contexts strings stand in quotation marks.
    package var text: String {
        if case .string(let text) = self { return text }
        return literal
    }

    /// As FEEL reads it again.
    package var literal: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number(let number): number.description
        case .string(let text): "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        case .date(let day): day.description
        case .time(let time): Temporal.text(time)
        case .dateTime(let moment): Temporal.text(moment)
        case .months(let months): Temporal.text(months: months)
        case .nanoseconds(let size): Temporal.text(nanoseconds: size)
        case .list(let items): "[" + items.map(\.literal).joined(separator: ", ") + "]"
        case .context(let context): "{" + context.entries.map { "\($0.name): \($0.value.literal)" }.joined(separator: ", ") + "}"
        case .range(let range):
            (range.includesStart ? "[" : "(") + (range.start?.literal ?? "null") + ".." + (range.end?.literal ?? "null") + (range.includesEnd ? "]" : ")")
        case .function: "function"
        }
    }
}
