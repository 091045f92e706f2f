/// Closures of conditions; those that rules are made of go the short way.
enum Conditions {
    static func comparison(_ relation: Expression.Comparison, _ left: Code, _ right: Code) -> Code {
        switch (left, right) {
        case (.variable(let place), .constant(let bound)):
            if let short = comparison(relation, place, bound) { return .condition(short) }
        case (.constant(let bound), .variable(let place)):
            if let short = comparison(relation.mirrored, place, bound) { return .condition(short) }
        default: break
        }
        let (one, two) = (left.reading, right.reading)
        return .condition { Ternary.compare(relation, one($0), two($0)) }
    }

    /// A variable with a value; nil where there is no short way.
    private static func comparison(_ relation: Expression.Comparison, _ place: Int, _ bound: Value) -> Code.Truth? {
        switch bound {
        case .number(let bound):
            return { facts in
                guard place < facts.count, case .number(let value) = facts[place] else { return nil }
                return relation.holds(value, bound)
            }
        case .date(let bound):
            return { facts in
                guard place < facts.count, case .date(let value) = facts[place] else { return nil }
                return relation.holds(value, bound)
            }
        case .string(let bound) where relation == .equal || relation == .notEqual:
            return { facts in
                guard place < facts.count, case .string(let value) = facts[place] else { return nil }
                return Value.isSame(value, bound) == (relation == .equal)
            }
        case .boolean(let bound):
            return { facts in
                guard place < facts.count, case .boolean(let value) = facts[place] else { return nil }
                return (value == bound) == (relation == .equal)
            }
        default: return nil
        }
    }

    /// Whether a value is missing, or is not.
    static func missing(_ operand: Code, isMissing: Bool) -> Code {
        if case .variable(let place) = operand { return .condition { $0.fact(place).isNull == isMissing } }
        let reading = operand.reading
        return .condition { reading($0).isNull == isMissing }
    }

    static func conjunction(_ left: Code, _ right: Code) -> Code {
        let (one, two) = (left.truth, right.truth)
        return .condition { facts in
            let first = one(facts)
            if first == false { return false }
            let second = two(facts)
            return second == false ? false : first == nil ? nil : second
        }
    }

    static func disjunction(_ left: Code, _ right: Code) -> Code {
        let (one, two) = (left.truth, right.truth)
        return .condition { facts in
            let first = one(facts)
            if first == true { return true }
            let second = two(facts)
            return second == true ? true : first == nil ? nil : second
        }
    }

    static func negation(_ operand: Code) -> Code {
        let truth = operand.truth
        return .condition { facts in truth(facts).map { !$0 } }
    }

    static func between(_ operand: Code, _ low: Code, _ high: Code) -> Code {
        if case .variable(let place) = operand, let low = low.constant, let high = high.constant,
            let short = within(place, Range(low, high))
        {
            return .condition(short)
        }
        let (value, from, to) = (operand.reading, low.reading, high.reading)
        return .condition { facts in
            let value = value(facts)
            guard let isAbove = Ternary.compare(.greaterOrEqual, value, from(facts)), let isBelow = Ternary.compare(.lessOrEqual, value, to(facts)) else { return nil }
            return isAbove && isBelow
        }
    }

    /// Whether a value is what a test gives: equal to it, in it, or one of it.
    static func matching(_ operand: Code, _ test: Code) -> Code {
        if case .variable(let place) = operand, let found = test.constant {
            switch found {
            case .range(let range): if let short = within(place, range) { return .condition(short) }
            case .list(let items): if let short = oneOf(place, items) { return .condition(short) }
            default: if let short = comparison(.equal, place, found) { return .condition(short) }
            }
        }
        let (value, found) = (operand.reading, test.reading)
        return .condition { Ternary.matches(value($0), found($0)) }
    }

    private static func within(_ place: Int, _ range: Range) -> Code.Truth? {
        let (includesStart, includesEnd) = (range.includesStart, range.includesEnd)
        // An end that is there and of no kind with a short way (also null) leaves the long way.
        switch (range.start, range.end) {
        case (.number?, .number?), (.number?, nil), (nil, .number?):
            let (low, high) = (range.start?.asNumber, range.end?.asNumber)
            return { facts in
                guard place < facts.count, case .number(let value) = facts[place] else { return nil }
                return isWithin(value, low, high, includesStart, includesEnd)
            }
        case (.date?, .date?), (.date?, nil), (nil, .date?):
            let (low, high) = (range.start?.asDay, range.end?.asDay)
            return { facts in
                guard place < facts.count, case .date(let value) = facts[place] else { return nil }
                return isWithin(value, low, high, includesStart, includesEnd)
            }
        default: return nil
        }
    }

    @inline(__always)
    private static func isWithin<T: Comparable>(_ value: T, _ low: T?, _ high: T?, _ includesStart: Bool, _ includesEnd: Bool) -> Bool {
        if let low, includesStart ? value < low : !(low < value) { return false }
        if let high, includesEnd ? high < value : !(value < high) { return false }
        return true
    }

    private static func oneOf(_ place: Int, _ items: [Value]) -> Code.Truth? {
        let numbers = items.compactMap { item -> Number? in if case .number(let number) = item { number } else { nil } }
        if !items.isEmpty, numbers.count == items.count {
            return { facts in
                guard place < facts.count, case .number(let value) = facts[place] else { return nil }
                return numbers.contains(value)
            }
        }
        let texts = items.compactMap { item -> String? in if case .string(let text) = item { text } else { nil } }
        guard !items.isEmpty, texts.count == items.count else { return nil }
        return { facts in
            guard place < facts.count, case .string(let value) = facts[place] else { return nil }
            for text in texts where Value.isSame(value, text) { return true }
            return false
        }
    }

    /// Several tests of which one is to hold; of values that are written in them one list is made.
    static func anyOf(_ operand: Code, _ values: [Value], _ others: [Code]) -> Code {
        var tests = others
        if values.count == 1 { tests.append(matching(operand, .constant(values[0]))) }
        if values.count > 1 { tests.append(matching(operand, .constant(.list(values)))) }
        guard let first = tests.first else { return .constant(.boolean(false)) }
        return tests.dropFirst().reduce(first) { disjunction($0, $1) }
    }
}

extension Value {
    var asDay: Day? { if case .date(let day) = self { day } else { nil } }
}
