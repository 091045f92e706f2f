// One value for each class of values that constants tell apart.
extension FeelType {
    /// Values of this type of which each stands for a class: the constants themselves, and what lies below, between and above them.
    ///
    /// A cell compares with its constants only, so that it holds of all of a class or of none. A class without any value (between two days
    /// that follow each other) is left out.
    func representatives(of constants: [Value]) -> [Value] {
        switch self {
        case .boolean: return [.boolean(true), .boolean(false)]
        case .string: return constants.distinct + [.string(Self.otherText(than: constants))]
        default:
            let sorted = constants.distinct.sorted { ($0.compare($1) ?? 0) < 0 }
            guard let least = sorted.first, let greatest = sorted.last else { return [any].compactMap(\.self) }
            let between = zip(sorted, sorted.dropFirst()).flatMap { [Self.value(between: $0, $1), $1] }
            return ([Self.value(between: nil, least), least] + between + [Self.value(between: greatest, nil)]).compactMap(\.self)
        }
    }

    /// Some value, where no constant cuts them.
    private var any: Value? {
        switch self {
        case .number: .number(.zero)
        case .date: .date(Day(number: 0))
        case .months: .months(0)
        case .nanoseconds: .nanoseconds(0)
        default: nil
        }
    }

    private static func otherText(than constants: [Value]) -> String {
        var text = "其他"
        while constants.contains(where: { $0.equals(.string(text)) == true }) { text += "值" }
        return text
    }

    /// A value above the one and below the other, of which one may be missing; nil where there is none.
    private static func value(between low: Value?, _ high: Value?) -> Value? {
        switch (low ?? .null, high ?? .null) {
        case (.number(let low), .number(let high)): number(low, high).map(Value.number)
        case (.number(let low), _): number(low, nil).map(Value.number)
        case (_, .number(let high)): number(nil, high).map(Value.number)
        case (.date(let low), .date(let high)): whole(low.number, high.number).map { .date(Day(number: $0)) }
        case (.date(let low), _): whole(low.number, nil).map { .date(Day(number: $0)) }
        case (_, .date(let high)): whole(nil, high.number).map { .date(Day(number: $0)) }
        case (.months(let low), .months(let high)): whole(low, high).map(Value.months)
        case (.months(let low), _): whole(low, nil).map(Value.months)
        case (_, .months(let high)): whole(nil, high).map(Value.months)
        case (.nanoseconds(let low), .nanoseconds(let high)): whole(low, high).map(Value.nanoseconds)
        case (.nanoseconds(let low), _): whole(low, nil).map(Value.nanoseconds)
        case (_, .nanoseconds(let high)): whole(nil, high).map(Value.nanoseconds)
        default: nil
        }
    }

    /// Short ones before others: they stand in messages.
    private static func number(_ low: Number?, _ high: Number?) -> Number? {
        let half = Number("0.5") ?? .one
        let ten = Number(10)
        let middle = low.flatMap { low in high.flatMap { high in (low * half).flatMap { one in (high * half).flatMap { one + $0 } } } }
        // One more is no more where the digits do not reach that far.
        let candidates = [low.flatMap { $0 + .one }, high.flatMap { $0 - .one }, middle, .zero, low.flatMap { $0 * ten }, high.flatMap { $0 * ten }]
        return candidates.compactMap(\.self).first { value in (low.map { $0 < value } ?? true) && (high.map { value < $0 } ?? true) }
    }

    private static func whole<Integer: FixedWidthInteger>(_ low: Integer?, _ high: Integer?) -> Integer? {
        let (value, isOver) = low?.addingReportingOverflow(1) ?? high?.subtractingReportingOverflow(1) ?? (0, false)
        return isOver || (high.map { $0 <= value } ?? false) ? nil : value
    }
}

extension [Value] {
    /// Each once, as it is written: `1` and `1.0` may both stay, which does no harm.
    fileprivate var distinct: [Value] {
        var seen: Set<String> = []
        return filter { seen.insert($0.literal).inserted }
    }
}
