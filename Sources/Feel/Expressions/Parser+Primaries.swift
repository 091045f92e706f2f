// Values, brackets, functions and names.
extension Parser {
    mutating func primary() throws(FeelFault) -> Expression {
        let token = here
        switch token.kind {
        case .number:
            place += 1
            guard let number = Number(token.text) else { throw FeelFault(position: token.start, message: "数值“\(token.text)”太大或不对") }
            return .literal(.number(number))
        case .string:
            place += 1
            return .literal(.string(token.text))
        case .name: return try named(token)
        case .symbol: return try bracketed(token)
        case .end: throw fault("这里应有一个值")
        }
    }

    mutating func named(_ token: Token) throws(FeelFault) -> Expression {
        if let known = names.match(tokens[place...]) {
            place += known.length
            return .name(known.name, at: token.start)
        }
        switch token.text {
        case "true", "false":
            place += 1
            return .literal(.boolean(token.text == "true"))
        case "null":
            place += 1
            return .literal(.null)
        case "function" where isSymbol("(", ahead: 1): return try function()
        case "if", "for", "some", "every": return try expression()
        default:
            place += 1
            return .name(token.text, at: token.start)
        }
    }

    mutating func bracketed(_ token: Token) throws(FeelFault) -> Expression {
        switch token.text {
        case "?":
            place += 1
            return .name("?", at: token.start)
        case "@":
            place += 1
            guard here.kind == .string else { throw fault("@ 后面应是带引号的日期、时间或时长") }
            defer { place += 1 }
            guard let value = Temporal.read(here.text) else { throw fault("“\(here.text)”不是日期、时间或时长") }
            return .literal(value)
        case "(":
            place += 1
            // `(< 5)` and `(> a)` are ranges that are open on one side.
            if here.kind == .symbol, let relation = Expression.Comparison(rawValue: here.text) {
                place += 1
                let bound = try additive()
                try expect(")")
                return Self.half(relation, bound, at: token.start)
            }
            let inner = try expression()
            if take("..") { return try rest(of: inner, includesStart: false, at: token.start) }
            try expect(")")
            return inner
        case "]":
            place += 1
            let first = try additive()
            try expect("..")
            return try rest(of: first, includesStart: false, at: token.start)
        case "[": return try listOrRange(token)
        case "{": return try context(token)
        default:
            if let relation = Expression.Comparison(rawValue: token.text) {
                place += 1
                return Self.half(relation, try additive(), at: token.start)
            }
            throw fault("这里应有一个值，不是“\(token.text)”")
        }
    }

    /// A range with one end: `< 5`.
    static func half(_ relation: Expression.Comparison, _ bound: Expression, at: Int) -> Expression {
        switch relation {
        case .less: .range(nil, bound, includesStart: false, includesEnd: false, at: at)
        case .lessOrEqual: .range(nil, bound, includesStart: false, includesEnd: true, at: at)
        case .greater: .range(bound, nil, includesStart: false, includesEnd: false, at: at)
        case .greaterOrEqual: .range(bound, nil, includesStart: true, includesEnd: false, at: at)
        case .equal: .point(bound, at: at)
        case .notEqual: .tests(.oneOf([.comparison(.notEqual, bound)]), at: at)
        }
    }

    mutating func rest(of first: Expression, includesStart: Bool, at: Int) throws(FeelFault) -> Expression {
        let end = try additive(asEnd: true)
        let includesEnd = isSymbol("]")
        guard take("]") || take(")") || take("[") else { throw fault("区间应以 ]、) 或 [ 结束") }
        return .range(first, end, includesStart: includesStart, includesEnd: includesEnd, at: at)
    }

    mutating func listOrRange(_ token: Token) throws(FeelFault) -> Expression {
        place += 1
        if take("]") { return .list([], at: token.start) }
        var items = [try expression()]
        if take("..") { return try rest(of: items[0], includesStart: true, at: token.start) }
        while take(",") { items.append(try expression()) }
        try expect("]")
        return .list(items, at: token.start)
    }

    mutating func context(_ token: Token) throws(FeelFault) -> Expression {
        place += 1
        let before = names
        defer { names = before }
        var entries: [Expression.Entry] = []
        guard !take("}") else { return .context([], at: token.start) }
        repeat {
            let name = here.kind == .string ? here.text : try freeName { $0 == ":" }
            if here.kind == .string { place += 1 }
            try expect(":")
            entries.append(.init(name: name, value: try expression()))
            names.add(name)
        } while take(",")
        try expect("}")
        return .context(entries, at: token.start)
    }

    mutating func function() throws(FeelFault) -> Expression {
        let start = here.start
        place += 2
        let before = names
        defer { names = before }
        var parameters: [Function.Parameter] = []
        if !take(")") {
            repeat {
                let name = try freeName { [":", ",", ")"].contains($0) }
                parameters.append(.init(name, take(":") ? try type() : .any))
                names.add(name)
            } while take(",")
            try expect(")")
        }
        if takeWord("external") {
            // Another language's function: there is none here, and a call of it gives null.
            _ = try expression()
            return .function(parameters, .literal(.null), at: start)
        }
        return .function(parameters, try expression(), at: start)
    }

    // MARK: Names

    /// A name that is being given: everything up to a token that ends it.
    mutating func freeName(_ ends: (String) -> Bool) throws(FeelFault) -> String {
        let first = here
        guard first.kind == .name || isSymbol("?") else { throw fault("这里应是名称") }
        var last = first
        while here.kind != .end, here.kind != .string, !(ends(here.text) && here != first) {
            last = here
            place += 1
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: source[first.start..<last.end])
        return Names.normal(String(text))
    }

    /// A name that is used: the longest known one, else a word.
    mutating func knownName() throws(FeelFault) -> String {
        if let known = names.match(tokens[place...]) {
            place += known.length
            return known.name
        }
        guard here.kind == .name else { throw fault("这里应是名称") }
        defer { place += 1 }
        return here.text
    }
}
