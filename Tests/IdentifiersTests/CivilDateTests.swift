import Identifiers
import Testing

@Suite struct CivilDateTests {
    private func parse(_ text: String) -> CivilDate? {
        CivilDate.parse(Array(text.utf8).span)
    }

    @Test func knownDays() {
        #expect(CivilDate(year: 1970, month: 1, day: 1)?.day == 0)
        #expect(CivilDate(year: 2000, month: 3, day: 1)?.day == 11_017)
        #expect(CivilDate(year: 1969, month: 12, day: 31)?.day == -1)
        #expect(CivilDate.openEnd == CivilDate(year: 2099, month: 12, day: 31))
        #expect(CivilDate.openEnd.description == "2099-12-31")
        #expect(CivilDate(year: 1, month: 1, day: 1)?.description == "0001-01-01")
        #expect(CivilDate(day: .min).description.isEmpty == false)
        #expect(CivilDate(day: .max).adding(days: 1).day == .max)
    }

    @Test("years later is the same day, the 28th where the year has no 29 February")
    func years() {
        for (day, years, later) in [("2026-06-30", 10, "2036-06-30"), ("2024-02-29", 1, "2025-02-28"), ("2024-02-29", 4, "2028-02-29"), ("2024-03-01", -24, "2000-03-01")] {
            #expect(CivilDate.parse(Array(day.utf8).span)?.adding(years: years).description == later)
        }
    }

    /// A zone may move a day of the last year into one that cannot be written.
    @Test func zonesAtTheEnds() {
        #expect(parse("9999-12-31 23:59:59-14:00") == nil)
        #expect(parse("0001-01-01 00:00+14:00") == nil)
        #expect(parse("9999-12-31 23:59:59+08:00")?.description == "9999-12-31")
        #expect(Instant.parse("9999-12-31T23:59:59-14:00") == nil)
    }

    /// Every day of two centuries, in every written form, comes back as itself.
    @Test func parsingUndoesFormatting() throws {
        let first = try #require(CivilDate(year: 1900, month: 1, day: 1))
        let last = try #require(CivilDate(year: 2100, month: 12, day: 31))
        var previous = (1899, 12, 31)
        var failures = 0
        for number in first.day...last.day {
            let date = CivilDate(day: number)
            let (year, month, day) = date.parts
            if (year, month, day) <= previous { failures += 1 }
            previous = (year, month, day)
            if CivilDate(year: year, month: month, day: day) != date { failures += 1 }
            if parse(date.description) != date { failures += 1 }
            guard number % 5 == 0 else { continue }
            for text in ["\(year)/\(month)/\(day)", "\(year).\(month).\(day)", "\(year)年\(month)月\(day)日"]
            where parse(text) != date { failures += 1 }
            if parse(String(date.description.filter { $0 != "-" })) != date { failures += 1 }
        }
        #expect(failures == 0)
    }

    @Test(arguments: [
        "2026-11-23", "2026/11/23", "20261123", "2026年11月23日", "2026.11.23", "２０２６－１１－２３", "２０２６年１１月２３日",
        " 2026-11-23 ", "\u{3000}2026-11-23\u{A0}", "\u{FEFF}2026-11-23", "2026-11-23 10:30", "2026-11-23 10:30:00",
        "2026-11-23T10:30:00", "2026-11-23T10:30:00.123456", "2026/11/23  9:05:00", "2026年11月23日 10时30分",
        "2026年11月23日 10时30分05秒", "20261123 10:30:00", "20261123103000", "2026-11-23 00:00:00.0",
        "2026-11-22T16:00:00.000Z", "2026-11-23T00:00:00+08:00", "2026-11-23T08:00:00+0800", "1795363200000",
    ])
    func writtenForms(text: String) {
        #expect(parse(text)?.description == "2026-11-23")
    }

    @Test(arguments: [
        "", " ", "2026", "2026-11", "2026-13-01", "2026-00-10", "2026-02-29", "2023-02-30", "1900-02-29", "2026-04-31",
        "2026-11-32", "2026-11-0", "26-11-23", "0000-01-01", "2026-11/23", "2026年11月23", "2026年11-23日", "2026-11-23x",
        "2026-11-23 25:00", "2026-11-23 10:60", "2026-11-23 10", "2026-11-23T", "2026-111-3", "-2026-11-23", "45000",
        "20261301", "20260230", "20261123106000", "长期", "2026-11-23 10:30:00 PM", "2026-11-2３x", "2026\u{0}-11-23",
        "2026-11-23 10:30Z7", "99999999999999", "2026y11m23d", "\u{1}",
        "12345678901234567890123456789012345678901234567890",
    ])
    func impossibleOnesAreRefused(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func spreadsheetSerials() throws {
        #expect(CivilDate(excelSerial: 1, date1904: false)?.description == "1900-01-01")
        #expect(CivilDate(excelSerial: 59, date1904: false)?.description == "1900-02-28")
        #expect(CivilDate(excelSerial: 60, date1904: false) == nil)
        #expect(CivilDate(excelSerial: 60.5, date1904: false) == nil)
        #expect(CivilDate(excelSerial: 61, date1904: false)?.description == "1900-03-01")
        #expect(CivilDate(excelSerial: 25_569, date1904: false)?.day == 0)
        #expect(CivilDate(excelSerial: 45_292.75, date1904: false)?.description == "2024-01-01")
        #expect(CivilDate(excelSerial: 2_958_465, date1904: false)?.description == "9999-12-31")
        #expect(CivilDate(excelSerial: 0, date1904: true)?.description == "1904-01-01")
        #expect(CivilDate(excelSerial: 43_830, date1904: true)?.description == "2024-01-01")
        #expect(CivilDate(excelSerial: 2_957_003, date1904: true)?.description == "9999-12-31")
        for bad in [0, 0.5, -1, 2_958_466, .nan, .infinity, 1e300] {
            #expect(CivilDate(excelSerial: bad, date1904: false) == nil)
        }
        #expect(CivilDate(excelSerial: 2_957_004, date1904: true) == nil)
    }
}

@Suite struct InstantTests {
    @Test func writesShanghaiTime() {
        let instant = Instant(milliseconds: 1_795_399_200_123)
        #expect(instant.description == "2026-11-23 10:00:00")
        #expect(instant.rfc3339 == "2026-11-23T10:00:00.123+08:00")
        #expect(instant.date.description == "2026-11-23")
        #expect(Instant(milliseconds: -1).rfc3339 == "1970-01-01T07:59:59.999+08:00")
        #expect(Instant.distantFuture.rfc3339 == "9999-12-31T23:59:59.999+08:00")
        #expect(!Instant(milliseconds: .min).description.isEmpty)
        #expect(!Instant(milliseconds: .max).description.isEmpty)
    }

    @Test func readsWhatItWrites() {
        var dice = Dice(31)
        for _ in 0..<5_000 {
            let instant = Instant(milliseconds: Int64.random(in: -2_000_000_000_000...4_000_000_000_000, using: &dice))
            #expect(Instant.parse(instant.rfc3339) == instant)
            #expect(Instant.parse(instant.description)?.description == instant.description)
        }
    }

    @Test(arguments: [
        ("2026-11-23T10:00:00.123+08:00", "2026-11-23T10:00:00.123+08:00"),
        ("2026-11-23T02:00:00Z", "2026-11-23T10:00:00.000+08:00"),
        ("2026-11-22T21:30:00.5-04:30", "2026-11-23T10:00:00.500+08:00"),
        ("2026-11-23 10:00", "2026-11-23T10:00:00.000+08:00"),
        ("2026-11-23 10:00:07", "2026-11-23T10:00:07.000+08:00"),
        ("2026-11-23", "2026-11-23T23:59:59.999+08:00"),
        ("20261123", "2026-11-23T23:59:59.999+08:00"),
    ])
    func readsForms(text: String, expected: String) {
        #expect(Instant.parse(text)?.rfc3339 == expected)
    }

    @Test(arguments: [
        "", "now", "2026-02-30", "2026-11-23T24:00:00Z", "2026-11-23T10:00:60Z", "2026-11-23T10",
        "2026-11-23 10:00:00 x",
        "2026-11-23T10:00:00+25:00", "T10:00", "1795399200123",
    ])
    func refusesOthers(text: String) {
        #expect(Instant.parse(text) == nil)
    }

    @Test func daysBeginAndEnd() {
        let date = CivilDate(day: 20_000)
        #expect(Instant(startOf: date).date == date)
        #expect(Instant(endOf: date).date == date)
        #expect(Instant(milliseconds: Instant(endOf: date).milliseconds + 1) == Instant(startOf: date.adding(days: 1)))
    }
}
