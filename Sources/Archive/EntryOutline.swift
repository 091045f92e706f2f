package import Identifiers

/// An entry as the fold needs it: everything but its payload, of which two digests stand in, and where it is found again.
///
/// 64 bytes, so that the history of a subject with a hundred thousand records is some megabytes and not a hundred.
package struct EntryOutline: Sendable, Hashable {
    /// Stands for resource and business key; equal where both are equal. The payload is the key where there is no other.
    let key: LineKey
    /// Stands for all that two states of one line are compared by.
    let content: UInt64
    package let record: RecordID
    package let target: RecordID?
    package let effective: CivilDate?
    package let resource: UInt16
    package let version: UInt8
    package let kind: EntryKind
    package let doubtful: Bool
    /// Index of the page in `HistoryOutline.pages`, or of the entry in `History.entries`.
    var page: UInt32
    /// Where in the page the entry begins.
    let offset: UInt32

    /// - Parameter offset: where in the page the head begins.
    init(_ head: EntryHead, in bytes: Span<UInt8>, page: Int, offset: Int) {
        (key, content) = Self.digests(
            of: bytes.extracting(head.payload), keyLength: head.keyLength, resource: head.resource, version: head.version,
            effective: head.effective, doubtful: head.doubtful)
        record = head.record
        target = head.target
        effective = head.effective
        resource = head.resource
        version = head.version
        kind = head.kind
        doubtful = head.doubtful
        self.page = UInt32(truncatingIfNeeded: page)
        self.offset = UInt32(truncatingIfNeeded: offset)
    }

    /// - Parameter index: the entry's place in its history.
    init(_ entry: Entry, at index: Int) {
        (key, content) = Self.digests(
            of: entry.payload.span, keyLength: entry.keyLength, resource: entry.resource, version: entry.version,
            effective: entry.effective, doubtful: entry.doubtful)
        record = entry.record
        target = entry.target
        effective = entry.effective
        resource = entry.resource
        version = entry.version
        kind = entry.kind
        doubtful = entry.doubtful
        page = UInt32(truncatingIfNeeded: index)
        offset = 0
    }

    /// SipHash under keys drawn at the start of the process: 128 bits for what tells the lines of a subject apart, 64 for
    /// two states of one line. Nobody can craft equal digests, and by chance they do not meet in a platform's lifetime.
    private static func digests(
        of payload: Span<UInt8>, keyLength: Int, resource: UInt16, version: UInt8, effective: CivilDate?, doubtful: Bool
    ) -> (LineKey, UInt64) {
        let split = keyLength == 0 ? payload.count : keyLength
        var first = Hasher()
        first.combine(resource)
        first.combine(payload.extracting(0..<split))
        var second = Hasher()
        second.combine(true)
        second.combine(resource)
        second.combine(payload.extracting(0..<split))
        let key = LineKey(high: first.finalized, low: second.finalized)
        first.combine(payload.extracting(split..<payload.count))
        first.combine(keyLength)
        first.combine(version)
        first.combine(effective?.day)
        first.combine(doubtful)
        return (key, first.finalized)
    }

    /// Whether the head is that of the entry outlined here.
    func isRead(from head: EntryHead) -> Bool { head.record == record && head.resource == resource }

    /// The order of knowledge. One row may bring entries of several resources to one subject, so the resource settles what
    /// the row leaves open, and after it the place in the store.
    static func precedes(_ left: EntryOutline, _ right: EntryOutline) -> Bool {
        if left.record != right.record { return left.record < right.record }
        if left.resource != right.resource { return left.resource < right.resource }
        return left.page != right.page ? left.page < right.page : left.offset < right.offset
    }
}

/// Resource and business key of a line, as 128 bits.
struct LineKey: Sendable, Hashable {
    let high: UInt64
    let low: UInt64
}

extension Hasher {
    fileprivate mutating func combine(_ bytes: Span<UInt8>) {
        // Lent for the call.
        unsafe bytes.withUnsafeBytes { unsafe combine(bytes: $0) }
    }

    /// The digest so far; more may be combined afterwards.
    fileprivate var finalized: UInt64 {
        let copy = self
        return UInt64(bitPattern: Int64(copy.finalize()))
    }
}
