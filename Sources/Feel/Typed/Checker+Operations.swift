// Arithmetic, comparisons and tests.
extension Checker {
    mutating func negation(_ operand: Expression, _ at: Int) throws(FeelFault) -> Typed {
        var typed = try check(operand, at)
        guard [.number, .months, .nanoseconds].contains(typed.type) else {
            throw FeelFault(position: at, message: "\(typed.type.title)没有相反数：请删去负号")
        }
        let reading = typed.code.reading
        typed.code = Code.value { Arithmetic.negate(reading($0)) }.folded(typed.code.constant != nil)
        typed.cost += 1
        return typed
    }

    mutating func arithmetic(_ operation: Expression.Arithmetic, _ left: Expression, _ right: Expression, _ sign: Int) throws(FeelFault) -> Typed {
        let (one, two) = (try check(left, sign), try check(right, sign))
        guard let type = Self.result(of: operation, one.type, two.type) else {
            throw FeelFault(position: sign, message: "\(one.type.title)和\(two.type.title)不能用“\(operation.rawValue)”运算：请改写")
        }
        let unit = try unit(of: operation, one, two, sign)
        let (first, second) = (one.code.reading, two.code.reading)
        let code = Code.value { Arithmetic.apply(operation, first($0), second($0)) }
        return Typed(type: type, unit: unit, code: code.folded(one.code.constant != nil && two.code.constant != nil), cost: one.cost + two.cost + 1)
    }

    /// The type of a sum, product and so on (DMN 1.5 tables 50 to 53); nil where the two do not go together.
    private static func result(of operation: Expression.Arithmetic, _ left: FeelType, _ right: FeelType) -> FeelType? {
        switch (operation, left, right) {
        case (_, .number, .number): .number
        case (.add, .string, .string): .string
        case (.add, .months, .months), (.subtract, .months, .months): .months
        case (.add, .nanoseconds, .nanoseconds), (.subtract, .nanoseconds, .nanoseconds), (.subtract, .time, .time): .nanoseconds
        case (.subtract, .date, .date), (.subtract, .date, .dateTime), (.subtract, .dateTime, .date), (.subtract, .dateTime, .dateTime): .nanoseconds
        case (.add, .date, .months), (.add, .date, .nanoseconds), (.subtract, .date, .months), (.subtract, .date, .nanoseconds): .date
        case (.add, .months, .date), (.add, .nanoseconds, .date): .date
        case (.add, .dateTime, .months), (.add, .dateTime, .nanoseconds), (.subtract, .dateTime, .months), (.subtract, .dateTime, .nanoseconds): .dateTime
        case (.add, .months, .dateTime), (.add, .nanoseconds, .dateTime): .dateTime
        case (.add, .time, .nanoseconds), (.subtract, .time, .nanoseconds), (.add, .nanoseconds, .time): .time
        case (.multiply, .months, .number), (.multiply, .number, .months), (.divide, .months, .number): .months
        case (.multiply, .nanoseconds, .number), (.multiply, .number, .nanoseconds), (.divide, .nanoseconds, .number): .nanoseconds
        case (.divide, .months, .months), (.divide, .nanoseconds, .nanoseconds): .number
        default: nil
        }
    }

    private func unit(of operation: Expression.Arithmetic, _ one: Typed, _ two: Typed, _ sign: Int) throws(FeelFault) -> String? {
        if one.unit == nil && two.unit == nil { return nil }
        switch operation {
        case .add, .subtract: return try common(one, two, at: sign, "相加减的数")
        // A duration times or by a number that counts something is a duration: the unit is gone.
        case .multiply where one.type != .number || two.type != .number, .divide where one.type != .number || two.type != .number: return nil
        case .multiply:
            guard let unit = one.unit, let other = two.unit else { return one.unit ?? two.unit }
            throw FeelFault(position: sign, message: "“\(unit)”乘“\(other)”没有单位可用：请改写")
        case .divide:
            guard let divisor = two.unit else { return one.unit }
            if one.unit == divisor { return nil }
            throw FeelFault(position: sign, message: "“\(one.unit ?? "无单位")”除以“\(divisor)”没有单位可用：请改写")
        case .power: throw FeelFault(position: sign, message: "有单位（\(one.unit ?? two.unit ?? "")）的数不能乘方：请改写")
        }
    }

    // MARK: Comparisons

    func comparison(_ relation: Expression.Comparison, _ one: Typed, _ two: Typed, _ sign: Int) throws(FeelFault) -> Typed {
        if one.isLiteral, two.isLiteral, let value = one.code.constant, let other = two.code.constant, value.equals(other) == true {
            throw FeelFault(position: sign, message: "同一个值和自己比较，结果总是一样：请把一边改为名称")
        }
        if one.isNullLiteral || two.isNullLiteral {
            guard relation == .equal || relation == .notEqual else {
                throw FeelFault(position: sign, message: "null 没有大小：请用“= null”或“!= null”问有没有值")
            }
            let operand = one.isNullLiteral ? two : one
            let code = Conditions.missing(operand.code, isMissing: relation == .equal)
            return Typed(type: .boolean, code: code.folded(operand.code.constant != nil), cost: operand.cost + 1)
        }
        try checkComparable(one, two, isOrder: relation != .equal && relation != .notEqual, sign)
        let code = Conditions.comparison(relation, one.code, two.code)
        return Typed(type: .boolean, code: code.folded(one.code.constant != nil && two.code.constant != nil), cost: one.cost + two.cost + 1)
    }

    private func checkComparable(_ one: Typed, _ two: Typed, isOrder: Bool, _ sign: Int) throws(FeelFault) {
        guard let type = one.type.unified(with: two.type), type != .null else {
            throw FeelFault(position: sign, message: "\(one.type.title)和\(two.type.title)不能比较：请改成同一类型")
        }
        guard isOrder ? type.isOrdered : type.isScalar || type.isListOfScalars else {
            throw FeelFault(position: sign, message: "\(type.title)\(isOrder ? "分不出大小：请改用“=”或“!=”" : "不能这样比较：请改用 in")")
        }
        _ = try common(one, two, at: sign, "比较的数")
    }

    mutating func between(_ operand: Expression, _ low: Expression, _ high: Expression, _ sign: Int) throws(FeelFault) -> Typed {
        let (value, from, to) = (try check(operand, sign), try check(low, sign), try check(high, sign))
        try checkComparable(value, from, isOrder: true, sign)
        try checkComparable(value, to, isOrder: true, sign)
        _ = try common(from, to, at: sign, "between 的两端")
        let isConstant = [value, from, to].allSatisfy { $0.code.constant != nil }
        return Typed(
            type: .boolean, code: Conditions.between(value.code, from.code, to.code).folded(isConstant), cost: value.cost + from.cost + to.cost + 1)
    }

    // MARK: Tests

    mutating func membership(_ operand: Expression, _ tests: [UnaryTest], _ sign: Int) throws(FeelFault) -> Typed {
        let value = try check(operand, sign)
        let outer = tested
        tested = value
        defer { tested = outer }
        var values: [Value] = []
        var codes: [Code] = []
        var cost = value.cost + 1
        var isConstant = value.code.constant != nil
        for test in tests {
            let typed = try self.test(test, of: value, sign)
            cost += typed.cost + value.cost
            switch typed.type {
            case .boolean:
                codes.append(typed.code)
                isConstant = isConstant && typed.code.constant != nil
            // What is no condition is a value to be equal to.
            default: if let constant = typed.code.constant { values.append(constant) }
            }
        }
        return Typed(type: .boolean, code: Conditions.anyOf(value.code, values, codes).folded(isConstant), cost: cost)
    }

    /// A test as a condition; of one that is a single value known now, that value as of type `any`.
    private mutating func test(_ test: UnaryTest, of value: Typed, _ sign: Int) throws(FeelFault) -> Typed {
        switch test {
        case .comparison(let relation, let bound): return try comparison(relation, value, try check(bound, sign), bound.start ?? sign)
        case .condition(let condition): return try self.condition(condition, sign, "in 的条件")
        case .expression(.tests(.oneOf(let inner), at: let at)):
            // `in != 5` where the parser saw a value.
            guard let first = inner.first, inner.count == 1 else { throw FeelFault(position: at, message: "条件太复杂：请拆开写") }
            return try self.test(first, of: value, at)
        case .expression(.point(let bound, at: let at)): return try comparison(.equal, value, try check(bound, at), at)
        case .expression(let expression):
            let typed = try check(expression, sign)
            let at = expression.start ?? sign
            if typed.isNullLiteral { throw FeelFault(position: at, message: "in 里不能写 null：请用“= null”问有没有值") }
            if value.isLiteral, typed.isLiteral, value.code.constant?.equals(typed.code.constant ?? .null) == true {
                throw FeelFault(position: at, message: "同一个值和自己比较，结果总是一样：请把一边改为名称")
            }
            let fits = switch typed.type {
            case .range(let item): value.type == item
            case .list(let item) where value.type.isScalar: value.type.unified(with: item) != nil
            default: value.type.unified(with: typed.type) != nil
            }
            guard fits else { throw FeelFault(position: at, message: "\(value.type.title)不会在\(typed.type.title)里：请改成同一类型") }
            _ = try common(value, typed, at: at, "in 两边的数")
            if let constant = typed.code.constant, typed.type.isScalar { return Typed(type: .any, code: .constant(constant)) }
            let code = Conditions.matching(value.code, typed.code)
            return Typed(type: .boolean, code: code.folded(value.code.constant != nil && typed.code.constant != nil), cost: typed.cost)
        }
    }
}

extension FeelType {
    var isScalar: Bool {
        switch self {
        case .null, .boolean, .number, .string, .date, .time, .dateTime, .months, .nanoseconds: true
        default: false
        }
    }

    var isListOfScalars: Bool { if case .list(let item) = self { item.isScalar } else { false } }

    /// Whether of two values one is less.
    var isOrdered: Bool { isScalar && self != .boolean && self != .null }

    /// Of a literal.
    init(of value: Value) {
        self = switch value {
        case .boolean: .boolean
        case .number: .number
        case .string: .string
        case .date: .date
        case .time: .time
        case .dateTime: .dateTime
        case .months: .months
        case .nanoseconds: .nanoseconds
        default: .null
        }
    }

    /// The type that values of both have; nil where there is none. Null, and lists of nothing, go with any.
    func unified(with other: FeelType) -> FeelType? {
        if self == other || other == .null { return self }
        if self == .null { return other }
        guard case .list(let one) = self, case .list(let two) = other else { return nil }
        return one.unified(with: two).map(FeelType.list)
    }

    /// As messages call it.
    var title: String {
        switch self {
        case .constrained(let type, _): type.title
        case .any: "任意值"
        case .null: "null"
        case .boolean: "真假值"
        case .number: "数"
        case .string: "文本"
        case .date: "日期"
        case .time: "时刻"
        case .dateTime: "日期时间"
        case .months: "年月时长"
        case .nanoseconds: "日时时长"
        case .list(.null): "空列表"
        case .list(let item): "\(item.title)的列表"
        case .range(let item): "\(item.title)的区间"
        case .context: "上下文"
        case .function: "函数"
        case .unknown(let name): "未知类型“\(name)”"
        }
    }
}

extension Expression {
    /// Where it begins; nil of a literal, which does not know. Behind a literal the operator is the nearest place that is known.
    var start: Int? {
        var (first, known): (Expression, Int?) = (self, nil)
        // In steps: chains of operators within brackets are deeper than the stack.
        while true {
            switch first {
            case .literal: return known
            case .path(let inner, _, let at), .filter(let inner, _, let at), .call(let inner, _, let at), .arithmetic(_, let inner, _, let at),
                .comparison(_, let inner, _, let at), .conjunction(let inner, _, let at), .disjunction(let inner, _, let at),
                .between(let inner, _, _, let at), .isIn(let inner, _, let at), .instance(let inner, _, let at):
                (first, known) = (inner, at)
            case .name(_, let at), .negation(_, let at), .conditional(_, _, _, let at), .loop(_, _, let at), .quantified(_, _, _, let at),
                .list(_, let at), .context(_, let at), .range(_, _, _, _, let at), .point(_, let at), .function(_, _, let at), .table(_, let at),
                .tests(_, let at):
                return at
            case .converted(let operand, _): first = operand
            }
        }
    }
}
