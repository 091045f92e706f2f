/// An expression as it was parsed; `at` is where it stands in its text, in Unicode scalars.
package indirect enum Expression: Sendable {
    case literal(Value)
    /// `@"2024-01-31"`, already read.
    case name(String, at: Int)
    case path(Expression, String, at: Int)
    case filter(Expression, Expression, at: Int)
    case call(Expression, Arguments, at: Int)
    case negation(Expression, at: Int)
    case arithmetic(Arithmetic, Expression, Expression, at: Int)
    case comparison(Comparison, Expression, Expression, at: Int)
    case conjunction(Expression, Expression, at: Int)
    case disjunction(Expression, Expression, at: Int)
    case between(Expression, Expression, Expression, at: Int)
    case isIn(Expression, [UnaryTest], at: Int)
    case instance(Expression, FeelType, at: Int)
    case conditional(Expression, Expression, Expression, at: Int)
    case loop([Iteration], Expression, at: Int)
    /// `some` where `isSome`, else `every`.
    case quantified(isSome: Bool, [Iteration], Expression, at: Int)
    case list([Expression], at: Int)
    case context([Entry], at: Int)
    case range(Expression?, Expression?, includesStart: Bool, includesEnd: Bool, at: Int)
    /// `(= 5)`: the range of a single value.
    case point(Expression, at: Int)
    case function([Function.Parameter], Expression, at: Int)
    /// A value as one of a type, by the implicit conversions.
    case converted(Expression, FeelType)
    case table(DecisionTable, at: Int)
    /// A unary test standing where a value is asked for, as `?` sees it.
    case tests(UnaryTests, at: Int)

    package enum Arithmetic: String, Sendable { case add = "+", subtract = "-", multiply = "*", divide = "/", power = "**" }
    package enum Comparison: String, Sendable { case equal = "=", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">=" }

    package struct Entry: Sendable {
        package let name: String
        package let value: Expression
    }

    package enum Arguments: Sendable {
        case positional([Expression])
        case named([Entry])
    }

    /// One variable of a loop and what it goes through.
    package struct Iteration: Sendable {
        package let name: String
        package let source: Expression
        /// The other end of `1..5`.
        package let end: Expression?
    }
}

/// One condition on the value that is tested (grammar rules 7 to 9).
package enum UnaryTest: Sendable {
    /// `< 5`
    case comparison(Expression.Comparison, Expression)
    /// A value to be equal to, or a range or list to be in.
    case expression(Expression)
    /// What names the value that is tested, `?`, and is true or not.
    case condition(Expression)

    /// What stands in a test without an operator.
    init(_ expression: Expression) { self = expression.namesTested ? .condition(expression) : .expression(expression) }
}

/// What stands in a cell of a decision table.
package enum UnaryTests: Sendable {
    /// `-`
    case any
    case oneOf([UnaryTest])
    case noneOf([UnaryTest])
}
