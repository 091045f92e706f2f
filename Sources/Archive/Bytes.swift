// The few byte codecs that keys and values of the archive are made of. Nothing here traps on what it reads:
// readers are given an end and answer `nil` when the bytes do not hold what they should.

extension [UInt8] {
    mutating func appendBigEndian(_ value: UInt64) {
        // The value's own bytes, lent for one copy.
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }

    mutating func appendBigEndian(_ value: UInt32) {
        // The value's own bytes, lent for one copy.
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }

    mutating func appendBigEndian(_ value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    /// Little-endian base 128: seven bits a byte, the high bit says that more follow.
    mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(_ bytes: Span<UInt8>) {
        // Span is no Sequence; the buffer is only lent for the copy.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

/// How many bytes `appendVarint` writes.
func varintLength(_ value: UInt64) -> Int {
    value < 0x80 ? 1 : (70 - value.leadingZeroBitCount) / 7
}

/// Maps small negative and positive numbers to small unsigned ones: 0, -1, 1, -2 … become 0, 1, 2, 3 …
func zigzag(_ value: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: (value << 1) ^ (value >> 31)))
}

func unzigzag(_ value: UInt32) -> Int32 {
    Int32(bitPattern: (value >> 1)) ^ -Int32(bitPattern: value & 1)
}

extension Span<UInt8> {
    /// Eight bytes, most significant first. The caller has checked that they are there.
    func bigEndian64(at offset: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in offset..<offset + 8 { value = value << 8 | UInt64(self[index]) }
        return value
    }

    /// Four bytes, most significant first. The caller has checked that they are there.
    func bigEndian32(at offset: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in offset..<offset + 4 { value = value << 8 | UInt32(self[index]) }
        return value
    }

    /// Two bytes, most significant first. The caller has checked that they are there.
    func bigEndian16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
    }

    /// Reads a varint that ends before `end`, moving `offset` behind it. `nil` when the bytes end early, exceed 64 bits
    /// or are longer than needed: one value has one form, so that equal entries are equal bytes.
    @inline(__always)
    func varint(at offset: inout Int, end: Int) -> UInt64? {
        guard offset < end else { return nil }
        let first = self[offset]
        offset += 1
        if first < 0x80 { return UInt64(first) }
        return longVarint(UInt64(first & 0x7F), at: &offset, end: end)
    }

    private func longVarint(_ start: UInt64, at offset: inout Int, end: Int) -> UInt64? {
        var value = start
        var shift: UInt64 = 7
        while offset < end, shift < 64 {
            let byte = self[offset]
            offset += 1
            if shift == 63, byte > 1 { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return byte == 0 ? nil : value }
            shift += 7
        }
        return nil
    }

    /// A varint that fits 32 bits.
    @inline(__always)
    func varint32(at offset: inout Int, end: Int) -> UInt32? {
        guard let value = varint(at: &offset, end: end) else { return nil }
        return UInt32(exactly: value)
    }
}

/// Lower-case hexadecimal digits of bytes.
func hexText(_ bytes: Span<UInt8>) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(bytes.count * 2)
    for index in bytes.indices {
        for nibble in [bytes[index] >> 4, bytes[index] & 15] { digits.append(nibble + (nibble < 10 ? 48 : 87)) }
    }
    return String(decoding: digits, as: UTF8.self)
}

/// 32 hexadecimal digits as two words; `nil` for anything else.
func hexPair(_ digits: Span<UInt8>) -> (high: UInt64, low: UInt64)? {
    guard digits.count == 32 else { return nil }
    var words: (high: UInt64, low: UInt64) = (0, 0)
    for index in digits.indices {
        let nibble: UInt8
        switch digits[index] {
        case 48...57: nibble = digits[index] - 48
        case 65...70: nibble = digits[index] - 55
        case 97...102: nibble = digits[index] - 87
        default: return nil
        }
        words.high = words.high << 4 | words.low >> 60
        words.low = words.low << 4 | UInt64(nibble)
    }
    return words
}
