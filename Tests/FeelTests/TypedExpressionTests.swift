import Testing

@testable import Feel

/// What the tests' expressions name.
private let vocabulary = Vocabulary([
    Variable("次数", .number, unit: "次"), Variable("金额", .number, unit: "万元"), Variable("级别", .string), Variable("处罚日期", .date), Variable("在列", .boolean),
    Variable("类别", .list(.string)), Variable("今天", .date), Variable("期限", .months), Variable("时长", .nanoseconds), Variable("比例", .number),
    Variable("近24个月行政处罚次数", .number, unit: "次"), Variable("时刻", .dateTime),
])

private let nothing = [Value](repeating: .null, count: vocabulary.variables.count)

private func fault(_ text: String, as type: FeelType? = nil) -> FeelFault? {
    do {
        _ = try TypedExpression.check(text, in: vocabulary, as: type)
        return nil
    } catch { return error }
}

@Suite("FEEL with static types: what is refused") struct RefusalTests {
    @Test("with its position and a cure", arguments: [
        ("次 > 1", 0, "次数"), ("近24个月处罚次数 > 1", 0, "请改为“近24个月行政处罚次数”"), ("1 + 完全没有的名称", 4, "没有"), ("次数 = \"3\"", 3, "不能比较"),
        ("次数 > 金额", 3, "单位不同（次、万元）"), ("次数 + 金额", 3, "单位不同"), ("次数 * 金额", 3, "没有单位可用"), ("1 / 金额", 2, "没有单位可用"), ("金额 ** 2", 3, "乘方"),
        ("金额 between 1 and 次数", 3, "单位不同"), ("金额 in [1..次数]", 6, "单位不同"), ("max(金额, 次数)", 0, "单位不同"), ("if 在列 then 金额 else 次数", 19, "单位不同"),
        ("{a: 1}", 0, "{…}"), ("类别[1]", 2, "筛选"), ("for x in 类别 return x", 0, "for"), ("some x in 类别 satisfies x = \"a\"", 0, "some"),
        ("function(x) x", 0, "定义函数"), ("次数 instance of number", 3, "instance of"), ("abs(n: 次数)", 3, "次序"), ("1 = 1", 2, "和自己比较"), ("\"a\" != \"a\"", 4, "和自己比较"),
        ("-1 < -1", 3, "和自己比较"), ("null = null", 5, "和自己比较"), ("1 in (1)", 2, "和自己比较"), ("today() > 处罚日期", 0, "变量“今天”"), ("now().year", 0, "变量“今天”"),
        ("matches(级别, \"a\")", 0, "正则"), ("cuont(类别)", 0, "“count”"), ("count(次数)", 0, "请写成 count(列表)"), ("次数(1)", 0, "不是函数"), ("count > 1", 0, "是函数"),
        ("在列 and 次数", 7, "应是条件"), ("not(次数)", 0, "请写成"), ("if 次数 then 1 else 2", 3, "应是条件"), ("if 在列 then 1 else \"a\"", 0, "同一类型"), ("级别 < 在列", 3, "不能比较"),
        ("在列 < true", 3, "分不出大小"), ("处罚日期 + 1", 5, "运算"), ("处罚日期 > 时刻", 5, "不能比较"), ("级别 in (1, 2)", 3, "请"), ("[1, \"a\"]", 0, "同一类型"), ("次数 < null", 3, "= null"),
        ("次数 in (null)", 3, "= null"), ("date(\"2026-02-30\")", 0, "没有结果"), ("duration(级别)", 0, "写明"), ("处罚日期.hours", 4, "请改用"), ("次数.年", 2, "请删去"), ("? > 1", 0, "in"),
        ("null", 0, "null"), ("1 2", 2, "请"), ("", 0, "请"), ("期限 < @\"P1D\"", 3, "不能比较"), ("sort([true])", 0, "请写成"), ("类别 < 类别", 3, "分不出大小"), ("[[1]]", 1, "单个"),
    ])
    func refused(text: String, position: Int, says: String) {
        let fault = fault(text)
        #expect(fault?.position == position && fault?.message.contains(says) == true && fault?.message.contains("请") == true, "\(text): \(fault as Any)")
    }

    @Test("another type than the one that is asked for")
    func expected() throws {
        #expect(fault("次数 + 1", as: .boolean)?.message.contains("应是真假值") == true)
        #expect(try TypedExpression.check("[]", in: vocabulary, as: .list(.string)).evaluate(nothing).literal == "[]")
    }

    @Test("what would take too long or too deep a stack")
    func large() {
        #expect(fault("次数" + String(repeating: " in (? > 1 and ? in (? > 2 and ? < 9))", count: 60)) != nil)
        #expect(fault(String(repeating: "(", count: 90) + "1" + String(repeating: String(repeating: " + 次数", count: 300) + ")", count: 90)) != nil)
    }

    @Test("20,000 random texts: each is checked or refused, and none breaks anything")
    func random() {
        let pieces = [
            "1", "2.5", "\"a\"", "次数", "级别", "处罚日期", "类别", "null", "true", "+", "-", "*", "/", "**", "(", ")", "[", "]", ",", ".", "..", "=", "<", ">=", "in", "and",
            "or", "if", "then", "else", "between", "not", "@\"2024-01-31\"", "@\"P1M\"", "?", "count", "min", "date", "duration", "year", "9E6144", "list contains",
        ]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...9, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined(separator: " ")
            guard let typed = try? TypedExpression.check(text, in: vocabulary) else { continue }
            _ = (typed.evaluate(nothing), typed.holds([]), typed.evaluate([.string("x"), .number(.one)]))
        }
    }
}

@Suite("FEEL with static types: values") struct TypedValueTests {
    private func value(_ text: String, _ given: [String: Value] = [:]) throws -> String {
        var facts = nothing
        for (name, value) in given { facts[try #require(vocabulary.index(of: name))] = value }
        return try TypedExpression.check(text, in: vocabulary).evaluate(facts).literal
    }

    @Test("what is missing is unknown", arguments: [
        ("次数 = 1", "null"), ("次数 != 1", "null"), ("次数 in (1, 2)", "null"), ("次数 in [1..2]", "null"), ("次数 in (? > 1)", "null"), ("not(次数 = 1)", "null"),
        ("if 次数 > 1 then 1 else 2", "null"), ("次数 between 1 and 2", "null"), ("次数 > 1 and false", "false"), ("次数 > 1 or true", "true"), ("次数 > 1 or false", "null"),
        ("list contains(类别, \"罚款\")", "null"), ("count([级别, \"a\"])", "null"), ("max(1, 次数)", "null"), ("级别 in []", "null"), ("1 / 0 = 1", "null"), ("1 / 0 = null", "true"),
        ("次数 = null", "true"), ("null != 次数", "false"), ("次数 + 1 = null", "true"), ("次数 in (= null)", "true"), ("9E6144 * 10", "null"), ("级别 = 级别", "null"), ("string(级别)", "null"),
        ("\"a\" in [级别, \"a\"]", "null"), ("1 + 1 in (次数, 2)", "true"), ("@\"P99999999999M\" * 92000000 + @\"P99999999999M\" * 92000000", "null"),
    ])
    func unknown(text: String, expected: String) throws { #expect(try value(text) == expected, "\(text)") }

    @Test("what is there", arguments: [
        ("次数 >= 3 and 级别 = \"较重\"", "true"), ("3 <= 次数", "true"), ("级别 in (\"较重\", \"严重\")", "true"), ("级别 in [\"一般\"]", "false"), ("次数 in (< 2, > 5)", "false"),
        ("次数 in (? > 2 and ? < 4)", "true"), ("处罚日期 + 期限", "2026-03-04"), ("(今天 - 处罚日期).days", "365"), ("处罚日期.year", "2025"), ("今天 > 处罚日期", "true"),
        ("list contains(类别, \"罚款\")", "true"), ("count(类别)", "2"), ("duration(\"P1Y\") > 期限", "false"), ("次数 != null", "true"), ("在列", "true"), ("not(在列)", "false"),
        ("years and months duration(处罚日期, 今天)", "P1Y"), ("类别 = [\"罚款\", \"警告\"]", "true"), ("金额 / 金额 + 次数", "4"), ("includes([1..5], 次数)", "true"),
        ("处罚日期 between date(\"2025-01-01\") and date(\"2025-12-31\")", "true"), ("在列 in (true)", "true"), ("sum(金额, 1, 2)", "15.5"), ("级别 in (!= \"一般\")", "true"),
    ])
    func known(text: String, expected: String) throws {
        let day = try #require(Day(2025, 3, 4)), later = try #require(Day(2026, 3, 4))
        let given: [String: Value] = [
            "次数": .number(Number(3)), "金额": .number(try #require(Number("12.5"))), "级别": .string("较重"), "处罚日期": .date(day), "在列": .boolean(true),
            "类别": .list([.string("罚款"), .string("警告")]), "今天": .date(later), "期限": .months(12),
        ]
        #expect(try value(text, given) == expected, "\(text)")
    }

    @Test("type, unit and what it reads")
    func parts() throws {
        let typed = try TypedExpression.check("if 在列 then 金额 * 2 else 金额 + 比例 - 金额", in: vocabulary)
        #expect(typed.type == .number && typed.unit == "万元" && typed.variables == [1, 4, 9])
        #expect(try TypedExpression.check("金额 / 金额", in: vocabulary).unit == nil && TypedExpression.check("round up(金额, 1)", in: vocabulary).unit == "万元")
    }

    @Test("strings by their bytes, numbers by what they are worth")
    func equality() throws {
        #expect(try value("级别 = \"e\\u0301\"", ["级别": .string("\u{e9}")]) == "false")
        #expect(try value("比例 = 1", ["比例": .number(try #require(Number("1.00")))]) == "true" && value("比例 = 0", ["比例": .number(-Number.zero)]) == "true")
        for (one, two) in [("-5", "-3"), ("-1", "1"), ("1.5", "2"), ("99999999999999999999", "100000000000000000000"), ("-0", "1")] {
            let (low, high) = (try #require(Number(one)), try #require(Number(two)))
            #expect(low < high && !(high < low) && low != high)
        }
        // Of different places: as the integers that they are in the smallest unit.
        for _ in 0..<5000 {
            let (one, two) = (Int.random(in: -300...300), Int.random(in: -300...300))
            let (places, others) = (Int.random(in: 0...8), Int.random(in: 0...8))
            let (left, right) = (try #require(Number("\(one)E-\(places)")), try #require(Number("\(two)E-\(others)")))
            func scaled(_ value: Int, _ places: Int) -> Int { (places..<8).reduce(value) { sum, _ in sum * 10 } }
            let (first, second) = (scaled(one, places), scaled(two, others))
            #expect((left < right) == (first < second) && (left == right) == (first == second), "\(left) \(right)")
        }
    }
}

@Suite("FEEL with static types: as the tree-walk has it") struct DifferentialTests {
    private static let variables: [Variable] = [
        Variable("数一", .number), Variable("数二", .number), Variable("文一", .string), Variable("文二", .string), Variable("日一", .date), Variable("日二", .date),
        Variable("真一", .boolean), Variable("真二", .boolean), Variable("表一", .list(.string)),
    ]
    private static let few: [[Value]] = variables.map { variable in
        switch variable.type {
        case .number: [-1, 0, 2, 7].map { .number(Number($0)) }
        case .string: ["a", "", "处罚"].map(Value.string)
        case .date: [19_000, 19_400, 20_100].map { .date(Day(number: $0)) }
        case .boolean: [.boolean(true), .boolean(false)]
        default: [.list([]), .list([.string("a"), .string("处罚")])]
        }
    }

    /// Writes random expressions of a type; every operation in them has a result wherever nothing is missing.
    private struct Writer {
        var random = SystemRandomNumberGenerator()

        mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }

        mutating func number(_ depth: Int) -> String {
            if depth == 0 { return pick(["数一", "数二", "数一", "3", "-2", "0.5", "7"]) }
            switch Int.random(in: 0..<8, using: &random) {
            case 0: return "(\(number(depth - 1)) \(pick(["+", "-", "*"])) \(number(depth - 1)))"
            case 1: return "\(number(0)) / 4"
            case 2: return "(if \(truth(depth - 1)) then \(number(depth - 1)) else \(number(depth - 1)))"
            case 3: return "\(pick(["max", "min", "sum", "mean"]))(\(number(depth - 1)), \(number(depth - 1)))"
            case 4: return "\(pick(["string length", "count"]) == "count" ? "count(\(list(depth - 1)))" : "string length(\(text(depth - 1)))")"
            case 5: return "\(day(0)).\(pick(["year", "month", "day", "weekday"]))"
            case 6: return "abs(\(number(depth - 1)))"
            default: return number(0)
            }
        }

        mutating func text(_ depth: Int) -> String {
            if depth == 0 { return pick(["文一", "文二", "\"a\"", "\"处罚\"", "文一"]) }
            switch Int.random(in: 0..<5, using: &random) {
            case 0: return "(\(text(depth - 1)) + \(text(depth - 1)))"
            case 1: return "upper case(\(text(depth - 1)))"
            case 2: return "(if \(truth(depth - 1)) then \(text(depth - 1)) else \(text(depth - 1)))"
            case 3: return "string(\(number(depth - 1)))"
            default: return text(0)
            }
        }

        mutating func day(_ depth: Int) -> String {
            if depth == 0 { return pick(["日一", "日二", "@\"2022-03-01\"", "date(\"2024-02-29\")"]) }
            return pick([day(0), "(\(day(depth - 1)) + @\"P1M\")", "(\(day(depth - 1)) - duration(\"P3D\"))"])
        }

        mutating func list(_ depth: Int) -> String {
            pick(["表一", "[\"a\", \"b\"]", "[\(text(depth > 0 ? depth - 1 : 0)), \"x\"]", "append(表一, \(text(0)))", "reverse(表一)"])
        }

        mutating func truth(_ depth: Int) -> String {
            if depth == 0 { return pick(["真一", "真二", "(数一 > 1)", "(文一 = \"a\")", "(日一 <= @\"2022-03-01\")", "(数二 in [0..5])", "(文二 in (\"a\", \"b\"))"]) }
            let relation = pick(["=", "!=", "<", "<=", ">", ">="])
            switch Int.random(in: 0..<12, using: &random) {
            case 0: return "(\(truth(depth - 1)) and \(truth(depth - 1)))"
            case 1: return "(\(truth(depth - 1)) or \(truth(depth - 1)))"
            case 2: return "not(\(truth(depth - 1)))"
            case 3: return "(\(number(depth - 1)) \(relation) \(number(depth - 1)))"
            case 4: return "(\(text(depth - 1)) \(relation) \(text(depth - 1)))"
            case 5: return "(\(day(depth - 1)) \(relation) \(day(depth - 1)))"
            case 6: return "(\(number(depth - 1)) between \(number(0)) and \(number(0)))"
            case 7: return "(\(number(depth - 1)) in (\(number(0)), < \(number(0)), ? > 1 and ? != \(number(0)), [-1..2)))"
            case 8: return "list contains(\(list(depth - 1)), \(text(depth - 1)))"
            case 9: return "(\(text(depth - 1)) in \(list(depth - 1)))"
            case 10: return "(\(day(0)) in (@\"2021-01-01\"..@\"2023-01-01\"])"
            default: return "(\(truth(depth - 1)) \(pick(["=", "!="])) \(truth(depth - 1)))"
            }
        }

        mutating func any(_ depth: Int) -> String {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: number(depth)
            case 1: text(depth)
            case 2: day(depth)
            default: truth(depth)
            }
        }

        mutating func facts() -> [Value] { few.map { $0.randomElement(using: &random) ?? .null } }
    }

    private static func walk(_ expression: Expression, _ facts: [Value]) -> Value {
        Evaluator.evaluate(expression, in: Scope(Context(zip(variables, facts).map { ($0.name, $1) })))
    }

    @Test("6,000 random expressions without anything missing: the same values")
    func same() throws {
        let vocabulary = Vocabulary(Self.variables)
        var writer = Writer()
        var checked = 0
        for round in 0..<8000 {
            let text = writer.any(round % 4)
            guard let typed = try Self.checked(text, vocabulary) else { continue }
            checked += 1
            let expression = try Parser.expression(text)
            for _ in 0..<3 {
                let facts = writer.facts()
                let (one, two) = (typed.evaluate(facts).literal, Self.walk(expression, facts).literal)
                #expect(one == two, "\(text) \(facts.map(\.literal))")
                #expect(typed.type != .boolean || typed.holds(facts) == typed.evaluate(facts).truth)
            }
        }
        #expect(checked >= 6000)
    }

    /// A missing value stands for any: what is said with some missing must be so whatever they are.
    @Test("3,000 random conditions with values missing: true or false only where every completion is")
    func sound() throws {
        let vocabulary = Vocabulary(Self.variables)
        var writer = Writer()
        var (checked, decided) = (0, 0)
        for round in 0..<4000 {
            let text = writer.truth(1 + round % 3)
            guard let typed = try Self.checked(text, vocabulary) else { continue }
            checked += 1
            var facts = writer.facts()
            let missing = typed.variables.filter { _ in Bool.random(using: &writer.random) }.prefix(4)
            for place in missing { facts[place] = .null }
            guard let said = typed.holds(facts) else { continue }
            decided += missing.isEmpty ? 0 : 1
            let expression = try Parser.expression(text)
            for completion in Self.completions(of: facts, missing) { #expect(Self.walk(expression, completion).truth == said, "\(text) \(facts.map(\.literal)) \(completion.map(\.literal))") }
        }
        #expect(checked >= 3000 && decided > 100)
    }

    private static func completions(of facts: [Value], _ missing: ArraySlice<Int>) -> [[Value]] {
        missing.reduce([facts]) { all, place in
            all.flatMap { facts in
                few[place].map { value in
                    var completed = facts
                    completed[place] = value
                    return completed
                }
            }
        }
    }

    /// Nil only where it is refused for comparing a literal with itself or for being too long: the writer knows no other fault.
    private static func checked(_ text: String, _ vocabulary: Vocabulary) throws -> TypedExpression? {
        do { return try TypedExpression.check(text, in: vocabulary) } catch {
            guard error.message.contains("和自己比较") || error.message.contains("运算太多") else { throw error }
            return nil
        }
    }
}
