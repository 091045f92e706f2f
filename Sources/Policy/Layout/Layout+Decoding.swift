import Identifiers

/// Reading.
extension Layout {
    /// The values of a payload, one for each of `stored`.
    /// - Throws: `LayoutFault` where the bytes are not exactly one record of this layout.
    package func decode(_ payload: [UInt8]) throws(LayoutFault) -> [Value] {
        try decode(payload.span)
    }

    /// The values of a payload, one for each of `stored`.
    package func decode(_ payload: Span<UInt8>) throws(LayoutFault) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(forms.count)
        var cursor = 0
        for form in forms { values.append(try Self.value(form, payload, &cursor)) }
        guard cursor == payload.count else { throw .trailing }
        return values
    }

    /// One value of a payload, by its position in `stored`; the others are passed over without being made.
    package func value(at position: Int, of payload: Span<UInt8>) throws(LayoutFault) -> Value {
        guard forms.indices.contains(position) else { throw .shape }
        var cursor = 0
        for form in forms[..<position] { try Self.skip(form, payload, &cursor) }
        return try Self.value(forms[position], payload, &cursor)
    }

    /// How many bytes of a payload, from the first, are its business key.
    package func keyLength(of payload: Span<UInt8>) throws(LayoutFault) -> Int {
        var cursor = 0
        for form in forms[..<keyCount] { try Self.skip(form, payload, &cursor) }
        return cursor
    }

    /// A numeric field's place in payloads, for folds that read one number of very many records. It holds no references, so
    /// that passing it on costs nothing.
    package struct Number: Sendable {
        /// How many fields stand before it, and which of them are texts: the lowest bit is the first.
        private let count: Int
        private let texts: UInt128

        fileprivate init(before forms: ArraySlice<Form>) {
            count = forms.count
            texts = forms.reversed().reduce(0) { $0 << 1 | ($1 == .text ? 1 : 0) }
        }

        /// The field's units (of a decimal's scale); days of a date; nil where it is empty.
        /// - Throws: `LayoutFault` where the payload ends before it.
        package func units(in payload: Span<UInt8>) throws(LayoutFault) -> Int64? {
            var cursor = 0
            for index in 0..<count {
                let (number, _) = try Layout.number(payload, &cursor)
                guard texts >> index & 1 != 0, number > 1 else { continue }
                guard number - 1 <= UInt64(payload.count - cursor) else { throw .truncated }
                cursor += Int(number - 1)
            }
            return try Layout.integer(payload, &cursor)
        }
    }

    /// The place of a numeric field of the resource; nil where the field is not stored, not a number, or stands behind more
    /// than 128 others.
    package func number(ofField index: Int) -> Number? {
        guard let position = position(ofField: index), forms[position] != .text, position <= UInt128.bitWidth else { return nil }
        return Number(before: forms[..<position])
    }

    private static func value(_ form: Form, _ payload: Span<UInt8>, _ cursor: inout Int) throws(LayoutFault) -> Value {
        switch form {
        case .text:
            guard let range = try textRange(payload, &cursor) else { return .absent }
            let text = unsafe payload.extracting(range).withUnsafeBufferPointer {
                unsafe String(validating: $0, as: UTF8.self)
            }
            guard let text else { throw .text }
            return .text(text)
        case .date:
            guard let number = try integer(payload, &cursor) else { return .absent }
            guard let day = Int32(exactly: number) else { throw .number }
            return .date(CivilDate(day: day))
        case .decimal(let scale):
            guard let units = try integer(payload, &cursor) else { return .absent }
            guard let number = FixedDecimal(units: units, scale: scale) else { throw .number }
            return .decimal(number)
        case .integer:
            guard let number = try integer(payload, &cursor) else { return .absent }
            return .integer(number)
        }
    }

    private static func skip(_ form: Form, _ payload: Span<UInt8>, _ cursor: inout Int) throws(LayoutFault) {
        if form == .text {
            _ = try textRange(payload, &cursor)
        } else {
            _ = try integer(payload, &cursor)
        }
    }

    /// Where a text's bytes stand; nil where the field is empty.
    private static func textRange(_ payload: Span<UInt8>, _ cursor: inout Int) throws(LayoutFault) -> Range<Int>? {
        let (number, overflow) = try number(payload, &cursor)
        guard !overflow else { throw .number }
        guard number > 0 else { return nil }
        guard number - 1 <= UInt64(payload.count - cursor) else { throw .truncated }
        let start = cursor
        cursor += Int(number - 1)
        return start..<cursor
    }

    /// A whole number; nil where the field is empty.
    fileprivate static func integer(_ payload: Span<UInt8>, _ cursor: inout Int) throws(LayoutFault) -> Int64? {
        let (number, overflow) = try number(payload, &cursor)
        if overflow { return .min }
        guard number > 0 else { return nil }
        let folded = number - 1
        return Int64(bitPattern: folded &>> 1) ^ -Int64(bitPattern: folded & 1)
    }

    /// A number of at most ten bytes. `overflow` is 2^64, which only Int64.min is written as.
    @inline(__always)
    fileprivate static func number(
        _ payload: Span<UInt8>, _ cursor: inout Int
    ) throws(LayoutFault) -> (number: UInt64, overflow: Bool) {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while cursor < payload.count {
            let byte = payload[cursor]
            cursor += 1
            if shift == 63 {
                if byte == 2, number == 0 { return (0, true) }
                guard byte == 1 else { throw .number }
            }
            number |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 {
                // A last byte of zero would be a second spelling of the same number, and break comparison of bytes.
                guard byte != 0 || shift == 0 else { throw .number }
                return (number, false)
            }
            shift += 7
        }
        throw .truncated
    }
}
