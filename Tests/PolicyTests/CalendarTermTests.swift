import Identifiers
import Testing

@testable import Policy

@Suite struct CalendarTermTests {
    @Test("a term ends on the day before the same day so much later", arguments: [
        ("P3Y", "2026-06-30", "2029-06-29"), ("P6M", "2026-08-31", "2027-02-28"), ("P1Y", "2024-02-29", "2025-02-28"), ("P1M", "2026-01-31", "2026-02-28"),
        ("P180D", "2026-01-01", "2026-06-29"), ("P1D", "2026-01-01", "2026-01-01"), ("P2Y", "2026-01-01", "2027-12-31"), ("P1Y6M", "2026-01-15", "2027-07-14"),
    ])
    func ends(term: String, first: String, last: String) throws {
        let parsed = CivilDate.parse(Array(first.utf8).span)
        let day = try #require(parsed)
        #expect(CalendarTerm(term)?.end(from: day).description == last)
    }

    @Test("what is no term", arguments: ["", "3Y", "P", "-P1Y", "P0Y", "PT1H", "P1DT1H", "P1Y1D", "三年"])
    func none(text: String) { #expect(CalendarTerm(text) == nil) }

    @Test("in Chinese")
    func words() { #expect(["P3Y", "P6M", "P180D"].map { CalendarTerm($0)?.description } == ["3年", "6个月", "180天"]) }
}
