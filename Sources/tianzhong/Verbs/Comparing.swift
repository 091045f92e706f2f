import ArgumentParser
import Identifiers
import Policy

extension PolicyCommand {
    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "比较两本政策手册，逐项说明改动了什么、意味着什么", discussion: "退出码 0 表示已比较（有无差别都是），1 表示有一本未能载入。")
        @Argument(help: "原来的政策手册目录") var old: String
        @Argument(help: "改动后的政策手册目录") var new: String

        func run() async throws {
            try await reporting {
                // Both are loaded before either is refused, so that all faults are seen at once.
                let books = [old, new].map { directory in
                    Result { () throws(PolicyFaults) in try PolicyBook.load(from: directory, on: Clock.now().date) }
                }
                let faults = books.compactMap { book in
                    if case .failure(let faults) = book { faults.description } else { nil }
                }
                guard faults.isEmpty else { throw Exit(1, faults.joined(separator: "\n")) }
                let difference = BookDifference(from: try books[0].get(), to: try books[1].get())
                print(difference.lines.joined(separator: "\n"))
            }
        }
    }
}
