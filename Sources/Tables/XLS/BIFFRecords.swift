/// Record numbers of BIFF8 (MS-XLS 2.3) that matter for reading values.
enum BIFF {
    static let formula: UInt16 = 0x0006
    static let end: UInt16 = 0x000A
    static let dateMode: UInt16 = 0x0022
    static let encryption: UInt16 = 0x002F
    static let continuation: UInt16 = 0x003C
    static let sheet: UInt16 = 0x0085
    static let multipleNumbers: UInt16 = 0x00BD
    static let richText: UInt16 = 0x00D6
    static let style: UInt16 = 0x00E0
    static let strings: UInt16 = 0x00FC
    static let sharedText: UInt16 = 0x00FD
    static let number: UInt16 = 0x0203
    static let text: UInt16 = 0x0204
    static let truthOrError: UInt16 = 0x0205
    static let formulaText: UInt16 = 0x0207
    static let packedNumber: UInt16 = 0x027E
    static let format: UInt16 = 0x041E
    static let begin: UInt16 = 0x0809
}

/// One record's content with the records that continue it.
struct BIFFRecord {
    var kind: UInt16 = 0
    var bytes: [UInt8] = []
    /// Where each continuation begins in `bytes`.
    var breaks: [Int] = []
}

/// A workbook stream as records.
struct BIFFStream {
    private var window: ByteWindow
    private let file: String

    init(_ source: CompoundStream, from offset: Int64, file: String) {
        source.seek(to: offset)
        window = ByteWindow(source: source, capacity: 1 << 18)
        self.file = file
    }

    /// The next record with its continuations, into `record` (its storage is reused); false at the end of the stream.
    mutating func next(_ record: inout BIFFRecord) throws(TableFault) -> Bool {
        record.bytes.removeAll(keepingCapacity: true)
        record.breaks.removeAll(keepingCapacity: true)
        try window.require(4)
        guard window.available >= 4 else { return false }
        record.kind = window.bytes.littleEndian16(window.position)
        try takeBody(&record)
        while true {
            try window.require(4)
            guard window.available >= 4, window.bytes.littleEndian16(window.position) == BIFF.continuation else { return true }
            record.breaks.append(record.bytes.count)
            try takeBody(&record)
            guard record.bytes.count <= TableLimits.sharedStringBytes else { throw .bomb(file, "一段内容超过 256 MiB") }
        }
    }

    private mutating func takeBody(_ record: inout BIFFRecord) throws(TableFault) {
        let length = Int(window.bytes.littleEndian16(window.position + 2))
        try window.require(4 + length)
        guard window.available >= 4 + length else { throw .damaged(file, "记录没有写完") }
        let start = window.position + 4
        record.bytes.append(contentsOf: window.bytes[start..<(start + length)])
        window.position = start + length
    }
}

/// Reads the strings of a record, which may go on in continuations.
struct BIFFStringCursor {
    private let record: BIFFRecord
    private(set) var at: Int
    private var nextBreak = 0

    init(_ record: BIFFRecord, at: Int) {
        self.record = record
        self.at = at
    }

    /// Appends a string with a 2-byte length (XLUnicodeRichExtendedString, MS-XLS 2.5.293); false where the record ends first.
    mutating func append(to out: inout [UInt8]) -> Bool {
        guard at + 3 <= record.bytes.count else { return false }
        let characters = Int(record.bytes.littleEndian16(at))
        let flags = record.bytes[at + 2]
        at += 3
        var trailing = 0
        if flags & 0x08 != 0 {
            guard at + 2 <= record.bytes.count else { return false }
            trailing += 4 * Int(record.bytes.littleEndian16(at))
            at += 2
        }
        if flags & 0x04 != 0 {
            guard at + 4 <= record.bytes.count else { return false }
            trailing += Int(record.bytes.littleEndian32(at))
            at += 4
        }
        guard appendCharacters(characters, isWide: flags & 1 != 0, to: &out) else { return false }
        at += trailing
        return at <= record.bytes.count
    }

    private mutating func appendCharacters(_ count: Int, isWide: Bool, to out: inout [UInt8]) -> Bool {
        var isWide = isWide
        var high: UInt32 = 0
        for _ in 0..<count {
            while nextBreak < record.breaks.count, record.breaks[nextBreak] < at { nextBreak += 1 }
            if nextBreak < record.breaks.count, record.breaks[nextBreak] == at {
                // A continuation amid characters begins with its own width.
                guard at < record.bytes.count else { return false }
                isWide = record.bytes[at] & 1 != 0
                at += 1
                nextBreak += 1
            }
            guard at + (isWide ? 2 : 1) <= record.bytes.count else { return false }
            let unit = isWide ? UInt32(record.bytes.littleEndian16(at)) : UInt32(record.bytes[at])
            at += isWide ? 2 : 1
            Self.append(unit, &high, to: &out)
        }
        if high != 0 { out.append(contentsOf: [0xEF, 0xBF, 0xBD]) }
        return true
    }

    /// UTF-16 to UTF-8, one unit at a time; `high` keeps a leading surrogate. A lone surrogate and NUL become U+FFFD.
    private static func append(_ unit: UInt32, _ high: inout UInt32, to out: inout [UInt8]) {
        var value = unit
        if unit & 0xFC00 == 0xDC00, high != 0 {
            value = 0x10000 + (high & 0x3FF) << 10 + unit & 0x3FF
            high = 0
        } else {
            if high != 0 { out.append(contentsOf: [0xEF, 0xBF, 0xBD]) }
            high = 0
            if unit & 0xFC00 == 0xD800 {
                high = unit
                return
            }
            if unit == 0 || unit & 0xFC00 == 0xDC00 { value = 0xFFFD }
        }
        switch value {
        case ..<0x80: out.append(UInt8(truncatingIfNeeded: value))
        case ..<0x800:
            out.append(UInt8(truncatingIfNeeded: 0xC0 | value >> 6))
            out.append(UInt8(truncatingIfNeeded: 0x80 | value & 0x3F))
        case ..<0x10000:
            out.append(UInt8(truncatingIfNeeded: 0xE0 | value >> 12))
            out.append(UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F))
            out.append(UInt8(truncatingIfNeeded: 0x80 | value & 0x3F))
        default:
            out.append(UInt8(truncatingIfNeeded: 0xF0 | value >> 18))
            out.append(UInt8(truncatingIfNeeded: 0x80 | value >> 12 & 0x3F))
            out.append(UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F))
            out.append(UInt8(truncatingIfNeeded: 0x80 | value & 0x3F))
        }
    }
}
