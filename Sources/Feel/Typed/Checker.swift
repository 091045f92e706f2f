/// Gives every part of an expression its type and unit, and refuses what has none.
struct Checker {
    let vocabulary: Vocabulary
    /// Places of what the expression names.
    private(set) var variables: Set<Int> = []
    /// What `?` means where it stands in a test.
    var tested: Typed?
    private var depth = 0

    /// Nesting, and with it the stack that checking and evaluating take.
    private static let deepest = 450
    /// Steps of one expression: `?` stands for a whole expression, and may stand often.
    private static let dearest = 2000

    init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

    /// - Parameter around: the position of what it stands in: a literal does not know its own.
    mutating func check(_ expression: Expression, _ around: Int) throws(FeelFault) -> Typed {
        depth += 1
        defer { depth -= 1 }
        let at = expression.start ?? around
        guard depth < Self.deepest else { throw FeelFault(position: at, message: "嵌套太深：请拆成几个表达式") }
        var typed = try part(expression, at)
        if typed.code.constant != nil { typed.cost = 1 }
        guard typed.cost < Self.dearest else { throw FeelFault(position: at, message: "运算太多：请拆成几个表达式") }
        return typed
    }

    private mutating func part(_ expression: Expression, _ at: Int) throws(FeelFault) -> Typed {
        switch expression {
        case .literal(let value): return Typed(type: FeelType(of: value), code: .constant(value), isLiteral: true)
        case .name(let name, let at): return try named(name, at)
        case .path(let source, let name, let dot): return try property(name, of: source, dot)
        case .negation(let operand, _): return try negation(operand, at)
        case .arithmetic(let operation, let left, let right, let sign): return try arithmetic(operation, left, right, sign)
        case .comparison(let relation, let left, let right, let sign):
            return try comparison(relation, try check(left, sign), try check(right, sign), sign)
        case .conjunction(let left, let right, let sign): return try connection(left, right, sign, "and", Conditions.conjunction)
        case .disjunction(let left, let right, let sign): return try connection(left, right, sign, "or", Conditions.disjunction)
        case .between(let operand, let low, let high, let sign): return try between(operand, low, high, sign)
        case .isIn(let operand, let tests, let sign): return try membership(operand, tests, sign)
        case .conditional(let condition, let one, let other, let at): return try conditional(condition, one, other, at)
        case .list(let items, let at): return try list(items, at)
        case .range(let start, let end, let includesStart, let includesEnd, let at): return try range(start, end, includesStart, includesEnd, at)
        case .call(let callee, let arguments, let bracket): return try call(callee, arguments, bracket)
        case .context: throw FeelFault(position: at, message: "规则里不能用 {…}：请直接写值")
        case .filter(_, _, let bracket): throw FeelFault(position: bracket, message: "规则里不能筛选列表：请改用 list contains(…) 或 in")
        case .loop: throw FeelFault(position: at, message: "规则里不能用 for 循环：请改用现成的指标或函数")
        case .quantified: throw FeelFault(position: at, message: "规则里不能用 some 和 every：请改用 list contains(…) 或 in")
        case .function: throw FeelFault(position: at, message: "规则里不能定义函数：请直接写出运算")
        case .instance(_, _, let sign): throw FeelFault(position: sign, message: "这里的类型早已知道：请删去 instance of")
        case .point, .tests: throw FeelFault(position: at, message: "这样的条件只能写在 in 后面：请写成“名称 in (…)”或改用比较")
        case .converted, .table: throw FeelFault(position: at, message: "这里不能用决策表：请写成条件")
        }
    }

    // MARK: Names and parts of values

    private mutating func named(_ name: String, _ at: Int) throws(FeelFault) -> Typed {
        if name == "?" {
            guard let tested else { throw FeelFault(position: at, message: "“?”只能写在 in 后面的括号里：请改写名称") }
            return tested
        }
        if let place = vocabulary.index(of: name) {
            let variable = vocabulary.variables[place]
            let type = variable.type.unconstrained
            guard type.isScalar || type.isListOfScalars else {
                throw FeelFault(position: at, message: "“\(name)”是\(type.title)，规则里用不了：请换一个名称")
            }
            variables.insert(place)
            return Typed(type: type, unit: variable.unit, code: .variable(place))
        }
        if Signature.clocks.contains(name) { throw Signature.clockFault(at) }
        if Signature.table[name] != nil { throw FeelFault(position: at, message: "“\(name)”是函数：请在后面用括号写上参数") }
        let nearest = Spelling.nearest(to: name, among: vocabulary.variables.map(\.name))
        throw FeelFault(position: at, message: "没有“\(name)”：请\(nearest.map { "改为“\($0)”" } ?? "改用已有的名称；文字要放在英文引号里")")
    }

    private mutating func property(_ name: String, of source: Expression, _ dot: Int) throws(FeelFault) -> Typed {
        let typed = try check(source, dot)
        let parts = Self.parts(of: typed.type)
        guard let type = parts[name] else {
            let known = parts.keys.sorted().joined(separator: "、")
            throw FeelFault(
                position: dot, message: "\(typed.type.title)没有“.\(name)”：请\(known.isEmpty ? "删去" : "改用 \(known)")")
        }
        let reading = typed.code.reading
        return Typed(
            type: type, code: Code.value { Properties.get(name, of: reading($0)) }.folded(typed.code.constant != nil), cost: typed.cost + 1)
    }

    /// What stands behind the point (DMN 1.5 table 65).
    private static func parts(of type: FeelType) -> [String: FeelType] {
        let day: [String: FeelType] = ["year": .number, "month": .number, "day": .number, "weekday": .number]
        let time: [String: FeelType] = ["hour": .number, "minute": .number, "second": .number, "time offset": .nanoseconds, "timezone": .string]
        return switch type {
        case .date: day
        case .time: time
        case .dateTime: day.merging(time) { one, _ in one }
        case .months: ["years": .number, "months": .number]
        case .nanoseconds: ["days": .number, "hours": .number, "minutes": .number, "seconds": .number]
        default: [:]
        }
    }

    // MARK: Conditions

    mutating func condition(_ expression: Expression, _ around: Int, _ where: String) throws(FeelFault) -> Typed {
        let typed = try check(expression, around)
        guard typed.type == .boolean else {
            throw FeelFault(position: expression.start ?? around, message: "\(`where`)应是条件，这里是\(typed.type.title)：请写成比较")
        }
        return typed
    }

    private mutating func connection(
        _ left: Expression, _ right: Expression, _ sign: Int, _ word: String, _ make: (Code, Code) -> Code
    ) throws(FeelFault) -> Typed {
        let one = try condition(left, sign, "\(word) 的左边")
        let two = try condition(right, sign, "\(word) 的右边")
        return Typed(
            type: .boolean, code: make(one.code, two.code).folded(one.code.constant != nil && two.code.constant != nil), cost: one.cost + two.cost + 1)
    }

    private mutating func conditional(_ condition: Expression, _ one: Expression, _ other: Expression, _ at: Int) throws(FeelFault) -> Typed {
        let test = try self.condition(condition, at, "if 后面")
        let (yes, no) = (try check(one, at), try check(other, at))
        guard let type = yes.type.unified(with: no.type) else {
            throw FeelFault(position: other.start ?? at, message: "then 是\(yes.type.title)，else 是\(no.type.title)：请改成同一类型")
        }
        let unit = try common(yes, no, at: other.start ?? at, "then 和 else")
        let (truth, first, second) = (test.code.truth, yes.code.reading, no.code.reading)
        let code = Code.value { facts in
            switch truth(facts) {
            case true?: first(facts)
            case false?: second(facts)
            case nil: .null
            }
        }
        let isConstant = [test, yes, no].allSatisfy { $0.code.constant != nil }
        return Typed(type: type, unit: unit, code: code.folded(isConstant), cost: test.cost + yes.cost + no.cost + 1)
    }

    // MARK: Lists and ranges

    private mutating func list(_ items: [Expression], _ at: Int) throws(FeelFault) -> Typed {
        var typed = Typed(type: .null, code: .constant(.null))
        var codes: [Code] = []
        for item in items {
            let own = try check(item, at)
            let place = item.start ?? at
            guard own.type.isScalar else {
                throw FeelFault(position: place, message: "列表里只能放单个的值，这里是\(own.type.title)：请改写，或用 in (…, …) 分开写")
            }
            guard let type = typed.type.unified(with: own.type) else {
                throw FeelFault(position: place, message: "列表里前面是\(typed.type.title)，这里是\(own.type.title)：请改成同一类型")
            }
            typed.unit = try common(typed, own, at: place, "列表里的数")
            typed.type = type
            typed.cost += own.cost
            codes.append(own.code)
        }
        let readings = codes.map(\.reading)
        typed.type = .list(typed.type)
        typed.code = Code.value { facts in
            let values = readings.map { $0(facts) }
            // A list of which an item is unknown is unknown: what functions make of it could be anything.
            return values.contains(where: \.isNull) ? .null : .list(values)
        }.folded(codes.allSatisfy { $0.constant != nil })
        return typed
    }

    private mutating func range(
        _ start: Expression?, _ end: Expression?, _ includesStart: Bool, _ includesEnd: Bool, _ at: Int
    ) throws(FeelFault) -> Typed {
        var typed = Typed(type: .null, code: .constant(.null))
        var ends: [Code] = []
        for bound in [start, end] {
            guard let bound else { continue }
            let own = try check(bound, at)
            let place = bound.start ?? at
            guard own.type.isOrdered else { throw FeelFault(position: place, message: "\(own.type.title)分不出大小，不能作区间的一端：请改写") }
            guard let type = typed.type.unified(with: own.type) else {
                throw FeelFault(position: place, message: "区间从\(typed.type.title)到\(own.type.title)：请改成同一类型")
            }
            typed.unit = try common(typed, own, at: place, "区间的两端")
            typed.type = type
            typed.cost += own.cost
            ends.append(own.code)
        }
        let (hasStart, hasEnd, readings) = (start != nil, end != nil, ends.map(\.reading))
        typed.type = .range(typed.type)
        typed.code = Code.value { facts in
            let values = readings.map { $0(facts) }
            if values.contains(where: \.isNull) { return .null }
            if values.count == 2, (values[0].compare(values[1]) ?? 1) > 0 { return .null }
            return .range(Range(hasStart ? values.first : nil, hasEnd ? values.last : nil, includesStart: includesStart, includesEnd: includesEnd))
        }.folded(ends.allSatisfy { $0.constant != nil })
        return typed
    }

    // MARK: Units

    /// The unit of two that go together; those without one go with any.
    func common(_ one: Typed, _ two: Typed, at: Int, _ what: String) throws(FeelFault) -> String? {
        guard let first = one.unit, let second = two.unit, first != second else { return one.unit ?? two.unit }
        throw FeelFault(position: at, message: "\(what)单位不同（\(first)、\(second)）：请先换算成同一单位")
    }
}
