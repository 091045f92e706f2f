internal import Identifiers

/// The stretch of time that one file is about.
struct Period: Sendable, Hashable {
    /// First and last day, since 1970-01-01.
    var first: Int32
    var last: Int32

    /// `yyyyMM` of the first day, as it stands in the file's name.
    var label: String {
        let (year, month, _) = CivilDate(day: first).parts
        return "\(year)" + (month < 10 ? "0\(month)" : "\(month)")
    }

    /// The months before the one of `today`, the oldest first.
    static func months(_ count: Int, before today: CivilDate) -> [Period] {
        let last = today.year * 12 + today.month - 1
        return (last - count..<last).map { month in
            Period(first: start(month), last: start(month + 1) - 1)
        }
    }

    /// Months put together by `size`; the last one reaches to `end`.
    static func groups(of months: [Period], size: Int, end: Int32) -> [Period] {
        stride(from: 0, to: months.count, by: size).map { place in
            let next = min(place + size, months.count)
            return Period(first: months[place].first, last: next == months.count ? end : months[next - 1].last)
        }
    }

    /// The calendar quarters that lie wholly in the months.
    static func quarters(in months: [Period]) -> [Period] {
        months.indices.dropLast(2).compactMap { place in
            guard CivilDate(day: months[place].first).month % 3 == 1 else { return nil }
            return Period(first: months[place].first, last: months[place + 2].last)
        }
    }

    /// The calendar years of which results come out in the months: those that ended in them or in the year before the first.
    static func years(in months: [Period]) -> [Period] {
        guard let first = months.first, let last = months.last else { return [] }
        return (CivilDate(day: first.first).year...CivilDate(day: last.last).year).map { year in
            Period(first: start((year - 1) * 12), last: start(year * 12) - 1)
        }
    }

    /// First day of a month counted from year 0.
    private static func start(_ month: Int) -> Int32 {
        CivilDate(year: month / 12, month: month % 12 + 1, day: 1)?.day ?? 0
    }
}

extension Period {
    /// The period in words, at most 20 characters: 2024年度, 2024年第3季度, 2024年03月, 2023年11月至2024年10月.
    var name: String {
        let (from, to) = (CivilDate(day: first).parts, CivilDate(day: last).parts)
        func month(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if from.year == to.year {
            if from.month == 1, to.month == 12 { return "\(from.year)年度" }
            if from.month % 3 == 1, to.month == from.month + 2 { return "\(from.year)年第\(to.month / 3)季度" }
            if from.month == to.month { return "\(from.year)年\(month(from.month))月" }
        }
        return "\(from.year)年\(month(from.month))月至\(to.year)年\(month(to.month))月"
    }
}
