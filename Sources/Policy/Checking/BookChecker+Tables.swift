import Feel
import Identifiers

/// Triggers that are drawn as decision tables: a `.dmn` file beside the rules, made by a modelling tool.
extension BookChecker {
    /// The rows of a drawn table that trigger, as clauses; nil, and faults, where it is not sound.
    func clauses(of table: TableDraft, _ vocabulary: Vocabulary) -> [Clause]? {
        guard let text = draft.drawings[table.path] else {
            note(table.place, "file", "没有文件 \(table.path)：请把 .dmn 文件放在规则旁边，或改正 file")
            return nil
        }
        do throws(DecisionFault) {
            let model = try DrawnModel(text, file: table.path)
            guard let decision = decision(of: table, in: model) else { return nil }
            return rows(of: decision, in: model, vocabulary)?.map { Clause(id: $0.id, condition: $0.condition, says: $0.says) }
        } catch {
            log.note(error.file, error.line, error.message)
            return nil
        }
    }

    private func rows(of decision: DrawnModel.Decision, in model: DrawnModel, _ vocabulary: Vocabulary) -> [TriggerTable.Row]? {
        do { return try model.table(of: decision, in: vocabulary).rows } catch {
            for fault in error.faults { log.note(fault.file, fault.line, fault.message) }
            return nil
        }
    }

    /// The decision that a rule means: the one that it names, or the only one with a table.
    private func decision(of table: TableDraft, in model: DrawnModel) -> DrawnModel.Decision? {
        let tables = model.decisions.filter(\.isTable)
        let known = tables.map { "“\($0.name)”" }.joined(separator: "、")
        guard let name = table.decision else {
            if tables.count == 1 { return tables.first }
            if tables.isEmpty { log.note(table.path, 1, "模型里没有决策表：请用建模工具画一张，或在规则里改写 when") } else {
                note(table.place, "file", "\(table.path) 有 \(tables.count) 张决策表（\(known)）：请写明 decision")
            }
            return nil
        }
        let named = model.decisions.filter { $0.name == Names.normal(name) }
        if named.count == 1 { return named.first }
        let problem = named.isEmpty ? "没有决策“\(name)”" : "有 \(named.count) 个决策都叫“\(name)”"
        note(table.place, "decision", "\(table.path) \(problem)：请\(tables.isEmpty ? "改正 file" : "改为\(known)之一，或改正 .dmn")")
        return nil
    }

    /// A drawing that no rule uses would look as if it were in force.
    func noteUnusedTables() {
        // A rule that could not be read may be the one that it was drawn for.
        if draft.rulesIncomplete { return }
        let used = draft.rules.compactMap { rule in if case .table(let table) = rule.trigger { table.path } else { nil } }
        for path in draft.drawings.keys where !used.contains(path) {
            log.note(path, 1, "没有规则用到这个决策表：请在规则里写 table: {file: …}，或删去此文件")
        }
    }
}
