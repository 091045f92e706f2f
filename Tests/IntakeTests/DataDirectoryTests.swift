import Archive
import FoundationEssentials
import Identifiers
import Intake
import Registry
import Testing

/// The bytes of a file.
func readWhole(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map(Array.init)
}

@Suite("The data directory")
struct DataDirectoryTests {
    private func code(_ path: String) -> DataDirectoryFault.Code? {
        do {
            try DataDirectory.open(path).close()
            return nil
        } catch { return (error as? DataDirectoryFault)?.code }
    }

    @Test("missing, doubled, used by two, and written by a newer program")
    func faults() throws {
        let path = "/tmp/tianzhong-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(code(path) == .missing)
        try DataDirectory.initialise(path)
        #expect(throws: DataDirectoryFault.self) { try DataDirectory.initialise(path) }
        let open = try DataDirectory.open(path)
        #expect(code(path) == .inUse)
        try open.close()
        #expect(code(path) == nil)
        let mode = try FileManager.default.attributesOfItem(atPath: path + "/keys/subject.key")[.posixPermissions]
        #expect("\(mode ?? 0)" == "\(0o600)")
        _ = FileManager.default.createFile(atPath: path + "/layout", contents: Data("\(DataDirectory.layout + 1)\n".utf8))
        #expect(code(path) == .newerLayout)
        _ = FileManager.default.createFile(atPath: path + "/layout", contents: Data("1\n".utf8))
        #expect(code(path) == .olderLayout)
    }

    @Test("a place that cannot be written is refused")
    func unwritable() throws {
        let file = "/tmp/tianzhong-\(UUID().uuidString)"
        _ = FileManager.default.createFile(atPath: file, contents: Data())
        defer { try? FileManager.default.removeItem(atPath: file) }
        #expect(throws: (any Error).self) { try DataDirectory.initialise(file + "/data") }
    }

    @Test("verification is clean, then finds one changed byte of a raw file and one of the archive")
    func verification() async throws {
        let city = try TestCity()
        let done = try await city.deliver(Penalties.csv([:], ["行政处罚决定文书号": "2号", "处罚类别": "?"]))
        let clean = try Verification(directory: city.directory).run { _ in }
        #expect(clean.isWhole, "\(clean.faults)")
        #expect((clean.deliveries, clean.entries) == (1, 1))
        let path = city.directory.store.rawPath(done.digest)
        var bytes = try #require(readWhole(path))
        bytes[bytes.count / 2] ^= 1
        _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
        let damaged = try Verification(directory: city.directory).run { _ in }
        #expect(damaged.faults.count == 1)
        #expect(damaged.faults.first?.contains("第 1 批") == true)
    }
}
