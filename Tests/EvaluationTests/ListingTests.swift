import Archive
import Feel
import Foundation
import Identifiers
import Policy
import Registry
import Testing

@testable import Evaluation

/// Listings over the city's own book: when they begin, expire and end, by the minute.
@Suite struct ListingTests {
    static let today = CivilDate(day: 20_780)  // 2026-11-23
    static let book = try? PolicyBook.load(
        from: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "PolicyBook").path, on: today)
    static let firm = RegistryKey(high: 1, low: 2)

    static func day(_ text: String) throws -> CivilDate {
        let day = CivilDate.parse(text.utf8.span)
        return try #require(day)
    }

    static func moment(_ text: String) throws -> Instant { try #require(Instant.parse(text)) }

    /// A record of a list's resource, as its layout keeps it.
    static func record(_ code: String, _ given: [String: String], id: RecordID = RecordID(delivery: 7, row: 1)) throws -> ListedRecord {
        let book = try #require(book)
        let resource = try #require(book.versions(of: code).last)
        var values = [Layout.Value](repeating: .absent, count: resource.layout.stored.count)
        for (field, text) in given {
            let place = try #require(resource.index(of: field).flatMap { resource.layout.position(ofField: $0) })
            values[place] = resource.field(field)?.type == .date ? .date(try day(text)) : .text(text)
        }
        return ListedRecord(id: id, resource: resource, effective: try given["ZTRQ"].map(day), values: values)
    }

    static func tax(from: String, until: String? = nil, state: String = "在列", on day: String) throws -> ListedRecord {
        var given = ["LRWSH": "税认〔2026〕1号", "LRRQ": from, "MDZT": state, "ZTRQ": day, "RDJG": "税务局", "LRSY": "虚开发票"]
        given["QXJM"] = until
        return try record("ZMD-06-0003", given)
    }

    private func listings(_ records: [ListedRecord], _ steps: [ListingStep] = []) throws -> Listings {
        Listings(records, steps: steps, kind: .organisation, book: try #require(Self.book))
    }

    @Test("a listing begins with its day and expires at midnight in Shanghai, by itself")
    func expiry() throws {
        let all = try listings([Self.tax(from: "2023-03-01", on: "2023-03-01")])
        // Three years by the list's term: the last day is 2026-02-28.
        #expect(try all.all.first?.until == Self.day("2026-02-28"))
        #expect(try all.inForce(at: Self.moment("2023-02-28T23:59:59.999+08:00")).isEmpty)
        #expect(try all.inForce(at: Self.moment("2023-03-01T00:00:00+08:00")).count == 1)
        #expect(try all.inForce(at: Self.moment("2026-02-28T23:59:59.999+08:00")).count == 1)
        #expect(try all.inForce(at: Self.moment("2026-03-01T00:00:00+08:00")).isEmpty)
        #expect(try all.all.first?.state(at: Self.moment("2026-03-01T00:00:00+08:00")) == .expired)
    }

    @Test("a listing goes by the version of its list that was valid when it began: a later change of the term moves no old end")
    func versions() throws {
        let book = try #require(Self.book)
        let old = try #require(book.lists.latest(of: "tax"))
        var files = try PolicyBook.texts(
            in: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "PolicyBook").path)
        let line = try #require(files["lists.yaml"]?.split(separator: "\n").first { $0.contains("code: tax,") })
        let first = line.replacing("to: ,", with: "to: 2024-12-31,")
        let second = line.replacing("version: 1", with: "version: 2").replacing("from: \(old.from)", with: "from: 2025-01-01").replacing("term: P3Y", with: "term: P1Y")
        files["lists.yaml"] = files["lists.yaml"]?.replacing(line, with: "\(first)\n\(second)")
        let changed = try PolicyBook.load(files: files, on: Self.today)
        #expect(changed.lists.filter { $0.code == "tax" }.map(\.version) == [1, 2])
        for (from, until) in [("2024-12-31", "2027-12-30"), ("2025-01-01", "2025-12-31")] {
            let all = Listings([try Self.tax(from: from, on: from)], steps: [], kind: .organisation, book: changed).all
            #expect(try all.map(\.until) == [Self.day(until)], "since \(from)")
        }
    }

    @Test("a removal holds for whatever the record is delivered as later, until it says that the subject was listed anew")
    func removalOfALine() throws {
        let old = RecordID(delivery: 3, row: 9)
        let removal = ListingStep(
            list: "tax", subject: Self.firm, record: old.description, kind: .removal, day: try Self.day("2025-06-01"), document: "移〔2025〕1号", text: "已修复", ground: .repair, actor: "a",
            body: "b", at: try Self.moment("2025-06-01T10:00:00+08:00"))
        func state(listed: String, _ day: String) throws -> ListedRecord {
            let record = try Self.tax(from: listed, on: day)
            return ListedRecord(id: record.id, resource: record.resource, effective: record.effective, values: record.values, earlier: [old])
        }
        // The authority's next file still says 在列, with another day of its state.
        #expect(try listings([state(listed: "2025-01-10", "2025-07-01")], [removal]).inForce(at: Self.moment("2025-07-02T00:00:00+08:00")).isEmpty)
        #expect(try listings([state(listed: "2025-01-10", "2025-07-01")], [removal]).inForce(at: Self.moment("2025-05-31T00:00:00+08:00")).count == 1)
        #expect(try listings([state(listed: "2025-08-01", "2025-08-01")], [removal]).inForce(at: Self.moment("2025-08-02T00:00:00+08:00")).count == 1)
    }

    @Test("the decision's own last day goes before the list's term")
    func ownTerm() throws {
        let all = try listings([Self.tax(from: "2025-01-10", until: "2025-06-30", on: "2025-01-10")])
        #expect(try all.inForce(at: Self.moment("2025-06-30T12:00:00+08:00")).count == 1)
        #expect(try all.inForce(at: Self.moment("2025-07-01T00:00:00+08:00")).isEmpty)
    }

    @Test("a record that says 已移出 or 已撤销 ends the listing; codes of reasons are told by name")
    func states() throws {
        for state in ["已移出", "已撤销"] {
            let all = try listings([Self.tax(from: "2025-01-10", state: state, on: "2025-09-01")])
            #expect(all.all.count == 1)
            #expect(try all.inForce(at: Self.moment("2025-09-01T08:00:00+08:00")).isEmpty)
        }
        let debtor = try Self.record("ZMD-06-0001", ["LRWSH": "（2026）豫17执1号", "LRRQ": "2026-01-05", "MDZT": "在列", "ZTRQ": "2026-01-05", "SXQX": "4"])
        #expect(try listings([debtor]).all.first?.reason == "违反财产报告制度")
    }

    @Test("a removal of today ends the listing at that minute, one of an earlier day from its beginning")
    func removal() throws {
        let record = try Self.tax(from: "2025-01-10", on: "2025-01-10")
        let at = try Self.moment("2025-09-01T10:30:00+08:00")
        for (day, begins) in [("2025-09-01", at), ("2025-08-20", at)] {
            let step = ListingStep(
                list: "tax", subject: Self.firm, record: record.id.description, kind: .removal, day: try Self.day(day), document: "移〔2025〕1号", text: "已修复", ground: .repair,
                actor: "a", body: "ZMD-SWS", at: at)
            let all = try listings([record], [step])
            #expect(all.inForce(at: Instant(milliseconds: begins.milliseconds - 1)).count == 1)
            #expect(all.inForce(at: begins).isEmpty)
        }
    }

    @Test("a list whose law is not in force that day lists nobody")
    func basis() throws {
        // The list's rule came into force on 2022-02-01.
        let all = try listings([Self.tax(from: "2021-06-01", until: "2030-01-01", on: "2021-06-01")])
        #expect(try all.inForce(at: Self.moment("2022-01-31T12:00:00+08:00")).isEmpty)
        #expect(try all.inForce(at: Self.moment("2022-02-01T12:00:00+08:00")).count == 1)
    }

    @Test("a red entry ends the moment a listing of serious dishonesty begins, and stays ended after it; an annulled one does not count")
    func red() throws {
        let honour = try Self.record("ZMD-11-0001", ["RYMC": "诚信企业", "WSH": "1号", "BZRQ": "2024-05-01", "SYDW": "市政府", "RYZT": "1"], id: RecordID(delivery: 8, row: 1))
        let bad = try Self.tax(from: "2025-03-01", until: "2025-06-30", on: "2025-03-01")
        let both = try listings([honour, bad])
        func isRed(_ all: Listings, _ text: String) throws -> Bool { try all.inForce(at: Self.moment(text)).contains { $0.list == "red-honour" } }
        #expect(try isRed(both, "2025-02-28T23:59:00+08:00"))
        #expect(try !isRed(both, "2025-03-01T00:00:00+08:00"))
        #expect(try !isRed(both, "2025-08-01T00:00:00+08:00"))
        let annulled = try listings([honour, Self.tax(from: "2025-03-01", state: "已撤销", on: "2025-04-01")])
        #expect(try isRed(annulled, "2025-08-01T00:00:00+08:00"))
    }
}
