// Keys of the store. The first byte says what it is:
//
//   0x00 delivery(4)                        marker
//   0x01 subject(16) page(4)                entries of all resources, appended by the merge operator
//   0x02 delivery(4) row(4)                 suspended entries of a row
//   0x03 subject(16)                        card
//
// All numbers are big-endian, so that bytes sort as numbers do.

enum KeySpace {
    static let marker: UInt8 = 0
    static let page: UInt8 = 1
    static let suspended: UInt8 = 2
    static let card: UInt8 = 3
    /// Above every key.
    static let end: UInt8 = 4
    /// Bytes that the store's prefix filter looks at: namespace and subject.
    static let prefixLength = 17
    static let pageKeyLength = 21
}

enum StoreKey {
    static func marker(_ delivery: UInt32) -> [UInt8] {
        var key: [UInt8] = [KeySpace.marker]
        key.appendBigEndian(delivery)
        return key
    }

    static func suspended(_ delivery: UInt32, row: UInt32) -> [UInt8] {
        var key: [UInt8] = [KeySpace.suspended]
        key.appendBigEndian(delivery)
        key.appendBigEndian(row)
        return key
    }

    static func card(_ subject: SubjectKey) -> [UInt8] { prefixed(KeySpace.card, subject) }

    static func page(_ key: PageKey) -> [UInt8] {
        var bytes = prefixed(KeySpace.page, key.subject)
        bytes.appendBigEndian(key.page)
        return bytes
    }

    /// The first key that a subject's pages may have.
    static func pages(of subject: SubjectKey) -> [UInt8] { prefixed(KeySpace.page, subject) }

    /// The first key behind all pages of a subject.
    static func end(of subject: SubjectKey) -> [UInt8] {
        let (low, carry) = subject.low.addingReportingOverflow(1)
        let (high, over) = subject.high.addingReportingOverflow(carry ? 1 : 0)
        return over ? [KeySpace.page + 1] : prefixed(KeySpace.page, SubjectKey(high: high, low: low))
    }

    private static func prefixed(_ space: UInt8, _ subject: SubjectKey) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(KeySpace.pageKeyLength)
        key.append(space)
        key.appendBigEndian(subject.high)
        key.appendBigEndian(subject.low)
        return key
    }
}

extension PageKey {
    /// Reads the key of a page; `nil` where the bytes are no such key.
    init?(stored key: Span<UInt8>) {
        guard key.count == KeySpace.pageKeyLength, key[0] == KeySpace.page else { return nil }
        self.init(
            subject: SubjectKey(high: key.bigEndian64(at: 1), low: key.bigEndian64(at: 9)),
            page: key.bigEndian32(at: 17))
    }

    /// Entries that one delivery puts into one page at most, as long as 255 pages are enough for them.
    static let entriesPerDelivery = 1024
    /// Deliveries that bring a subject fewer entries than this share a page; larger ones get pages of their own.
    static let sharingLimit = 32

    /// Which pages the `total` entries of one subject in one run of a delivery go to, and how many into each.
    ///
    /// 256 deliveries share the numbers of one group. Small contributions share its page 0, so a subject that is reported
    /// row by row has one page and not hundreds. A large contribution takes pages of its own, spread by delivery and run,
    /// so that no page grows without bound: page 0 stays below 32 entries for each run of 256 deliveries.
    static func pages(delivery: UInt32, run: Int, total: Int) -> (first: UInt32, entriesEach: Int) {
        let group = delivery & ~0xFF
        guard total >= sharingLimit else { return (group, total) }
        let count = min(255, (total + entriesPerDelivery - 1) / entriesPerDelivery)
        // 61 shares no factor with most of the numbers left, so runs of equal shares hardly meet.
        let start = (Int(delivery & 0xFF) + run * 61) % (256 - count)
        return (group | UInt32(start + 1), (total + count - 1) / count)
    }
}
