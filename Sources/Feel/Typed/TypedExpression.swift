/// An expression that was checked: it names only what there is, and its types and units agree.
///
/// It is of a part of FEEL: values are scalars, lists of scalars and ranges, and every expression has one type. A missing value is
/// unknown here: whatever is done with it is unknown too, also where FEEL says false; only `x = null` asks whether one is missing.
package struct TypedExpression: Sendable {
    package var text: String { parts.text }
    package var type: FeelType { parts.type }
    /// Of a number, or of the numbers of a list; nil where it has none.
    package var unit: String? { parts.unit }
    /// What it reads: places in the vocabulary, ascending and distinct.
    package var variables: [Int] { parts.variables }

    /// All of it behind one reference: rules are gone through by the million, and each step copies its expression.
    private final class Parts: Sendable {
        let text: String
        let type: FeelType
        let unit: String?
        let variables: [Int]
        let code: Code
        let condition: Code.Truth

        init(_ text: String, _ typed: Typed, variables: [Int]) {
            self.text = text
            self.variables = variables
            (type, unit, code, condition) = (typed.type, typed.unit, typed.code, typed.code.truth)
        }
    }

    private let parts: Parts

    /// Checks a text and makes it ready to be evaluated.
    /// - Parameters:
    ///   - vocabulary: what it may name.
    ///   - expected: the type that it must have; nil for any.
    package static func check(_ text: String, in vocabulary: Vocabulary, as expected: FeelType? = nil) throws(FeelFault) -> TypedExpression {
        try check(try parse(text, in: vocabulary), reading: text, in: vocabulary, as: expected)
    }

    static func parse(_ text: String, in vocabulary: Vocabulary) throws(FeelFault) -> Expression {
        do { return try Parser.expression(text, names: vocabulary.names) } catch { throw error.withCure }
    }

    /// Checks an expression that was put together from several texts.
    /// - Parameter text: how it reads.
    static func check(_ expression: Expression, reading text: String, in vocabulary: Vocabulary, as expected: FeelType? = nil) throws(FeelFault) -> TypedExpression {
        var checker = Checker(vocabulary)
        let typed = try checker.check(expression, 0)
        let start = expression.start ?? 0
        if typed.type == .null { throw FeelFault(position: start, message: "整个表达式是 null，什么也没有说：请写一个有值的表达式") }
        if let expected, expected.unconstrained != typed.type, typed.type.unified(with: expected.unconstrained) == nil {
            throw FeelFault(position: start, message: "结果是\(typed.type.title)，这里应是\(expected.unconstrained.title)：请改写表达式")
        }
        return TypedExpression(parts: Parts(text, typed, variables: checker.variables.sorted()))
    }

    /// Its value; null where that is not known.
    /// - Parameter facts: values in the order of the vocabulary.
    package func evaluate(_ facts: [Value]) -> Value { parts.code.evaluate(facts) }

    /// Whether a condition holds; nil where that is not known.
    /// - Parameter facts: values in the order of the vocabulary.
    package func holds(_ facts: [Value]) -> Bool? { parts.condition(facts) }
}

/// A checked expression as closures over the facts: all that can be decided once was.
enum Code: Sendable {
    typealias Truth = @Sendable ([Value]) -> Bool?
    typealias Reading = @Sendable ([Value]) -> Value

    case constant(Value)
    case variable(Int)
    case value(Reading)
    case condition(Truth)

    func evaluate(_ facts: [Value]) -> Value {
        switch self {
        case .constant(let value): value
        case .variable(let place): facts.fact(place)
        case .value(let reading): reading(facts)
        case .condition(let truth): Evaluator.truth(truth(facts))
        }
    }

    var reading: Reading {
        switch self {
        case .constant(let value): { _ in value }
        case .variable(let place): { $0.fact(place) }
        case .value(let reading): reading
        case .condition(let truth): { Evaluator.truth(truth($0)) }
        }
    }

    var truth: Truth {
        switch self {
        case .constant(let value):
            let known = value.truth
            return { _ in known }
        case .variable(let place):
            return { facts in
                guard place < facts.count, case .boolean(let known) = facts[place] else { return nil }
                return known
            }
        case .value(let reading): return { reading($0).truth }
        case .condition(let truth): return truth
        }
    }

    var constant: Value? { if case .constant(let value) = self { value } else { nil } }

    /// Evaluated at once where it reads nothing.
    func folded(_ isConstant: Bool) -> Code { isConstant ? .constant(evaluate([])) : self }
}

extension [Value] {
    /// Null also where there are fewer facts than names.
    @inline(__always) func fact(_ place: Int) -> Value { place < count ? self[place] : .null }
}

/// A part of an expression that was checked.
struct Typed: Sendable {
    var type: FeelType
    var unit: String?
    var code: Code
    /// Written as a value, maybe with a sign.
    var isLiteral = false
    /// Steps that it takes at most.
    var cost = 1

    var isNullLiteral: Bool { isLiteral && code.constant?.isNull == true }
}
