import Archive
import Identifiers
import Testing

@Suite("the embedded archive") struct RocksArchiveTests {
    let folder = Folder()

    @Test("a committed delivery is there with all that it brought; a sealed one is not")
    func commit() throws {
        let archive = try RocksArchive(path: folder.archive)
        let mine = entry(1, 1, value: "甲", effective: 100), other = entry(1, 2, key: "二", value: "乙")
        let aside = entry(1, 3, key: "三")
        var arena = try arena(1, [(subject(1), mine), (subject(2), other), (nil, aside)])
        let card = SubjectCard(
            kind: .organisation, identifierKind: .unifiedSocialCreditCode, maskedIdentifier: "91411700MA40000000")
        try arena.appendCard(card, subject: subject(1), row: 1)
        let sealed = try archive.seal([arena], marker: marker(1, known: 77), staging: folder.staging)
        #expect(try archive.marker(of: 1) == nil)
        #expect(try archive.history(of: [subject(1)]).entries.isEmpty)

        try archive.commit(sealed)
        #expect(try archive.history(of: [subject(1)]).entries == [mine])
        #expect(try archive.history(of: [subject(2), subject(1)]).entries == [mine, other])
        #expect(try archive.history(of: [subject(3)]).entries.isEmpty)
        #expect(try archive.history(of: []).entries.isEmpty)
        #expect(try archive.entry([subject(1), subject(2)], record: other.record) == other)
        #expect(try archive.entry([subject(1)], record: other.record) == nil)
        #expect(try archive.suspended(delivery: 1, limit: 10) == [aside])
        #expect(try archive.card(of: subject(1)) == card)
        #expect(try archive.card(of: subject(2)) == nil)
        let stored = try #require(try archive.marker(of: 1))
        #expect(stored == sealed.marker)
        #expect(stored.entryCount == 2 && stored.suspendedCount == 1 && stored.known.milliseconds == 77)
        #expect(folder.names(in: folder.staging).isEmpty)
        #expect(try archive.verify().isSound)
    }

    @Test("a second commit of the same delivery is refused and changes nothing")
    func doubled() throws {
        let archive = try RocksArchive(path: folder.archive)
        let arena = try arena(1, [(subject(1), entry(1, 1))])
        try archive.take([arena], marker(1), folder)
        let again = try archive.seal([arena], marker: marker(1), staging: folder.staging)
        #expect { try archive.commit(again) } throws: { ($0 as? ArchiveFault)?.code == .alreadyCommitted }
        #expect { try archive.append(arena, marker: marker(1)) } throws: {
            ($0 as? ArchiveFault)?.code == .alreadyCommitted
        }
        #expect(try archive.history(of: [subject(1)]).entries.count == 1)
        #expect(try archive.verify().isSound)
    }

    @Test("many threads that commit the same delivery commit it once")
    func race() async throws {
        let archive = try RocksArchive(path: folder.archive)
        let arena = try arena(1, [(subject(1), entry(1, 1))])
        let wins = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<32 {
                group.addTask { (try? archive.append(arena, marker: marker(1))) == nil ? 0 : 1 }
            }
            return await group.reduce(0, +)
        }
        #expect(wins == 1)
        #expect(try archive.verify().entries == 1)
    }

    @Test("small and bulk deliveries append to the same history, across reopening and compaction")
    func appended() throws {
        var expected: [Entry] = []
        for round in 0..<3 as Range<UInt32> {
            let archive = try RocksArchive(path: folder.archive)
            for number in 1...20 as ClosedRange<UInt32> {
                let delivery = round * 300 + number
                let new = entry(delivery, 1, value: "\(delivery)")
                expected.append(new)
                let arena = try arena(delivery, [(subject(1), new)])
                if number % 2 == 0 { try archive.append(arena, marker: marker(delivery)) } else {
                    try archive.take([arena], marker(delivery), folder)
                }
            }
            #expect(try archive.history(of: [subject(1)]).entries == expected)
            if round == 1 { try archive.compact() }
            #expect(try archive.history(of: [subject(1)]).entries == expected)
            archive.close()
        }
        let archive = try RocksArchive(path: folder.archive, readOnly: true)
        #expect(try archive.history(of: [subject(1)]).entries == expected)
        #expect(try archive.markers().count == 60)
    }

    @Test("the split into arenas, their order and the number of workers do not matter", arguments: [1, 2, 3])
    func arenas(workers: Int) throws {
        var generator = SeededGenerator(5)
        let rows: [(SubjectKey?, Entry)] = (1...160_000).map { row in
            let number = UInt64.random(in: 1...40_000, using: &generator)
            return (
                number < 100 ? nil : subject(number % 1000 == 0 ? 1000 : number),
                entry(1, UInt32(row), key: "", value: "\(row)", resource: UInt16(row % 3 + 1)))
        }
        let whole = try RocksArchive(path: folder.archive)
        try whole.take([try arena(1, rows)], marker(1), folder)
        let split = try RocksArchive(path: folder.path + "/split")
        var parts = [EntryArena](repeating: EntryArena(delivery: 1), count: 5)
        for (index, row) in rows.enumerated() { try parts[index / 1000 % 5].append(row.1, subject: row.0) }
        try split.take(parts.reversed(), marker(1), folder, workers: workers)
        let left = try whole.everything(), right = try split.everything()
        let marker = try #require(try whole.marker(of: 1))
        #expect(left.count == marker.entryCount)
        #expect(left.elementsEqual(right) { $0.0 == $1.0 && $0.1 == $1.1 })
        #expect(zip(left, left.dropFirst()).allSatisfy { $0.0 <= $1.0 })
        let aside = try whole.suspended(delivery: 1, limit: .max), splitAside = try split.suspended(delivery: 1, limit: .max)
        #expect(!aside.isEmpty && aside == splitAside)
        #expect(try split.verify().isSound)
    }

    @Test("a subject with very many records has pages of bounded size, and one order")
    func largeSubject() throws {
        let archive = try RocksArchive(path: folder.archive)
        var expected: [Entry] = []
        for delivery in [5, 255, 256, 300] as [UInt32] {
            let entries = (1...30_000).map { entry(delivery, UInt32($0), key: "\($0)") }
            expected += entries
            try archive.take([try arena(delivery, entries.map { (subject(1), $0) })], marker(delivery), folder)
        }
        var pages: [UInt32] = []
        try archive.scanPages(subject(1)...subject(1)) { key, page in
            pages.append(key.page)
            #expect(page.count < 64 << 10)
        }
        #expect(pages.count > 80)
        #expect(pages == pages.sorted())
        #expect(try archive.history(of: [subject(1)]).entries == expected)
        #expect(try archive.entry([subject(1)], record: RecordID(delivery: 300, row: 30_000)) == expected.last)
        #expect(try archive.verify().isSound)
    }

    @Test("of several cards the one of the last row wins, and a later delivery replaces it")
    func cards() throws {
        let archive = try RocksArchive(path: folder.archive)
        func card(_ number: String) -> SubjectCard {
            SubjectCard(kind: .person, identifierKind: .citizenNumber, maskedIdentifier: number)
        }
        var first = EntryArena(delivery: 1), second = EntryArena(delivery: 1)
        try first.appendCard(card("4128**********0023"), subject: subject(1), row: 9)
        try second.appendCard(card("4128**********0031"), subject: subject(1), row: 2)
        try archive.take([first, second], marker(1), folder)
        #expect(try archive.card(of: subject(1)) == card("4128**********0023"))
        var third = EntryArena(delivery: 2)
        try third.appendCard(card("4128**********004X"), subject: subject(1), row: 1)
        try archive.append(third, marker: marker(2))
        #expect(try archive.card(of: subject(1)) == card("4128**********004X"))
    }

    @Test("suspended entries are read by row, in portions, also two of one row")
    func suspended() throws {
        let archive = try RocksArchive(path: folder.archive)
        let entries = (1...50).flatMap { row in
            [entry(3, UInt32(row), key: "a", resource: 1), entry(3, UInt32(row), key: "b", resource: 2)]
        }
        try archive.take([try arena(3, entries.shuffled().map { (nil, $0) })], marker(3), folder)
        #expect(try archive.suspended(delivery: 3, limit: 1000) == entries)
        #expect(try archive.suspended(delivery: 3, from: 11, limit: 4) == Array(entries[20..<24]))
        #expect(try archive.suspended(delivery: 2, limit: 10).isEmpty)
        #expect(try archive.suspended(delivery: .max, limit: 10).isEmpty)
        let empty = try archive.seal([], marker: marker(4), staging: folder.staging)
        try archive.commit(empty)
        #expect(try archive.marker(of: 4)?.entryCount == 0)
        #expect(try archive.verify().isSound)
    }

    @Test("the last subject key of all has a history too")
    func lastKey() throws {
        let archive = try RocksArchive(path: folder.archive)
        let last = SubjectKey(high: .max, low: .max), first = SubjectKey(high: 0, low: 0)
        try archive.take([try arena(1, [(last, entry(1, 1)), (first, entry(1, 2))])], marker(1), folder)
        #expect(try archive.history(of: [last]).entries == [entry(1, 1)])
        #expect(try archive.history(of: [first]).entries == [entry(1, 2)])
    }
}
