/// A CSV file as rows.
final class CSVReader: TableReader {
    let format: TableFormat
    /// Nil where the bytes are not those of a file.
    private let file: FileBytes?
    private let name: String
    private var window: ByteWindow
    private var scanner: CSVScanner
    private var finished = false
    private var yielded = false

    var byteCount: Int64 { file?.byteCount ?? 0 }
    var bytesRead: Int64 { file?.position ?? window.offset }

    /// - Parameter encoding: what the whole file was found to be in; `invalidUTF8` where UTF-8 failed, for GB 18030.
    init(_ file: FileBytes, encoding: TextEncoding, invalidUTF8: Int64 = 0) throws(TableFault) {
        format = .csv(encoding)
        self.file = file
        name = file.name
        switch encoding {
        case .utf8, .utf8BOM:
            file.seek(to: encoding == .utf8BOM ? 3 : 0)
            window = ByteWindow(source: file)
        case .gb18030:
            window = ByteWindow(source: try GB18030Source(file, invalidUTF8: invalidUTF8))
        }
        try window.require(Self.sampleBytes)
        if window.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { window.position = 3 }   // a GB 18030 file can have a mark too
        scanner = CSVScanner(separator: window.withSpan { Self.separator(of: $0.extracting(first: Self.sampleBytes)) })
    }

    /// A reader on UTF-8 text without a mark that comes from elsewhere; `name` is what faults call it.
    init(_ source: any ByteSource, name: String) throws(TableFault) {
        format = .csv(.utf8)
        file = nil
        self.name = name
        window = ByteWindow(source: source)
        try window.require(Self.sampleBytes)
        scanner = CSVScanner(separator: window.withSpan { Self.separator(of: $0.extracting(first: Self.sampleBytes)) })
    }

    func next(maximumRows: Int) throws(TableFault) -> RowBatch? {
        if finished { return nil }
        var batch = RowBatch()
        let rows = max(1, maximumRows)
        while batch.rows.count < rows, batch.bytes.count < TableLimits.batchBytes {
            if window.available > 0 {
                window.position = try scan(&batch, rows)
                if window.available == 0 && window.ended { break }
                if batch.rows.count == rows || batch.bytes.count >= TableLimits.batchBytes { break }
                if window.ended { throw unclosedQuote() }
            } else if window.ended {
                break
            }
            guard try window.refill(limit: TableLimits.lineBytes) || window.ended else {
                finished = true
                throw tooLong()
            }
        }
        guard !batch.rows.isEmpty else {
            finished = true
            if !yielded { throw .empty(name) }
            return nil
        }
        yielded = true
        return batch
    }

    private func scan(_ batch: inout RowBatch, _ rows: Int) throws(TableFault) -> Int {
        do {
            return try window.withSpan { bytes throws(CSVProblem) in
                try scanner.scan(bytes, from: window.position, isLast: window.ended, maximumRows: rows, into: &batch)
            }
        } catch {
            finished = true
            switch error.kind {
            case .cellTooLong: throw .cellTooLong(name, line: error.line, column: error.column)
            case .tooManyColumns: throw .tooManyColumns(name, line: error.line)
            case .strayText:
                throw TableFault(
                    .strayText, file: name, line: error.line, message: "第 \(error.column) 列的引号闭合之后还有文字",
                    cure: "请把内容里的英文引号写成两个（\"\"），或由 Excel 另存为 CSV 后重新报送")
            }
        }
    }

    private func unclosedQuote() -> TableFault {
        finished = true
        return TableFault(
            .unclosedQuote, file: name, line: scanner.openQuoteLine ?? scanner.line, message: "这一行打开的英文引号一直没有闭合",
            cure: "请在这一行补上右引号，或删掉多出的引号；内容里的引号要写成两个（\"\"）")
    }

    private func tooLong() -> TableFault {
        scanner.openQuoteLine == nil ? .lineTooLong(name, line: scanner.line) : unclosedQuote()
    }

    private static let sampleBytes = 1 << 16

    /// Comma, unless the line with the most separators among the first ten has none but tabs or semicolons, or far more of them.
    static func separator(of sample: Span<UInt8>) -> UInt8 {
        var best: (count: Int, separator: UInt8) = (0, 0x2C)
        var counts = (comma: 0, tab: 0, semicolon: 0)
        var lines = 0
        var quoted = false
        for index in 0...sample.count {
            let byte: UInt8 = index < sample.count ? sample[index] : 0x0A
            if byte == 0x22 { quoted.toggle() }
            if quoted, index < sample.count { continue }
            switch byte {
            case 0x2C: counts.comma += 1
            case 0x09: counts.tab += 1
            case 0x3B: counts.semicolon += 1
            case 0x0A, 0x0D:
                let other = counts.tab >= counts.semicolon ? (counts.tab, UInt8(0x09)) : (counts.semicolon, UInt8(0x3B))
                let line = other.0 > counts.comma * 3 ? other : (counts.comma, UInt8(0x2C))
                if line.0 > best.count { best = line }
                counts = (0, 0, 0)
                lines += 1
                if lines == 10 { return best.separator }
            default: break
            }
        }
        return best.separator
    }
}
