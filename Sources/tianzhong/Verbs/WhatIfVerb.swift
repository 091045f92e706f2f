import Archive
import ArgumentParser
import Evaluation
import Foundation
import Identifiers
import Intake
import Policy
import Registry

extension PolicyCommand {
    /// A draft over the whole city, without touching it.
    struct WhatIfRun: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "what-if", abstract: "影响试算：把政策手册草案用于全市数据，说明谁进谁出，不改动任何数据",
            discussion: "比较 --book（或 PolicyBook）与草案目录。自然人只计数。退出码 0 表示已试算，78 表示有一本未能载入。")
        @Argument(help: "草案目录") var draft: String
        @OptionGroup var place: PlaceOptions
        @Option(help: "按哪一天试算，缺省为今天") var asOf: String?
        @Option(help: "线程数") var workers = 2

        func run() async throws {
            try await reporting {
                let now = Clock.now()
                let day = try asOf.map { text in
                    guard let day = CivilDate.parse(text.utf8.span) else { throw Exit(64, "--as-of 须是 2026-01-31 形式的日期") }
                    return day
                } ?? now.date
                let (book, new) = (try place.loadBook(), try PolicyBook.load(from: draft, on: now.date))
                let directory = try DataDirectory.open(place.data)
                defer { try? directory.close() }
                let clock = ContinuousClock()
                let start = clock.now
                let found = try WhatIf(
                    from: book, to: new, archive: directory.archive, registry: directory.registry, times: directory.times.snapshot(),
                    at: Clocks(asOf: day, knownAt: day == now.date ? now : Instant(endOf: day)), workers: max(1, min(workers, 64)))
                let seconds = Double((clock.now - start).components.attoseconds) / 1e18 + Double((clock.now - start).components.seconds)
                print("按 \(day) 试算：读 \(found.entries) 条，涉及 \(found.subjects) 个主体，用时 \(String(format: "%.2f", seconds)) 秒")
                let changed = found.lines.filter(\.isChanged)
                if changed.isEmpty { print("没有任何主体的结果会改变") }
                for line in changed { Self.tell(line, new) }
                let same = found.lines.filter { !$0.isChanged && $0.before > 0 }.map { "\($0.title) \($0.before)" }
                if !same.isEmpty { print("不变：\(same.joined(separator: "；"))") }
            }
        }

        private static func tell(_ line: WhatIf.Line, _ book: PolicyBook) {
            print("\(line.what)“\(line.title)”（\(line.code)）：\(line.before) → \(line.after)，进 \(line.entering)，出 \(line.leaving)")
            if line.manualBefore != line.manualAfter { print("  须人工判断：\(line.manualBefore) → \(line.manualAfter)") }
            for aspect in WhatIf.Aspect.allCases {
                guard let moves = line.moves[aspect], !moves.isEmpty else { continue }
                let sorted = moves.map { ($0.flatMap { name($0, aspect, book) } ?? "未知或自然人", $1) }.sorted { ($1.1.entering + $1.1.leaving, $0.0) < ($0.1.entering + $0.1.leaving, $1.0) }
                print("  \(title(aspect))：\(sorted.prefix(12).map { "\($0.0) 进 \($0.1.entering) 出 \($0.1.leaving)" }.joined(separator: "；"))\(sorted.count > 12 ? "等 \(sorted.count) 处" : "")")
            }
            for sample in line.samples { print("  \(sample.isEntering ? "进" : "出")　\(sample.name)（\(sample.code ?? "无统一社会信用代码")）") }
        }

        private static func title(_ aspect: WhatIf.Aspect) -> String {
            switch aspect {
            case .region: "按县区"
            case .industry: "按行业"
            case .category: "按类型"
            }
        }

        private static func name(_ code: String, _ aspect: WhatIf.Aspect, _ book: PolicyBook) -> String {
            func word(in set: String) -> String? { book.codeSets[set]?.values.first { $0.code == code }?.name }
            return switch aspect {
            case .region: book.regions.first { $0.code == code }?.name ?? code
            case .industry: word(in: "industry") ?? code
            case .category: word(in: "organisation-type") ?? code
            }
        }
    }
}
