/// A point in time, to the millisecond. Written and read in Asia/Shanghai, taken as +08:00 throughout: true since 1991;
/// the summer times of 1986-1991 are not followed.
package struct Instant: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var milliseconds: Int64

    /// 9999-12-31T23:59:59.999+08:00: later than everything.
    package static let distantFuture = Instant(milliseconds: 253_402_271_999_999)

    /// Milliseconds by which Shanghai is before UTC.
    static let shanghaiOffset: Int64 = 28_800_000
    static let dayLength: Int64 = 86_400_000

    /// A point by its milliseconds since 1970-01-01T00:00:00Z.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The first millisecond of a day in Shanghai.
    package init(startOf date: CivilDate) {
        milliseconds = Int64(date.day) * Self.dayLength - Self.shanghaiOffset
    }

    /// The same time of day so many days later; earlier where negative. Days in Shanghai have 24 hours.
    package func adding(days: Int) -> Instant {
        Instant(milliseconds: milliseconds + Int64(days) * Self.dayLength)
    }

    /// The last millisecond of a day in Shanghai.
    package init(endOf date: CivilDate) {
        milliseconds = Instant(startOf: date).milliseconds + Self.dayLength - 1
    }

    /// The day in Shanghai.
    package var date: CivilDate {
        CivilDate(day: Int32(clamping: local.day))
    }

    /// `2026-11-23 10:00:00`, Shanghai time; what is below a second is dropped.
    package var description: String { text(separator: 0x20, full: false) }

    /// `2026-11-23T10:00:00.123+08:00`.
    package var rfc3339: String { text(separator: UInt8(ascii: "T"), full: true) }

    /// Reads RFC 3339 (`2026-11-23T10:00:00.123+08:00`), `2026-11-23 10:00[:00]` as Shanghai time, and a bare date as
    /// its last millisecond in Shanghai (so that "known on that day" includes the day). nil for anything else.
    package static func parse(_ text: String) -> Instant? {
        let bytes = Array(text.utf8)
        var plain = PlainText()
        guard plain.fill(bytes.span), plain.count >= 8 else { return nil }
        var split = 0
        while split < plain.count, plain.bytes[split] != 0x20, plain.bytes[split] != UInt8(ascii: "T") { split += 1 }
        if split == plain.count {
            guard plain.count <= 12, let date = CivilDate.parse(bytes.span) else { return nil }
            return Instant(endOf: date)
        }
        var day: [UInt8] = []
        for index in 0..<split { day.append(plain.bytes[index]) }
        guard split == 10, let date = CivilDate.parse(day.span) else { return nil }
        var scanner = DateScanner(text: plain)
        scanner.index = split + 1
        guard let time = scanner.clock() else { return nil }
        let zone = Int64(time.zone ?? 480)
        let instant = Instant(milliseconds: Int64(date.day) * dayLength + time.milliseconds - zone * 60_000)
        // A zone may move the first and the last day out of the years that can be written.
        return instant.date.isWritable ? instant : nil
    }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// Days since 1970-01-01 and milliseconds since midnight, in Shanghai.
    private var local: (day: Int64, time: Int64) {
        let (shifted, overflow) = milliseconds.addingReportingOverflow(Self.shanghaiOffset)
        let safe = overflow ? milliseconds : shifted
        let (day, time) = safe.quotientAndRemainder(dividingBy: Self.dayLength)
        return time >= 0 ? (day, time) : (day - 1, time + Self.dayLength)
    }

    private func text(separator: UInt8, full: Bool) -> String {
        var out: [UInt8] = []
        date.append(to: &out)
        out.append(separator)
        let time = Int(local.time)
        Digits.append(time / 3_600_000, width: 2, to: &out)
        out.append(0x3A)
        Digits.append(time / 60_000 % 60, width: 2, to: &out)
        out.append(0x3A)
        Digits.append(time / 1_000 % 60, width: 2, to: &out)
        if full {
            out.append(0x2E)
            Digits.append(time % 1_000, width: 3, to: &out)
            out.append(contentsOf: "+08:00".utf8)
        }
        return String(decoding: out, as: UTF8.self)
    }
}
