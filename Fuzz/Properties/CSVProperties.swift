@testable import Tables

enum CSVProperties {
    /// The scanner gives the rows that a plain reading of RFC 4180 gives, and the same ones in pieces of any length.
    ///
    /// The first byte chooses the separator, the second how many bytes come at a time.
    static func check(_ input: [UInt8]) throws {
        guard input.count >= 2 else { return }
        let separator: UInt8 = [0x2C, 0x09, 0x3B][Int(input[0]) % 3]
        let bytes = Array(input.dropFirst(2))
        let whole = try read(bytes, separator, piece: max(1, bytes.count))
        let expected = PlainCSV(separator: separator).read(bytes)
        try ensure(whole == expected, "\(whole) instead of \(expected)")
        let pieces = try read(bytes, separator, piece: Int(input[1] % 32) + 1)
        try ensure(pieces == whole, "in pieces \(pieces) instead of \(whole)")
    }

    private static func read(_ bytes: [UInt8], _ separator: UInt8, piece: Int) throws -> CSVReading {
        var scanner = CSVScanner(separator: separator)
        var batch = RowBatch()
        var reading = CSVReading()
        var taken = 0
        var count = 0
        do throws(CSVProblem) {
            repeat {
                count = min(bytes.count, count + piece)
                let isLast = count == bytes.count
                taken = try scanner.scan(bytes.span.extracting(0..<count), from: taken, isLast: isLast, maximumRows: .max, into: &batch)
                if isLast, taken < count { reading.problem = .openQuote }
            } while count < bytes.count
        } catch {
            reading.problem = error.kind == .strayText ? .strayText : .limit
        }
        try TableProperties.ensureSound(batch, isText: false)
        reading.rows = batch.rows.indices.map { row in
            CSVReading.Row(
                line: Int(batch.rows[row].line),
                cells: (0..<Int(batch.rows[row].cellCount)).map { Array(batch.bytes[batch.range(batch.cell(row: row, column: $0))]) })
        }
        return reading
    }
}

/// What some bytes say as CSV.
struct CSVReading: Equatable {
    struct Row: Equatable {
        var line: Int
        var cells: [[UInt8]]
    }
    enum Problem { case strayText, openQuote, limit }
    var rows: [Row] = []
    var problem: Problem?
}

/// RFC 4180 one byte after another, as plainly as it can be written.
struct PlainCSV {
    let separator: UInt8

    func read(_ bytes: [UInt8]) -> CSVReading {
        var reading = CSVReading()
        var line = 1
        var at = 0
        func endsCell(_ at: Int) -> Bool { at == bytes.count || bytes[at] == separator || bytes[at] == 0x0A || bytes[at] == 0x0D }
        func skipLineBreak() {
            at += bytes[at] == 0x0D && at + 1 < bytes.count && bytes[at + 1] == 0x0A ? 2 : 1
            line += 1
        }
        while at < bytes.count {
            if bytes[at] == 0x0A || bytes[at] == 0x0D {
                skipLineBreak()
                continue
            }
            var row = CSVReading.Row(line: line, cells: [])
            while true {
                var cell: [UInt8] = []
                if at < bytes.count, bytes[at] == 0x22 {
                    at += 1
                    while true {
                        guard at < bytes.count else {
                            reading.problem = .openQuote
                            return reading
                        }
                        if bytes[at] == 0x22 {
                            guard at + 1 < bytes.count, bytes[at + 1] == 0x22 else { break }
                            at += 1
                        } else if bytes[at] == 0x0D || (bytes[at] == 0x0A && !(bytes[at - 1] == 0x0D)) {
                            line += 1
                        }
                        cell.append(bytes[at])
                        at += 1
                    }
                    at += 1
                    while at < bytes.count, bytes[at] == 0x20 { at += 1 }
                    guard endsCell(at) else {
                        reading.problem = .strayText
                        return reading
                    }
                } else {
                    while !endsCell(at) {
                        cell.append(bytes[at])
                        at += 1
                    }
                }
                row.cells.append(cell)
                guard at < bytes.count, bytes[at] == separator else { break }
                at += 1
            }
            if row.cells.count > TableLimits.columns {
                reading.problem = .limit
                return reading
            }
            reading.rows.append(row)
            if at < bytes.count { skipLineBreak() }
        }
        return reading
    }
}
