/// One file inside a zip, as the central directory has it (APPNOTE 4.3.12), with sizes from Zip64 where needed.
struct ZipEntry: Equatable {
    var name: String
    /// 0 = stored, 8 = deflated.
    var method: UInt16
    var isEncrypted: Bool
    var checksum: UInt32
    var compressedBytes: Int64
    var inflatedBytes: Int64
    var headerOffset: Int64
    /// Where the local header ends and the data begin.
    var dataOffset: Int64 = 0
}

/// The central directory of a zip, checked against the local headers: names agree, nothing overlaps, limits hold.
///
/// Sizes come from the directory, so data descriptors do not matter.
struct ZipArchive {
    let file: FileBytes
    let entries: [ZipEntry]
    let budget = InflationBudget()

    init(_ file: FileBytes) throws(TableFault) {
        self.file = file
        var entries = try Directory(file).entries()
        guard Set(entries.map(\.name)).count == entries.count else { throw .bomb(file.name, "压缩包里有重名文件") }
        var declared: Int64 = 0
        for index in entries.indices {
            let entry = entries[index]
            declared += entry.inflatedBytes
            if declared > TableLimits.inflatedBytes { throw .bomb(file.name, "总量超过 \(TableLimits.inflatedBytes >> 30) GiB") }
            try InflationBudget.checkRatio(entry.inflatedBytes, of: entry, in: file.name)
            entries[index].dataOffset = try Self.dataOffset(of: entry, in: file)
        }
        var end: Int64 = 0
        for entry in entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
            guard entry.headerOffset >= end else { throw .bomb(file.name, "压缩包内的文件互相重叠") }
            end = entry.dataOffset + entry.compressedBytes
            guard end <= file.byteCount else { throw .damaged(file.name, "“\(entry.name)”超出文件末尾") }
        }
        self.entries = entries
    }

    /// The entry of that name, letter case ignored as Excel does.
    func entry(_ name: String) -> ZipEntry? {
        entries.first { $0.name == name } ?? entries.first { $0.name.lowercased() == name.lowercased() }
    }

    /// The inflated bytes of an entry as a source.
    func open(_ entry: ZipEntry) throws(TableFault) -> InflatedEntry {
        if entry.isEncrypted { throw .encrypted(file.name) }
        return try InflatedEntry(entry, in: file, budget: budget)
    }

    private static func dataOffset(of entry: ZipEntry, in file: FileBytes) throws(TableFault) -> Int64 {
        let header = try file.bytes(at: entry.headerOffset, count: 30)
        guard header.count == 30, header.littleEndian32(0) == 0x0403_4B50 else {
            throw .damaged(file.name, "“\(entry.name)”的位置不对")
        }
        let nameBytes = Int(header.littleEndian16(26))
        let name = try file.bytes(at: entry.headerOffset + 30, count: nameBytes)
        guard String(decoding: name, as: UTF8.self) == entry.name else { throw .damaged(file.name, "“\(entry.name)”与目录不一致") }
        return entry.headerOffset + 30 + Int64(nameBytes) + Int64(header.littleEndian16(28))
    }
}

extension ZipArchive {
    /// Finds and decodes the central directory.
    struct Directory {
        private let file: FileBytes
        private var count: Int64
        private var byteCount: Int64
        private var offset: Int64

        init(_ file: FileBytes) throws(TableFault) {
            self.file = file
            let tailStart = max(0, file.byteCount - 65_557)
            let tail = try file.bytes(at: tailStart, count: Int(file.byteCount - tailStart))
            guard tail.count >= 22,
                let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
                    tail.littleEndian32($0) == 0x0605_4B50 && $0 + 22 + Int(tail.littleEndian16($0 + 20)) <= tail.count
                })
            else { throw .damaged(file.name, "压缩包缺少目录，多半没有传完整") }
            count = Int64(tail.littleEndian16(end + 10))
            byteCount = Int64(tail.littleEndian32(end + 12))
            offset = Int64(tail.littleEndian32(end + 16))
            if count == 0xFFFF || byteCount == 0xFFFF_FFFF || offset == 0xFFFF_FFFF { try readZip64(before: tailStart + Int64(end)) }
            guard count <= TableLimits.zipEntries else { throw .bomb(file.name, "压缩包内的文件超过 \(TableLimits.zipEntries) 个") }
            guard byteCount <= 4 << 20, offset >= 0, offset <= file.byteCount - byteCount else {
                throw .damaged(file.name, "压缩包的目录超出文件")
            }
        }

        private mutating func readZip64(before end: Int64) throws(TableFault) {
            let locator = try file.bytes(at: end - 20, count: 20)
            guard locator.count == 20, locator.littleEndian32(0) == 0x0706_4B50 else { return }   // the sizes were really those
            let record = try file.bytes(at: Int64(truncatingIfNeeded: locator.littleEndian64(8)), count: 56)
            guard record.count == 56, record.littleEndian32(0) == 0x0606_4B50,
                let count = Int64(exactly: record.littleEndian64(32)), let byteCount = Int64(exactly: record.littleEndian64(40)),
                let offset = Int64(exactly: record.littleEndian64(48))
            else { throw .damaged(file.name, "Zip64 目录不对") }
            (self.count, self.byteCount, self.offset) = (count, byteCount, offset)
        }

        func entries() throws(TableFault) -> [ZipEntry] {
            let bytes = try file.bytes(at: offset, count: Int(byteCount))
            var entries: [ZipEntry] = []
            var at = 0
            for _ in 0..<count {
                guard at + 46 <= bytes.count, bytes.littleEndian32(at) == 0x0201_4B50 else { throw .damaged(file.name, "压缩包的目录不完整") }
                let nameEnd = at + 46 + Int(bytes.littleEndian16(at + 28))
                let extraEnd = nameEnd + Int(bytes.littleEndian16(at + 30))
                let next = extraEnd + Int(bytes.littleEndian16(at + 32))
                guard next <= bytes.count else { throw .damaged(file.name, "压缩包的目录不完整") }
                var entry = ZipEntry(
                    name: String(decoding: bytes[(at + 46)..<nameEnd], as: UTF8.self), method: bytes.littleEndian16(at + 10),
                    isEncrypted: bytes.littleEndian16(at + 8) & 1 != 0, checksum: bytes.littleEndian32(at + 16),
                    compressedBytes: Int64(bytes.littleEndian32(at + 20)), inflatedBytes: Int64(bytes.littleEndian32(at + 24)),
                    headerOffset: Int64(bytes.littleEndian32(at + 42)))
                try Self.applyZip64(bytes[nameEnd..<extraEnd], to: &entry, file.name)
                guard entry.method == 0 || entry.method == 8 else {
                    throw .damaged(file.name, "“\(entry.name)”用了不支持的压缩方法 \(entry.method)")
                }
                entries.append(entry)
                at = next
            }
            return entries
        }

        /// Extra field 0x0001: the 64-bit values of those that are all ones, in fixed order.
        private static func applyZip64(_ extra: ArraySlice<UInt8>, to entry: inout ZipEntry, _ name: String) throws(TableFault) {
            let extra = Array(extra)
            var at = 0
            while at + 4 <= extra.count {
                let end = at + 4 + Int(extra.littleEndian16(at + 2))
                guard end <= extra.count else { break }
                if extra.littleEndian16(at) == 1 {
                    var field = at + 4
                    func take(_ value: inout Int64) {
                        guard value == 0xFFFF_FFFF, field + 8 <= end else { return }
                        value = Int64(exactly: extra.littleEndian64(field)) ?? -1
                        field += 8
                    }
                    take(&entry.inflatedBytes)
                    take(&entry.compressedBytes)
                    take(&entry.headerOffset)
                }
                at = end
            }
            guard (0...(1 << 50)).contains(entry.inflatedBytes), (0...(1 << 50)).contains(entry.compressedBytes),
                (0...(1 << 50)).contains(entry.headerOffset)
            else { throw .damaged(name, "Zip64 的数值不对") }
        }
    }
}

extension [UInt8] {
    func littleEndian16(_ at: Int) -> UInt16 { UInt16(self[at]) | UInt16(self[at + 1]) << 8 }
    func littleEndian32(_ at: Int) -> UInt32 { UInt32(littleEndian16(at)) | UInt32(littleEndian16(at + 2)) << 16 }
    func littleEndian64(_ at: Int) -> UInt64 { UInt64(littleEndian32(at)) | UInt64(littleEndian32(at + 4)) << 32 }
}
