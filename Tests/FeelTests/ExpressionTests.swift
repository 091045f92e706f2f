import Testing

@testable import Feel

@Suite("FEEL expressions") struct ExpressionTests {
    private func value(_ text: String, _ inputs: [(String, Value)] = []) throws -> String {
        let expression = try Parser.expression(text, names: Names(inputs.map(\.0)))
        return Evaluator.evaluate(expression, in: Scope(Context(inputs))).literal
    }

    @Test("as the credit centre writes them", arguments: [
        ("近24个月行政处罚次数 >= 1 and 纳税信用级别 = \"D\"", "true"),
        ("信用修复状态 in (\"已修复\", \"异议中\")", "false"),
        ("处罚日期 + 公示期", "2027-11-25"),
        ("today 之前 + 1", "8"),
        ("if 罚款金额 > 10 then \"较大\" else \"一般\"", "\"一般\""),
        ("罚款金额 * 3", "6.000000"),
        ("罚款金额 in [1..2]", "true"),
        ("count([1, 2, 3][item > 1])", "2"),
    ])
    func written(text: String, expected: String) throws {
        let inputs: [(String, Value)] = [
            ("近24个月行政处罚次数", .number(Number(2))), ("纳税信用级别", .string("D")), ("信用修复状态", .string("未修复")),
            ("处罚日期", .date(try #require(Temporal.date("2026-11-25")))), ("公示期", .months(12)), ("today 之前", .number(Number(7))),
            ("罚款金额", .number(try #require(Number("2.000000")))),
        ]
        #expect(try value(text, inputs) == expected)
    }

    @Test("what is missing is unknown, and never true", arguments: [
        "缺 > 1", "缺 < 1", "not(缺)", "缺 between 1 and 2", "缺 in [1..10]", "缺 and true", "缺 or false", "1 / 0", "缺 + 1", "sqrt(-1)", "\"a\" + 1",
        "缺.名称", "date(\"2026-02-30\")", "all([true, 缺])",
    ])
    func unknown(text: String) throws { #expect(try value(text) == "null") }

    @Test("false and unknown is false, true or unknown is true, as in SQL")
    func ternary() throws {
        for (text, expected) in [("false and 缺", "false"), ("缺 and false", "false"), ("true or 缺", "true"), ("缺 or true", "true"), ("缺 = null", "true"), ("1 = 缺", "false")] {
            #expect(try value(text) == expected, "\(text)")
        }
    }

    @Test("a fault names the place and what to do", arguments: [
        ("1 +", 3, "应有一个值"), ("(1", 2, "“)”"), ("\"abc", 0, "引号"), ("1 2", 2, "多出“2”"), ("if a then b", 11, "“else”"), ("[1..", 4, "应有一个值"),
        ("a $ b", 2, "不认识字符"), ("/* a", 0, "注释"), ("@\"x\"", 1, "不是日期"), ("1E99999", 0, "太大"), ("{a 1}", 5, "“:”"),
    ])
    func faults(text: String, position: Int, says: String) {
        let fault = #expect(throws: FeelFault.self) { try Parser.expression(text) }
        #expect(fault?.position == position && fault?.message.contains(says) == true, "\(fault as Any)")
    }

    @Test("names of several words are one where they are known, and operations where they are not")
    func names() throws {
        let inputs: [(String, Value)] = [("a", .number(Number(5))), ("b", .number(Number(2)))]
        #expect(try value("a-b", inputs) == "3")
        #expect(try value("a-b", inputs + [("a-b", .string("一个名称"))]) == "\"一个名称\"")
        #expect(try value("每人 税额 + 1", [("每人 税额", .number(Number(1)))]) == "2")
    }

    @Test("nesting and chains that would break the stack are refused", arguments: ["(", "[", "-", "if ", "not(", "{a:", "1+", "a.", "f("])
    func deep(piece: String) {
        for count in [500, 20_000] {
            let text = String(repeating: piece, count: count) + "1"
            #expect(throws: FeelFault.self) { try Parser.expression(text) }
        }
        #expect(throws: FeelFault.self) { try Parser.type(String(repeating: "list<", count: 20_000)) }
    }

    @Test("20,000 random texts: each is an expression or a fault, and what is one has a value")
    func random() {
        let pieces = [
            "1", "2.5", "\"a\"", "a", "b", "null", "true", "+", "-", "*", "/", "**", "(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "=", "<", ">=", "in", "and", "or",
            "if", "then", "else", "for", "return", "some", "satisfies", "between", "instance of", "number", "function", "not", "@\"2024-01-31\"", "@\"P1M\"", "?",
            "count", "date and time", "string length", "sort", "item", "list<", ">", "\u{0}", "天",
        ]
        var random = SystemRandomNumberGenerator()
        var parsed = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...9, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined(separator: Bool.random() ? " " : "")
            if let expression = try? Parser.expression(text) {
                parsed += 1
                _ = Evaluator.evaluate(expression, in: Scope(Context([("a", .number(Number(3))), ("b", .list([.null, .string("x")]))]))).literal
            }
            if let tests = try? Parser.unaryTests(text) { _ = Evaluator.holds(tests, .number(.one), in: Scope()) }
        }
        #expect(parsed > 500)
    }
}

@Suite("FEEL numbers") struct NumberTests {
    @Test("exact where decimals are, to 34 digits where not")
    func arithmetic() throws {
        func number(_ text: String) throws -> Number { try #require(Number(text)) }
        #expect(try (number("0.1") + number("0.2"))?.description == "0.3")
        #expect(try (number("1") / number("3"))?.description == "0.3333333333333333333333333333333333")
        #expect(try number("1") / number("0") == nil && number("9E6144") * number("10") == nil)
        #expect(try number("1.10") == number("1.1") && number("1.10").hashValue == number("1.1").hashValue)
        #expect(try number("1E3").description == "1000" && number("-12E-3").description == "-0.012" && number("1.50").description == "1.50")
        for bad in ["", "-", "1.", ".", "1e", "abc", "Infinity", "NaN", "0x1", "1 ", "+-1"] { #expect(Number(bad) == nil, "\(bad)") }
    }

    @Test("rounding", arguments: [
        ("2.5", 0, Number.Rounding.halfEven, "2"), ("3.5", 0, .halfEven, "4"), ("2.5", 0, .halfUp, "3"), ("-2.5", 0, .halfUp, "-3"), ("2.5", 0, .halfDown, "2"),
        ("-2.5", 0, .halfDown, "-2"), ("2.51", 0, .halfDown, "3"), ("1.121", 2, .up, "1.13"), ("-1.126", 2, .up, "-1.13"), ("1.126", 2, .down, "1.12"),
        ("-1.126", 2, .down, "-1.12"), ("-1.5", 0, .floor, "-2"), ("-1.5", 0, .ceiling, "-1"), ("1250", -2, .halfEven, "1200"), ("5.5", 6000, .halfUp, "5.5"),
    ])
    func rounding(text: String, scale: Int, mode: Number.Rounding, expected: String) { #expect(Number(text)?.rounded(scale, mode)?.description == expected) }
}
