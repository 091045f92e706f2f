import Archive
import ArgumentParser
import Evaluation
import Feel
import FoundationEssentials
import Identifiers
import Intake
import Measures
import Policy
import Registry

/// Rules over facts, with which clause held; and verifications of a data directory's organisations, in process.
struct RulesBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "12 条规则、每条 4 个条件逐主体判断并留痕，对照逐树求值；给出 --data 时再测一次核查")
    @Option(help: "政策手册目录") var book = "PolicyBook"
    @Option(help: "判断多少个主体") var subjects = 1_000_000
    @Option(help: "数据目录：测核查的用时") var data: String?
    @Option(help: "核查多少次") var verifications = 5_000

    /// Four conditions over the book's indicators, of the kinds that rules have: number, text, choice, range.
    private static let conditions = [
        "近24个月行政处罚次数 >= 1", "纳税缴费信用级别 = \"D\"", "劳动保障诚信等级 in (\"B\", \"C\")", "近24个月罚款金额 in [10..500]",
    ]

    func run() async throws {
        try await reporting {
            let real = try PolicyBook.load(from: book, on: Clock.now().date)
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
            if let data { try verify(in: data, real) }
        }
    }

    /// The city's book with twelve rules of four conditions in the place of its own.
    private func twelve() throws -> RuleBoard {
        let files = FileManager.default
        var texts: [String: String] = [:]
        for path in try files.subpathsOfDirectory(atPath: book) where path.hasSuffix(".yaml") && !path.hasPrefix("rules/") {
            texts[path] = String(decoding: files.contents(atPath: "\(book)/\(path)") ?? Data(), as: UTF8.self)
        }
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

    /// Verifications one after the other, of organisations drawn at random.
    private func verify(in data: String, _ book: PolicyBook) throws {
        let directory = try DataDirectory.open(data)
        defer { try? directory.close() }
        guard let matter = book.matters.max(by: { $0.lists.count < $1.lists.count }) else { throw Exit(70, "没有用信事项") }
        var codes: [String] = []
        try directory.registry.organisations.forEachPlace { if let code = $0.code { codes.append(code) } }
        let verifier = Verifier(reader: SubjectReader(directory: directory, book: book))
        let now = Clock.now()
        var random = SplitMix(seed: 3)
        var micros: [Double] = []
        var reads: [Double] = []
        for _ in 0..<verifications {
            let code = Array(codes[Int(random.next() % UInt64(codes.count))].utf8)
            guard let identifier = Identifier.recognise(code.span, on: now.date) else { continue }
            let start = Clock.uptime()
            _ = try verifier.verify(matter, caseNumber: "B-1", identifier: identifier, at: now)
            let middle = Clock.uptime()
            _ = try verifier.isKnown(identifier, at: now)
            micros.append((middle - start) * 1e6)
            reads.append((Clock.uptime() - middle) * 1e6)
        }
        (micros, reads) = (micros.sorted(), reads.sorted())
        Measurement.show([
            Measurement(
                work: "核查（\(matter.name)），\(codes.count) 个组织中随机取",
                figure: "中位 \(two(median(micros))) 微秒，p99 \(two(micros[micros.count * 99 / 100])) 微秒",
                peer: "只折叠同一主体的档案，中位 \(two(median(reads))) 微秒；目标中位 2000 微秒", ratio: "\(two(median(micros) / median(reads)))；为目标的 \(two(median(micros) / 2000))")
        ])
    }
}
