package import Policy
package import Registry
package import Tables

/// The returned rows of a delivery as a file that can be mended and sent again: the columns they came in, and one more,
/// 退回原因. Intake ignores that column when the file comes back.
package struct ReturnedRows: Sendable {
    package let directory: DataDirectory
    package let book: PolicyBook
    static let reasonTitle = "退回原因"

    package init(directory: DataDirectory, book: PolicyBook) {
        self.directory = directory
        self.book = book
    }

    /// Writes the file.
    ///
    /// - Parameter format: `.csv` or `.xlsx`; cells are text in both, so that codes keep their digits.
    /// - Throws: `TableFault` where the kept file cannot be read or the new one not be written, `DeliveryFault` where its
    ///   header is not understood (it was, when the rows were returned).
    package func write(_ delivery: Delivery, as format: TableFormat, watermark: String? = nil, to path: String) throws {
        let rejections = try directory.store.returned(by: delivery)
        let reasons = Dictionary(
            rejections.map { ($0.row, $0.faults.map(Self.sentence).joined(separator: "；")) }, uniquingKeysWith: { first, _ in first })
        guard let resource = book.versions(of: delivery.resource).first(where: { Int($0.version) == delivery.resourceVersion })
        else { return }
        let table = try OpenedTable(delivery, in: directory.store, resource: resource)
        var titles = table.header.cells
        titles.removeLast(max(0, titles.count - table.match.width))
        let old = titles.firstIndex(of: Self.reasonTitle)
        if let old { titles.remove(at: old) }
        let layout = TableLayout(
            columns: titles.map { TableColumn($0, format: .text) } + [TableColumn(Self.reasonTitle, format: .text, width: 60)],
            titleRows: watermark.map { [$0] } ?? [], safe: true)
        let writer = try TableFile.create(path: path, format: format, layout: layout)
        while let portion = try table.source.next() {
            for row in portion.firstRow..<max(portion.firstRow, portion.batch.rows.count) {
                guard let reason = reasons[portion.numbers[row]] else { continue }
                var cells = portion.batch.texts(row: row)
                while cells.count < table.match.width { cells.append("") }
                if let old { cells.remove(at: old) }
                try writer.append(texts: Array(cells.prefix(titles.count)) + [reason])
            }
        }
        try writer.finish()
    }

    /// One fault as a sentence: 决定日期“2021-13-01”：不是存在的日期。请按……
    package static func sentence(_ fault: RowFault) -> String {
        let place = fault.name.isEmpty ? "" : fault.name + (fault.value.isEmpty ? "：" : "“\(fault.value)”：")
        return "\(place)\(fault.message)。\(fault.cure)"
    }
}
