/// Holds the cells and rows of a table against each other.
struct TableCheck {
    private(set) var faults: [DecisionFault] = []
    private let table: DrawnTable
    private let file: String

    init(_ table: DrawnTable, file: String) { (self.table, self.file) = (table, file) }

    mutating func note(_ line: Int, _ message: String) { faults.append(DecisionFault(file: file, line: line, message: message)) }

    /// What the rows admit; nil, and faults, where that is not as the hit policy has it.
    mutating func coverage() -> TableCoverage? {
        guard let coverage = TableCoverage(of: table) else {
            note(table.line, "决策表各列写明的值太多，无法逐一核对：请减少行和值，或拆成几条规则")
            return nil
        }
        for row in table.rows { checkCells(of: row, coverage) }
        guard faults.isEmpty else { return nil }
        for index in table.rows.indices { table.policy == .first ? checkIsReached(index, coverage) : checkOverlaps(index, coverage) }
        return faults.isEmpty ? coverage : nil
    }

    /// Each test of a cell holds of something, and names nothing that the column may not be.
    private mutating func checkCells(of row: DrawnTable.Row, _ coverage: TableCoverage) {
        for (index, cell) in row.cells.enumerated() {
            let allowed = table.columns[index].allowed
            if let value = cell.tests.tests.lazy.flatMap({ $0.named(outside: allowed) }).first {
                note(cell.line, "单元格“\(cell.text)”里的 \(value.written) 不在这一列允许的值里：请改正单元格，或补充允许的值")
            } else if let test = cell.tests.tests.first(where: { !coverage.isPossible(.oneOf([$0]), in: index, allowed: allowed) }) {
                note(cell.line, "单元格“\(cell.text)”里的 \(test.written) 没有任何值能满足：请改正两端的次序或边界")
            } else if !coverage.isPossible(cell.tests, in: index, allowed: allowed) {
                note(cell.line, "单元格“\(cell.text)”没有任何值能满足：请改正，或删去这一行")
            }
        }
    }

    /// Under UNIQUE no two rows hold of the same; under ANY they may where they say the same.
    private mutating func checkOverlaps(_ index: Int, _ coverage: TableCoverage) {
        let row = table.rows[index]
        for (other, earlier) in table.rows.enumerated().prefix(index) where table.policy == .unique || earlier.triggers != row.triggers {
            guard let common = coverage.common(other, index) else { continue }
            let example = example(common, of: [row, earlier])
            let rule = table.policy == .unique ? "UNIQUE 表的各行不得重叠，请改正条件，或把命中策略改为 FIRST" : "ANY 表里重叠的行输出须相同，请改正条件或输出"
            note(row.line, "\(row.id) 和 \(earlier.id)（第 \(earlier.line) 行）会同时成立，\(example)：\(rule)")
            // One fault a row: what follows from it is not told again.
            return
        }
    }

    /// Under FIRST earlier rows leave something to each row.
    private mutating func checkIsReached(_ index: Int, _ coverage: TableCoverage) {
        let row = table.rows[index]
        let rivals = (0..<index).filter { coverage.common($0, index) != nil }
        switch coverage.isCovered(index, by: rivals) {
        case false?: return
        case nil: note(row.line, "前面各行与 \(row.id) 的关系太复杂，无法核对：请减少列，或拆成几条规则")
        case true?:
            let names = rivals.map { "\(table.rows[$0].id)（第 \(table.rows[$0].line) 行）" }.joined(separator: "、")
            note(row.line, "\(row.id) 永远轮不到：前面的 \(names)已经包括了它的全部情形，请删去这一行或调整次序")
        }
    }

    /// Values of the columns that rows ask about.
    private func example(_ values: [Value], of rows: [DrawnTable.Row]) -> String {
        let parts = table.columns.indices.filter { index in rows.contains { !$0.cells[index].isAny } }
            .map { "\(table.columns[$0].written) = \(values[$0].written)" }
        return parts.isEmpty ? "两行都没有条件" : "例如 \(parts.joined(separator: "、"))"
    }
}

extension UnaryTest {
    /// The values that it names and means, and that are not among those allowed.
    fileprivate func named(outside allowed: UnaryTests?) -> [Value] {
        guard let allowed else { return [] }
        return constants.filter { value in
            let isMeant = if case .comparison(.notEqual, _) = self { true } else { UnaryTests.oneOf([self]).admits(value) }
            return isMeant && !allowed.admits(value)
        }
    }
}
