/// What a workbook's cells break.
enum AssemblyProblem: Error, Equatable {
    case disordered(String)
    case cellTooLong(column: Int)
    case tooManyColumns
    case rowTooLong
    case notUTF8(column: Int)
}

/// Puts the cells of a sheet, which come by row and column, into a batch: gaps become empty cells, rows without content are left out.
struct RowAssembler {
    /// Rows so far; taken by the reader.
    var batch = RowBatch()
    var maximumRows = 1
    /// The row being read, 1-based.
    private(set) var row = 0
    /// The last column that was opened, 1-based.
    private(set) var column = 0
    private var firstCell = 0
    private var rowStart = 0
    private var cellStart = 0

    private static let lastRow = 1_048_576

    /// Whether the batch should be handed out before the next row.
    var isFull: Bool { batch.rows.count >= maximumRows || batch.bytes.count >= TableLimits.batchBytes }

    mutating func openRow(_ number: Int) throws(AssemblyProblem) {
        guard number > row, number <= Self.lastRow else { throw .disordered("行号 \(number) 不按顺序") }
        row = number
        column = 0
        firstCell = batch.cells.count
        rowStart = batch.bytes.count
    }

    @inline(__always)
    mutating func openColumn(_ number: Int) throws(AssemblyProblem) {
        guard row > 0, number > column else { throw .disordered("单元格不按顺序") }
        column = number
    }

    /// Begins the text of a cell with content in the open column; append to `batch.bytes`, then call `closeCell`.
    @inline(__always)
    mutating func beginText() throws(AssemblyProblem) {
        if column > TableLimits.columns { throw .tooManyColumns }
        while batch.cells.count - firstCell < column - 1 {
            batch.cells.append(Cell(start: UInt32(truncatingIfNeeded: batch.bytes.count), length: 0, form: .empty))
        }
        cellStart = batch.bytes.count
    }

    @inline(__always)
    mutating func closeCell(_ form: CellForm) throws(AssemblyProblem) {
        let length = batch.bytes.count - cellStart
        if length > TableLimits.cellBytes { throw .cellTooLong(column: column) }
        // No cell begins inside a character: then the batch being UTF-8 makes each cell so.
        if length > 0, batch.bytes[cellStart] & 0xC0 == 0x80 { throw .notUTF8(column: column) }
        batch.cells.append(
            Cell(
                start: UInt32(truncatingIfNeeded: cellStart), length: UInt32(truncatingIfNeeded: length), form: length == 0 ? .empty : form))
    }

    mutating func closeRow() throws(AssemblyProblem) {
        while batch.cells.count > firstCell, batch.cells[batch.cells.count - 1].form == .empty { batch.cells.removeLast() }
        let count = batch.cells.count - firstCell
        guard count > 0 else { return }
        if batch.bytes.count - rowStart > TableLimits.lineBytes { throw .rowTooLong }
        batch.rows.append(
            TableRow(
                firstCell: UInt32(truncatingIfNeeded: firstCell), cellCount: UInt32(truncatingIfNeeded: count),
                line: UInt32(truncatingIfNeeded: row)))
        firstCell = batch.cells.count
    }
}

extension TableFault {
    static func assembly(_ problem: AssemblyProblem, file: String, sheet: String?, row: Int) -> TableFault {
        switch problem {
        case .disordered(let what): .malformedSheet(file, sheet: sheet, line: row, what)
        case .notUTF8(let column): .malformedSheet(file, sheet: sheet, line: row, "第 \(column) 列的文字不是 UTF-8")
        case .cellTooLong(let column): .cellTooLong(file, sheet: sheet, line: row, column: column)
        case .tooManyColumns: .tooManyColumns(file, sheet: sheet, line: row)
        case .rowTooLong: .lineTooLong(file, sheet: sheet, line: row)
        }
    }
}
