/// The first visible sheet with content of an `.xls` (BIFF8, Excel 97-2003), as rows.
///
/// Read by our own code, not by libfreexl: version 1.0.6 crashed on 26 of 4,500 slightly damaged files, drops the results of
/// formulas, and does not know which sheets are hidden.
final class XLSReader: TableReader {
    let format = TableFormat.xls
    private(set) var sheet: String?
    private(set) var unreadSheets: [String] = []
    private let file: FileBytes
    private var scanner: BIFFSheetScanner
    private var first: RowBatch?
    private var finished = false

    var byteCount: Int64 { file.byteCount }
    var bytesRead: Int64 { finished ? file.byteCount : min(file.byteCount, scanner.consumed) }

    init(_ file: FileBytes) throws(TableFault) {
        self.file = file
        let container = try CompoundFile(file)
        let item = try Self.workbookItem(of: container)
        let book = try BIFFWorkbook(try container.open(item), file: file.name)
        var chosen: BIFFSheetScanner?
        for place in book.sheets where place.isVisible {
            var scanner = BIFFSheetScanner(try container.open(item), book: book, place: place, file: file.name)
            scanner.rows.maximumRows = 1
            _ = try scanner.run()
            guard !scanner.rows.batch.rows.isEmpty else { continue }
            if chosen == nil {
                sheet = place.name
                chosen = scanner
            } else {
                unreadSheets.append(place.name)
            }
        }
        guard let chosen else { throw .empty(file.name, sheet: book.sheets.first { $0.isVisible }?.name) }
        scanner = chosen
        first = scanner.rows.batch
        scanner.rows.batch = RowBatch()
    }

    func next(maximumRows: Int) throws(TableFault) -> RowBatch? {
        if let first {
            self.first = nil
            return first
        }
        if finished { return nil }
        scanner.rows.maximumRows = max(1, maximumRows)
        do {
            if try !scanner.run() { finished = true }
        } catch {
            finished = true
            throw error
        }
        let batch = scanner.rows.batch
        scanner.rows.batch = RowBatch()
        return batch.rows.isEmpty ? nil : batch
    }

    private static func workbookItem(of container: CompoundFile) throws(TableFault) -> CompoundFile.Item {
        let name = container.file.name
        func has(_ wanted: String) -> Bool { container.items.contains { $0.name.lowercased() == wanted.lowercased() } }
        if has("EncryptedPackage") || has("EncryptionInfo") { throw .encrypted(name) }
        if has("_VBA_PROJECT_CUR") || has("_VBA_PROJECT") || has("VBA") { throw .macros(name) }
        if let item = container.items.first(where: { $0.type == 2 && $0.name.lowercased() == "workbook" }) { return item }
        if has("Book") { throw .outdated(name) }
        if has("WordDocument") { throw .notAWorkbook(name, "是 Word 文档") }
        if has("PowerPoint Document") { throw .notAWorkbook(name, "是演示文稿") }
        throw .notAWorkbook(name, "里面没有工作簿")
    }
}
