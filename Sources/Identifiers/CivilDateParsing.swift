extension CivilDate {
    /// Reads a day as departments write it: `2026-11-23`, `2026/1/3`, `20261123`, `2026年1月3日`, `2026.1.3`, with
    /// full-width digits and signs as well; a time of day behind it is checked and dropped (where it names a zone, the
    /// day is that of Shanghai); 13 digits are milliseconds since 1970, seen in Shanghai. nil for every other text and
    /// for days that do not exist. Years are four digits. No allocation.
    package static func parse(_ raw: Span<UInt8>) -> CivilDate? {
        if raw.count == 10, raw[4] == 0x2D || raw[4] == 0x2F || raw[4] == 0x2E, raw[7] == raw[4],
            let date = common(raw)
        {
            return date
        }
        var text = PlainText()
        guard text.fill(raw) else { return nil }
        var scanner = DateScanner(text: text)
        return scanner.date()
    }

    /// The commonest form, ten bytes `2026-11-23`, without the detour; nil where it is not that or no real day.
    private static func common(_ raw: Span<UInt8>) -> CivilDate? {
        var bad: UInt8 = 0
        func digit(_ index: Int) -> Int {
            let value = raw[index] &- 0x30
            bad |= value < 10 ? 0 : 1
            return Int(value)
        }
        let year = (digit(0) &* 10 &+ digit(1)) &* 100 &+ digit(2) &* 10 &+ digit(3)
        let month = digit(5) &* 10 &+ digit(6)
        let day = digit(8) &* 10 &+ digit(9)
        return bad == 0 ? CivilDate(year: year, month: month, day: day) : nil
    }
}

/// What 年 月 日 时 分 秒 become in a plain text: control bytes, which no text has otherwise.
private enum Sign {
    static let year: UInt8 = 1
    static let month: UInt8 = 2
    static let day: UInt8 = 3
    static let hour: UInt8 = 4
    static let minute: UInt8 = 5
    static let second: UInt8 = 6
}

/// A short text in plain ASCII: full-width forms folded, 年 月 日 时 分 秒 turned to their signs, blanks at both ends
/// removed.
struct PlainText {
    private(set) var count = 0
    private(set) var bytes = InlineArray<48, UInt8>(repeating: 0)

    /// False where the text has another character, or is longer than any date.
    mutating func fill(_ raw: Span<UInt8>) -> Bool {
        var index = 0
        var end = 0
        while index < raw.count {
            let byte = raw[index]
            var plain = byte
            if byte < 0x80 {
                index &+= 1
                if byte < 0x20, byte < 0x09 || byte > 0x0D { return false }
            } else {
                let step = Width.plain(raw, at: index)
                if step.length > 0 {
                    plain = step.byte
                    index &+= step.length
                } else if index &+ 3 <= raw.count {
                    plain = Self.sign(raw[index], raw[index &+ 1], raw[index &+ 2])
                    index &+= 3
                }
                if plain >= 0x80 { return false }
            }
            if plain == 0 { continue }
            let blank = plain == 0x20 || (plain >= 0x09 && plain <= 0x0D)
            if blank, count == 0 || count >= 48 { continue }
            guard count < 48 else { return false }
            bytes[count] = blank ? 0x20 : plain
            count &+= 1
            if !blank { end = count }
        }
        count = end
        return end > 0
    }

    private static func sign(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> UInt8 {
        switch (a, b, c) {
        case (0xE5, 0xB9, 0xB4): Sign.year
        case (0xE6, 0x9C, 0x88): Sign.month
        case (0xE6, 0x97, 0xA5): Sign.day
        case (0xE6, 0x97, 0xB6): Sign.hour
        case (0xE5, 0x88, 0x86): Sign.minute
        case (0xE7, 0xA7, 0x92): Sign.second
        default: 0xFF
        }
    }
}

/// Reads a date and an optional time from plain text.
struct DateScanner {
    let text: PlainText
    var index = 0

    init(text: PlainText) {
        self.text = text
    }

    private var atEnd: Bool { index >= text.count }
    private var next: UInt8 { index < text.count ? text.bytes[index] : 0 }

    /// Number of digits from the present place on.
    private func digitCount() -> Int {
        var end = index
        while end < text.count, text.bytes[end] &- 0x30 < 10 { end &+= 1 }
        return end &- index
    }

    /// The next `count` digits, which are there.
    private mutating func take(_ count: Int) -> Int {
        var value = 0
        for _ in 0..<count {
            value = value &* 10 &+ Int(text.bytes[index] &- 0x30)
            index &+= 1
        }
        return value
    }

    /// One or two digits, else nil.
    private mutating func short() -> Int? {
        let count = digitCount()
        return count == 1 || count == 2 ? take(count) : nil
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte, !atEnd else { return false }
        index &+= 1
        return true
    }

    private mutating func skipBlanks() {
        while skip(0x20) {}
    }

    /// The whole text as a day.
    mutating func date() -> CivilDate? {
        switch digitCount() {
        case 13:
            guard text.count == 13 else { return nil }
            return Instant(milliseconds: Int64(take(13))).date
        case 14:
            // yyyyMMddHHmmss
            guard text.count == 14, let day = CivilDate(year: take(4), month: take(2), day: take(2)) else { return nil }
            return take(2) < 24 && take(2) < 60 && take(2) < 60 ? day : nil
        case 8:
            guard let day = CivilDate(year: take(4), month: take(2), day: take(2)) else { return nil }
            return tail(day)
        case 4:
            let year = take(4)
            let sign = next
            index &+= 1
            guard sign == 0x2D || sign == 0x2F || sign == 0x2E || sign == Sign.year, let month = short(),
                skip(sign == Sign.year ? Sign.month : sign), let dayOfMonth = short(),
                sign != Sign.year || skip(Sign.day), let day = CivilDate(year: year, month: month, day: dayOfMonth)
            else { return nil }
            return tail(day)
        default:
            return nil
        }
    }

    /// Nothing, or a time of day, which must be a real one; a zone moves the day to Shanghai's.
    private mutating func tail(_ day: CivilDate) -> CivilDate? {
        if atEnd { return day }
        if !skip(UInt8(ascii: "T")) {
            guard next == 0x20 else { return nil }
            skipBlanks()
        }
        guard let time = clock() else { return nil }
        guard let zone = time.zone else { return day }
        let start = Int64(day.day) * 86_400_000 + time.milliseconds
        let moved = Instant(milliseconds: start - Int64(zone) * 60_000).date
        return moved.isWritable ? moved : nil
    }

    /// A time of day to the end of the text: milliseconds since midnight, and its zone in minutes east where it names
    /// one. `10:30`, `10:30:00.123`, `10时30分00秒`, each perhaps with `Z` or `+08:00`.
    mutating func clock() -> (milliseconds: Int64, zone: Int?)? {
        guard let hour = short(), hour < 24 else { return nil }
        let written = skip(Sign.hour)
        guard written || skip(0x3A), let minute = short(), minute < 60 else { return nil }
        var second = 0
        var fraction = 0
        if written ? skip(Sign.minute) && !atEnd : skip(0x3A) {
            guard let value = short(), value < 60, !written || skip(Sign.second) else { return nil }
            second = value
            if skip(0x2E) {
                let digits = digitCount()
                guard digits >= 1, digits <= 9 else { return nil }
                for place in 0..<digits {
                    let digit = take(1)
                    if place < 3 { fraction = fraction * 10 + digit }
                }
                for _ in 0..<max(0, 3 - digits) { fraction *= 10 }
            }
        }
        let milliseconds = Int64((hour * 60 + minute) * 60 + second) * 1000 + Int64(fraction)
        guard !atEnd else { return (milliseconds, nil) }
        if skip(UInt8(ascii: "Z")) { return atEnd ? (milliseconds, 0) : nil }
        let east = next == 0x2B
        guard east || next == 0x2D else { return nil }
        index &+= 1
        guard digitCount() == 2 || digitCount() == 4 else { return nil }
        let hours = take(2)
        _ = skip(0x3A)
        guard digitCount() == 2 else { return nil }
        let minutes = take(2)
        guard atEnd, hours < 24, minutes < 60 else { return nil }
        return (milliseconds, (east ? 1 : -1) * (hours * 60 + minutes))
    }
}
