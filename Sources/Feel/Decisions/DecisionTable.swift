/// A decision table (DMN 1.5 §8): rules by conditions on inputs, and what they give.
package struct DecisionTable: Sendable {
    /// Which rules count where several hold (table 29).
    package enum HitPolicy: String, Sendable, CaseIterable {
        case unique = "UNIQUE", any = "ANY", priority = "PRIORITY", first = "FIRST"
        case ruleOrder = "RULE ORDER", outputOrder = "OUTPUT ORDER", collect = "COLLECT"
    }

    /// What becomes of the values that are collected.
    package enum Aggregation: String, Sendable, CaseIterable { case sum = "SUM", minimum = "MIN", maximum = "MAX", count = "COUNT" }

    package struct Input: Sendable {
        package let expression: Expression
        /// What the input may be; another value gives no result.
        package let allowed: UnaryTests?
    }

    package struct Output: Sendable {
        /// Empty for the only output.
        package let name: String
        package let type: FeelType
        /// Values in falling priority.
        package let values: [Expression]
        /// Given where no rule holds.
        package let standard: Expression?
    }

    package struct Rule: Sendable {
        package let conditions: [UnaryTests]
        package let results: [Expression]
    }

    package let hitPolicy: HitPolicy
    package let aggregation: Aggregation?
    package let inputs: [Input]
    package let outputs: [Output]
    package let rules: [Rule]

    /// What the table gives where an expression of it stands.
    package func evaluate(in scope: Scope) -> Value {
        var values: [Value] = []
        for input in inputs {
            let value = Evaluator.evaluate(input.expression, in: scope)
            if let allowed = input.allowed, !value.isNull, Evaluator.holds(allowed, value, in: scope) == false { return .null }
            values.append(value)
        }
        let hits = rules.filter { rule in
            zip(rule.conditions, values).allSatisfy { Evaluator.holds($0, $1, in: scope) == true }
        }
        guard !hits.isEmpty else { return withoutHit(in: scope) }
        let found = (hitPolicy == .first ? hits.prefix(1) : hits[...]).map { self.results(of: $0, in: scope) }
        let results = found.map(combined)
        switch hitPolicy {
        case .unique: return results.count == 1 ? results[0] : .null
        case .first: return results[0]
        case .any: return results.allSatisfy { $0.equals(results[0]) == true } ? results[0] : .null
        case .ruleOrder: return .list(results)
        case .priority: return ordered(found, in: scope).first ?? .null
        case .outputOrder: return .list(ordered(found, in: scope))
        case .collect: return collected(results)
        }
    }

    private func withoutHit(in scope: Scope) -> Value {
        guard outputs.contains(where: { $0.standard != nil }) else { return .null }
        return combined(outputs.map { output in output.standard.map { output.type.coerced(Evaluator.evaluate($0, in: scope)) } ?? .null })
    }

    /// What a rule gives, output by output.
    private func results(of rule: Rule, in scope: Scope) -> [Value] {
        zip(outputs, rule.results).map { output, result in output.type.coerced(Evaluator.evaluate(result, in: scope)) }
    }

    private func combined(_ values: [Value]) -> Value {
        if outputs.count == 1 { return values.first ?? .null }
        return .context(Context(zip(outputs, values).map { ($0.name, $1) }))
    }

    /// Results by the priority of their values, the first output's before the second's.
    private func ordered(_ found: [[Value]], in scope: Scope) -> [Value] {
        let order = outputs.map { $0.values.map { Evaluator.evaluate($0, in: scope) } }
        let ranked = found.map { values -> (rank: [Int], value: Value) in
            let rank = zip(order, values).map { known, value in known.firstIndex { $0.equals(value) == true } ?? known.count }
            return (rank, combined(values))
        }
        return ranked.enumerated().sorted { one, two in
            one.element.rank == two.element.rank ? one.offset < two.offset : one.element.rank.lexicographicallyPrecedes(two.element.rank)
        }.map(\.element.value)
    }

    private func collected(_ results: [Value]) -> Value {
        switch aggregation {
        case nil: .list(results)
        case .count: .number(Number(results.count))
        case .sum: Builtins.call("sum", [.list(results)])
        case .minimum: Builtins.call("min", [.list(results)])
        case .maximum: Builtins.call("max", [.list(results)])
        }
    }
}
