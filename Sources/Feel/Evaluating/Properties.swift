/// `value.name`: entries of contexts, of lists item by item, and the parts of dates, times, durations and ranges (DMN 1.5 table 65).
enum Properties {
    static func get(_ name: String, of value: Value) -> Value {
        switch value {
        case .context(let context): context[name] ?? .null
        case .list(let items): .list(items.map { get(name, of: $0) })
        case .date(let day): part(name, of: day)
        case .time(let time): part(name, of: time)
        case .dateTime(let moment):
            if case let found = part(name, of: moment.day), !found.isNull { found } else { part(name, of: moment.time) }
        case .months(let months):
            switch name {
            case "years": .number(Number(months / 12))
            case "months": .number(Number(months % 12))
            default: .null
            }
        case .nanoseconds(let size): part(name, of: size)
        case .range(let range): part(name, of: range)
        default: .null
        }
    }

    private static func part(_ name: String, of day: Day) -> Value {
        switch name {
        case "year": .number(Number(day.year))
        case "month": .number(Number(day.month))
        case "day": .number(Number(day.day))
        case "weekday": .number(Number(day.weekday))
        default: .null
        }
    }

    private static func part(_ name: String, of time: TimeOfDay) -> Value {
        switch name {
        case "hour": return .number(Number(time.hour))
        case "minute": return .number(Number(time.minute))
        case "second": return Arithmetic.number((Number(time.nanoseconds) / Number(1_000_000_000)).flatMap { $0.modulo(Number(60)) })
        case "time offset":
            guard let zone = time.zone else { return .null }
            return .nanoseconds(Int128(Zones.offset(of: zone, local: Int128(time.nanoseconds))) * 1_000_000_000)
        case "timezone": if case .named(let name) = time.zone { return .string(name) } else { return .null }
        default: return .null
        }
    }

    private static func part(_ name: String, of nanoseconds: Int128) -> Value {
        let seconds = nanoseconds / 1_000_000_000
        switch name {
        case "days": return Arithmetic.number(Number("\(seconds / 86_400)"))
        case "hours": return .number(Number(Int(seconds / 3600 % 24)))
        case "minutes": return .number(Number(Int(seconds / 60 % 60)))
        case "seconds": return Arithmetic.number((Number(Int(nanoseconds % 60_000_000_000)) / Number(1_000_000_000)))
        default: return .null
        }
    }

    private static func part(_ name: String, of range: Range) -> Value {
        switch name {
        case "start": range.start ?? .null
        case "end": range.end ?? .null
        case "start included": .boolean(range.includesStart)
        case "end included": .boolean(range.includesEnd)
        default: .null
        }
    }
}
