import Foundation
import Identifiers
import Testing

@testable import Policy

/// The city's own book, as it stands in the repository.
@Suite struct RealBookTests {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "PolicyBook").path

    @Test("the city's book loads without fault and covers the national classes and the plan's sectors")
    func loads() throws {
        let today = try #require(CivilDate(year: 2026, month: 11, day: 23))
        let book: PolicyBook
        do {
            book = try PolicyBook.load(from: Self.directory, on: today)
        } catch {
            Issue.record("\(error)")
            return
        }
        let current = book.catalogue(on: today)
        #expect(current.count >= 45)
        #expect(Set(current.map(\.basicClass)) == Set(1...13))
        #expect(book.classes.map(\.number) == Array(1...13))
        #expect(book.sectors.count == 8)
        #expect(Set(current.flatMap { $0.sectors.map(\.name) }) == Set(book.sectors.map(\.name)))
        #expect(current.contains { $0.registers })
        // 严重失信 only with measures of the national list, watching with none, every list of today found by its code.
        #expect(book.nationalMeasures.map(\.number) == Array(1...14) && book.lists.count >= 17)
        for list in book.lists {
            #expect(book.list(list.code, on: today) == list, "\(list.code)")
            let measures = book.measures(of: list, on: today)
            #expect(measures.count == list.measures.count && measures.isEmpty == (list.nature == .watch), "\(list.code)")
        }
        #expect(book.list("tax", on: try #require(CivilDate(year: 2021, month: 1, day: 1))) == nil, "not before its basis")
        for resource in current {
            #expect(!book.providers(of: resource).isEmpty, "\(resource.code)")
            #expect(!(resource.disclosure == .open && resource.subject == .person), "\(resource.code)")
            #expect(book.templateColumns(of: resource).count == resource.fields.count)
        }
    }
}
