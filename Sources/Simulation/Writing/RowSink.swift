/// Takes finished rows and writes them in one file format.
protocol RowSink {
    /// - Parameter width: cells to write: the columns' count, fewer (cut off) or more (one stray value too many).
    mutating func append(_ row: borrowing DraftRow, number: Int, width: Int) throws
    mutating func finish() throws
}
