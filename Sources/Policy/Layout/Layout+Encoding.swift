package import Identifiers

/// Writing. The static functions are the hot path of intake: they only append to the caller's buffer.
extension Layout {
    /// Appends an empty field.
    @inlinable
    package static func appendAbsent(to out: inout [UInt8]) {
        out.append(0)
    }

    /// Appends a text, which must be UTF-8; the empty text is not the same as an empty field.
    @inlinable
    package static func appendText(_ text: Span<UInt8>, to out: inout [UInt8]) {
        appendNumber(UInt64(truncatingIfNeeded: text.count) &+ 1, to: &out)
        unsafe text.withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
    }

    /// Appends a date.
    @inlinable
    package static func appendDate(_ date: CivilDate, to out: inout [UInt8]) {
        appendInteger(Int64(date.day), to: &out)
    }

    /// Appends a whole number, or the units of a decimal of the field's scale.
    @inlinable
    package static func appendInteger(_ value: Int64, to out: inout [UInt8]) {
        let folded = UInt64(bitPattern: (value &<< 1) ^ (value &>> 63))
        guard folded != .max else {
            // Int64.min is 2^64, one more than 64 bits hold: its ten bytes are written out.
            for _ in 0..<9 { out.append(0x80) }
            out.append(0x02)
            return
        }
        appendNumber(folded &+ 1, to: &out)
    }

    /// Appends a number seven bits a byte, the lowest first; the high bit says that more follow.
    @inlinable
    package static func appendNumber(_ number: UInt64, to out: inout [UInt8]) {
        var rest = number
        while rest > 0x7F {
            out.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        out.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A payload from its values, one for each of `stored`; for single records (forms, corrections).
    /// - Throws: `LayoutFault.shape` where number, kind or scale of the values do not fit.
    package func encode(_ values: [Value]) throws(LayoutFault) -> (payload: [UInt8], keyLength: Int) {
        guard values.count == stored.count else { throw .shape }
        var out: [UInt8] = []
        var keyLength = 0
        for (index, value) in values.enumerated() {
            switch (value, forms[index]) {
            case (.absent, _): Self.appendAbsent(to: &out)
            case (.text(let text), .text):
                var text = text
                text.makeContiguousUTF8()
                Self.appendText(text.utf8.span, to: &out)
            case (.date(let date), .date): Self.appendDate(date, to: &out)
            case (.decimal(let number), .decimal(let scale)) where number.scale == scale:
                Self.appendInteger(number.units, to: &out)
            case (.integer(let number), .integer): Self.appendInteger(number, to: &out)
            default: throw .shape
            }
            if index + 1 == keyCount { keyLength = out.count }
        }
        return (out, keyLength)
    }
}
