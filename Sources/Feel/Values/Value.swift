/// A value of FEEL (DMN 1.5 §10.3.2.2). Values are never changed; lists and contexts share what they hold.
package enum Value: Sendable {
    /// No value: unknown, not given, or an operation that has no result.
    case null
    case boolean(Bool)
    case number(Number)
    case string(String)
    case date(Day)
    // Boxed, as ranges and functions are, so that the common values stay within four words.
    indirect case time(TimeOfDay)
    indirect case dateTime(DateAndTime)
    /// A duration of years and months, in months.
    case months(Int)
    /// A duration of days and time, in nanoseconds.
    case nanoseconds(Int128)
    case list([Value])
    case context(Context)
    indirect case range(Range)
    indirect case function(Function)
}

/// Named values in the order in which they were put in.
package struct Context: Sendable {
    package private(set) var names: [String] = []
    private var values: [String: Value] = [:]

    package init() {}

    package init(_ entries: [(String, Value)]) {
        for (name, value) in entries { self[name] = value }
    }

    /// Nil where there is no such entry; an entry may be `.null`.
    package subscript(name: String) -> Value? {
        get { values[name] }
        set {
            if values.updateValue(newValue ?? .null, forKey: name) == nil { names.append(name) }
            if newValue == nil {
                values[name] = nil
                names.removeAll { $0 == name }
            }
        }
    }

    package var entries: [(name: String, value: Value)] { names.map { ($0, values[$0] ?? .null) } }
    package var count: Int { names.count }
}

/// All values between two, or on one side of one. An end that is nil is open in its direction (`< 5`); of one that is null it is not
/// known what lies within.
package struct Range: Sendable {
    package var start: Value?
    package var end: Value?
    package var includesStart: Bool
    package var includesEnd: Bool

    package init(_ start: Value?, _ end: Value?, includesStart: Bool = true, includesEnd: Bool = true) {
        self.start = start
        self.end = end
        self.includesStart = start != nil && includesStart
        self.includesEnd = end != nil && includesEnd
        isPoint = false
    }

    /// Written `= 5`: the same values as `[5..5]`, and yet not the same range.
    init(only value: Value) {
        (start, end, includesStart, includesEnd, isPoint) = (value, value, true, true, true)
    }

    let isPoint: Bool
}

/// Something that can be called.
package struct Function: Sendable {
    package struct Parameter: Sendable {
        package let name: String
        package let type: FeelType

        package init(_ name: String, _ type: FeelType = .any) {
            self.name = name
            self.type = type
        }
    }

    /// Nil where it takes any number of values.
    package let parameters: [Parameter]?
    package let result: FeelType
    package let call: @Sendable ([Value]) -> Value

    package init(_ parameters: [Parameter]?, result: FeelType = .any, call: @escaping @Sendable ([Value]) -> Value) {
        self.parameters = parameters
        self.result = result
        self.call = call
    }
}

extension Value {
    package var isNull: Bool { if case .null = self { true } else { false } }

    /// A Boolean; nil for anything else.
    package var truth: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// A list as it is; anything else as the one item of a list, nothing as none.
    var items: [Value] {
        switch self {
        case .list(let items): items
        case .null: []
        default: [self]
        }
    }

    /// Whether two values are equal (`=`); nil where they cannot be compared.
    package func equals(_ other: Value) -> Bool? {
        switch (self, other) {
        case (.null, .null): true
        case (.null, _), (_, .null): false
        case (.boolean(let left), .boolean(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): Self.isSame(left, right)
        case (.date(let left), .date(let right)): left == right
        // To the second: what is below it tells no two times of day apart (the kit's time_005).
        case (.time(let left), .time(let right)): Zones.utc(left) / 1_000_000_000 == Zones.utc(right) / 1_000_000_000 && (left.zone == nil) == (right.zone == nil)
        case (.dateTime(let left), .dateTime(let right)): Zones.utc(left) == Zones.utc(right) && (left.time.zone == nil) == (right.time.zone == nil)
        case (.months(let left), .months(let right)): left == right
        case (.nanoseconds(let left), .nanoseconds(let right)): left == right
        case (.months(0), .nanoseconds(0)), (.nanoseconds(0), .months(0)): true
        case (.list(let left), .list(let right)): Self.equal(left, right)
        case (.context(let left), .context(let right)): Self.equal(left, right)
        case (.range(let left), .range(let right)): left.equals(right)
        default: nil
        }
    }

    /// Whether two strings are of the same characters: by their bytes, which say the same as their scalars, and not by what is
    /// canonically equivalent.
    static func isSame(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        // Most differ in their first byte; a span costs more than that.
        guard left.utf8.first == right.utf8.first else { return false }
        let one = left.utf8.span
        let two = right.utf8.span
        for place in one.indices where one[place] != two[place] { return false }
        return true
    }

    private static func equal(_ left: [Value], _ right: [Value]) -> Bool? {
        guard left.count == right.count else { return false }
        for (one, two) in zip(left, right) where one.equals(two) != true { return one.equals(two) }
        return true
    }

    private static func equal(_ left: Context, _ right: Context) -> Bool? {
        guard Set(left.names) == Set(right.names) else { return false }
        for (name, value) in left.entries {
            let found = value.equals(right[name] ?? .null)
            if found != true { return found }
        }
        return true
    }

    /// Which of two is less: -1, 0 or 1; nil where the two have no order.
    package func compare(_ other: Value) -> Int? {
        func order<T: Comparable>(_ left: T, _ right: T) -> Int { left < right ? -1 : right < left ? 1 : 0 }
        switch (self, other) {
        case (.number(let left), .number(let right)): return order(left, right)
        case (.string(let left), .string(let right)):
            return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : Self.isSame(left, right) ? 0 : 1
        case (.date(let left), .date(let right)): return order(left, right)
        case (.time(let left), .time(let right)): return (left.zone == nil) == (right.zone == nil) ? order(Zones.utc(left), Zones.utc(right)) : nil
        case (.dateTime(let left), .dateTime(let right)):
            return (left.time.zone == nil) == (right.time.zone == nil) ? order(Zones.utc(left), Zones.utc(right)) : nil
        case (.months(let left), .months(let right)): return order(left, right)
        case (.nanoseconds(let left), .nanoseconds(let right)): return order(left, right)
        default: return nil
        }
    }
}

extension Range {
    func equals(_ other: Range) -> Bool? {
        guard includesStart == other.includesStart, includesEnd == other.includesEnd, isPoint == other.isPoint else { return false }
        // An end that is null is not the same as none.
        guard (start == nil) == (other.start == nil), (end == nil) == (other.end == nil) else { return false }
        guard let starts = (start ?? .null).equals(other.start ?? .null), let ends = (end ?? .null).equals(other.end ?? .null) else { return nil }
        return starts && ends
    }

    /// Whether a value lies in it; nil where that is not known, as in SQL.
    package func contains(_ value: Value) -> Bool? {
        if value.isNull { return nil }
        var known: Bool? = true
        for (bound, isStart, includes) in [(start, true, includesStart), (end, false, includesEnd)] {
            guard let bound else { continue }
            guard let order = value.compare(bound) else {
                known = nil
                continue
            }
            let holds = order == 0 ? includes : isStart ? order > 0 : order < 0
            if !holds { return false }
        }
        return known
    }
}
