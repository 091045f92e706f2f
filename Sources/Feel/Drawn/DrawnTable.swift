/// A decision table as it was drawn, its texts read and checked, its rows not yet held against each other (DMN 1.5 §8.2).
struct DrawnTable {
    /// Which rows count where several hold (DMN 1.5 §8.2.8). The others give lists or order values, which is no answer to whether a rule is met.
    enum HitPolicy: String, CaseIterable { case unique = "UNIQUE", any = "ANY", first = "FIRST" }

    /// An input: an expression over the vocabulary, of which the cells below it are tests.
    struct Column {
        let text: String
        let line: Int
        let expression: Expression
        let type: FeelType
        /// What the input may be (its `inputValues`); nil where the drawing does not say.
        let allowed: UnaryTests?

        /// As an operand.
        var written: String { if case .name = expression { text } else { "(\(text))" } }
    }

    struct Row {
        /// From 1, as tools number them.
        let number: Int
        let line: Int
        let cells: [Cell]
        let triggers: Bool
        /// Its annotation, or its description; empty only where it does not trigger.
        let says: String

        /// Id of the clause that it becomes.
        var id: String { "r\(number)" }
    }

    struct Cell {
        let tests: UnaryTests
        let text: String
        let line: Int
    }

    let line: Int
    let policy: HitPolicy
    let columns: [Column]
    let rows: [Row]
}

/// A text of the drawing, as it stands there, and the line on which it begins.
struct DrawnText {
    let text: String
    let line: Int

    /// The text of an element; nil where there is none but blanks.
    init?(_ node: XMLNode?) {
        guard let node = node?.child("text"), node.text.contains(where: { !$0.isWhitespace }) else { return nil }
        (text, line) = (node.text, node.line)
    }

    var trimmed: String { Names.normal(text) }

    /// The line of one of its characters.
    func line(at position: Int) -> Int { line + text.unicodeScalars.prefix(position).count { $0 == "\n" } }
}
