/// Which values the rows of a table admit, told for certain: each column's values are cut into classes by the constants of its cells, and a
/// row is a set of classes in each column. Columns are taken as independent of each other.
struct TableCoverage {
    /// A value of each class, column by column.
    private let values: [[Value]]
    /// By row, column and class.
    private let admits: [[[Bool]]]
    /// By row and column: whether it also admits what the column's allowed values leave out.
    let isOpen: [[Bool]]

    /// Tests of cells times classes that are gone through at most, and steps of one question.
    private static let dearest = 500_000
    private static let stepLimit = 10_000

    /// Nil where there are too many classes.
    init?(of table: DrawnTable) {
        let columns = table.columns.indices
        let constants = columns.map { column in
            (table.rows.map(\.cells[column].tests) + [table.columns[column].allowed ?? .any]).flatMap(\.tests).flatMap(\.constants)
        }
        let values = columns.map { table.columns[$0].type.representatives(of: constants[$0]) }
        guard zip(constants, values).reduce(0, { $0 + $1.0.count * $1.1.count }) <= Self.dearest else { return nil }
        let isAllowed = columns.map { column in values[column].map { (table.columns[column].allowed ?? .any).admits($0) } }
        var isOpen: [[Bool]] = []
        var admits: [[[Bool]]] = []
        for row in table.rows {
            let all = columns.map { column in values[column].map { row.cells[column].tests.admits($0) } }
            isOpen.append(columns.map { column in zip(all[column], isAllowed[column]).contains { $0 && !$1 } })
            admits.append(columns.map { column in zip(all[column], isAllowed[column]).map { $0 && $1 } })
        }
        (self.values, self.admits, self.isOpen) = (values, admits, isOpen)
    }

    /// Whether some value that the column may have is one that a cell, or one test of it, admits.
    func isPossible(_ tests: UnaryTests, in column: Int, allowed: UnaryTests?) -> Bool {
        values[column].contains { tests.admits($0) && (allowed ?? .any).admits($0) }
    }

    /// A value for each column of which both rows hold; nil where there is none.
    func common(_ one: Int, _ two: Int) -> [Value]? {
        var found: [Value] = []
        for column in values.indices {
            guard let place = values[column].indices.first(where: { admits[one][column][$0] && admits[two][column][$0] }) else { return nil }
            found.append(values[column][place])
        }
        return found
    }

    /// Whether earlier rows leave nothing of a row; nil where it takes too many steps to tell.
    func isCovered(_ row: Int, by earlier: [Int]) -> Bool? {
        var cover = Cover(coverage: self, row: row)
        let rivals = earlier.map { (row: $0, openFrom: (lastAsked(of: row, by: $0) ?? -1) + 1) }
        return cover.isWhole(by: rivals, from: 0)
    }

    /// The last column in which an earlier row does not admit all that the row does.
    private func lastAsked(of row: Int, by earlier: Int) -> Int? {
        values.indices.last { column in zip(admits[row][column], admits[earlier][column]).contains { $0 && !$1 } }
    }

    /// The search for something of a row that is left.
    private struct Cover {
        let coverage: TableCoverage
        let row: Int
        var steps = 0

        /// Column by column: in each class of the row, those of the earlier rows that hold there must leave nothing in the columns that follow.
        mutating func isWhole(by rivals: [(row: Int, openFrom: Int)], from column: Int) -> Bool? {
            if rivals.contains(where: { $0.openFrom <= column }) { return true }
            if rivals.isEmpty { return false }
            steps += 1
            guard steps <= TableCoverage.stepLimit else { return nil }
            var seen: Set<[Int]> = []
            for place in coverage.values[column].indices where coverage.admits[row][column][place] {
                let left = rivals.filter { coverage.admits[$0.row][column][place] }
                guard seen.insert(left.map(\.row)).inserted else { continue }
                let isWhole = isWhole(by: left, from: column + 1)
                guard isWhole == true else { return isWhole }
            }
            return true
        }
    }
}

extension UnaryTests {
    /// Whether a value that is there passes tests by constants.
    func admits(_ value: Value) -> Bool { Evaluator.holds(self, value, in: Scope()) == true }
}
