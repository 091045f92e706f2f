/// A day of the Gregorian calendar, without a time or a zone.
package struct CivilDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01; earlier days are negative.
    package var day: Int32

    /// The last day of what has no end (长期), as 双公示 data writes it: 2099-12-31.
    package static let openEnd = CivilDate(day: 47_481)

    /// A day by its number since 1970-01-01.
    package init(day: Int32) {
        self.day = day
    }

    /// A day by year (1...9999), month and day of the month; nil where the calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard year >= 1, year <= 9999, month >= 1, month <= 12, day >= 1, day <= Self.length(of: month, in: year) else {
            return nil
        }
        self.day = Self.number(year, month, day)
    }

    /// A day by a spreadsheet's serial number; the fraction (time of day) is dropped. In the 1900 system, 1 is
    /// 1900-01-01 and 60 is the 29 February 1900 that never was, refused here; in the 1904 system 0 is 1904-01-01.
    /// nil outside what a spreadsheet can hold (to 9999-12-31).
    package init?(excelSerial: Double, date1904: Bool) {
        // Written so that NaN fails as well.
        guard excelSerial >= 0, excelSerial < 2_958_466 else { return nil }
        let serial = Int32(excelSerial)
        if date1904 {
            guard serial <= 2_957_003 else { return nil }
            day = serial - 24_107
        } else {
            guard serial >= 1, serial != 60 else { return nil }
            day = serial < 60 ? serial - 25_568 : serial - 25_569
        }
    }

    /// Whether the year has four digits, so that the day can be written and read again.
    var isWritable: Bool { (-719_162...2_932_896).contains(day) }

    /// Year, 1...9999 for every day made from a calendar date.
    package var year: Int { parts.year }
    /// Month, 1...12.
    package var month: Int { parts.month }
    /// Day of the month, 1...31.
    package var dayOfMonth: Int { parts.day }

    /// Year, month and day of the month at once.
    package var parts: (year: Int, month: Int, day: Int) {
        // Years are counted from March, so that the leap day is the last of its year; 719468 days lie between
        // 0000-03-01 and 1970-01-01, 146097 in 400 years.
        let shifted = Int(day) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// The day so many days later; earlier where negative.
    package func adding(days: Int) -> CivilDate {
        CivilDate(day: Int32(clamping: Int(day) + days))
    }

    /// The same day so many months later, earlier where negative; the last of a month that has no such day. Stays within the years 1…9999.
    package func adding(months: Int) -> CivilDate {
        let (year, month, day) = parts
        let total = min(max(year * 12 + month - 1 + months, 12), 9999 * 12 + 11)
        let (target, targetMonth) = (total / 12, total % 12 + 1)
        return CivilDate(day: Self.number(target, targetMonth, min(day, Self.length(of: targetMonth, in: target))))
    }

    /// The same day so many years later, earlier where negative; the 28th for a 29 February that the year does not have.
    package func adding(years: Int) -> CivilDate { adding(months: years * 12) }

    /// `2026-11-23`.
    package var description: String {
        var out: [UInt8] = []
        append(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Appends `2026-11-23` to a buffer.
    package func append(to out: inout [UInt8]) {
        let (year, month, day) = parts
        Digits.append(year, width: 4, to: &out)
        out.append(UInt8(ascii: "-"))
        Digits.append(month, width: 2, to: &out)
        out.append(UInt8(ascii: "-"))
        Digits.append(day, width: 2, to: &out)
    }

    package static func < (left: Self, right: Self) -> Bool { left.day < right.day }

    /// Days of a month.
    @inline(__always)
    static func length(of month: Int, in year: Int) -> Int {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return 30 + ((month + (month >> 3)) & 1)
    }

    /// Days from 1970-01-01 to a day that exists.
    @inline(__always)
    static func number(_ year: Int, _ month: Int, _ day: Int) -> Int32 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int32(truncatingIfNeeded: era * 146_097 + dayOfEra - 719_468)
    }
}

/// Decimal digits as bytes.
enum Digits {
    /// Appends a number with leading zeros up to `width`; a negative number keeps its sign before them.
    static func append(_ value: Int, width: Int, to out: inout [UInt8]) {
        if value < 0 { out.append(UInt8(ascii: "-")) }
        append(magnitude: value.magnitude, width: width, to: &out)
    }

    /// Appends a number with leading zeros up to `width`.
    static func append(magnitude: UInt, width: Int, to out: inout [UInt8]) {
        var rest = magnitude
        let start = out.count
        repeat {
            out.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        while out.count - start < width { out.append(0x30) }
        out[start...].reverse()
    }
}
