internal import Identifiers
internal import Policy
internal import Registry
internal import Tables

/// A file opened for a resource: header found, rows ready to be handed out, the catalogue's checks prepared.
///
/// Taking in, opening a source row and returning rows all read a file this way, so that they agree on what row 17 is.
struct OpenedTable {
    /// Rows of the file in which the header is looked for.
    private static let headRows = 64

    let match: HeaderMatch
    let source: RowSource
    let sheet: String?
    /// The header's cells, and its line in the file.
    let header: (line: UInt32, cells: [String])
    private let format: TableFormat

    /// - Parameter reading: opens the file's rows.
    /// - Throws: `DeliveryFault` where the file cannot be read, is empty, or its header does not fit the resource.
    init(fileName: String, resource: Resource, reading: () throws(TableFault) -> sending any TableReader) throws(DeliveryFault) {
        let reader: any TableReader
        var head = RowBatch()
        do throws(TableFault) {
            reader = try reading()
            while head.rows.count < Self.headRows, let more = try reader.next(maximumRows: DeliveryRun.rowsPerBatch) {
                head.append(more)
            }
        } catch { throw DeliveryFault(error, fileName: fileName) }
        guard !head.rows.isEmpty else {
            throw DeliveryFault(.noRows, "文件“\(fileName)”是空的", cure: "请确认选择了正确的文件后重新报送")
        }
        guard reader.unreadSheets.isEmpty else {
            throw DeliveryFault(
                .unreadable, "文件“\(fileName)”除“\(reader.sheet ?? "")”外还有填了内容的工作表：\(reader.unreadSheets.joined(separator: "、"))",
                cure: "一次报送只收一个工作表：请删去其余工作表，或分成几个文件报送")
        }
        match = try HeaderMatch(head, resource: resource, file: fileName)
        format = reader.format
        sheet = reader.sheet
        header = (head.rows[match.headerRow].line, head.texts(row: match.headerRow))
        source = RowSource(reader: reader, first: head, headerRow: match.headerRow)
    }

    /// Opens the kept file of a delivery.
    init(_ delivery: Delivery, in store: DeliveryStore, resource: Resource) throws(DeliveryFault) {
        try self.init(fileName: delivery.fileName, resource: resource) { () throws(TableFault) in try store.table(of: delivery) }
    }

    /// The checks of the resource for this file, as of a day.
    func plan(_ resource: Resource, book: PolicyBook, today: CivilDate) -> CheckPlan {
        let isWorkbook = format == .xlsx || format == .xls
        return CheckPlan(
            resource: resource, book: book, match: match, today: today,
            allowsShortRows: isWorkbook || format == .jsonLines, hasSerialDates: isWorkbook)
    }
}

extension DeliveryFault {
    /// A file's fault, said with the name the sender knows the file by.
    ///
    /// One that cannot be read or unsealed at all is a fault of the disk or the keys, since the file lies in custody and was
    /// whole when it was kept: it refuses nothing.
    init(_ fault: TableFault, fileName: String) {
        guard fault.code != .unreadable, fault.code != .sealBroken else {
            let cure = fault.code == .sealBroken ? fault.cure : "请检查磁盘和系统日志；尚未处理的批次仍为已接收，排除故障后会自动继续处理"
            self.init(.storage, "无法读取已受理的文件“\(fileName)”：\(fault.message)", cure: cure)
            return
        }
        var place = "文件“\(fileName)”"
        if let sheet = fault.sheet { place += "工作表“\(sheet)”" }
        if let line = fault.line { place += "第 \(line) 行" }
        if let byte = fault.byte { place += "（第 \(byte + 1) 字节）" }
        self.init(.unreadable, "\(place)：\(fault.message)", cure: fault.cure)
    }
}

extension RowBatch {
    /// Adds the rows of another batch behind these.
    fileprivate mutating func append(_ more: RowBatch) {
        let byteOffset = UInt32(bytes.count)
        let cellOffset = UInt32(cells.count)
        bytes += more.bytes
        cells += more.cells.map { Cell(start: $0.start + byteOffset, length: $0.length, form: $0.form) }
        rows += more.rows.map { TableRow(firstCell: $0.firstCell + cellOffset, cellCount: $0.cellCount, line: $0.line) }
    }
}
