/// Reads expressions and unary tests (DMN 1.5 §10.3.1.2).
package struct Parser {
    private let source: [Unicode.Scalar]
    private let tokens: [Token]
    private var place = 0
    private var names: Names
    private let types: (String) -> FeelType?
    /// Nesting of expressions: one that is deeper is refused, before the stack is.
    private var depth = 0
    private static let deepest = 200

    private init(_ text: String, names: Names, types: @escaping (String) -> FeelType?) throws(FeelFault) {
        source = Array(text.unicodeScalars)
        tokens = try Lexer.tokens(text)
        self.names = names
        self.types = types
    }

    /// An expression.
    /// - Parameters:
    ///   - names: what it may name, where names have several words.
    ///   - types: types by name beside the built-in ones.
    package static func expression(
        _ text: String, names: Names = Names(), types: @escaping (String) -> FeelType? = { _ in nil }
    ) throws(FeelFault) -> Expression {
        var parser = try Parser(text, names: names, types: types)
        let expression = try parser.expression()
        try parser.expectEnd()
        return expression
    }

    /// A cell of a decision table.
    package static func unaryTests(
        _ text: String, names: Names = Names(), types: @escaping (String) -> FeelType? = { _ in nil }
    ) throws(FeelFault) -> UnaryTests {
        var parser = try Parser(text, names: names, types: types)
        let tests = try parser.unaryTests()
        try parser.expectEnd()
        return tests
    }

    /// A type by its text: `list<number>`.
    package static func type(_ text: String, types: @escaping (String) -> FeelType? = { _ in nil }) throws(FeelFault) -> FeelType {
        var parser = try Parser(text, names: Names(), types: types)
        let type = try parser.type()
        try parser.expectEnd()
        return type
    }

    // MARK: Tokens

    private var here: Token { tokens[place] }

    private func isSymbol(_ text: String, ahead: Int = 0) -> Bool {
        place + ahead < tokens.count && tokens[place + ahead].kind == .symbol && tokens[place + ahead].text == text
    }

    private func isWord(_ text: String, ahead: Int = 0) -> Bool {
        place + ahead < tokens.count && tokens[place + ahead].kind == .name && tokens[place + ahead].text == text
    }

    private mutating func take(_ symbol: String) -> Bool {
        guard isSymbol(symbol) else { return false }
        place += 1
        return true
    }

    private mutating func takeWord(_ word: String) -> Bool {
        guard isWord(word) else { return false }
        place += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(FeelFault) {
        guard take(symbol) else { throw fault("这里应是“\(symbol)”") }
    }

    private mutating func expectWord(_ word: String) throws(FeelFault) {
        guard takeWord(word) else { throw fault("这里应是“\(word)”") }
    }

    private func expectEnd() throws(FeelFault) {
        guard here.kind == .end else { throw fault("多出“\(here.text)”，请删去，或在前面补上运算符") }
    }

    private func fault(_ message: String) -> FeelFault {
        FeelFault(position: here.start, message: here.kind == .end ? "表达式没有写完：\(message)" : message)
    }

    // MARK: Expressions, from the loosest to the tightest

    private mutating func expression() throws(FeelFault) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw fault("嵌套太深，请拆成几步") }
        if isWord("for") { return try loop() }
        if isWord("if") { return try conditional() }
        if isWord("some") || isWord("every"), names.match(tokens[place...]) == nil { return try quantified() }
        return try disjunction()
    }

    private mutating func loop() throws(FeelFault) -> Expression {
        let start = here.start
        place += 1
        let before = names
        defer { names = before }
        let iterations = try iterations()
        try expectWord("return")
        names.add("partial")
        return .loop(iterations, try expression(), at: start)
    }

    private mutating func iterations() throws(FeelFault) -> [Expression.Iteration] {
        var iterations: [Expression.Iteration] = []
        repeat {
            let name = try freeName { $0 == "in" }
            try expectWord("in")
            let source = try expression()
            let end = take("..") ? try expression() : nil
            iterations.append(.init(name: name, source: source, end: end))
            names.add(name)
        } while take(",")
        return iterations
    }

    private mutating func conditional() throws(FeelFault) -> Expression {
        let start = here.start
        place += 1
        let condition = try expression()
        try expectWord("then")
        let one = try expression()
        try expectWord("else")
        return .conditional(condition, one, try expression(), at: start)
    }

    private mutating func quantified() throws(FeelFault) -> Expression {
        let start = here.start
        let isSome = here.text == "some"
        place += 1
        let before = names
        defer { names = before }
        let iterations = try iterations()
        try expectWord("satisfies")
        return .quantified(isSome: isSome, iterations, try expression(), at: start)
    }

    private mutating func disjunction() throws(FeelFault) -> Expression {
        var left = try conjunction()
        while isWord("or") {
            let at = here.start
            place += 1
            left = .disjunction(left, try conjunction(), at: at)
        }
        return left
    }

    private mutating func conjunction() throws(FeelFault) -> Expression {
        var left = try comparison()
        while isWord("and") {
            let at = here.start
            place += 1
            left = .conjunction(left, try comparison(), at: at)
        }
        return left
    }

    private mutating func comparison() throws(FeelFault) -> Expression {
        var left = try additive()
        while true {
            let at = here.start
            if here.kind == .symbol, let relation = Expression.Comparison(rawValue: here.text) {
                place += 1
                left = .comparison(relation, left, try additive(), at: at)
            } else if takeWord("between") {
                let low = try additive()
                try expectWord("and")
                left = .between(left, low, try additive(), at: at)
            } else if isWord("in") {
                place += 1
                left = .isIn(left, try tests(), at: at)
            } else if isWord("instance"), isWord("of", ahead: 1) {
                place += 2
                left = .instance(left, try type(), at: at)
            } else {
                return left
            }
        }
    }

    private mutating func additive(asEnd: Bool = false) throws(FeelFault) -> Expression {
        var left = try multiplicative(asEnd: asEnd)
        while isSymbol("+") || isSymbol("-") {
            let (at, operation) = (here.start, here.text)
            place += 1
            left = .arithmetic(operation == "+" ? .add : .subtract, left, try multiplicative(asEnd: asEnd), at: at)
        }
        return left
    }

    private mutating func multiplicative(asEnd: Bool) throws(FeelFault) -> Expression {
        var left = try power(asEnd: asEnd)
        while isSymbol("*") || isSymbol("/") {
            let (at, operation) = (here.start, here.text)
            place += 1
            left = .arithmetic(operation == "*" ? .multiply : .divide, left, try power(asEnd: asEnd), at: at)
        }
        return left
    }

    private mutating func power(asEnd: Bool) throws(FeelFault) -> Expression {
        var left = try unary(asEnd: asEnd)
        while isSymbol("**") {
            let at = here.start
            place += 1
            left = .arithmetic(.power, left, try unary(asEnd: asEnd), at: at)
        }
        return left
    }

    private mutating func unary(asEnd: Bool) throws(FeelFault) -> Expression {
        guard isSymbol("-") else { return try postfix(asEnd: asEnd) }
        let at = here.start
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw fault("嵌套太深，请拆成几步") }
        place += 1
        return .negation(try unary(asEnd: asEnd), at: at)
    }

    /// - Parameter asEnd: it ends a range, so that `[` closes that and filters nothing.
    private mutating func postfix(asEnd: Bool) throws(FeelFault) -> Expression {
        var expression = try primary()
        while true {
            let at = here.start
            if isSymbol("."), tokens[place + 1].kind == .name || isSymbol("?", ahead: 1) {
                place += 1
                expression = .path(expression, try knownName(), at: at)
            } else if isSymbol("["), !asEnd {
                place += 1
                let filter = try self.expression()
                try expect("]")
                expression = .filter(expression, filter, at: at)
            } else if isSymbol("(") {
                place += 1
                expression = .call(expression, try arguments(), at: at)
            } else {
                return expression
            }
        }
    }

    private mutating func arguments() throws(FeelFault) -> Expression.Arguments {
        if take(")") { return .positional([]) }
        if hasNamedArgument() {
            var entries: [Expression.Entry] = []
            repeat {
                let name = try freeName { $0 == ":" }
                try expect(":")
                entries.append(.init(name: name, value: try expression()))
            } while take(",")
            try expect(")")
            return .named(entries)
        }
        var values: [Expression] = []
        repeat { values.append(try expression()) } while take(",")
        try expect(")")
        return .positional(values)
    }

    /// Whether the next thing is `name :`.
    private func hasNamedArgument() -> Bool {
        var ahead = place
        while tokens[ahead].kind == .name || tokens[ahead].kind == .symbol && ["-", "+", "/", "*", "."].contains(tokens[ahead].text) { ahead += 1 }
        return ahead > place && tokens[ahead].kind == .symbol && tokens[ahead].text == ":"
    }

    // MARK: Primaries

    private mutating func primary() throws(FeelFault) -> Expression {
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

    private mutating func named(_ token: Token) throws(FeelFault) -> Expression {
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

    private mutating func bracketed(_ token: Token) throws(FeelFault) -> Expression {
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
    private static func half(_ relation: Expression.Comparison, _ bound: Expression, at: Int) -> Expression {
        switch relation {
        case .less: .range(nil, bound, includesStart: false, includesEnd: false, at: at)
        case .lessOrEqual: .range(nil, bound, includesStart: false, includesEnd: true, at: at)
        case .greater: .range(bound, nil, includesStart: false, includesEnd: false, at: at)
        case .greaterOrEqual: .range(bound, nil, includesStart: true, includesEnd: false, at: at)
        case .equal: .range(bound, bound, includesStart: true, includesEnd: true, at: at)
        case .notEqual: .tests(.oneOf([.comparison(.notEqual, bound)]), at: at)
        }
    }

    private mutating func rest(of first: Expression, includesStart: Bool, at: Int) throws(FeelFault) -> Expression {
        let end = try additive(asEnd: true)
        let includesEnd = isSymbol("]")
        guard take("]") || take(")") || take("[") else { throw fault("区间应以 ]、) 或 [ 结束") }
        return .range(first, end, includesStart: includesStart, includesEnd: includesEnd, at: at)
    }

    private mutating func listOrRange(_ token: Token) throws(FeelFault) -> Expression {
        place += 1
        if take("]") { return .list([], at: token.start) }
        var items = [try expression()]
        if take("..") { return try rest(of: items[0], includesStart: true, at: token.start) }
        while take(",") { items.append(try expression()) }
        try expect("]")
        return .list(items, at: token.start)
    }

    private mutating func context(_ token: Token) throws(FeelFault) -> Expression {
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

    private mutating func function() throws(FeelFault) -> Expression {
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
    private mutating func freeName(_ ends: (String) -> Bool) throws(FeelFault) -> String {
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
    private mutating func knownName() throws(FeelFault) -> String {
        if let known = names.match(tokens[place...]) {
            place += known.length
            return known.name
        }
        guard here.kind == .name else { throw fault("这里应是名称") }
        defer { place += 1 }
        return here.text
    }

    // MARK: Unary tests

    private mutating func unaryTests() throws(FeelFault) -> UnaryTests {
        if isSymbol("-"), tokens[place + 1].kind == .end {
            place += 1
            return .any
        }
        if isWord("not"), isSymbol("(", ahead: 1) {
            let start = place
            place += 2
            let tests = try positiveTests()
            if take(")"), here.kind == .end { return .noneOf(tests) }
            // `not(a) and b` is one condition.
            place = start
        }
        return .oneOf(try positiveTests())
    }

    private mutating func positiveTests() throws(FeelFault) -> [UnaryTest] {
        var tests: [UnaryTest] = []
        repeat { tests.append(try test()) } while take(",")
        return tests
    }

    private mutating func test() throws(FeelFault) -> UnaryTest {
        if here.kind == .symbol, let relation = Expression.Comparison(rawValue: here.text) {
            place += 1
            return .comparison(relation, try additive())
        }
        return .expression(try expression())
    }

    /// What stands behind `in`: one test, or several in parentheses.
    private mutating func tests() throws(FeelFault) -> [UnaryTest] {
        guard isSymbol("(") else {
            if here.kind == .symbol, let relation = Expression.Comparison(rawValue: here.text) {
                place += 1
                return [.comparison(relation, try additive())]
            }
            return [.expression(try additive())]
        }
        let start = place
        place += 1
        var tests: [UnaryTest] = []
        repeat {
            tests.append(try test())
            if isSymbol("..") {
                // `in (1..5)`: the parenthesis belongs to the range.
                place = start
                return [.expression(try additive())]
            }
        } while take(",")
        try expect(")")
        return tests
    }

    // MARK: Types

    private mutating func type() throws(FeelFault) -> FeelType {
        guard here.kind == .name else { throw fault("这里应是类型") }
        for (word, make) in [("list", FeelType.list), ("range", FeelType.range)] where isWord(word) && isSymbol("<", ahead: 1) {
            place += 2
            let item = try type()
            try expect(">")
            return make(item)
        }
        if isWord("context"), isSymbol("<", ahead: 1) { return try contextType() }
        if isWord("function"), isSymbol("<", ahead: 1) { return try functionType() }
        let first = here
        // The longest run of words that is a type.
        var best: (FeelType, Int)?
        var end = place
        while tokens[end].kind == .name || tokens[end].kind == .symbol && tokens[end].text == "." {
            end += 1
            var text = String.UnicodeScalarView()
            text.append(contentsOf: source[first.start..<tokens[end - 1].end])
            let name = Names.normal(String(text))
            if let type = FeelType(name: name) ?? types(name) { best = (type, end) }
        }
        place = best?.1 ?? place + 1
        return best?.0 ?? .unknown(first.text)
    }

    private mutating func contextType() throws(FeelFault) -> FeelType {
        place += 2
        var entries: [String: FeelType] = [:]
        repeat {
            let name = try freeName { $0 == ":" }
            try expect(":")
            entries[name] = try type()
        } while take(",")
        try expect(">")
        return .context(entries)
    }

    private mutating func functionType() throws(FeelFault) -> FeelType {
        place += 2
        var parameters: [FeelType] = []
        if !isSymbol(">") { repeat { parameters.append(try type()) } while take(",") }
        try expect(">")
        try expect("->")
        return .function(parameters, try type())
    }
}
