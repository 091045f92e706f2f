/// A workbook's table of strings, end to end in one array.
struct StringArena {
    /// Text of the finished strings, then of the one being appended.
    var bytes: [UInt8] = []
    /// Where each finished string ends.
    private var ends: [UInt32] = []

    /// More than any workbook has texts that matter; bounds the memory of `ends`.
    static let most = 20_000_000

    init() {}

    /// - Parameter bound: an upper bound of the text; untouched capacity costs nothing.
    init(reserving bound: Int) {
        bytes.reserveCapacity(bound)
        ends.reserveCapacity(min(Self.most, bound / 20))
    }

    var count: Int { ends.count }
    /// Where the string being appended starts.
    var start: Int { Int(ends.last ?? 0) }

    @inline(__always)
    subscript(index: Int) -> Range<Int> {
        (index == 0 ? 0 : Int(ends[index &- 1]))..<Int(ends[index])
    }

    /// Ends the string being appended; false when a limit is passed.
    mutating func finish() -> Bool {
        guard bytes.count - start <= TableLimits.cellBytes, bytes.count <= TableLimits.sharedStringBytes, ends.count < Self.most else {
            return false
        }
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
        return true
    }
}
