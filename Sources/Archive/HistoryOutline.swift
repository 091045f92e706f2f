/// A subject's entries in knowledge order without their payloads, over all keys under which it is known. What a fold, and
/// the choice of a page out of it, need; `RocksArchive.entries` reads the payloads of the chosen ones.
package struct HistoryOutline: Sendable {
    /// By delivery and row; entries of deliveries that are withdrawn or not yet known are still among them.
    package private(set) var entries: [EntryOutline] = []
    /// The pages that were visited, in their order in the store.
    private(set) var pages: [PageKey] = []

    /// The view at two clocks.
    package func fold(at clocks: Clocks, times: some DeliveryTimes) -> Fold { Fold(entries, at: clocks, times: times) }

    /// Takes up the entries of a page.
    mutating func append(_ page: Span<UInt8>, under key: PageKey) throws(ArchiveFault) {
        var cursor = EntryCursor()
        var offset = 0
        while let head = try cursor.next(in: page, under: key) {
            entries.append(EntryOutline(head, in: page, page: pages.count, offset: offset))
            offset = cursor.offset
        }
        pages.append(key)
    }

    mutating func sort() { entries.sort(by: EntryOutline.precedes) }
}

extension RocksArchive {
    package func outline(of keys: [SubjectKey]) throws(ArchiveFault) -> HistoryOutline {
        var outline = HistoryOutline()
        try forEachPage(of: keys) { key, page throws(ArchiveFault) in
            try outline.append(page, under: key)
            return true
        }
        outline.sort()
        return outline
    }

    package func entries(_ outline: HistoryOutline, at indices: [Int]) throws(ArchiveFault) -> [Entry?] {
        var found = [Entry?](repeating: nil, count: indices.count)
        // Page by page, so that each is read once.
        let order = indices.indices.sorted { outline.entries[indices[$0]].page < outline.entries[indices[$1]].page }
        var here: (number: UInt32, bytes: [UInt8])?
        for position in order {
            let wanted = outline.entries[indices[position]]
            let key = outline.pages[Int(wanted.page)]
            if here?.number != wanted.page {
                here = (wanted.page, try handle().value(of: StoreKey.page(key)) ?? [])
            }
            guard let page = here?.bytes else { continue }
            found[position] = try Self.entry(wanted, in: page.span, under: key)
        }
        return found
    }

    /// The entry where the outline saw it; elsewhere in its page if entries before it have been removed since.
    private static func entry(
        _ wanted: EntryOutline, in page: Span<UInt8>, under key: PageKey
    ) throws(ArchiveFault) -> Entry? {
        var cursor = EntryCursor(at: Int(wanted.offset))
        if let head = try? cursor.next(in: page), wanted.isRead(from: head) {
            return head.entry(in: page)
        }
        cursor = EntryCursor()
        while let head = try cursor.next(in: page, under: key) {
            if wanted.isRead(from: head) { return head.entry(in: page) }
        }
        return nil
    }
}
