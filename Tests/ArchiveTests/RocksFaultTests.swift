import Archive
import FoundationEssentials
import Glibc
import Testing

@Suite("when the archive cannot do what is asked") struct RocksFaultTests {
    let folder = Folder()

    private func code(_ body: () throws -> Void) -> ArchiveFault.Code? {
        do { try body(); return nil } catch {
            let fault = error as? ArchiveFault
            #expect(fault?.message.isEmpty == false && fault?.cure.isEmpty == false)
            return fault?.code
        }
    }

    /// An archive of some size, closed.
    private func filled() throws {
        let archive = try RocksArchive(path: folder.archive)
        var generator = SeededGenerator(3)
        for delivery in 1...3 as ClosedRange<UInt32> {
            let rows = (1...3000).map { row in
                (SubjectKey?.some(subject(.random(in: 1...500, using: &generator))),
                    entry(delivery, UInt32(row), value: "\(UInt64.random(in: 0...(.max), using: &generator))"))
            }
            try archive.take([try arena(delivery, rows)], marker(delivery), folder)
        }
        archive.close()
    }

    @Test("a second opening is refused as locked, and closing frees it")
    func locked() throws {
        let archive = try RocksArchive(path: folder.archive)
        #expect(code { _ = try RocksArchive(path: folder.archive) } == .locked)
        archive.close()
        #expect(code { _ = try archive.marker(of: 1) } == .closed)
        #expect(code { _ = try RocksArchive(path: folder.archive) } == nil)
    }

    @Test("an archive that is not there is missing where it may not be made")
    func missing() {
        let path = folder.path + "/nowhere"
        #expect(code { _ = try RocksArchive(path: path, readOnly: true) } == .missing)
        #expect(code { _ = try RocksArchive(path: path, options: ArchiveOptions(createIfMissing: false)) } == .missing)
        #expect(code { _ = try RocksArchive(path: "/proc/nowhere/archive") } == .missing)
    }

    @Test("a directory that cannot be written is named")
    func unwritable() {
        #expect(code { _ = try RocksArchive(path: "/sys/archive") } == .unwritable)
        #expect(code {
            let archive = try RocksArchive(path: folder.archive)
            _ = try archive.seal([], marker: marker(1), staging: "/sys/kernel")
        } == .unwritable)
        #expect(code {
            let archive = try RocksArchive(path: folder.path + "/other")
            _ = try archive.seal([], marker: marker(1), staging: folder.path + "/nowhere")
        } == .missing)
    }

    /// What a failed sync of the manifest leaves: it names the files of the ingest, which the store has taken away again.
    @Test("an ingest whose files were taken away again is made whole from staging, each file under its own number", arguments: [0, 1, 2])
    func tornIngest(others: Int) throws {
        let archive = try RocksArchive(path: folder.archive)
        let before = Set(folder.names(in: folder.archive))
        let rows = { (delivery: UInt32) in
            (1...120_000).map { row in (SubjectKey?.some(subject(UInt64(row))), entry(delivery, UInt32(row), value: "甲")) }
        }
        let sealed = try archive.seal([try arena(1, rows(1))], marker: marker(1), staging: folder.staging, workers: 2)
        #expect(sealed.files.count == 2)
        let copies = folder.path + "/copies"
        try FileManager.default.createDirectory(atPath: copies, withIntermediateDirectories: true)
        var staged = sealed.files.map { "\(copies)/\($0.split(separator: "/").last ?? "")" }
        for (file, copy) in zip(sealed.files, staged) { try FileManager.default.linkItem(atPath: file, toPath: copy) }
        for delivery in 2..<UInt32(2 + others) {
            let other = try archive.seal([try arena(delivery, rows(delivery))], marker: marker(delivery), staging: folder.staging, workers: 2)
            staged = other.files + staged.reversed()
        }
        try archive.commit(sealed)
        archive.close()
        let lost = Set(folder.names(in: folder.archive)).subtracting(before).filter { $0.hasSuffix(".sst") }
        #expect(lost.count == 2)
        for file in lost { try FileManager.default.removeItem(atPath: "\(folder.archive)/\(file)") }

        #expect(code { _ = try RocksArchive(path: folder.archive) } == .damaged)
        #expect(code { _ = try RocksArchive(path: folder.archive, staged: staged.filter { !$0.hasPrefix("\(copies)/1-1") }) } == .damaged)
        #expect(Set(folder.names(in: folder.archive)).isDisjoint(with: lost))
        let mended = try RocksArchive(path: folder.archive, staged: staged)
        #expect(try mended.verify().isSound)
        #expect(try mended.marker(of: 1)?.entryCount == 120_000)
        #expect(try mended.marker(of: 2) == nil)
    }

    @Test("an archive open for reading takes nothing")
    func readOnly() throws {
        try filled()
        let archive = try RocksArchive(path: folder.archive, readOnly: true)
        let arena = try arena(9, [(subject(1), entry(9, 1))])
        #expect(code { try archive.append(arena, marker: marker(9)) } == .readOnly)
        #expect(code { try archive.take([arena], marker(9), folder) } == .readOnly)
        #expect(try archive.verify().isSound)
    }

    @Test("a flipped bit in a data file is found by verify, by the scan or at opening")
    func flips() throws {
        try filled()
        let files = folder.names(in: folder.archive).filter { $0.hasSuffix(".sst") }
        #expect(!files.isEmpty)
        var generator = SeededGenerator(8)
        for _ in 0..<40 {
            guard let file = files.randomElement(using: &generator).map({ folder.archive + "/" + $0 }) else { return }
            let offset = Int.random(in: 0..<size(file) * 8 / 10, using: &generator)
            flip(file, at: offset)
            var found = false
            do {
                let archive = try RocksArchive(path: folder.archive)
                let report = try archive.verify()
                found = !report.isSound
                for fault in report.faults { #expect(fault.code == .damaged && !fault.place.isEmpty, "\(fault)") }
                archive.close()
            } catch { found = error.code == .damaged }
            #expect(found, "\(file) \(offset)")
            flip(file, at: offset)
        }
        #expect(try RocksArchive(path: folder.archive).verify().isSound)
    }

    @Test("a damaged manifest is refused at opening")
    func manifest() throws {
        try filled()
        guard let name = folder.names(in: folder.archive).first(where: { $0.hasPrefix("MANIFEST") }) else { return }
        flip(folder.archive + "/" + name, at: size(folder.archive + "/" + name) / 2)
        #expect(code { _ = try RocksArchive(path: folder.archive) } == .damaged)
    }

    @Test("an archive without its CURRENT file is refused, not begun anew")
    func lostCurrent() throws {
        try filled()
        let files = folder.names(in: folder.archive).filter { $0.hasSuffix(".sst") }
        _ = unsafe unlink(folder.archive + "/CURRENT")
        #expect(code { _ = try RocksArchive(path: folder.archive) } == .damaged)
        #expect(folder.names(in: folder.archive).filter { $0.hasSuffix(".sst") } == files)
    }

    @Test("a lost data file is refused at opening")
    func lostFile() throws {
        try filled()
        guard let name = folder.names(in: folder.archive).first(where: { $0.hasSuffix(".sst") }) else { return }
        _ = unsafe unlink(folder.archive + "/" + name)
        #expect(code { _ = try RocksArchive(path: folder.archive) } == .damaged)
    }

    @Test("a checkpoint is an archive with the same bytes, and later deliveries are not in it")
    func checkpoint() throws {
        try filled()
        let archive = try RocksArchive(path: folder.archive)
        let copy = folder.path + "/copy"
        try archive.append(try arena(4, [(subject(1), entry(4, 1))]), marker: marker(4))
        try archive.checkpoint(to: copy)
        let before = try archive.everything()
        try archive.append(try arena(5, [(subject(1), entry(5, 1))]), marker: marker(5))
        #expect(code { try archive.checkpoint(to: copy) } != nil)
        let restored = try RocksArchive(path: copy)
        #expect(try restored.everything().elementsEqual(before) { $0.0 == $1.0 && $0.1 == $1.1 })
        #expect(try restored.markers().map(\.delivery) == [1, 2, 3, 4])
        #expect(try restored.verify().isSound)
    }

    @Test("the fault of the caller's own body ends a scan")
    func scanStops() throws {
        struct Enough: Error {}
        try filled()
        let archive = try RocksArchive(path: folder.archive)
        var seen = 0
        #expect(throws: Enough.self) {
            try archive.scan { _, _ in
                seen += 1
                if seen == 10 { throw Enough() }
            }
        }
        #expect(seen == 10)
    }

    @Test("every kind of fault says what happened and what to do, in Chinese", arguments: ArchiveFault.Code.allCases)
    func messages(code: ArchiveFault.Code) {
        let fault = ArchiveFault(code, place: "某处")
        #expect(fault.message.contains("某处"))
        #expect(fault.cure.hasSuffix("。"))
    }
}
