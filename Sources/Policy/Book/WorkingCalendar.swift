internal import Feel
package import Identifiers

/// The order of holidays of one year (节假日安排), of `calendar.yaml`.
package struct CalendarYear: Sendable, Hashable {
    package let year: Int
    /// Days off, in order; weekend days among them are off anyway.
    package let holidays: [CivilDate]
    /// Saturdays and Sundays that are worked in exchange (调休上班), in order.
    package let workdays: [CivilDate]
    /// 文号 of the notice that orders it.
    package let document: String
    package let confirmed: Confirmation?
}

/// Which days are worked (工作日). Years whose order is not in the book go by the week alone.
package struct WorkingCalendar: Sendable {
    /// The years whose order is known, in order.
    package let years: [CalendarYear]

    private let known: Set<Int>
    private let holidays: Set<CivilDate>
    private let workdays: Set<CivilDate>

    package init(years: [CalendarYear] = []) {
        self.years = years.sorted { $0.year < $1.year }
        known = Set(years.map(\.year))
        holidays = Set(years.flatMap(\.holidays))
        workdays = Set(years.flatMap(\.workdays))
    }

    /// Whether a day is worked.
    package func isWorkingDay(_ day: CivilDate) -> Bool {
        if workdays.contains(day) { return true }
        return !day.isWeekend && !holidays.contains(day)
    }

    /// Whether the order of holidays of a day's year is known.
    package func knows(_ day: CivilDate) -> Bool { known.contains(day.year) }

    /// The day so many working days later. The day itself is not counted: the first working day after it is the first.
    /// - Parameter n: none or fewer gives the day itself.
    /// - Returns: also whether a day was passed whose year's order is not known yet, so that the end may still move.
    package func adding(workingDays n: Int, to day: CivilDate) -> (day: CivilDate, isProvisional: Bool) {
        var (end, left, isProvisional) = (day, n, false)
        while left > 0, end < CivilDate(day: .max) {
            end = end.adding(days: 1)
            if isWorkingDay(end) { left -= 1 }
            if !isProvisional, !knows(end) { isProvisional = true }
        }
        return (end, isProvisional)
    }

    /// How many working days lie after a day, up to and with another; 0 where that is no later.
    package func workingDays(after day: CivilDate, through last: CivilDate) -> Int {
        guard day < last else { return 0 }
        return ((day.day + 1)...last.day).count { isWorkingDay(CivilDate(day: $0)) }
    }
}

extension CivilDate {
    /// Whether it is a Saturday or a Sunday.
    var isWeekend: Bool { Day(number: Int(day)).weekday > 5 }
}
