import Archive
import Foundation
import Identifiers
import Testing

@Suite("deliveries that are sealed as several runs") struct RunTests {
    let folder = Folder()

    private func card(_ text: String) -> SubjectCard {
        SubjectCard(kind: .person, identifierKind: .citizenNumber, maskedIdentifier: text)
    }

    /// Three arenas of one delivery that share subjects, resources and cards.
    private func shares(_ delivery: UInt32) throws -> (arenas: [EntryArena], rows: [(SubjectKey?, Entry)]) {
        var generator = SeededGenerator(UInt64(delivery))
        let rows: [(SubjectKey?, Entry)] = (1...3000).map { row in
            let number = UInt64.random(in: 1...200, using: &generator)
            return (
                number < 3 ? nil : subject(number),
                entry(delivery, UInt32(row), key: "", value: "\(row)", resource: UInt16(row % 2 + 1)))
        }
        var arenas = [EntryArena](repeating: EntryArena(delivery: delivery), count: 3)
        for (index, row) in rows.enumerated() {
            try arenas[index / 100 % 3].append(row.1, subject: row.0)
            guard let subject = row.0 else { continue }
            try arenas[index / 100 % 3].appendCard(card("\(index / 100 % 3)"), subject: subject, row: UInt32(index + 1))
        }
        return (arenas, rows)
    }

    /// The first two arenas as runs, the third as the rest.
    private func seal(_ arenas: [EntryArena], _ archive: RocksArchive) throws -> SealedDelivery {
        let delivery = arenas[0].delivery
        let second = try archive.spill(arenas[1], run: 2, staging: folder.staging)
        let first = try archive.spill(arenas[0], run: 1, staging: folder.staging)
        return try archive.seal([arenas[2]], after: [second, first], marker: marker(delivery), staging: folder.staging, workers: 2)
    }

    @Test("overlapping runs enter by one step, their operands joined, the last card kept; compaction and reopening change nothing")
    func overlapping() throws {
        let archive = try RocksArchive(path: folder.archive)
        var expected: [(SubjectKey?, Entry)] = []
        for delivery in 1...3 as ClosedRange<UInt32> {
            let (arenas, rows) = try shares(delivery)
            expected += rows
            // The middle one as a whole, so that runs lie below and above a plain delivery.
            if delivery == 2 { try archive.take(arenas, marker(2), folder) } else { try archive.commit(try seal(arenas, archive)) }
        }
        #expect(folder.names(in: folder.staging).isEmpty)
        func check(_ archive: RocksArchive) throws {
            let subjects = Dictionary(grouping: expected.filter { $0.0 != nil }) { $0.0 }
            for (subject, rows) in subjects {
                guard let subject else { continue }
                #expect(try archive.history(of: [subject]).entries == rows.map(\.1))
                let last = rows.filter { $0.1.record.delivery == 3 }.map { Int($0.1.record.row - 1) / 100 % 3 }.max()
                #expect(try archive.card(of: subject) == card("\(last ?? -1)"))
            }
            for delivery in 1...3 as ClosedRange<UInt32> {
                let aside = expected.filter { $0.0 == nil && $0.1.record.delivery == delivery }.map(\.1)
                #expect(try archive.suspended(delivery: delivery, limit: .max) == aside)
                let marker = try #require(try archive.marker(of: delivery))
                #expect(marker.entryCount + marker.suspendedCount == 3000 && marker.suspendedCount == aside.count)
            }
            #expect(try archive.verify().isSound)
        }
        try check(archive)
        try archive.compact()
        try check(archive)
        archive.close()
        try check(try RocksArchive(path: folder.archive))
    }

    @Test("wherever the manifest ends after a power cut, all runs of a delivery are there with its marker, or none")
    func tornManifest() throws {
        let archive = try RocksArchive(path: folder.archive)
        try archive.take(try shares(1).arenas, marker(1), folder)
        let name = try #require(folder.names(in: folder.archive).first { $0.hasPrefix("MANIFEST") })
        let before = size(folder.archive + "/" + name)
        let rows = try shares(2)
        try archive.commit(try seal(rows.arenas, archive))
        archive.close()
        let after = size(folder.archive + "/" + name)
        var outcomes: Set<Int> = []
        for length in stride(from: before, through: after, by: 23).map({ $0 }) + [after - 1, after] {
            let copy = folder.path + "/copy"
            try FileManager.default.copyItem(atPath: folder.archive, toPath: copy)
            defer { try? FileManager.default.removeItem(atPath: copy) }
            #expect(unsafe truncate("\(copy)/\(name)", length) == 0)
            let torn = try RocksArchive(path: copy)
            let report = try torn.verify()
            #expect(report.isSound)
            let all = try torn.marker(of: 2) != nil
            #expect(report.entries + report.suspended == (all ? 6000 : 3000))
            outcomes.insert(report.markers)
            torn.close()
        }
        #expect(outcomes == [1, 2])
    }

    @Test("the backlog counts what lies over one another, and compaction makes it one")
    func backlog() throws {
        let archive = try RocksArchive(path: folder.archive, options: ArchiveOptions(compactsByItself: false))
        for delivery in 1...5 as ClosedRange<UInt32> {
            try archive.take([try arena(delivery, [(subject(1), entry(delivery, 1))])], marker(delivery), folder)
        }
        #expect(try archive.backlog().sortedRuns == 5)
        let (runs, entries) = (ArchiveBacklog.bulkLimit, ArchiveBacklog.bulkEntries)
        let full = ArchiveBacklog(sortedRuns: runs, isSettled: false, diskBytes: 0)
        #expect(!full.admits(entries: entries) && full.admits(entries: entries - 1))
        #expect(ArchiveBacklog(sortedRuns: runs - 1, isSettled: false, diskBytes: 0).admits(entries: .max))
        try archive.compact()
        #expect(try archive.backlog().sortedRuns == 1)
        // The store takes its own time to say that nothing is due.
        for _ in 0..<500 where try !archive.backlog().isSettled { usleep(10_000) }
        #expect(try archive.backlog().isSettled)
    }

    @Test("a subject with very many records in several runs has pages of bounded size")
    func largeSubject() throws {
        let archive = try RocksArchive(path: folder.archive)
        let entries = (1...40_000).map { entry(9, UInt32($0), key: "\($0)") }
        let arenas = try (0..<4).map { part in
            try arena(9, entries.filter { Int($0.record.row) % 4 == part }.map { (subject(1), $0) })
        }
        let runs = try (1...3).map { try archive.spill(arenas[$0], run: $0, staging: folder.staging) }
        try archive.commit(
            try archive.seal([arenas[0]], after: runs, marker: marker(9), staging: folder.staging, workers: 2))
        var pages = 0
        try archive.scanPages(subject(1)...subject(1)) { _, page in
            pages += 1
            #expect(page.count < 64 << 10)
        }
        #expect(pages > 35)
        #expect(try archive.history(of: [subject(1)]).entries == entries)
        #expect(try archive.verify().isSound)
    }
}
