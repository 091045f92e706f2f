@testable import Tables

/// Builds compound files (MS-CFB version 3) by hand.
struct CompoundFixture {
    var streams: [(name: String, bytes: [UInt8])]

    func bytes() -> [UInt8] {
        var body: [UInt8] = []
        var table: [UInt32] = []
        func place(_ bytes: [UInt8]) -> UInt32 {
            let first = UInt32(table.count)
            let count = max(1, (bytes.count + 511) / 512)
            body += bytes + [UInt8](repeating: 0, count: count * 512 - bytes.count)
            for index in 0..<count { table.append(index == count - 1 ? 0xFFFF_FFFE : first + UInt32(index) + 1) }
            return first
        }
        // Streams below 4096 bytes live in 64-byte sectors inside the root's stream.
        var small: [UInt8] = []
        var smallTable: [UInt32] = []
        var items: [[UInt8]] = []
        for stream in streams {
            var first: UInt32
            if stream.bytes.count < 4096 {
                first = UInt32(smallTable.count)
                let count = max(1, (stream.bytes.count + 63) / 64)
                small += stream.bytes + [UInt8](repeating: 0, count: count * 64 - stream.bytes.count)
                for index in 0..<count { smallTable.append(index == count - 1 ? 0xFFFF_FFFE : first + UInt32(index) + 1) }
            } else {
                first = place(stream.bytes)
            }
            items.append(Self.item(stream.name, 2, first, stream.bytes.count))
        }
        let container = small.isEmpty ? 0xFFFF_FFFE : place(small)
        let smallStart = smallTable.isEmpty ? 0xFFFF_FFFE : place(smallTable.flatMap { ZipFixture.little(UInt64($0), 4) })
        let directory = place(Self.item("Root Entry", 5, container, small.count) + items.flatMap { $0 })
        let tableSectors = (table.count + 1 + 126) / 127
        let tableStart = table.count
        for _ in 0..<tableSectors { table.append(0xFFFF_FFFD) }
        var words = table.flatMap { ZipFixture.little(UInt64($0), 4) }
        words += [UInt8](repeating: 0xFF, count: tableSectors * 512 - words.count)
        var header: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 16)
        header += ZipFixture.little(0x3E, 2) + ZipFixture.little(3, 2) + ZipFixture.little(0xFFFE, 2) + ZipFixture.little(9, 2) + ZipFixture.little(6, 2)
        header += [UInt8](repeating: 0, count: 10) + ZipFixture.little(UInt64(tableSectors), 4) + ZipFixture.little(UInt64(directory), 4) + ZipFixture.little(0, 4)
        header += ZipFixture.little(4096, 4) + ZipFixture.little(UInt64(smallStart), 4) + ZipFixture.little(1, 4) + ZipFixture.little(0xFFFF_FFFE, 4) + ZipFixture.little(0, 4)
        for index in 0..<109 { header += ZipFixture.little(index < tableSectors ? UInt64(tableStart + index) : 0xFFFF_FFFF, 4) }
        return header + body + words
    }

    private static func item(_ name: String, _ type: UInt8, _ first: UInt32, _ count: Int) -> [UInt8] {
        let units = Array(name.utf16)
        var bytes = units.flatMap { ZipFixture.little(UInt64($0), 2) }
        bytes += [UInt8](repeating: 0, count: 64 - bytes.count)
        bytes += ZipFixture.little(UInt64(units.count * 2 + 2), 2) + [type, 1]
        bytes += [UInt8](repeating: 0xFF, count: 12) + [UInt8](repeating: 0, count: 36)
        return bytes + ZipFixture.little(UInt64(first), 4) + ZipFixture.little(UInt64(count), 8)
    }
}

/// Builds BIFF8 workbook streams by hand.
struct XLSFixture {
    var sheets: [(name: String, state: UInt8, records: [UInt8])] = []
    /// Records of the globals between BOF and the sheet list.
    var globals: [UInt8] = []
    /// The content of the string table record with its continuations.
    var strings: [UInt8] = []

    static func record(_ kind: UInt16, _ bytes: [UInt8]) -> [UInt8] {
        ZipFixture.little(UInt64(kind), 2) + ZipFixture.little(UInt64(bytes.count), 2) + bytes
    }

    static func words(_ values: Int...) -> [UInt8] { values.flatMap { ZipFixture.little(UInt64($0), 2) } }

    /// A string with 2-byte length, wide.
    static func text(_ text: String) -> [UInt8] {
        words(text.utf16.count) + [1] + text.utf16.flatMap { ZipFixture.little(UInt64($0), 2) }
    }

    /// Styles 0 General, 1 date, 2 own format 164.
    static let styles: [UInt8] =
        record(0x41E, words(164) + text("yyyy\"年\"m\"月\"")) + record(0xE0, words(0, 0)) + record(0xE0, words(0, 14)) + record(0xE0, words(0, 164))

    static func strings(_ texts: [String]) -> [UInt8] {
        var bytes: [UInt8] = ZipFixture.little(UInt64(texts.count), 4) + ZipFixture.little(UInt64(texts.count), 4)
        for text in texts { bytes += Self.text(text) }
        return record(0xFC, bytes)
    }

    func stream(version: Int = 0x600) -> [UInt8] {
        let begin = Self.record(0x809, Self.words(version, 5, 0, 0) + [UInt8](repeating: 0, count: 8))
        let end = Self.record(0x0A, [])
        let listBytes = sheets.reduce(0) { $0 + 12 + 2 * $1.name.utf16.count }
        var offset = begin.count + globals.count + listBytes + strings.count + end.count
        var out = begin + globals
        for sheet in sheets {
            let name: [UInt8] = [UInt8(sheet.name.utf16.count)] + Self.text(sheet.name).dropFirst(2)
            out += Self.record(0x85, ZipFixture.little(UInt64(offset), 4) + [sheet.state, 0] + name)
            offset += Self.record(0x809, [UInt8](repeating: 0, count: 16)).count + sheet.records.count + end.count
        }
        out += strings + end
        for sheet in sheets { out += Self.record(0x809, Self.words(0x600, 0x10, 0, 0) + [UInt8](repeating: 0, count: 8)) + sheet.records + end }
        return out
    }

    func bytes() -> [UInt8] { CompoundFixture(streams: [("Workbook", stream())]).bytes() }
}
