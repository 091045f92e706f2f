// Unary tests, and types.
extension Parser {
    mutating func unaryTests() throws(FeelFault) -> UnaryTests {
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

    mutating func positiveTests() throws(FeelFault) -> [UnaryTest] {
        var tests: [UnaryTest] = []
        repeat { tests.append(try test()) } while take(",")
        return tests
    }

    mutating func test() throws(FeelFault) -> UnaryTest {
        if here.kind == .symbol, let relation = Expression.Comparison(rawValue: here.text) {
            place += 1
            return .comparison(relation, try additive())
        }
        return UnaryTest(try expression())
    }

    /// What stands behind `in`: one test, or several in parentheses.
    mutating func tests() throws(FeelFault) -> [UnaryTest] {
        guard isSymbol("(") else {
            if here.kind == .symbol, let relation = Expression.Comparison(rawValue: here.text) {
                place += 1
                return [.comparison(relation, try additive())]
            }
            return [UnaryTest(try additive())]
        }
        let start = place
        place += 1
        var tests: [UnaryTest] = []
        repeat {
            tests.append(try test())
            if isSymbol("..") {
                // `in (1..5)`: the parenthesis belongs to the range.
                place = start
                return [UnaryTest(try additive())]
            }
        } while take(",")
        try expect(")")
        return tests
    }

    // MARK: Types

    mutating func type() throws(FeelFault) -> FeelType {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw fault("类型嵌套太深，请拆成几步") }
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

    mutating func contextType() throws(FeelFault) -> FeelType {
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

    mutating func functionType() throws(FeelFault) -> FeelType {
        place += 2
        var parameters: [FeelType] = []
        if !isSymbol(">") { repeat { parameters.append(try type()) } while take(",") }
        try expect(">")
        try expect("->")
        return .function(parameters, try type())
    }
}
