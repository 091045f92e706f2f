import Identifiers
import Testing

@testable import Policy

/// Terms in working days, by the city's own calendar.
@Suite struct WorkingCalendarTests {
    let calendar: WorkingCalendar

    init() throws {
        calendar = try PolicyBook.load(from: RealBookTests.directory, on: FixtureBook.today).calendar
    }

    private func day(_ text: String) throws -> CivilDate {
        let parsed = CivilDate.parse(text.utf8.span)
        return try #require(parsed)
    }

    @Test("days off, days worked in exchange, and the week", arguments: [
        ("2026-01-02", false), ("2026-01-04", true), ("2026-02-14", true), ("2026-02-15", false), ("2026-02-23", false), ("2026-02-24", true),
        ("2026-02-28", true), ("2026-10-08", true), ("2026-10-10", true), ("2026-10-11", false), ("2025-01-26", true), ("2025-10-08", false),
        ("2024-02-09", true), ("2024-02-18", true), ("2024-05-11", true), ("2024-06-10", false), ("2027-10-01", true), ("2027-10-02", false),
    ])
    func days(text: String, isWorked: Bool) throws { #expect(calendar.isWorkingDay(try day(text)) == isWorked) }

    /// The orders move days and give none: what is off beyond the weekends are the 11, then 13, statutory days.
    @Test("a year has the working days that the law leaves it", arguments: [("2023-12-31", "2024-12-31", 251), ("2024-12-31", "2025-12-31", 248), ("2025-12-31", "2026-12-31", 248)])
    func years(before: String, last: String, count: Int) throws {
        #expect(calendar.workingDays(after: try day(before), through: try day(last)) == count)
    }

    @Test("terms over 春节, 国庆 and the turn of a year", arguments: [
        ("2026-02-13", 1, "2026-02-14", false), ("2026-02-13", 2, "2026-02-24", false), ("2026-02-13", 7, "2026-03-02", false),
        ("2026-09-30", 1, "2026-10-08", false), ("2026-09-30", 3, "2026-10-10", false), ("2026-09-30", 4, "2026-10-12", false),
        ("2025-12-31", 1, "2026-01-04", false), ("2023-12-29", 1, "2024-01-02", true), ("2023-12-31", 1, "2024-01-02", false),
        ("2026-12-31", 0, "2026-12-31", false), ("2026-12-30", 1, "2026-12-31", false), ("2026-12-31", 1, "2027-01-01", true),
        ("2026-10-03", 0, "2026-10-03", false), ("2026-10-03", -5, "2026-10-03", false),
    ])
    func terms(from: String, count: Int, end: String, isProvisional: Bool) throws {
        let found = calendar.adding(workingDays: count, to: try day(from))
        #expect(found.day == (try day(end)) && found.isProvisional == isProvisional, "\(found)")
    }

    @Test("counting up to the end of a term gives the term, and longer terms and later days end later")
    func properties() throws {
        var random = SplitMix(state: 20_260_215)
        let first = try day("2023-06-01").day
        for _ in 0..<3000 {
            let from = CivilDate(day: first + Int32(random.next() % 1700))
            let count = Int(random.next() % 120) + 1
            let end = calendar.adding(workingDays: count, to: from).day
            #expect(calendar.workingDays(after: from, through: end) == count)
            #expect(calendar.isWorkingDay(end) && end > from)
            #expect(calendar.adding(workingDays: count + 1, to: from).day > end)
            #expect(calendar.adding(workingDays: count, to: from.adding(days: 1)).day >= end)
            let middle = calendar.adding(workingDays: count / 2, to: from).day
            #expect(calendar.adding(workingDays: count - count / 2, to: middle).day == end, "a term in two parts")
            let past = calendar.adding(workingDays: count, to: from)
            #expect(past.isProvisional == (((from.day + 1)...end.day).contains { !calendar.knows(CivilDate(day: $0)) }))
        }
        #expect(calendar.workingDays(after: CivilDate(day: 9), through: CivilDate(day: 9)) == 0)
        #expect(calendar.workingDays(after: CivilDate(day: 9), through: CivilDate(day: 3)) == 0)
    }

    @Test("the last day that can be told ends a term that has no end")
    func farAway() {
        let nearEnd = CivilDate(day: .max - 3)
        #expect(WorkingCalendar().adding(workingDays: 100, to: nearEnd).day == CivilDate(day: .max))
    }
}
