/// The first visible sheet with content of an XLSX, as rows.
final class XLSXReader: TableReader {
    let format = TableFormat.xlsx
    let sheet: String?
    let unreadSheets: [String]
    private let file: FileBytes
    private var scanner: XMLScanner
    private var handler: SheetScanner
    /// The first row was read to see that there is one.
    private var first: RowBatch?
    private var finished = false

    var byteCount: Int64 { file.byteCount }
    var bytesRead: Int64 { finished ? file.byteCount : min(file.position, file.byteCount) }

    init(_ file: FileBytes) throws(TableFault) {
        self.file = file
        let book = try Workbook(file)
        var chosen: (SheetEntry, XMLScanner, SheetScanner)?
        var unread: [String] = []
        for entry in book.sheets where entry.isVisible {
            guard let part = book.zip.entry(entry.part) else { throw .damaged(file.name, "缺少工作表“\(entry.name)”") }
            if chosen != nil {
                var scanner = XMLScanner(try book.zip.open(part), file: file.name, sheet: entry.name)
                var handler = SheetScanner(strings: book.strings, formats: book.formats, is1904: book.is1904)
                handler.rows.maximumRows = 1
                _ = try Self.run(&scanner, &handler, file.name, entry.name)
                if !handler.rows.batch.rows.isEmpty { unread.append(entry.name) }
                continue
            }
            var scanner = XMLScanner(try book.zip.open(part), file: file.name, sheet: entry.name, capacity: 1 << 20)
            var handler = SheetScanner(strings: book.strings, formats: book.formats, is1904: book.is1904)
            handler.rows.maximumRows = 1
            _ = try Self.run(&scanner, &handler, file.name, entry.name)
            if !handler.rows.batch.rows.isEmpty { chosen = (entry, scanner, handler) }
        }
        guard let (entry, scanner, handler) = chosen else { throw .empty(file.name, sheet: book.sheets.first { $0.isVisible }?.name) }
        sheet = entry.name
        unreadSheets = unread
        self.scanner = scanner
        self.handler = handler
        first = handler.rows.batch
        self.handler.rows.batch = RowBatch()
    }

    func next(maximumRows: Int) throws(TableFault) -> RowBatch? {
        if let first {
            self.first = nil
            return first
        }
        if finished { return nil }
        handler.rows.maximumRows = max(1, maximumRows)
        do {
            if try !Self.run(&scanner, &handler, file.name, sheet) { finished = true }
        } catch {
            finished = true
            throw error
        }
        let batch = handler.rows.batch
        handler.rows.batch = RowBatch()
        return batch.rows.isEmpty ? nil : batch
    }

    /// Reads on until a batch is full (true) or the sheet ends (false), and checks that the batch is UTF-8.
    private static func run(
        _ scanner: inout XMLScanner, _ handler: inout SheetScanner, _ file: String, _ sheet: String?
    ) throws(TableFault) -> Bool {
        do throws(TableFault) {
            let more = try scanner.run(&handler) && !handler.isFinished
            guard UTF8Check.scan(handler.rows.batch.bytes.span).reason == .end else {
                throw .malformedSheet(file, sheet: sheet, line: handler.rows.row, "文字不是 UTF-8")
            }
            if more { return true }
            guard handler.isFinished else { throw .damaged(file, "工作表没有写完") }
            try scanner.drain()
            return false
        } catch {
            var fault = error
            if handler.rows.row > 0, fault.sheet != nil { fault.line = handler.rows.row }
            throw fault
        }
    }
}
