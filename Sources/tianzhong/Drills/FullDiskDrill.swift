import Disk
import FoundationEssentials
import Glibc
import Policy

/// A server on a small disk, a file that takes the disk's space up, and what the server answered.
struct FullDiskDrill {
    let disk: SmallDisk
    private let folder: String
    private let bookPath: String
    private let reserve: Int
    private let ballast: String
    private var ledger: DrillLedger
    private var files: DrillFiles
    private var file: DrillFiles.File
    private var server: DrilledServer

    private var steps = 0
    private var accepted = 0
    private var refused = 0
    /// Looks refused because their event found no space: only without a reserve.
    private var unrecorded = 0
    /// The process stopped because a store's own write failed.
    private var stops = 0
    private var slowestReturn = 0.0
    private(set) var faults: [String] = []

    /// Space beside reserve and steps for the stores' own files.
    private static let room = 96 << 20

    init(folder: String, book: PolicyBook, bookPath: String, reserve: Int) throws {
        self.folder = folder
        self.bookPath = bookPath
        self.reserve = reserve
        disk = try SmallDisk(at: "\(folder)/disk", bytes: reserve << 20 + Self.room)
        ballast = "\(disk.path)/ballast"
        let data = "\(disk.path)/data"
        files = try DrillFiles(in: "\(folder)/files")
        ledger = DrillLedger(data: data, book: book)
        do {
            _ = try DrilledProgram([DrilledProgram.path, "init", "--data", data], in: folder).wait()
            server = try DrilledServer(data: data, book: bookPath, reserve: reserve, in: folder)
            file = try files.next(rows: 20, workbook: false)
            try ledger.expect(file)
        } catch {
            disk.unmount()
            throw error
        }
    }

    /// Steps through free space; every sixty-fourth step all space comes back for a moment.
    mutating func run(from start: Int, to end: Int, by step: Int) async throws {
        try deliverOne()
        guard isSettled(within: 5) else { throw Exit(70, "演练的第一批没有入库") }
        for free in stride(from: start, through: end, by: step) where faults.isEmpty {
            steps += 1
            do { try leave(free: free) } catch {
                faults.append("\(free >> 10) KiB：\(error)")
                break
            }
            // From the kept file, and from the archive. No look goes unrecorded: where nothing is kept in reserve for its event, it is refused.
            for path in ["/api/v1/records/1-2/source?purpose=YY&case=drill", "/api/v1/records/1-2?scope=all&purpose=YY&case=drill"] {
                let answer = server.client.get(path)
                if answer.status == 507, reserve == 0 { unrecorded += 1 } else if answer.status != 200, try await !restartIfStopped() { faults.append("剩 \(free >> 10) KiB 时查询 \(path) 得到 \(answer.status)") }
            }
            try await deliver(whileFree: free)
            if steps % 64 == 0 { try await giveBack() }
        }
        try await giveBack()
        server.program.signal(SIGTERM)
        _ = server.program.wait()
        try await ledger.restart()
        faults += ledger.faults
        // With a reserve the store never meets the end of the disk; without one its own failed write ends the process.
        if reserve > 0, stops > 0 { faults.append("留有余量，进程仍自停 \(stops) 次") }
    }

    private mutating func deliver(whileFree free: Int) async throws {
        let answer = server.client.deliver(file.path)
        if let receipt = answer.receipt {
            try note(receipt)
        } else if answer.status == 507, answer.body.contains("磁盘") {
            refused += 1
        } else if try await !restartIfStopped() {
            faults.append("剩 \(free >> 10) KiB 时报送得到 \(answer.status)：\(answer.body.prefix(200))")
        }
    }

    private mutating func deliverOne() throws {
        let answer = server.client.deliver(file.path)
        guard let receipt = answer.receipt else { throw Exit(70, "演练的报送得到 \(answer.status)：\(answer.body)") }
        try note(receipt)
    }

    private mutating func note(_ receipt: (number: UInt32, digest: String)) throws {
        accepted += 1
        ledger.noteReceipt(receipt.number, digest: receipt.digest)
        file = try files.next(rows: 20, workbook: false)
        try ledger.expect(file)
    }

    /// All space comes back: a delivery is taken, and everything received is committed, within five seconds.
    private mutating func giveBack() async throws {
        try SystemDisk().remove(ballast)
        _ = try await restartIfStopped()
        let start = Clock.uptime()
        guard let receipt = server.client.deliver(file.path).receipt else {
            faults.append("空间恢复后报送没有被接收")
            return
        }
        try note(receipt)
        if !isSettled(within: 5) { faults.append("空间恢复后 5 秒内没有处理完已接收的批次") }
        slowestReturn = max(slowestReturn, Clock.uptime() - start)
    }

    /// Whether nothing that was received waits any more.
    private func isSettled(within seconds: Double) -> Bool {
        let end = Clock.uptime() + seconds
        while Clock.uptime() < end {
            let waiting = server.client.get("/api/v1/deliveries?state=received")
            if waiting.status == 200, waiting.body.contains("\"total\":0") || waiting.body.contains("\"total\" : 0") { return true }
            usleep(50_000)
        }
        return false
    }

    /// Where a store's own write ended the process: some room is made, everything promised is looked for, and it is started again.
    private mutating func restartIfStopped() async throws -> Bool {
        guard server.client.get("/api/v1/healthz").status == 0 else { return false }
        stops += 1
        _ = server.program.kill(after: 0)
        try SystemDisk().remove(ballast)
        try await ledger.restart()
        faults += ledger.faults
        server = try DrilledServer(data: ledger.data, book: bookPath, reserve: reserve, in: folder)
        return true
    }

    /// Lets so many bytes free: the ballast grows or shrinks.
    private func leave(free: Int) throws {
        let descriptor = unsafe open(ballast, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Exit(70, "不能写入 \(ballast)") }
        defer { close(descriptor) }
        let present = Int(lseek(descriptor, 0, SEEK_END))
        let now = Int(try SystemDisk().freeBytes(at: disk.path))
        let size = present + now - free
        if size < present { ftruncate(descriptor, max(0, size)) } else { posix_fallocate(descriptor, 0, max(1, size)) }
    }

    func show() {
        print("每步 64 KiB 走了 \(steps) 步，余量 \(reserve) MiB：查询\(unrecorded == 0 ? "全部应答" : "因无处留痕而拒绝 \(unrecorded) 次")；报送接收 \(accepted)，507 \(refused)，进程自停后重启 \(stops)")
        print("空间恢复后继续，最慢 \(two(slowestReturn)) 秒；丢失 \(ledger.lost)，重复 \(ledger.doubled)")
        for fault in faults.prefix(20) { print("不符：\(fault)") }
        print(faults.isEmpty ? "核对无误" : "发现 \(faults.count) 处不符")
    }
}
