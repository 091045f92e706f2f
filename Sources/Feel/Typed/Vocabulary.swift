/// Something that a rule may name.
package struct Variable: Sendable {
    package let name: String
    package let type: FeelType
    /// What a number counts or measures; nil where it is not said, which goes with any.
    package let unit: String?

    package init(_ name: String, _ type: FeelType, unit: String? = nil) {
        self.name = name
        self.type = type
        self.unit = unit
    }
}

/// What expressions may name, each with its place among the facts.
package struct Vocabulary: Sendable {
    package let variables: [Variable]
    /// Several words are one name: what the parser must know.
    let names: Names
    private let places: [String: Int]

    package init(_ variables: [Variable]) {
        self.variables = variables
        names = Names(variables.map(\.name))
        places = Dictionary(variables.indices.map { (Names.normal(variables[$0].name), $0) }, uniquingKeysWith: { one, _ in one })
    }

    /// The place of a name among the facts; nil where there is no such name.
    package func index(of name: String) -> Int? { places[name] ?? places[Names.normal(name)] }
}

/// The name that was probably meant.
enum Spelling {
    /// Of several names the one that takes the fewest changes, at most half of what was written; nil where none is so near.
    static func nearest(to name: String, among names: some Sequence<String>) -> String? {
        let written = Array(name.unicodeScalars.prefix(100))
        let limit = max(1, written.count / 2)
        return names.map { ($0, distance(written, Array($0.unicodeScalars.prefix(100)))) }.filter { $0.1 <= limit }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// Characters to add, drop or change (Levenshtein).
    private static func distance(_ one: [Unicode.Scalar], _ two: [Unicode.Scalar]) -> Int {
        var row = Array(0...two.count)
        for (line, scalar) in one.enumerated() {
            var before = row[0]
            row[0] = line + 1
            for (column, other) in two.enumerated() {
                let changed = before + (scalar == other ? 0 : 1)
                before = row[column + 1]
                row[column + 1] = min(changed, before + 1, row[column] + 1)
            }
        }
        return row[two.count]
    }
}
