/// The names that an expression may use and that are more than one word: FEEL lets names have blanks and operators (DMN 1.5
/// §10.3.1.2, rule 27), so that only who knows the names can tell where one ends.
package struct Names: Sendable {
    /// By the texts of their tokens, and how they are written.
    private var known: [[String]: String] = [:]
    private var longest = 1

    /// Those of the built-in functions and of their parameters, taken apart once.
    private static let builtIn: Names = {
        var names = Names(empty: ())
        for name in Builtins.names { names.add(name) }
        return names
    }()

    private init(empty: Void) {}

    package init(_ names: some Sequence<String> = []) {
        self = Self.builtIn
        for name in names { add(name) }
    }

    /// Makes a name known. One of a single word needs not be.
    package mutating func add(_ name: String) {
        guard let tokens = try? Lexer.tokens(name) else { return }
        let words = tokens.dropLast().map(\.text)
        guard words.count > 1 else { return }
        known[words] = Self.normal(name)
        longest = max(longest, words.count)
    }

    /// A name with single blanks only.
    package static func normal(_ name: String) -> String { name.split { $0.isWhitespace }.joined(separator: " ") }

    /// The longest known name that tokens begin with.
    func match(_ tokens: ArraySlice<Token>) -> (name: String, length: Int)? {
        guard longest > 1 else { return nil }
        var words: [String] = []
        var found: (String, Int)?
        for token in tokens.prefix(longest) {
            guard token.kind != .end, token.kind != .string else { break }
            words.append(token.text)
            if words.count > 1, let name = known[words] { found = (name, words.count) }
        }
        return found
    }
}
