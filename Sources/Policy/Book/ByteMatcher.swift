import Identifiers

/// Finds which of a few hundred known texts some bytes are, without making a `String`: an open-addressed table over one
/// arena of bytes. Known texts are folded as cells are; of doubles the first counts.
struct ByteMatcher: Sendable {
    private struct Entry: Sendable {
        var start: Int32
        var length: Int32
        var value: Int32
    }

    private var arena: [UInt8] = []
    private var entries: [Entry] = []
    /// Index of the entry and 1, or 0 for a free slot. The count is a power of two, at most half in use.
    private var slots: [Int32]

    init(_ texts: [(text: String, value: Int)]) {
        var count = 8
        while count < texts.count * 2 + 2 { count *= 2 }
        slots = Array(repeating: 0, count: count)
        for (text, value) in texts { insert(text, value) }
    }

    private mutating func insert(_ text: String, _ value: Int) {
        let raw = Array(text.utf8)
        var folded: [UInt8] = []
        guard Text.fold(raw.span, into: &folded), index(of: folded.span) == nil else { return }
        let entry = Entry(start: Int32(arena.count), length: Int32(folded.count), value: Int32(value))
        arena += folded
        entries.append(entry)
        var slot = Self.hash(folded.span) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(entries.count)
    }

    /// The value of the known text that the bytes are.
    func index(of text: Span<UInt8>) -> Int? {
        var slot = Self.hash(text) & (slots.count - 1)
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot]) - 1]
            if equal(entry, text) { return Int(entry.value) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func equal(_ entry: Entry, _ text: Span<UInt8>) -> Bool {
        guard Int(entry.length) == text.count else { return false }
        let start = Int(entry.start)
        for index in 0..<text.count where arena[start &+ index] != text[index] { return false }
        return true
    }

    private static func hash(_ text: Span<UInt8>) -> Int {
        // FNV-1a: the texts are few, fixed and not chosen by an adversary.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<text.count { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: (hash ^ (hash &>> 29)) & 0x7FFF_FFFF)
    }
}
