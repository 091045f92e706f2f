import Identifiers

@testable import Archive

enum EntryProperties {
    /// Every entry that a page gives is written again as the same bytes, entries lie one behind the other, and folding
    /// what was read counts each of them once.
    static func check(_ input: [UInt8]) throws {
        let page = input.span
        var cursor = EntryCursor()
        var entries: [Entry] = []
        var heads: [(EntryHead, Range<Int>)] = []
        while true {
            let start = cursor.offset
            do throws(EntryDamage) {
                guard let head = try cursor.next(in: page) else { break }
                entries.append(head.entry(in: page))
                heads.append((head, start..<cursor.offset))
            } catch {
                try ensure((0...input.count).contains(error.offset), "damage at \(error.offset) of \(input.count)")
                break
            }
        }
        for (head, range) in heads { try ensureWritten(head, input, range) }
        try fold(entries)
        guard let first = input.first else { return }
        // From any place: the store may hand out anything.
        var inside = EntryCursor(at: Int(first))
        _ = try? inside.next(in: page)
    }

    private static func ensureWritten(_ head: EntryHead, _ input: [UInt8], _ range: Range<Int>) throws {
        var bytes: [UInt8] = []
        EntryHead.encode(
            kind: head.kind, record: head.record, resource: head.resource, version: head.version, effective: head.effective,
            target: head.target, doubtful: head.doubtful, keyLength: head.keyLength, payload: input.span.extracting(head.payload), to: &bytes)
        try ensure(bytes == Array(input[range]), "\(head) is written as \(bytes), stood as \(input[range])")
    }

    private struct Times: DeliveryTimes {
        func known(_ delivery: UInt32) -> Instant? { delivery % 5 == 4 ? nil : Instant(milliseconds: Int64(delivery % 7)) }
        func withdrawn(_ delivery: UInt32) -> Instant? { delivery % 11 == 10 ? Instant(milliseconds: Int64(delivery % 13)) : nil }
    }

    private static func fold(_ entries: [Entry]) throws {
        let history = History(subject: [SubjectKey(high: 1, low: 2)], entries: entries)
        try ensure(history.entries.count == entries.count, "a history of another length")
        for (asOf, knownAt) in [(Int32.max, Int64.max), (0, 3)] {
            let records = history.records(
                at: Clocks(asOf: CivilDate(day: asOf), knownAt: Instant(milliseconds: knownAt)), times: Times())
            let counted = records.reduce(0) { $0 + 1 + $1.superseded.count + $1.repeats }
            try ensure(counted <= entries.count, "\(counted) of \(entries.count) entries")
            try ensure(records.allSatisfy { $0.current.kind != .withdrawal }, "a withdrawal holds")
        }
    }
}

enum StoredProperties {
    /// Cards, markers and keys of pages that are read are written again as the same bytes; ids and keys in text too.
    static func check(_ input: [UInt8]) throws {
        let bytes = input.span
        if let card = try? SubjectCard(stored: bytes) {
            var stored: [UInt8] = []
            SubjectCard.append(
                kind: card.kind, identifierKind: card.identifierKind, identifier: card.maskedIdentifier.utf8.span, to: &stored)
            try ensure(stored == input, "the card \(card)")
        }
        if let marker = try? DeliveryMarker(delivery: 7, stored: bytes) {
            try ensure(marker.stored == input, "the marker \(marker)")
        }
        if let key = PageKey(stored: bytes) {
            try ensure(StoreKey.page(key) == input, "the key \(key)")
            try ensure(StoreKey.page(key).lexicographicallyPrecedes(StoreKey.end(of: key.subject)), "a page behind its subject's end")
        }
        let text = String(decoding: input, as: UTF8.self)
        if let record = RecordID(text) { try ensure(record.description == text, "the record \(record)") }
        if let key = SubjectKey(hex: text) { try ensure(key.description == text.lowercased(), "the key \(key)") }
        if let key = SubjectKey(bytes: input) { try ensure(key.bytes == input && SubjectKey(hex: key.description) == key, "the key \(key)") }
    }
}
