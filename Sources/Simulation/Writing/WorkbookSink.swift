internal import Tables

/// A workbook with merged title rows, through the platform's own writer of workbooks.
struct WorkbookSink: RowSink {
    private let writer: any TableWriter
    private let path: String
    /// The day that it says it was made on.
    private let made: String
    private let habits: FileHabits
    private var cells: [CellValue] = []

    init(path: String, habits: FileHabits, header: [String], sheet: String, made: String) throws(SimulationFault) {
        self.path = path
        self.made = made
        self.habits = habits
        var columns = header.map { TableColumn($0) }
        if habits.numbered { columns.insert(TableColumn("序号"), at: 0) }
        // Departments' own programs keep texts in a shared table or in the cells; both are met.
        let layout = TableLayout(columns: columns, sheet: sheet, titleRows: habits.titles, sharedStrings: !habits.quotesAll)
        do { writer = try TableFile.create(path: path, format: .xlsx, layout: layout) } catch {
            throw .workbook(path: path, reason: error.message)
        }
    }

    mutating func append(_ row: borrowing DraftRow, number: Int, width: Int) throws {
        cells.removeAll(keepingCapacity: true)
        if habits.numbered { cells.append(.number(Double(number))) }
        for field in habits.columns {
            let cell = row.cells[field]
            switch cell.form {
            case .empty: cells.append(.empty)
            case .text: cells.append(.text(String(decoding: row.text(field), as: UTF8.self)))
            case .number:
                let text = String(decoding: row.text(field), as: UTF8.self)
                cells.append(Double(text).map { .number($0) } ?? .text(text))
            case .date where habits.dates == .serial: cells.append(.date(cell.number))
            case .date:
                var text: [UInt8] = []
                habits.dates.append(cell.number, to: &text)
                cells.append(.text(String(decoding: text, as: UTF8.self)))
            }
        }
        do { try writer.append(cells) } catch { throw SimulationFault.workbook(path: path, reason: error.message) }
    }

    func finish() throws {
        do { try writer.finish() } catch { throw SimulationFault.workbook(path: path, reason: error.message) }
        try WorkbookSeal.seal(path, date: made)
    }
}
