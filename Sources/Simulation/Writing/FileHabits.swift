internal import Tables

/// How one department writes one file: everything that differs between files of the same content.
struct FileHabits: Sendable {
    /// Which of a field's names stands in the header.
    enum Header: UInt8, Sendable, CaseIterable { case nationalCodes, names, aliases }

    var format: TableFormat
    var header: Header
    var dates: DateStyle
    /// Lines above the header, in a workbook each one merged over all columns.
    var titles: [String]
    /// A running number 序号 in the first column, which no catalogue asks for.
    var numbered: Bool
    /// Lines end with CR LF.
    var carriageReturns: Bool
    /// Every CSV value in quotes, needed or not.
    var quotesAll: Bool
    /// Codes are written by their Chinese names.
    var codeNames: Bool
    /// How often a code is typed in a manner that has to be mended: full width, lower case, hyphens, blanks.
    var sloppiness: Rate
    /// Fields in the order of the columns; optional ones may be left out.
    var columns: [Int]

    /// Extension of the file's name.
    var suffix: String {
        switch format {
        case .csv: "csv"
        case .xlsx: "xlsx"
        case .xls: "xls"
        case .jsonLines: "jsonl"
        }
    }
}
