/// The character encoding a text file was found to be in.
package enum TextEncoding: String, Sendable, Equatable {
    /// UTF-8 without a byte order mark.
    case utf8
    /// UTF-8 with a byte order mark.
    case utf8BOM
    /// GB 18030, the encoding Chinese Excel writes by default.
    case gb18030
}

/// What a file is, judged by its bytes and never by its name.
package enum TableFormat: Sendable, Equatable, CustomStringConvertible {
    case csv(TextEncoding)
    case xlsx
    case xls
    case jsonLines

    /// A short name for receipts and lists.
    package var description: String {
        switch self {
        case .csv(.utf8): "CSV（UTF-8）"
        case .csv(.utf8BOM): "CSV（UTF-8，带 BOM）"
        case .csv(.gb18030): "CSV（GB18030）"
        case .xlsx: "XLSX"
        case .xls: "XLS"
        case .jsonLines: "JSON Lines"
        }
    }

    /// What the whole text of a file was found to be that was given this description; nil where it has to be read for that.
    package static func verdict(onFileDescribedAs description: String) -> UTF8Verdict? {
        [.csv(.utf8), .csv(.utf8BOM), .jsonLines].contains { (format: Self) in format.description == description } ? .valid : nil
    }
}

/// How a cell was stored; its text is always given, whatever the form.
package enum CellForm: UInt8, Sendable, Equatable {
    /// Nothing in the cell.
    case empty
    /// Text, also every cell of a CSV file.
    case text
    /// A number as a person sees it: digits, an optional minus and decimal point, never an exponent.
    /// Codes stored so have lost leading zeros and every digit after the fifteenth.
    case number
    /// A date serial, already turned into `yyyy-MM-dd`, `yyyy-MM-dd HH:mm:ss` or `HH:mm:ss`.
    case date
    /// `TRUE`/`FALSE` in workbooks, `true`/`false` in JSON Lines.
    case boolean
    /// A workbook's error value such as `#N/A`, or a formula that was never calculated.
    case error
}

/// One cell: where its text lies in `RowBatch.bytes`.
package struct Cell: Sendable, Equatable {
    /// Offset of the first byte in `RowBatch.bytes`.
    package var start: UInt32
    /// Length in bytes.
    package var length: UInt32
    package var form: CellForm

    @inlinable package init(start: UInt32, length: UInt32, form: CellForm) {
        self.start = start
        self.length = length
        self.form = form
    }
}

/// One row: where its cells lie in `RowBatch.cells`.
///
/// In CSV `cellCount` is what the line has, so a ragged row shows. In workbooks trailing empty cells are left off (missing
/// cells at the end of a row are empty cells), and rows without any content are left out. In JSON Lines every row has the header's count.
package struct TableRow: Sendable, Equatable {
    package var firstCell: UInt32
    package var cellCount: UInt32
    /// The 1-based physical line on which the row starts (CSV, JSON Lines; 0 for the header made from JSON keys), or the sheet's row number.
    package var line: UInt32

    @inlinable package init(firstCell: UInt32, cellCount: UInt32, line: UInt32) {
        self.firstCell = firstCell
        self.cellCount = cellCount
        self.line = line
    }
}

/// A run of rows in file order, in three flat arrays: no allocation per row or cell.
package struct RowBatch: Sendable {
    /// The cells' text in UTF-8; bytes between cells are meaningless.
    package var bytes: [UInt8]
    package var cells: [Cell]
    package var rows: [TableRow]

    @inlinable package init(bytes: [UInt8] = [], cells: [Cell] = [], rows: [TableRow] = []) {
        self.bytes = bytes
        self.cells = cells
        self.rows = rows
    }

    /// The cell at `column` of `row`; an empty cell where the row is shorter.
    @inlinable package func cell(row: Int, column: Int) -> Cell {
        let at = rows[row]
        guard column < Int(at.cellCount) else { return Cell(start: 0, length: 0, form: .empty) }
        return cells[Int(at.firstCell) + column]
    }

    /// Where a cell's text lies in `bytes`; pass `bytes.span.extracting(range)` down on hot paths.
    @inlinable package func range(_ cell: Cell) -> Range<Int> {
        let start = Int(cell.start)
        return start..<(start + Int(cell.length))
    }

    /// The text of a cell as a `String`; for headers, messages and tests, not for hot paths.
    package func text(row: Int, column: Int) -> String {
        String(decoding: bytes[range(cell(row: row, column: column))], as: UTF8.self)
    }

    /// All texts of a row.
    package func texts(row: Int) -> [String] {
        (0..<Int(rows[row].cellCount)).map { text(row: row, column: $0) }
    }
}
