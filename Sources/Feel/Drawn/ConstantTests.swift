// Cells by constants.
extension UnaryTests {
    /// A cell of constants: `-`, values, comparisons with values, ranges between values, several of these, `not(…)` of them.
    ///
    /// Of such it can be told for certain what two rows have in common; what else a cell may be in FEEL belongs into the heading.
    static func constant(_ text: String) throws(FeelFault) -> UnaryTests {
        let tests: UnaryTests
        do { tests = try Parser.unaryTests(text) } catch { throw error.withCure }
        switch tests {
        case .any: return .any
        case .oneOf(let tests): return .oneOf(try UnaryTest.constant(tests))
        case .noneOf(let tests): return .noneOf(try UnaryTest.constant(tests))
        }
    }

    /// The tests themselves, whether one or none of them is to hold.
    var tests: [UnaryTest] {
        switch self {
        case .any: []
        case .oneOf(let tests), .noneOf(let tests): tests
        }
    }
}

extension UnaryTest {
    fileprivate static func constant(_ tests: [UnaryTest]) throws(FeelFault) -> [UnaryTest] {
        var constants: [UnaryTest] = []
        for test in tests { constants.append(try test.constant()) }
        return constants
    }

    /// The same test with its values read, as literals.
    private func constant() throws(FeelFault) -> UnaryTest {
        switch self {
        case .comparison(let relation, let bound): return .comparison(relation, try bound.asLiteral())
        case .condition(let condition):
            throw FeelFault(position: condition.start ?? 0, message: "单元格里不能写“?”：请只写值、比较或区间，运算写进列标题的表达式")
        // `(= 5)`, and `!= 5` where the parser saw a value.
        case .expression(.point(let bound, at: _)): return .comparison(.equal, try bound.asLiteral())
        case .expression(.tests(.oneOf(let inner), at: let at)):
            guard let only = inner.first, inner.count == 1 else { throw FeelFault(position: at, message: "条件太复杂：请拆成几行") }
            return try only.constant()
        case .expression(.range(let start, let end, let includesStart, let includesEnd, let at)):
            return .expression(.range(try start?.asLiteral(), try end?.asLiteral(), includesStart: includesStart, includesEnd: includesEnd, at: at))
        case .expression(.list(_, let at)): throw FeelFault(position: at, message: "单元格里不能写列表：请去掉方括号，几个值用逗号分开")
        case .expression(let value): return .expression(try value.asLiteral())
        }
    }

    /// The values that it names.
    var constants: [Value] {
        switch self {
        case .comparison(_, .literal(let bound)): [bound]
        case .expression(.literal(let value)): [value]
        case .expression(.range(let start, let end, includesStart: _, includesEnd: _, at: _)):
            [start, end].compactMap { bound in if case .literal(let value)? = bound { value } else { nil } }
        default: []
        }
    }

    /// Whether it asks which of two is less.
    var isOrder: Bool {
        switch self {
        case .comparison(let relation, _): relation != .equal && relation != .notEqual
        case .expression(.range): true
        default: false
        }
    }
}

extension Expression {
    /// What FEEL calls a literal (DMN 1.5 §10.3.1.2, rules 33 to 35 and 60): a value, maybe with a sign, `@"…"`, `date("…")` and the like.
    fileprivate func asLiteral() throws(FeelFault) -> Expression {
        switch self {
        case .literal(let value):
            if value.isNull { throw FeelFault(position: 0, message: "单元格里不能写 null：请把列标题写成“名称 = null”，单元格写 true 或 false") }
            return self
        case .negation(.literal(.number(let number)), _): return .literal(.number(-number))
        case .call(.name(let name, let at), .positional(let arguments), _) where Self.temporal.contains(name):
            guard case .literal(.string(let text))? = arguments.first, arguments.count == 1 else { break }
            let value = Builtins.call(name, [.string(text)])
            if value.isNull { throw FeelFault(position: at, message: "“\(text)”没有对应的日期或时长：请改正") }
            return .literal(value)
        case .name(let name, let at):
            throw FeelFault(position: at, message: "单元格里只能写值，不能写名称“\(name)”：如果是文字，请放在英文引号里；如果是指标，请写进列标题的表达式")
        default: break
        }
        throw FeelFault(position: start ?? 0, message: "单元格里只能写值、比较或区间，不能写运算：请把运算写进列标题的表达式")
    }

    private static let temporal: Set<String> = ["date", "time", "date and time", "duration"]
}
