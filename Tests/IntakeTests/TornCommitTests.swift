import Archive
import Dispatch
import Identifiers
import Intake
import Registry
import Testing

@Suite("A commit torn between the stores")
struct TornCommitTests {
    /// Keeps the registry's writer busy for longer than anybody waits for it.
    private final class Blocker: Sendable {
        private let driver: SQLiteDriver
        private let release = DispatchSemaphore(value: 0)

        init(_ city: TestCity) throws { driver = try SQLiteDriver(path: "\(city.path)/registry.sqlite") }

        func hold() {
            let held = DispatchSemaphore(value: 0)
            DispatchQueue.global().async { [driver, release] in
                try? driver.write { _ in
                    held.signal()
                    release.wait()
                }
            }
            held.wait()
        }

        func letGo() { release.signal() }
    }

    @Test("nobody sees it, and it is finished before the next delivery, whose knowledge time is later")
    func torn() async throws {
        let city = try TestCity()
        let blocker = try Blocker(city)
        var file = try city.directory.store.incoming(at: city.clock())
        try file.append(Array(Penalties.csv([:]).utf8).span)
        let request = DeliveryRequest(resource: Penalties.resource, provider: "ZMD-SCJG", fileName: "一.csv", channel: .api)
        let (first, _) = try city.desk.receive(file.finish(), as: request, at: city.clock())
        await #expect(throws: RegistryFault.self) {
            try await city.desk.work(on: first.number, clock: { city.clock() }) { if $0 == .archived { blocker.hold() } }
        }
        blocker.letGo()
        #expect(try city.directory.registry.deliveries.find(first.number)?.state == .received)
        #expect(try city.directory.archive.marker(of: first.number) != nil)
        #expect(try city.file(Penalties.firm)?.records.isEmpty ?? true)
        let second = try await city.deliver(Penalties.csv(["行政处罚决定文书号": "2号"]))
        let done = try #require(try city.directory.registry.deliveries.find(first.number))
        #expect(done.state == .committed && done.accepted == 1)
        #expect(try #require(done.known) < #require(second.known))
        #expect(try city.file(Penalties.firm)?.records.count == 2)
        #expect(try Verification(directory: city.directory).run { _ in }.isWhole)
    }
}
