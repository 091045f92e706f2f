// Calls of built-in functions.
extension Checker {
    mutating func call(_ callee: Expression, _ arguments: Expression.Arguments, _ bracket: Int) throws(FeelFault) -> Typed {
        guard case .name(let name, let at) = callee else { throw FeelFault(position: bracket, message: "这里不是函数：请删去括号，或在前面写函数名") }
        guard case .positional(let expressions) = arguments else {
            throw FeelFault(position: bracket, message: "参数不能写名称：请只按次序写值")
        }
        if Signature.clocks.contains(name) { throw Signature.clockFault(at) }
        if vocabulary.index(of: name) != nil { throw FeelFault(position: at, message: "“\(name)”不是函数：请删去括号") }
        if Signature.patterns.contains(name) {
            throw FeelFault(position: at, message: "规则里不能用正则表达式（\(name)）：请改用 contains、starts with 或 in")
        }
        guard let signatures = Signature.table[name] else {
            let nearest = Spelling.nearest(to: name, among: Signature.table.keys)
            throw FeelFault(position: at, message: "没有函数“\(name)”：请改用\(nearest.map { "“\($0)”" } ?? "已有的函数")")
        }
        var values: [Typed] = []
        for expression in expressions {
            let value = try check(expression, bracket)
            if value.isNullLiteral { throw FeelFault(position: expression.start ?? bracket, message: "参数不能是 null：请写一个值") }
            values.append(value)
        }
        for signature in signatures {
            guard let bound = signature.bind(values) else { continue }
            return try made(name, values, signature, bound, at)
        }
        let given = values.map(\.type.title).joined(separator: "、")
        let forms = signatures.map { "\(name)(\($0.title))" }.joined(separator: " 或 ")
        throw FeelFault(position: at, message: "“\(name)”不能这样用（\(given.isEmpty ? "没有参数" : given)）：请写成 \(forms)")
    }

    private func made(_ name: String, _ values: [Typed], _ signature: Signature, _ item: FeelType, _ at: Int) throws(FeelFault) -> Typed {
        let unit = try unit(of: signature, values, at)
        let isConstant = values.allSatisfy { $0.code.constant != nil }
        let code = Self.code(name, values.map(\.code)).folded(isConstant)
        if let constant = code.constant, constant.isNull, values.allSatisfy({ $0.code.constant?.isNull == false }) {
            throw FeelFault(position: at, message: "“\(name)”对这些参数没有结果：请改正参数")
        }
        let type: FeelType
        switch signature.result {
        case .exactly(let own): type = own
        case .item: type = item
        case .items: type = .list(item)
        case .ofValue:
            guard let constant = code.constant, !constant.isNull else {
                throw FeelFault(position: at, message: "“\(name)”的参数须是写明的文本，才知道是哪种时长：请写成 \(name)(\"P1Y\") 这样")
            }
            type = FeelType(of: constant)
        }
        return Typed(type: type, unit: unit, code: code, cost: values.reduce(1) { $0 + $1.cost })
    }

    /// What is unknown in any argument makes the result unknown: the functions themselves know nothing of that.
    private static func code(_ name: String, _ arguments: [Code]) -> Code {
        let readings = arguments.map(\.reading)
        switch name {
        case "not": return Conditions.negation(arguments[0])
        case "list contains":
            let (list, element) = (readings[0], readings[1])
            return .condition { facts in
                guard case .list(let items) = list(facts) else { return nil }
                return Ternary.contains(items, element(facts))
            }
        default:
            return .value { facts in
                var values: [Value] = []
                values.reserveCapacity(readings.count)
                for reading in readings {
                    let value = reading(facts)
                    if value.lacksSomething { return .null }
                    values.append(value)
                }
                return Builtins.call(name, values)
            }
        }
    }

    private func unit(of signature: Signature, _ values: [Typed], _ at: Int) throws(FeelFault) -> String? {
        switch signature.units {
        case .ignored: return nil
        case .refused:
            guard let unit = values.lazy.compactMap(\.unit).first else { return nil }
            throw FeelFault(position: at, message: "这个函数不能用于有单位（\(unit)）的数：请改写")
        case .first:
            guard let unit = values.dropFirst().lazy.compactMap(\.unit).first else { return values.first?.unit }
            throw FeelFault(position: at, message: "后面的参数不应有单位（\(unit)）：请改为没有单位的数")
        case .kept, .compared:
            var sum = Typed(type: .number, code: .constant(.null))
            // A place in a list is no quantity.
            for (place, value) in values.enumerated() where !signature.isPlace(place) { sum.unit = try common(sum, value, at: at, "参数") }
            return signature.units == .kept ? sum.unit : nil
        }
    }
}

extension Signature {
    /// What `item` stands for where the arguments fit; `any` where it stands for nothing, nil where they do not.
    func bind(_ values: [Typed]) -> FeelType? {
        guard values.count >= required, isOpen || values.count <= parameters.count, let last = parameters.last else { return nil }
        var item: FeelType?
        func isSame(_ type: FeelType) -> Bool {
            guard let known = item else {
                item = type
                return true
            }
            item = known.unified(with: type)
            return item != nil
        }
        for (place, value) in values.enumerated() {
            let fits = switch (place < parameters.count ? parameters[place] : last, value.type) {
            case (.exactly(let type), let given): type.unified(with: given) != nil && !given.isRange
            case (.day, .date), (.day, .dateTime): true
            case (.anything, let given): given.isScalar || given.isListOfScalars
            case (.items, .list(let type)), (.range, .range(let type)), (.itemOrRange, .range(let type)): isSame(type)
            case (.item, let given), (.itemOrRange, let given): given.isScalar && isSame(given)
            default: false
            }
            if !fits { return nil }
        }
        if isOrdered, let item, !item.isOrdered { return nil }
        return item ?? .any
    }

    /// Whether the parameter is a position in the list that stands before it.
    func isPlace(_ place: Int) -> Bool {
        guard place > 0, place < parameters.count, case .items = parameters[0], case .exactly(.number) = parameters[place] else { return false }
        return true
    }

    /// As a message shows it.
    var title: String {
        let names = parameters.map { parameter in
            switch parameter {
            case .exactly(let type): type.title
            case .day: "日期"
            case .anything, .item: "值"
            case .items: "列表"
            case .range: "区间"
            case .itemOrRange: "值或区间"
            }
        }
        return names.joined(separator: ", ") + (isOpen ? ", …" : "")
    }
}

extension FeelType {
    var isRange: Bool { if case .range = self { true } else { false } }
}
