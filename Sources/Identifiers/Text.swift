/// Text as departments write it, made comparable.
package enum Text {
    /// Appends the text with full-width ASCII and blanks folded (U+FF01...FF5E, U+3000, U+00A0) and the blanks, tabs,
    /// line ends and byte order marks at both ends removed. The bytes between are otherwise kept, among them CJK
    /// punctuation that has no ASCII twin.
    /// - Returns: false where the bytes are not UTF-8; `out` is then as it was.
    package static func fold(_ raw: Span<UInt8>, into out: inout [UInt8]) -> Bool {
        let bounds = trimmed(raw)
        var clean = bounds.lowerBound  // where the run that needs no change began
        var index = plainEnd(raw, bounds)
        if index == bounds.upperBound {
            append(raw, bounds, to: &out)
            return true
        }
        let start = out.count
        while index < bounds.upperBound {
            let step = foldable(raw, at: index)
            guard step.length > 0 else {
                out.removeSubrange(start...)
                return false
            }
            append(raw, clean..<index, to: &out)
            out.append(step.byte)
            clean = index &+ step.length
            index = plainEnd(raw, clean..<bounds.upperBound)
        }
        append(raw, clean..<bounds.upperBound, to: &out)
        return true
    }

    /// The part of a text between the blanks at its ends, where folding would change nothing in it: whoever has the
    /// bytes at hand then needs no copy. nil where something is to be folded or the bytes are not UTF-8.
    package static func plainRange(_ raw: Span<UInt8>) -> Range<Int>? {
        let bounds = trimmed(raw)
        return plainEnd(raw, bounds) == bounds.upperBound ? bounds : nil
    }

    /// The form in which names are searched: half width, upper case, all brackets as ( and ), all middle dots as ·,
    /// blanks and zero-width characters removed. Two names that a reader takes for the same give the same form.
    package static func searchForm(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let kept = searchScalar(scalar) { out.append(kept) }
        }
        return String(out)
    }

    /// A person's name as pages may show it: the first character stays, and the last of names of three or more
    /// (`张*`, `张*丰`, `欧**娜`).
    package static func maskedName(_ name: String) -> String {
        let characters = Array(name)
        guard characters.count > 1 else { return characters.isEmpty ? "" : "*" }
        return String(
            characters.enumerated().map { index, character in
                index == 0 || (characters.count > 2 && index == characters.count - 1) ? character : "*"
            })
    }

    /// Where the run of well-formed characters that stay as they are ends: at the end of the range, at one to be folded,
    /// or at bytes that are not UTF-8.
    private static func plainEnd(_ raw: Span<UInt8>, _ range: Range<Int>) -> Int {
        var index = range.lowerBound
        let end = range.upperBound
        while index < end {
            if raw[index] < 0x80 {
                index &+= 1
                // Eight ASCII bytes at a time; the eight lie inside the span.
                while index &+ 8 <= end,
                    unsafe raw.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080
                        == 0
                { index &+= 8 }
                continue
            }
            // Most Chinese characters begin with E4...E9 and are never folded.
            if raw[index] &- 0xE4 > 0x05, foldable(raw, at: index).length > 0 { return index }
            let length = Width.length(raw, at: index)
            guard length > 0 else { return index }
            index &+= length
        }
        return index
    }

    /// What of `Width.plain` holds inside text: dashes and marks stay what they are.
    @inline(__always)
    private static func foldable(_ raw: Span<UInt8>, at index: Int) -> (byte: UInt8, length: Int) {
        let byte = raw[index]
        guard byte == 0xEF || byte == 0xE3 || byte == 0xC2 else { return (0, 0) }
        let step = Width.plain(raw, at: index)
        return step.byte == 0 ? (0, 0) : step
    }

    @inline(__always)
    private static func append(_ raw: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8]) {
        guard !range.isEmpty else { return }
        unsafe raw.extracting(range).withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
    }

    /// What is left without the blanks and byte order marks at both ends.
    private static func trimmed(_ raw: Span<UInt8>) -> Range<Int> {
        var start = 0
        var end = raw.count
        while start < end {
            let length = blankLength(raw, at: start, before: end)
            guard length > 0 else { break }
            start &+= length
        }
        while start < end {
            if isBlank(raw[end &- 1]) {
                end &-= 1
            } else if end &- start >= 2, raw[end &- 1] >= 0x80, blankLength(raw, at: end &- 2, before: end) == 2 {
                end &-= 2
            } else if end &- start >= 3, raw[end &- 1] >= 0x80, blankLength(raw, at: end &- 3, before: end) == 3 {
                end &-= 3
            } else {
                break
            }
        }
        return start..<end
    }

    /// Length of the blank or byte order mark that begins at an index: 0 where there is none.
    @inline(__always)
    private static func blankLength(_ raw: Span<UInt8>, at index: Int, before end: Int) -> Int {
        let byte = raw[index]
        if byte < 0x80 { return isBlank(byte) ? 1 : 0 }
        if byte == 0xC2 { return index &+ 1 < end && raw[index &+ 1] == 0xA0 ? 2 : 0 }
        guard byte == 0xE3 || byte == 0xEF, index &+ 2 < end else { return 0 }
        let (second, third) = (raw[index &+ 1], raw[index &+ 2])
        if byte == 0xE3 { return second == 0x80 && third == 0x80 ? 3 : 0 }
        return second == 0xBB && third == 0xBF ? 3 : 0
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    /// One character of the search form; nil for what is left out.
    private static func searchScalar(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        var value = scalar.value
        if value >= 0xFF01, value <= 0xFF5E { value -= 0xFEE0 }
        if value >= 0x61, value <= 0x7A { value -= 0x20 }
        switch value {
        case 0x00...0x20, 0x7F...0xA0, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x2060, 0x3000, 0xFEFF: return nil
        case 0x5B, 0x7B, 0x3C, 0x2329, 0x3008, 0x300A, 0x300C, 0x300E, 0x3010, 0x3014, 0x3016, 0x3018, 0x301A, 0xFF5F:
            return "("
        case 0x5D, 0x7D, 0x3E, 0x232A, 0x3009, 0x300B, 0x300D, 0x300F, 0x3011, 0x3015, 0x3017, 0x3019, 0x301B, 0xFF60:
            return ")"
        case 0x2022, 0x2027, 0x2219, 0x22C5, 0x30FB, 0xFF65: return "·"
        default: return Unicode.Scalar(value)
        }
    }
}

extension String {
    /// Without blanks (Unicode white space) at both ends.
    package func trimmingBlanks() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[first...last])
    }
}
