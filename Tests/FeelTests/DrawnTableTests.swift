import Testing

@testable import Feel

/// Drawn tables against the standard's own reading of them: the tree-walking `DecisionTable`.
@Suite struct DrawnTableTests {
    /// A table as a tool would save it, the values that its columns may take, and the same table as the kit's reader has it.
    private struct Drawing {
        let text: String
        let columns: [RandomTables.Column]
        let hasBareHeadings: Bool

        /// The table of the standard.
        func standard() throws -> DecisionTable {
            let root = try XMLNode.parse(Array(text.utf8), file: "随机.dmn")
            let reader = BoxedReader(file: "随机.dmn", names: Names(), types: { _ in nil })
            guard case .table(let table, at: _)? = try reader.expression(in: root.child("decision")) else { throw DecisionFault(file: "", line: 0, message: "") }
            return table
        }

        func trigger() throws -> TriggerTable {
            let model = try DrawnModel(text, file: "随机.dmn")
            return try model.table(of: try #require(model.decisions.first), in: RandomTables.vocabulary)
        }

        /// Every choice of the columns' samples, as facts.
        func facts() -> [[Value]] {
            RandomTables.columns.reduce([[]]) { all, column in
                let isUsed = columns.contains { $0.name == column.name }
                return all.flatMap { facts in (isUsed ? column.samples : [column.samples[1]]).map { facts + [$0] } }
            }
        }
    }

    private static func drawing(_ tables: inout RandomTables) -> Drawing {
        let table = tables.next()
        return Drawing(text: table.text, columns: table.columns, hasBareHeadings: table.hasBareHeadings)
    }

    private static func scope(_ facts: [Value]) -> Scope { Scope(Context(zip(RandomTables.columns, facts).map { ($0.name, $1) })) }

    /// The rows of the standard's table that hold; none where a value is not allowed.
    private static func hits(_ table: DecisionTable, _ facts: [Value]) -> [Int] {
        let scope = scope(facts)
        let values = table.inputs.map { Evaluator.evaluate($0.expression, in: scope) }
        guard zip(table.inputs, values).allSatisfy({ Evaluator.holds($0.allowed ?? .any, $1, in: scope) == true }) else { return [] }
        return table.rules.indices.filter { row in zip(table.rules[row].conditions, values).allSatisfy { Evaluator.holds($0, $1, in: scope) == true } }
    }

    private static func verdict(_ rows: [TriggerTable.Row], _ facts: [Value]) -> Bool? {
        let verdicts = rows.map { $0.condition.holds(facts) }
        return verdicts.contains(true) ? true : verdicts.contains(nil) ? nil : false
    }

    @Test("random tables with every value known trigger where the standard's reading gives true, and by the same row")
    func same() throws {
        var tables = RandomTables(seed: 3)
        var accepted: [String: Int] = [:]
        for _ in 0..<1500 {
            let drawing = Self.drawing(&tables)
            guard let trigger = try? drawing.trigger() else { continue }
            let table = try drawing.standard()
            accepted[table.hitPolicy.rawValue, default: 0] += 1
            // How a row reads is what it is.
            let read = try trigger.rows.map { try TypedExpression.check($0.condition.text, in: RandomTables.vocabulary, as: .boolean) }
            for facts in drawing.facts() where !Bool.random(using: &tables.random) || !drawing.hasBareHeadings {
                let (found, expected) = (Self.verdict(trigger.rows, facts), table.evaluate(in: Self.scope(facts)).truth == true)
                guard found == expected else {
                    Issue.record("\(facts.map(\.literal)) \(String(describing: found))\n\(drawing.text)")
                    return
                }
                let held = trigger.rows.indices.filter { trigger.rows[$0].condition.holds(facts) == true }
                #expect(held == read.indices.filter { read[$0].holds(facts) == true }, "\(trigger.rows.map(\.condition.text))")
                let hits = Self.hits(table, facts).map { "r\($0 + 1)" }
                if table.hitPolicy == .first, expected { #expect(held.map { trigger.rows[$0].id } == Array(hits.prefix(1))) }
            }
        }
        #expect(accepted.values.reduce(0, +) > 300 && accepted.count == 3 && accepted.values.allSatisfy { $0 > 40 }, "\(accepted)")
    }

    @Test("with values missing a random table is met, or not met, only where every completion is")
    func sound() throws {
        var tables = RandomTables(seed: 4)
        var (decided, unknown) = (0, 0)
        for _ in 0..<1500 {
            let drawing = Self.drawing(&tables)
            guard let trigger = try? drawing.trigger() else { continue }
            let table = try drawing.standard()
            let all = drawing.facts()
            for _ in 0..<4 {
                var facts = all.randomElement(using: &tables.random) ?? []
                let missing = facts.indices.filter { _ in Int.random(in: 0..<3, using: &tables.random) == 0 }
                for place in missing { facts[place] = .null }
                guard !missing.isEmpty, let said = Self.verdict(trigger.rows, facts) else {
                    unknown += 1
                    continue
                }
                decided += 1
                for completion in all where zip(completion, facts).allSatisfy({ $1.isNull || $0.literal == $1.literal }) {
                    #expect((table.evaluate(in: Self.scope(completion)).truth == true) == said, "\(facts.map(\.literal)) \(completion.map(\.literal))\n\(drawing.text)")
                }
            }
        }
        #expect(decided > 200 && unknown > 200, "\(decided) \(unknown)")
    }

    /// Columns of names only: their samples are of every class, so that going through them finds every overlap.
    @Test("rows of random tables are refused for what they have in common exactly where a value shows it")
    func exact() throws {
        var tables = RandomTables(seed: 5)
        var (sound, refused) = (0, 0)
        for _ in 0..<2500 {
            let drawing = Self.drawing(&tables)
            guard drawing.hasBareHeadings else { continue }
            var faults: [DecisionFault] = []
            do { _ = try drawing.trigger() } catch let error as DecisionFaults { faults = error.faults }
            // Cells that hold of nothing are told first, alone.
            guard !faults.contains(where: { $0.message.contains("单元格") || $0.message.contains("没有一行") || $0.message.contains("没有任何条件") }) else { continue }
            let table = try drawing.standard()
            let hits = drawing.facts().map { Self.hits(table, $0) }
            let triggers = table.rules.map { Evaluator.evaluate($0.results[0], in: Scope()).truth == true }
            let wrong: Bool
            switch table.hitPolicy {
            case .unique: wrong = hits.contains { $0.count > 1 }
            case .any: wrong = hits.contains { Set($0.map { triggers[$0] }).count > 1 }
            default: wrong = Set(hits.compactMap(\.first)).count < table.rules.count
            }
            #expect(faults.isEmpty != wrong, "\(faults)\n\(drawing.text)")
            if wrong { refused += 1 } else { sound += 1 }
        }
        #expect(sound > 200 && refused > 200, "\(sound) \(refused)")
    }
}
