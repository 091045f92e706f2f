@testable import Feel

/// Makes tables as modelling tools save them, mostly such as make sense.
struct RandomTables {
    /// A name that tables may head a column with, constants for cells, and a value of every class that those cut.
    struct Column {
        let name: String
        let type: FeelType
        let word: String
        let constants: [String]
        let samples: [Value]
        /// Another expression of the same name.
        let expression: String
    }

    static let columns: [Column] = [
        Column(
            name: "次数", type: .number, word: "number", constants: (0...4).map(String.init), samples: (-2...10).map { .number(Number("\(Double($0) / 2)") ?? .zero) },
            expression: "次数 * 2 - 1"),
        Column(name: "级别", type: .string, word: "string", constants: ["\"A\"", "\"B\"", "\"M\""], samples: ["A", "B", "M", "D"].map(Value.string), expression: "upper case(级别)"),
        Column(name: "在列", type: .boolean, word: "boolean", constants: ["true", "false"], samples: [.boolean(true), .boolean(false)], expression: "not(在列)"),
        Column(
            name: "日期", type: .date, word: "date", constants: (2...5).map { $0 == 3 ? "date(\"2024-01-03\")" : "@\"2024-01-0\($0)\"" },
            samples: (1...6).map { .date(Day(number: 19_722 + $0)) }, expression: "日期 + duration(\"P1D\")"),
    ]

    static let vocabulary = Vocabulary(columns.map { Variable($0.name, $0.type) })

    var random: Numbers

    init(seed: UInt64) { random = Numbers(state: seed) }

    /// SplitMix64: the same tables at every run.
    struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    mutating func next() -> (text: String, columns: [Column], hasBareHeadings: Bool) {
        let columns = Self.columns.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
        let headings = columns.map { Int.random(in: 0..<5, using: &random) == 0 ? $0.expression : $0.name }
        let inputs = zip(columns, headings).map { column, heading in
            let values = Int.random(in: 0..<4, using: &random) == 0 && column.type != .boolean ? "<inputValues><text>\(escaped(allowed(column)))</text></inputValues>" : ""
            return "<input><inputExpression typeRef=\"\(column.word)\"><text>\(escaped(heading))</text></inputExpression>\(values)</input>"
        }
        let policy = pick(["UNIQUE", "ANY", "FIRST", "FIRST"])
        let rows = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            let cells = columns.map { "<inputEntry><text>\(escaped(cell($0)))</text></inputEntry>" }
            return "<rule>\(cells.joined())<outputEntry><text>\(pick(["true", "true", "false"]))</text></outputEntry><annotationEntry><text>理由</text></annotationEntry></rule>\n"
        }
        let standard = pick(["", "<defaultOutputEntry><text>false</text></defaultOutputEntry>"])
        let text = """
            <definitions><decision name="触发"><decisionTable hitPolicy="\(policy)">
            \(inputs.joined(separator: "\n"))
            <output typeRef="boolean">\(standard)</output>
            \(rows.joined())</decisionTable></decision></definitions>
            """
        return (text, Array(columns), zip(columns, headings).allSatisfy { $0.name == $1 })
    }

    private mutating func pick(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }

    /// Wide, so that cells are seldom outside.
    private mutating func allowed(_ column: Column) -> String {
        switch column.type {
        case .string: column.constants.joined(separator: ", ")
        case .number: pick([">= 0", "[0..4]", "not(< 0)"])
        default: "[@\"2024-01-02\"..@\"2024-01-05\"]"
        }
    }

    private mutating func cell(_ column: Column) -> String {
        func constants(_ count: Int) -> [String] { Array(column.constants.shuffled(using: &random).prefix(count)) }
        let kind = Int.random(in: 0..<10, using: &random)
        if kind < 3 { return pick(["-", "-", ""]) }
        if kind == 3 { return "not(\(constants(Int.random(in: 1...2, using: &random)).joined(separator: ", ")))" }
        if column.type == .string || column.type == .boolean || kind < 6 {
            return kind == 9 && column.type == .string ? "!= \(constants(1)[0])" : constants(Int.random(in: 1...2, using: &random)).joined(separator: ", ")
        }
        if kind < 8 { return "\(pick(["<", "<=", ">", ">="])) \(constants(1)[0])" }
        let bounds = column.constants.indices.shuffled(using: &random).prefix(2).sorted().map { column.constants[$0] }
        let range = "\(pick(["[", "(", "]"]))\(bounds[0])..\(bounds[1])\(pick(["]", ")", "["]))"
        return pick([range, range, "not(\(range))", "\(range), \(column.constants[0])"])
    }

    private func escaped(_ text: String) -> String { text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;") }
}
