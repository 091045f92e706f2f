extension Builtins {
    static let numbers: [String: [Form]] = [
        "decimal": [rounding(.halfEven)],
        "floor": [roundingToWhole(.floor), rounding(.floor)],
        "ceiling": [roundingToWhole(.ceiling), rounding(.ceiling)],
        "round up": [rounding(.up)],
        "round down": [rounding(.down)],
        "round half up": [rounding(.halfUp)],
        "round half down": [rounding(.halfDown)],
        "abs": [
            form("n") { values in
                switch values[0] {
                case .number(let number): .number(number.magnitude)
                case .months(let months): .months(abs(months))
                case .nanoseconds(let size): .nanoseconds(abs(size))
                default: .null
                }
            }
        ],
        "modulo": [
            form("dividend", "divisor") { values in
                guard let dividend = values[0].asNumber, let divisor = values[1].asNumber else { return .null }
                return Arithmetic.number(dividend.modulo(divisor))
            }
        ],
        "sqrt": [form("number") { values in Arithmetic.number(values[0].asNumber?.squareRoot) }],
        "log": [form("number") { values in Arithmetic.number(values[0].asNumber?.logarithm) }],
        "exp": [form("number") { values in Arithmetic.number(values[0].asNumber?.exponential) }],
        "odd": [parity(1)],
        "even": [parity(0)],
    ]

    private static func rounding(_ rounding: Number.Rounding) -> Form {
        form("n", "scale") { values in
            guard let number = values[0].asNumber, let scale = values[1].asWhole else { return .null }
            return Arithmetic.number(number.rounded(scale, rounding))
        }
    }

    private static func roundingToWhole(_ rounding: Number.Rounding) -> Form {
        form("n") { values in Arithmetic.number(values[0].asNumber?.rounded(0, rounding)) }
    }

    private static func parity(_ rest: Int) -> Form {
        form("number") { values in
            guard let number = values[0].asNumber, number.rounded(0, .down) == number, let left = number.modulo(Number(2)) else { return .null }
            return .boolean(left == Number(rest))
        }
    }
}
