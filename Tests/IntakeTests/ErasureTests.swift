import Archive
import Identifiers
@testable import Intake
import Registry
import Testing

@Suite("Withdrawn deliveries are erased") struct ErasureTests {
    @Test("a view of earlier times has them until they are erased, and then says what it lacks; a restart changes nothing")
    func views() async throws {
        let city = try TestCity()
        try await city.deliver(Penalties.csv([:]))
        try await city.deliver(Penalties.csv(["行政处罚决定文书号": "2号"]))
        let before = city.clock()
        _ = try city.desk.withdraw(2, reason: "报错", at: city.clock())
        func records(_ knownAt: Instant?, in directory: DataDirectory) throws -> (ids: [RecordID], erased: [UInt32]) {
            let reader = SubjectReader(directory: directory, book: TestCity.book)
            let recognised = Identifier.recognise(Array(Penalties.firm.utf8).span, on: TestCity.today)
            let firm = try #require(recognised)
            let file = try #require(
                try reader.file(of: reader.key(of: firm), at: Clocks(asOf: TestCity.today, knownAt: knownAt ?? city.clock())))
            return (try file.records.map(\.id), file.erased)
        }
        let first = RecordID(delivery: 1, row: 1)
        let second = RecordID(delivery: 2, row: 1)
        #expect(try records(nil, in: city.directory).ids == [first])
        #expect(try records(before, in: city.directory).ids == [first, second])

        // Not yet due, then due; once is enough.
        #expect(try city.desk.erase(withdrawnUntil: before, at: city.clock()).isEmpty)
        let now = city.clock()
        #expect(try city.desk.erase(withdrawnUntil: now, at: now) == [2])
        #expect(try city.desk.erase(withdrawnUntil: now, at: now).isEmpty)
        for isRemoved in [false, true] {
            if isRemoved { #expect(try city.desk.removeErased(at: city.clock()) == [2]) }
            #expect(try records(before, in: city.directory) == ([first], [2]))
            #expect(try records(nil, in: city.directory) == ([first], []))
            let report = try Verification(directory: city.directory).run { _ in }
            #expect(report.isWhole && report.unremoved == (isRemoved ? 0 : 1))
        }
        #expect(try city.desk.removeErased(at: city.clock()).isEmpty)
        let delivery = try #require(try city.directory.registry.deliveries.find(2))
        #expect(delivery.erasedAt == now && delivery.state == .withdrawn)
        try city.directory.close()
        let again = try DataDirectory.open(city.path)
        #expect(try records(before, in: again) == ([first], [2]))
        #expect(try Verification(directory: again).run { _ in }.isWhole)
        try again.close()
    }

    @Test("what a process did not finish removing is removed by the next; verify is clean all the way")
    func restart() async throws {
        let city = try TestCity()
        try await city.deliver(Penalties.csv([:]))
        try await city.deliver(Penalties.csv(["行政处罚决定文书号": "2号"]))
        _ = try city.desk.withdraw(2, reason: "报错", at: city.clock())
        #expect(try city.desk.erase(withdrawnUntil: .distantFuture, at: city.clock()) == [2])
        city.directory.archive.stopRewriting()
        #expect(throws: ArchiveFault.self) { try city.desk.removeErased(at: city.clock()) }
        try city.directory.close()
        let again = try DataDirectory.open(city.path)
        let desk = DeliveryDesk(directory: again, book: TestCity.book)
        #expect(try Verification(directory: again).run { _ in }.isWhole)
        #expect(try desk.removeErased(at: city.clock()) == [2])
        let report = try Verification(directory: again).run { _ in }
        #expect(report.isWhole && report.unremoved == 0 && report.entries == 1)
        try again.close()
    }

    @Test("only withdrawn deliveries are erased, whatever the limit")
    func onlyWithdrawn() async throws {
        let city = try TestCity()
        try await city.deliver(Penalties.csv([:]))
        #expect(try city.desk.erase(withdrawnUntil: .distantFuture, at: city.clock()).isEmpty)
        #expect(try city.file(Penalties.firm)?.records.count == 1)
    }
}
