import Archive
import Cryptography
import FoundationEssentials
import Identifiers
import Tables

@testable import Intake
@testable import Policy

/// The city's real policy book, as of a day that stays.
enum Book {
    static let today = CivilDate(day: 20_634)  // 2026-06-30
    static let book: PolicyBook = {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        do { return try PolicyBook.load(from: root + "/PolicyBook", on: today) } catch { preconditionFailure("\(error)") }
    }()

    static func resource(_ number: UInt8) -> Resource { book.resources[Int(number) % book.resources.count] }
}

enum LayoutProperties {
    /// A payload that is read is written again as the same bytes, and its parts agree with the whole.
    ///
    /// The first byte chooses the resource.
    static func check(_ input: [UInt8]) throws {
        guard let first = input.first else { return }
        let layout = Book.resource(first).layout
        let payload = Array(input.dropFirst())
        let values: [Layout.Value]
        do throws(LayoutFault) { values = try layout.decode(payload) } catch {
            _ = try? layout.keyLength(of: payload.span)
            return
        }
        let (again, keyLength) = try layout.encode(values)
        try ensure(again == payload, "\(values) is written as \(again), stood as \(payload)")
        try ensure(try layout.keyLength(of: payload.span) == keyLength, "another business key")
        for position in values.indices {
            try ensure(try layout.value(at: position, of: payload.span) == values[position], "value \(position) alone")
        }
    }
}

enum RowProperties {
    /// A file of rows is refused as a whole, or each of its rows is accepted or returned with its reasons; what is accepted
    /// is a record of the resource's layout.
    ///
    /// The first byte chooses the resource, the second, where it is even, puts the resource's header before the rest.
    static func check(_ input: [UInt8]) throws {
        guard input.count > 2 else { return }
        let resource = Book.resource(input[0])
        var file: [UInt8] = []
        if input[1] & 1 == 0 { file = Array((resource.fields.map(\.name).joined(separator: ",") + "\n").utf8) }
        file += input.dropFirst(2)
        let table: OpenedTable
        do throws(DeliveryFault) {
            table = try OpenedTable(fileName: "文件", resource: resource) { () throws(TableFault) in
                try TableFile.open(path: MemoryFile.path(holding: file))
            }
        } catch {
            try ensure(!error.description.isEmpty, "a refusal without words")
            return
        }
        var checker = RowChecker(
            plan: table.plan(resource, book: Book.book, today: Book.today), delivery: 1,
            keys: SubjectKeyMaker(key: [UInt8](repeating: 7, count: 32)), roll: SubjectRoll(registered: []), targets: nil)
        var rows = 0
        do {
            while let portion = try table.source.next() {
                rows += portion.numbers.count(where: { $0 > 0 })
                try checker.check(portion.batch, from: portion.firstRow, numbers: portion.numbers)
            }
        } catch let violation as Violation { throw violation } catch { return }
        try ensure(checker.tally.rows == rows, "\(checker.tally.rows) of \(rows) rows")
        try ensure(checker.tally.accepted + checker.rejections.count == rows, "\(checker.tally.accepted) and \(checker.rejections.count) of \(rows)")
        for rejection in checker.rejections { try ensureReasons(rejection) }
        try ensureRecords(checker.arena, resource, checker.tally)
    }

    private static func ensureReasons(_ rejection: Rejection) throws {
        try ensure(!rejection.faults.isEmpty, "row \(rejection.row) is returned without a reason")
        for fault in rejection.faults {
            try ensure(!fault.message.isEmpty && !fault.cure.isEmpty, "\(fault.code) without words")
            try ensure(!fault.field.isEmpty || [.ragged, .subjectMissing].contains(fault.code), "\(fault.code) of no field")
            try ensure(fault.value.unicodeScalars.count <= 201, "a value of \(fault.value.unicodeScalars.count) characters")
        }
    }

    private static func ensureRecords(_ arena: EntryArena, _ resource: Resource, _ tally: RowChecker.Tally) throws {
        let entries = try arena.entries()
        try ensure(entries.count == tally.accepted, "\(entries.count) entries for \(tally.accepted) rows")
        for entry in entries where entry.kind != .withdrawal {
            let (payload, keyLength) = try resource.layout.encode(try resource.layout.decode(entry.payload))
            try ensure(payload == entry.payload && keyLength == entry.keyLength, "row \(entry.record.row) is no record")
        }
    }
}

enum DocumentProperties {
    /// The JSON that we keep between two steps, and that of returned rows, reads as what it was written from, or not at all.
    static func check(_ input: [UInt8]) throws {
        var digest = SM3()
        digest.update(input.span)
        if let effects = try? Effects.decoded(Array(digest.finish().hex.utf8) + [0x0A] + input) {
            let text = try effects.encoded()
            let again = try Effects.decoded(text)
            try ensure(again.known == effects.known && again.organisations.count == effects.organisations.count, "the effects read otherwise")
            try ensure(again.aliases.count == effects.aliases.count, "the aliases read otherwise")
            for facts in effects.organisations { _ = facts.facts }
        }
        if let rejections = try? RejectionFile.rejections(input) {
            _ = RejectionCause.causes(of: rejections)
            for rejection in rejections {
                let text = try JSONEncoder().encode(rejection)
                try ensure(try JSONDecoder().decode(Rejection.self, from: text) == rejection, "a rejection reads otherwise")
            }
        }
    }
}
