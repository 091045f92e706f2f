import Foundation
import Testing

@Suite("Seeds of the fuzzer keep their properties")
struct SeedTests {
    /// One after another: what decoders read by path is one file in memory for the whole process (`MemoryFile`).
    @Test("every seed", .serialized, arguments: FuzzTarget.allCases)
    func seeds(_ target: FuzzTarget) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Seeds/\(target.rawValue)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(!names.isEmpty)
        for name in names {
            let input = [UInt8](try Data(contentsOf: folder.appending(path: name)))
            #expect(throws: Never.self, "\(target.rawValue)/\(name)") { try target.check(input) }
            try target.check([])
        }
    }
}
