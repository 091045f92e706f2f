import Foundation
import Identifiers
import Policy
import Registry
import Testing

@testable import Measures

/// The way of a listing, step by step, over the working days of a year with its holidays.
@Suite struct ListingProcedureTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "PolicyBook").path
    private static let book = try? PolicyBook.load(from: folder, on: CivilDate(day: 20_780))
    private static var calendar: WorkingCalendar { book?.calendar ?? WorkingCalendar(years: []) }

    private func list(_ code: String = "market") throws -> ListKind { try #require(Self.book?.lists.first { $0.code == code }) }

    private func day(_ text: String) throws -> CivilDate {
        let day = CivilDate.parse(text.utf8.span)
        return try #require(day)
    }

    private func step(_ kind: ListingStepKind, _ text: String, document: String = "1号", words: String = "内容", ground: RemovalGround? = nil, actor: String = "a") throws -> ListingStep {
        ListingStep(
            procedure: 1, list: "x", subject: RegistryKey(high: 1, low: 1), kind: kind, day: try day(text), document: document, text: words, ground: ground, actor: actor,
            body: "b", at: Instant(startOf: try day(text)))
    }

    private func fault(_ steps: [ListingStep], _ next: ListingStep, list: ListKind? = nil, isDishonest: Bool = false, today: String = "2027-01-01") throws -> ListingFault.Code? {
        let list = try list ?? self.list()
        let today = try day(today)
        do throws(ListingFault) {
            try ListingProcedure(list: list, calendar: Self.calendar, steps: steps).check(next, kind: .organisation, isDishonest: isDishonest, on: today)
            return nil
        } catch { return error.code }
    }

    @Test("the whole way, each step in its order and none twice")
    func wholeWay() throws {
        let steps = [
            try step(.notice, "2026-02-10"), try step(.statement, "2026-02-12"), try step(.decision, "2026-02-13"), try step(.entry, "2026-02-14", actor: "b"),
            try step(.publication, "2026-02-24"), try step(.removal, "2026-08-01", ground: .fulfilment),
        ]
        for index in steps.indices { #expect(try fault(Array(steps[..<index]), steps[index]) == nil) }
        for index in steps.indices {
            for other in steps where !ListingProcedure(list: try list(), calendar: Self.calendar, steps: Array(steps[...index])).next.contains(other.kind) {
                #expect(try fault(Array(steps[...index]), other) == .order)
            }
        }
    }

    @Test("nothing is decided before the hearing's working days are over: over the Spring Festival, with the days worked in exchange")
    func hearing() throws {
        let notice = try step(.notice, "2026-02-11")
        // 12, 13, 14 (worked in exchange) February, then 24 and 25: the fifth working day.
        let end = try ListingProcedure(list: list(), calendar: Self.calendar, steps: [notice]).hearingEnd
        #expect(try end?.day == day("2026-02-25"))
        #expect(try fault([notice], step(.decision, "2026-02-25")) == .hearing)
        #expect(try fault([notice], step(.decision, "2026-02-26")) == nil)
        #expect(try fault([notice, step(.statement, "2026-02-12")], step(.decision, "2026-02-12")) == nil)
    }

    @Test("what lacks its document, its text, its ground or its day is told so")
    func lacking() throws {
        #expect(try fault([], step(.notice, "2026-02-10", document: "")) == .document)
        #expect(try fault([], step(.notice, "2026-02-10", words: "")) == .text)
        #expect(try fault([], step(.notice, "2026-02-10"), today: "2026-02-09") == .day)
        #expect(try fault([], step(.notice, "2021-02-10")) == .list)
        let notice = try step(.notice, "2026-02-10")
        #expect(try fault([notice], step(.statement, "2026-02-09")) == .day)
        let entered = [notice, try step(.statement, "2026-02-10"), try step(.decision, "2026-02-11"), try step(.entry, "2026-02-11", actor: "b")]
        #expect(try fault(entered, step(.removal, "2026-03-01")) == .ground)
        #expect(try fault(Array(entered.dropLast()), step(.entry, "2026-02-11")) == .person)
    }

    @Test("credit is repaired after the list's time and not before; a list without one is left otherwise; a delivered entry has its end only")
    func repair() throws {
        let entered = [try step(.notice, "2025-02-10"), try step(.statement, "2025-02-12"), try step(.decision, "2025-02-13"), try step(.entry, "2025-02-14", actor: "b")]
        #expect(try fault(entered, step(.removal, "2026-02-13", ground: .repair)) == .day)
        #expect(try fault(entered, step(.removal, "2026-02-14", ground: .repair)) == nil)
        for ground in [RemovalGround.revocation, .fulfilment] { #expect(try fault(entered, step(.removal, "2025-02-15", ground: ground)) == nil) }
        #expect(try fault(entered, step(.removal, "2026-03-01", ground: .repair), list: list("debtor")) == .ground)
        let delivered = ListingProcedure(list: try list(), calendar: Self.calendar, steps: [], delivered: try day("2025-02-14"))
        #expect(delivered.next == [.removal])
        let today = try day("2027-01-01")
        for (date, ground, code) in [("2026-02-13", RemovalGround.repair, ListingFault.Code.day), ("2025-02-13", .fulfilment, .day)] {
            let removal = try step(.removal, date, ground: ground)
            #expect { try delivered.check(removal, kind: .organisation, isDishonest: true, on: today) } throws: { ($0 as? ListingFault)?.code == code }
        }
        try delivered.check(try step(.removal, "2026-02-14", ground: .repair), kind: .organisation, isDishonest: true, on: today)
    }

    @Test("when a list's next version begins, what began under the one before goes on and ends; nothing begins on a day without a version")
    func nextVersion() throws {
        let entered = [try step(.notice, "2025-02-10"), try step(.statement, "2025-02-12"), try step(.decision, "2025-02-13"), try step(.entry, "2025-02-14", actor: "b")]
        let list = try list()
        let (first, second) = (try version(of: list, 1, from: "2021-09-01", to: "2025-12-31"), try version(of: list, 2, from: "2026-06-01", to: nil))
        let today = try day("2027-01-01")
        func check(_ steps: [ListingStep], _ next: ListingStep) throws(ListingFault) {
            try ListingProcedure(list: first, versions: [first, second], calendar: Self.calendar, steps: steps).check(next, kind: .organisation, isDishonest: false, on: today)
        }
        for date in ["2026-03-01", "2026-07-01"] {
            try check(entered, try step(.publication, date))
            try check(entered, try step(.removal, date, ground: .repair))
            try check(Array(entered.prefix(1)), try step(.closure, date))
        }
        try check(Array(entered.prefix(2)), try step(.decision, "2026-07-01"))
        #expect { try check(Array(entered.prefix(2)), try step(.decision, "2026-03-01")) } throws: { ($0 as? ListingFault)?.code == .list }
    }

    private func version(of list: ListKind, _ version: Int, from: String, to: String?) throws -> ListKind {
        var files = try PolicyBook.texts(in: Self.folder)
        let line = files["lists.yaml"]?.split(separator: "\n").first { $0.contains("code: \(list.code),") }.map(String.init) ?? ""
        files["lists.yaml"] = files["lists.yaml"]?.replacing(
            line, with: line.replacing("version: 1", with: "version: \(version)").replacing("from: \(list.from)", with: "from: \(from)").replacing("to: ,", with: "to: \(to ?? ""),"))
        return try #require(try PolicyBook.load(files: files, on: CivilDate(day: 20_780)).lists.first { $0.code == list.code })
    }

    @Test("a red list needs no notice, and takes nobody in who is on a list of serious dishonesty")
    func red() throws {
        let red = try list("red-honour")
        let decision = try step(.decision, "2026-02-10")
        #expect(try fault([], decision, list: red) == nil)
        #expect(try fault([decision], step(.entry, "2026-02-11", actor: "b"), list: red, isDishonest: true) == .dishonest)
        #expect(try fault([decision], step(.entry, "2026-02-11", actor: "b"), list: red) == nil)
    }
}
