package import Archive
package import Feel
package import Identifiers
package import Policy

/// The rules for decisions of a day, ready to be applied to any number of subjects.
package struct RuleBoard: Sendable {
    package let rules: [Rule]
    package let vocabulary: Vocabulary

    package init(_ book: PolicyBook, on day: CivilDate) {
        rules = book.rules(on: day)
        vocabulary = book.vocabulary
    }

    /// What each rule comes to; a rule for subjects of another kind is not met.
    package func judge(_ facts: [Value], kind: SubjectKind) -> [Finding] {
        rules.map { $0.applies == kind ? $0.judge(facts) : .none }
    }
}

/// Why a rule came to what it came to: each clause with the values it read and the records behind them.
package struct RuleTrace: Sendable {
    package struct Read: Sendable {
        package let name: String
        package let value: Value
        package let records: [RecordID]
        let unit: String?

        /// The value with its unit.
        package var shown: String {
            if case .number = value, let unit { return "\(value.shown) \(unit)" }
            return value.shown
        }
    }

    package struct Line: Sendable {
        package let clause: Clause
        /// Nil where it is unknown.
        package let holds: Bool?
        package let isException: Bool
        package let reads: [Read]
    }

    package let rule: Rule
    package let finding: Finding
    package let lines: [Line]

    package init(_ rule: Rule, _ finding: Finding, _ facts: SubjectFacts, _ vocabulary: Vocabulary) {
        self.rule = rule
        self.finding = finding
        lines = rule.clauses.enumerated().map { index, clause in
            let bit = UInt32(1) << UInt32(index)
            return Line(
                clause: clause, holds: finding.unknown & bit != 0 ? nil : finding.held & bit != 0, isException: index >= rule.when.count,
                reads: clause.condition.variables.map { Read(name: vocabulary.variables[$0].name, value: facts.values[$0], records: facts.sources[$0], unit: vocabulary.variables[$0].unit) })
        }
    }
}

extension Value {
    /// The value as an explanation shows it; 未知 where it is missing.
    package var shown: String {
        switch self {
        case .null: "未知"
        case .boolean(let flag): flag ? "是" : "否"
        case .number(let number): number.description
        case .string(let text): text
        case .date(let day): day.description
        case .list(let items): items.map(\.shown).joined(separator: "、")
        default: literal
        }
    }
}
