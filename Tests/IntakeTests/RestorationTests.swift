import Archive
import FoundationEssentials
import Identifiers
import Intake
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
            lines.append("\(readWhole(directory.store.rejectionsPath(delivery.number)) ?? [])")
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
        var seen: [(delivery: UInt32, at: Clocks, figures: [String])] = []
        let half = manifest.files.count / 2
        for (index, file) in manifest.files.enumerated() {
            let bytes = try #require(readWhole(folder + "/" + file.path))
            city.setClock(date(file.delivered))
            let done = try await city.deliver(bytes, resource: file.resource, provider: file.provider, name: file.path)
            if index == half || index == half / 2 || index == half + 3 {
                // Just after the commit: nothing later is known at its knowledge time.
                let at = Clocks(asOf: TestCity.today, knownAt: try #require(done.known))
                seen.append((done.number, at, try figures(city.directory, at: at)))
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
        try await city.deliver(header + Penalties.row(["行政处罚决定文书号": "更正后"]) + ",\(first.number)-1,更正\n")
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
}
