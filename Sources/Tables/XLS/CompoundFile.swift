/// The directory and sector chains of a compound file (MS-CFB), the container of `.xls` and of encrypted workbooks.
struct CompoundFile {
    struct Item: Equatable {
        var name: String
        /// 1 storage, 2 stream, 5 root.
        var type: UInt8
        var firstSector: UInt32
        var byteCount: Int64
    }

    let file: FileBytes
    let sectorBytes: Int
    private(set) var items: [Item] = []
    private var table: [UInt32] = []
    private var smallTable: [UInt32] = []
    private var smallLimit: Int64 = 4096

    /// Larger than any BIFF8 workbook can usefully be.
    private static let mostBytes: Int64 = 1 << 30

    init(_ file: FileBytes) throws(TableFault) {
        self.file = file
        guard file.byteCount <= Self.mostBytes else { throw .bomb(file.name, "超过 1 GiB") }
        let header = try file.bytes(at: 0, count: 512)
        guard header.count == 512 else { throw .damaged(file.name, "文件头不完整") }
        let shift = header.littleEndian16(30)
        guard shift == 9 || shift == 12, header.littleEndian16(32) == 6 else { throw .damaged(file.name, "文件头不对") }
        sectorBytes = 1 << Int(shift)
        smallLimit = Int64(header.littleEndian32(56))
        try readTable(header)
        let directory = try read(try chain(from: header.littleEndian32(48), in: table))
        for at in stride(from: 0, to: directory.count - 127, by: 128) where directory[at + 66] != 0 {
            let nameBytes = Int(directory.littleEndian16(at + 64))
            let units = stride(from: at, to: at + max(0, min(64, nameBytes) - 2), by: 2).map { directory.littleEndian16($0) }
            let size = shift == 9 ? UInt64(directory.littleEndian32(at + 120)) : directory.littleEndian64(at + 120)
            items.append(
                Item(
                    name: String(decoding: units, as: UTF16.self), type: directory[at + 66], firstSector: directory.littleEndian32(at + 116),
                    byteCount: Int64(clamping: size)))
        }
        let smallStart = header.littleEndian32(60)
        if smallStart < Self.lastSector { smallTable = Self.words(try read(try chain(from: smallStart, in: table))) }
    }

    /// The content of a stream as a source.
    func open(_ item: Item) throws(TableFault) -> CompoundStream {
        if item.byteCount < smallLimit {
            guard let root = items.first(where: { $0.type == 5 }) else { throw .damaged(file.name, "缺少根目录") }
            let container = try read(try chain(from: root.firstSector, in: table))
            var bytes: [UInt8] = []
            for sector in try chain(from: item.firstSector, in: smallTable) {
                let start = Int(sector) * 64
                guard start + 64 <= container.count else { throw .damaged(file.name, "短流越界") }
                bytes.append(contentsOf: container[start..<(start + 64)])
            }
            guard Int64(bytes.count) >= item.byteCount else { throw .damaged(file.name, "“\(item.name)”不完整") }
            return CompoundStream(bytes: Array(bytes.prefix(Int(item.byteCount))), file: file)
        }
        let sectors = try chain(from: item.firstSector, in: table)
        guard Int64(sectors.count) * Int64(sectorBytes) >= item.byteCount else { throw .damaged(file.name, "“\(item.name)”不完整") }
        return CompoundStream(sectors: sectors, sectorBytes: sectorBytes, byteCount: item.byteCount, file: file)
    }

    /// Sector numbers from here on mean "end", "free" and so on.
    private static let lastSector: UInt32 = 0xFFFF_FFFA

    private mutating func readTable(_ header: [UInt8]) throws(TableFault) {
        let most = Int(file.byteCount) / sectorBytes + 1
        var places = (0..<109).map { header.littleEndian32(76 + 4 * $0) }.filter { $0 < Self.lastSector }
        var next = header.littleEndian32(68)
        var steps = 0
        while next < Self.lastSector {
            let words = Self.words(try read([next]))
            steps += 1
            guard steps <= most, let last = words.last else { throw .damaged(file.name, "扇区表循环") }
            places += words.dropLast().filter { $0 < Self.lastSector }
            next = last
        }
        guard places.count <= most else { throw .damaged(file.name, "扇区表过大") }
        table = Self.words(try read(places))
    }

    private func chain(from start: UInt32, in table: [UInt32]) throws(TableFault) -> [UInt32] {
        var sectors: [UInt32] = []
        var next = start
        while next < Self.lastSector {
            guard Int(next) < table.count, sectors.count < table.count else { throw .damaged(file.name, "扇区链断开或循环") }
            sectors.append(next)
            next = table[Int(next)]
        }
        return sectors
    }

    private func read(_ sectors: [UInt32]) throws(TableFault) -> [UInt8] {
        var bytes: [UInt8] = []
        for sector in sectors {
            var part = try file.bytes(at: (Int64(sector) + 1) * Int64(sectorBytes), count: sectorBytes)
            guard !part.isEmpty else { throw .damaged(file.name, "没有传完整") }
            part.append(contentsOf: repeatElement(0, count: sectorBytes - part.count))
            bytes.append(contentsOf: part)
        }
        return bytes
    }

    private static func words(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: 0, to: bytes.count - 3, by: 4).map { bytes.littleEndian32($0) }
    }
}

/// One stream of a compound file, read in order from any offset.
final class CompoundStream: ByteSource {
    let byteCount: Int64
    var size: Int64 { byteCount }
    private let file: FileBytes
    private let sectors: [UInt32]
    private let sectorBytes: Int
    private let small: [UInt8]
    private var offset: Int64 = 0

    init(sectors: [UInt32], sectorBytes: Int, byteCount: Int64, file: FileBytes) {
        (self.sectors, self.sectorBytes, self.byteCount, self.file, small) = (sectors, sectorBytes, byteCount, file, [])
    }

    init(bytes: [UInt8], file: FileBytes) {
        (sectors, sectorBytes, byteCount, self.file, small) = ([], 64, Int64(bytes.count), file, bytes)
    }

    func seek(to offset: Int64) { self.offset = offset }

    func read(into buffer: inout [UInt8], at place: Int) throws(TableFault) -> Int {
        guard offset < byteCount else { return 0 }
        if sectors.isEmpty {
            let count = min(small.count - Int(offset), buffer.count - place)
            for index in 0..<count { buffer[place + index] = small[Int(offset) + index] }
            offset += Int64(count)
            return count
        }
        // Neighbouring sectors are read at once.
        let first = Int(offset) / sectorBytes
        let within = Int(offset) % sectorBytes
        var run = 1
        while first + run < sectors.count, sectors[first + run] == sectors[first] &+ UInt32(run), run * sectorBytes < buffer.count { run += 1 }
        let wanted = min(run * sectorBytes - within, buffer.count - place, Int(byteCount - offset))
        let bytes = try file.bytes(at: (Int64(sectors[first]) + 1) * Int64(sectorBytes) + Int64(within), count: wanted)
        guard bytes.count == wanted else { throw .damaged(file.name, "没有传完整") }
        buffer.replaceSubrange(place..<(place + wanted), with: bytes)
        offset += Int64(wanted)
        return wanted
    }
}
