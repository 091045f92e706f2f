import CZlib

@testable import Tables

/// Builds zip files by hand, honest or not.
struct ZipFixture {
    struct Part {
        var name: String
        var bytes: [UInt8]
        var deflated = false
        /// Bit 0 = encrypted, bit 3 = sizes follow in a data descriptor.
        var flags: UInt16 = 0
        /// Put into the directory instead of the true size.
        var claimedBytes: UInt32?
    }

    var parts: [Part] = []
    /// Whether sizes and offsets go into Zip64 extra fields.
    var usesZip64 = false

    mutating func add(_ name: String, _ text: String, deflated: Bool = false) {
        parts.append(Part(name: name, bytes: Array(text.utf8), deflated: deflated))
    }

    func bytes() -> [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for part in parts {
            let data = part.deflated ? Self.deflate(part.bytes) : part.bytes
            let sum = unsafe part.bytes.withUnsafeBufferPointer { unsafe UInt32(crc32(0, $0.baseAddress, UInt32($0.count))) }
            let size = part.claimedBytes ?? UInt32(part.bytes.count)
            let offset = UInt32(out.count)
            let method: UInt16 = part.deflated ? 8 : 0
            let isDescribed = part.flags & 8 != 0
            out += Self.little(0x0403_4B50, 4) + Self.little(20, 2) + Self.little(UInt64(part.flags), 2) + Self.little(UInt64(method), 2)
            out += Self.little(0, 4) + Self.little(isDescribed ? 0 : UInt64(sum), 4)
            out += Self.little(isDescribed ? 0 : UInt64(data.count), 4) + Self.little(isDescribed ? 0 : UInt64(size), 4)
            out += Self.little(UInt64(part.name.utf8.count), 2) + Self.little(0, 2) + Array(part.name.utf8) + data
            if isDescribed { out += Self.little(0x0807_4B50, 4) + Self.little(UInt64(sum), 4) + Self.little(UInt64(data.count), 4) + Self.little(UInt64(size), 4) }
            var extra: [UInt8] = []
            if usesZip64 { extra = Self.little(1, 2) + Self.little(24, 2) + Self.little(UInt64(size), 8) + Self.little(UInt64(data.count), 8) + Self.little(UInt64(offset), 8) }
            let all = UInt64(UInt32.max)
            directory += Self.little(0x0201_4B50, 4) + Self.little(20, 2) + Self.little(20, 2) + Self.little(UInt64(part.flags), 2)
            directory += Self.little(UInt64(method), 2) + Self.little(0, 4) + Self.little(UInt64(sum), 4)
            directory += Self.little(usesZip64 ? all : UInt64(data.count), 4) + Self.little(usesZip64 ? all : UInt64(size), 4)
            directory += Self.little(UInt64(part.name.utf8.count), 2) + Self.little(UInt64(extra.count), 2) + Self.little(0, 2)
            directory += Self.little(0, 2) + Self.little(0, 2) + Self.little(0, 4) + Self.little(usesZip64 ? all : UInt64(offset), 4)
            directory += Array(part.name.utf8) + extra
        }
        let start = UInt64(out.count)
        out += directory
        if usesZip64 {
            let record = UInt64(out.count)
            out += Self.little(0x0606_4B50, 4) + Self.little(44, 8) + Self.little(45, 2) + Self.little(45, 2) + Self.little(0, 4) + Self.little(0, 4)
            out += Self.little(UInt64(parts.count), 8) + Self.little(UInt64(parts.count), 8) + Self.little(UInt64(directory.count), 8) + Self.little(start, 8)
            out += Self.little(0x0706_4B50, 4) + Self.little(0, 4) + Self.little(record, 8) + Self.little(1, 4)
        }
        let count = usesZip64 ? 0xFFFF : UInt64(parts.count)
        out += Self.little(0x0605_4B50, 4) + Self.little(0, 4) + Self.little(count, 2) + Self.little(count, 2)
        out += Self.little(usesZip64 ? UInt64(UInt32.max) : UInt64(directory.count), 4) + Self.little(usesZip64 ? UInt64(UInt32.max) : start, 4) + Self.little(0, 2)
        return out
    }

    static func little(_ value: UInt64, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        var stream = unsafe z_stream()
        _ = unsafe deflateInit2_(&stream, 6, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 1000 + 64)
        let count = unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe stream.next_in = source.baseAddress
                unsafe stream.avail_in = UInt32(source.count)
                unsafe stream.next_out = target.baseAddress
                unsafe stream.avail_out = UInt32(target.count)
                _ = unsafe CZlib.deflate(&stream, Z_FINISH)
                return unsafe target.count - Int(stream.avail_out)
            }
        }
        unsafe deflateEnd(&stream)
        return Array(output[..<count])
    }
}

/// A workbook written by hand, one sheet or several.
struct BookFixture {
    struct Sheet {
        var name: String
        /// What stands inside `<sheetData>`.
        var data: String
        var state: String?
        /// The whole part, instead of `data`.
        var whole: String?
    }

    var sheets: [Sheet] = []
    var strings: String?
    /// What stands inside `<styleSheet>`.
    var styles: String?
    var is1904 = false
    var contentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    var extra: [ZipFixture.Part] = []
    var deflated = true

    init(_ data: String = "", strings: String? = nil, styles: String? = nil) {
        sheets = [Sheet(name: "数据", data: data)]
        self.strings = strings
        self.styles = styles
    }

    func zip() -> ZipFixture {
        var zip = ZipFixture()
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
        let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        let package = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\""
        zip.add(
            "[Content_Types].xml",
            head + "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"\(contentType)\"/></Types>",
            deflated: deflated)
        zip.add(
            "_rels/.rels", head + "<Relationships \(package)><Relationship Id=\"rId1\" Type=\"\(office)/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
            deflated: deflated)
        var list = ""
        var related = ""
        for (index, sheet) in sheets.enumerated() {
            let state = sheet.state.map { " state=\"\($0)\"" } ?? ""
            list += "<sheet name=\"\(sheet.name)\" sheetId=\"\(index + 1)\"\(state) r:id=\"rId\(index + 1)\"/>"
            related += "<Relationship Id=\"rId\(index + 1)\" Type=\"\(office)/worksheet\" Target=\"worksheets/sheet\(index + 1).xml\"/>"
            zip.add(
                "xl/worksheets/sheet\(index + 1).xml", sheet.whole ?? head + "<worksheet \(main)><sheetData>\(sheet.data)</sheetData></worksheet>", deflated: deflated)
        }
        if let strings {
            related += "<Relationship Id=\"rId91\" Type=\"\(office)/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
            zip.add("xl/sharedStrings.xml", head + "<sst \(main)>\(strings)</sst>", deflated: deflated)
        }
        if let styles {
            related += "<Relationship Id=\"rId92\" Type=\"\(office)/styles\" Target=\"styles.xml\"/>"
            zip.add("xl/styles.xml", head + "<styleSheet \(main)>\(styles)</styleSheet>", deflated: deflated)
        }
        let system = is1904 ? "<workbookPr date1904=\"1\"/>" : ""
        zip.add("xl/workbook.xml", head + "<workbook \(main) xmlns:r=\"\(office)\">\(system)<sheets>\(list)</sheets></workbook>", deflated: deflated)
        zip.add("xl/_rels/workbook.xml.rels", head + "<Relationships \(package)>\(related)</Relationships>", deflated: deflated)
        zip.parts += extra
        return zip
    }

    func bytes() -> [UInt8] { zip().bytes() }
}
