/// What a built-in function takes and gives where types are checked.
struct Signature: Sendable {
    /// The type of a parameter.
    enum Parameter: Sendable {
        case exactly(FeelType)
        /// A date, or a date and time.
        case day
        case anything
        /// A value, a list or a range of it, and a value or range: of one type throughout a call.
        case item, items, range, itemOrRange
    }

    enum Result: Sendable {
        case exactly(FeelType)
        /// The type that `item` stands for, and a list of it.
        case item, items
        /// A function whose type only its value shows: it must be known now.
        case ofValue
    }

    /// What becomes of units.
    enum Units: Sendable {
        /// All numbers have the same, and so has the result; or the result has none.
        case kept, compared
        /// The result has that of the first; the others have none.
        case first
        /// No number may have one.
        case refused
        /// They do not matter.
        case ignored
    }

    let parameters: [Parameter]
    let required: Int
    /// The last parameter takes any number of values.
    let isOpen: Bool
    let result: Result
    let units: Units
    /// Of `item` there is a greater and a less.
    let isOrdered: Bool

    private static func takes(
        _ parameters: Parameter..., gives result: Result, units: Units = .ignored, optional: Int = 0, isOpen: Bool = false, isOrdered: Bool = false
    ) -> Signature {
        Signature(parameters: parameters, required: parameters.count - optional, isOpen: isOpen, result: result, units: units, isOrdered: isOrdered)
    }

    // MARK: The table

    static let table: [String: [Signature]] = [conversions, texts, numbers, lists, temporals, ranges].reduce(into: [:]) { $0.merge($1) { one, _ in one } }

    /// They depend on the moment at which they are asked, and what is judged again must come out the same.
    static let clocks: Set<String> = ["now", "today"]

    static func clockFault(_ at: Int) -> FeelFault { FeelFault(position: at, message: "规则不能读取当前时间，以便日后能照样重算：请用变量“今天”") }

    /// Patterns can take time without bound, and differ between engines.
    static let patterns: Set<String> = ["matches", "replace", "split"]

    private static let text = Parameter.exactly(.string)
    private static let number = Parameter.exactly(.number)
    private static let texting = takes(text, gives: .exactly(.string))
    private static let comparing = takes(text, text, gives: .exactly(.boolean))

    private static let conversions: [String: [Signature]] = [
        "date": [takes(text, gives: .exactly(.date)), takes(.day, gives: .exactly(.date)), takes(number, number, number, gives: .exactly(.date))],
        "time": [
            takes(text, gives: .exactly(.time)), takes(.exactly(.time), gives: .exactly(.time)), takes(.day, gives: .exactly(.time)),
            takes(number, number, number, .exactly(.nanoseconds), gives: .exactly(.time), optional: 1), takes(number, number, number, text, gives: .exactly(.time)),
        ],
        "date and time": [
            takes(text, gives: .exactly(.dateTime)), takes(.day, gives: .exactly(.dateTime)), takes(.day, .exactly(.time), gives: .exactly(.dateTime)),
            takes(number, number, number, number, number, number, .exactly(.nanoseconds), gives: .exactly(.dateTime), optional: 1),
            takes(number, number, number, number, number, number, text, gives: .exactly(.dateTime)),
        ],
        "duration": [takes(text, gives: .ofValue)],
        "years and months duration": [takes(.day, .day, gives: .exactly(.months))],
        "number": [takes(number, gives: .exactly(.number), units: .first), takes(text, text, text, gives: .exactly(.number), optional: 2)],
        "string": [takes(.anything, gives: .exactly(.string))],
        "not": [takes(.exactly(.boolean), gives: .exactly(.boolean))],
        "is": [takes(.item, .item, gives: .exactly(.boolean), units: .compared)],
    ]

    private static let texts: [String: [Signature]] = [
        "substring": [takes(text, number, number, gives: .exactly(.string), optional: 1)],
        "string length": [takes(text, gives: .exactly(.number))],
        "upper case": [texting], "lower case": [texting],
        "substring before": [takes(text, text, gives: .exactly(.string))],
        "substring after": [takes(text, text, gives: .exactly(.string))],
        "contains": [comparing], "starts with": [comparing], "ends with": [comparing],
        "string join": [takes(.exactly(.list(.string)), text, gives: .exactly(.string), optional: 1)],
    ]

    private static let rounding = takes(number, number, gives: .exactly(.number), units: .first)
    private static let roundingToWhole = takes(number, number, gives: .exactly(.number), units: .first, optional: 1)
    private static let calculating = takes(number, gives: .exactly(.number), units: .refused)
    private static let parity = takes(number, gives: .exactly(.boolean))

    private static let numbers: [String: [Signature]] = [
        "decimal": [rounding], "round up": [rounding], "round down": [rounding], "round half up": [rounding], "round half down": [rounding],
        "floor": [roundingToWhole], "ceiling": [roundingToWhole],
        "abs": [
            takes(number, gives: .exactly(.number), units: .first), takes(.exactly(.months), gives: .exactly(.months)),
            takes(.exactly(.nanoseconds), gives: .exactly(.nanoseconds)),
        ],
        "modulo": [takes(number, number, gives: .exactly(.number), units: .kept)],
        "sqrt": [calculating], "log": [calculating], "exp": [calculating],
        "odd": [parity], "even": [parity],
    ]

    private static func folding(gives result: Result, units: Units) -> [Signature] {
        [takes(.exactly(.list(.number)), gives: result, units: units), takes(number, gives: result, units: units, isOpen: true)]
    }

    private static let extreme = [
        takes(.items, gives: .item, units: .kept, isOrdered: true), takes(.item, gives: .item, units: .kept, isOpen: true, isOrdered: true),
    ]
    private static let deciding = [
        takes(.exactly(.list(.boolean)), gives: .exactly(.boolean)), takes(.exactly(.boolean), gives: .exactly(.boolean), isOpen: true),
    ]
    private static let joining = takes(.items, gives: .items, units: .kept, isOpen: true)

    private static let lists: [String: [Signature]] = [
        "list contains": [takes(.items, .item, gives: .exactly(.boolean), units: .compared)],
        "count": [takes(.items, gives: .exactly(.number))],
        "min": extreme, "max": extreme,
        "sum": folding(gives: .exactly(.number), units: .kept), "mean": folding(gives: .exactly(.number), units: .kept),
        "median": folding(gives: .exactly(.number), units: .kept), "stddev": folding(gives: .exactly(.number), units: .kept),
        "mode": folding(gives: .exactly(.list(.number)), units: .kept), "product": folding(gives: .exactly(.number), units: .refused),
        "all": deciding, "any": deciding,
        "sublist": [takes(.items, number, number, gives: .items, units: .first, optional: 1)],
        "append": [takes(.items, .item, gives: .items, units: .kept, isOpen: true)],
        "concatenate": [joining], "union": [joining],
        "insert before": [takes(.items, number, .item, gives: .items, units: .kept)],
        "list replace": [takes(.items, number, .item, gives: .items, units: .kept)],
        "remove": [takes(.items, number, gives: .items, units: .first)],
        "reverse": [takes(.items, gives: .items, units: .kept)], "distinct values": [takes(.items, gives: .items, units: .kept)],
        "sort": [takes(.items, gives: .items, units: .kept, isOrdered: true)],
        "index of": [takes(.items, .item, gives: .exactly(.list(.number)), units: .compared)],
    ]

    private static let temporals: [String: [Signature]] = [
        "day of year": [takes(.day, gives: .exactly(.number))], "week of year": [takes(.day, gives: .exactly(.number))],
        "day of week": [takes(.day, gives: .exactly(.string))], "month of year": [takes(.day, gives: .exactly(.string))],
    ]

    private static let either = takes(.itemOrRange, .itemOrRange, gives: .exactly(.boolean), units: .compared, isOrdered: true)
    private static let twoRanges = takes(.range, .range, gives: .exactly(.boolean), units: .compared, isOrdered: true)
    private static let intoRange = takes(.itemOrRange, .range, gives: .exactly(.boolean), units: .compared, isOrdered: true)
    private static let ofRange = takes(.range, .itemOrRange, gives: .exactly(.boolean), units: .compared, isOrdered: true)

    private static let ranges: [String: [Signature]] = [
        "before": [either], "after": [either], "coincides": [either],
        "meets": [twoRanges], "met by": [twoRanges], "overlaps": [twoRanges], "overlaps before": [twoRanges], "overlaps after": [twoRanges],
        "finishes": [intoRange], "during": [intoRange], "starts": [intoRange],
        "finished by": [ofRange], "includes": [ofRange], "started by": [ofRange],
    ]
}
