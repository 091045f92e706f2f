/// Which cell styles show their number as a date or time.
struct NumberFormats: XMLHandler {
    /// By style index (`cellXfs`), whether it is a date.
    private(set) var isDate: [Bool] = []
    private var codes: [Int: Bool] = [:]
    private var insideCellFormats = false

    /// Most styles of a workbook Excel itself allows.
    private static let styles = 65_490

    mutating func open(_ tag: XMLTag, in bytes: Span<UInt8>) throws(XMLProblem) -> Bool {
        if tag.isNamed("numFmt", in: bytes) {
            if let id = tag.attribute("numFmtId", in: bytes).flatMap({ Int($0) }), let code = tag.attribute("formatCode", in: bytes) {
                codes[id] = Self.isDateCode(code)
            }
        } else if tag.isNamed("cellXfs", in: bytes) {
            insideCellFormats = true
        } else if insideCellFormats, tag.isNamed("xf", in: bytes) {
            let id = tag.attribute("numFmtId", in: bytes).flatMap { Int($0) } ?? 0
            isDate.append(codes[id] ?? Self.isBuiltInDate(id))
            if isDate.count > Self.styles { throw .malformed("样式过多") }
        }
        return false
    }

    mutating func close(_ tag: XMLTag, in bytes: Span<UInt8>) -> Bool {
        if tag.isNamed("cellXfs", in: bytes) { insideCellFormats = false }
        return false
    }

    mutating func text(_ range: Range<Int>, in bytes: Span<UInt8>, isLiteral: Bool) {}

    /// Formats that files name by number only (ECMA-376 18.8.30): 14-22 and 45, 47 everywhere; 27-36 and 50-58 in Chinese, Japanese and Korean
    /// editions. 46, `[h]:mm:ss`, is a duration.
    static func isBuiltInDate(_ id: Int) -> Bool {
        switch id {
        case 14...22, 27...36, 45, 47, 50...58: true
        default: false
        }
    }

    /// Whether a format code shows a date or a time of day: a `y m d h s` outside quotes, escapes and brackets. Durations (`[h]`) are no dates.
    static func isDateCode(_ code: String) -> Bool {
        var isDate = false
        var scalars = code.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case "\"": while let next = scalars.next(), next != "\"" {}
            case "\\", "_", "*": _ = scalars.next()
            case "[":
                var inside = ""
                while let next = scalars.next(), next != "]" { inside.unicodeScalars.append(next) }
                if !inside.isEmpty, ["h", "m", "s"].contains(where: { letter in inside.lowercased().allSatisfy { $0 == letter } }) { return false }
            case ";": return isDate
            case "y", "Y", "m", "M", "d", "D", "h", "H", "s", "S": isDate = true
            default: continue
            }
        }
        return isDate
    }
}
