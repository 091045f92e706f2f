import FoundationEssentials
import Identifiers
import Intake
import Registry
import Testing

@Suite("The same delivery from many senders")
struct ManySendersTests {
    static let senders = 64

    @Test("64 at once, 200 times: stored once, one receipt for all, nothing left over")
    func sameBytes() async throws {
        // In memory where the machine has it: what is durable is tested elsewhere.
        let city = try TestCity(under: FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : "/tmp")
        let request = DeliveryRequest(resource: Penalties.resource, provider: "ZMD-SCJG", fileName: "同.csv", channel: .api)
        for round in 1...200 {
            let bytes = Array(Penalties.csv(["行政处罚决定文书号": "\(round)号"]).utf8)
            let receipts = try await withThrowingTaskGroup(of: (number: UInt32, isNew: Bool).self) { group in
                for _ in 0..<Self.senders {
                    group.addTask { @concurrent in
                        var file = try city.directory.store.incoming(at: city.clock())
                        try file.append(bytes.span)
                        let (delivery, isNew) = try city.desk.receive(file.finish(), as: request, at: city.clock())
                        return (delivery.number, isNew)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(receipts.map(\.number)) == [UInt32(round)])
            #expect(receipts.count(where: \.isNew) == 1)
            if round % 50 == 0 {
                let done = try await city.desk.work(on: UInt32(round), clock: { city.clock() })
                #expect(done.state == .committed && done.accepted == 1)
                #expect(try city.directory.store.raw(done.digest).bytes() == bytes)
            }
        }
        #expect(try city.directory.registry.deliveries.list(limit: 1).total == 200)
        let folder = city.directory.store.root
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/incoming").isEmpty)
        let raw = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/raw").flatMap {
            try FileManager.default.contentsOfDirectory(atPath: "\(folder)/raw/\($0)")
        }
        #expect(raw.count == 200)
    }
}
