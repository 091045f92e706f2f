/// What stands before the sheets of an `.xls`: sheet list, strings, styles, date system.
struct BIFFWorkbook {
    struct SheetPlace: Equatable {
        var name: String
        var isVisible: Bool
        var offset: Int64
    }

    private(set) var sheets: [SheetPlace] = []
    private(set) var strings = StringArena()
    private(set) var is1904 = false
    /// By style, whether it shows a date.
    private(set) var isDate: [Bool] = []

    init(_ stream: CompoundStream, file: String) throws(TableFault) {
        var records = BIFFStream(stream, from: 0, file: file)
        var record = BIFFRecord()
        guard try records.next(&record), record.kind == BIFF.begin, record.bytes.count >= 4 else { throw .damaged(file, "工作簿没有开头") }
        guard record.bytes.littleEndian16(0) == 0x0600 else { throw .outdated(file) }
        var styles: [Int] = []
        var codes: [Int: Bool] = [:]
        while true {
            guard try records.next(&record) else { throw .damaged(file, "工作簿没有写完") }
            let bytes = record.bytes
            switch record.kind {
            case BIFF.end:
                isDate = styles.map { codes[$0] ?? NumberFormats.isBuiltInDate($0) }
                return
            case BIFF.encryption: throw .encrypted(file)
            case BIFF.dateMode where bytes.count >= 2: is1904 = bytes.littleEndian16(0) == 1
            case BIFF.style where bytes.count >= 4: styles.append(Int(bytes.littleEndian16(2)))
            case BIFF.format where bytes.count >= 5:
                var code: [UInt8] = []
                var cursor = BIFFStringCursor(record, at: 2)
                if cursor.append(to: &code) {
                    codes[Int(bytes.littleEndian16(0))] = NumberFormats.isDateCode(String(decoding: code, as: UTF8.self))
                }
            case BIFF.sheet where bytes.count >= 8: addSheet(bytes)
            case BIFF.strings where bytes.count >= 8: try readStrings(record, file)
            default: break
            }
            guard styles.count <= 1 << 16, sheets.count <= TableLimits.zipEntries else { throw .bomb(file, "样式或工作表过多") }
        }
    }

    /// BoundSheet8 (MS-XLS 2.4.28); only worksheets, not charts or macro sheets.
    private mutating func addSheet(_ bytes: [UInt8]) {
        guard bytes[5] == 0 else { return }
        let isWide = bytes[7] & 1 != 0
        let end = min(bytes.count, 8 + Int(bytes[6]) * (isWide ? 2 : 1))
        let units = stride(from: 8, to: isWide ? end - 1 : end, by: isWide ? 2 : 1).map { at in
            isWide ? bytes.littleEndian16(at) : UInt16(bytes[at])
        }
        sheets.append(
            SheetPlace(
                name: String(decoding: units, as: UTF16.self), isVisible: bytes[4] & 3 == 0, offset: Int64(bytes.littleEndian32(0))))
    }

    private mutating func readStrings(_ record: BIFFRecord, _ file: String) throws(TableFault) {
        let count = Int(record.bytes.littleEndian32(4))
        var cursor = BIFFStringCursor(record, at: 8)
        for _ in 0..<count {
            guard cursor.append(to: &strings.bytes) else { throw .damaged(file, "文字表没有写完") }
            guard strings.finish() else { throw .bomb(file, "文字表超出限度") }
        }
    }
}

extension TableFault {
    static func outdated(_ file: String) -> TableFault {
        TableFault(
            .notAWorkbook, file: file, message: "是 Excel 95 或更早的工作簿，平台不读这种格式", cure: "请用 Excel 或 WPS 打开后另存为 .xlsx，再重新报送")
    }
}
