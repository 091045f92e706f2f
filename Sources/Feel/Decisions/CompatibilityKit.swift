/// The cases of the public DMN Technology Compatibility Kit: a model, inputs and what must come of them.
package struct CompatibilityKit: Sendable {
    /// What came of the cases of one model.
    package struct Report: Sendable {
        package let model: String
        package var cases = 0
        package var passed = 0
        /// A sentence for each case that failed.
        package var failures: [String] = []
        /// Whether the model keeps to what policy's expressions may be: no contexts, functions of its own, boxed expressions beside
        /// literals and tables, imports, services, Java or regular expressions.
        package var isInProfile = false
    }

    private let read: @Sendable (String) -> [UInt8]?
    private let list: @Sendable (String) -> [String]

    /// - Parameters:
    ///   - read: the bytes of a file.
    ///   - list: the names in a folder.
    package init(read: @escaping @Sendable (String) -> [UInt8]?, list: @escaping @Sendable (String) -> [String]) {
        self.read = read
        self.list = list
    }

    /// Runs the cases of a model's folder.
    package func run(_ folder: String) -> Report {
        var report = Report(model: folder.split(separator: "/").last.map(String.init) ?? folder)
        let names = list(folder).sorted()
        var documents: [String: XMLNode] = [:]
        for name in names where name.hasSuffix(".dmn") {
            guard let bytes = read("\(folder)/\(name)"), let root = try? XMLNode.parse(bytes, file: name) else { continue }
            documents[name] = root
        }
        report.isInProfile = !documents.isEmpty && documents.values.allSatisfy(Self.isInProfile)
        let byNamespace = Dictionary(documents.values.map { ($0.attributes["namespace"] ?? "", $0) }, uniquingKeysWith: { one, _ in one })
        for name in names where name.hasSuffix(".xml") {
            guard let bytes = read("\(folder)/\(name)"), let root = try? XMLNode.parse(bytes, file: name), root.name == "testCases" else { continue }
            let file = root.child("modelName")?.text.trimmed ?? ""
            let model = documents[file].flatMap { try? DecisionModel.read($0, file: file) { byNamespace[$0] } }
            for node in root.children("testCase") { run(node, model, in: name, &report) }
        }
        return report
    }

    private static let boxed: Set<String> = [
        "context", "invocation", "relation", "functionDefinition", "businessKnowledgeModel", "encapsulatedLogic", "import", "decisionService", "conditional", "filter", "for",
        "some", "every",
    ]
    private static let regular: Set<String> = ["matches", "replace", "split"]

    /// Whether a model's elements and texts keep to the profile.
    private static func isInProfile(_ node: XMLNode) -> Bool {
        if boxed.contains(node.name) { return false }
        if node.name == "text", let tokens = try? Lexer.tokens(node.text) {
            for (token, next) in zip(tokens, tokens.dropFirst()) {
                if token.kind == .symbol, token.text == "{" { return false }
                if token.kind == .name, next.text == "(", token.text == "function" || regular.contains(token.text) { return false }
            }
        }
        return node.children.allSatisfy(isInProfile)
    }

    private func run(_ node: XMLNode, _ model: DecisionModel?, in file: String, _ report: inout Report) {
        var inputs = Context()
        for input in node.children("inputNode") { Self.add(Self.value(input), named: input.attributes["name"] ?? "", to: &inputs) }
        for result in node.children("resultNode") {
            report.cases += 1
            let name = result.attributes["name"] ?? ""
            guard let model else {
                report.failures.append("\(file) \(node.attributes["id"] ?? "")：模型读不出")
                continue
            }
            let found = node.attributes["type"] == "decisionService" ? Self.serve(model, node, name, inputs) : model.decide(name, inputs)
            let expected = result.child("expected").map(Self.value) ?? .null
            if Self.agrees(found, expected) { report.passed += 1 } else {
                report.failures.append("\(file) \(node.attributes["id"] ?? "") \(name)：得到 \(found.literal)，应为 \(expected.literal)")
            }
        }
    }

    /// A service's value, or of several results the one that is asked for.
    private static func serve(_ model: DecisionModel, _ node: XMLNode, _ name: String, _ inputs: Context) -> Value {
        let value = model.serve(node.attributes["invocableName"] ?? name, inputs)
        guard node.children("resultNode").count > 1, case .context(let results) = value else { return value }
        return results[name] ?? .null
    }

    /// A name with a point is an input of an imported model.
    private static func add(_ value: Value, named name: String, to inputs: inout Context) { inputs[Names.normal(name)] = value }

    private static func value(_ node: XMLNode) -> Value {
        if let list = node.child("list") { return list.attributes["nil"] == "true" ? .null : .list(list.children("item").map(value)) }
        let components = node.children("component")
        if !components.isEmpty {
            return .context(Context(components.map { ($0.attributes["name"] ?? "", $0.attributes["nil"] == "true" ? .null : value($0)) }))
        }
        guard let leaf = node.child("value"), leaf.attributes["nil"] != "true" else { return .null }
        let text = leaf.text
        switch leaf.attributes["type"]?.split(separator: ":").last ?? "string" {
        case "decimal", "double", "integer", "int", "long", "float": return Number(text.trimmed).map(Value.number) ?? .null
        case "boolean": return .boolean(text.trimmed == "true")
        case "date": return Temporal.date(text.trimmed).map(Value.date) ?? .null
        case "time": return Temporal.time(text.trimmed).map(Value.time) ?? .null
        case "dateTime": return Temporal.dateTime(text.trimmed).map(Value.dateTime) ?? .null
        case "duration", "yearMonthDuration", "dayTimeDuration": return Temporal.duration(text.trimmed) ?? .null
        default: return .string(text)
        }
    }

    /// Equal; numbers to within a hundred millionth of their size, since the kit writes some results with fewer digits.
    private static func agrees(_ found: Value, _ expected: Value) -> Bool {
        switch (found, expected) {
        case (.number(let one), .number(let two)):
            guard let difference = one - two, let margin = two.magnitude * (Number("1E-8") ?? .zero) else { return false }
            return difference.magnitude <= margin
        case (.list(let one), .list(let two)): return one.count == two.count && zip(one, two).allSatisfy(agrees)
        case (.context(let one), .context(let two)):
            return Set(one.names) == Set(two.names) && one.entries.allSatisfy { agrees($0.value, two[$0.name] ?? .null) }
        default: return found.equals(expected) == true
        }
    }
}

extension String {
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
