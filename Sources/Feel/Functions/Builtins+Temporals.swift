import Foundation

extension Builtins {
    static let temporals: [String: [Form]] = [
        "day of year": [ofDay { .number(Number($0.number - (Day($0.year, 1, 1)?.number ?? $0.number) + 1)) }],
        "day of week": [ofDay { .string(weekdays[$0.weekday - 1]) }],
        "month of year": [ofDay { .string(months[$0.month - 1]) }],
        "week of year": [ofDay { .number(Number(week(of: $0))) }],
        // The only two that are no pure functions: whoever evaluates gives them a meaning of its own where the day must not be read.
        "now": [form { _ in .dateTime(now()) }],
        "today": [form { _ in .date(now().day) }],
    ]

    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]

    private static func ofDay(_ body: @escaping @Sendable (Day) -> Value) -> Form {
        form("date") { values in
            switch values[0] {
            case .date(let day): body(day)
            case .dateTime(let moment): body(moment.day)
            default: .null
            }
        }
    }

    /// ISO 8601: the week of the year's first Thursday is its first.
    private static func week(of day: Day) -> Int {
        let thursday = Day(number: day.number + 4 - day.weekday)
        return (thursday.number - (Day(thursday.year, 1, 1)?.number ?? thursday.number)) / 7 + 1
    }

    private static func now() -> DateAndTime {
        let seconds = Date().timeIntervalSince1970
        let nanoseconds = Int128(seconds * 1_000_000) * 1000
        // Within the years of a day by far.
        return DateAndTime(local: nanoseconds, zone: .offset(0)) ?? DateAndTime(Day(number: 0), TimeOfDay(nanoseconds: 0, zone: .offset(0)))
    }
}
