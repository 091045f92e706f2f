import FoundationEssentials
import Testing

/// `Documentation/asvs.json`: what it says of each requirement is whole, and the suites that it names are there.
@Suite("The list of security requirements") struct SecurityRequirementsTests {
    private struct List: Decodable {
        let requirements: [Requirement]
    }

    private struct Requirement: Decodable {
        let id: String
        let level: Int
        let text: String
        let status: String
        let test: String?
        let reason: String?

        var hasReason: Bool { !(reason ?? "").allSatisfy(\.isWhitespace) }
    }

    private static let statuses: Set<String> = ["met", "partly", "not-met", "not-applicable", "operator"]

    private static func requirements() throws -> [Requirement] {
        let data = try Data(contentsOf: URL(filePath: "\(Place.root)/Documentation/asvs.json"))
        return try JSONDecoder().decode(List.self, from: data).requirements
    }

    /// V<n>.<n>.<n>, each number without a leading zero.
    private static func isSound(id: String) -> Bool {
        guard id.hasPrefix("V") else { return false }
        let parts = id.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return false }
        return parts.allSatisfy { part in
            !part.isEmpty && !part.hasPrefix("0") && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
    }

    /// What is wrong with the suite that an item names; nil where nothing is.
    private static func fault(ofSuite name: String) -> String? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = name.utf8.allSatisfy { byte in byte == 0x2F || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
        guard parts.count == 2, isPlain else { return "\(name) is not <Target>/<File>" }
        guard let data = try? Data(contentsOf: URL(filePath: "\(Place.root)/Tests/\(name).swift")) else { return "Tests/\(name).swift is not there" }
        let text = String(decoding: data, as: UTF8.self)
        return text.contains("@Suite") || text.contains("@Test") ? nil : "Tests/\(name).swift has no test"
    }

    @Test("all 253 of levels 1 and 2, each once, under its number")
    func numbers() throws {
        let items = try Self.requirements()
        #expect(items.count == 253)
        var seen: Set<String> = []
        for item in items {
            let isNew = seen.insert(item.id).inserted
            #expect(isNew, "\(item.id) is there twice")
            let isSound = Self.isSound(id: item.id)
            #expect(isSound, "\(item.id) is no number of a requirement")
            let isLevel = item.level == 1 || item.level == 2
            #expect(isLevel, "\(item.id) has level \(item.level)")
            let hasText = !item.text.isEmpty
            #expect(hasText, "\(item.id) has no text")
        }
    }

    @Test("each has a status, and a test that exists or a reason; what is not met has a reason")
    func evidence() throws {
        for item in try Self.requirements() {
            let isStatus = Self.statuses.contains(item.status)
            #expect(isStatus, "\(item.id) has the status \(item.status)")
            let hasEvidence = item.test != nil || item.hasReason
            #expect(hasEvidence, "\(item.id) has neither test nor reason")
            let isExplained = item.status == "met" || item.hasReason
            #expect(isExplained, "\(item.id) is \(item.status) without a reason")
            if let test = item.test {
                let fault = Self.fault(ofSuite: test)
                #expect(fault == nil, "\(item.id): \(fault ?? "")")
            }
        }
    }
}
