/// A decision model (DMN 1.5): inputs, decisions, business knowledge, decision services, and what each needs.
package struct DecisionModel: Sendable {
    package let name: String
    package let namespace: String
    private let elements: [String: Element]
    /// Ids by name.
    private let ids: [String: String]
    private let imports: [Import]

    private struct Import: Sendable {
        let name: String
        let model: DecisionModel
    }

    private struct Element: Sendable {
        enum Kind: Sendable {
            case input
            case decision(Expression)
            case knowledge(Expression)
            /// Parameters are input data, then input decisions; results are output decisions.
            case service(inputs: [String], decisions: [String], outputs: [String])
        }

        let name: String
        let kind: Kind
        let type: FeelType
        /// Ids of what it needs; those of other models behind their namespace.
        let needs: [String]
    }

    /// Reads a model.
    /// - Parameter imported: the document of another model, by its namespace.
    /// - Throws: `DecisionFault` for what is no model, or names one that is not there.
    package static func read(_ root: XMLNode, file: String, imported: (String) -> XMLNode?) throws(DecisionFault) -> DecisionModel {
        try DecisionModel(root, file: file, imported: imported, depth: 0)
    }

    private init(_ root: XMLNode, file: String, imported: (String) -> XMLNode?, depth: Int) throws(DecisionFault) {
        guard root.name == "definitions" else { throw DecisionFault(file: file, line: root.line, message: "不是 DMN 模型（根元素不是 definitions）") }
        guard depth < 8 else { throw DecisionFault(file: file, line: root.line, message: "模型相互引用太深，请检查是否绕回了自己") }
        name = root["name"] ?? ""
        namespace = root["namespace"] ?? ""
        var imports: [Import] = []
        for node in root.children("import") where node["importType"]?.contains("MODEL") ?? false || node["importType"]?.contains("DMN") ?? false {
            guard let document = imported(node["namespace"] ?? "") else { throw DecisionFault(file: file, line: node.line, message: "找不到引用的模型 \(node["namespace"] ?? "")") }
            imports.append(Import(name: Names.normal(node["name"] ?? ""), model: try DecisionModel(document, file: file, imported: imported, depth: depth + 1)))
        }
        self.imports = imports
        let types = ItemTypes(root, imports: imports.map { ($0.name, $0.model.types) }, file: file)
        self.types = types.all
        names = Names.names(of: root) + imports.flatMap { [$0.name] + $0.model.names }
        let known = Names(names)
        let reader = BoxedReader(file: file, names: known, types: { types.all[$0] })
        var elements: [String: Element] = [:]
        for node in root.children {
            guard let kind = try Self.kind(of: node, reader) else { continue }
            let variable = node.child("variable")
            // Tools leave ids out of what nothing refers to.
            elements[node["id"] ?? node["name"] ?? ""] = Element(
                name: Names.normal(node["name"] ?? ""), kind: kind, type: reader.type(variable?["typeRef"]), needs: Self.needs(of: node, namespace))
        }
        self.elements = elements
        ids = Dictionary(elements.map { ($0.value.name, $0.key) }, uniquingKeysWith: { one, _ in one })
    }

    /// Item definitions by name.
    let types: [String: FeelType]
    /// Names of several words that its expressions may use.
    let names: [String]

    private static func kind(of node: XMLNode, _ reader: BoxedReader) throws(DecisionFault) -> Element.Kind? {
        func references(_ name: String) -> [String] { node.children(name).compactMap { $0["href"].map { local($0) } } }
        switch node.name {
        case "inputData": return .input
        case "decision": return .decision(try reader.expression(in: node) ?? .literal(.null))
        case "businessKnowledgeModel": return .knowledge(try node.child("encapsulatedLogic").map(reader.function) ?? .literal(.null))
        case "decisionService":
            return .service(inputs: references("inputData"), decisions: references("inputDecision"), outputs: references("outputDecision"))
        default: return nil
        }
    }

    /// `#id` as its id; one of another model keeps its namespace.
    private static func local(_ reference: String) -> String { reference.hasPrefix("#") ? String(reference.dropFirst()) : reference }

    private static func needs(of node: XMLNode, _ namespace: String) -> [String] {
        node.children.filter { ["informationRequirement", "knowledgeRequirement"].contains($0.name) }.flatMap(\.children).compactMap { $0["href"] }
            .map { $0.hasPrefix(namespace + "#") && !namespace.isEmpty ? String($0.dropFirst(namespace.count + 1)) : local($0) }
    }

    /// Names of its decisions.
    package var decisionNames: [String] {
        elements.values.compactMap { element in if case .decision = element.kind { element.name } else { nil } }.sorted()
    }

    // MARK: Evaluating

    /// The value of a decision; null where there is none of the name.
    package func decide(_ name: String, _ inputs: Context) -> Value {
        guard let id = ids[Names.normal(name)] else { return .null }
        var run = Run(inputs: inputs)
        return value(of: id, &run)
    }

    /// What a decision service gives for values of its inputs.
    package func serve(_ name: String, _ inputs: Context) -> Value {
        guard let id = ids[Names.normal(name)], let element = elements[id], case .service(let data, let decisions, _) = element.kind else { return .null }
        let parameters = (data + decisions).map { elements[$0]?.name ?? "" }
        return Evaluator.apply(service(id, element), parameters.map { inputs[$0] ?? .null })
    }

    private struct Run {
        let inputs: Context
        var known: [String: Value] = [:]
        var depth = 0
    }

    private func value(of id: String, _ run: inout Run) -> Value {
        if let known = run.known[id] { return known }
        guard let element = elements[id], run.depth < 100 else { return .null }
        run.depth += 1
        defer { run.depth -= 1 }
        let value: Value
        switch element.kind {
        case .input: value = element.type.coerced(run.inputs[element.name] ?? .null)
        case .decision(let expression):
            // One that is given stands for itself: an input decision of a service.
            value = element.type.coerced(run.inputs[element.name] ?? Evaluator.evaluate(expression, in: scope(of: element, &run)))
        case .knowledge(let expression): value = Evaluator.evaluate(expression, in: scope(of: element, &run))
        case .service: value = .function(service(id, element))
        }
        run.known[id] = value
        return value
    }

    private func scope(of element: Element, _ run: inout Run) -> Scope {
        var context = Context()
        for item in imports {
            var inner = Context()
            for need in element.needs {
                guard let id = need.split(separator: "#").last.map(String.init), need.hasPrefix(item.model.namespace + "#"), let other = item.model.elements[id] else { continue }
                var own = Run(inputs: imported(item, run.inputs))
                inner[other.name] = item.model.value(of: id, &own)
            }
            if inner.count > 0 { context[item.name] = .context(inner) }
        }
        for need in element.needs {
            guard let other = elements[need] else { continue }
            context[other.name] = value(of: need, &run)
        }
        return Scope(context)
    }

    /// The inputs of an imported model, which are given under its name, or by their own.
    private func imported(_ item: Import, _ inputs: Context) -> Context {
        if case .context(let own)? = inputs[item.name] { return own }
        return inputs
    }

    private func service(_ id: String, _ element: Element) -> Function {
        guard case .service(let data, let decisions, let outputs) = element.kind else { return Function([]) { _ in .null } }
        let parameters = (data + decisions).map { Function.Parameter(elements[$0]?.name ?? "", elements[$0]?.type ?? .any) }
        return Function(parameters, result: element.type) { values in
            var run = Run(inputs: Context(zip(parameters, values).map { ($0.name, $1) }))
            let results = outputs.map { (elements[$0]?.name ?? "", value(of: $0, &run)) }
            return results.count == 1 ? results[0].1 : .context(Context(results))
        }
    }
}

extension Names {
    /// Every name of a model that an expression may use.
    fileprivate static func names(of root: XMLNode) -> [String] {
        root.all.flatMap { node -> [String] in
            switch node.name {
            case "inputData", "decision", "businessKnowledgeModel", "decisionService", "itemComponent", "formalParameter", "variable", "output", "column", "parameter",
                "import", "informationItem": [node["name"] ?? ""]
            case "for", "some", "every": [node["iteratorVariable"] ?? ""]
            default: []
            }
        }
    }
}

/// The types that a model defines (DMN 1.5 §7.3.2).
struct ItemTypes {
    private(set) var all: [String: FeelType] = [:]

    init(_ root: XMLNode, imports: [(String, [String: FeelType])], file: String) {
        for (name, types) in imports { for (type, value) in types { all["\(name).\(type)"] = value } }
        let nodes = root.children("itemDefinition")
        // Each may name others, whatever their order: once more for each step that one needs.
        for _ in 0...nodes.count {
            let before = all
            for node in nodes { all[Names.normal(node["name"] ?? "")] = type(of: node) }
            if before == all { break }
        }
    }

    private func type(of node: XMLNode) -> FeelType {
        var type: FeelType = .any
        let components = node.children("itemComponent")
        if !components.isEmpty {
            type = .context(Dictionary(components.map { (Names.normal($0["name"] ?? ""), self.type(of: $0)) }, uniquingKeysWith: { one, _ in one }))
        } else if let function = node.child("functionItem") {
            type = .function(function.children("parameters").map { named($0["typeRef"]) }, named(function["outputTypeRef"]))
        } else if let text = node.child("typeRef")?.text {
            type = named(text)
        }
        if let allowed = tests(node.child("allowedValues")) { type = .constrained(type, allowed) }
        if node["isCollection"] == "true" { type = .list(type) }
        if let constraint = tests(node.child("typeConstraint")) { type = .constrained(type, constraint) }
        return type
    }

    private func named(_ reference: String?) -> FeelType {
        guard let reference else { return .any }
        let full = Names.normal(reference)
        let name = full.split(separator: ":").last.map(String.init) ?? full
        return FeelType(name: name) ?? all[full] ?? all[name] ?? .any
    }

    private func tests(_ node: XMLNode?) -> UnaryTests? {
        node?.child("text").flatMap { try? Parser.unaryTests($0.text) }
    }
}
