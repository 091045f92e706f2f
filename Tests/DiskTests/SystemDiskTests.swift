import Disk
import Foundation
import Testing

@Suite("The machine's disk")
struct SystemDiskTests {
    private let disk = SystemDisk()
    private let folder = FileManager.default.temporaryDirectory.path + "/disk-\(UUID().uuidString)"

    private func code(_ work: () throws(DiskFault) -> Void) -> DiskFault.Code? {
        do { try work() } catch { return error.code }
        return nil
    }

    @Test("a file is written whole under its final name, with its permissions, and nothing is left beside it")
    func writing() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try disk.makeDurableFolder(folder)
        try disk.makeDurableFolder(folder)
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try disk.write(bytes.span, to: folder + "/a", mode: 0o600)
        #expect(try disk.read(folder + "/a") == bytes)
        try disk.write([1, 2, 3].span, to: folder + "/a", mode: 0o600)
        #expect(try disk.read(folder + "/a") == [1, 2, 3])
        #expect(try disk.names(in: folder) == ["a"])
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/a")[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a part of a file is lent from its place to its end, and one that is not there is told")
    func parts() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try disk.makeFolder(folder, mode: 0o750)
        let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 >> 8 ^ $0) }
        try disk.write(bytes.span, to: folder + "/a")
        for (from, to) in [(0, nil), (0, 0), (5, 5), (1, 2), (1 << 20, nil), (7, 2_500_000), (2_499_999, nil), (2_500_000, nil)] as [(Int, Int?)] {
            var part: [UInt8] = []
            let isWhole = readPieces(of: folder + "/a", from: Int64(from), to: to.map(Int64.init)) { piece in
                for index in piece.indices { part.append(piece[index]) }
            }
            #expect(isWhole && part == Array(bytes[from..<(to ?? bytes.count)]))
        }
        let isWhole = readPieces(of: folder + "/a", from: 2_000_000, to: 2_500_001) { _ in }
        #expect(!isWhole)
    }

    @Test("a file that was let go half written stays under its own name until it is removed")
    func unfinished() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try disk.makeFolder(folder, mode: 0o750)
        do {
            var file = try GrowingFile(folder + "/b.part", on: disk)
            try file.append([1].span)
        }
        #expect(try disk.names(in: folder) == ["b.part"])
        try disk.removeParts(in: folder)
        #expect(try disk.names(in: folder).isEmpty)
    }

    @Test("faults by kind: missing, through a link, a full device; what is gone already is none")
    func faults() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try disk.makeFolder(folder, mode: 0o750)
        #expect(code { () throws(DiskFault) in _ = try disk.read(folder + "/none") } == .missing)
        #expect(code { () throws(DiskFault) in try disk.rename(folder + "/none", as: folder + "/x") } == .missing)
        #expect(code { () throws(DiskFault) in try disk.remove(folder + "/none") } == nil)
        #expect(code { () throws(DiskFault) in try disk.removeFolder(folder + "/none") } == nil)
        #expect(try disk.names(in: folder + "/none").isEmpty)
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/elsewhere")
        #expect(code { () throws(DiskFault) in disk.close(try disk.create(folder + "/link", mode: 0o600)) } == .inputOutput)
        #expect(
            code { () throws(DiskFault) in
                var file = try GrowingFile("/dev/full", on: disk)
                try file.append([1].span)
            } == .full)
        #expect(try disk.freeBytes(at: folder) > 0)
    }

    @Test("a failed sync ends the process with its own exit code and says which file")
    func failedSync() async {
        await #expect(processExitsWith: .exitCode(inDoubtExitCode)) {
            // A pipe cannot be synced.
            var ends: [Int32] = [0, 0]
            _ = unsafe pipe(&ends)
            try? SystemDisk().sync(ends[1], at: "管道")
        }
    }
}
