import Archive
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Registry
import Synchronization
import Tables

/// The phase `load`: all deliveries through the real pipeline, one after another.
struct ScaleLoad {
    let directory: DataDirectory
    let desk: DeliveryDesk
    let city: ScaleCity
    private let probe: ReadProbe
    private let began = Clock.uptime()
    private var result: ScaleResult
    private var records = 0
    private var paused = 0.0
    /// Where the stretch under way began.
    private var mark: (time: Double, records: Int, store: Double)
    private var parts: [String: Double] = [:]

    init(_ directory: DataDirectory, book: PolicyBook, result: ScaleResult) {
        self.directory = directory
        desk = DeliveryDesk(directory: directory, book: book)
        city = result.city
        self.result = result
        probe = ReadProbe(directory, city: city, today: Clock.now().date)
        mark = (Clock.uptime(), 0, ThreadCosts.now().store)
    }

    mutating func run() async throws -> ScaleResult {
        let plan = ScalePlan(city, records: result.records, largest: result.delivery)
        for delivery in plan.registrations { try await deliver(delivery) }
        if records > 0 {
            result.figures["registrationRate"] = Double(records) / (Clock.uptime() - began)
            closeStretch("登记 \(records) 个法人")
        }
        var limits = [1_000_000, 10_000_000, 50_000_000, 100_000_000, 200_000_000].filter { $0 < result.records }
        let registered = records
        for delivery in plan.deliveries {
            try await deliver(delivery)
            let isDue = limits.first.map { records - registered >= $0 } ?? false
            if isDue { limits.removeFirst() }
            if isDue || records == result.records { result.stretches.append(closeStretch("\(records) 条")) }
        }
        result.loadSeconds = Clock.uptime() - began
        result.pausedSeconds = paused
        result.settleSeconds = try await settle()
        try await compareReads()
        result.peakMegabytes = peakMegabytes()
        result.bytesPerRecord = try bytesPerRecord()
        probe.stop()
        return result
    }

    private mutating func deliver(_ plan: ScaleDelivery) async throws {
        var file = try directory.store.incoming(of: plan.content.provider, at: Clock.now())
        try file.append(Array(plan.recipe(city).utf8).span)
        let request = DeliveryRequest(
            resource: plan.content.resource, provider: plan.content.provider, fileName: "规模基准.csv", channel: .commandLine)
        let (delivery, _) = try desk.receive(try file.finish(), as: request, at: Clock.now())
        probe.watch(delivery.number)
        let marks = Mutex<[String: Double]>([:])
        @Sendable func note(_ name: String) {
            let now = ThreadCosts.now().others
            marks.withLock { $0[name] = now }
        }
        note("begin")
        let city = city
        let done = try await desk.work(
            on: delivery.number, clock: { Clock.now() },
            onStep: { step in if step == .staged { note("staged") } },
            reading: { () throws(TableFault) in
                try TableFile.open(ScaleStream(plan, city: city) { note("end") }, name: "规模基准.csv")
            })
        note("done")
        guard done.accepted == plan.rows else {
            throw Exit(70, "第 \(done.number) 批应收 \(plan.rows) 行，实收 \(done.accepted)，退回 \(done.rejected)：\(done.fault ?? "")")
        }
        let seen = marks.withLock { $0 }
        func share(_ from: String, _ to: String) -> Double { max(0, (seen[to] ?? 0) - (seen[from] ?? 0)) }
        parts["check", default: 0] += share("begin", "end")
        parts["seal", default: 0] += share("end", "staged")
        parts["commit", default: 0] += share("staged", "done")
        records += plan.rows
    }

    @discardableResult
    private mutating func closeStretch(_ title: String) -> ScaleResult.Stretch {
        let now = Clock.uptime()
        let store = ThreadCosts.now().store
        let rows = Double(records - mark.records)
        parts["compact"] = store - mark.store
        let seen = probe.take()
        paused += seen.paused
        let stretch = ScaleResult.Stretch(
            records: records, rate: rows / (now - mark.time), overall: Double(records) / (now - began),
            cpu: parts.mapValues { $0 / rows * 1e6 }, peakMegabytes: peakMegabytes(),
            bytesPerRecord: (try? bytesPerRecord()) ?? 0, runs: seen.runs, reads: ScaleResult.Latency(seen.micros),
            pausedSeconds: seen.paused)
        mark = (now, records, store)
        parts = [:]
        let cpu = stretch.cpu.sorted { $0.key < $1.key }.map { "\($0.key) \(two($0.value))" }.joined(separator: "、")
        print(
            "\(title)：本段每秒 \(Int(stretch.rate)) 行，总计每秒 \(Int(stretch.overall)) 行；每行 CPU 微秒：\(cpu)；内存峰值 \(stretch.peakMegabytes) MB，"
                + "每条 \(two(stretch.bytesPerRecord)) 字节，有序段最多 \(stretch.runs)，暂停 \(two(stretch.pausedSeconds)) 秒；读履历 "
                + (stretch.reads?.text ?? "—"))
        return stretch
    }

    /// Waits until compaction has nothing more to do; seconds.
    private func settle() async throws -> Double {
        let start = Clock.uptime()
        while try !directory.archive.backlog().isSettled { try await Task.sleep(for: .milliseconds(50)) }
        return Clock.uptime() - start
    }

    /// The same reads at the same low rate when nothing else goes on: the measure of those during the load.
    private mutating func compareReads() async throws {
        _ = probe.take()
        try await Task.sleep(for: .seconds(20))
        result.reads["probeIdle"] = ScaleResult.Latency(probe.take().micros)
        guard let idle = result.reads["probeIdle"], let worst = result.stretches.compactMap({ $0.reads?.p99 }).max() else { return }
        print("同样的读取，空闲时 \(idle.text)；报送时各段 p99 最高 \(two(worst)) µs，为 \(two(worst / idle.p99)) 倍，目标 5 倍")
    }

    private func bytesPerRecord() throws -> Double {
        Double(try directory.archive.backlog().diskBytes) / Double(max(1, records))
    }
}

/// Parts of the way in, each alone on a million rows of one thread: CPU microseconds a row.
enum ScaleParts {
    static func measure(_ city: ScaleCity, secret: consuming SubjectKeyMaker, today: CivilDate) async throws -> [String: Double] {
        let rows = 1_000_000
        let delivery = ScaleDelivery(content: .water, round: 0, first: 0, rows: min(rows, city.subjects))
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let (_, generating) = try await Cost.of {
            let stream = ScaleStream(delivery, city: city)
            while try stream.read(into: &buffer, at: 0) > 0 {}
        }
        let (_, decoding) = try await Cost.of {
            let reader = try TableFile.open(ScaleStream(delivery, city: city), name: "")
            while try reader.next(maximumRows: 2048) != nil {}
        }
        let identifiers = (0..<10_000).compactMap { city.identifier(of: $0 * 37 % city.subjects, on: today) }
        let start = Clock.uptime()
        var sum: UInt64 = 0
        for identifier in identifiers { sum &+= secret.key(of: identifier).low }
        let hashing = Clock.uptime() - start
        guard sum != 1 else { return [:] }  // keeps the loop from being left out
        let perRow = 1e6 / Double(delivery.rows)
        return [
            "generate": generating.cpu * perRow, "decode": (decoding.cpu - generating.cpu) * perRow,
            "hash": hashing * 1e6 / Double(identifiers.count),
        ]
    }
}
