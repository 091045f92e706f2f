/// What names mean where an expression stands; inner ones come first.
package struct Scope: Sendable {
    private var frames: [Context]

    package init(_ context: Context = Context()) { frames = [context] }

    package func adding(_ context: Context) -> Scope {
        var scope = self
        scope.frames.append(context)
        return scope
    }

    package func adding(_ name: String, _ value: Value) -> Scope { adding(Context([(name, value)])) }

    package func find(_ name: String) -> Value? {
        for frame in frames.reversed() { if let value = frame[name] { return value } }
        return nil
    }
}

/// Evaluates expressions (DMN 1.5 §10.3.2.10 and §10.3.2.13). What has no result is null, as the standard says; nothing throws.
package enum Evaluator {
    /// Steps that a loop may take: one that would take more gives null.
    private static let longest = 1_000_000

    package static func evaluate(_ expression: Expression, in scope: Scope) -> Value {
        switch expression {
        case .literal(let value): return value
        case .name(let name, _): return scope.find(name) ?? Builtins.function(name).map(Value.function) ?? .null
        case .path(let source, let name, _): return Properties.get(name, of: evaluate(source, in: scope))
        case .filter(let source, let filter, _): return Filtering.filter(evaluate(source, in: scope), by: filter, in: scope)
        case .call(let callee, let arguments, _): return call(callee, arguments, in: scope)
        case .negation(let operand, _): return Arithmetic.negate(evaluate(operand, in: scope))
        case .arithmetic(let operation, let left, let right, _):
            return Arithmetic.apply(operation, evaluate(left, in: scope), evaluate(right, in: scope))
        case .comparison(let relation, let left, let right, _):
            return truth(compare(relation, evaluate(left, in: scope), evaluate(right, in: scope)))
        case .conjunction(let left, let right, _):
            let one = evaluate(left, in: scope).truth
            if one == false { return .boolean(false) }
            let two = evaluate(right, in: scope).truth
            return two == false ? .boolean(false) : one == true && two == true ? .boolean(true) : .null
        case .disjunction(let left, let right, _):
            let one = evaluate(left, in: scope).truth
            if one == true { return .boolean(true) }
            let two = evaluate(right, in: scope).truth
            return two == true ? .boolean(true) : one == false && two == false ? .boolean(false) : .null
        case .between(let operand, let low, let high, _):
            let value = evaluate(operand, in: scope)
            return truth(and(compare(.greaterOrEqual, value, evaluate(low, in: scope)), compare(.lessOrEqual, value, evaluate(high, in: scope))))
        case .isIn(let operand, let tests, _):
            let value = evaluate(operand, in: scope)
            return truth(anyHolds(tests, value, in: scope.adding("?", value)))
        case .instance(let operand, let type, _):
            if case .unknown = type { return .null }
            return .boolean(type.unconstrained.holds(evaluate(operand, in: scope)))
        case .conditional(let condition, let one, let other, _):
            return evaluate(evaluate(condition, in: scope).truth == true ? one : other, in: scope)
        case .loop(let iterations, let body, _): return loop(iterations, body, in: scope)
        case .quantified(let isSome, let iterations, let condition, _): return quantify(isSome, iterations, condition, in: scope)
        case .list(let items, _): return .list(items.map { evaluate($0, in: scope) })
        case .context(let entries, _): return context(entries, in: scope)
        case .range(let start, let end, let includesStart, let includesEnd, _):
            return range(start.map { evaluate($0, in: scope) }, end.map { evaluate($0, in: scope) }, includesStart, includesEnd)
        case .point(let operand, _):
            let value = evaluate(operand, in: scope)
            return value.isNull ? .null : .range(Range(only: value))
        case .function(let parameters, let body, _): return .function(closure(parameters, body, in: scope))
        case .converted(let operand, let type): return type.coerced(evaluate(operand, in: scope))
        case .table(let table, _): return table.evaluate(in: scope)
        case .tests(let tests, _): return truth(holds(tests, scope.find("?") ?? .null, in: scope))
        }
    }

    static func truth(_ known: Bool?) -> Value { known.map(Value.boolean) ?? .null }

    static func and(_ left: Bool?, _ right: Bool?) -> Bool? {
        left == false || right == false ? false : left == true && right == true ? true : nil
    }

    /// A comparison; nil where the two have no order, or one is null and it is no `=`.
    static func compare(_ relation: Expression.Comparison, _ left: Value, _ right: Value) -> Bool? {
        switch relation {
        case .equal: return left.equals(right)
        case .notEqual: return left.equals(right).map { !$0 }
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let order = left.compare(right) else { return nil }
            return relation == .less ? order < 0 : relation == .lessOrEqual ? order <= 0 : relation == .greater ? order > 0 : order >= 0
        }
    }

    private static func range(_ start: Value?, _ end: Value?, _ includesStart: Bool, _ includesEnd: Bool) -> Value {
        if start?.isNull == true && end?.isNull == true { return .null }
        if let start, let end, !start.isNull, !end.isNull {
            // Ends of two types, or in the wrong order, make no range.
            guard let order = start.compare(end), order <= 0 else { return .null }
        }
        return .range(Range(start, end, includesStart: includesStart, includesEnd: includesEnd))
    }

    private static func context(_ entries: [Expression.Entry], in scope: Scope) -> Value {
        var context = Context()
        for entry in entries {
            if context[entry.name] != nil { return .null }
            context[entry.name] = evaluate(entry.value, in: scope.adding(context))
        }
        return .context(context)
    }

    static func closure(_ parameters: [Function.Parameter], _ body: Expression, in scope: Scope) -> Function {
        Function(parameters) { values in
            evaluate(body, in: scope.adding(Context(zip(parameters, values).map { ($0.name, $1) })))
        }
    }

    // MARK: Calls

    private static func call(_ callee: Expression, _ arguments: Expression.Arguments, in scope: Scope) -> Value {
        if case .name(let name, _) = callee, scope.find(name) == nil {
            switch arguments {
            case .positional(let values): return Builtins.call(name, values.map { evaluate($0, in: scope) })
            case .named(let entries): return Builtins.call(name, named: entries.map { ($0.name, evaluate($0.value, in: scope)) })
            }
        }
        switch evaluate(callee, in: scope) {
        case .function(let function): return apply(function, arguments, in: scope)
        case .range(let range):
            guard case .positional(let values) = arguments, values.count == 1 else { return .null }
            return truth(range.contains(evaluate(values[0], in: scope)))
        default: return .null
        }
    }

    private static func apply(_ function: Function, _ arguments: Expression.Arguments, in scope: Scope) -> Value {
        switch arguments {
        case .positional(let values): return apply(function, values.map { evaluate($0, in: scope) })
        case .named(let entries):
            guard let parameters = function.parameters, Set(entries.map(\.name)).isSubset(of: parameters.map(\.name)), entries.count == parameters.count
            else { return .null }
            let given = Context(entries.map { ($0.name, evaluate($0.value, in: scope)) })
            return apply(function, parameters.map { given[$0.name] ?? .null })
        }
    }

    /// Calls a function with values converted to what it takes; null where it does not take them.
    package static func apply(_ function: Function, _ values: [Value]) -> Value {
        guard let parameters = function.parameters else { return function.call(values) }
        guard parameters.count == values.count else { return .null }
        var converted: [Value] = []
        for (parameter, value) in zip(parameters, values) {
            let fitting = parameter.type.coerced(value)
            if fitting.isNull && !value.isNull { return .null }
            converted.append(fitting)
        }
        return function.result.coerced(function.call(converted))
    }

    // MARK: Loops

    /// The values that a variable takes; nil where there are none to take, or too many.
    private static func values(_ iteration: Expression.Iteration, in scope: Scope) -> [Value]? {
        let source = evaluate(iteration.source, in: scope)
        guard let endExpression = iteration.end else {
            if case .range(let range) = source, let start = range.start, let end = range.end {
                return steps(start, end).map { $0.filter { range.contains($0) == true } }
            }
            return source.isNull ? nil : source.items
        }
        return steps(source, evaluate(endExpression, in: scope))
    }

    private static func steps(_ start: Value, _ end: Value) -> [Value]? {
        switch (start, end) {
        case (.number(let first), .number(let last)):
            guard let first = first.integer, let last = last.integer, abs(last - first) < longest else { return nil }
            return stride(from: first, through: last, by: first <= last ? 1 : -1).map { .number(Number($0)) }
        case (.date(let first), .date(let last)):
            guard abs(last.number - first.number) < longest else { return nil }
            return stride(from: first.number, through: last.number, by: first <= last ? 1 : -1).map { .date(Day(number: $0)) }
        default: return nil
        }
    }

    private static func loop(_ iterations: [Expression.Iteration], _ body: Expression, in scope: Scope) -> Value {
        var results: [Value] = []
        let isWhole = each(iterations[...], in: scope) { inner in
            results.append(evaluate(body, in: inner.adding("partial", .list(results))))
            return results.count < longest
        }
        return isWhole ? .list(results) : .null
    }

    /// Goes through all combinations, the last variable fastest. False where one has nothing to go through, or the body stopped it.
    private static func each(_ iterations: ArraySlice<Expression.Iteration>, in scope: Scope, _ body: (Scope) -> Bool) -> Bool {
        guard let first = iterations.first else { return body(scope) }
        guard let values = values(first, in: scope) else { return false }
        for value in values { if !each(iterations.dropFirst(), in: scope.adding(first.name, value), body) { return false } }
        return true
    }

    private static func quantify(_ isSome: Bool, _ iterations: [Expression.Iteration], _ condition: Expression, in scope: Scope) -> Value {
        var found: Bool? = !isSome
        let isWhole = each(iterations[...], in: scope) { inner in
            let value = evaluate(condition, in: inner)
            let holds = value.truth
            if holds == nil { found = nil }
            // What is neither true nor false nor unknown is no condition.
            if holds == nil, !value.isNull { return false }
            if holds == isSome {
                found = isSome
                return false
            }
            return true
        }
        return isWhole || found == isSome ? truth(found) : .null
    }

    // MARK: Unary tests

    /// Whether a cell's tests hold of a value; nil where that is not known.
    package static func holds(_ tests: UnaryTests, _ value: Value, in scope: Scope) -> Bool? {
        switch tests {
        case .any: true
        case .oneOf(let tests): anyHolds(tests, value, in: scope.adding("?", value))
        case .noneOf(let tests): anyHolds(tests, value, in: scope.adding("?", value)).map { !$0 }
        }
    }

    private static func anyHolds(_ tests: [UnaryTest], _ value: Value, in scope: Scope) -> Bool? {
        var known: Bool? = false
        for test in tests {
            let holds = holds(test, value, in: scope)
            if holds == true { return true }
            if holds == nil { known = nil }
        }
        return known
    }

    private static func holds(_ test: UnaryTest, _ value: Value, in scope: Scope) -> Bool? {
        switch test {
        case .comparison(let relation, let operand): return compare(relation, value, evaluate(operand, in: scope))
        case .expression(let expression): return matches(value, evaluate(expression, in: scope))
        case .condition(let expression): return evaluate(expression, in: scope).truth
        }
    }

    /// Whether a value is what a test's expression gave: equal to it, in it, or one of it.
    private static func matches(_ value: Value, _ found: Value) -> Bool? {
        switch found {
        case .range(let range):
            if case .range = value { return value.equals(found) }
            return range.contains(value)
        case .list(let items):
            if case .list = value, value.equals(found) == true { return true }
            return items.contains { item in
                if case .list = item { value.equals(item) == true } else { matches(value, item) == true }
            }
        default: return value.equals(found)
        }
    }
}

extension Expression {
    /// Whether it names the value that is tested, `?`: it is then a condition, and not a value to be equal to.
    var namesTested: Bool {
        switch self {
        case .literal, .function: false
        case .name(let name, _): name == "?"
        case .path(let source, _, _), .negation(let source, _), .instance(let source, _, _), .point(let source, _): source.namesTested
        case .filter(let one, let two, _), .arithmetic(_, let one, let two, _), .comparison(_, let one, let two, _), .conjunction(let one, let two, _),
            .disjunction(let one, let two, _): one.namesTested || two.namesTested
        case .call(let callee, .positional(let values), _): callee.namesTested || values.contains(where: \.namesTested)
        case .call(let callee, .named(let entries), _): callee.namesTested || entries.contains(where: \.value.namesTested)
        case .between(let one, let two, let three, _), .conditional(let one, let two, let three, _):
            one.namesTested || two.namesTested || three.namesTested
        case .isIn(let operand, _, _): operand.namesTested
        case .loop(let iterations, let body, _), .quantified(_, let iterations, let body, _):
            body.namesTested || iterations.contains { $0.source.namesTested || $0.end?.namesTested == true }
        case .list(let items, _): items.contains(where: \.namesTested)
        case .context(let entries, _): entries.contains(where: \.value.namesTested)
        case .range(let start, let end, _, _, _): start?.namesTested == true || end?.namesTested == true
        case .converted(let operand, _): operand.namesTested
        case .table: false
        case .tests: true
        }
    }
}
