import FoundationEssentials

/// What the phases of a scale run found; kept as JSON beside the data directory, so that they can run one at a time.
struct ScaleResult: Codable {
    var records: Int
    var persons: Int
    var organisations: Int
    var delivery: Int
    var stretches: [Stretch] = []
    /// Seconds from the first delivery to the last commit.
    var loadSeconds: Double?
    var settleSeconds: Double?
    var pausedSeconds: Double?
    var peakMegabytes: Int?
    var bytesPerRecord: Double?
    /// CPU microseconds a row of parts measured alone, on a million rows.
    var alone: [String: Double] = [:]
    /// Microseconds of one history, by circumstance.
    var reads: [String: Latency] = [:]
    /// Other figures by name.
    var figures: [String: Double] = [:]

    /// From one mark of records to the next.
    struct Stretch: Codable {
        /// Records at its end.
        var records: Int
        /// Rows a second over the stretch, pauses and registrations left out of neither.
        var rate: Double
        /// Rows a second from the start.
        var overall: Double
        /// CPU microseconds a row, by part.
        var cpu: [String: Double]
        var peakMegabytes: Int
        var bytesPerRecord: Double
        /// Most sorted runs that a read may have had to look into.
        var runs: Int
        var reads: Latency?
        var pausedSeconds: Double
    }

    struct Latency: Codable {
        var count: Int
        var p50: Double
        var p99: Double

        init?(_ micros: [Double]) {
            guard !micros.isEmpty else { return nil }
            let sorted = micros.sorted()
            count = sorted.count
            p50 = sorted[sorted.count / 2]
            p99 = sorted[sorted.count * 99 / 100]
        }

        var text: String { "中位 \(two(p50)) µs，p99 \(two(p99)) µs（\(count) 次）" }
    }

    static func load(_ path: String) throws -> ScaleResult {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Exit(66, "没有 \(path)：请先运行 load 阶段")
        }
        return try JSONDecoder().decode(ScaleResult.self, from: data)
    }

    func save(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    }

    var city: ScaleCity { ScaleCity(persons: persons, organisations: organisations) }
}
