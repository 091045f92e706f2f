import Archive
import Evaluation
import Foundation
import Identifiers
import Intake
import Policy
import Registry
import Testing

@testable import Measures

/// A draft over the whole city comes to what each subject's own file comes to, read one by one under either book.
@Suite struct WhatIfTests {
    /// Who is on which list and of whom which rule is met or must be judged, subject by subject.
    private struct Found {
        /// Subjects by the code of a list or rule.
        var held: [String: Set<SubjectKey>] = [:]
        var manual: [String: Set<SubjectKey>] = [:]
    }

    private func found(_ town: ListTown, _ book: PolicyBook, at now: Instant) throws -> Found {
        let reader = SubjectReader(directory: town.directory, book: book)
        let (plan, board) = (FactPlan(book, on: now.date), RuleBoard(book, on: now.date))
        var found = Found()
        for number in ListTown.Firm.allCases.map(\.code) + ListTown.persons.map(\.1) {
            let identifier = try town.identifier(number)
            guard let file = try reader.file(of: reader.key(of: identifier), at: Clocks(asOf: now.date, knownAt: now)) else { continue }
            let key = file.subject.key
            let listings = try ListingBook(reader: reader).listings(of: key, at: now)?.listings.inForce(at: now) ?? []
            for listing in listings { found.held[listing.list, default: []].insert(key) }
            let records = try file.records(of: file.lines).map(FactRecord.init)
            let facts = try plan.facts(of: records, listings: listings)
            for (rule, finding) in zip(board.rules, board.judge(facts.values, kind: identifier.kind.subjectKind)) {
                if finding.outcome == .met { found.held[rule.code, default: []].insert(key) }
                if finding.outcome == .manual { found.manual[rule.code, default: []].insert(key) }
            }
        }
        return found
    }

    /// The city's book with some texts of its files replaced.
    private func draft(_ changes: [(file: String, from: String, to: String)]) throws -> PolicyBook {
        var files = try PolicyBook.texts(
            in: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "PolicyBook").path)
        for change in changes {
            try #require(files[change.file]?.contains(change.from) == true, "\(change)")
            files[change.file] = files[change.file]?.replacing(change.from, with: change.to)
        }
        return try PolicyBook.load(files: files, on: ListTown.morning.date)
    }

    private func compare(_ town: ListTown, _ draft: PolicyBook, workers: Int = 2) throws -> WhatIf {
        let now = ListTown.morning
        let outcome = try WhatIf(
            from: town.book, to: draft, archive: town.directory.archive, registry: town.directory.registry, times: town.directory.times.snapshot(),
            at: Clocks(asOf: now.date, knownAt: now), workers: workers)
        let (old, new) = (try found(town, town.book, at: now), try found(town, draft, at: now))
        for line in outcome.lines {
            let (before, after) = (old.held[line.code] ?? [], new.held[line.code] ?? [])
            #expect(line.before == before.count && line.after == after.count, "\(line.code): \(line.before) → \(line.after), one by one \(before.count) → \(after.count)")
            #expect(line.entering == after.subtracting(before).count && line.leaving == before.subtracting(after).count, "\(line.code)")
            #expect(line.manualBefore == old.manual[line.code]?.count ?? 0 && line.manualAfter == new.manual[line.code]?.count ?? 0, "\(line.code)")
            for (aspect, moves) in line.moves {
                #expect(moves.values.map(\.entering).reduce(0, +) == line.entering && moves.values.map(\.leaving).reduce(0, +) == line.leaving, "\(line.code) by \(aspect)")
            }
        }
        let codes = Set(outcome.lines.map(\.code))
        #expect(Set(old.held.keys).union(new.held.keys).isSubset(of: codes))
        return outcome
    }

    @Test("the book against itself: nobody moves, and the counts are those of files read one by one")
    func same() async throws {
        let town = try await ListTown.build()
        let outcome = try compare(town, town.book)
        #expect(outcome.lines.allSatisfy { !$0.isChanged } && outcome.lines.contains { $0.before > 0 })
    }

    @Test("a shorter term, a list that is gone, a rule that looks elsewhere: who leaves and enters, by county, industry and kind, with samples", arguments: [1, 2, 5])
    func changed(workers: Int) async throws {
        let town = try await ListTown.build()
        let lists = "lists.yaml"
        let draft = try draft([
            (lists, "public: true, term: P3Y, early: P1Y, measures: [CZ-XZ, PX-XZ, RQ-TZ, ZD-JG, ZB-CK], basis: [{document: shijian-ling-44", "public: true, term: P3M, early: P1M, measures: [CZ-XZ, PX-XZ, RQ-TZ, ZD-JG, ZB-CK], basis: [{document: shijian-ling-44"),
            ("rules/punish-procurement-tax-v1.yaml", "在列重大税收违法名单数 >= 1', say", "在列重大税收违法名单数 >= 2', say"),
            ("rules/punish-procurement-tax-v1.yaml", "{在列重大税收违法名单数: 1}", "{在列重大税收违法名单数: 2}"),
        ])
        let outcome = try compare(town, draft, workers: workers)
        let market = try #require(outcome.lines.first { $0.code == "market" })
        // Listed on 2026-02-01 and 2026-03-01 for three months; the one of May stays, and its red entry stays ended.
        #expect(market.before == 3 && market.after == 1 && market.leaving == 2)
        #expect(Set(market.samples.map(\.name)) == [ListTown.Firm.twice.name, ListTown.Firm.mentioned.name] && market.samples.allSatisfy { !$0.isEntering })
        #expect(market.moves[.region]?["411702"]?.leaving == 1)
        let rule = try #require(outcome.lines.first { $0.code == "punish.procurement.tax" })
        #expect(rule.leaving == rule.before && rule.after == 0 && rule.before == 2)
    }
}
