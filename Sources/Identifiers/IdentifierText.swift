/// Up to 32 ASCII bytes held inline: the normalised text of an identifier, made and compared without allocation.
/// Bytes past `count` are zero, so equality and hashing may look at the whole storage.
package struct IdentifierText: Sendable, Hashable, CustomStringConvertible {
    /// The greatest number of bytes a text may have.
    package static let capacity = 32

    /// Number of bytes in use, 0...32.
    package private(set) var count: Int
    /// The bytes; only the first `count` mean anything. A reader takes `storage.span.extracting(0..<count)`.
    package private(set) var storage: InlineArray<32, UInt8>

    /// The empty text.
    package init() {
        count = 0
        storage = InlineArray(repeating: 0)
    }

    /// Takes a text as it is, without normalising; nil where it is longer than 32 bytes or not printable ASCII.
    package init?(_ text: String) {
        self.init()
        for byte in text.utf8 {
            guard byte > 0x20, byte < 0x7F, count < Self.capacity else { return nil }
            append(byte)
        }
    }

    /// The text as a `String`.
    package var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text's bytes to a buffer.
    package func append(to out: inout [UInt8]) {
        let bytes = storage.span
        for index in 0..<count { out.append(bytes[index]) }
    }

    package static func == (left: Self, right: Self) -> Bool {
        guard left.count == right.count else { return false }
        let mine = left.storage.span
        let others = right.storage.span
        for index in 0..<left.count where mine[index] != others[index] { return false }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        unsafe storage.span.bytes.extracting(0..<count).withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }

    /// Appends one byte; the caller has checked the room.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        storage[count] = byte
        count &+= 1
    }

    /// Replaces the byte at a position already in use.
    @inline(__always)
    mutating func replace(at index: Int, with byte: UInt8) {
        storage[index] = byte
    }

    /// The part `range` as a text of its own.
    func slice(_ range: Range<Int>) -> IdentifierText {
        let bytes = storage.span
        var part = IdentifierText()
        for index in range { part.append(bytes[index]) }
        return part
    }
}
