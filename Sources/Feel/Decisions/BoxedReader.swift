/// Turns the boxed expressions of a model (DMN 1.5 §10.2.2) into expressions.
struct BoxedReader {
    let file: String
    let names: Names
    let types: (String) -> FeelType?

    private static let kinds: Set<String> = [
        "literalExpression", "decisionTable", "context", "invocation", "list", "relation", "functionDefinition", "conditional", "filter", "for", "some", "every",
    ]

    func fault(_ node: XMLNode, _ message: String) -> DecisionFault { DecisionFault(file: file, line: node.line, message: message) }

    /// The expression that stands in an element; nil where there is none.
    func expression(in node: XMLNode?) throws(DecisionFault) -> Expression? {
        guard let node, let boxed = node.children.first(where: { Self.kinds.contains($0.name) }) else { return nil }
        return try expression(boxed)
    }

    func type(_ reference: String?) -> FeelType {
        guard let reference, !reference.isEmpty else { return .any }
        let name = Names.normal(reference.split(separator: ":").last.map(String.init) ?? reference)
        return FeelType(name: name) ?? types(Names.normal(reference)) ?? types(name) ?? (try? Parser.type(name, types: types)) ?? .any
    }

    /// An expression's text; what is not well formed has no value, as DMN has it, and is noted by `DecisionModel.faults`.
    func text(_ node: XMLNode?, or fallback: Expression = .literal(.null)) -> Expression {
        guard let text = node?.child("text")?.text, text.contains(where: { !$0.isWhitespace }) else { return fallback }
        return (try? Parser.expression(text, names: names, types: types)) ?? .literal(.null)
    }

    private func expression(_ node: XMLNode) throws(DecisionFault) -> Expression {
        let plain = try unconverted(node)
        let type = type(node["typeRef"])
        return type == .any ? plain : .converted(plain, type)
    }

    private func unconverted(_ node: XMLNode) throws(DecisionFault) -> Expression {
        let at = 0
        switch node.name {
        case "literalExpression": return text(node)
        case "decisionTable": return .table(try table(node), at: at)
        case "context": return try context(node)
        case "invocation": return try invocation(node)
        case "list":
            var items: [Expression] = []
            for child in node.children where Self.kinds.contains(child.name) { items.append(try expression(child)) }
            return .list(items, at: at)
        case "relation":
            let columns = node.children("column").map { Names.normal($0["name"] ?? "") }
            var rows: [Expression] = []
            for row in node.children("row") {
                var entries: [Expression.Entry] = []
                for (name, cell) in zip(columns, row.children.filter({ Self.kinds.contains($0.name) })) { entries.append(.init(name: name, value: try expression(cell))) }
                rows.append(.context(entries, at: at))
            }
            return .list(rows, at: at)
        case "functionDefinition": return try function(node)
        case "conditional":
            let condition = try expression(in: node.child("if")) ?? .literal(.null)
            let choice = Expression.conditional(
                condition, try expression(in: node.child("then")) ?? .literal(.null), try expression(in: node.child("else")) ?? .literal(.null), at: at)
            // What is neither true nor false nor unknown chooses nothing.
            let isCondition = Expression.disjunction(.instance(condition, .boolean, at: at), .comparison(.equal, condition, .literal(.null), at: at), at: at)
            return .conditional(isCondition, choice, .literal(.null), at: at)
        case "filter": return .filter(try expression(in: node.child("in")) ?? .literal(.null), try expression(in: node.child("match")) ?? .literal(.null), at: at)
        case "for":
            return .loop([try iteration(node)], try expression(in: node.child("return")) ?? .literal(.null), at: at)
        case "some", "every":
            return .quantified(isSome: node.name == "some", [try iteration(node)], try expression(in: node.child("satisfies")) ?? .literal(.null), at: at)
        default: throw fault(node, "不认识的表达式 \(node.name)")
        }
    }

    private func iteration(_ node: XMLNode) throws(DecisionFault) -> Expression.Iteration {
        .init(name: Names.normal(node["iteratorVariable"] ?? ""), source: try expression(in: node.child("in")) ?? .literal(.null), end: nil)
    }

    /// A context; with an entry that has no name it is that entry's value.
    private func context(_ node: XMLNode) throws(DecisionFault) -> Expression {
        var entries: [Expression.Entry] = []
        var result: Expression?
        for entry in node.children("contextEntry") {
            let value = try expression(in: entry) ?? .literal(.null)
            guard let variable = entry.child("variable"), let name = variable["name"] else {
                result = value
                continue
            }
            let type = type(variable["typeRef"])
            entries.append(.init(name: Names.normal(name), value: type == .any ? value : .converted(value, type)))
        }
        guard let result else { return .context(entries, at: 0) }
        // No name of FEEL is empty.
        return .path(.context(entries + [.init(name: "", value: result)], at: 0), "", at: 0)
    }

    private func invocation(_ node: XMLNode) throws(DecisionFault) -> Expression {
        guard let callee = try expression(in: node) else { throw fault(node, "调用没有写明被调用者") }
        var entries: [Expression.Entry] = []
        for binding in node.children("binding") {
            guard let name = binding.child("parameter")?["name"] else { throw fault(binding, "参数没有名称") }
            entries.append(.init(name: Names.normal(name), value: try expression(in: binding) ?? .literal(.null)))
        }
        return .call(callee, entries.isEmpty ? .positional([]) : .named(entries), at: 0)
    }

    func function(_ node: XMLNode) throws(DecisionFault) -> Expression {
        let parameters = node.children("formalParameter").map { Function.Parameter(Names.normal($0["name"] ?? ""), type($0["typeRef"])) }
        if let kind = node["kind"], kind != "FEEL" { return .function(parameters, .literal(.null), at: 0) }
        return .function(parameters, try expression(in: node) ?? .literal(.null), at: 0)
    }

    // MARK: Decision tables

    private func table(_ node: XMLNode) throws(DecisionFault) -> DecisionTable {
        guard let policy = DecisionTable.HitPolicy(rawValue: node["hitPolicy"] ?? "UNIQUE") else { throw fault(node, "不认识的命中策略") }
        let inputs = node.children("input").map { input in
            DecisionTable.Input(
                expression: text(input.child("inputExpression")), allowed: tests(input.child("inputValues")))
        }
        let outputs = node.children("output").map { output in
            DecisionTable.Output(
                name: Names.normal(output["name"] ?? ""), type: type(output["typeRef"]), values: values(output.child("outputValues")),
                standard: output.child("defaultOutputEntry").map { text($0) })
        }
        let rules = node.children("rule").map { rule in
            DecisionTable.Rule(conditions: rule.children("inputEntry").map { tests($0) ?? .any }, results: rule.children("outputEntry").map { text($0) })
        }
        return DecisionTable(
            hitPolicy: policy, aggregation: node["aggregation"].flatMap(DecisionTable.Aggregation.init), inputs: inputs, outputs: outputs, rules: rules)
    }

    func tests(_ node: XMLNode?) -> UnaryTests? {
        guard let text = node?.child("text")?.text, text.contains(where: { !$0.isWhitespace }) else { return nil }
        // A cell that is not well formed never holds.
        return (try? Parser.unaryTests(text, names: names, types: types)) ?? .oneOf([])
    }

    private func values(_ node: XMLNode?) -> [Expression] {
        guard case .oneOf(let tests)? = tests(node) else { return [] }
        return tests.compactMap { test in if case .expression(let expression) = test { expression } else { nil } }
    }
}
