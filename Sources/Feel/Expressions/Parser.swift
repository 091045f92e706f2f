/// Reads expressions and unary tests (DMN 1.5 §10.3.1.2).
package struct Parser {
    let source: [Unicode.Scalar]
    let tokens: [Token]
    var place = 0
    var names: Names
    let types: (String) -> FeelType?
    /// Nesting of expressions: one that is deeper is refused, before the stack is.
    var depth = 0
    static let deepest = 100
    /// Operators in a row: `1 + 1 + …` nests as deep as it is long.
    static let longest = 400

    init(_ text: String, names: Names, types: @escaping (String) -> FeelType?) throws(FeelFault) {
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

    var here: Token { tokens[place] }

    func isSymbol(_ text: String, ahead: Int = 0) -> Bool {
        place + ahead < tokens.count && tokens[place + ahead].kind == .symbol && tokens[place + ahead].text == text
    }

    func isWord(_ text: String, ahead: Int = 0) -> Bool {
        place + ahead < tokens.count && tokens[place + ahead].kind == .name && tokens[place + ahead].text == text
    }

    mutating func take(_ symbol: String) -> Bool {
        guard isSymbol(symbol) else { return false }
        place += 1
        return true
    }

    mutating func takeWord(_ word: String) -> Bool {
        guard isWord(word) else { return false }
        place += 1
        return true
    }

    mutating func expect(_ symbol: String) throws(FeelFault) {
        guard take(symbol) else { throw fault("这里应是“\(symbol)”") }
    }

    mutating func expectWord(_ word: String) throws(FeelFault) {
        guard takeWord(word) else { throw fault("这里应是“\(word)”") }
    }

    func expectEnd() throws(FeelFault) {
        guard here.kind == .end else { throw fault("多出“\(here.text)”，请删去，或在前面补上运算符") }
    }

    func fault(_ message: String) -> FeelFault {
        FeelFault(position: here.start, message: here.kind == .end ? "表达式没有写完：\(message)" : message)
    }

    // MARK: Expressions, from the loosest to the tightest

    mutating func expression() throws(FeelFault) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw fault("嵌套太深，请拆成几步") }
        if isWord("for") { return try loop() }
        if isWord("if") { return try conditional() }
        if isWord("some") || isWord("every"), names.match(tokens[place...]) == nil { return try quantified() }
        return try disjunction()
    }

    mutating func loop() throws(FeelFault) -> Expression {
        let start = here.start
        place += 1
        let before = names
        defer { names = before }
        let iterations = try iterations()
        try expectWord("return")
        names.add("partial")
        return .loop(iterations, try expression(), at: start)
    }

    mutating func iterations() throws(FeelFault) -> [Expression.Iteration] {
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

    mutating func conditional() throws(FeelFault) -> Expression {
        let start = here.start
        place += 1
        let condition = try expression()
        try expectWord("then")
        let one = try expression()
        try expectWord("else")
        return .conditional(condition, one, try expression(), at: start)
    }

    mutating func quantified() throws(FeelFault) -> Expression {
        let start = here.start
        let isSome = here.text == "some"
        place += 1
        let before = names
        defer { names = before }
        let iterations = try iterations()
        try expectWord("satisfies")
        return .quantified(isSome: isSome, iterations, try expression(), at: start)
    }

    func check(_ links: inout Int) throws(FeelFault) {
        links += 1
        guard links < Self.longest else { throw fault("运算太多，请拆成几步") }
    }

    /// Operands with operators between them, from the left; `make` gives the node of an operator, nil for what is none of this level.
    private mutating func chain(
        _ operand: (inout Parser) throws(FeelFault) -> Expression, _ make: (Token) -> ((Expression, Expression, Int) -> Expression)?
    ) throws(FeelFault) -> Expression {
        var left = try operand(&self)
        var links = 0
        while let node = make(here) {
            try check(&links)
            let at = here.start
            place += 1
            left = node(left, try operand(&self), at)
        }
        return left
    }

    private mutating func arithmetic(
        _ operations: [Expression.Arithmetic], _ operand: (inout Parser) throws(FeelFault) -> Expression
    ) throws(FeelFault) -> Expression {
        try chain(operand) { token in
            guard token.kind == .symbol, let operation = operations.first(where: { $0.rawValue == token.text }) else { return nil }
            return { .arithmetic(operation, $0, $1, at: $2) }
        }
    }

    mutating func disjunction() throws(FeelFault) -> Expression {
        try chain { parser throws(FeelFault) in try parser.conjunction() } _: { token in
            token.kind == .name && token.text == "or" ? { .disjunction($0, $1, at: $2) } : nil
        }
    }

    mutating func conjunction() throws(FeelFault) -> Expression {
        try chain { parser throws(FeelFault) in try parser.comparison() } _: { token in
            token.kind == .name && token.text == "and" ? { .conjunction($0, $1, at: $2) } : nil
        }
    }

    mutating func comparison() throws(FeelFault) -> Expression {
        var left = try additive()
        var links = 0
        while true {
            try check(&links)
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

    mutating func additive(asEnd: Bool = false) throws(FeelFault) -> Expression {
        try arithmetic([.add, .subtract]) { parser throws(FeelFault) in try parser.multiplicative(asEnd: asEnd) }
    }

    mutating func multiplicative(asEnd: Bool) throws(FeelFault) -> Expression {
        try arithmetic([.multiply, .divide]) { parser throws(FeelFault) in try parser.power(asEnd: asEnd) }
    }

    mutating func power(asEnd: Bool) throws(FeelFault) -> Expression {
        try arithmetic([.power]) { parser throws(FeelFault) in try parser.unary(asEnd: asEnd) }
    }

    mutating func unary(asEnd: Bool) throws(FeelFault) -> Expression {
        guard isSymbol("-") else { return try postfix(asEnd: asEnd) }
        let at = here.start
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw fault("嵌套太深，请拆成几步") }
        place += 1
        return .negation(try unary(asEnd: asEnd), at: at)
    }

    /// - Parameter asEnd: it ends a range, so that `[` closes that and filters nothing.
    mutating func postfix(asEnd: Bool) throws(FeelFault) -> Expression {
        var expression = try primary()
        var links = 0
        while true {
            try check(&links)
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

    mutating func arguments() throws(FeelFault) -> Expression.Arguments {
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
    func hasNamedArgument() -> Bool {
        var ahead = place
        while tokens[ahead].kind == .name || tokens[ahead].kind == .symbol && ["-", "+", "/", "*", "."].contains(tokens[ahead].text) { ahead += 1 }
        return ahead > place && tokens[ahead].kind == .symbol && tokens[ahead].text == ":"
    }
}
