/// Numbers as a person sees them: no exponent, no noise after the fifteenth digit, no idle zeros.
enum NumberText {
    /// Excel's own precision (ECMA-376 does not bound it; the product stores binary64 and shows 15 digits).
    private static let significantDigits = 15

    /// Appends the plain form of the number written in `bytes[range]`. Whole numbers without exponent are kept digit for digit.
    /// - Returns: false, with nothing appended, when it is no decimal number.
    static func append(_ bytes: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8]) -> Bool {
        var at = range.lowerBound
        let end = range.upperBound
        let isNegative = at < end && bytes[at] == 0x2D
        if at < end, bytes[at] == 0x2D || bytes[at] == 0x2B { at += 1 }
        let digitsStart = at
        while at < end, isDigit(bytes[at]) { at += 1 }
        if at == end, at > digitsStart, bytes[digitsStart] != 0x30 {
            for index in (isNegative ? range.lowerBound : digitsStart)..<end { out.append(bytes[index]) }
            return true
        }
        var digits: [UInt8] = []
        var scale = 0   // the value is digits × 10^scale
        for index in digitsStart..<at { digits.append(bytes[index]) }
        if at < end, bytes[at] == 0x2E {
            at += 1
            while at < end, isDigit(bytes[at]) {
                digits.append(bytes[at])
                scale -= 1
                at += 1
            }
        }
        guard !digits.isEmpty, digits.count <= 400 else { return false }
        if at < end, bytes[at] == 0x45 || bytes[at] == 0x65 {
            guard let exponent = exponent(bytes, (at + 1)..<end) else { return false }
            scale += exponent
            at = end
        }
        guard at == end else { return false }
        render(&digits, scale: scale, isNegative: isNegative, to: &out)
        return true
    }

    /// The plain form of a binary64, through its shortest decimal form.
    static func append(_ value: Double, to out: inout [UInt8]) {
        let text = Array(value.description.utf8)
        if !append(text.span, 0..<text.count, to: &out) { out.append(contentsOf: text) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private static func exponent(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var at = range.lowerBound
        guard at < range.upperBound else { return nil }
        let isNegative = bytes[at] == 0x2D
        if isNegative || bytes[at] == 0x2B { at += 1 }
        guard at < range.upperBound, range.upperBound - at <= 4 else { return nil }
        var value = 0
        while at < range.upperBound {
            guard isDigit(bytes[at]) else { return nil }
            value = value * 10 + Int(bytes[at] - 0x30)
            at += 1
        }
        return value <= 400 ? (isNegative ? -value : value) : nil
    }

    private static func render(_ digits: inout [UInt8], scale: Int, isNegative: Bool, to out: inout [UInt8]) {
        var scale = scale
        digits.removeFirst(digits.prefix { $0 == 0x30 }.count)
        if digits.count > significantDigits {
            let roundsUp = digits[significantDigits] >= 0x35
            scale += digits.count - significantDigits
            digits.removeLast(digits.count - significantDigits)
            if roundsUp { increment(&digits) }
        }
        while digits.last == 0x30 {
            digits.removeLast()
            scale += 1
        }
        guard !digits.isEmpty else { return out.append(0x30) }
        if isNegative { out.append(0x2D) }
        let wholeDigits = digits.count + scale
        if wholeDigits <= 0 {
            out.append(0x30)
        } else {
            out.append(contentsOf: digits.prefix(wholeDigits))
            out.append(contentsOf: repeatElement(0x30, count: max(0, scale)))
        }
        if scale < 0 {
            out.append(0x2E)
            out.append(contentsOf: repeatElement(0x30, count: max(0, -wholeDigits)))
            out.append(contentsOf: digits.suffix(min(digits.count, -scale)))
        }
    }

    private static func increment(_ digits: inout [UInt8]) {
        for index in digits.indices.reversed() {
            if digits[index] < 0x39 {
                digits[index] += 1
                return
            }
            digits[index] = 0x30
        }
        digits.insert(0x31, at: 0)
    }
}
