/// What a scan of CSV bytes met that ends the reading.
struct CSVProblem: Error, Equatable {
    enum Kind: Equatable { case strayText, cellTooLong, tooManyColumns }
    var kind: Kind
    var line: Int
    var column: Int
}

/// RFC 4180 over bytes in memory: quotes, doubled quotes, line breaks in quotes, CRLF, LF and CR; blank lines are no rows.
///
/// A quotation mark inside an unquoted cell stands for itself. The scanner keeps the physical line across calls.
struct CSVScanner {
    let separator: UInt8
    /// 1-based physical line of the next row.
    private(set) var line = 1
    /// After a scan that needs more bytes: the line where a still open quotation mark stands.
    private(set) var openQuoteLine: Int?
    /// Every byte that can end an unquoted cell is lower than this.
    private let bound: UInt8
    /// Cells of the current row that hold doubled quotes.
    private var doubled: [Int] = []

    init(separator: UInt8) {
        self.separator = separator
        bound = max(separator, 0x0D) + 1
    }

    /// Appends whole rows from `bytes[start...]` to `batch` until it has `maximumRows` rows or is long enough.
    /// - Parameter isLast: no byte comes after `bytes`, so the end also ends a row.
    /// - Returns: how far rows were taken; less than the end when a row is cut off there.
    mutating func scan(
        _ bytes: Span<UInt8>, from start: Int, isLast: Bool, maximumRows: Int, into batch: inout RowBatch
    ) throws(CSVProblem) -> Int {
        var at = start
        openQuoteLine = nil
        while at < bytes.count, batch.rows.count < maximumRows, batch.bytes.count < TableLimits.batchBytes {
            if bytes[at] == 0x0A || bytes[at] == 0x0D {
                guard let next = Self.afterLineBreak(bytes, at, isLast) else { return at }
                at = next
                line += 1
                continue
            }
            let firstCell = batch.cells.count
            let rowLine = line
            guard let next = try row(bytes, from: at, isLast: isLast, into: &batch) else {
                batch.cells.removeLast(batch.cells.count - firstCell)
                doubled.removeAll(keepingCapacity: true)
                line = rowLine
                return at
            }
            batch.rows.append(
                TableRow(
                    firstCell: UInt32(truncatingIfNeeded: firstCell),
                    cellCount: UInt32(truncatingIfNeeded: batch.cells.count - firstCell),
                    line: UInt32(truncatingIfNeeded: rowLine)))
            batch.bytes.append(bytes.extracting(at..<next))
            if !doubled.isEmpty { undouble(&batch) }
            at = next
        }
        return at
    }

    /// Scans one row; `nil` when the bytes end before it does.
    @inline(__always)
    private mutating func row(
        _ bytes: Span<UInt8>, from start: Int, isLast: Bool, into batch: inout RowBatch
    ) throws(CSVProblem) -> Int? {
        let shift = batch.bytes.count - start
        let firstCell = batch.cells.count
        var cellStart = start
        while true {
            var end: Int
            var next: Int
            if cellStart < bytes.count, bytes[cellStart] == 0x22 {
                guard let quoted = try quotedCell(bytes, cellStart, isLast, batch.cells.count - firstCell) else { return nil }
                if quoted.doubled { doubled.append(batch.cells.count) }
                cellStart += 1
                (end, next) = (quoted.end, quoted.next)
            } else {
                end = bytes.firstIndex(from: cellStart, below: bound)
                while end < bytes.count, !ends(bytes[end]) { end = bytes.firstIndex(from: end &+ 1, below: bound) }
                next = end
            }
            let length = end - cellStart
            if length > TableLimits.cellBytes {
                throw CSVProblem(kind: .cellTooLong, line: line, column: batch.cells.count - firstCell + 1)
            }
            if batch.cells.count - firstCell == TableLimits.columns {
                throw CSVProblem(kind: .tooManyColumns, line: line, column: TableLimits.columns + 1)
            }
            batch.cells.append(
                Cell(
                    start: UInt32(truncatingIfNeeded: cellStart + shift), length: UInt32(truncatingIfNeeded: length),
                    form: length == 0 ? .empty : .text))
            if next == bytes.count {
                if !isLast { return nil }
                line += 1
                return next
            }
            if bytes[next] == separator {
                cellStart = next + 1
                continue
            }
            guard let after = Self.afterLineBreak(bytes, next, isLast) else { return nil }
            line += 1
            return after
        }
    }

    @inline(__always)
    private func ends(_ byte: UInt8) -> Bool { byte == separator || byte == 0x0A || byte == 0x0D }

    /// The quoted cell whose opening mark is at `open`: where its text ends and where the separator, line break or end stands.
    private mutating func quotedCell(
        _ bytes: Span<UInt8>, _ open: Int, _ isLast: Bool, _ column: Int
    ) throws(CSVProblem) -> (end: Int, next: Int, doubled: Bool)? {
        let opened = line
        var at = open + 1
        var doubled = false
        while true {
            at = bytes.firstIndex(of: 0x22, from: at)
            if at == bytes.count {
                openQuoteLine = opened
                return nil
            }
            guard at + 1 < bytes.count else { if isLast { break } else { return nil } }
            guard bytes[at + 1] == 0x22 else { break }
            doubled = true
            at += 2
        }
        line += Self.lineBreaks(bytes, open + 1, at)
        var next = at + 1
        while next < bytes.count, bytes[next] == 0x20 { next += 1 }
        if next < bytes.count, !ends(bytes[next]) { throw CSVProblem(kind: .strayText, line: line, column: column + 1) }
        return (at, next, doubled)
    }

    /// The index after the line break at `at`; `nil` when a CR stands last and its LF may follow.
    @inline(__always)
    private static func afterLineBreak(_ bytes: Span<UInt8>, _ at: Int, _ isLast: Bool) -> Int? {
        if bytes[at] == 0x0A { return at &+ 1 }
        if at &+ 1 < bytes.count { return bytes[at &+ 1] == 0x0A ? at &+ 2 : at &+ 1 }
        return isLast ? at &+ 1 : nil
    }

    private static func lineBreaks(_ bytes: Span<UInt8>, _ from: Int, _ to: Int) -> Int {
        var lines = 0
        for index in from..<to {
            let byte = bytes[index]
            if byte == 0x0D || (byte == 0x0A && !(index > from && bytes[index - 1] == 0x0D)) { lines += 1 }
        }
        return lines
    }

    /// Makes `""` into `"` inside the copied row, cell by cell.
    private mutating func undouble(_ batch: inout RowBatch) {
        for index in doubled {
            let cell = batch.cells[index]
            let start = Int(cell.start)
            let end = start + Int(cell.length)
            var to = start
            var from = start
            while from < end {
                let byte = batch.bytes[from]
                batch.bytes[to] = byte
                to += 1
                from += byte == 0x22 ? 2 : 1
            }
            batch.cells[index].length = UInt32(truncatingIfNeeded: to - start)
        }
        doubled.removeAll(keepingCapacity: true)
    }
}
