internal import Evaluation
package import Identifiers
package import Policy
package import Tables

/// A sheet of questions (批量核查表), and the same sheet with an answer behind each row.
///
/// Columns are found by their titles, in any order; others stay as they are.
package struct VerificationSheet: Sendable {
    /// A question as its row asks it; empty where the cell is.
    package struct Row: Sendable {
        /// 1-based line of the file.
        package let line: Int
        package let matter: String
        package let caseNumber: String
        package let identifier: String
        package let name: String
        /// The identifier was stored as a number of more digits than a sheet keeps: its end is lost.
        package let isDamaged: Bool
        fileprivate let cells: [String]
    }

    /// What came of a row.
    package enum Answer: Sendable {
        case verified(CreditVerification, number: Int64, at: Instant)
        /// Why there is no answer, and what to do.
        case problem(String)
    }

    /// Why a sheet is not worked on.
    package struct Fault: Error, Sendable, Hashable {
        /// In Chinese.
        package let message: String
        package let cure: String
    }

    /// What a column may be called, its own name first.
    private enum Column: Int, CaseIterable {
        case matter, caseNumber, identifier, name

        var titles: [String] {
            switch self {
            case .matter: ["事项编码", "事项代码", "事项"]
            case .caseNumber: ["办件号", "办件编号", "案号"]
            case .identifier: ["代码", "统一社会信用代码", "统一社会信用代码或证件号码", "证件号码", "身份证号码", "公民身份号码"]
            case .name: ["名称", "申请人名称", "企业名称", "单位名称", "姓名"]
            }
        }
    }

    /// Rows of one sheet at most.
    package static let rowLimit = 2_000
    /// Bytes of one file at most.
    package static let byteLimit = 4 << 20
    /// Columns of one sheet, characters of one cell, bytes of all cells that are kept, at most: a small workbook may unfold into a large one, and
    /// what cannot be written back must not be looked up.
    private static let (columnLimit, cellLimit, keptLimit) = (200, 2_000, 16 << 20)
    /// Rows that are read at most, blank ones too.
    private static let readLimit = 20_000
    /// The header stands within the first rows.
    private static let headerRows = 20
    private static let results = ["核查结论", "说明", "命中", "依据", "适用措施", "责任单位", "决定文书", "期限至", "核查编号", "核查时间", "快照号"]

    package let rows: [Row]
    private let titles: [String]

    /// Reads a sheet: CSV, XLSX, XLS or JSON Lines.
    /// - Parameter name: what faults call it.
    /// - Throws: `TableFault` for what is no table, `Fault` for a table that asks nothing.
    package init(_ bytes: [UInt8], name: String) throws {
        let reader = try TableFile.open(HeldBytes(bytes), name: name)
        var titles: [String]?
        var places: [Column: Int] = [:]
        var kept: [Int] = []
        var rows: [Row] = []
        var passed = 0
        var keptBytes = 0
        while let batch = try reader.next(maximumRows: 500) {
            for index in batch.rows.indices {
                passed += 1
                guard passed <= Self.readLimit else { throw Fault(message: "表格超过 \(Self.readLimit) 行，大多是空行", cure: "请删去空行后再上传") }
                keptBytes += try Self.check(batch.rows[index], in: batch)
                guard keptBytes <= Self.keptLimit else { throw Fault(message: "表格的内容太多", cure: "请只留要核查的列，或拆成几个文件") }
                let texts = batch.texts(row: index)
                guard titles != nil else {
                    places = Self.places(in: texts)
                    if places[.caseNumber] != nil, places[.identifier] != nil {
                        // A sheet that comes back has its old answers put aside; one that merely has a column of such a name keeps it.
                        let isAnswered = Set(Self.results).isSubset(of: texts.map(Self.plain))
                        kept = texts.indices.filter { !isAnswered || !Self.results.contains(Self.plain(texts[$0])) }
                        titles = kept.map { texts[$0] }
                    } else if passed >= Self.headerRows {
                        throw Self.noHeader
                    }
                    continue
                }
                if texts.allSatisfy(\.isEmpty) { continue }
                guard rows.count < Self.rowLimit else {
                    throw Fault(message: "表格超过 \(Self.rowLimit) 行", cure: "请拆成几个文件")
                }
                rows.append(Self.row(texts, places, kept, line: Int(batch.rows[index].line), isNumber: { batch.cell(row: index, column: $0).form == .number }))
            }
        }
        guard let titles else { throw Self.noHeader }
        guard !rows.isEmpty else { throw Fault(message: "表格里只有标题，没有要核查的行", cure: "请从标题的下一行起填写") }
        self.titles = titles
        self.rows = rows
    }

    /// The bytes of a row that can be kept and written back.
    private static func check(_ row: TableRow, in batch: RowBatch) throws -> Int {
        guard row.cellCount <= columnLimit else { throw Fault(message: "第 \(row.line) 行超过 \(columnLimit) 列", cure: "请只留要核查的列") }
        var count = 0
        for place in 0..<Int(row.cellCount) {
            let range = batch.range(batch.cells[Int(row.firstCell) + place])
            guard range.count <= cellLimit * 4 else { throw Fault(message: "第 \(row.line) 行有超过 \(cellLimit) 字的单元格", cure: "请删短后再上传") }
            guard !batch.bytes[range].contains(0) else { throw Fault(message: "第 \(row.line) 行有不能显示的字符", cure: "请重新填写这一行") }
            count += range.count
        }
        return count
    }

    private static let noHeader = Fault(message: "没有找到标题行：前 \(headerRows) 行里没有同时写着“办件号”和“代码”的一行", cure: "请下载模板，把内容填进模板后再上传")

    private static func plain(_ title: String) -> String { title.filter { !$0.isWhitespace && $0 != "*" } }

    private static func places(in titles: [String]) -> [Column: Int] {
        var places: [Column: Int] = [:]
        for (index, title) in titles.enumerated() {
            let title = plain(title)
            for column in Column.allCases where places[column] == nil && column.titles.contains(title) { places[column] = index }
        }
        return places
    }

    private static func row(_ texts: [String], _ places: [Column: Int], _ kept: [Int], line: Int, isNumber: (Int) -> Bool) -> Row {
        func text(_ column: Column) -> String {
            guard let place = places[column], place < texts.count else { return "" }
            return texts[place].trimmingBlanks()
        }
        let identifier = text(.identifier)
        return Row(
            line: line,
            // The template offers codes with their names behind them.
            matter: text(.matter).split(separator: " ").first.map(String.init) ?? "", caseNumber: text(.caseNumber), identifier: identifier, name: text(.name),
            isDamaged: identifier.utf8.count > 15 && (places[.identifier].map(isNumber) ?? false), cells: kept.map { $0 < texts.count ? texts[$0] : "" })
    }

    // MARK: Writing

    /// Writes the sheet with its answers.
    /// - Parameters:
    ///   - answers: in order of `rows`.
    ///   - watermark: who asked, and when.
    package func write(_ answers: [Answer], watermark: String, to path: String) throws(TableFault) {
        let widths: [String: Double] = ["说明": 40, "命中": 30, "依据": 50, "适用措施": 30, "责任单位": 24, "核查时间": 20, "快照号": 40]
        let layout = TableLayout(
            columns: titles.map { TableColumn($0, format: .text, width: 22) } + Self.results.map { TableColumn($0, format: .text, width: widths[$0] ?? 14) },
            sheet: "核查结果", titleRows: [watermark, CreditVerification.advice], safe: true)
        let writer = try TableFile.create(path: path, format: .xlsx, layout: layout)
        for (row, answer) in zip(rows, answers) {
            let cells = row.cells + [String](repeating: "", count: max(0, titles.count - row.cells.count))
            try writer.append(texts: cells + Self.cells(of: answer))
        }
        try writer.finish()
    }

    private static func cells(of answer: Answer) -> [String] {
        switch answer {
        case .problem(let text): return ["没有核查", text] + [String](repeating: "", count: results.count - 2)
        case .verified(let verification, let number, let at):
            let hits = verification.hits
            func joined(_ texts: [String]) -> String { texts.filter { !$0.isEmpty }.distinct.joined(separator: "；") }
            let measures = hits.flatMap(\.measures)
            return [
                verification.verdict.name, verification.summary, joined(hits.map(\.title)), joined((hits.flatMap(\.basis) + measures.flatMap(\.basis)).map(\.text)),
                joined(measures.map(\.name)), joined(measures.flatMap(\.departments)), joined(hits.compactMap { $0.listing?.decision }),
                joined(hits.compactMap { $0.listing?.until?.description }), "\(number)", "\(at)", "\(verification.snapshot)",
            ]
        }
    }

    /// Writes the empty sheet that an office fills in.
    /// - Parameter matters: those that the office handles; they can be chosen.
    package static func writeTemplate(for matters: [Matter], to path: String) throws(TableFault) {
        let layout = TableLayout(
            columns: Column.allCases.map { column in
                TableColumn(
                    column.titles[0], format: .text, width: column == .caseNumber ? 18 : 28, choices: column == .matter ? matters.map { "\($0.code) \($0.name)" } : [],
                    required: column != .name)
            }, sheet: "批量核查")
        try TableFile.create(path: path, format: .xlsx, layout: layout).finish()
    }
}
