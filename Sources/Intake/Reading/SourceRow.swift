package import Archive
internal import Identifiers
package import Policy
package import Registry
internal import Tables

/// The row of a delivered file that a record, or a rejection, came from.
package struct SourceRow: Sendable {
    /// One row of the file with its neighbours.
    package struct Line: Sendable {
        /// 1-based line of the file, or row of the sheet.
        package let number: UInt32
        /// Data row number; 0 for titles, header and blank rows.
        package let row: UInt32
        package let cells: [String]
    }

    /// One column of the row: where it stood, what it said, which field it is.
    package struct Column: Sendable {
        /// 1-based.
        package let number: Int
        package let title: String
        package let value: String
        /// Nil for a column that is not of the catalogue.
        package let field: Field?
    }

    package let delivery: Delivery
    package let resource: Resource
    package let row: UInt32
    package let sheet: String?
    package let line: UInt32
    package let header: Line
    package let columns: [Column]
    /// The row with up to three rows before and after it.
    package let context: [Line]
    /// The subject that the row's identifiers resolve to; nil for a returned or 疑似 row.
    package let subject: SubjectKey?
}

/// Finds source rows by reading the raw file again, with the same reader that took it in.
package struct SourceReader: Sendable {
    package let directory: DataDirectory
    package let book: PolicyBook
    static let neighbours = 3

    package init(directory: DataDirectory, book: PolicyBook) {
        self.directory = directory
        self.book = book
    }

    /// The row, or nil where there is no such delivery or row.
    ///
    /// - Throws: `DeliveryFault` where the kept file can no longer be read, or never could.
    package func row(_ id: RecordID) throws -> SourceRow? {
        // The kept file still has what was erased; nobody is shown it.
        let times = directory.times.snapshot()
        guard !times.isErased(id), let delivery = try directory.registry.deliveries.find(id.delivery), delivery.erasedAt == nil, id.row > 0,
            let resource = book.versions(of: delivery.resource).first(where: { Int($0.version) == delivery.resourceVersion })
        else { return nil }
        let table = try OpenedTable(delivery, in: directory.store, resource: resource)
        let header = SourceRow.Line(number: table.header.line, row: 0, cells: table.header.cells)
        guard let found = try find(id.row, in: table.source) else { return nil }
        let plan = table.plan(resource, book: book, today: (delivery.known ?? delivery.received).date)
        return SourceRow(
            delivery: delivery, resource: resource, row: id.row, sheet: table.sheet, line: found.line, header: header,
            columns: columns(found.cells, header: header.cells, match: table.match, resource: resource),
            context: found.context.filter { !times.isErased(RecordID(delivery: id.delivery, row: $0.row)) }, subject: try subject(of: found, plan: plan, delivery: delivery))
    }

    private struct Found {
        let batch: RowBatch
        let index: Int
        let row: UInt32
        let line: UInt32
        let cells: [String]
        let context: [SourceRow.Line]
    }

    private func find(_ row: UInt32, in source: RowSource) throws -> Found? {
        var before: [SourceRow.Line] = []
        while let portion = try source.next() {
            guard let index = portion.numbers.firstIndex(of: row) else {
                before = Self.lines(portion, max(portion.firstRow, portion.batch.rows.count - Self.neighbours)..<portion.batch.rows.count)
                continue
            }
            let start = max(portion.firstRow, index - Self.neighbours)
            var context = Self.lines(portion, start..<min(portion.batch.rows.count, index + Self.neighbours + 1))
            context = before.suffix(Self.neighbours - (index - start)) + context
            let missing = Self.neighbours - (portion.batch.rows.count - 1 - index)
            if missing > 0, let next = try source.next() {
                context += Self.lines(next, 0..<min(missing, next.batch.rows.count))
            }
            return Found(
                batch: portion.batch, index: index, row: row, line: portion.batch.rows[index].line,
                cells: portion.batch.texts(row: index), context: context)
        }
        return nil
    }

    private static func lines(_ portion: RowSource.Portion, _ range: Range<Int>) -> [SourceRow.Line] {
        range.map {
            SourceRow.Line(number: portion.batch.rows[$0].line, row: portion.numbers[$0], cells: portion.batch.texts(row: $0))
        }
    }

    private func columns(
        _ cells: [String], header: [String], match: HeaderMatch, resource: Resource
    ) -> [SourceRow.Column] {
        var fieldOfColumn: [Int: Field] = [:]
        for (index, column) in match.columns.enumerated() {
            if let column { fieldOfColumn[column] = resource.fields[index] }
        }
        return (0..<max(cells.count, match.width)).map { column in
            SourceRow.Column(
                number: column + 1, title: column < header.count ? header[column] : "",
                value: column < cells.count ? cells[column] : "", field: fieldOfColumn[column])
        }
    }

    /// Checks the row once more, alone, to learn its subject.
    private func subject(of found: Found, plan: CheckPlan, delivery: Delivery) throws -> SubjectKey? {
        var checker = RowChecker(
            plan: plan, delivery: delivery.number, keys: directory.subjectKeys(), roll: SubjectRoll(registered: []),
            targets: nil)
        return try checker.subject(found.batch, row: found.index, number: found.row)
    }
}
