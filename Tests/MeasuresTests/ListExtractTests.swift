import Archive
import Evaluation
import Foundation
import Identifiers
import Intake
import Ledger
import Policy
import Registry
import Testing

@testable import Measures

/// What an extract says is what the platform says: for everybody on a list, in every matter, by every code, to the minute.
@Suite struct ListExtractTests {
    /// What an answer, online or offline, says of one listing.
    private struct Said: Hashable {
        let list, decision, body: String
        let from: CivilDate
        let until: CivilDate?
        let measures: [ApplicableMeasure]
        let isFavourable: Bool
    }

    private func online(_ town: ListTown, _ matter: Matter, _ code: String, at now: Instant) throws -> (verdict: OfflineVerdict, said: Set<Said>) {
        let answer = try town.verifier.verify(matter, caseNumber: "C-1", identifier: town.identifier(code), at: now)
        let hits = answer.hits.filter { $0.kind == .listing }
        let said = hits.compactMap { hit in
            hit.listing.map {
                Said(list: hit.code, decision: $0.decision, body: $0.body, from: $0.from, until: $0.until, measures: hit.measures, isFavourable: hit.isFavourable)
            }
        }
        let verdict: OfflineVerdict = switch Verifier.verdict(hits) {
        case .restricted: .restricted
        case .attention: .attention
        default: .unlisted
        }
        return (verdict, Set(said))
    }

    private func offline(_ extract: ListExtract, _ matter: String, _ code: String, at now: Instant) throws -> (verdict: OfflineVerdict, said: Set<Said>) {
        let answer = try extract.verdict(matter, code: code, at: now)
        let said = answer.hits.map { hit in
            Said(
                list: hit.list.code, decision: hit.entry.decision, body: hit.entry.body, from: hit.entry.from, until: hit.entry.until, measures: hit.measures,
                isFavourable: hit.list.isFavourable)
        }
        return (answer.verdict, Set(said))
    }

    /// Every code of every firm, and of a firm that nobody knows.
    private func codes() -> [String] {
        ListTown.Firm.allCases.flatMap { firm in
            [firm.code, firm.registrationNumber, firm == .mentioned ? nil : String(firm.code.dropFirst(8).prefix(9))].compactMap(\.self)
        } + [ListTown.creditCode(99)]
    }

    /// Holds an extract against the platform; says in how many answers something was hit.
    private func agree(_ town: ListTown, _ extract: ListExtract, _ matters: [Matter], at now: Instant) throws -> Int {
        var hits = 0
        for matter in matters where matter.subjects.contains(.organisation) {
            for code in codes() {
                let (online, offline) = (try online(town, matter, code, at: now), try offline(extract, matter.code, code, at: now))
                #expect(online == offline, "\(matter.code) \(code) at \(now)")
                hits += online.said.isEmpty ? 0 : 1
            }
        }
        return hits
    }

    @Test("online and offline agree on every listing, measure and verdict of every matter of every body")
    func agreement() async throws {
        let town = try await ListTown.build()
        var hits = 0
        for body in town.book.organisations {
            let matters = town.book.matters(of: body, on: ListTown.morning.date)
            guard !matters.isEmpty, ["ZMD-SCJG", "ZMD-CZJ", "ZMD-GGZY", "ZMD-FGW", "ZMD-KJJ"].contains(body.code) else { continue }
            let extract = try town.extracts.extract(for: body, at: ListTown.morning)
            #expect(extract.matters.map(\.code) == matters.map(\.code))
            hits += try agree(town, extract, matters, at: ListTown.morning)
        }
        #expect(hits > 30)
        let extract = try town.extracts.extract(for: town.body(), at: ListTown.morning)
        func word(_ firm: ListTown.Firm) throws -> String { try extract.verdict("XK-02", code: firm.code, at: ListTown.morning).verdict.name }
        #expect(try word(.twice) == "依法限制（离线）" && word(.watched) == "需关注（离线）" && word(.clean) == "未命中（离线）" && word(.honoured) == "未命中（离线）")
        #expect(try extract.verdict("XK-02", code: ListTown.Firm.honoured.code, at: ListTown.morning).hits.first?.list.isFavourable == true)
        #expect(extract.lists.first { $0.code == "watch-finance" }?.isPublic == false)
        #expect(OfflineVerdict.allCases.allSatisfy { !$0.name.contains("可办理") && $0.name.contains("离线") })
    }

    @Test("a listing ends at midnight after its last day, offline as online; a removal is in the next extract from its minute on")
    func moments() async throws {
        let town = try await ListTown.build()
        let matters = try town.book.matters(of: town.body(), on: ListTown.morning.date)
        let extract = try town.extracts.extract(for: town.body(), at: ListTown.morning)
        for time in ["2026-06-30T23:59:59.999+08:00", "2026-07-01T00:00:00+08:00", "2026-07-01T08:59:59.999+08:00"] {
            #expect(try agree(town, extract, matters, at: ListTown.moment(time)) > 0)
        }
        func lists(_ extract: ListExtract, _ time: String) throws -> [String] {
            try extract.verdict("XK-02", code: ListTown.Firm.ending.code, at: ListTown.moment(time)).hits.map(\.list.code)
        }
        #expect(try lists(extract, "2026-06-30T23:59:59.999+08:00") == ["tax"] && lists(extract, "2026-07-01T00:00:00+08:00") == [])
        let minute = ListTown.moment("2026-06-30T10:30:00+08:00")
        try town.remove(.debtor, from: "debtor", at: minute)
        let before = try town.extracts.extract(for: town.body(), at: Instant(milliseconds: minute.milliseconds - 1))
        let after = try town.extracts.extract(for: town.body(), at: minute)
        #expect(before.organisations.contains { $0.code == ListTown.Firm.debtor.code } && !after.organisations.contains { $0.code == ListTown.Firm.debtor.code })
        #expect(try agree(town, after, matters, at: minute) > 0)
    }

    @Test("an end that is known already comes by the minute, and the extract's own by the hour; a clock that is wrong is told")
    func age() throws {
        let extract = SmallExtract.extract
        func hits(_ time: String) throws -> Int { try extract.verdict("XK-02", code: SmallExtract.firm, at: ListTown.moment(time)).hits.count }
        #expect(try hits("2026-11-26T15:29:59.999+08:00") == 1 && hits("2026-11-26T15:30:00+08:00") == 0)
        func code(_ time: String) -> ListExtractFault.Code? {
            do throws(ListExtractFault) {
                _ = try extract.age(at: ListTown.moment(time))
                return nil
            } catch { return error.code }
        }
        #expect(try extract.age(at: ListTown.moment("2026-11-26T12:20:59+08:00")).description == "3 小时 20 分")
        #expect(code("2026-11-27T08:59:59.999+08:00") == nil && code("2026-11-27T09:00:00+08:00") == .expired)
        #expect(code("2026-11-26T08:55:00+08:00") == nil && code("2026-11-26T08:54:59+08:00") == .future)
        #expect(throws: ListExtractFault.expired(24)) { try extract.verdict("XK-02", code: SmallExtract.firm, at: SmallExtract.made.adding(days: 1)) }
    }

    @Test("a question that cannot be answered says why: a person's number, a slip of the pen, a matter that is not there")
    func questions() throws {
        func fault(_ matter: String, _ code: String) -> ListExtractFault.Code? {
            do throws(ListExtractFault) {
                _ = try SmallExtract.extract.verdict(matter, code: code, at: SmallExtract.made)
                return nil
            } catch { return error.code }
        }
        #expect(fault("XK-02", ListTown.named) == .person && fault("XK-02", "E12345678") == .person)
        // A slip in a person's number makes it no organisation's, whatever its last character happens to be.
        for last in "0123456789X" { #expect(fault("XK-02", ListTown.named.dropLast() + String(last)) == .person) }
        #expect(fault("XK-02", "EA1234567") == .person && fault("XK-02", "MA0000016") == .identifier && fault("XK-02", "MA00D0047") == .identifier)
        #expect(fault("XK-02", SmallExtract.firm.dropLast() + "_") == .identifier && fault("XK-02", "") == .identifier)
        let slip = String(SmallExtract.firm.dropLast()) + (SmallExtract.firm.last == "0" ? "1" : "0")
        #expect(fault("XK-02", slip) == .identifier)
        #expect(fault("XX", SmallExtract.firm) == .matter && fault("GR-01", SmallExtract.firm) == .subject)
        let unknown = try SmallExtract.extract.verdict("XK-02", code: ListTown.creditCode(77), at: SmallExtract.made)
        #expect(unknown.verdict == .unlisted && unknown.organisation == nil && unknown.summary == "摘录中没有命中；不等于没有不利信息")
        // Typed in lower case, with blanks, or by the registration number: the same organisation.
        for typed in [SmallExtract.firm.lowercased(), " \(SmallExtract.firm) ", ListTown.registrationNumber(7)] {
            #expect(try SmallExtract.extract.verdict("XK-02", code: typed, at: SmallExtract.made).verdict == .restricted, "\(typed)")
        }
        #expect(OfflineAnswer.advice.contains("须联网后补核查"))
    }

    @Test("natural persons are nowhere in it, nor a citizen's number that a reason names")
    func persons() async throws {
        let town = try await ListTown.build()
        let text = try town.extracts.extract(for: town.body(), at: ListTown.morning).text
        for (name, number) in ListTown.persons {
            #expect(!text.contains(name) && !text.contains(number) && !text.contains(number.dropLast()))
            let key = try town.key(number).description
            #expect(!text.contains(key))
        }
        #expect(!text.contains(ListTown.named) && text.contains("经手人4117**********"))
        #expect(text.contains(ListExtract.notice) && text.contains(ListTown.Firm.debtor.name))
    }

    @Test("the same state and time give the same text, signed by the platform under the name of lists")
    func deterministic() async throws {
        let town = try await ListTown.build()
        let body = try town.body()
        let text = try town.extracts.extract(for: body, at: ListTown.morning).text
        let fresh = ListExtracts(reader: town.reader, listings: ListingBook(reader: town.reader))
        #expect(try fresh.extract(for: body, at: ListTown.morning).text == text)
        #expect(!text.contains("\n\n"))
        let reader = try #require(ListExtractReader(vkey: town.directory.lists.verifier.key.vkey))
        let opened = try reader.open(fresh.note(for: body, at: ListTown.morning))
        #expect(opened.text == text && opened.header.origin == "tianzhong.zhumadian")
        let snapshot = Snapshot(knownAt: ListTown.morning, logSize: town.directory.ledger.size, book: town.book.digest)
        #expect(opened.header.snapshot == snapshot.description && opened.header.body == "ZMD-SCJG")
        let debtor = try #require(opened.organisations.first { $0.code == ListTown.Firm.debtor.code })
        #expect(debtor.others == [ListTown.registrationNumber(7), String(debtor.code.dropFirst(8).prefix(9))].sorted())
        #expect(opened.organisations.map(\.code) == opened.organisations.map(\.code).sorted())
        for hours in [0, -1, 169] { #expect(throws: ListExtractFault.hoursWrong) { try town.extracts.extract(for: body, at: ListTown.morning, hours: hours) } }
        let idle = try #require(town.book.organisations.first { town.book.matters(of: $0, on: ListTown.morning.date).isEmpty })
        #expect(throws: ListExtractFault.nothing(idle.name)) { try town.extracts.extract(for: idle, at: ListTown.morning) }
    }
}
