import CZlib

/// A zip without compression, so that the fuzzer's bytes reach the parts unchanged and checksums are right; entries that were
/// deflated elsewhere, or lie about themselves, can be added for tests.
struct StoredZip {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// - Parameter inflated: how many bytes the content claims to inflate to; nil where it is stored.
    mutating func add(_ name: String, _ content: [UInt8], inflated: Int? = nil) {
        let checksum = unsafe content.withUnsafeBufferPointer { unsafe UInt64(crc32(0, $0.baseAddress, UInt32($0.count))) }
        let shared = little(0, 2) + little(inflated == nil ? 0 : 8, 2) + little(0, 4) + little(checksum, 4) + little(content.count, 4)
            + little(inflated ?? content.count, 4) + little(name.utf8.count, 2) + little(0, 2)
        directory += little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + shared + little(0, 10) + little(bytes.count, 4) + name.utf8
        bytes += little(0x0403_4B50, 4) + little(20, 2) + shared + name.utf8 + content
        count += 1
    }

    /// Lists an entry that lies inside the one added last, its own header first.
    mutating func addOverlapping(_ name: String, _ content: [UInt8], inside outer: String) {
        var inner = StoredZip()
        inner.add(name, content)
        let start = bytes.count
        add(outer, inner.bytes)
        let entry = inner.directory.count
        directory += inner.directory
        let offset = start + 30 + outer.utf8.count
        let place = directory.count - entry + 42
        directory.replaceSubrange(place..<(place + 4), with: little(offset, 4))
        count += 1
    }

    func finished() -> [UInt8] {
        bytes + directory + little(0x0605_4B50, 4) + little(0, 4) + little(count, 2) + little(count, 2) + little(directory.count, 4)
            + little(bytes.count, 4) + little(0, 2)
    }

    /// A workbook of some parts: sheet, strings, styles, list of sheets, relationships. The last two have sound stand-ins.
    static func workbook(_ parts: [[UInt8]]) -> [UInt8] {
        func part(_ index: Int, _ other: String) -> [UInt8] {
            index < parts.count && !parts[index].isEmpty ? parts[index] : Array(other.utf8)
        }
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        var zip = StoredZip()
        zip.add("[Content_Types].xml", Array("<Types/>".utf8))
        zip.add("xl/worksheets/sheet1.xml", part(0, "<worksheet/>"))
        zip.add("xl/sharedStrings.xml", part(1, "<sst/>"))
        zip.add("xl/styles.xml", part(2, "<styleSheet/>"))
        zip.add("xl/workbook.xml", part(3, "<workbook><sheets><sheet name=\"数据\" sheetId=\"1\" r:id=\"s\"/></sheets></workbook>"))
        zip.add(
            "xl/_rels/workbook.xml.rels",
            part(
                4,
                "<Relationships>"
                    + [("s", "worksheet", "worksheets/sheet1"), ("t", "sharedStrings", "sharedStrings"), ("y", "styles", "styles")]
                    .map { "<Relationship Id=\"\($0)\" Type=\"\(office)/\($1)\" Target=\"\($2).xml\"/>" }.joined() + "</Relationships>"))
        return zip.finished()
    }
}

/// A compound file (MS-CFB version 3) that holds one stream, `Workbook`, padded to the 4,096 bytes from which streams have
/// sectors of their own.
func compoundFile(holding stream: [UInt8]) -> [UInt8] {
    let sectors = max(8, (stream.count + 511) / 512)
    let tables = (sectors + 1 + 126) / 127
    var table = (0..<sectors).map { $0 == sectors - 1 ? 0xFFFF_FFFE : $0 + 1 }
    table += [0xFFFF_FFFE] + [Int](repeating: 0xFFFF_FFFD, count: tables)
    table += [Int](repeating: 0xFFFF_FFFF, count: tables * 128 - table.count)
    func item(_ name: String, _ type: UInt8, _ first: Int, _ count: Int) -> [UInt8] {
        let units = name.utf16.flatMap { little(Int($0), 2) }
        return units + [UInt8](repeating: 0, count: 64 - units.count) + little(units.count + 2, 2) + [type, 1]
            + [UInt8](repeating: 0xFF, count: 12) + [UInt8](repeating: 0, count: 36) + little(first, 4) + little(count, 8)
    }
    var header: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 16)
    header += little(0x3E, 2) + little(3, 2) + little(0xFFFE, 2) + little(9, 2) + little(6, 2) + little(0, 10)
    header += little(tables, 4) + little(sectors, 4) + little(0, 4) + little(4096, 4) + little(0xFFFF_FFFE, 4) + little(0, 4)
    header += little(0xFFFF_FFFE, 4) + little(0, 4)
    for index in 0..<109 { header += little(index < tables ? sectors + 1 + index : 0xFFFF_FFFF, 4) }
    let body = stream + [UInt8](repeating: 0, count: sectors * 512 - stream.count)
    let directory = item("Root Entry", 5, 0xFFFF_FFFE, 0) + item("Workbook", 2, 0, max(4096, stream.count)) + [UInt8](repeating: 0, count: 256)
    return header + body + directory + table.flatMap { little($0, 4) }
}

private func little(_ value: some BinaryInteger, _ count: Int) -> [UInt8] {
    (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: UInt64(truncatingIfNeeded: value) >> (8 * UInt64($0))) : 0 }
}
