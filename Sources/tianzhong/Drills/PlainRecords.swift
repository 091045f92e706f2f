/// Splits a file's bytes into records as plainly as it can be written: what intake's own counts are held against.
///
/// In GB 18030 no byte of a character is a quotation mark, a comma or a line end, so one reading serves all encodings.
struct PlainRecords {
    private(set) var records: [Range<Int>] = []
    /// Records with a cell that is not empty.
    private(set) var filled: [Bool] = []
    /// A quotation mark is open at the end, or text follows a closed one: such a file is refused.
    private(set) var isTorn = false

    /// RFC 4180 with commas; blank lines are no records.
    init(csv bytes: [UInt8]) {
        var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        func endsCell(_ at: Int) -> Bool { at == bytes.count || bytes[at] == 0x2C || bytes[at] == 0x0A || bytes[at] == 0x0D }
        while at < bytes.count {
            if bytes[at] == 0x0A || bytes[at] == 0x0D {
                at += 1
                continue
            }
            let start = at
            var hasText = false
            while true {
                if at < bytes.count, bytes[at] == 0x22 {
                    at += 1
                    while at < bytes.count, bytes[at] != 0x22 || (at + 1 < bytes.count && bytes[at + 1] == 0x22) {
                        at += bytes[at] == 0x22 ? 2 : 1
                        hasText = true
                    }
                    at += 1
                    while at < bytes.count, bytes[at] == 0x20 { at += 1 }
                    if at > bytes.count || !endsCell(at) {
                        isTorn = true
                        return
                    }
                } else {
                    let first = at
                    while !endsCell(at) { at += 1 }
                    if at > first { hasText = true }
                }
                guard at < bytes.count, bytes[at] == 0x2C else { break }
                at += 1
            }
            records.append(start..<at)
            filled.append(hasText)
        }
    }

    /// One object a line; lines of nothing but blanks are no records.
    init(jsonLines bytes: [UInt8]) {
        for line in bytes.split(separator: 0x0A) where line.contains(where: { $0 > 0x20 }) {
            records.append(line.startIndex..<line.endIndex)
            filled.append(true)
        }
    }

    /// Parts of a record between top-level commas, quotation marks and all.
    static func parts(_ record: ArraySlice<UInt8>, escape: UInt8?) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        var quoted = false
        var escaped = false
        for byte in record {
            if byte == 0x2C, !quoted {
                parts.append([])
                continue
            }
            if byte == 0x22, !escaped { quoted.toggle() }
            escaped = quoted && !escaped && byte == escape
            parts[parts.count - 1].append(byte)
        }
        return parts
    }
}
