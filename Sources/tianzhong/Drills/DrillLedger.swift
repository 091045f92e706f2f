import Archive
import Cryptography
import Disk
import Identifiers
import Intake
import Policy
import Registry

/// What a drill was promised, and whether it holds after a restart.
struct DrillLedger {
    let data: String
    let book: PolicyBook
    /// What each file must become, by the digest of its bytes.
    private var files: [String: DrillFiles.File] = [:]
    /// Receipts that were given: delivery and digest.
    private var receipts: [UInt32: String] = [:]
    /// Deliveries that were said to be committed.
    private var done: Set<UInt32> = []

    private(set) var recoveries = 0
    /// Seconds of the slowest start.
    private(set) var slowest = 0.0
    private(set) var lost = 0
    private(set) var doubled = 0
    /// Everything that was not as it must be, one sentence each.
    private(set) var faults: [String] = []

    var promised: Int { receipts.count }

    init(data: String, book: PolicyBook) {
        self.data = data
        self.book = book
    }

    mutating func expect(_ file: DrillFiles.File) throws {
        var digest = SM3()
        guard readPieces(of: file.path, { digest.update($0) }) else { throw Exit(66, "打不开文件 \(file.path)") }
        files[digest.finish().hex] = file
    }

    /// Writes down what a process said before it ended.
    mutating func note(_ lines: [DrillLine]) {
        for line in lines {
            switch line {
            case .step: break
            case .receipt(let number, let digest): noteReceipt(number, digest: digest)
            case .done(let number, _, _): done.insert(number)
            }
        }
    }

    mutating func noteReceipt(_ number: UInt32, digest: String) {
        if let other = receipts[number], other != digest { faults.append("第 \(number) 批给了两份不同的文件") }
        receipts[number] = digest
    }

    /// Starts anew, holds everything against what was promised, finishes what was received, and reads all of it again.
    mutating func restart() async throws {
        let start = Clock.uptime()
        let directory: DataDirectory
        do { directory = try DataDirectory.open(data) } catch {
            faults.append("重新启动失败：\(error)")
            return
        }
        slowest = max(slowest, Clock.uptime() - start)
        recoveries += 1
        try checkLeftovers()
        try checkPromises(directory)
        let desk = DeliveryDesk(directory: directory, book: book)
        for delivery in try directory.registry.deliveries.unfinished() {
            if try directory.archive.marker(of: delivery.number) != nil { faults.append("第 \(delivery.number) 批只到了一半") }
            _ = try await desk.work(on: delivery.number, clock: { Clock.now() })
        }
        try checkTotals(directory)
        faults += try Verification(directory: directory).run { _ in }.faults
        try directory.close()
    }

    private mutating func checkLeftovers() throws {
        for folder in ["incoming", "staging"] {
            let names = try SystemDisk().names(in: "\(data)/deliveries/\(folder)")
            if !names.isEmpty { faults.append("\(folder) 中有残留：\(names)") }
        }
    }

    private mutating func checkPromises(_ directory: DataDirectory) throws {
        for (number, digest) in receipts {
            guard let delivery = try directory.registry.deliveries.find(number), delivery.digest == digest else {
                lost += 1
                faults.append("回执第 \(number) 批不见了")
                continue
            }
            if done.contains(number), delivery.state != .committed {
                lost += 1
                faults.append("第 \(number) 批说已入库，重启后是“\(delivery.state.name)”")
            }
        }
    }

    /// Every delivery has the rows of its file, and no file is there twice. The verification holds entries against totals.
    private mutating func checkTotals(_ directory: DataDirectory) throws {
        var seen: Set<String> = []
        var offset = 0
        while true {
            let page = try directory.registry.deliveries.list(limit: 500, offset: offset).deliveries
            guard !page.isEmpty else { return }
            offset += page.count
            for delivery in page {
                guard let file = files[delivery.digest] else {
                    faults.append("第 \(delivery.number) 批不是报送过的文件")
                    continue
                }
                if !seen.insert(delivery.digest).inserted {
                    doubled += 1
                    faults.append("文件 \(file.path) 入了两次")
                }
                if delivery.state != .committed || delivery.rows != file.rows || delivery.accepted != file.accepted {
                    faults.append(
                        "第 \(delivery.number) 批“\(delivery.state.name)”\(delivery.rows) 行入库 \(delivery.accepted)，应为 \(file.rows) 行入库 \(file.accepted)")
                }
            }
        }
    }
}
