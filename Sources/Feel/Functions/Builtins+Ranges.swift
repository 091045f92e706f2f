extension Builtins {
    /// Allen's relations of points and ranges (DMN 1.5 table 78).
    static let ranges: [String: [Form]] = [
        "before": [pointsOrRanges("point", "range") { one, two in order(one.end, two.start).map { $0 < 0 || $0 == 0 && !(one.hasEnd && two.hasStart) } }],
        "after": [pointsOrRanges("point", "range") { one, two in order(one.start, two.end).map { $0 > 0 || $0 == 0 && !(one.hasStart && two.hasEnd) } }],
        "meets": [bothRanges { one, two in order(one.end, two.start).map { $0 == 0 && one.hasEnd && two.hasStart } }],
        "met by": [bothRanges { one, two in order(one.start, two.end).map { $0 == 0 && one.hasStart && two.hasEnd } }],
        "overlaps": [
            bothRanges { one, two in
                Evaluator.and(
                    order(one.end, two.start).map { $0 > 0 || $0 == 0 && one.hasEnd && two.hasStart },
                    order(one.start, two.end).map { $0 < 0 || $0 == 0 && one.hasStart && two.hasEnd })
            }
        ],
        "overlaps before": [bothRanges { overlapsBefore($0, $1) }],
        "overlaps after": [bothRanges { one, two in overlapsAfter(one, two) }],
        "finishes": [
            pointOrRange { one, two in
                Evaluator.and(order(one.end, two.end).map { $0 == 0 && one.hasEnd == two.hasEnd && (!one.isPoint || two.hasEnd) }, startsWithin(one, two))
            }
        ],
        "finished by": [
            rangeOrPoint { one, two in
                Evaluator.and(order(one.end, two.end).map { $0 == 0 && one.hasEnd == two.hasEnd && (!two.isPoint || one.hasEnd) }, startsWithin(two, one))
            }
        ],
        "includes": [rangeOrPoint { one, two in within(two, one) }],
        "during": [pointOrRange { one, two in within(one, two) }],
        "starts": [
            pointOrRange { one, two in Evaluator.and(order(one.start, two.start).map { $0 == 0 && one.hasStart == two.hasStart }, endsWithin(one, two)) }
        ],
        "started by": [
            rangeOrPoint { one, two in Evaluator.and(order(one.start, two.start).map { $0 == 0 && one.hasStart == two.hasStart }, endsWithin(two, one)) }
        ],
        "coincides": [
            pointsOrRanges("point", "range") { one, two in
                guard one.isPoint == two.isPoint else { return nil }
                return Evaluator.and(
                    order(one.start, two.start).map { $0 == 0 && one.hasStart == two.hasStart }, order(one.end, two.end).map { $0 == 0 && one.hasEnd == two.hasEnd })
            }
        ],
        "range": [
            form("from") { values in
                guard let text = values[0].asText, let expression = try? Parser.expression(text), case .range(let start?, let end?, _, _, _) = expression,
                    start.isConstant, end.isConstant
                else { return .null }
                return Evaluator.evaluate(expression, in: Scope())
            }
        ],
    ]

    /// A point is a range from itself to itself.
    private struct Span {
        let start: Value
        let end: Value
        let hasStart: Bool
        let hasEnd: Bool
        let isPoint: Bool

        init?(_ value: Value) {
            switch value {
            case .range(let range):
                guard let start = range.start, let end = range.end else { return nil }
                (self.start, self.end, hasStart, hasEnd, isPoint) = (start, end, range.includesStart, range.includesEnd, false)
            case .number, .string, .date, .time, .dateTime, .months, .nanoseconds: (start, end, hasStart, hasEnd, isPoint) = (value, value, true, true, true)
            default: return nil
            }
        }
    }

    private static func order(_ left: Value, _ right: Value) -> Int? { left.compare(right) }

    private static func relation(_ names: (String, String), _ admits: @escaping @Sendable (Bool, Bool) -> Bool, _ body: @escaping @Sendable (Span, Span) -> Bool?) -> Form {
        Form(parameters: [names.0, names.1], required: 2) { values in
            guard let one = Span(values[0]), let two = Span(values[1]), admits(one.isPoint, two.isPoint) else { return .null }
            return Evaluator.truth(body(one, two))
        }
    }

    private static func pointsOrRanges(_ one: String, _ two: String, _ body: @escaping @Sendable (Span, Span) -> Bool?) -> Form { relation((one, two), { _, _ in true }, body) }
    private static func bothRanges(_ body: @escaping @Sendable (Span, Span) -> Bool?) -> Form { relation(("range1", "range2"), { !$0 && !$1 }, body) }
    private static func pointOrRange(_ body: @escaping @Sendable (Span, Span) -> Bool?) -> Form { relation(("point", "range"), { !$1 || $0 && $1 == false }, body) }
    private static func rangeOrPoint(_ body: @escaping @Sendable (Span, Span) -> Bool?) -> Form { relation(("range", "point"), { one, _ in !one }, body) }

    private static func startsWithin(_ inner: Span, _ outer: Span) -> Bool? {
        order(inner.start, outer.start).map { $0 > 0 || $0 == 0 && (outer.hasStart || !inner.hasStart) }
    }

    private static func endsWithin(_ inner: Span, _ outer: Span) -> Bool? {
        order(inner.end, outer.end).map { $0 < 0 || $0 == 0 && (outer.hasEnd || !inner.hasEnd) }
    }

    private static func within(_ inner: Span, _ outer: Span) -> Bool? { Evaluator.and(startsWithin(inner, outer), endsWithin(inner, outer)) }

    private static func overlapsBefore(_ one: Span, _ two: Span) -> Bool? {
        let starts = order(one.start, two.start).map { $0 < 0 || $0 == 0 && one.hasStart && !two.hasStart }
        let meets = order(one.end, two.start).map { $0 > 0 || $0 == 0 && one.hasEnd && two.hasStart }
        let ends = order(one.end, two.end).map { $0 < 0 || $0 == 0 && (!one.hasEnd || two.hasEnd) }
        return Evaluator.and(starts, Evaluator.and(meets, ends))
    }

    private static func overlapsAfter(_ one: Span, _ two: Span) -> Bool? {
        let meets = order(two.end, one.start).map { $0 > 0 || $0 == 0 && two.hasEnd && one.hasStart }
        let starts = order(two.start, one.start).map { $0 < 0 || $0 == 0 && (two.hasStart || !one.hasStart) }
        let ends = order(two.end, one.end).map { $0 < 0 || $0 == 0 && !two.hasEnd && one.hasEnd }
        return Evaluator.and(meets, Evaluator.and(starts, ends))
    }
}

extension Expression {
    /// A value that needs nothing to be known: literals, and calls of built-in functions with them.
    var isConstant: Bool {
        switch self {
        case .literal: true
        case .negation(let operand, _): operand.isConstant
        case .call(.name(let name, _), .positional(let values), _): Builtins.forms[name] != nil && values.allSatisfy { if case .literal = $0 { true } else { false } }
        default: false
        }
    }
}
