import Glibc

/// Spreadsheet date serials (ECMA-376 18.17.4.1): days, with the time of day as fraction.
enum SerialDate {
    /// Appends `yyyy-MM-dd`, with ` HH:mm:ss` where there is a time of day; `HH:mm:ss` alone below one day in the 1900 system.
    /// Serial 60 of the 1900 system is Excel's 29 February 1900, a day that never was, and is written as Excel shows it.
    /// - Returns: false, with nothing appended, outside 1900...9999.
    static func append(_ serial: Double, is1904: Bool, to out: inout [UInt8]) -> Bool {
        guard serial >= 0, serial < 2_958_466 else { return false }
        var day = Int(serial)
        var second = Int(((serial - Double(day)) * 86400).rounded())
        if second == 86400 {
            day += 1
            second = 0
        }
        let hasDate = day > 0 || is1904
        if hasDate {
            if !is1904, day == 60 {
                out.append(contentsOf: "1900-02-29".utf8)
            } else {
                // 1970-01-01 is serial 25569 (1900 system) or 24107 (1904 system); before the false leap day all is one off.
                guard appendDate(day - (is1904 ? 24107 : day < 60 ? 25568 : 25569), to: &out) else { return false }
            }
        }
        if second > 0 || !hasDate {
            if hasDate { out.append(0x20) }
            appendTwo(second / 3600, to: &out)
            out.append(0x3A)
            appendTwo(second / 60 % 60, to: &out)
            out.append(0x3A)
            appendTwo(second % 60, to: &out)
        }
        return true
    }

    /// Appends `yyyy-MM-dd` for days since 1970-01-01 (proleptic Gregorian); false outside the years 1...9999.
    static func appendDate(_ day: Int, to out: inout [UInt8]) -> Bool {
        guard day >= -719_162, day <= 2_932_896 else { return false }
        // Years begin in March, so that the leap day is the last of its year.
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        appendTwo(year / 100, to: &out)
        appendTwo(year % 100, to: &out)
        out.append(0x2D)
        appendTwo(month, to: &out)
        out.append(0x2D)
        appendTwo(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, to: &out)
        return true
    }

    private static func appendTwo(_ value: Int, to out: inout [UInt8]) {
        out.append(UInt8(truncatingIfNeeded: 0x30 + value / 10 % 10))
        out.append(UInt8(truncatingIfNeeded: 0x30 + value % 10))
    }
}
