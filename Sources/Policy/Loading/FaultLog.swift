/// Gathers the faults of one load, so that an editor sees all of them at once.
final class FaultLog {
    private(set) var faults: Set<PolicyFault> = []

    /// Notes a fault; the same fault of the same line counts once.
    func note(_ file: String, _ line: Int, _ message: String) {
        faults.insert(PolicyFault(file: file, line: line, message: message))
    }
}

/// A value and the line on which it stands.
struct Located<Value> {
    var value: Value
    var line: Int
}

/// Where one mapping of the book stands: its file, its first line, and the line of each of its keys.
struct Place {
    let file: String
    let start: Int
    let lines: [String: Int]

    /// Line of a key; the first line of the mapping where it lacks the key.
    func line(_ key: String) -> Int { lines[key] ?? start }
}
