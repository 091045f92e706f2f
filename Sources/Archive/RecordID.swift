/// What a record is called: the delivery that brought it and its row there. It never changes and opens the source line.
package struct RecordID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Number of the delivery, from 1.
    package let delivery: UInt32
    /// Data row in the delivery, from 1; the header does not count.
    package let row: UInt32

    package init(delivery: UInt32, row: UInt32) {
        self.delivery = delivery
        self.row = row
    }

    /// Reads the form of `description`: two decimal numbers without leading zeros, joined by a hyphen.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: 45, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 2, let delivery = UInt32(Substring(parts[0])), let row = UInt32(Substring(parts[1])) else {
            return nil
        }
        self.init(delivery: delivery, row: row)
        guard description == text else { return nil }
    }

    /// `42-17` is row 17 of delivery 42.
    package var description: String { "\(delivery)-\(row)" }

    package static func < (left: RecordID, right: RecordID) -> Bool {
        left.delivery != right.delivery ? left.delivery < right.delivery : left.row < right.row
    }
}
