internal import Archive
internal import Identifiers
internal import Tables

/// What the checker knows of the row in hand, by field index; the buffers live as long as the worker.
struct RowValues {
    /// Each field's bytes in the batch, blanks around it cut off; empty where absent.
    var ranges: [Range<Int>]
    var forms: [CellForm]
    /// Day of each date field, `Int32.min` where there is none.
    var days: [Int32]
    /// Numbers of decimal and integer fields.
    var numbers: [FixedDecimal?]
    /// Resolved codes of code fields.
    var codes: [[UInt8]?]
    /// Sound or doubtful identifiers.
    var assessed: [Identifier?]
    var isDoubtful = false
    /// Stored fields written to the payload so far, and the payload's length when the business key was complete.
    var stored = 0
    var keyLength = 0
    /// The record a correction or withdrawal names.
    var target: RecordID?

    init(fields: Int) {
        ranges = .init(repeating: 0..<0, count: fields)
        forms = .init(repeating: .empty, count: fields)
        days = .init(repeating: .min, count: fields)
        numbers = .init(repeating: nil, count: fields)
        codes = .init(repeating: nil, count: fields)
        assessed = .init(repeating: nil, count: fields)
    }

    mutating func clear() {
        for index in ranges.indices {
            ranges[index] = 0..<0
            forms[index] = .empty
            days[index] = .min
            numbers[index] = nil
            codes[index] = nil
            assessed[index] = nil
        }
        isDoubtful = false
        stored = 0
        keyLength = 0
        target = nil
    }

    func day(_ field: Int) -> Int32? { days[field] == .min ? nil : days[field] }

    func effective(_ plan: CheckPlan) -> CivilDate? {
        plan.effective.flatMap { day($0) }.map(CivilDate.init(day:))
    }

    /// The code where the field is coded, the cell's text otherwise.
    func text(_ field: Int, _ bytes: Span<UInt8>) -> [UInt8] {
        codes[field] ?? copy(bytes.extracting(ranges[field]))
    }
}

/// Characters (Unicode scalars) of UTF-8 bytes: all bytes but continuations.
func scalars(_ text: Span<UInt8>) -> Int {
    var count = 0
    for index in text.indices where text[index] & 0xC0 != 0x80 { count += 1 }
    return count
}

func isAllDigits(_ text: Span<UInt8>) -> Bool {
    for index in text.indices where text[index] < 0x30 || text[index] > 0x39 { return false }
    return !text.isEmpty
}

func contains(_ text: Span<UInt8>, _ part: Span<UInt8>) -> Bool {
    guard !part.isEmpty, text.count >= part.count else { return part.isEmpty }
    for start in 0...(text.count - part.count)
    where equal(text.extracting(start..<(start + part.count)), part) { return true }
    return false
}

/// A plain number such as `44562` or `44562.5`; nil for anything else.
func plainNumber(_ text: Span<UInt8>) -> Double? {
    Double(String(decoding: copy(text), as: UTF8.self))
}

/// The codes of a field that may hold several values, joined by `;`; nil where one of them is unknown.
///
/// Departments separate values by a semicolon, an ideographic comma or a comma, half or full width.
func joinedCodes(_ codes: CodeTable, _ text: Span<UInt8>) -> [UInt8]? {
    let separators: Set<Character> = [";", "；", "、", ",", "，"]
    let parts = String(decoding: copy(text), as: UTF8.self).split(whereSeparator: separators.contains)
    var joined: [UInt8] = []
    for part in parts {
        let trimmedPart = Array(part.utf8)
        let range = trimmed(trimmedPart.span, 0..<trimmedPart.count)
        guard let code = codes.code(trimmedPart.span.extracting(range)) else { return nil }
        if !joined.isEmpty { joined.append(UInt8(ascii: ";")) }
        joined.append(contentsOf: code)
    }
    return joined.isEmpty ? nil : joined
}
