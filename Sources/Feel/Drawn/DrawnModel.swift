/// A decision model as a modelling tool saved it (DMN 1.5 §6), of which a rule uses one decision that is drawn as a table.
///
/// `DecisionModel` runs whole models and takes what is ill-formed for null, as the standard has it. Here nothing is passed over: whatever
/// is not understood is refused with its line, since a rule that silently never holds would be found by nobody.
package struct DrawnModel {
    package struct Decision {
        package let name: String
        package let line: Int
        fileprivate let node: XMLNode
        /// Whether it is a table, and not a literal expression or another boxed one.
        package var isTable: Bool { node.child("decisionTable") != nil }
    }

    package let decisions: [Decision]
    private let root: XMLNode
    private let file: String

    /// - Throws: `DecisionFault` for what is no XML or no model.
    package init(_ text: String, file: String) throws(DecisionFault) {
        root = try XMLNode.parse(Array(text.utf8), file: file)
        guard root.name == "definitions" else {
            throw DecisionFault(file: file, line: root.line, message: "不是 DMN 模型（根元素不是 definitions）：请用建模工具另存为 .dmn")
        }
        self.file = file
        decisions = root.children("decision").map { Decision(name: Names.normal($0["name"] ?? ""), line: $0.line, node: $0) }
    }

    /// The table of a decision, checked as rules are.
    /// - Throws: every fault of the table at once.
    package func table(of decision: Decision, in vocabulary: Vocabulary) throws(DecisionFaults) -> TriggerTable {
        guard let node = decision.node.child("decisionTable") else {
            let fault = DecisionFault(file: file, line: decision.line, message: "决策“\(decision.name)”不是决策表：请把它画成决策表，或换一个决策")
            throw DecisionFaults(faults: [fault])
        }
        var reader = DrawnTableReader(root: root, file: file, vocabulary: vocabulary)
        reader.checkResult(of: decision.node)
        let table = reader.table(node)
        guard let table, reader.faults.isEmpty else { throw DecisionFaults(faults: reader.faults) }
        return try TriggerTable(table, file: file, vocabulary)
    }
}

/// All that is wrong with a table, so that who draws it sees it at once.
package struct DecisionFaults: Error, Sendable {
    package let faults: [DecisionFault]
}
