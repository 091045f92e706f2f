import Feel

enum FeelProperties {
    /// Any text is an expression or a fault with a place in it; what is one has a value, and a number, text or Boolean is read again as the same.
    static func check(_ input: [UInt8]) throws {
        guard let text = String(validating: input, as: UTF8.self) else { return }
        let count = text.unicodeScalars.count
        let parsed = Result { () throws(FeelFault) in try Parser.expression(text) }
        switch parsed {
        case .success(let expression):
            try reread(Evaluator.evaluate(expression, in: Scope(Context([("a", .number(.one)), ("b", .list([.null, .string("x")]))]))))
        case .failure(let fault):
            try ensure((0...count).contains(fault.position) && !fault.message.isEmpty, "a fault outside the text: \(fault)")
        }
        if let tests = try? Parser.unaryTests(text) { _ = Evaluator.holds(tests, .number(.one), in: Scope()) }
        _ = try? Parser.type(text)
        if let number = Number(text) { try ensure(Number(number.description) == number, "\(text) is not read again") }
        if let value = Temporal.read(text) { try ensure(Temporal.read(value.text)?.equals(value) == true, "\(text) became \(value.text)") }
    }

    private static func reread(_ value: Value) throws {
        switch value {
        case .number, .string, .boolean:
            let again = (try? Parser.expression(value.literal)).map { Evaluator.evaluate($0, in: Scope()) }
            try ensure(again?.equals(value) == true, "\(value.literal) is not read again")
        default: break
        }
    }
}

enum DecisionProperties {
    /// Any bytes are a model or a fault with a line; a model's decisions have values.
    static func check(_ input: [UInt8]) throws {
        let read = Result { () throws(DecisionFault) in
            try DecisionModel.read(try XMLNode.parse(input, file: "模型.dmn"), file: "模型.dmn") { _ in nil }
        }
        switch read {
        case .success(let model):
            for name in model.decisionNames { _ = model.decide(name, Context([("a", .number(.one))])) }
        case .failure(let fault): try ensure(fault.line >= 0 && !fault.message.isEmpty, "a fault without a place: \(fault)")
        }
        if let text = String(validating: input, as: UTF8.self) { try checkDrawn(text) }
    }

    private static let vocabulary = Vocabulary([Variable("a", .number, unit: "次"), Variable("b", .string), Variable("c", .date)])

    /// Any text is a drawing or a fault; its tables are rows that something may be asked of, or faults with lines and cures.
    private static func checkDrawn(_ text: String) throws {
        guard let model = try? DrawnModel(text, file: "模型.dmn") else { return }
        for decision in model.decisions {
            do throws(DecisionFaults) {
                for row in try model.table(of: decision, in: vocabulary).rows { _ = row.condition.holds([.number(.one), .string("x"), .null]) }
            } catch {
                try ensure(!error.faults.isEmpty, "refused without a fault")
                for fault in error.faults { try ensure(fault.line > 0 && fault.message.contains { "请只".contains($0) }, "a fault without a place or cure: \(fault)") }
            }
        }
    }
}
