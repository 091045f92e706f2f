import Glibc
import Testing

@testable import Tables

/// Bytes in memory that are given out in little pieces, and stop being readable at a place.
private final class MemoryBytes: RandomAccessBytes {
    let bytes: [UInt8]
    let piece: Int
    var brokenAt = Int64.max
    var byteCount: Int64 { Int64(bytes.count) }

    init(_ bytes: [UInt8], piece: Int) {
        self.bytes = bytes
        self.piece = piece
    }

    func read(into buffer: inout [UInt8], at offset: Int, fileOffset: Int64) throws(TableFault) -> Int {
        let count = max(0, min(piece, buffer.count - offset, bytes.count - Int(fileOffset)))
        if fileOffset + Int64(count) > brokenAt {
            throw TableFault(.sealBroken, file: "m", byte: brokenAt, message: "读不出", cure: "请恢复")
        }
        for index in 0..<count { buffer[offset + index] = bytes[Int(fileOffset) + index] }
        return count
    }
}

@Suite("Tables from elsewhere than a plain file")
struct SourceTests {
    private let scratch = Scratch()

    private func made(_ kind: String) throws -> String {
        let path = scratch.place("t.\(kind)")
        if kind == "jsonl" {
            return scratch.file("t.jsonl", (0..<3_000).map { "{\"名称\":\"企业\($0)\",\"金额\":\($0)}\n" }.joined())
        }
        let format: TableFormat = kind == "xlsx" ? .xlsx : .csv(kind == "gb" ? .gb18030 : .utf8BOM)
        let layout = TableLayout(columns: [TableColumn("名称"), TableColumn("金额")], sheet: "数据")
        let writer = try TableFile.create(path: path, format: format, layout: layout)
        for row in 0..<3_000 { try writer.append([.text("企业\(row)"), .number(Double(row))]) }
        try writer.finish()
        return path
    }

    private func texts(_ reader: any TableReader) throws(TableFault) -> [[String]] {
        var rows: [[String]] = []
        while let next = try reader.next(maximumRows: 500) {
            for row in next.rows.indices {
                rows.append((0..<Int(next.rows[row].cellCount)).map { next.text(row: row, column: $0) })
            }
        }
        return rows
    }

    @Test("every kind reads the same from a source that gives little at a time", arguments: ["csv", "gb", "jsonl", "xlsx"])
    func same(_ kind: String) throws {
        let path = try made(kind)
        let bytes = try FileBytes(path: path).bytes(at: 0, count: 10_000_000)
        let plain = try texts(TableFile.open(path: path))
        #expect(plain.count >= 3_000)
        for piece in [7, 997, Int.max] {
            let source = MemoryBytes(bytes, piece: piece)
            #expect(try TableFile.sniff(source, name: "表") == TableFile.sniff(path: path))
            let reader = try TableFile.open(source, name: "表")
            #expect(reader.byteCount == source.byteCount)
            #expect(try texts(reader) == plain)
        }
    }

    @Test("a fault of the source comes through as it is, also late in the file", arguments: ["csv", "gb", "jsonl", "xlsx"])
    func broken(_ kind: String) throws {
        let bytes = try FileBytes(path: try made(kind)).bytes(at: 0, count: 10_000_000)
        for place in [0, 4_096, bytes.count / 2, bytes.count - 1] {
            let source = MemoryBytes(bytes, piece: 512)
            source.brokenAt = Int64(place)
            let fault = #expect(throws: TableFault.self) { try texts(TableFile.open(source, name: "表")) }
            #expect(fault?.code == .sealBroken)
        }
    }

    @Test("faults of the table name it as the caller does")
    func name() throws {
        let fault = #expect(throws: TableFault.self) { try TableFile.open(MemoryBytes([], piece: 1), name: "名单.csv") }
        #expect(fault?.code == .empty && fault?.file == "名单.csv")
    }
}
