import Disk
import FoundationEssentials
import Testing

@testable import Intake

@Suite("Files that only grow, in a backup")
struct BackupPiecesTests {
    private static let piece: Int64 = 1 << 20

    @Test("full pieces of an earlier point are not copied again; another file of the same name is")
    func grown() throws {
        let folder = "/tmp/tianzhong-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let repository = try BackupRepository.make(folder)
        let source = folder + "-level0"
        defer { try? FileManager.default.removeItem(atPath: source) }
        var bytes = (0..<5 << 20).map { UInt8(truncatingIfNeeded: $0 >> 20 &* 37 ^ $0 >> 12 ^ $0) }
        func add(_ count: Int, after earlier: BackupFile?) throws -> (file: BackupFile, copied: Int64) {
            try SystemDisk().write(bytes.span, to: source)
            var copied: Int64 = 0
            let file = try repository.add(source, as: "level0", pieceSize: Self.piece, to: Int64(count), after: earlier) { copied += $0 }
            let whole = try file.pieces.flatMap { try #require(readWhole(repository.piecePath($0))) }
            #expect(whole == Array(bytes.prefix(count)) && file.size == count, "\(count)")
            return (file, copied)
        }
        let empty = try add(0, after: nil)
        let first = try add(2 << 20 | 100, after: empty.file)
        #expect(first.file.pieces.count == 3)
        // What stood behind the end was nothing yet, and is other bytes now.
        bytes[2 << 20 | 100] ^= 1
        let second = try add(4 << 20, after: first.file)
        #expect(second.copied == 2 << 20 && second.file.pieces.prefix(2) == first.file.pieces.prefix(2))
        #expect(try add(4 << 20, after: second.file).copied == 0)
        #expect(try add(4 << 20 | 1, after: second.file).copied == 1)
        // An older state has less.
        #expect(try add(1 << 20 | 7, after: second.file).file.pieces.first == second.file.pieces.first)
        bytes = bytes.map { $0 ^ 0x55 }
        #expect(try add(3 << 20, after: second.file).copied == 3 << 20)
        #expect(throws: DataDirectoryFault.self) {
            try repository.add(source, as: "level0", pieceSize: Self.piece, to: 6 << 20, after: nil) { _ in }
        }
    }
}
