import Archive
import ArgumentParser
import Cryptography
import Identifiers
import Intake
import Policy

struct HistoryBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "从大档案中读一个主体的履历，对照从同一档案顺序扫描的每条成本")
    @Option(help: "档案中的条目数") var entries = 10_000_000
    @Option(help: "每个主体的条目数") var perSubject = 35
    @Option(help: "读多少个主体") var reads = 20_000

    func run() async throws {
        try await reporting {
            try await withScratch { folder in
                let archive = try RocksArchive(path: "\(folder)/archive")
                let subjects = entries / perSubject
                let (_, writing) = try await Cost.of { try fill(archive, subjects: subjects, folder: folder) }
                print("写入 \(entries) 条：\(two(writing.wall)) 秒，每秒 \(Int(Double(entries) / writing.wall)) 条")
                let fresh = try readings(archive, subjects: subjects)
                try archive.compact()
                let settled = try readings(archive, subjects: subjects)
                var scanned = 0
                let (_, scanning) = try await Cost.of { try archive.scan { _, _ in scanned += 1 } }
                archive.close()
                let peer = scanning.wall / Double(max(1, scanned)) * 1e6 * Double(perSubject)
                Measurement.show([
                    Self.measurement("刚写完、正在合并时", fresh, peer: peer), Self.measurement("合并之后", settled, peer: peer),
                ])
            }
        }
    }

    /// Sorted microseconds of one history each.
    private func readings(_ archive: RocksArchive, subjects: Int) throws -> [Double] {
        var random = SplitMix(seed: 7)
        var micros: [Double] = []
        var read = 0
        for _ in 0..<reads {
            let key = Self.key(Int(random.next() % UInt64(subjects)))
            let start = Clock.uptime()
            read += try archive.history(of: [key]).entries.count
            micros.append((Clock.uptime() - start) * 1e6)
        }
        guard read == reads * perSubject else { throw Exit(70, "读到 \(read) 条，应为 \(reads * perSubject) 条") }
        return micros.sorted()
    }

    private static func measurement(_ state: String, _ micros: [Double], peer: Double) -> Measurement {
        let middle = median(micros)
        return Measurement(
            work: "随机一个主体的履历，\(state)",
            figure: "中位 \(two(middle)) 微秒，p99 \(two(micros[micros.count * 99 / 100])) 微秒",
            peer: "顺序扫描同样多的条目 \(two(peer)) 微秒；目标中位 50 微秒",
            ratio: "\(two(middle / peer))；为目标的 \(two(middle / 50))")
    }

    private func fill(_ archive: RocksArchive, subjects: Int, folder: String) throws {
        let deliveries = 10
        var payload = [UInt8](repeating: 7, count: 15)
        for delivery in 1...deliveries {
            var arena = EntryArena(delivery: UInt32(delivery))
            var row: UInt32 = 0
            for index in stride(from: delivery - 1, to: subjects * perSubject, by: deliveries) {
                row += 1
                for place in 0..<8 { payload[place] = UInt8(truncatingIfNeeded: index >> (place * 5)) }
                try arena.append(
                    subject: Self.key(index % subjects), row: row, resource: UInt16(index / subjects % 8 + 1), version: 1,
                    effective: CivilDate(day: Int32(19_000 + index % 1000)), keyLength: 8, payload: payload.span)
            }
            let marker = DeliveryMarker(
                delivery: UInt32(delivery), known: Instant(milliseconds: Int64(delivery)), rows: Int(row), accepted: Int(row),
                suspended: 0, rejected: 0, digest: [UInt8](repeating: 0, count: 32))
            try archive.commit(
                try archive.seal([arena], marker: marker, staging: try staging(folder, delivery), workers: 2))
        }
    }

    private func staging(_ folder: String, _ delivery: Int) throws -> String {
        let store = try DeliveryStore(root: "\(folder)/deliveries", keys: FileKeys(only: .random()))
        return try store.freshStaging(UInt32(delivery))
    }

    private static func key(_ subject: Int) -> SubjectKey {
        var random = SplitMix(seed: UInt64(subject))
        return SubjectKey(high: random.next(), low: random.next())
    }
}
