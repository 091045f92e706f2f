/// An exact decimal number: `units` × 10^-`scale`. Never a binary fraction, since it counts money (万元, six decimals).
/// Numbers of different scales compare by value.
package struct FixedDecimal: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number in units of its last decimal place.
    package let units: Int64
    /// Number of decimal places, 0...18.
    package let scale: UInt8

    /// A number from its units; nil where the scale is over 18.
    package init?(units: Int64, scale: UInt8) {
        guard scale <= 18 else { return nil }
        self.units = units
        self.scale = scale
    }

    /// The shortest exact form: `1.5`, `-0.25`, `12`.
    package var description: String {
        let (units, scale) = reduced
        var digits: [UInt8] = []
        Digits.append(magnitude: UInt(units.magnitude), width: Int(scale) + 1, to: &digits)
        if scale > 0 { digits.insert(0x2E, at: digits.count - Int(scale)) }
        if units < 0 { digits.insert(0x2D, at: 0) }
        return String(decoding: digits, as: UTF8.self)
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.reduced == right.reduced
    }

    package func hash(into hasher: inout Hasher) {
        let (units, scale) = reduced
        hasher.combine(units)
        hasher.combine(scale)
    }

    package static func < (left: Self, right: Self) -> Bool {
        if left.scale == right.scale || left.units == 0 || right.units == 0 { return left.units < right.units }
        // 10^18 × 2^63 fits in 128 bits.
        return Int128(left.units) * power(right.scale) < Int128(right.units) * power(left.scale)
    }

    /// Without trailing zeros after the point.
    private var reduced: (units: Int64, scale: UInt8) {
        var units = units
        var scale = scale
        while scale > 0, units % 10 == 0 {
            units /= 10
            scale -= 1
        }
        return (units, scale)
    }

    private static func power(_ scale: UInt8) -> Int128 {
        var value: Int128 = 1
        for _ in 0..<scale { value *= 10 }
        return value
    }
}

/// Why a text is not a number of the form asked for.
package enum DecimalFault: UInt8, Error, Sendable, CaseIterable {
    /// Nothing but blanks.
    case empty = 1
    /// Not a number.
    case notNumber
    /// Commas that do not part thousands.
    case grouping
    /// More decimal places than the field has.
    case tooManyDecimals
    /// More digits before the point than the field has.
    case tooLarge

    /// Stable name for machine-readable rejections.
    package var code: String {
        switch self {
        case .empty: "decimal.empty"
        case .notNumber: "decimal.notNumber"
        case .grouping: "decimal.grouping"
        case .tooManyDecimals: "decimal.tooManyDecimals"
        case .tooLarge: "decimal.tooLarge"
        }
    }

    /// What is wrong, in Chinese.
    package var message: String {
        switch self {
        case .empty: "没有填写数值"
        case .notNumber: "不是数字"
        case .grouping: "千位分隔逗号的位置不对"
        case .tooManyDecimals: "小数位数超过规定"
        case .tooLarge: "数值超出规定的整数位数"
        }
    }

    /// What to do about it, in Chinese.
    package var cure: String {
        switch self {
        case .empty: "请填写数值"
        case .notNumber: "请只填写数字，不要带单位、货币符号或文字"
        case .grouping: "请去掉逗号，或每三位一个逗号"
        case .tooManyDecimals: "请核对计量单位，按目录规定的小数位数填写"
        case .tooLarge: "请核对计量单位（元还是万元）和数值"
        }
    }
}
