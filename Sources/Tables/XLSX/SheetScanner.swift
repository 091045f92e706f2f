/// Turns the tags of a worksheet part into rows. Stops after a row that fills the batch.
struct SheetScanner: XMLHandler {
    var rows = RowAssembler()
    private(set) var isFinished = false

    private let strings: StringArena
    private let formats: NumberFormats
    private let is1904: Bool

    private enum Kind { case number, shared, inline, formulaText, boolean, error, isoDate }
    private var insideData = false
    private var kind = Kind.number
    private var style = 0
    private var insideCell = false
    private var hasFormula = false
    private var capture = false
    private var phonetic = false
    /// Text of the cell being read.
    private var value: [UInt8] = []

    init(strings: StringArena, formats: NumberFormats, is1904: Bool) {
        self.strings = strings
        self.formats = formats
        self.is1904 = is1904
    }

    mutating func open(_ tag: XMLTag, in bytes: Span<UInt8>) throws(XMLProblem) -> Bool {
        guard insideData else {
            if !isFinished, tag.isNamed("sheetData", in: bytes) { insideData = true }
            return false
        }
        switch tag.nameLength {
        case 1:
            switch bytes[tag.nameStart] {
            case 0x63: try openCell(tag, bytes)   // c
            case 0x76: capture = insideCell && kind != .inline   // v
            case 0x74: capture = insideCell && kind == .inline && !phonetic   // t
            case 0x66: hasFormula = true   // f
            default: break
            }
        case 3:
            if tag.isNamed("row", in: bytes) {
                try openRow(tag, bytes)
            } else if tag.isNamed("rPh", in: bytes) {
                phonetic = true
            }
        default: break
        }
        return false
    }

    mutating func close(_ tag: XMLTag, in bytes: Span<UInt8>) throws(XMLProblem) -> Bool {
        guard insideData else { return false }
        switch tag.nameLength {
        case 1:
            switch bytes[tag.nameStart] {
            case 0x63: try closeCell()
            case 0x76, 0x74: capture = false
            default: break
            }
            return false
        case 3:
            if tag.isNamed("row", in: bytes) { return try closeRow() }
            if tag.isNamed("rPh", in: bytes) { phonetic = false }
            return false
        default:
            guard tag.isNamed("sheetData", in: bytes) else { return false }
            insideData = false
            isFinished = true
            return true
        }
    }

    @inline(__always)
    mutating func text(_ range: Range<Int>, in bytes: Span<UInt8>, isLiteral: Bool) throws(XMLProblem) {
        guard capture else { return }
        if !XMLText.append(bytes, range, to: &value, isLiteral: isLiteral) { throw .malformed("有不认识的实体") }
    }

    private mutating func openRow(_ tag: XMLTag, _ bytes: Span<UInt8>) throws(XMLProblem) {
        var number = rows.row + 1
        tag.attributes(in: bytes) { name, value in
            if name.count == 1, bytes[name.lowerBound] == 0x72 { number = Self.decimal(bytes, value) ?? 0 }
        }
        do { try rows.openRow(number) } catch { throw .assembly(error) }
    }

    private mutating func closeRow() throws(XMLProblem) -> Bool {
        do { try rows.closeRow() } catch { throw .assembly(error) }
        return rows.isFull
    }

    @inline(__always)
    private mutating func openCell(_ tag: XMLTag, _ bytes: Span<UInt8>) throws(XMLProblem) {
        var column = rows.column + 1
        var nextKind = Kind.number
        var nextStyle = 0
        tag.attributes(in: bytes) { name, value in
            guard name.count == 1 else { return }
            switch bytes[name.lowerBound] {
            case 0x72: column = Self.columnNumber(bytes, value)   // r
            case 0x73: nextStyle = Self.decimal(bytes, value) ?? -1   // s
            case 0x74: nextKind = Self.kind(bytes, value)   // t
            default: break
            }
        }
        do { try rows.openColumn(column) } catch { throw .assembly(error) }
        (kind, style) = (nextKind, nextStyle)
        insideCell = true
        hasFormula = false
        capture = false
        phonetic = false
        value.removeAll(keepingCapacity: true)
    }

    private mutating func closeCell() throws(XMLProblem) {
        guard insideCell else { return }
        insideCell = false
        capture = false
        if value.isEmpty, !hasFormula { return }   // an empty cell; it counts only when one with content follows
        do throws(AssemblyProblem) { try rows.beginText() } catch { throw .assembly(error) }
        let form = try appendValue()
        do throws(AssemblyProblem) { try rows.closeCell(form) } catch { throw .assembly(error) }
    }

    /// Appends the cell's text to the batch and says what it was.
    @inline(__always)
    private mutating func appendValue() throws(XMLProblem) -> CellForm {
        switch kind {
        case .shared:
            guard !value.isEmpty else { return .empty }
            guard let index = Self.decimal(value.span, 0..<value.count), index < strings.count else {
                throw .malformed("第 \(rows.column) 列的共享字符串编号不存在")
            }
            let range = strings[index]
            rows.batch.bytes.append(contentsOf: strings.bytes[range])
            return .text
        case .inline, .formulaText:
            let start = rows.batch.bytes.count
            rows.batch.bytes.append(contentsOf: value)
            XMLText.resolveEscapes(in: &rows.batch.bytes, from: start)
            return .text
        case .number: return appendNumber()
        case .boolean:
            guard !value.isEmpty else { return missingResult() }
            rows.batch.bytes.append(contentsOf: value == [0x30] ? "FALSE".utf8 : "TRUE".utf8)
            return .boolean
        case .error:
            rows.batch.bytes.append(contentsOf: value)
            return .error
        case .isoDate:
            // 2021-12-13T00:00:00[.000][Z]: a midnight without meaning is left off.
            let time = value.firstIndex(of: 0x54) ?? value.count
            rows.batch.bytes.append(contentsOf: value[..<time])
            let clock = value[time...].dropFirst().prefix(8)
            if clock.contains(where: { $0 != 0x30 && $0 != 0x3A }) {
                rows.batch.bytes.append(0x20)
                rows.batch.bytes.append(contentsOf: clock)
            }
            return .date
        }
    }

    private mutating func appendNumber() -> CellForm {
        if value.isEmpty { return missingResult() }
        if style >= 0, style < formats.isDate.count, formats.isDate[style],
            let serial = Double(String(decoding: value, as: UTF8.self)), SerialDate.append(serial, is1904: is1904, to: &rows.batch.bytes)
        {
            return .date
        }
        let value = value
        if NumberText.append(value.span, 0..<value.count, to: &rows.batch.bytes) { return .number }
        rows.batch.bytes.append(contentsOf: value)
        return .error
    }

    /// A formula that the program which wrote the file never calculated.
    private mutating func missingResult() -> CellForm {
        rows.batch.bytes.append(contentsOf: "公式未计算".utf8)
        return .error
    }

    @inline(__always)
    private static func kind(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Kind {
        guard let first = value.first else { return .number }
        switch (value.count, bytes[first]) {
        case (1, 0x73): return .shared   // s
        case (1, 0x62): return .boolean   // b
        case (1, 0x65): return .error   // e
        case (1, 0x64): return .isoDate   // d
        case (3, 0x73): return .formulaText   // str
        case (9, 0x69): return .inline   // inlineStr
        default: return .number
        }
    }

    /// 1-based column of a reference such as `AB12`; 0 when there is none.
    @inline(__always)
    private static func columnNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var column = 0
        for index in range.prefix(4) {
            let letter = bytes[index] | 0x20
            guard letter >= 0x61, letter <= 0x7A else { break }
            column = column * 26 + Int(letter - 0x60)
        }
        return column
    }

    @inline(__always)
    private static func decimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count <= 9 else { return nil }
        var value = 0
        for index in range {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }
}
