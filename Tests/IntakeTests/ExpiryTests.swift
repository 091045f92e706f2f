import Archive
import Cryptography
import Disk
import FoundationEssentials
import Identifiers
@testable import Intake
import Ledger
import Policy
import Registry
import Testing

@Suite("What is over its term is given up, and nothing else") struct ExpiryTests {
    /// The city's book, its terms confirmed.
    private static let confirmed: PolicyBook = {
        do {
            var files = try PolicyBook.texts(in: TestCity.root + "/PolicyBook")
            files["retention.yaml"] = files["retention.yaml"]?.replacing("on: }", with: "on: 2026-01-05}")
            return try PolicyBook.load(files: files, on: TestCity.today)
        } catch { preconditionFailure("\(error)") }
    }()

    private func expiry(_ city: TestCity, _ book: PolicyBook = Self.confirmed) -> Expiry {
        Expiry(desk: DeliveryDesk(directory: city.directory, book: book))
    }

    @Test("records go on the day, with files that nothing else stands on; both logs and a full verification stay whole")
    func records() async throws {
        let city = try TestCity()
        let old = try await city.deliver(Penalties.csv([:], ["处罚决定日期": "不是日期"]))
        city.setClock(date("2027-02-01"))
        let young = try await city.deliver(Penalties.csv(["行政处罚决定文书号": "2号"]))
        let before = city.clock()
        #expect(old.accepted == 1 && old.rejected == 1)

        city.setClock(date("2036-06-29"))
        #expect(try expiry(city).due(at: city.clock()).isEmpty)
        city.setClock(date("2036-06-30"))
        let due = try expiry(city).due(at: city.clock())
        #expect(due.records.map(\.delivery) == [old.number] && due.keys.isEmpty && due.unconfirmed.isEmpty)
        let reason = try #require(due.records.first?.reason)
        #expect(reason.contains("第 3 类") && reason.contains("保存 10 年") && reason.contains("国办发") == false && reason.contains("《"))

        let done = try expiry(city).run(at: city.clock())
        #expect(done.records.map(\.delivery) == [old.number] && done.keys.map(\.year) == [2026])
        #expect(try city.file(Penalties.firm)?.records.map(\.id) == [RecordID(delivery: young.number, row: 1)])
        #expect(try city.file(Penalties.firm, knownAt: before)?.records.count == 1, "views of earlier times too")
        let delivery = try #require(try city.directory.registry.deliveries.find(old.number))
        #expect(delivery.withdrawalReason == reason && delivery.erasedAt != nil)
        _ = try city.desk.removeErased(at: city.clock())

        #expect(throws: (any Error).self) { try city.directory.store.raw(old.digest).pieces { _ in } }
        #expect(throws: (any Error).self) { try city.directory.store.rejections(of: old.number) }
        #expect(try city.directory.store.raw(young.digest).bytes().count > 100)
        let source = SourceReader(directory: city.directory, book: TestCity.book)
        #expect(try source.row(RecordID(delivery: old.number, row: 1)) == nil && source.row(RecordID(delivery: young.number, row: 1)) != nil)
        #expect(try city.directory.store.returned(by: delivery).isEmpty)
        let report = try Verification(directory: city.directory).run { _ in }
        #expect(report.isWhole && report.keyDestroyed.count == 2 && report.entries == 1)
        let ledger = try LedgerAudit(directory: city.directory).run { _ in }
        #expect(ledger.faults.isEmpty && ledger.hidden == 2)
        #expect(try expiry(city).due(at: city.clock()).isEmpty)
    }

    @Test("a key under which something lies that records stand on stays, however old")
    func keys() async throws {
        let city = try TestCity()
        try await city.deliver(Penalties.csv([:]))
        let registered = try await city.deliver(Penalties.csv(["行政处罚决定文书号": "3号"]))
        _ = try city.desk.withdraw(registered.number, reason: "报错", at: city.clock())
        city.setClock(date("2032-01-01"))
        #expect(try expiry(city).due(at: city.clock()).keys.isEmpty)
        // Once nothing stands on them: withdrawn ones only until they are erased.
        _ = try city.desk.withdraw(1, reason: "报错", at: city.clock())
        #expect(try expiry(city).due(at: city.clock()).keys.isEmpty)
        _ = try city.desk.erase(withdrawnUntil: .distantFuture, at: city.clock())
        #expect(try expiry(city).due(at: city.clock()).keys.map(\.body) == ["ZMD-SCJG"])
        #expect(try expiry(city).due(at: Instant(startOf: date("2029-12-31"))).keys.isEmpty, "the third year after 2026 is not over")
    }

    @Test("a kept file that does not say which key sealed it ends the run before any key is destroyed")
    func unreadable() async throws {
        let city = try TestCity()
        let delivery = try await city.deliver(Penalties.csv([:]))
        city.setClock(date("2032-01-01"))
        let path = city.directory.store.rawPath(delivery.digest)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".aside")
        #expect(FileManager.default.createFile(atPath: path, contents: Data([1, 2, 3])))
        #expect(throws: DeliveryFault.self) { try expiry(city).run(at: city.clock()) }
        #expect(try city.directory.accessRegistry.keys.list().allSatisfy { $0.wrapped != nil })
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + ".aside", toPath: path)
        #expect(try expiry(city).run(at: city.clock()).isEmpty)
    }

    @Test("a term that its owner has not confirmed is said, and nothing is given up by it")
    func unconfirmed() async throws {
        let city = try TestCity()
        try await city.deliver(Penalties.csv([:]))
        city.setClock(date("2040-01-01"))
        let done = try expiry(city, TestCity.book).run(at: city.clock())
        #expect(done.isEmpty && done.unconfirmed.count == 1 && done.unconfirmed[0].hasPrefix("1 批"))
        #expect(try city.file(Penalties.firm)?.records.count == 1)
    }

    @Test("old access events lose salt and content and keep their place; closed alerts and ended consents go, open ones stay")
    func events() throws {
        let city = try TestCity()
        let access = city.directory.accessRegistry
        let times = ["2026-07-01", "2026-07-02", "2030-07-01"].map { Instant(startOf: date($0)) }
        let subject = RegistryKey(high: 1, low: 2)
        for (number, time) in times.enumerated() {
            var event = AccessEvent(
                at: time, action: .query, actor: "liu", actorName: "刘一", role: "window-clerk", body: "ZMD-SCJG", address: "10.0.0.1", channel: "web")
            event.subject = subject
            event.detail = "事件 \(number)"
            let kept = try access.events.append([event], salts: [[UInt8](repeating: UInt8(number), count: 16)]) { LeafData(bytes: $0.leafBytes ?? []).hash.hex }
            // The last is not in the tree yet.
            if number < 2 { try city.directory.accessTree.append(kept.map { LeafData(bytes: $0.leafBytes ?? []).hash }) }
            _ = try access.alerts.raise(Alert(rule: "volume", about: "liu", day: time.date, text: "多", raised: time))
            _ = try access.alerts.close(Int64(number + 1), finding: "查实", by: "shenji", at: time)
            _ = try access.consents.add(
                Consent(
                    subject: subject, recipient: "BANK", purpose: "RZ", items: "", from: time, to: Instant(milliseconds: time.milliseconds + (number == 1 ? 315_360_000_000 : 1000)), textVersion: "1",
                    givenBy: "geren", given: time))
        }
        try city.directory.accessTree.sign(at: 1)
        let now = Instant(startOf: date("2031-07-02"))
        let done = try expiry(city).run(at: now)
        #expect((done.events, done.alerts, done.consents) == (1, 1, 1))
        let events = try access.events.events(from: 0, limit: 10)
        #expect(events.map { $0.salt == nil } == [true, false, false])
        #expect(events[0].actor.isEmpty && events[0].subject == nil && events[0].detail.isEmpty && events[0].position == 0)
        let ledger = try LedgerAudit(directory: city.directory).run { _ in }
        #expect(ledger.faults.isEmpty && ledger.hidden == 1 && ledger.events == 3)
        #expect(try access.events.search(AccessEvents.Filter(), limit: 10, offset: 0).total == 2)
        #expect(try access.alerts.list().map(\.number).sorted() == [2, 3])
        #expect(try access.consents.of(subject).map(\.number) == [3, 2])
        #expect(try expiry(city).due(at: now).isEmpty)
        // What the tree does not have yet is never erased: its leaf could not be made any more.
        #expect(try expiry(city).run(at: Instant(startOf: date("2050-01-01"))).events == 1)
    }
}
