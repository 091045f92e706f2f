import Archive
import FoundationEssentials
import Intake
import Registry
import Testing

@Suite("Every flipped byte is found, and the file is named")
struct FlipTests {
    /// A closed directory with compacted and fresh files, returned rows and a name in the registry; its deliveries.
    private func filled() async throws -> (city: TestCity, deliveries: [Delivery], keys: FileKeys) {
        let city = try TestCity()
        for number in 1...4 {
            try await city.deliver(
                Penalties.csv(
                    ["行政处罚决定文书号": "甲\(number)号"], ["行政处罚决定文书号": "乙\(number)号", "处罚决定日期": "2026-02-30"]))
            if number == 3 { try city.directory.archive.compact() }
        }
        let deliveries = try city.directory.registry.deliveries.all()
        let keys = try FileKeys(copying: city.directory.keyring)
        try city.directory.close()
        return (city, deliveries, keys)
    }

    @Test("in any file of a closed data directory")
    func directory() async throws {
        let (city, deliveries, keys) = try await filled()
        let drill = FlipDrill(path: city.path, deliveries: deliveries, keys: keys)
        #expect(drill.undamaged().isEmpty, "\(drill.undamaged())")
        for part in [".sst", "MANIFEST", "CURRENT", "IDENTITY", "OPTIONS", "registry.sqlite", "subject.key", "raw/", ".jsonl"] {
            #expect(drill.names.contains { $0.contains(part) }, "\(part)")
        }
        let missed = drill.run(count: 600, seed: 7)
        #expect(missed.isEmpty, "\(missed)")
        #expect(drill.undamaged().isEmpty)
    }

    @Test("verify names the file, its delivery and how many records came of it")
    func names() async throws {
        let (city, deliveries, _) = try await filled()
        let first = try #require(deliveries.first)
        let raw = "\(city.path)/deliveries/raw/\(first.digest.prefix(2))/\(first.digest)"
        let rejections = "\(city.path)/deliveries/rejections/2.jsonl"
        let table = try #require(try FileManager.default.contentsOfDirectory(atPath: city.path + "/archive").first { $0.hasSuffix(".sst") })
        let tableFile = "\(city.path)/archive/\(table)"
        FlipDrill.flip(tableFile, at: 10, bit: 2)
        let found = Verification.faultsOnDisk(city.path, all: true)
        #expect(found.count == 1 && found[0].contains("文件 archive/\(table)") && found[0].contains("涉及"), "\(found)")
        // So small an archive cannot even be opened then.
        FlipDrill.flip(tableFile, at: 10, bit: 2)
        for file in [raw, rejections] { FlipDrill.flip(file, at: 10, bit: 2) }
        let directory = try DataDirectory.open(city.path)
        let report = try Verification(directory: directory).run { _ in }
        #expect(report.faults.contains { $0.contains("第 1 批“文件.csv”") && $0.contains("由它得到 1 条记录") }, "\(report.faults)")
        #expect(report.faults.contains { $0.contains("第 2 批") && $0.contains("退回清单") }, "\(report.faults)")
        try directory.close()
    }

    @Test("a state file or a key that is not what was written is refused at opening; the registry is named before it")
    func refused() async throws {
        let (city, _, _) = try await filled()
        let manifest = try #require(try FileManager.default.contentsOfDirectory(atPath: city.path + "/archive").first { $0.hasPrefix("MANIFEST") })
        for name in ["archive/\(manifest)", "keys/subject.key", "digests"] {
            let file = "\(city.path)/\(name)"
            FlipDrill.flip(file, at: FlipDrill.size(file) - 1, bit: 1)
            #expect(throws: DataDirectoryFault.self) { try DataDirectory.open(city.path).close() }
            FlipDrill.flip(file, at: FlipDrill.size(file) - 1, bit: 1)
        }
        #expect(Verification.faultsOnDisk(city.path, all: false).isEmpty)
        let registry = "\(city.path)/registry.sqlite"
        let bytes = try #require(readWhole(registry))
        let name = try #require(bytes.firstRange(of: Array("驻马店市演示商贸".utf8)))
        FlipDrill.flip(registry, at: name.lowerBound + 1, bit: 0)
        #expect(Verification.faultsOnDisk(city.path, all: false).first?.contains("registry.sqlite") == true)
    }

    @Test("a process that dies leaves no false alarm")
    func killed() async throws {
        let city = try TestCity()
        try await city.deliver(Penalties.csv([:]))
        // As a killed process leaves it: the stores' files as they are, nothing closed.
        let copy = city.path + "-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: city.path, toPath: copy)
        let directory = try DataDirectory.open(copy)
        #expect(try Verification(directory: directory).run { _ in }.isWhole)
        try directory.close()
        #expect(Verification.faultsOnDisk(copy, all: true).isEmpty)
    }
}
