/// Dates, times and durations as FEEL writes them (DMN 1.5 §10.3.2.3; XML Schema 1.1 part 2, with `@Zone/Name`).
package enum Temporal {
    /// The value of an at-literal; nil where it is none.
    package static func read(_ text: String) -> Value? {
        if let day = date(text) { return .date(day) }
        if let moment = dateTime(text) { return .dateTime(moment) }
        if let time = time(text) { return .time(time) }
        return duration(text)
    }

    // MARK: Reading

    package static func date(_ text: some StringProtocol) -> Day? {
        var scanner = Scanner(text)
        guard let day = scanner.date(), scanner.isAtEnd else { return nil }
        return day
    }

    package static func time(_ text: some StringProtocol) -> TimeOfDay? {
        var scanner = Scanner(text)
        _ = scanner.take("T")
        guard let time = scanner.time(), scanner.isAtEnd else { return nil }
        return time
    }

    package static func dateTime(_ text: some StringProtocol) -> DateAndTime? {
        var scanner = Scanner(text)
        guard let day = scanner.date(), scanner.take("T") else { return nil }
        let isMidnight = scanner.takeMidnight()
        guard let time = scanner.time(), scanner.isAtEnd else { return nil }
        return DateAndTime(isMidnight ? Day(number: day.number + 1) : day, time)
    }

    /// Of years and months, or of days and time: not of both.
    package static func duration(_ text: some StringProtocol) -> Value? {
        var scanner = Scanner(text)
        let isNegative = scanner.take("-")
        guard scanner.take("P") else { return nil }
        var months: Int?
        var nanoseconds: Int128?
        for (mark, count) in [("Y", 12), ("M", 1)] as [(Unicode.Scalar, Int)] {
            guard let value = scanner.quantity(before: mark) else { continue }
            let (part, over) = value.multipliedReportingOverflow(by: count)
            let (sum, beyond) = (months ?? 0).addingReportingOverflow(part)
            if over || beyond { return nil }
            months = sum
        }
        if let days = scanner.quantity(before: "D") { nanoseconds = Int128(days) * Int128(TimeOfDay.dayLength) }
        if scanner.take("T") {
            var found = false
            for (mark, count) in [("H", 3600), ("M", 60)] as [(Unicode.Scalar, Int)] {
                guard let value = scanner.quantity(before: mark) else { continue }
                nanoseconds = (nanoseconds ?? 0) + Int128(value) * Int128(count) * 1_000_000_000
                found = true
            }
            if let (whole, fraction) = scanner.seconds() {
                nanoseconds = (nanoseconds ?? 0) + Int128(whole) * 1_000_000_000 + Int128(fraction)
                found = true
            }
            if !found { return nil }
        }
        guard scanner.isAtEnd else { return nil }
        switch (months, nanoseconds) {
        case (let months?, nil): return .months(isNegative ? -months : months)
        case (nil, let nanoseconds?): return .nanoseconds(isNegative ? -nanoseconds : nanoseconds)
        default: return nil
        }
    }

    private struct Scanner {
        private var rest: Substring.UnicodeScalarView

        init(_ text: some StringProtocol) { rest = Substring(text).unicodeScalars }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            guard rest.first == scalar else { return false }
            rest.removeFirst()
            return true
        }

        mutating func digits(_ counts: ClosedRange<Int>) -> Int? {
            let text = rest.prefix { ("0"..."9").contains($0) }
            guard counts.contains(text.count), let value = Int(String(text)) else { return nil }
            rest = rest.dropFirst(text.count)
            return value
        }

        /// `24:00:00` is the beginning of the next day: it is read as 00:00:00.
        mutating func takeMidnight() -> Bool {
            guard rest.starts(with: "24:00:00".unicodeScalars) else { return false }
            rest = Substring("00" + String(Substring.UnicodeScalarView(rest.dropFirst(2)))).unicodeScalars
            return true
        }

        mutating func date() -> Day? {
            let isNegative = take("-")
            let first = rest.first
            guard let year = digits(4...9) else { return nil }
            // More than four digits have no leading zeros.
            if first == "0", year > 999 { return nil }
            guard take("-"), let month = digits(2...2), take("-"), let day = digits(2...2) else { return nil }
            if first == "0", String(year).count > 4 { return nil }
            return Day(isNegative ? -year : year, month, day)
        }

        mutating func time() -> TimeOfDay? {
            guard let hour = digits(2...2), take(":"), let minute = digits(2...2), take(":"), let second = digits(2...2) else { return nil }
            var nanosecond = 0
            if take(".") {
                let text = rest.prefix { ("0"..."9").contains($0) }
                guard !text.isEmpty else { return nil }
                nanosecond = Int(String((String(text) + "000000000").prefix(9))) ?? 0
                rest = rest.dropFirst(text.count)
            }
            guard let zone = zone() else { return nil }
            return TimeOfDay(hour, minute, second, nanosecond: nanosecond, zone: zone.value)
        }

        /// Nil where it is not well written; a value of nil where there is none.
        private mutating func zone() -> (value: Zone?, Void)? {
            if rest.isEmpty { return (nil, ()) }
            if take("Z") || take("z") { return (.offset(0), ()) }
            if take("@") {
                let name = String(String.UnicodeScalarView(rest))
                rest = rest.dropFirst(rest.count)
                return Zones.isKnown(name) ? (["UTC", "GMT", "Z", "Etc/UTC"].contains(name) && name != "Etc/UTC" ? .offset(0) : .named(name), ()) : nil
            }
            let isWest = rest.first == "-"
            guard take("+") || take("-"), let hours = digits(2...2), take(":"), let minutes = digits(2...2) else { return nil }
            var seconds = 0
            if take(":") {
                guard let value = digits(2...2) else { return nil }
                seconds = value
            }
            let offset = hours * 3600 + minutes * 60 + seconds
            guard hours <= 18, minutes < 60, seconds < 60, offset <= 18 * 3600 else { return nil }
            return (.offset(isWest ? -offset : offset), ())
        }

        /// Digits before a mark, taken with it; nil where they are not there.
        mutating func quantity(before mark: Unicode.Scalar) -> Int? {
            let text = rest.prefix { ("0"..."9").contains($0) }
            guard !text.isEmpty, rest.dropFirst(text.count).first == mark, let value = Int(String(text)) else { return nil }
            rest = rest.dropFirst(text.count + 1)
            return value
        }

        mutating func seconds() -> (Int, Int)? {
            let before = rest
            let text = rest.prefix { ("0"..."9").contains($0) }
            guard !text.isEmpty, let whole = Int(String(text)) else { return nil }
            rest = rest.dropFirst(text.count)
            var fraction = 0
            if take(".") {
                let digits = rest.prefix { ("0"..."9").contains($0) }
                fraction = Int(String((String(digits) + "000000000").prefix(9))) ?? 0
                rest = rest.dropFirst(digits.count)
            }
            guard take("S") else {
                rest = before
                return nil
            }
            return (whole, fraction)
        }
    }

    // MARK: Writing

    static func text(_ time: TimeOfDay) -> String {
        var text = "\(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2))"
        if time.fraction > 0 { text += "." + trimmed(padded(time.fraction, 9)) }
        return text + zone(time.zone)
    }

    private static func zone(_ zone: Zone?) -> String {
        switch zone {
        case nil: return ""
        case .named(let name): return "@\(name)"
        case .offset(0): return "Z"
        case .offset(let seconds):
            let size = abs(seconds)
            let text = "\(seconds < 0 ? "-" : "+")\(padded(size / 3600, 2)):\(padded(size / 60 % 60, 2))"
            return size % 60 == 0 ? text : text + ":" + padded(size % 60, 2)
        }
    }

    static func text(_ moment: DateAndTime) -> String { "\(moment.day)T\(text(moment.time))" }

    static func text(months: Int) -> String {
        let (years, rest) = (abs(months) / 12, abs(months) % 12)
        return (months < 0 ? "-P" : "P") + (years > 0 ? "\(years)Y" : "") + (rest > 0 || years == 0 ? "\(rest)M" : "")
    }

    static func text(nanoseconds: Int128) -> String {
        let size = nanoseconds.magnitude
        let seconds = size / 1_000_000_000
        let (days, hours, minutes, rest) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
        let fraction = Int(size % 1_000_000_000)
        var time = (hours > 0 ? "\(hours)H" : "") + (minutes > 0 ? "\(minutes)M" : "")
        if rest > 0 || fraction > 0 { time += "\(rest)" + (fraction > 0 ? "." + trimmed(padded(fraction, 9)) : "") + "S" }
        let text = (days > 0 ? "\(days)D" : "") + (time.isEmpty ? "" : "T" + time)
        return (nanoseconds < 0 ? "-P" : "P") + (text.isEmpty ? "T0S" : text)
    }

    private static func trimmed(_ digits: String) -> String { String(digits.reversed().drop { $0 == "0" }.reversed()) }
}
