internal import Identifiers
internal import Policy
internal import Tables

/// Which column of a file holds which field of a resource; found before any row is read.
struct HeaderMatch {
    /// Columns beside the catalogue's fields that any file may have.
    enum Reserved: String, CaseIterable {
        /// The record that this row corrects or withdraws.
        case target = "更正记录编号"
        /// 更正 or 撤销; empty means 更正.
        case action = "操作"
    }

    /// Columns that departments keep for themselves or that our own returned files carry; they are not data.
    private static let ignored: Set<String> = ["序号", "退回原因", "行号"]
    private static let searchedRows = 20

    /// Column of each field, by index into `resource.fields`; nil where the file has none.
    let columns: [Int?]
    let targetColumn: Int?
    let actionColumn: Int?
    /// Number of columns up to the last one with a title.
    let width: Int
    /// Rows of the first batch up to and including the header.
    let headerRow: Int

    /// Finds the header among the first rows: the one with the most titles the resource knows.
    ///
    /// - Throws: `DeliveryFault(.header)` naming every unknown, doubled and missing column at once.
    init(_ batch: RowBatch, resource: Resource, file: String) throws(DeliveryFault) {
        var best: (row: Int, hits: Int) = (0, 0)
        for row in 0..<min(batch.rows.count, Self.searchedRows) {
            let cells = (0..<Int(batch.rows[row].cellCount)).map { Self.key(batch.text(row: row, column: $0)) }
            let hits = Set(cells.compactMap { resource.index(headed: $0) }).count
            if hits > best.hits { best = (row, hits) }
        }
        guard best.hits > 0 else {
            throw DeliveryFault(
                .header, "文件“\(file)”前 \(min(batch.rows.count, Self.searchedRows)) 行中没有找到“\(resource.name)”的表头",
                cure: "请下载该资源的模板，按模板第一行的列名填写")
        }
        try self.init(batch, header: best.row, resource: resource, file: file)
    }

    private init(
        _ batch: RowBatch, header: Int, resource: Resource, file: String
    ) throws(DeliveryFault) {
        var columns = [Int?](repeating: nil, count: resource.fields.count)
        var reserved: [Reserved: Int] = [:]
        var faults: [String] = []
        var width = 0
        for column in 0..<Int(batch.rows[header].cellCount) {
            let title = batch.text(row: header, column: column)
            let key = Self.key(title)
            guard !key.isEmpty else { continue }
            faults += (width..<column).map { "第 \($0 + 1) 列没有列名" }
            width = column + 1
            if let field = resource.index(headed: key) {
                if let first = columns[field] {
                    faults.append("第 \(first + 1) 列与第 \(column + 1) 列都是“\(resource.fields[field].name)”")
                } else {
                    columns[field] = column
                }
            } else if let special = Reserved(rawValue: title.filter { !$0.isWhitespace }) {
                if reserved[special] != nil { faults.append("有两列“\(special.rawValue)”") }
                reserved[special] = column
            } else if !Self.ignored.contains(key) {
                faults.append("第 \(column + 1) 列“\(title)”不在该资源的目录中")
            }
        }
        for (index, field) in resource.fields.enumerated() where field.required && columns[index] == nil {
            faults.append("缺少必填列“\(field.name)”（\(field.code)）")
        }
        guard faults.isEmpty else {
            throw DeliveryFault(
                .header, "文件“\(file)”第 \(batch.rows[header].line) 行表头有 \(faults.count) 处问题：\(faults.joined(separator: "；"))",
                cure: "请按模板改正列名；目录之外的列请删除，或先申请变更目录")
        }
        self.columns = columns
        targetColumn = reserved[.target]
        actionColumn = reserved[.action]
        self.width = width
        headerRow = header
    }

    /// A title as it is compared: half width, upper case, without blanks and without a star that marks it as required.
    private static func key(_ title: String) -> String {
        String(Text.searchForm(title).filter { $0 != "*" && $0 != "＊" })
    }
}
