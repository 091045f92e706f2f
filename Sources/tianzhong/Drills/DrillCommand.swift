import ArgumentParser

struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "演练：杀进程、系统调用出错、磁盘写满、报送坏文件之后，回执过的一行不少、一行不重，查询过的一次不漏",
        discussion: "在自己的临时目录中进行，不碰正式数据。任何一项不符时退出码为 3。见 Documentation/commit.md。",
        subcommands: [KillDrill.self, LooksDrill.self, FaultDrill.self, FullDrill.self, FlipCommand.self, LinesDrill.self])
}

/// What `deliver --trace-steps` says on a line of its own, as soon as it is true.
enum DrillLine: Equatable {
    /// A step of the commit is durable.
    case step(String)
    /// The sender has a receipt.
    case receipt(UInt32, digest: String)
    /// The delivery is committed.
    case done(UInt32, rows: Int, accepted: Int)

    func print() {
        let text =
            switch self {
            case .step(let name): "step \(name)"
            case .receipt(let number, let digest): "receipt \(number) \(digest)"
            case .done(let number, let rows, let accepted): "done \(number) \(rows) \(accepted)"
            }
        FileHandleOutput.standardOutput.write("\(text)\n")
    }

    /// The whole lines of a program's output; one that was cut off was never said.
    static func parse(_ output: [UInt8]) -> [DrillLine] {
        guard let end = output.lastIndex(of: 0x0A) else { return [] }
        return output[..<end].split(separator: 0x0A).compactMap { line in
            let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
            switch (words.first, words.count) {
            case ("step", 2): return .step(words[1])
            case ("receipt", 3): return UInt32(words[1]).map { .receipt($0, digest: words[2]) }
            case ("done", 4):
                guard let number = UInt32(words[1]), let rows = Int(words[2]), let accepted = Int(words[3]) else { return nil }
                return .done(number, rows: rows, accepted: accepted)
            default: return nil
            }
        }
    }
}
