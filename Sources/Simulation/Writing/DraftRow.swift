/// One value of a row before it is written in its file's manner.
struct DraftCell: Sendable {
    enum Form: UInt8, Sendable { case empty, text, number, date }

    var form: Form = .empty
    /// Place of the text in the row's bytes; not used by dates.
    var start: Int32 = 0
    var length: Int32 = 0
    /// A date's day since 1970-01-01; for a code, the chosen values as places in the code set plus one, eight bits each.
    var number: Int32 = 0
}

/// A row being made: one cell for each field of the resource, in the catalogue's order. One instance serves a whole file,
/// so that a row costs no allocation.
struct DraftRow: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var cells: [DraftCell] = []

    /// Makes the row empty, with `count` cells.
    mutating func begin(_ count: Int) {
        bytes.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        for _ in 0..<count { cells.append(DraftCell()) }
    }

    /// Gives a cell the text that `body` appends; empty text leaves the cell empty.
    @inline(__always)
    mutating func set(_ cell: Int, _ form: DraftCell.Form = .text, number: Int32 = 0, _ body: (inout [UInt8]) -> Void) {
        let start = bytes.count
        body(&bytes)
        let length = bytes.count - start
        cells[cell] = DraftCell(
            form: length == 0 ? .empty : form, start: Int32(start), length: Int32(length), number: number)
    }

    @inline(__always)
    mutating func set(_ cell: Int, _ text: some Collection<UInt8>) {
        set(cell) { $0.append(contentsOf: text) }
    }

    mutating func set(_ cell: Int, day: Int32) {
        cells[cell] = DraftCell(form: .date, number: day)
    }

    mutating func clear(_ cell: Int) { cells[cell] = DraftCell() }

    func isEmpty(_ cell: Int) -> Bool { cells[cell].form == .empty }

    /// The text of a cell; empty for dates.
    func text(_ cell: Int) -> ArraySlice<UInt8> {
        let cell = cells[cell]
        return bytes[Int(cell.start)..<Int(cell.start + cell.length)]
    }
}
