/// A type of FEEL (DMN 1.5 §10.3.2.2), as `instance of`, parameters and item definitions write it.
package indirect enum FeelType: Sendable, Equatable {
    /// Of a type, and within what an item definition allows.
    case constrained(FeelType, UnaryTests)
    case any, null, boolean, number, string, date, time, dateTime, months, nanoseconds
    case list(FeelType)
    /// With entries of these types; others may be there.
    case context([String: FeelType])
    case function([FeelType], FeelType)
    case range(FeelType)
    /// A type that an item definition names and that nobody knows.
    case unknown(String)

    /// The built-in type of a name; nil for others.
    package init?(name: String) {
        switch name {
        case "Any": self = .any
        case "Null": self = .null
        case "boolean": self = .boolean
        case "number": self = .number
        case "string": self = .string
        case "date": self = .date
        case "time": self = .time
        case "date and time", "dateTime": self = .dateTime
        case "years and months duration", "yearMonthDuration": self = .months
        case "days and time duration", "dayTimeDuration": self = .nanoseconds
        case "list": self = .list(.any)
        case "context": self = .context([:])
        case "function": self = .function([], .any)
        case "range": self = .range(.any)
        default: return nil
        }
    }

    /// Whether a value is of this type. Null is of its own type and of `Any` only.
    package func holds(_ value: Value) -> Bool {
        switch (self, value) {
        case (.any, .null), (.null, .null): true
        case (_, .null): false
        case (.any, _): true
        case (.constrained(let type, let tests), _): type.holds(value) && Evaluator.holds(tests, value, in: Scope()) == true
        case (.boolean, .boolean), (.number, .number), (.string, .string), (.date, .date), (.time, .time), (.dateTime, .dateTime),
            (.months, .months), (.nanoseconds, .nanoseconds): true
        case (.list(let item), .list(let items)): items.allSatisfy { item == .any || item.holds($0) || $0.isNull && item != .null }
        case (.context(let entries), .context(let context)):
            entries.allSatisfy { name, type in context[name].map { type.holds($0) || $0.isNull } ?? false }
        case (.range(let type), .range(let range)): [range.start, range.end].allSatisfy { $0.map(type.holds) ?? true }
        case (.function(let parameters, let result), .function(let function)): Self.conforms(function, parameters, result)
        default: false
        }
    }

    /// Without what item definitions allow: `instance of` asks for the type alone.
    var unconstrained: FeelType {
        switch self {
        case .constrained(let type, _): type.unconstrained
        case .list(let item): .list(item.unconstrained)
        case .context(let entries): .context(entries.mapValues(\.unconstrained))
        default: self
        }
    }

    /// A function is of a type where it takes what that takes and gives what that gives.
    private static func conforms(_ function: Function, _ parameters: [FeelType], _ result: FeelType) -> Bool {
        if parameters.isEmpty && result == .any { return true }
        // Built-in functions and those without stated types are taken at their word; their results are converted.
        guard let own = function.parameters else { return true }
        return own.count == parameters.count && zip(own, parameters).allSatisfy { $1.conforms(to: $0.type) }
            && (function.result == .any || function.result.conforms(to: result))
    }

    /// Two constrained types are never the same: what their tests hold of is not compared.
    package static func == (left: FeelType, right: FeelType) -> Bool {
        switch (left, right) {
        case (.any, .any), (.null, .null), (.boolean, .boolean), (.number, .number), (.string, .string), (.date, .date), (.time, .time), (.dateTime, .dateTime),
            (.months, .months), (.nanoseconds, .nanoseconds): true
        case (.list(let one), .list(let two)), (.range(let one), .range(let two)): one == two
        case (.context(let one), .context(let two)): one == two
        case (.function(let one, let result), .function(let two, let other)): one == two && result == other
        case (.unknown(let one), .unknown(let two)): one == two
        default: false
        }
    }

    /// Whether every value of this type is one of the other (DMN 1.5 §10.3.2.9.2).
    func conforms(to other: FeelType) -> Bool {
        if other == .any || self == .null || self == other { return true }
        switch (self, other) {
        case (.list(let one), .list(let two)), (.range(let one), .range(let two)): return one.conforms(to: two)
        case (.context(let one), .context(let two)): return two.allSatisfy { name, type in one[name]?.conforms(to: type) ?? false }
        case (.function(let given, let result), .function(let wanted, let wish)):
            return given.count == wanted.count && zip(given, wanted).allSatisfy { $1.conforms(to: $0) } && result.conforms(to: wish)
        default: return false
        }
    }

    /// The value as one of this type, by the implicit conversions of DMN 1.5 §10.3.2.9.4; null where there is none.
    package func coerced(_ value: Value) -> Value {
        if self == .any || holds(value) || value.isNull { return value }
        switch (self, value) {
        case (.constrained(let type, let tests), _):
            let plain = type.coerced(value)
            return Evaluator.holds(tests, plain, in: Scope()) == true ? plain : .null
        case (.list(let item), .list(let items)):
            let converted = items.map(item.coerced)
            return zip(items, converted).contains { !$0.isNull && $1.isNull } ? .null : .list(converted)
        case (.list(let item), _): return item.holds(value) || item == .any ? .list([value]) : item.coerced(value).isNull ? .null : .list([item.coerced(value)])
        case (_, .list(let items)) where items.count == 1: return holds(items[0]) ? items[0] : coerced(items[0])
        case (.dateTime, .date(let day)): return .dateTime(DateAndTime(day, TimeOfDay(nanoseconds: 0, zone: .offset(0))))
        default: return .null
        }
    }
}
