internal import Archive
internal import Identifiers
internal import Tables

/// What a row says in one field.
struct FieldValue {
    /// What the cell of a code field stands for.
    enum Code: Equatable {
        case none
        /// The code at this place of the field's set.
        case listed(Int)
        /// The cell's own text.
        case asWritten
        /// Several codes: these bytes of `RowValues.joined`.
        case joined(Range<Int>)
    }

    /// Its bytes in the batch, blanks around it cut off; empty where absent.
    var range = 0..<0
    var form = CellForm.empty
    /// Day of a date field, `Int32.min` where there is none.
    var day = Int32.min
    /// Number of a decimal or integer field.
    var number: FixedDecimal?
    var code = Code.none

    var isEmpty: Bool { range.isEmpty }

    /// A cell with the same bytes as the row before it in the same batch means the same: whole columns of days and codes repeat.
    mutating func take(over earlier: FieldValue, _ bytes: Span<UInt8>) {
        guard earlier.form == form, !isEmpty, equal(bytes.extracting(earlier.range), bytes.extracting(range)) else { return }
        day = earlier.day
        if case .listed = earlier.code { code = earlier.code }
    }
}

/// What the checker knows of the row in hand, by field index; the buffers live as long as the worker.
struct RowValues {
    /// One for each of the resource's fields.
    var fields: [FieldValue]
    /// Sound or doubtful identifiers, of identifier fields.
    var assessed: [Identifier?]
    /// The codes of cells that hold several, joined by `;`.
    var joined: [UInt8] = []
    var isDoubtful = false
    /// Stored fields written to the payload so far, and the payload's length when the business key was complete.
    var stored = 0
    var keyLength = 0
    /// The record a correction or withdrawal names.
    var target: RecordID?

    init(fields count: Int) {
        fields = .init(repeating: FieldValue(), count: count)
        assessed = .init(repeating: nil, count: count)
    }

    /// Forgets the rows read so far; what follows comes from other bytes.
    mutating func forgetRows() {
        for index in fields.indices { fields[index] = FieldValue() }
    }

    /// Forgets what belongs to the row; its fields are set one by one as they are read.
    mutating func clear() {
        if !joined.isEmpty { joined.removeAll(keepingCapacity: true) }
        isDoubtful = false
        stored = 0
        keyLength = 0
        target = nil
    }

    func day(_ field: Int) -> Int32? { fields[field].day == .min ? nil : fields[field].day }

    func effective(_ plan: CheckPlan) -> CivilDate? {
        plan.effective.flatMap { day($0) }.map(CivilDate.init(day:))
    }

    /// Lends the code where the field is coded, the cell's text otherwise.
    func withText<T>(_ field: Int, _ plan: CheckPlan, _ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> T) -> T {
        switch fields[field].code {
        case .listed(let index):
            if let codes = plan.codes(ofField: field) { return codes.withCode(at: index, body) }
        case .joined(let range): return body(joined.span.extracting(range))
        case .none, .asWritten: break
        }
        return body(bytes.extracting(fields[field].range))
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
