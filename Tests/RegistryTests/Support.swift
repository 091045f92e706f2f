import Foundation
import Identifiers
import Testing

@testable import Registry

/// A registry in a directory of its own, removed at the end.
final class Ground {
    let directory: String
    let registry: Registry

    init(settings: SQLiteSettings = SQLiteSettings()) throws {
        directory = try Self.makeDirectory()
        registry = try Registry.open(directory + "/registry.sqlite", settings: settings)
    }

    deinit {
        try? registry.close()
        try? FileManager.default.removeItem(atPath: directory)
    }

    static func makeDirectory() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/registry-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// A delivery with its own bytes, received.
    func receive(_ digest: Int, resource: String = "ZMD-01-0001", provider: String = "ZMD-SCJG") throws -> UInt32 {
        try registry.deliveries.register(.sample(digest, resource: resource, provider: provider)).delivery.number
    }

    /// A delivery that is committed with these facts; all rows accepted.
    @discardableResult
    func commit(
        _ digest: Int, _ facts: [OrganisationFacts] = [], aliases: [OrganisationAlias] = []
    ) throws -> UInt32 {
        let number = try receive(digest)
        try registry.commit(
            delivery: number, known: .day(Int(number)),
            totals: DeliveryTotals(rows: facts.count, accepted: facts.count),
            organisations: facts, aliases: aliases)
        return number
    }
}

extension NewDelivery {
    static func sample(
        _ digest: Int, resource: String = "ZMD-01-0001", provider: String = "ZMD-SCJG"
    ) -> NewDelivery {
        NewDelivery(
            resource: resource, resourceVersion: 1, provider: provider, fileName: "登记\(digest).csv", fileKind: "csv",
            byteCount: 1000, digest: String(repeating: "0", count: 56) + String(10_000_000 + digest),
            channel: .commandLine, received: .day(0))
    }
}

extension Instant {
    /// Ten in the morning in Shanghai, days after 2026-01-01.
    static func day(_ offset: Int) -> Instant {
        Instant(milliseconds: (Int64(20454) + Int64(offset)) * 86_400_000 + 2 * 3_600_000)
    }
}

extension RegistryKey {
    static func number(_ number: Int) -> RegistryKey {
        RegistryKey(high: UInt64(number) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(number))
    }
}

extension OrganisationFacts {
    static func registered(
        _ number: Int, _ name: String, row: UInt32 = 1, region: String? = "411702", former: [String] = []
    ) -> OrganisationFacts {
        OrganisationFacts(
            key: .number(number), row: row, registered: true, name: name, uscc: "9141170\(10_000_000_000 + number)",
            registrationNumber: "4117\(10_000_000_000 + number)", organisationCode: "\(100_000_000 + number)",
            status: "存续", region: region, category: "有限责任公司", legalRepresentative: "张三",
            established: CivilDate(year: 2015, month: 3, day: 9), formerNames: former)
    }

    static func mentioned(_ number: Int, _ name: String, region: String? = "411702") -> OrganisationFacts {
        OrganisationFacts(
            key: .number(number), row: 1, registered: false, name: name, uscc: "9141170\(10_000_000_000 + number)",
            region: region)
    }
}
