/// Everything that is given bytes from outside or from the disk, each with what must hold whatever the bytes are.
package enum FuzzTarget: String, CaseIterable, Sendable {
    case utf8
    case gb18030
    case csv
    case jsonLines = "json-lines"
    case table
    case xlsx
    case xls
    case identifiers
    case numbers
    case entries
    case stored
    case layout
    case rows
    case documents
    case forms
    case feel
    case decisions
    case extracts
    case sheets

    /// Checks one input.
    /// - Throws: `Violation` where a promise is broken.
    package func check(_ input: [UInt8]) throws {
        switch self {
        case .utf8: try UTF8Properties.check(input)
        case .gb18030: try GB18030Properties.check(input)
        case .csv: try CSVProperties.check(input)
        case .jsonLines: try JSONLinesProperties.check(input)
        case .table: try TableProperties.check(input)
        case .xlsx: try TableProperties.check(workbook: input)
        case .xls: try TableProperties.check(stream: input)
        case .identifiers: try IdentifierProperties.check(input)
        case .numbers: try NumberProperties.check(input)
        case .entries: try EntryProperties.check(input)
        case .stored: try StoredProperties.check(input)
        case .layout: try LayoutProperties.check(input)
        case .rows: try RowProperties.check(input)
        case .documents: try DocumentProperties.check(input)
        case .forms: try FormProperties.check(input)
        case .feel: try FeelProperties.check(input)
        case .decisions: try DecisionProperties.check(input)
        case .extracts: try ExtractProperties.check(input)
        case .sheets: try SheetProperties.check(input)
        }
    }

    /// Longest input worth trying, in bytes.
    package var longestInput: Int {
        switch self {
        case .utf8, .identifiers, .numbers: 96
        case .entries, .stored, .layout, .forms, .feel: 512
        case .csv, .jsonLines, .documents, .gb18030: 1024
        case .rows, .decisions, .extracts, .sheets: 4096
        case .table, .xlsx, .xls: 8192
        }
    }

    /// Executions of an ordinary run: two or three minutes each on one core.
    package var executions: Int {
        switch self {
        case .utf8: 10_000_000
        case .numbers, .stored, .layout: 5_000_000
        case .identifiers, .entries, .jsonLines: 2_000_000
        case .csv, .forms, .feel: 1_000_000
        case .table, .rows, .extracts: 500_000
        case .gb18030, .xlsx, .xls, .documents, .decisions, .sheets: 200_000
        }
    }
}
