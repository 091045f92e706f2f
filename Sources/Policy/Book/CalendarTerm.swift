internal import Feel
package import Identifiers

/// A length of time by the calendar: years and months, or days (`P3Y`, `P6M`, `P180D`; ISO 8601).
package struct CalendarTerm: Sendable, Hashable, CustomStringConvertible {
    package let months: Int
    package let days: Int

    /// Nil for a text that is no such length, or none at all.
    package init?(_ text: String) {
        switch Temporal.duration(text) {
        case .months(let months) where months > 0: (self.months, days) = (months, 0)
        case .nanoseconds(let size) where size > 0 && size % 86_400_000_000_000 == 0: (months, days) = (0, Int(size / 86_400_000_000_000))
        default: return nil
        }
    }

    /// The last day of a term that begins on a day: the day before the one that is so much later.
    package func end(from first: CivilDate) -> CivilDate {
        if months == 0 { return first.adding(days: days - 1) }
        let later = first.adding(months: months)
        // A month that has no such day ends the term with its last.
        return later.dayOfMonth == first.dayOfMonth ? later.adding(days: -1) : later
    }

    /// In Chinese: `3年`, `6个月`, `180天`.
    package var description: String {
        if months == 0 { return "\(days)天" }
        return months % 12 == 0 ? "\(months / 12)年" : "\(months)个月"
    }
}
