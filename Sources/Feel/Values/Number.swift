import CIntelDecimal

/// A FEEL number: a decimal of 34 significant digits (IEEE 754-2008 decimal128; DMN 1.5 §10.3.2.3.1). Always finite: what has no
/// finite result has none at all.
package struct Number: Sendable, Comparable, Hashable, CustomStringConvertible {
    private let bits: decimal128

    private init(_ bits: decimal128) { self.bits = bits }

    /// Nil where the result is no finite number.
    private init?(finite bits: decimal128) {
        guard decimal128_is_finite(bits) != 0 else { return nil }
        self.bits = bits
    }

    package init(_ value: Int) { bits = decimal128_from(Int64(value)) }

    /// A number from digits with an optional sign, point and exponent; nil for any other text, also for one beyond decimal128.
    package init?(_ text: some StringProtocol) {
        guard Self.isNumeral(text) else { return nil }
        let parsed = unsafe String(text).withCString { unsafe decimal128_parse($0) }
        self.init(finite: parsed)
    }

    /// Digits with at most one point, and an exponent where there is one: the library takes more than FEEL does.
    private static func isNumeral(_ text: some StringProtocol) -> Bool {
        var rest = Substring(text).utf8[...]
        func digits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if let sign = rest.first, sign == 0x2D || sign == 0x2B { rest = rest.dropFirst() }
        var count = digits()
        if rest.first == 0x2E {
            rest = rest.dropFirst()
            let fraction = digits()
            if fraction == 0 { return false }
            count += fraction
        }
        guard count > 0 else { return false }
        if let mark = rest.first, mark | 0x20 == 0x65 {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == 0x2D || sign == 0x2B { rest = rest.dropFirst() }
            if digits() == 0 { return false }
        }
        return rest.isEmpty
    }

    package static let zero = Number(0)
    package static let one = Number(1)

    // MARK: Arithmetic; half to even, nil where there is no finite result

    package static func + (left: Number, right: Number) -> Number? { Number(finite: decimal128_add(left.bits, right.bits)) }
    package static func - (left: Number, right: Number) -> Number? { Number(finite: decimal128_subtract(left.bits, right.bits)) }
    package static func * (left: Number, right: Number) -> Number? { Number(finite: decimal128_multiply(left.bits, right.bits)) }
    package static func / (left: Number, right: Number) -> Number? {
        right == .zero ? nil : Number(finite: decimal128_divide(left.bits, right.bits))
    }
    package static prefix func - (value: Number) -> Number { Number(decimal128_negate(value.bits)) }

    package func power(_ exponent: Number) -> Number? { Number(finite: decimal128_power(bits, exponent.bits)) }
    package var exponential: Number? { Number(finite: decimal128_exp(bits)) }
    /// The natural logarithm; nil of what is not positive.
    package var logarithm: Number? { self > .zero ? Number(finite: decimal128_log(bits)) : nil }
    package var squareRoot: Number? { self >= .zero ? Number(finite: decimal128_sqrt(bits)) : nil }
    package var magnitude: Number { self < .zero ? -self : self }

    /// How a number is rounded.
    package enum Rounding: Sendable { case halfEven, floor, ceiling, up, down, halfUp, halfDown }

    /// Rounded to so many decimal places, fewer than none for tens and hundreds; nil where that has more than 34 digits.
    package func rounded(_ scale: Int, _ rounding: Rounding) -> Number? {
        guard (-6111...6176).contains(scale) else { return nil }
        let unit = unsafe "1E\(-scale)".withCString { unsafe decimal128_parse($0) }
        let mode: UInt32
        switch rounding {
        case .halfEven: mode = 0
        case .floor: mode = 1
        case .ceiling: mode = 2
        case .down: mode = 3
        case .halfUp: mode = 4
        // Away from zero, and to the nearest with halves towards zero, the library does not have.
        case .up: mode = self < .zero ? 1 : 2
        case .halfDown:
            guard let down = Number(finite: decimal128_quantize(bits, unit, 3)) else { return scale >= places ? self : nil }
            guard let half = Number("5E\(-scale - 1)"), let rest = self - down else { return nil }
            return rest.magnitude <= half ? down : rounded(scale, .up)
        }
        // To more places than it has it is itself, also where 34 digits do not reach so far.
        return Number(finite: decimal128_quantize(bits, unit, mode)) ?? (scale >= places ? self : nil)
    }

    /// Decimal places that it is written with.
    private var places: Int { description.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first?.count ?? 0 }

    /// What is left of a division that rounds down: it has the divisor's sign. Nil by zero.
    package func modulo(_ divisor: Number) -> Number? {
        guard let quotient = self / divisor, let whole = quotient.rounded(0, .floor), let part = divisor * whole else { return nil }
        return self - part
    }

    /// As an integer; nil where it is none, or beyond 64 bits.
    package var integer: Int? {
        guard let whole = rounded(0, .down), whole == self, let limit = Number("9.2E18"), magnitude < limit else { return nil }
        return Int(whole.description)
    }

    // MARK: Order and text

    package static func == (left: Number, right: Number) -> Bool {
        if let (one, two) = left.coefficients(with: right) { return one == two }
        return decimal128_equal(left.bits, right.bits) != 0
    }

    package static func < (left: Number, right: Number) -> Bool {
        if let (one, two) = left.coefficients(with: right) { return left.bits.high >> 63 == 0 ? one < two : two < one }
        return decimal128_less(left.bits, right.bits) != 0
    }

    /// What both count in the same unit, without their sign; nil where their signs differ or one is large, which is for the library.
    /// The numbers of records and rules have few digits, and rules compare them more often than anything else.
    @inline(__always)
    private func coefficients(with other: Number) -> (UInt128, UInt128)? {
        // Without the lower half of the upper word, which a coefficient below 2^64 leaves empty: the sign, and 14 bits of exponent.
        let (head, otherHead) = (bits.high >> 49, other.bits.high >> 49)
        guard (bits.high | other.bits.high) << 15 == 0, head >> 14 == otherHead >> 14, head >> 12 & 3 != 3, otherHead >> 12 & 3 != 3 else { return nil }
        let (one, two) = (UInt128(bits.low), UInt128(other.bits.low))
        if head == otherHead { return (one, two) }
        let (isFiner, places) = head < otherHead ? (true, otherHead - head) : (false, head - otherHead)
        guard places <= 6 else { return nil }
        let factor: UInt128 =
            switch places {
            case 1: 10
            case 2: 100
            case 3: 1000
            case 4: 10_000
            case 5: 100_000
            default: 1_000_000
            }
        return isFiner ? (one, two &* factor) : (one &* factor, two)
    }

    /// Of equal numbers the same, however many zeros they end with.
    package func hash(into hasher: inout Hasher) { hasher.combine(plain(reduced: true)) }

    /// Digits with a point where it has places, without an exponent.
    package var description: String { plain(reduced: false) }

    private func plain(reduced: Bool) -> String {
        let written = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            // Room for 64 was taken a line before.
            unsafe decimal128_write(bits, text.baseAddress!)
            return unsafe String(cString: text.baseAddress!)
        }
        let parts = written.dropFirst().split(separator: "E")
        var digits = String(parts[0].drop { $0 == "0" })
        var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        if digits.isEmpty { return "0" }
        while reduced, digits.last == "0" {
            digits.removeLast()
            exponent += 1
        }
        let sign = written.hasPrefix("-") ? "-" : ""
        if exponent >= 0 { return sign + digits + String(repeating: "0", count: exponent) }
        let places = -exponent
        if digits.count <= places { digits = String(repeating: "0", count: places - digits.count + 1) + digits }
        return sign + digits.dropLast(places) + "." + digits.suffix(places)
    }
}
