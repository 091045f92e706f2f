import FoundationEssentials
import Intake
import Registry
import Testing

@Suite("Names of files made to do harm")
struct HostileNameTests {
    /// Names that lead elsewhere, end early, are too long or stand for something else.
    private static let names: [String] = {
        let steps = ["..", ".", "", "/", "//", "\\", "..\\", "%2e%2e", "\u{0}", "~", "CON", "\n", "\u{202E}", "𝟘", "-rf", "$(id)", "`id`", "a\u{0}.csv"]
        let ends = ["etc/passwd", "registry.sqlite", "keys/subject.key", "LOCK", "x.csv", String(repeating: "长", count: 5000)]
        return (1...5).flatMap { depth in steps.flatMap { step in ends.map { Array(repeating: step, count: depth).joined(separator: "/") + "/" + $0 } } }
    }()

    @Test("five hundred names are only ever text: every file lies under its digest")
    func names() throws {
        let city = try TestCity()
        func tree() throws -> [String] { try FileManager.default.subpathsOfDirectory(atPath: city.path).filter { !$0.hasPrefix("archive/") } }
        let before = Set(try tree())
        #expect(Self.names.count >= 500)
        for (index, name) in Self.names.enumerated() {
            var file = try city.directory.store.incoming(at: city.clock())
            try file.append(Array("\(index)".utf8).span)
            let request = DeliveryRequest(resource: Penalties.resource, provider: "ZMD-SCJG", fileName: name, channel: .api)
            let (delivery, isNew) = try city.desk.receive(try file.finish(), as: request, at: city.clock())
            #expect(isNew && FileManager.default.fileExists(atPath: city.directory.store.rawPath(delivery.digest)))
        }
        for path in try tree() where !before.contains(path) {
            let parts = path.split(separator: "/")
            let isKept = path.hasPrefix("deliveries/raw/") && (3...4).contains(parts.count) && parts.dropFirst(2).joined().allSatisfy(\.isHexDigit)
            #expect(isKept || path.hasPrefix("registry.sqlite"), "\(path)")
        }
    }
}
