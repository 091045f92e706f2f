/// A day of the proleptic Gregorian calendar in any year of nine digits (DMN 1.5 §10.3.2.3.4).
package struct Day: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Nil where the calendar has no such day.
    package init?(_ year: Int, _ month: Int, _ day: Int) {
        guard abs(year) <= 999_999_999, (1...12).contains(month), day >= 1, day <= Self.length(of: month, in: year) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// A day by its number since 1970-01-01 (Hinnant, days_from_civil).
    package init(number: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    }

    static func length(of month: Int, in year: Int) -> Int {
        if month == 2 { return isLeap(year) ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// Days since 1970-01-01.
    package var number: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// 1 Monday … 7 Sunday.
    package var weekday: Int { ((number + 3) % 7 + 7) % 7 + 1 }

    /// The same day so many months later; the last of the month where it is shorter.
    package func adding(months: Int) -> Day? {
        // Beyond any year there is; so large a sum would also overflow.
        guard months.magnitude < 48_000_000_000 else { return nil }
        let total = year * 12 + month - 1 + months
        let year = total >= 0 ? total / 12 : (total - 11) / 12
        let month = total - year * 12 + 1
        return Day(year, month, min(day, Self.length(of: month, in: year)))
    }

    package static func < (left: Day, right: Day) -> Bool { (left.year, left.month, left.day) < (right.year, right.month, right.day) }

    package var description: String { "\(year < 0 ? "-" : "")\(padded(abs(year), 4))-\(padded(month, 2))-\(padded(day, 2))" }
}

/// How far a clock is from UTC.
package enum Zone: Sendable, Hashable {
    /// Seconds east of Greenwich.
    case offset(Int)
    /// An IANA name: `Europe/Paris`.
    case named(String)
}

/// A time of day, with a zone or local (DMN 1.5 §10.3.2.3.5).
package struct TimeOfDay: Sendable, Hashable {
    /// Nanoseconds since midnight.
    package let nanoseconds: Int
    package let zone: Zone?

    static let dayLength = 86_400_000_000_000

    package init(nanoseconds: Int, zone: Zone?) {
        self.nanoseconds = nanoseconds
        self.zone = zone
    }

    /// Nil where no clock shows it.
    package init?(_ hour: Int, _ minute: Int, _ second: Int, nanosecond: Int = 0, zone: Zone? = nil) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        self.init(nanoseconds: ((hour * 60 + minute) * 60 + second) * 1_000_000_000 + nanosecond, zone: zone)
    }

    package var hour: Int { nanoseconds / 3_600_000_000_000 }
    package var minute: Int { nanoseconds / 60_000_000_000 % 60 }
    package var second: Int { nanoseconds / 1_000_000_000 % 60 }
    var fraction: Int { nanoseconds % 1_000_000_000 }
}

/// A day and a time of it (DMN 1.5 §10.3.2.3.6).
package struct DateAndTime: Sendable, Hashable {
    package let day: Day
    package let time: TimeOfDay

    package init(_ day: Day, _ time: TimeOfDay) {
        self.day = day
        self.time = time
    }

    /// Nanoseconds since 1970-01-01T00:00:00 by its own clock.
    var local: Int128 { Int128(day.number) * Int128(TimeOfDay.dayLength) + Int128(time.nanoseconds) }

    init?(local: Int128, zone: Zone?) {
        let length = Int128(TimeOfDay.dayLength)
        let number = local >= 0 ? local / length : (local - length + 1) / length
        guard abs(number) < 365_300_000_000 else { return nil }
        self.init(Day(number: Int(number)), TimeOfDay(nanoseconds: Int(local - number * length), zone: zone))
    }
}

func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
