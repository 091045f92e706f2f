import FoundationEssentials
import Intake
import Registry
import Testing

@Suite("Faults of the platform's own disk")
struct StorageFaultTests {
    @Test("a kept file that cannot be read refuses nobody: the delivery stays 已接收 and goes on when it can")
    func keptFile() async throws {
        let city = try TestCity()
        var file = try city.directory.store.incoming(at: city.clock())
        try file.append(Array(Penalties.csv([:]).utf8).span)
        let request = DeliveryRequest(resource: Penalties.resource, provider: "ZMD-SCJG", fileName: "一.csv", channel: .api)
        let (delivery, _) = try city.desk.receive(file.finish(), as: request, at: city.clock())
        let raw = city.directory.store.rawPath(delivery.digest)
        try FileManager.default.moveItem(atPath: raw, toPath: raw + ".away")
        do {
            _ = try await city.desk.work(on: delivery.number, clock: { city.clock() })
            Issue.record("worked on a file that is not there")
        } catch let fault as DeliveryFault { #expect(fault.code == .storage) }
        #expect(try city.directory.registry.deliveries.find(delivery.number)?.state == .received)
        try FileManager.default.moveItem(atPath: raw + ".away", toPath: raw)
        #expect(try await city.desk.work(on: delivery.number, clock: { city.clock() }).state == .committed)
    }
}
