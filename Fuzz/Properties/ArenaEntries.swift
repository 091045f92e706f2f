@testable import Archive

extension EntryArena {
    /// The entries as they would be read back.
    func entries() throws -> [Entry] {
        try (slots + suspendedSlots).map { slot in
            var cursor = EntryCursor(at: slot.offset)
            guard let head = try cursor.next(in: bytes.span), cursor.offset == slot.offset + slot.length else {
                throw Violation("no entry at \(slot.offset)")
            }
            return head.entry(in: bytes.span)
        }
    }
}
