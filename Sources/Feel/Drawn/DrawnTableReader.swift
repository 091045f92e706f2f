/// Reads the elements of a decision table (DMN 1.5 §8.2, and as tools of DMN 1.1 to 1.4 write them), noting all that is wrong.
struct DrawnTableReader {
    private(set) var faults: [DecisionFault] = []
    private let root: XMLNode
    private let file: String
    private let vocabulary: Vocabulary

    /// Rows and columns of one table at most: more is no table that anybody could check against a document.
    static let rowLimit = 200
    static let columnLimit = 30

    init(root: XMLNode, file: String, vocabulary: Vocabulary) {
        (self.root, self.file, self.vocabulary) = (root, file, vocabulary)
    }

    mutating func table(_ node: XMLNode) -> DrawnTable? {
        checkLanguage(of: root, node)
        let policy = hitPolicy(node)
        let columns = node.children("input").enumerated().map { column($0.element, number: $0.offset + 1) }
        if columns.isEmpty { note(node.line, "决策表没有输入列：请至少画一列") }
        if columns.count > Self.columnLimit { note(node.line, "决策表有 \(columns.count) 列，最多 \(Self.columnLimit) 列：请拆成几条规则") }
        checkRepeats(columns.compactMap(\.self))
        checkOutput(of: node)
        let nodes = node.children("rule")
        if nodes.count > Self.rowLimit {
            note(node.line, "决策表有 \(nodes.count) 行，最多 \(Self.rowLimit) 行：请拆成几条规则")
            return nil
        }
        let rows = nodes.enumerated().compactMap { row($0.element, number: $0.offset + 1, columns) }
        // Only of a table that is whole is it said that it never triggers.
        if faults.isEmpty, !rows.contains(where: \.triggers) { note(node.line, "没有一行输出 true，规则永远不会触发：请补上触发的行") }
        let sound = columns.compactMap(\.self)
        guard let policy, sound.count == columns.count, rows.count == nodes.count else { return nil }
        return DrawnTable(line: node.line, policy: policy, columns: sound, rows: rows)
    }

    // MARK: The head of the table

    private mutating func hitPolicy(_ node: XMLNode) -> DrawnTable.HitPolicy? {
        let word = node["hitPolicy"] ?? DrawnTable.HitPolicy.unique.rawValue
        if let policy = DrawnTable.HitPolicy(rawValue: word) { return policy }
        note(node.line, "命中策略“\(word)”说不出规则是否触发：请改为 UNIQUE、ANY 或 FIRST")
        return nil
    }

    private mutating func column(_ node: XMLNode, number: Int) -> DrawnTable.Column? {
        guard let element = node.child("inputExpression"), let heading = DrawnText(element) else {
            note(node.line, "第 \(number) 列没有表达式：请在列标题写上指标的名称")
            return nil
        }
        checkLanguage(of: element)
        let before = faults.count
        guard let (expression, type) = noting(heading, "列标题", { vocabulary throws(FeelFault) in
            let expression = try TypedExpression.parse(heading.text, in: vocabulary)
            let typed = try TypedExpression.check(expression, reading: heading.trimmed, in: vocabulary)
            let type = typed.type
            if typed.variables.isEmpty { throw FeelFault(position: 0, message: "列标题里没有指标：请写上指标的名称") }
            guard type.canHeadColumn else {
                throw FeelFault(position: 0, message: "\(type.title)不能作列标题：请写成条件（单元格写 true 或 false），如 list contains(名称, \"值\")")
            }
            return (expression, type)
        }) else { return nil }
        checkType(element["typeRef"], is: type, "第 \(number) 列", element.line)
        let tested = DrawnTable.Column(text: heading.trimmed, line: heading.line, expression: expression, type: type, allowed: nil)
        let allowed = cell(node.child("inputValues"), of: tested, "允许的值", line: node.line)
        guard faults.count == before else { return nil }
        return DrawnTable.Column(text: heading.trimmed, line: heading.line, expression: expression, type: type, allowed: allowed.isAny ? nil : allowed.tests)
    }

    /// Two columns of one expression would be taken for independent of each other.
    private mutating func checkRepeats(_ columns: [DrawnTable.Column]) {
        var seen: Set<String> = []
        for column in columns where !seen.insert(column.text).inserted { note(column.line, "有两列的标题都是“\(column.text)”：请并为一列") }
    }

    /// Exactly one output, true or false, and nothing but false where no row holds.
    private mutating func checkOutput(of node: XMLNode) {
        let outputs = node.children("output")
        guard let output = outputs.first, outputs.count == 1 else {
            return note(outputs.last?.line ?? node.line, "决策表有 \(outputs.count) 个输出，规则的触发只要一个：请只留一个 boolean 输出")
        }
        checkType(output["typeRef"], is: .boolean, "输出", output.line)
        if let entry = output.child("defaultOutputEntry"), let text = DrawnText(entry), text.trimmed != "false" {
            note(text.line, "默认输出是“\(text.trimmed)”，没有依据的主体也会触发：请改为 false，或删去默认输出")
        }
    }

    /// A decision's own variable may say its type once more.
    mutating func checkResult(of decision: XMLNode) {
        if let variable = decision.child("variable") { checkType(variable["typeRef"], is: .boolean, "决策", variable.line) }
    }

    // MARK: Rows

    private mutating func row(_ node: XMLNode, number: Int, _ columns: [DrawnTable.Column?]) -> DrawnTable.Row? {
        let (entries, results) = (node.children("inputEntry"), node.children("outputEntry"))
        guard entries.count == columns.count else {
            note(node.line, "r\(number) 有 \(entries.count) 个输入单元格，列却有 \(columns.count) 个：请补上或删去")
            return nil
        }
        let before = faults.count
        checkLanguage(of: entries + results)
        let cells = zip(entries, columns).map { entry, column in column.map { cell(entry, of: $0, "单元格", line: entry.line) } }
        let result = results.count == 1 ? DrawnText(results[0])?.trimmed : nil
        if result != "true" && result != "false" {
            note(results.first?.line ?? node.line, "r\(number) 的输出是“\(result ?? "")”：只能是 true 或 false")
        }
        let says = annotation(of: node)
        if result == "true", says.isEmpty { note(node.line, "r\(number) 触发规则，却没有写明理由：请在这一行的批注里写给办事人员和当事人看的话") }
        guard faults.count == before, cells.allSatisfy({ $0 != nil }) else { return nil }
        return DrawnTable.Row(number: number, line: node.line, cells: cells.compactMap(\.self), triggers: result == "true", says: says)
    }

    /// The first annotation (DMN 1.3 and later) that is not blank, or the row's description.
    private func annotation(of node: XMLNode) -> String {
        let annotations = node.children("annotationEntry").compactMap { DrawnText($0)?.trimmed }
        return annotations.first ?? Names.normal(node.child("description")?.text ?? "")
    }

    private mutating func cell(_ node: XMLNode?, of column: DrawnTable.Column, _ what: String, line: Int) -> DrawnTable.Cell {
        guard let text = DrawnText(node) else { return DrawnTable.Cell(tests: .any, text: "-", line: line) }
        let tests = noting(text, what) { vocabulary throws(FeelFault) in
            let tests = try UnaryTests.constant(text.text)
            // By the rules' own checker: types, units of the heading, what has an order.
            if !tests.tests.isEmpty {
                _ = try TypedExpression.check(.isIn(column.expression, tests.tests, at: 0), reading: text.trimmed, in: vocabulary)
            }
            if column.type == .string, tests.tests.contains(where: \.isOrder) {
                throw FeelFault(position: 0, message: "文本的大小次序不是等级的高低：请逐个列出各个值，用逗号分开")
            }
            return tests
        }
        return DrawnTable.Cell(tests: tests ?? .any, text: text.trimmed, line: text.line)
    }

    // MARK: What is wrong

    private mutating func note(_ line: Int, _ message: String) { faults.append(DecisionFault(file: file, line: line, message: message)) }

    /// What a text means; nil, and a fault on its line, where it means nothing.
    private mutating func noting<Meaning>(_ text: DrawnText, _ what: String, _ read: (Vocabulary) throws(FeelFault) -> Meaning) -> Meaning? {
        do { return try read(vocabulary) } catch {
            note(text.line(at: error.position), "\(what)“\(text.trimmed.prefix(100))”第 \(error.position + 1) 个字符：\(error.withCure.message)")
            return nil
        }
    }

    /// Cells may be in another language, as older tools have it by default.
    private mutating func checkLanguage(of nodes: XMLNode...) { checkLanguage(of: nodes) }

    private mutating func checkLanguage(of nodes: [XMLNode]) {
        for node in nodes {
            guard let language = node["expressionLanguage"], !language.isEmpty, !language.lowercased().contains("feel") else { continue }
            note(node.line, "表达式语言是“\(language)”：请在建模工具里改为 FEEL")
        }
    }

    /// What a tool says of a type must be so; it need not say anything.
    private mutating func checkType(_ reference: String?, is type: FeelType, _ what: String, _ line: Int) {
        guard let reference, !reference.isEmpty else { return }
        guard let stated = stated(reference) else { return note(line, "\(what)的类型“\(reference)”没有定义：请改为\(type.title)（\(type.word)）") }
        if stated != .any, stated != type { note(line, "\(what)标为“\(reference)”，实际是\(type.title)：请把类型改为 \(type.word)") }
    }

    /// The type that a reference stands for, maybe by way of an item definition.
    private func stated(_ reference: String) -> FeelType? {
        if let type = FeelType(drawnAs: reference) { return type }
        let name = Names.normal(reference)
        let item = root.children("itemDefinition").first { Names.normal($0["name"] ?? "") == name }
        return item?.child("typeRef").flatMap { FeelType(drawnAs: $0.text) }
    }
}

extension DrawnTable.Cell {
    var isAny: Bool { if case .any = tests { true } else { false } }
}

extension FeelType {
    /// By the name that a tool writes, with or without the prefix of the language; some have names of Java.
    fileprivate init?(drawnAs reference: String) {
        let name = Names.normal(reference.split(separator: ":").last.map(String.init) ?? reference)
        switch name {
        case "integer", "long", "double": self = .number
        default:
            guard let type = FeelType(name: name) else { return nil }
            self = type
        }
    }

    /// As DMN writes it.
    fileprivate var word: String {
        switch self {
        case .boolean: "boolean"
        case .number: "number"
        case .string: "string"
        case .date: "date"
        case .months: "years and months duration"
        case .nanoseconds: "days and time duration"
        default: "Any"
        }
    }

    /// Whether constants cut its values into classes that can be told one by one.
    fileprivate var canHeadColumn: Bool {
        switch self {
        case .boolean, .number, .string, .date, .months, .nanoseconds: true
        default: false
        }
    }
}
