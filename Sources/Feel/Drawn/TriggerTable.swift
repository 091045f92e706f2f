/// The rows of a drawn table that trigger a rule, each as a checked condition (DMN 1.5 §8).
///
/// A row holds where the inputs are in its cells; under FIRST also no earlier row may hold. What is missing is unknown here as in every
/// typed expression, and never makes a row hold. Where no row holds the rule is not triggered: a gap is no fault.
package struct TriggerTable: Sendable {
    package struct Row: Sendable {
        /// `r1` and so on, by its number in the drawing.
        package let id: String
        package let condition: TypedExpression
        /// Its annotation: what is said where it holds.
        package let says: String
    }

    package let rows: [Row]

    /// - Throws: what rows have in common and should not, and rows that never hold.
    init(_ table: DrawnTable, file: String, _ vocabulary: Vocabulary) throws(DecisionFaults) {
        var check = TableCheck(table, file: file)
        guard let coverage = check.coverage() else { throw DecisionFaults(faults: check.faults) }
        let conditions = table.rows.indices.map { DrawnCondition(of: table.rows[$0], in: table, isOpen: coverage.isOpen[$0]) }
        var rows: [Row] = []
        for (index, row) in table.rows.enumerated() where row.triggers {
            let earlier = table.policy == .first ? (0..<index).filter { coverage.common($0, index) != nil } : []
            let others = DrawnCondition.joined(earlier.compactMap { conditions[$0] }, with: .or)
            let parts = [conditions[index], others?.negated].compactMap(\.self)
            guard let whole = DrawnCondition.joined(parts, with: .and) else {
                check.note(row.line, "\(row.id) 没有任何条件，所有主体都会触发：请填写至少一个单元格")
                continue
            }
            do {
                let condition = try TypedExpression.check(whole.expression, reading: whole.text, in: vocabulary, as: .boolean)
                rows.append(Row(id: row.id, condition: condition, says: row.says))
            } catch { check.note(row.line, "\(row.id)：\(error.withCure.message)") }
        }
        guard check.faults.isEmpty else { throw DecisionFaults(faults: check.faults) }
        self.rows = rows
    }
}

/// An expression that is put together from a drawing, with the text that it would be read from.
struct DrawnCondition {
    enum Connection: String { case and, or }

    let expression: Expression
    let text: String

    private init(_ expression: Expression, _ text: String) { (self.expression, self.text) = (expression, text) }

    /// That each input is in its cell, and where the cell alone does not say so also among the column's allowed values; nil where the row asks nothing.
    init?(of row: DrawnTable.Row, in table: DrawnTable, isOpen: [Bool]) {
        let parts = table.columns.indices.flatMap { index -> [DrawnCondition] in
            let column = table.columns[index]
            return [row.cells[index].tests, isOpen[index] ? column.allowed ?? .any : .any].compactMap { DrawnCondition(column, $0) }
        }
        guard let whole = Self.joined(parts, with: .and) else { return nil }
        self = whole
    }

    /// That an input passes tests; nil where there are none.
    private init?(_ column: DrawnTable.Column, _ tests: UnaryTests) {
        guard let only = tests.tests.first else { return nil }
        let text = tests.tests.count == 1 ? "\(column.written) \(only.writtenBehind)" : "\(column.written) in (\(tests.tests.map(\.written).joined(separator: ", ")))"
        let condition = DrawnCondition(.isIn(column.expression, tests.tests, at: 0), text)
        if case .noneOf = tests { self = condition.negated } else { self = condition }
    }

    var negated: DrawnCondition { DrawnCondition(.call(.name("not", at: 0), .positional([expression]), at: 0), "not(\(text))") }

    /// Nil of none.
    static func joined(_ parts: [DrawnCondition], with connection: Connection) -> DrawnCondition? {
        guard let first = parts.first else { return nil }
        let expression = parts.dropFirst().reduce(first.expression) { before, part in
            connection == .and ? .conjunction(before, part.expression, at: 0) : .disjunction(before, part.expression, at: 0)
        }
        return DrawnCondition(expression, parts.map(\.text).joined(separator: " \(connection.rawValue) "))
    }
}

extension UnaryTest {
    /// As it stands among others.
    var written: String {
        switch self {
        case .comparison(let relation, _): "\(relation.rawValue) \(constants[0].written)"
        case .expression(.range(let start, let end, let includesStart, let includesEnd, at: _)):
            switch (start != nil, end != nil) {
            case (true, true): "\(includesStart ? "[" : "(")\(constants[0].written)..\(constants[1].written)\(includesEnd ? "]" : ")")"
            case (true, false): "\(includesStart ? ">=" : ">") \(constants[0].written)"
            default: "\(includesEnd ? "<=" : "<") \(constants[0].written)"
            }
        default: constants.map(\.written).joined()
        }
    }

    /// As it stands alone behind the input.
    fileprivate var writtenBehind: String {
        switch self {
        case .comparison, .expression(.range(nil, _, includesStart: _, includesEnd: _, at: _)), .expression(.range(_, nil, includesStart: _, includesEnd: _, at: _)): written
        case .expression(.literal): "= \(written)"
        default: "in \(written)"
        }
    }
}

extension Value {
    /// As an expression writes it.
    var written: String {
        switch self {
        case .date, .months, .nanoseconds: "@\"\(literal)\""
        default: literal
        }
    }
}
