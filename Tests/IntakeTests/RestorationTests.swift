import Archive
import FoundationEssentials
import Identifiers
import Intake
import Ledger
import Policy
import Registry
import Simulation
import Testing

@Suite("What was backed up comes back byte for byte")
struct RestorationTests {
    /// Everything that people see of a directory at some clocks, as text.
    private func figures(_ directory: DataDirectory, at clocks: Clocks) throws -> [String] {
        var lines: [String] = []
        let reader = SubjectReader(directory: directory, book: TestCity.book)
        var subjects: Set<SubjectKey> = []
        try directory.archive.scan { subject, _ in subjects.insert(subject) }
        for (index, key) in subjects.sorted().enumerated() where index % 5 == 0 {
            guard let file = try reader.file(of: key, at: clocks) else { continue }
            lines.append("\(file.subject) \(try file.records.map { "\($0.id) \($0.entry) \($0.values) \($0.superseded) \($0.repeats)" })")
        }
        let times = directory.times.snapshot()
        for delivery in try directory.registry.deliveries.all() {
            if let known = delivery.known, known > clocks.knownAt { continue }
            guard delivery.received <= clocks.knownAt else { continue }
            let withdrawn = times.withdrawn(delivery.number).flatMap { $0 <= clocks.knownAt ? $0 : nil }
            lines.append("\(delivery.number) \(delivery.fileName) \(delivery.digest) \(delivery.received) \(delivery.known as Any) \(delivery.totals) \(withdrawn as Any)")
            lines.append("\(try directory.store.rejections(of: delivery.number))")
        }
        return lines
    }

    private func restored<T>(
        _ city: TestCity, point: Int? = nil, delivery: UInt32? = nil, _ body: (DataDirectory, RestorationReport) throws -> T
    ) async throws -> T {
        let target = city.path + "-restored"
        defer { try? FileManager.default.removeItem(atPath: target) }
        let restoration = Restoration(repository: try BackupRepository(path: city.path + "-backup"), target: target)
        let report =
            if let delivery { try await restoration.run(delivery: delivery, book: TestCity.book) } else { try restoration.run(point: point) }
        let directory = try DataDirectory.open(target)
        defer { try? directory.close() }
        return try body(directory, report)
    }

    @discardableResult
    private func backup(_ city: TestCity) throws -> BackupReport {
        try Backup(directory: city.directory, repository: .make(city.path + "-backup")).run(at: city.clock())
    }

    @Test("a city with corrections and withdrawals: destroyed, restored, restored to a delivery in the middle, the same figures")
    func drill() async throws {
        let city = try TestCity(from: date("2023-01-01"))
        let folder = city.path + "-files"
        defer { for suffix in ["-files", "-backup"] { try? FileManager.default.removeItem(atPath: city.path + suffix) } }
        let manifest = try await City(book: TestCity.book, subjects: 120, seed: 5, today: TestCity.today).write(to: folder) { _, _ in }
        var seen: [(delivery: UInt32, at: Clocks, figures: [String], head: TreeHead)] = []
        let half = manifest.files.count / 2
        for (index, file) in manifest.files.enumerated() {
            let bytes = try #require(readWhole(folder + "/" + file.path))
            city.setClock(date(file.delivered))
            let done = try await city.deliver(bytes, resource: file.resource, provider: file.provider, name: file.path)
            if index == half || index == half / 2 || index == half + 3 {
                // Just after the commit: nothing later is known at its knowledge time.
                let at = Clocks(asOf: TestCity.today, knownAt: try #require(done.known))
                seen.append((done.number, at, try figures(city.directory, at: at), city.directory.ledger.head))
            }
            if index == half {
                try backup(city)
                _ = try city.desk.withdraw(2, reason: "报送有误", at: city.clock())
            }
            if index == half + 2 {
                _ = try city.desk.withdraw(3, reason: "重报", at: city.clock())
                // The bytes of a withdrawn delivery may come again.
                let again = manifest.files[2]
                try await city.deliver(
                    try #require(readWhole(folder + "/" + again.path)), resource: again.resource, provider: again.provider, name: again.path)
            }
        }
        let header = Penalties.header + ",更正记录编号,操作\n"
        let first = try await city.deliver(Penalties.csv([:], ["行政处罚决定文书号": "2号"]))
        let last = try await city.deliver(header + Penalties.row(["行政处罚决定文书号": "更正后"]) + ",\(first.number)-1,更正\n")
        let end = Clocks(asOf: TestCity.today, knownAt: try #require(last.known))
        seen.append((last.number, end, try figures(city.directory, at: end), city.directory.ledger.head))
        try await city.deliver("无效的文件")
        let second = try backup(city)
        let now = Clocks(asOf: TestCity.today, knownAt: city.clock())
        let before = try figures(city.directory, at: now)
        let coverage = "\(try city.directory.registry.deliveries.all())"
        try city.directory.close()
        try FileManager.default.removeItem(atPath: city.path)

        #expect(second.copiedBytes < second.point.byteCount, "the second point shares what did not change")
        let audit = try BackupAudit(repository: BackupRepository(path: city.path + "-backup")).run()
        #expect(audit.isWhole && audit.points == 2 && audit.unused == 0, "\(audit)")
        try await restored(city) { (directory, _) throws in
            #expect(try figures(directory, at: now) == before)
            #expect("\(try directory.registry.deliveries.all())" == coverage)
        }
        for moment in seen {
            try await restored(city, delivery: moment.delivery) { (directory, report) throws in
                #expect(try figures(directory, at: moment.at) == moment.figures, "delivery \(moment.delivery)")
                #expect(directory.times.snapshot().latest == moment.at.knownAt)
                #expect(try directory.registry.deliveries.all().allSatisfy { $0.received <= moment.at.knownAt })
                #expect(report.later > 0)
                // The same deliveries with the same salts are the same tree, which signs again once it is as long as the signed one.
                #expect(directory.ledger.head == moment.head)
                let isNewest = moment.delivery == last.number
                #expect(directory.ledger.isBehind == !isNewest && report.isBehind == !isNewest)
                let desk = DeliveryDesk(directory: directory, book: TestCity.book)
                let request = DeliveryRequest(resource: Penalties.resource, provider: "ZMD-SCJG", fileName: "新.csv", channel: .api)
                var file = try directory.store.incoming(at: city.clock())
                try file.append(Array(Penalties.csv(["行政处罚决定文书号": "恢复后"]).utf8).span)
                let arrived = try file.finish()
                if isNewest {
                    #expect(try desk.receive(arrived, as: request, at: city.clock()).isNew)
                } else {
                    let fault = #expect(throws: DeliveryFault.self) { try desk.receive(arrived, as: request, at: city.clock()) }
                    #expect(fault?.code == .storage && fault?.message.contains("只能查阅") == true)
                    #expect(throws: LedgerFault.self) { try directory.ledger.sign(at: 0) }
                }
            }
        }
    }

    @Test("a flipped byte anywhere in a backup is found and never restored; dropping points leaves the others whole")
    func repository() async throws {
        let city = try TestCity()
        let path = city.path + "-backup"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for number in 1...3 {
            try await city.deliver(Penalties.csv(["行政处罚决定文书号": "\(number)号"], ["处罚决定日期": "2026-02-30"]))
            try backup(city)
        }
        let repository = try BackupRepository(path: path)
        let drill = try FlipDrill(repository: repository)
        #expect(drill.undamaged().isEmpty)
        let missed = drill.run(count: 300, seed: 3)
        #expect(missed.isEmpty, "\(missed)")
        let pieces = try BackupAudit(repository: repository).run().pieces
        let removed = try repository.prune(keep: 2)
        #expect(removed.points == 1 && removed.pieces > 0)
        let audit = try BackupAudit(repository: repository).run()
        #expect(audit.isWhole && audit.points == 2 && audit.pieces == pieces - removed.pieces, "\(audit)")
        try await restored(city) { (directory, report) throws in
            #expect(report.point == 3 && report.verification.deliveries == 3)
            #expect(try directory.registry.deliveries.all() == city.directory.registry.deliveries.all())
        }
        let raw = try #require(try repository.points().last?.files.first { $0.path.contains("raw/") }?.pieces.first)
        FlipDrill.flip("\(path)/files/\(raw.prefix(2))/\(raw)", at: 5, bit: 5)
        await #expect(throws: DataDirectoryFault.self) { try await restored(city) { _, _ in } }
        #expect(!FileManager.default.fileExists(atPath: city.path + "-restored"))
        #expect(try BackupAudit(repository: repository).run().faults.contains { $0.contains("deliveries/raw/") })
        try? FileManager.default.removeItem(atPath: city.path + "-restored.restoring")
    }

    @Test("a restoration that is cut off leaves no target, and the next one goes through; a target in use is not touched")
    func cutOff() async throws {
        struct Killed: Error {}
        let city = try TestCity()
        let path = city.path + "-backup"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await city.deliver(Penalties.csv([:]))
        try backup(city)
        // As a killed process leaves it: some of the files, no more.
        let partial = city.path + "-restored.restoring"
        try FileManager.default.createDirectory(atPath: partial + "/archive", withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: partial + "/archive/CURRENT", contents: Data("x".utf8))
        try await restored(city) { (directory, _) throws in #expect(try directory.registry.deliveries.all().count == 1) }
        #expect(!FileManager.default.fileExists(atPath: partial))
        #expect(throws: DataDirectoryFault.self) {
            try Restoration(repository: BackupRepository(path: path), target: city.path).run(point: nil)
        }
        // A backup that was cut off leaves pieces that no point needs; the next prune removes them.
        _ = FileManager.default.createFile(atPath: path + "/parts/abc", contents: Data("x".utf8))
        let removed = try BackupRepository(path: path).prune(keep: 1)
        #expect(removed.points == 0 && removed.pieces == 1)
    }

    @Test("an older point opens and reads, signs nothing and takes nothing in; another tree under the same heads is found")
    func older() async throws {
        let city = try TestCity()
        let path = city.path + "-backup"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for number in 1...3 {
            try await city.deliver(Penalties.csv(["行政处罚决定文书号": "\(number)号"], ["处罚决定日期": "2026-02-30"]))
            try backup(city)
        }
        let head = city.directory.ledger.head
        try await restored(city, point: 1) { (directory, report) throws in
            #expect(report.verification.isWhole && directory.ledger.isBehind && directory.ledger.size < head.size)
            #expect(directory.ledger.signedSize == head.size)
            let reader = SourceReader(directory: directory, book: TestCity.book)
            #expect(try reader.row(RecordID(delivery: 1, row: 1)) != nil)
            #expect(try directory.store.rejections(of: 1).count == 1)
            let desk = DeliveryDesk(directory: directory, book: TestCity.book)
            #expect(throws: DeliveryFault.self) { try desk.withdraw(1, reason: "误报", at: city.clock()) }
            #expect(try LedgerAudit(directory: directory).run { _ in }.faults.contains { $0.contains("旧备份") })
        }
        try await restored(city, point: 3) { (directory, _) throws in
            #expect(directory.ledger.head == head && !directory.ledger.isBehind)
            #expect(try LedgerAudit(directory: directory).run { _ in }.faults.isEmpty)
        }
        // With other salts the replay is another tree: it is refused where the first signed head is met.
        for number: UInt32 in [2, 3] { try city.directory.accessRegistry.rowSalts.overwrite(number, with: RowSalts().encoded) }
        try backup(city)
        let repository = try BackupRepository(path: path)
        for number in 2...3 {
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(path)/points") where name.hasPrefix("\(number)-") {
                try FileManager.default.removeItem(atPath: "\(path)/points/\(name)")
            }
        }
        #expect(try repository.points().map(\.number) == [1, 4])
        await #expect(throws: LedgerFault.self) { try await restored(city, delivery: 2) { _, _ in } }
        try? FileManager.default.removeItem(atPath: city.path + "-restored.restoring")
    }

    @Test("erasures are done again too; what they destroyed is not, and the store of access is always the newest")
    func erased() async throws {
        let city = try TestCity()
        let path = city.path + "-backup"
        defer { try? FileManager.default.removeItem(atPath: path) }
        func note(_ items: String) throws {
            var event = AccessEvent(
                at: city.clock(), action: .deliver, actor: "演示", actorName: "演示", role: "", body: "ZMD-SCJG", address: "127.0.0.1", channel: "web")
            event.items = items
            _ = try city.directory.accessRegistry.events.append([event], salts: [[UInt8](repeating: 7, count: 16)]) { _ in "" }
        }
        for number in 1...3 { try await city.deliver(Penalties.csv(["行政处罚决定文书号": "\(number)号"])) }
        try note("第一次")
        let first = try backup(city)
        for number in 4...5 { try await city.deliver(Penalties.csv(["行政处罚决定文书号": "\(number)号"])) }
        for number: UInt32 in [2, 3, 4] { _ = try city.desk.withdraw(number, reason: "报错", at: city.clock()) }
        #expect(try city.desk.erase(withdrawnUntil: .distantFuture, at: city.clock()) == [2, 3, 4])
        let last = try await city.deliver(Penalties.csv(["行政处罚决定文书号": "6号"]))
        let head = city.directory.ledger.head
        let before = try city.directory.registry.deliveries.all()
        try await city.deliver(Penalties.csv(["行政处罚决定文书号": "7号"]))
        try note("第二次")
        let second = try backup(city)
        for name in ["access.sqlite", "keys/backend.key", "keys/ledger.pem", "ledger/origin", "ledger/records/level0", "ledger/access/level0", "ledger/signed/records/history"] {
            #expect(second.point.files.contains { $0.path == name }, "\(name)")
        }
        let pieces = { (point: BackupPoint) in point.files.first { $0.path.contains("raw/") }?.pieces }
        #expect(pieces(first.point) != nil && second.point.pieces.isSuperset(of: pieces(first.point) ?? []))
        try await restored(city, delivery: last.number) { (directory, report) throws in
            #expect(report.point == 1 && report.replayed == 3)
            #expect(directory.ledger.head == head && directory.ledger.isBehind)
            #expect(try directory.registry.deliveries.all() == before)
            let faults = try LedgerAudit(directory: directory).run { _ in }.faults
            #expect(faults.count == 1 && faults[0].contains("旧备份"), "\(faults)")
        }
        try await restored(city, point: 1) { (directory, _) throws in
            #expect(try directory.accessRegistry.events.count() == 2 && directory.ledger.isBehind)
        }
        #expect(try city.desk.removeErased(at: city.clock()) == [2, 3, 4])
        try backup(city)
        let fault = await #expect(throws: DataDirectoryFault.self) { try await restored(city, delivery: last.number) { _, _ in } }
        #expect(fault?.message.contains("第 4 批后来已依法清除") == true, "\(fault as Any)")
        try? FileManager.default.removeItem(atPath: city.path + "-restored.restoring")
    }
}
