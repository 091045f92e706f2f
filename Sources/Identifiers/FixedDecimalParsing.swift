extension FixedDecimal {
    /// Reads a number strictly: digits with at most `scale` decimals and `precision` - `scale` digits before the point,
    /// perhaps a sign, thousands commas, full-width forms and blanks at both ends. Nothing is rounded: more decimals
    /// than `scale` are a fault, zeros too. The exponent form of spreadsheets (`1.5E3`) is taken where it is exact.
    /// - Parameters:
    ///   - scale: decimal places of the field, 0...18, and of the result.
    ///   - precision: all digits of the field, at most 18.
    package static func parse(_ raw: Span<UInt8>, scale: UInt8, precision: UInt8) -> Result<FixedDecimal, DecimalFault>
    {
        var text = PlainText()
        guard text.fill(raw) else { return .failure(isBlank(raw) ? .empty : .notNumber) }
        var reader = DecimalReader(text: text)
        do {
            try reader.read()
            let units = try reader.units(scale: Int(min(scale, 18)), precision: Int(min(precision, 18)))
            guard let number = FixedDecimal(units: units, scale: min(scale, 18)) else { return .failure(.tooLarge) }
            return .success(number)
        } catch {
            return .failure(error)
        }
    }

    private static func isBlank(_ raw: Span<UInt8>) -> Bool {
        var index = 0
        while index < raw.count {
            if raw[index] < 0x80 {
                guard raw[index] == 0x20 || (raw[index] >= 0x09 && raw[index] <= 0x0D) else { return false }
                index += 1
            } else {
                let step = Width.plain(raw, at: index)
                guard step.length > 0, step.byte == 0x20 || step.byte == 0 else { return false }
                index += step.length
            }
        }
        return true
    }
}

/// Takes a decimal number apart: its digits without the point, and where the point stood.
private struct DecimalReader {
    let text: PlainText
    var negative = false
    /// The digits without leading zeros, as a number; only the first 18 can matter.
    var digits: UInt64 = 0
    var digitCount = 0
    /// Digits behind the point; grows by a negative exponent, shrinks by a positive one.
    var decimals = 0
    var exponential = false

    init(text: PlainText) {
        self.text = text
    }

    mutating func read() throws(DecimalFault) {
        var index = 0
        if text.bytes[0] == 0x2D || text.bytes[0] == 0x2B {
            negative = text.bytes[0] == 0x2D
            index = 1
        }
        var groups = 0  // commas so far
        var sinceComma = 0  // digits since the last comma, or since the start
        var whole = 0
        while index < text.count, text.bytes[index] != 0x2E, text.bytes[index] | 0x20 != UInt8(ascii: "e") {
            let byte = text.bytes[index]
            if byte == 0x2C {
                guard groups == 0 ? sinceComma >= 1 && sinceComma <= 3 : sinceComma == 3 else {
                    throw whole == 0 ? .notNumber : .grouping
                }
                groups += 1
                sinceComma = 0
            } else {
                try take(byte)
                whole += 1
                sinceComma += 1
            }
            index += 1
        }
        guard groups == 0 || sinceComma == 3 else { throw .grouping }
        if index < text.count, text.bytes[index] == 0x2E {
            index += 1
            while index < text.count, text.bytes[index] | 0x20 != UInt8(ascii: "e") {
                try take(text.bytes[index])
                decimals += 1
                index += 1
            }
            guard decimals > 0 else { throw .notNumber }
        }
        guard whole + decimals > 0 else { throw .notNumber }
        if index < text.count { try exponent(from: index + 1) }
    }

    private mutating func take(_ byte: UInt8) throws(DecimalFault) {
        guard byte &- 0x30 < 10 else { throw .notNumber }
        if digits == 0, byte == 0x30 { return }
        digitCount += 1
        guard digitCount <= 18 else {
            // A 19th digit is either too much before the point or too much behind it; `units` says which.
            return
        }
        digits = digits * 10 + UInt64(byte - 0x30)
    }

    private mutating func exponent(from start: Int) throws(DecimalFault) {
        exponential = true
        var index = start
        var negative = false
        if index < text.count, text.bytes[index] == 0x2D || text.bytes[index] == 0x2B {
            negative = text.bytes[index] == 0x2D
            index += 1
        }
        guard index < text.count, text.count - index <= 3 else { throw .notNumber }
        var value = 0
        while index < text.count {
            guard text.bytes[index] &- 0x30 < 10 else { throw .notNumber }
            value = value * 10 + Int(text.bytes[index] - 0x30)
            index += 1
        }
        decimals += negative ? value : -value
    }

    /// The number in units of 10^-scale.
    func units(scale: Int, precision: Int) throws(DecimalFault) -> Int64 {
        var digits = digits
        var count = min(digitCount, 18)
        // Digits past the 18th were not kept: count them as lying behind the kept ones.
        var decimals = decimals
        let lost = digitCount - count
        if !exponential {
            guard decimals <= scale else { throw .tooManyDecimals }
        }
        guard lost == 0 else { throw digitCount - decimals > max(0, precision - scale) ? .tooLarge : .tooManyDecimals }
        if digits == 0 { return 0 }
        while decimals > scale {
            guard digits % 10 == 0 else { throw .tooManyDecimals }
            digits /= 10
            count -= 1
            decimals -= 1
        }
        guard count - decimals <= precision - scale, count + scale - decimals <= 18 else { throw .tooLarge }
        for _ in 0..<(scale - decimals) { digits *= 10 }
        // At most 18 digits: fits with room to spare.
        let value = Int64(digits)
        return negative ? -value : value
    }
}
