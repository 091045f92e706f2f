import Archive
import Identifiers
import Testing

@Suite("entries as bytes") struct EntryCodecTests {
    /// The page that an arena's entries make, as the archive would hold it.
    private func page(_ entries: [Entry]) throws -> [UInt8] {
        let folder = Folder()
        let archive = try RocksArchive(path: folder.archive)
        var bytes: [UInt8] = []
        let arena = try arena(7, entries.map { (subject(1), $0) })
        try archive.append(arena, marker: marker(7))
        try archive.scanPages(subject(1)...subject(1)) { _, page in
            for index in page.indices { bytes.append(page[index]) }
        }
        return bytes
    }

    private func decode(_ bytes: [UInt8]) throws(EntryDamage) -> [Entry] {
        var cursor = EntryCursor()
        var entries: [Entry] = []
        while let head = try cursor.next(in: bytes.span) { entries.append(head.entry(in: bytes.span)) }
        return entries
    }

    private func randomEntries(_ count: Int, _ generator: inout SeededGenerator) -> [Entry] {
        (1...count).map { row in
            let length = Int.random(in: 0...(row % 7 == 0 ? 300 : 20), using: &generator)
            let kind = EntryKind.allCases.randomElement(using: &generator) ?? .record
            return Entry(
                kind: kind, record: RecordID(delivery: 7, row: UInt32(row)), resource: 302,
                version: .random(in: 0...255, using: &generator),
                effective: Bool.random(using: &generator)
                    ? day(.random(in: -1_000_000...1_000_000, using: &generator)) : nil,
                target: kind == .record
                    ? nil : RecordID(delivery: .random(in: 0...(.max), using: &generator), row: .random(in: 0...(.max), using: &generator)),
                doubtful: .random(using: &generator), keyLength: Int.random(in: 0...length, using: &generator),
                payload: (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
    }

    @Test("what is written is what is read", arguments: [1, 2, 3] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        let entries = randomEntries(28, &generator)
        #expect(try decode(try page(entries)) == entries)
    }

    @Test("an entry of 15 payload bytes takes 13 more")
    func compactness() throws {
        let bytes = try page([entry(7, 90_000, key: "123456789012", value: "abc", effective: 20_000)])
        #expect(bytes.count == 28)
    }

    @Test("damaged bytes are refused with their place and never trap")
    func damage() throws {
        var generator = SeededGenerator(11)
        let sound = try page(randomEntries(20, &generator))
        var refused = 0
        for _ in 0..<40_000 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) { bytes.removeLast(.random(in: 0...bytes.count, using: &generator)) }
            do throws(EntryDamage) { _ = try decode(bytes) } catch {
                refused += 1
                #expect(0...bytes.count ~= error.offset)
            }
        }
        #expect(refused > 20_000)
    }

    @Test("a length beyond the page is refused", arguments: [
        [5, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x80], [0x80, 0x00], [0],
    ] as [[UInt8]])
    func shortPages(bytes: [UInt8]) {
        #expect(throws: EntryDamage.self) { try decode(bytes) }
    }

    @Test("more than 16 MiB are refused, and nothing is appended")
    func tooLarge() throws {
        var arena = EntryArena(delivery: 1)
        let payload = [UInt8](repeating: 0, count: entryByteLimit)
        #expect {
            try arena.append(
                subject: subject(1), row: 1, resource: 1, version: 1, effective: nil, keyLength: 0, payload: payload.span)
        } throws: { ($0 as? ArchiveFault)?.code == .tooLarge }
        #expect(arena.count == 0 && arena.byteCount == 0)
    }
}

@Suite("names of records and subjects") struct NameTests {
    @Test("a record is called by delivery and row")
    func recordID() {
        #expect(RecordID("42-17") == RecordID(delivery: 42, row: 17))
        #expect(RecordID(delivery: 42, row: 17).description == "42-17")
        for wrong in ["", "42", "42-", "-17", "42-17-1", "042-17", "42-+1", "42- 1", "4294967296-1"] {
            #expect(RecordID(wrong) == nil, "\(wrong)")
        }
        #expect(RecordID(delivery: 1, row: 9) < RecordID(delivery: 2, row: 1))
    }

    @Test("a subject key reads what it writes")
    func subjectKey() {
        let key = SubjectKey(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
        #expect(key.description == "0123456789abcdeffedcba9876543210")
        #expect(SubjectKey(hex: key.description) == key)
        #expect(SubjectKey(hex: key.description.uppercased()) == key)
        #expect(SubjectKey(bytes: key.bytes) == key)
        #expect(SubjectKey(hex: "0123") == nil)
        #expect(SubjectKey(hex: String(repeating: "g", count: 32)) == nil)
    }

    @Test("a subject's key depends on kind, text and secret")
    func keyMaker() throws {
        let today = day(20_000)
        guard case .sound(let person) = Identifier.assess(
            "11010519491231002X".utf8.span, as: .citizenNumber, on: today)
        else { Issue.record("the sample number is sound"); return }
        var maker = SubjectKeyMaker(key: [UInt8](repeating: 1, count: 32))
        var other = SubjectKeyMaker(key: [UInt8](repeating: 2, count: 32))
        #expect(maker.key(of: person) == maker.key(of: person))
        #expect(maker.key(of: person) != other.key(of: person))
    }
}
