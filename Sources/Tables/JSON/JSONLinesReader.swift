/// JSON Lines as rows: the keys of the first object are a header row on line 0, every object is a row of that width.
final class JSONLinesReader: TableReader {
    let format = TableFormat.jsonLines
    private let file: FileBytes
    private var window: ByteWindow
    private var parser = JSONLineParser()
    private var line = 0
    private var yieldedHeader = false
    private var finished = false

    var byteCount: Int64 { file.byteCount }
    var bytesRead: Int64 { file.position }

    /// - Parameter start: 3 after a byte order mark. The file has been found to be UTF-8.
    init(_ file: FileBytes, start: Int64) {
        self.file = file
        file.seek(to: start)
        window = ByteWindow(source: file)
    }

    func next(maximumRows: Int) throws(TableFault) -> RowBatch? {
        if finished { return nil }
        var batch = RowBatch()
        let rows = max(yieldedHeader ? 1 : 2, maximumRows)   // the header comes along with the first object
        do {
            while batch.rows.count < rows, batch.bytes.count < TableLimits.batchBytes {
                guard try appendLine(to: &batch) else { break }
            }
        } catch {
            finished = true
            throw error
        }
        if batch.rows.isEmpty { finished = true }
        return batch.rows.isEmpty ? nil : batch
    }

    /// Takes one line; false at the end of the file.
    private func appendLine(to batch: inout RowBatch) throws(TableFault) -> Bool {
        var end = window.withSpan { $0.firstIndex(of: 0x0A, from: window.position) }
        while end == window.count, !window.ended {
            let searched = window.available
            if try !window.refill(limit: TableLimits.lineBytes), !window.ended { throw .lineTooLong(file.name, line: line + 1) }
            end = window.withSpan { $0.firstIndex(of: 0x0A, from: window.position + searched) }
        }
        if window.available == 0 { return false }
        line += 1
        let range = window.position..<end
        window.position = min(end + 1, window.count)
        if window.withSpan({ bytes in range.allSatisfy { bytes[$0] == 0x20 || bytes[$0] == 0x09 || bytes[$0] == 0x0D } }) { return true }
        let firstCell = batch.cells.count
        do {
            try window.withSpan { bytes throws(JSONProblem) in try parser.parse(bytes, range, into: &batch) }
        } catch {
            throw fault(error)
        }
        if !yieldedHeader { prependHeader(to: &batch) }
        let width = parser.keys.count
        batch.rows.append(
            TableRow(
                firstCell: UInt32(truncatingIfNeeded: yieldedHeader ? firstCell : firstCell + width), cellCount: UInt32(truncatingIfNeeded: width),
                line: UInt32(truncatingIfNeeded: line)))
        yieldedHeader = true
        return true
    }

    /// Only the first object's cells are in the batch yet.
    private func prependHeader(to batch: inout RowBatch) {
        var header: [Cell] = []
        for key in parser.keys {
            header.append(
                Cell(
                    start: UInt32(truncatingIfNeeded: batch.bytes.count), length: UInt32(truncatingIfNeeded: key.count),
                    form: key.isEmpty ? .empty : .text))
            batch.bytes.append(contentsOf: key)
        }
        batch.cells.insert(contentsOf: header, at: 0)
        batch.rows.append(TableRow(firstCell: 0, cellCount: UInt32(truncatingIfNeeded: header.count), line: 0))
    }

    private func fault(_ problem: JSONProblem) -> TableFault {
        switch problem {
        case .malformed(let what, let at):
            TableFault(
                .malformedJSON, file: file.name, line: line, message: "第 \(at + 1) 字节处\(what)", cure: "每行写一个完整的 JSON 对象，由程序生成而不要手工拼接")
        case .nested(let key):
            TableFault(
                .malformedJSON, file: file.name, line: line, message: "字段“\(key)”的值是对象或数组", cure: "每个字段只放一个文字、数字、true、false 或 null")
        case .duplicateKey(let key):
            TableFault(.malformedJSON, file: file.name, line: line, message: "字段“\(key)”出现了两次", cure: "每个字段在一行里只写一次")
        case .unknownKey(let key):
            TableFault(
                .unknownKey, file: file.name, line: line, message: "字段“\(key)”在第一个对象里没有", cure: "第一行写全所有字段，没有值的写 null")
        case .tooLong(let key):
            TableFault(.cellTooLong, file: file.name, line: line, message: "字段“\(key)”的内容超过 1 MiB", cure: "请缩短内容，附件正文不要放在表格里")
        case .tooManyKeys: .tooManyColumns(file.name, line: line)
        }
    }
}
