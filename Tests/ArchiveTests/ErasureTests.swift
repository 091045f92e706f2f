@testable import Archive
import Testing

@Suite("erased deliveries") struct ErasureTests {
    let folder = Folder()

    /// Four deliveries; 2 is the one to go. Subject 1 has entries of all, 2 of the second alone, 3 of all but it.
    private func fill(_ archive: RocksArchive) throws {
        for delivery in 1...4 as ClosedRange<UInt32> {
            var rows: [(SubjectKey?, Entry)] = (1...40).map { (subject(1), entry(delivery, $0, key: "\($0)")) }
            if delivery == 2 { rows.append((subject(2), entry(2, 41))) } else { rows.append((subject(3), entry(delivery, 41))) }
            rows.append((nil, entry(delivery, 42)))
            try archive.take([try arena(delivery, rows)], marker(delivery), folder)
        }
    }

    private func deliveries(_ archive: RocksArchive, _ number: UInt64) throws -> Set<UInt32> {
        Set(try archive.history(of: [subject(number)]).entries.map(\.record.delivery))
    }

    @Test("are gone after compaction, others stay, and the archive stays sound on the way", arguments: [false, true])
    func gone(settledBefore: Bool) throws {
        let archive = try RocksArchive(path: folder.archive)
        try fill(archive)
        if settledBefore { try archive.compact() }
        #expect(try archive.verify().isSound)
        archive.abandon(Erased(deliveries: [2]))
        let meanwhile = try archive.verify()
        #expect(meanwhile.isSound && meanwhile.unremoved == 42)
        try archive.remove(Erased(deliveries: [2]))
        #expect(try deliveries(archive, 1) == [1, 3, 4] && deliveries(archive, 3) == [1, 3, 4])
        #expect(try archive.history(of: [subject(1)]).entries.count == 120)
        #expect(try archive.history(of: [subject(2)]).entries.isEmpty)
        #expect(try archive.suspended(delivery: 2, limit: 9).isEmpty && archive.suspended(delivery: 3, limit: 9).count == 1)
        let after = try archive.verify()
        #expect(after.isSound && after.unremoved == 0 && after.entries == 3 * 41 && after.suspended == 3)
        archive.close()
        // Nothing is left in the files either: an opening that knows of no erasure finds the delivery short, not back.
        let again = try RocksArchive(path: folder.archive)
        #expect(try deliveries(again, 1) == [1, 3, 4])
        #expect(try !again.verify().isSound)
        again.abandon(Erased(deliveries: [2]))
        #expect(try again.verify().isSound)
    }

    @Test("single records are gone after compaction, others of the same page and delivery stay, and the archive stays sound on the way")
    func records() throws {
        let archive = try RocksArchive(path: folder.archive)
        try fill(archive)
        let gone: Set<RecordID> = [RecordID(delivery: 2, row: 7), RecordID(delivery: 3, row: 40), RecordID(delivery: 3, row: 41)]
        #expect(try archive.verify().unremoved == 0)
        archive.abandon(Erased(records: gone))
        let meanwhile = try archive.verify()
        #expect(meanwhile.isSound && meanwhile.unremoved == 3)
        try archive.remove(Erased(records: gone))
        let left = try archive.history(of: [subject(1)]).entries.map(\.record)
        #expect(left.count == 158 && gone.isDisjoint(with: left))
        #expect(try deliveries(archive, 3) == [1, 4] && deliveries(archive, 2) == [2])
        let after = try archive.verify()
        #expect(after.isSound && after.unremoved == 0 && after.entries == 4 * 41 - 3 && after.suspended == 4)
        archive.close()
        let again = try RocksArchive(path: folder.archive)
        #expect(try !again.verify().isSound)
        again.abandon(Erased(records: gone))
        #expect(try again.verify().isSound)
    }

    @Test("a rewriting that was stopped says so, and nothing is left out after it that was not asked for")
    func stopped() throws {
        let archive = try RocksArchive(path: folder.archive)
        try fill(archive)
        archive.stopRewriting()
        #expect { try archive.remove(Erased(deliveries: [2])) } throws: { ($0 as? ArchiveFault)?.code == .interrupted }
        archive.close()
        let again = try RocksArchive(path: folder.archive)
        again.abandon(Erased(deliveries: [2]))
        try again.remove(Erased(deliveries: [2]))
        #expect(try deliveries(again, 1) == [1, 3, 4] && again.verify().isSound)
    }

    @Test("what cannot be read is left as it is; what can is left out entry by entry, whatever the order")
    func remainder() throws {
        var generator = SeededGenerator(7)
        for _ in 0..<200 {
            let numbers = (0..<Int.random(in: 0...12, using: &generator)).map { _ in UInt32.random(in: 1...3, using: &generator) }
            let arenas = try numbers.enumerated().map { try arena($1, [(subject(1), entry($1, UInt32($0 + 1)))]) }
            let page = arenas.flatMap(\.bytes)
            let kept = zip(numbers, arenas).filter { $0.0 != 2 }.flatMap(\.1.bytes)
            let found = ErasedList.remainder(of: page.span, without: Erased(deliveries: [2]))
            if kept.isEmpty { #expect(found == .nothing) } else { #expect(found == (kept == page ? .everything : .part(kept))) }
            if !page.isEmpty {
                let torn = page.dropLast()
                #expect(ErasedList.remainder(of: Array(torn).span, without: Erased(deliveries: [1, 2, 3])) == .everything)
            }
        }
    }
}
