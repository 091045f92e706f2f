/// Turns the records of one `.xls` sheet into rows.
struct BIFFSheetScanner {
    var rows = RowAssembler()
    /// Bytes of the sheet's records taken so far, for progress.
    private(set) var consumed: Int64 = 0
    private var records: BIFFStream
    private var record = BIFFRecord()
    private let book: BIFFWorkbook
    private let file: String
    private let sheet: String
    /// Charts inside a sheet are streams within the stream.
    private var depth = 0
    private var isFinished = false
    /// Whether `record` was read but begins a row of the next batch.
    private var isHeld = false
    private var hasRow = false
    /// Whether a formula's text comes in a later record.
    private var awaitsText = false

    init(_ stream: CompoundStream, book: BIFFWorkbook, place: BIFFWorkbook.SheetPlace, file: String) {
        records = BIFFStream(stream, from: place.offset, file: file)
        self.book = book
        self.file = file
        sheet = place.name
    }

    /// Reads until the batch is full (true) or the sheet ends (false).
    mutating func run() throws(TableFault) -> Bool {
        while !isFinished {
            if !isHeld {
                guard try records.next(&record) else { throw .damaged(file, "工作表“\(sheet)”没有写完") }
                consumed += Int64(record.bytes.count + 4)
            }
            isHeld = false
            switch record.kind {
            case BIFF.begin: depth += 1
            case _ where depth == 0: throw .damaged(file, "工作表“\(sheet)”没有开头")
            case BIFF.end: depth -= 1
            case _ where depth == 1: if try takeCell() { return true }
            default: break
            }
            if depth == 0 {
                try closeRow()
                isFinished = true
            }
        }
        return false
    }

    /// Takes a record if it holds cells; true when it begins a row and the batch is full.
    private mutating func takeCell() throws(TableFault) -> Bool {
        let size = record.bytes.count
        let kind = record.kind
        switch kind {
        case BIFF.formulaText:
            if awaitsText { try takeFormulaText() }
            return false
        case BIFF.sharedText where size >= 10, BIFF.text where size >= 8, BIFF.richText where size >= 8, BIFF.number where size >= 14,
            BIFF.packedNumber where size >= 10, BIFF.multipleNumbers where size >= 6, BIFF.truthOrError where size >= 8,
            BIFF.formula where size >= 14:
            break
        default: return false
        }
        let row = Int(record.bytes.littleEndian16(0)) + 1
        if !hasRow || row != rows.row {
            try closeRow()
            if rows.isFull {
                isHeld = true
                return true
            }
            try assemble { rows throws(AssemblyProblem) in try rows.openRow(row) }
            hasRow = true
        }
        try closeAwaited()
        if kind == BIFF.multipleNumbers {
            try takeNumbers()
        } else {
            try takeSingle(kind)
        }
        return false
    }

    private mutating func takeSingle(_ kind: UInt16) throws(TableFault) {
        let bytes = record.bytes
        try open(column: Int(bytes.littleEndian16(2)))
        let style = Int(bytes.littleEndian16(4))
        switch kind {
        case BIFF.sharedText:
            let index = Int(bytes.littleEndian32(6))
            guard index < book.strings.count else { throw fault("文字编号不存在") }
            rows.batch.bytes.append(contentsOf: book.strings.bytes[book.strings[index]])
            try close(.text)
        case BIFF.text, BIFF.richText:
            var cursor = BIFFStringCursor(record, at: 6)
            guard cursor.append(to: &rows.batch.bytes) else { throw fault("文字没有写完") }
            try close(.text)
        case BIFF.number: try closeNumber(Double(bitPattern: bytes.littleEndian64(6)), style)
        case BIFF.packedNumber: try closeNumber(Self.unpacked(bytes.littleEndian32(6)), style)
        case BIFF.truthOrError: try closeSpecial(bytes[6], isError: bytes[7] != 0)
        default: try takeFormula(bytes, style)
        }
    }

    /// The cached result of a formula (FormulaValue, MS-XLS 2.5.133).
    private mutating func takeFormula(_ bytes: [UInt8], _ style: Int) throws(TableFault) {
        guard bytes.littleEndian16(12) == 0xFFFF else {
            return try closeNumber(Double(bitPattern: bytes.littleEndian64(6)), style)
        }
        switch bytes[6] {
        case 0: awaitsText = true
        case 1: try closeSpecial(bytes[8], isError: false)
        case 2: try closeSpecial(bytes[8], isError: true)
        default: try close(.empty)
        }
    }

    private mutating func takeFormulaText() throws(TableFault) {
        awaitsText = false
        var cursor = BIFFStringCursor(record, at: 0)
        guard cursor.append(to: &rows.batch.bytes) else { throw fault("文字没有写完") }
        try close(.text)
    }

    private mutating func takeNumbers() throws(TableFault) {
        let bytes = record.bytes
        let first = Int(bytes.littleEndian16(2))
        for index in 0..<((bytes.count - 6) / 6) {
            let at = 4 + 6 * index
            try open(column: first + index)
            try closeNumber(Self.unpacked(bytes.littleEndian32(at + 2)), Int(bytes.littleEndian16(at)))
        }
    }

    /// RkNumber (MS-XLS 2.5.217): 30 bits, of an integer or of a double's top, perhaps hundredfold.
    static func unpacked(_ packed: UInt32) -> Double {
        let value = packed & 2 != 0 ? Double(Int32(bitPattern: packed) >> 2) : Double(bitPattern: UInt64(packed & ~3) << 32)
        return packed & 1 != 0 ? value / 100 : value
    }

    private mutating func closeNumber(_ value: Double, _ style: Int) throws(TableFault) {
        if style < book.isDate.count, book.isDate[style], SerialDate.append(value, is1904: book.is1904, to: &rows.batch.bytes) {
            return try close(.date)
        }
        guard value.isFinite else { throw fault("数值不对") }
        NumberText.append(value, to: &rows.batch.bytes)
        try close(.number)
    }

    private mutating func closeSpecial(_ code: UInt8, isError: Bool) throws(TableFault) {
        guard isError else {
            rows.batch.bytes.append(contentsOf: code == 0 ? "FALSE".utf8 : "TRUE".utf8)
            return try close(.boolean)
        }
        let text =
            switch code {
            case 0x00: "#NULL!"
            case 0x07: "#DIV/0!"
            case 0x0F: "#VALUE!"
            case 0x17: "#REF!"
            case 0x1D: "#NAME?"
            case 0x24: "#NUM!"
            default: "#N/A"
            }
        rows.batch.bytes.append(contentsOf: text.utf8)
        try close(.error)
    }
}

extension BIFFSheetScanner {
    private mutating func open(column: Int) throws(TableFault) {
        try assemble { rows throws(AssemblyProblem) in
            try rows.openColumn(column + 1)
            try rows.beginText()
        }
    }

    private mutating func close(_ form: CellForm) throws(TableFault) {
        try assemble { rows throws(AssemblyProblem) in try rows.closeCell(form) }
    }

    private mutating func closeAwaited() throws(TableFault) {
        guard awaitsText else { return }
        awaitsText = false
        try close(.empty)
    }

    private mutating func closeRow() throws(TableFault) {
        guard hasRow else { return }
        try closeAwaited()
        hasRow = false
        try assemble { rows throws(AssemblyProblem) in try rows.closeRow() }
    }

    private mutating func assemble(_ body: (inout RowAssembler) throws(AssemblyProblem) -> Void) throws(TableFault) {
        do {
            try body(&rows)
        } catch {
            throw .assembly(error, file: file, sheet: sheet, row: rows.row)
        }
    }

    private func fault(_ what: String) -> TableFault {
        .malformedSheet(file, sheet: sheet, line: rows.row, "第 \(rows.column) 列的\(what)")
    }
}
