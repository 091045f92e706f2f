/// Comparisons in which what is missing is unknown.
enum Ternary {
    static func compare(_ relation: Expression.Comparison, _ left: Value, _ right: Value) -> Bool? {
        switch relation {
        case .equal: equals(left, right)
        case .notEqual: equals(left, right).map { !$0 }
        default: Evaluator.compare(relation, left, right)
        }
    }

    static func equals(_ left: Value, _ right: Value) -> Bool? {
        if left.isNull || right.isNull { return nil }
        guard case .list(let one) = left, case .list(let two) = right else { return left.equals(right) }
        guard one.count == two.count else { return false }
        var known: Bool? = true
        for (item, other) in zip(one, two) {
            guard let same = equals(item, other) else {
                known = nil
                continue
            }
            if !same { return false }
        }
        return known
    }

    /// Whether one of the items equals a value.
    static func contains(_ items: [Value], _ value: Value) -> Bool? {
        if value.isNull { return nil }
        var known: Bool? = false
        for item in items {
            let same = equals(item, value)
            if same == true { return true }
            if same == nil { known = nil }
        }
        return known
    }

    /// Whether a value is what a test gave: equal to it, in it, or one of it.
    static func matches(_ value: Value, _ found: Value) -> Bool? {
        if value.isNull || found.isNull { return nil }
        switch found {
        case .range(let range): return range.contains(value)
        case .list(let items):
            if case .list = value { return equals(value, found) }
            return contains(items, value)
        default: return equals(value, found)
        }
    }
}

extension Value {
    /// Whether it or an item of it is missing.
    var lacksSomething: Bool {
        switch self {
        case .null: true
        case .list(let items): items.contains(where: \.lacksSomething)
        default: false
        }
    }
}

extension Expression.Comparison {
    @inline(__always) func holds<T: Comparable>(_ left: T, _ right: T) -> Bool {
        switch self {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: !(right < left)
        case .greater: right < left
        case .greaterOrEqual: !(left < right)
        }
    }

    /// The same with its sides changed.
    var mirrored: Self {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}
