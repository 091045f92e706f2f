import ArgumentParser
import Evaluation
import Feel
import FoundationEssentials
import Identifiers
import Policy

/// Rules over facts, with which clause held.
struct RulesBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "12 条规则、每条 4 个条件逐主体判断并留痕，对照逐树求值")
    @Option(help: "政策手册目录") var book = "PolicyBook"
    @Option(help: "判断多少个主体") var subjects = 1_000_000

    /// Four conditions over the book's indicators, of the kinds that rules have: number, text, choice, range.
    private static let conditions = [
        "近24个月行政处罚次数 >= 1", "纳税缴费信用级别 = \"D\"", "劳动保障诚信等级 in (\"B\", \"C\")", "近24个月罚款金额 in [10..500]",
    ]

    func run() async throws {
        try await reporting {
            let board = try twelve()
            let facts = Self.facts(board.vocabulary, count: 1_000)
            var rounds: [Double] = []
            var sum = 0
            for _ in 0..<5 {
                let (_, cost) = await Cost.of {
                    for index in 0..<subjects {
                        for finding in board.judge(facts[index % facts.count], kind: .organisation) { sum &+= Int(finding.held &+ finding.unknown) }
                    }
                }
                rounds.append(Double(subjects) / cost.cpu)
            }
            let tree = try await treeWalk(board, facts)
            Measurement.show([
                Measurement(
                    work: "12 条规则 × 4 个条件，含每个条件成立与否（校验和 \(sum % 1000)）", figure: "每 CPU 秒 \(Int(median(rounds.sorted()))) 个主体",
                    peer: "同样的条件逐树求值，每 CPU 秒 \(Int(tree)) 个；目标 500000", ratio: "\(two(median(rounds.sorted()) / tree))；为目标的 \(two(median(rounds.sorted()) / 500_000))")
            ])
        }
    }

    /// The city's book with twelve rules of four conditions in the place of its own.
    private func twelve() throws -> RuleBoard {
        var texts = try PolicyBook.texts(in: book).filter { !$0.key.hasPrefix("rules/") }
        for number in 1...12 {
            let clauses = Self.conditions.enumerated().map { "    - {id: c\($0.offset), if: '\($0.element)', say: 条件}" }.joined(separator: "\n")
            texts["rules/bench-\(number).yaml"] = """
                rule: warning.bench.\(number)
                version: 1
                kind: warning
                title: 测速规则
                issuer: 测速
                basis: [{document: guobanfa-2019-35, article: 全文}]
                applies: organisation
                from: 2022-01-01
                to:
                when:
                  all:
                \(clauses)
                on_unknown: manual
                tests:
                  - {in: {近24个月行政处罚次数: 2, 纳税缴费信用级别: D, 劳动保障诚信等级: C, 近24个月罚款金额: 12}, out: met}
                  - {in: {近24个月行政处罚次数: 0}, out: not_met}
                """
        }
        return RuleBoard(try PolicyBook.load(files: texts, on: Clock.now().date), on: Clock.now().date)
    }

    private static func facts(_ vocabulary: Vocabulary, count: Int) -> [[Value]] {
        var random = SplitMix(seed: 11)
        return (0..<count).map { _ in
            vocabulary.variables.map { variable in
                let draw = random.next()
                switch variable.type {
                case .number: return .number(Number(Int(draw % 40)))
                case .string: return draw % 8 == 0 ? .null : .string(["A", "B", "C", "D"][Int(draw % 4)])
                default: return .null
                }
            }
        }
    }

    /// The same conditions by the evaluator that walks the tree over named values; subjects a CPU second.
    private func treeWalk(_ board: RuleBoard, _ facts: [[Value]]) async throws -> Double {
        let expressions = try Self.conditions.map { try Parser.expression($0) }
        let count = min(subjects, 4_000)
        var sum = 0
        let (_, cost) = await Cost.of {
            for index in 0..<count {
                let scope = Scope(Context(zip(board.vocabulary.variables.map(\.name), facts[index % facts.count]).map { ($0, $1) }))
                for _ in 0..<12 { for expression in expressions where Evaluator.evaluate(expression, in: scope).truth == true { sum += 1 } }
            }
        }
        guard sum >= 0 else { throw Exit(70, "没有结果") }
        return Double(count) / cost.cpu
    }
}
