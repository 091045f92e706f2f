import ArgumentParser
import Dispatch
import Foundation
import Glibc
import Intake
import Policy
import Registry
import Synchronization

/// Kills a server at random moments while many look at its records, and holds every answer that left against the access log:
/// no look is shown before its event is durable.
struct LooksDrill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "looks", abstract: "在查询中随机杀死进程（SIGKILL），重启后每一次有答复的查询都须有记录")
    @OptionGroup var place: PlaceOptions
    @Option(help: "杀多少次") var count = 200
    @Option(help: "同时查询的人数") var readers = 8
    @Option(help: "随机种子") var seed: UInt64 = 1

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            try await withScratch { folder in
                let data = "\(folder)/data"
                try DataDirectory.initialise(data)
                let rows = try await fill(data, book, in: folder)
                var tally = LooksTally()
                var chance = SplitMix(seed: seed, turn: 0)
                let start = Clock.uptime()
                for kill in 0..<count where tally.faults.isEmpty {
                    let server = try DrilledServer(data: data, book: place.book, reserve: 256, in: folder)
                    // From beside, in the middle of whatever is under way.
                    server.program.signal(SIGKILL, after: Double.random(in: 0.005..<0.12, using: &chance))
                    let answered = Self.look(at: rows, through: server.client, readers: readers, kill: kill)
                    _ = server.program.wait()
                    try tally.hold(answered, against: data)
                }
                tally.close()
                tally.show(kills: count, seconds: Clock.uptime() - start)
                if !tally.faults.isEmpty { throw ExitCode(3) }
            }
        }
    }

    /// - Returns: how many rows there are to look at, from row 2 on.
    private func fill(_ data: String, _ book: PolicyBook, in folder: String) async throws -> Int {
        var files = try DrillFiles(in: "\(folder)/files")
        var ledger = DrillLedger(data: data, book: book)
        let file = try files.next(rows: 40, workbook: false)
        try ledger.expect(file)
        let server = try DrilledServer(data: data, book: place.book, reserve: 256, in: folder)
        guard let receipt = server.client.deliver(file.path).receipt else { throw Exit(70, "演练的报送没有被接收") }
        ledger.noteReceipt(receipt.number, digest: receipt.digest)
        _ = server.program.kill(after: 0)
        try await ledger.restart()
        if let fault = ledger.faults.first { throw Exit(70, fault) }
        return file.accepted
    }

    /// Looks, each with a case number of its own, until nobody answers any more.
    ///
    /// - Returns: the case numbers of the looks whose answer came.
    private static func look(at rows: Int, through client: DrilledServer.Client, readers: Int, kill: Int) -> [String] {
        let found = Mutex<[String]>([])
        let group = DispatchGroup()
        // A thread for each: all of them look at once, so that their events share a sync.
        for reader in 0..<readers {
            group.enter()
            Thread.detachNewThread {
                let answered = look(at: rows, through: client, naming: { "\(kill)-\(reader)-\($0)" }, from: reader * 31)
                found.withLock { $0 += answered }
                group.leave()
            }
        }
        group.wait()
        return found.withLock { $0 }
    }

    private static func look(at rows: Int, through client: DrilledServer.Client, naming: (Int) -> String, from first: Int) -> [String] {
        var answered: [String] = []
        var turn = 0
        while true {
            turn += 1
            let row = 2 + (first + turn) % rows
            let path = turn % 3 == 0 ? "/api/v1/records/1-\(row)/source?" : "/api/v1/records/1-\(row)?scope=all&"
            let answer = client.get("\(path)purpose=YY&case=\(naming(turn))")
            guard answer.status != 0 else { return answered }
            // An answer that the kill cut short, head and no body, was not seen by anybody.
            if answer.status != 200 { answered.append("\(naming(turn))：\(answer.status)") } else if !answer.body.isEmpty { answered.append(naming(turn)) }
        }
    }
}

/// What the restarts found.
private struct LooksTally {
    private var answered = 0
    private var recorded = 0
    private var lost = 0
    /// Recorded, and the answer never came: allowed.
    private var unanswered = 0
    /// The log's next place.
    private var position: Int64 = 0
    private(set) var faults: [String] = []

    /// Every answer has one event, and both logs hold together.
    mutating func hold(_ cases: [String], against data: String) throws {
        let directory = try DataDirectory.open(data)
        defer { try? directory.close() }
        var events: [String: Int] = [:]
        while true {
            let page = try directory.accessRegistry.events.events(from: position, limit: 4096)
            for event in page where event.action.isLook && event.isAllowed && event.subject != nil {
                events[event.caseNumber, default: 0] += 1
            }
            guard let end = page.last else { break }
            position = end.position + 1
        }
        for name in cases where events[name] != 1 {
            lost += 1
            faults.append("查询 \(name) 已有答复，记录 \(events[name] ?? 0) 条")
        }
        answered += cases.count
        recorded += events.count
        unanswered += events.count - cases.count
        faults += try LedgerAudit(directory: directory).run { _ in }.faults
    }

    /// A drill that met no answers has shown nothing.
    mutating func close() {
        if answered == 0 { faults.append("没有一次查询得到答复：演练不算数") }
    }

    func show(kills: Int, seconds: Double) {
        print("杀 \(kills) 次（每秒 \(two(Double(kills) / max(seconds, 0.001))) 次）；答复 \(answered) 次，记录 \(recorded) 条，丢失 \(lost)，有记录而答复未到 \(unanswered)")
        for fault in faults.prefix(20) { print("不符：\(fault)") }
        print(faults.isEmpty ? "每一次有答复的查询都有记录" : "发现 \(faults.count) 处不符")
    }
}
