/// Where a text roughly stands in byte order: its first sixteen bytes. Enough to write rows in about the order of an
/// index, and far cheaper than comparing Chinese strings.
struct SortPlace: Comparable {
    private let high: UInt64
    private let low: UInt64

    init(_ text: String) {
        var words: (high: UInt64, low: UInt64) = (0, 0)
        let bytes = text.utf8.span
        for index in 0..<16 {
            words.high = words.high << 8 | words.low >> 56
            words.low = words.low << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0)
        }
        (high, low) = words
    }

    static func < (left: SortPlace, right: SortPlace) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}
