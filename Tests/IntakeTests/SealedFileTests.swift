import Cryptography
import Disk
import Glibc
import Tables
import Testing

@testable import Intake

/// A folder of its own for one test, removed with the value's last use.
final class SealedScratch {
    let path: String

    init() {
        var template = "/tmp/sealed-test-XXXXXX".utf8CString
        path = unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, let made = unsafe mkdtemp(base) else { return "/nonexistent" }
            return unsafe String(cString: made)
        }
    }

    deinit {
        for name in (try? SystemDisk().names(in: path)) ?? [] { try? SystemDisk().remove("\(path)/\(name)") }
        try? SystemDisk().removeFolder(path)
    }

    func place(_ name: String) -> String { "\(path)/\(name)" }
}

@Suite("Sealed files on disk")
struct SealedFileTests {
    private let scratch = SealedScratch()
    private static let key = DataKey.random()
    private static let keys: @Sendable (UInt32) -> DataKey? = { $0 == 3 ? key : nil }

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) } }

    private func write(_ clear: [UInt8], pieces: Int = .max) throws -> String {
        let path = scratch.place("a.sealed")
        var file = try SealedGrowingFile(path, keyID: 3, key: Self.key, on: SystemDisk())
        #expect(file.path == path)
        for start in stride(from: 0, to: clear.count, by: min(pieces, max(1, clear.count))) {
            try file.append(clear.span.extracting(start..<min(clear.count, start + min(pieces, clear.count))))
        }
        #expect(file.byteCount == clear.count)
        try file.finish()
        return path
    }

    private func open(_ path: String) throws(TableFault) -> SealedFile { try SealedFile(path: path, key: Self.keys) }

    @Test("what was written comes back, whatever the pieces", arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 1_500_000])
    func roundTrip(_ count: Int) throws {
        let clear = bytes(count)
        for pieces in [Int.max, 4_096, 100_000] {
            let path = try write(clear, pieces: pieces)
            let file = try open(path)
            #expect(file.byteCount == count && file.keyID == 3)
            #expect(try file.bytes() == clear)
            var again: [UInt8] = []
            try file.pieces { piece in for index in 0..<piece.count { again.append(piece[index]) } }
            #expect(again == clear)
            let raw = try SystemDisk().read(path)
            let begins = SealedHeader.begins(raw.span)
            #expect(begins)
            #expect(try SealedBytes.open(raw.span, key: Self.keys) == clear)
        }
    }

    @Test("a small file written as a whole")
    func whole() throws {
        let path = scratch.place("rejections")
        let clear = Array("{\"row\":17}\n".utf8)
        try SystemDisk().writeSealed(clear.span, to: path, keyID: 3, key: Self.key)
        #expect(try open(path).bytes() == clear)
    }

    @Test("reading at any place equals reading the plain file")
    func randomAccess() throws {
        let clear = bytes(700_000)
        let sealed = try open(try write(clear))
        let plain = scratch.place("plain")
        try SystemDisk().write(clear.span, to: plain)
        let file = try PlainFile(path: plain)
        var generator = SystemRandomNumberGenerator()
        for turn in 0..<1_000 {
            let near = Int64.random(in: -3...3, using: &generator) + 65_536 * Int64.random(in: 0...11, using: &generator)
            let place = turn % 2 == 0 ? max(0, near) : Int64.random(in: 0...700_010, using: &generator)
            let room = [1, 2, 512, 70_000, 200_000].randomElement(using: &generator) ?? 1
            let offset = Int.random(in: 0..<3, using: &generator)
            var first = [UInt8](repeating: 9, count: room + offset)
            var second = first
            let got = try sealed.read(into: &first, at: offset, fileOffset: place)
            let wanted = try file.read(into: &second, at: offset, fileOffset: place)
            #expect(got == wanted && first == second)
        }
    }

    @Test("every damage is a fault that names the file, and gives nothing out")
    func damage() throws {
        let path = try write(bytes(200_000))
        let whole = try SystemDisk().read(path)
        func refused(_ raw: [UInt8]) throws {
            try SystemDisk().write(raw.span, to: path)
            do throws(TableFault) {
                let file = try open(path)
                _ = try file.bytes()
                Issue.record("opened")
            } catch {
                #expect(error.code == .sealBroken && error.file == "a.sealed" && error.byte != nil)
                #expect(!error.message.isEmpty && !error.cure.isEmpty)
            }
        }
        for index in stride(from: 0, to: whole.count, by: 9_973) + [8, 12, 16, 31, 32, 65_583, 65_584, whole.count - 1] {
            var raw = whole
            raw[index] ^= 4
            try refused(raw)
        }
        for length in [0, 8, 31, 32, 47, 48, 65_584, 65_585, 131_136, whole.count - 1] { try refused(Array(whole.prefix(length))) }
        try refused(whole + [0])
        try refused(Array(whole[0..<32]) + whole[65_584..<131_136] + whole[32..<65_584] + whole[131_136...])
        let other = try SystemDisk().read(try write(bytes(200_000)))
        try refused(Array(whole[0..<65_584]) + other[65_584...])
        try SystemDisk().write(whole.span, to: path)
        #expect(try open(path).bytes() == bytes(200_000))
        #expect(throws: TableFault.self) { try SealedFile(path: path) { _ in nil } }
        #expect(throws: TableFault.self) { try SealedFile(path: path) { _ in DataKey.random() } }
        #expect(throws: TableFault.self) { try open(scratch.place("none")) }
    }

    @Test("damage in the middle is found where it is read, and the rest still serves")
    func partial() throws {
        let clear = bytes(400_000)
        let path = try write(clear)
        var raw = try SystemDisk().read(path)
        raw[32 + 2 * 65_552 + 5] ^= 1
        try SystemDisk().write(raw.span, to: path)
        let file = try open(path)
        var buffer = [UInt8](repeating: 0, count: 1_000)
        _ = try file.read(into: &buffer, at: 0, fileOffset: 0)
        #expect(buffer == Array(clear.prefix(1_000)))
        let fault = #expect(throws: TableFault.self) { try file.read(into: &buffer, at: 0, fileOffset: 140_000) }
        #expect(fault?.byte == Int64(32 + 2 * 65_552))
        #expect(throws: TableFault.self) { try file.read(into: &buffer, at: 0, fileOffset: 140_000) }
        _ = try file.read(into: &buffer, at: 0, fileOffset: 390_000)
        #expect(buffer == Array(clear[390_000..<391_000]))
        for place in [-1, .min, 400_000, .max] as [Int64] {
            #expect(try file.read(into: &buffer, at: 0, fileOffset: place) == 0)
        }
    }

    @Test("a file that was not finished opens nowhere")
    func unfinished() throws {
        let path = scratch.place("cut")
        func begin() throws {
            var file = try SealedGrowingFile(path, keyID: 3, key: Self.key, on: SystemDisk())
            try file.append(bytes(300_000).span)
        }
        try begin()
        #expect(throws: TableFault.self) { try open(path) }
    }

    @Test("tables of every kind read the same sealed as plain", arguments: ["csv", "gb", "jsonl", "xlsx"])
    func tables(_ kind: String) throws {
        let plain = scratch.place("table.\(kind)")
        if kind == "jsonl" {
            let lines = (0..<20_000).map { "{\"名称\":\"企业\($0)\",\"金额\":\($0 * 3)}\n" }
            try SystemDisk().write(Array(lines.joined().utf8).span, to: plain)
        } else {
            let format: TableFormat = kind == "xlsx" ? .xlsx : .csv(kind == "gb" ? .gb18030 : .utf8)
            let layout = TableLayout(columns: [TableColumn("名称"), TableColumn("金额")], sheet: "数据")
            let writer = try TableFile.create(path: plain, format: format, layout: layout)
            for row in 0..<20_000 { try writer.append([.text("企业\(row)"), .number(Double(row) * 3)]) }
            try writer.finish()
        }
        let sealed = try open(try write(try SystemDisk().read(plain)))
        #expect(try TableFile.sniff(sealed, name: "表") == TableFile.sniff(path: plain))
        let rows = try texts(TableFile.open(sealed, name: "表"))
        #expect(rows.count >= 20_000)
        #expect(try rows == texts(TableFile.open(path: plain)))
    }

    private func texts(_ reader: any TableReader) throws -> [[String]] {
        var rows: [[String]] = []
        while let batch = try reader.next(maximumRows: 1_000) {
            for row in batch.rows.indices {
                rows.append((0..<Int(batch.rows[row].cellCount)).map { batch.text(row: row, column: $0) })
            }
        }
        return rows
    }

    @Test("a broken seal is told apart from a bad table, under the name the caller gave")
    func tableFault() throws {
        let path = try write(Array(String(repeating: "名称,金额\n", count: 20_000).utf8))
        var raw = try SystemDisk().read(path)
        raw[70_000] ^= 1
        try SystemDisk().write(raw.span, to: path)
        let file = try open(path)
        do throws(TableFault) {
            _ = try TableFile.open(file, name: "表.csv")
            Issue.record("opened")
        } catch { #expect(error.code == .sealBroken) }
    }
}
