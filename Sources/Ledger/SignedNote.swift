/// A text with signatures, after C2SP signed-note: the text, an empty line, one line for each signature. A note proves nothing
/// until a key has checked it.
package struct SignedNote: Sendable, Hashable, CustomStringConvertible {
    /// One signature line. Who made it is known only after verifying.
    package struct Signature: Sendable, Hashable {
        package let name: String
        /// The first four bytes of `NoteKey.id`.
        package let keyID: UInt32
        package let bytes: [UInt8]
    }

    /// Bytes of a checkpoint or proof; longer ones are refused, and so are notes with more signatures.
    package static let largestLength = 1 << 16
    package static let mostSignatures = 64

    /// What is signed, with its final newline.
    package let text: String
    package private(set) var signatures: [Signature]

    package init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Takes a note apart, strictly; nothing is verified.
    /// - Parameter largest: bytes of the longest that is accepted.
    package init(_ note: String, largest: Int = Self.largestLength) throws(ProofProblem) {
        let bytes = Array(note.utf8)
        guard bytes.count <= largest else { throw .malformed("检查点过长") }
        guard bytes.allSatisfy({ $0 >= 0x20 || $0 == newline }) else { throw .malformed("检查点含控制字符") }
        guard bytes.last == newline, let gap = Self.lastEmptyLine(bytes) else { throw .malformed("检查点缺少空行或结尾换行") }
        let lines = bytes[(gap + 2)...].dropLast().split(separator: newline, omittingEmptySubsequences: false)
        guard lines.count <= Self.mostSignatures else { throw .malformed("签名过多") }
        text = String(decoding: bytes[...gap], as: UTF8.self)
        signatures = []
        for line in lines { signatures.append(try Self.signature(line)) }
    }

    /// The note as text: what `init(_:)` takes.
    package var description: String {
        text + "\n" + signatures.map { "— \($0.name) \(Base64.text(bigEndian($0.keyID) + $0.bytes))\n" }.joined()
    }

    /// The note with one signature more; one of the same key is replaced.
    package func adding(_ signature: Signature) -> SignedNote {
        let others = signatures.filter { $0.name != signature.name || $0.keyID != signature.keyID }
        return SignedNote(text: text, signatures: others + [signature])
    }

    /// Whether a name may stand in a signature line: not empty, no space of any kind, no plus, no control character.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace && $0 != "+" }
    }

    /// Where the last two newlines in a row begin.
    private static func lastEmptyLine(_ bytes: [UInt8]) -> Int? {
        var index = bytes.count - 2
        while index >= 0 {
            if bytes[index] == newline, bytes[index + 1] == newline { return index }
            index -= 1
        }
        return nil
    }

    private static func signature(_ line: ArraySlice<UInt8>) throws(ProofProblem) -> Signature {
        let dash = Array("— ".utf8)
        guard line.starts(with: dash) else { throw .malformed("签名行") }
        let parts = line.dropFirst(dash.count).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let bytes = Base64.bytes(parts[1]), bytes.count > 4 else { throw .malformed("签名行") }
        let name = String(decoding: parts[0], as: UTF8.self)
        guard isName(name) else { throw .malformed("签名者名称") }
        return Signature(name: name, keyID: bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }, bytes: Array(bytes[4...]))
    }
}

let newline = UInt8(ascii: "\n")

/// The bytes of a number, most significant first.
func bigEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    stride(from: Number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> Number($0)) }
}

/// A decimal number without sign or leading zeroes, at most `largest`; nil for any other text.
func decimal(_ text: some Collection<UInt8>, largest: Int = TreeHead.largestSize) -> Int? {
    guard !text.isEmpty, text.count <= 18, text.count == 1 || text.first != UInt8(ascii: "0") else { return nil }
    var number = 0
    for character in text {
        guard (0x30...0x39).contains(character) else { return nil }
        number = number * 10 + Int(character - 0x30)
    }
    return number <= largest ? number : nil
}
