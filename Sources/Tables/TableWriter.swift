/// A value to be written.
package enum CellValue: Sendable, Equatable {
    case empty
    case text(String)
    case number(Double)
    /// Days since 1970-01-01; a real date in XLSX, `yyyy-MM-dd` in CSV.
    case date(Int32)
    case boolean(Bool)
}

/// How a column is presented in XLSX; CSV ignores all but the title.
package struct TableColumn: Sendable, Equatable {
    package enum Format: Sendable, Equatable {
        /// Excel's General.
        case general
        /// Text format (`@`): what is typed later stays as typed. For identifiers and codes.
        case text
        /// `yyyy-mm-dd`.
        case date
        /// `#,##0.00####`.
        case decimal
    }

    package var title: String
    package var format: Format
    /// In characters; `nil` = from the title's length.
    package var width: Double?
    /// A drop-down list for the data rows; empty = none. Long lists are put on a hidden sheet.
    package var choices: [String]
    /// Shown with a stronger header.
    package var required: Bool

    package init(
        _ title: String, format: Format = .general, width: Double? = nil, choices: [String] = [], required: Bool = false
    ) {
        self.title = title
        self.format = format
        self.width = width
        self.choices = choices
        self.required = required
    }
}

/// One line of a workbook's hidden sheet.
package struct TableMetadata: Sendable, Equatable {
    package var key: String
    package var value: String

    package init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}

/// What a file to be written looks like, apart from its data rows.
package struct TableLayout: Sendable, Equatable {
    package var columns: [TableColumn]
    /// Sheet name in XLSX.
    package var sheet: String
    /// Rows above the header, each one cell merged over all columns in XLSX.
    package var titleRows: [String]
    /// Whether the header row is written.
    package var writesHeader: Bool
    /// A hidden sheet of keys and values, for a template's resource code and version. XLSX only.
    package var metadata: [TableMetadata]
    /// CSV: puts `'` before text that a spreadsheet would take for a formula (first character = + - @ TAB CR). For exports that people open;
    /// never for files that a machine reads back.
    package var safe: Bool
    /// XLSX: text in a shared table, as Excel saves it, at the price of memory; otherwise inline, in constant memory.
    package var sharedStrings: Bool

    package init(
        columns: [TableColumn], sheet: String = "数据", titleRows: [String] = [], writesHeader: Bool = true,
        metadata: [TableMetadata] = [], safe: Bool = false, sharedStrings: Bool = false
    ) {
        self.columns = columns
        self.sheet = sheet
        self.titleRows = titleRows
        self.writesHeader = writesHeader
        self.safe = safe
        self.sharedStrings = sharedStrings
        self.metadata = metadata
    }
}

/// Writes one table. Title and header are written on creation; a writer that is dropped before `finish` leaves an incomplete file.
package protocol TableWriter: AnyObject {
    /// Appends a row; missing cells at its end are empty.
    func append(_ row: [CellValue]) throws(TableFault)
    /// Appends a row of texts.
    func append(texts row: [String]) throws(TableFault)
    /// Flushes, syncs nothing, closes. Must be the last call.
    func finish() throws(TableFault)
}

extension TableWriter {
    package func append(texts row: [String]) throws(TableFault) {
        try append(row.map { $0.isEmpty ? .empty : .text($0) })
    }
}
