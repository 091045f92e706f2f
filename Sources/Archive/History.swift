/// A subject's entries in knowledge order, that is by delivery and row, over all keys under which it is known.
package struct History: Sendable, Hashable {
    /// The keys asked for: the subject's own and those joined to it.
    package let subject: [SubjectKey]
    /// By delivery and row; entries of deliveries that are withdrawn or not yet known are still among them.
    package let entries: [Entry]

    /// - Parameter entries: in any order.
    package init(subject: [SubjectKey], entries: [Entry]) {
        self.subject = subject
        // Numbers are sorted instead of entries, which are costly to move.
        var ranks: [(rank: UInt64, index: Int)] = entries.indices.map { (entries[$0].record.rank, $0) }
        ranks.sort { left, right in
            if left.rank != right.rank { return left.rank < right.rank }
            return Self.precedes(entries[left.index], entries[right.index])
        }
        self.entries = ranks.map { entries[$0.index] }
    }

    /// One row may bring entries of several resources to one subject, so the resource settles what the row leaves open.
    private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
        if left.resource != right.resource { return left.resource < right.resource }
        return left.payload.lexicographicallyPrecedes(right.payload)
    }
}

extension RecordID {
    /// Delivery and row as one number of the same order.
    fileprivate var rank: UInt64 { UInt64(delivery) << 32 | UInt64(row) }
}

/// One line of a view: what holds, and what it came from. Every visible entry of the line is counted exactly once in
/// `current`, `superseded` or `repeats`.
package struct FoldedRecord: Sendable, Hashable {
    /// The entry that holds: a record, or the correction that stands in its place.
    package var current: Entry
    /// What it replaced, latest first: older states of the same business key, and what corrections replaced.
    package var superseded: [Entry]
    /// How often a state of this line was delivered again without any change.
    package var repeats: Int

    package init(current: Entry, superseded: [Entry] = [], repeats: Int = 0) {
        self.current = current
        self.superseded = superseded
        self.repeats = repeats
    }
}

extension History {
    /// The view at two clocks, by the rules of `Fold`.
    package func records(at clocks: Clocks, times: some DeliveryTimes) -> [FoldedRecord] {
        let fold = Fold(entries.indices.map { EntryOutline(entries[$0], at: $0) }, at: clocks, times: times)
        return fold.lines.map { line in
            FoldedRecord(
                current: entries[Int(line.current)], superseded: fold.superseded(of: line).map { entries[$0] },
                repeats: Int(line.repeats))
        }
    }
}
