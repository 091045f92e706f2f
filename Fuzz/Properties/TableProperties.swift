@testable import Tables

enum TableProperties {
    /// Any file reads as rows or as a fault that says what to do, and the same whatever the length of the batches.
    static func check(_ file: [UInt8]) throws {
        let path = MemoryFile.path(holding: file)
        let whole = try read(path, maximumRows: 1000)
        let single = try read(path, maximumRows: 1)
        // A fault takes the rows of its batch along: the whole file is refused.
        let agree = whole.fault == nil ? whole == single : whole.fault == single.fault && single.rows.starts(with: whole.rows)
        try ensure(agree, "row by row \(single.summary), at once \(whole.summary)")
    }

    /// The same for a workbook of these parts, parted by NUL: sheet, strings, styles, list of sheets, relationships.
    static func check(workbook input: [UInt8]) throws {
        try check(StoredZip.workbook(input.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)))
    }

    /// The same for an `.xls` whose workbook stream is these bytes.
    static func check(stream: [UInt8]) throws {
        try check(compoundFile(holding: stream))
    }

    /// What a reader made of a file.
    struct Reading: Equatable {
        var rows: [[String]] = []
        var forms: [[CellForm]] = []
        var lines: [UInt32] = []
        var fault: TableFaultCode?

        var summary: String { "\(rows.count) rows and \(fault.map { "\($0)" } ?? "no fault"), the last \(rows.last?.prefix(8) ?? [])" }
    }

    private static func read(_ path: String, maximumRows: Int) throws -> Reading {
        var reading = Reading()
        do throws(TableFault) {
            let reader = try TableFile.open(path: path)
            do { try take(reader, maximumRows, &reading) } catch let error as TableFault { throw error } catch {
                reading.rows.append(["\(error)"])
            }
        } catch {
            reading.fault = error.code
            try ensure(!error.message.isEmpty && !error.cure.isEmpty, "a fault without words: \(error)")
        }
        return reading
    }

    private static func take(_ reader: any TableReader, _ maximumRows: Int, _ reading: inout Reading) throws {
        while let batch = try reader.next(maximumRows: maximumRows) {
            try ensure(!batch.rows.isEmpty && batch.rows.count <= max(2, maximumRows), "\(batch.rows.count) rows")
            try TableProperties.ensureSound(batch, isText: true)
            for row in batch.rows.indices {
                reading.rows.append(batch.texts(row: row))
                reading.forms.append((0..<Int(batch.rows[row].cellCount)).map { batch.cell(row: row, column: $0).form })
                reading.lines.append(batch.rows[row].line)
            }
        }
    }

    /// Rows lie among the cells, cells among the bytes, and cells hold text.
    static func ensureSound(_ batch: RowBatch, isText: Bool) throws(Violation) {
        for row in batch.rows where Int(row.firstCell) + Int(row.cellCount) > batch.cells.count {
            throw Violation("a row beyond the cells")
        }
        for cell in batch.rows.flatMap({ batch.cells[Int($0.firstCell)..<(Int($0.firstCell) + Int($0.cellCount))] }) {
            let range = batch.range(cell)
            guard range.upperBound <= batch.bytes.count else { throw Violation("a cell beyond the bytes") }
            guard cell.form != .empty || range.isEmpty else { throw Violation("an empty cell with text") }
            if isText, UTF8Check.scan(batch.bytes.span.extracting(range)).reason != .end { throw Violation("a cell that is not text") }
        }
    }
}
