import FoundationEssentials
import Identifiers
import Testing

@testable import Access
@testable import Cryptography
@testable import Ledger
@testable import Registry

@Suite("Access log") struct AccessLogTests {
    static let subjects = (1...5).map { RegistryKey(high: UInt64($0), low: 7) }

    /// The positions at which the store's events are not what the tree has: altered, missing, moved, or put between.
    static func faults(_ events: [AccessEvent], _ tree: TiledLog) throws -> [Int] {
        try (0..<tree.head.size).filter { index in
            guard events.indices.contains(index), events[index].position == Int64(index) else { return true }
            return AccessLog.leaf(of: events[index]) != (try tree.leafHash(at: index))
        }
    }

    /// Where a subject's own chain shows that one of its events is missing.
    static func gaps(_ events: [AccessEvent], of subject: RegistryKey) -> [Int64] {
        var (count, previous): (Int64, String?) = (0, nil)
        return events.filter { $0.subject == subject }.compactMap { event in
            defer { (count, previous) = (event.subjectCount ?? -1, AccessLog.leaf(of: event).hex) }
            return event.subjectCount == count + 1 && event.previous == previous ? nil : event.position
        }
    }

    /// A log of some events, its head signed.
    static func filled(_ count: Int) throws -> Office {
        let office = try Office()
        var random = Seeded(11)
        for number in 0..<count {
            let subject = number % 7 == 6 ? nil : subjects.randomElement(using: &random)
            var event = Office.look("user\(number % 4)", subject, at: Office.start.after(seconds: Int64(number)), detail: "事件 \(number)")
            event.isAllowed = number % 5 != 4
            event.consent = number % 3 == 0 ? Int64(number) : nil
            try office.access.log.appendBlocking(event)
        }
        try office.access.log.signHead(at: Office.start)
        return office
    }

    // MARK: Appending

    @Test("1,000 events at once: all kept, at the places 0 to 999, and still there for the next process")
    func concurrent() async throws {
        let office = try Office()
        defer { office.close() }
        let log = office.access.log
        let kept = try await withThrowingTaskGroup(of: AccessEvent.self) { group in
            for number in 0..<1000 { group.addTask { try await log.append(Office.look("user\(number)", Self.subjects[number % 5])) } }
            return try await group.reduce(into: [AccessEvent]()) { $0.append($1) }
        }
        #expect(kept.map(\.position).sorted() == (0..<1000).map { Int64($0) })
        #expect(Set(kept.map(\.actor)).count == 1000 && kept.allSatisfy { $0.salt?.count == 16 } && Set(kept.compactMap(\.salt)).count == 1000)
        try office.registry.close()
        let again = try AccessRegistry.open("\(office.path)/access.sqlite")
        defer { try? again.close() }
        let found = try again.events.events(from: 0, limit: 2000)
        #expect(found == kept.sorted { $0.position < $1.position })
        for subject in Self.subjects {
            #expect(Self.gaps(found, of: subject).isEmpty && found.count { $0.subject == subject } == 200)
        }
    }

    @Test("what an append returns is what is stored, and what the leaf was made of")
    func returned() async throws {
        let office = try Office()
        defer { office.close() }
        for number in 0..<20 {
            let kept = try await office.access.log.append(Office.look("a", number % 2 == 0 ? Self.subjects[0] : nil, detail: "\(number)"))
            #expect(try office.registry.events.event(kept.position) == kept)
            #expect((kept.subjectCount != nil) == (kept.subject != nil))
        }
        for position in [20, -1] as [Int64] { #expect(try office.registry.events.event(position) == nil) }
    }

    @Test("an event that cannot be kept is told so, and the log goes on afterwards")
    func refused() async throws {
        let office = try Office()
        defer { office.close() }
        let log = office.access.log
        try await log.append(Office.look("a", nil))
        try office.registry.close()
        for _ in 0..<3 { await #expect(throws: (any Error).self) { try await log.append(Office.look("b", nil)) } }
    }

    // MARK: The subject's chain

    @Test("any event taken away shows as a gap in its subject's chain, the last one by the count that is kept apart")
    func chain() throws {
        let office = try Self.filled(120)
        defer { office.close() }
        let events = try office.registry.events.events(from: 0, limit: 1000)
        for subject in Self.subjects {
            #expect(Self.gaps(events, of: subject).isEmpty)
            let own = events.filter { $0.subject == subject }
            #expect(own.map(\.subjectCount) == (1...own.count).map { Int64($0) })
            for lost in own.dropLast() {
                #expect(!Self.gaps(events.filter { $0.position != lost.position }, of: subject).isEmpty, "\(lost.position)")
            }
            let kept = try office.registry.driver.read { connection throws(RegistryFault) in
                try connection.query("SELECT looks, leaf FROM subject_events WHERE subject = ?", [.key(subject)])
            }
            #expect(try kept.first?.integer("looks") == own.count)
            #expect(try kept.first?.text("leaf") == own.last.map { AccessLog.leaf(of: $0).hex })
        }
    }

    // MARK: The tree

    @Test("the tree has a leaf for each event, under every head that was signed", arguments: [0, 1, 2, 255, 256, 257, 600])
    func tree(count: Int) throws {
        let office = try Self.filled(count)
        defer { office.close() }
        let tree = office.access.log.tree
        #expect(tree.size == count && !tree.isUnsigned)
        #expect((tree.checkpoints.latest == nil) == (count == 0))
        let events = try office.registry.events.events(from: 0, limit: 1000)
        #expect(try Self.faults(events, tree.tree).isEmpty)
        let verifier = try #require(ProofVerifier(vkey: tree.vkey))
        for event in events.shuffled().prefix(20) {
            let data = LeafData(bytes: try #require(event.leafBytes))
            let proof = try tree.proof(of: Int(event.position), data: data, at: 1)
            #expect(try verifier.check(inclusion: proof.description).index == Int(event.position))
            // Another event's bytes do not pass for it.
            #expect(throws: ProofProblem.notIncluded) { try verifier.check(inclusion: proof.description, data: LeafData(bytes: data.bytes + [0x20])) }
        }
    }

    @Test("after a reopening the tree begins at its last head and catches up to the same root", arguments: [false, true])
    func catchingUp(isLost: Bool) throws {
        let office = try Self.filled(100)
        defer { office.close() }
        for number in 0..<300 { try office.access.log.appendBlocking(Office.look("late\(number)", Self.subjects[number % 5])) }
        // Killed before anything of them was in the tree, or after they were and before the head was signed.
        if isLost { try office.access.log.tree.append(office.registry.events.events(from: 100, limit: 300).map { AccessLog.leaf(of: $0) }) }
        let tree = try office.reopenedTree()
        #expect(tree.size == 100)
        let log = AccessLog(registry: office.registry, tree: tree)
        let old = try #require(tree.checkpoints.latest)
        try log.signHead(at: Office.start.after(seconds: 60))
        #expect(tree.size == 400 && !tree.isUnsigned)
        let events = try office.registry.events.events(from: 0, limit: 1000)
        #expect(try Self.faults(events, tree.tree).isEmpty)
        let new = try #require(tree.checkpoints.latest)
        let verifier = try #require(ProofVerifier(vkey: tree.vkey))
        #expect(try verifier.check(consistency: tree.consistency(from: old, to: new).description).new.head.size == 400)
    }

    @Test("heads asked for from many sides at once put no event into the tree twice")
    func concurrentHeads() async throws {
        let office = try Office()
        defer { office.close() }
        let log = office.access.log
        for round in 0..<20 {
            for number in 0..<25 { try log.appendBlocking(Office.look("r\(round)n\(number)", Self.subjects[number % 5])) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try log.signHead(at: Office.start.after(seconds: Int64(round))) } }
                try await group.waitForAll()
            }
            #expect(log.tree.size == 25 * (round + 1))
        }
        #expect(try Self.faults(office.registry.events.events(from: 0, limit: 1000), log.tree.tree).isEmpty)
    }

    // MARK: Tampering

    /// Statements that change what was written, one kind of change each.
    enum Tampering: CaseIterable {
        case alter, delete, close, insert, reorder, truncate

        func apply(_ connection: any SQLConnection, count: Int64, _ random: inout Seeded) throws(RegistryFault) {
            let position = Int64.random(in: 0..<count, using: &random)
            switch self {
            case .alter: try Self.alter(connection, position, &random)
            case .delete: try connection.execute("DELETE FROM access_events WHERE position = ?", [.integer(position)])
            case .close:
                // Taken out, and the gap closed up.
                let gone = Int64.random(in: 0..<count - 1, using: &random)
                try connection.execute("DELETE FROM access_events WHERE position = ?", [.integer(gone)])
                try shift(connection, from: gone + 1, by: -1)
            case .insert:
                try shift(connection, from: position, by: 1)
                try connection.execute(
                    """
                    INSERT INTO access_events (\(AccessEvent.columns)) SELECT ?, at, action, allowed, actor, actor_name, role, body, address, channel,
                    subject, items, purpose, case_number, consent, detail, subject_count, previous, salt FROM access_events WHERE position = ?
                    """, [.integer(position), .integer(position == 0 ? 1 : 0)])
            case .reorder:
                let other = (position + Int64.random(in: 1..<count, using: &random)) % count
                for (from, to) in [(position, Int64(-1)), (other, position), (-1, other)] {
                    try connection.execute("UPDATE access_events SET position = ? WHERE position = ?", [.integer(to), .integer(from)])
                }
            case .truncate: try connection.execute("DELETE FROM access_events WHERE position >= ?", [.integer(position)])
            }
        }

        private func shift(_ connection: any SQLConnection, from: Int64, by step: Int64) throws(RegistryFault) {
            // Through numbers that nobody has, since each may be there once only.
            try connection.execute("UPDATE access_events SET position = -position - 1000 WHERE position >= ?", [.integer(from)])
            try connection.execute("UPDATE access_events SET position = -position - 1000 + ? WHERE position <= -1000", [.integer(step)])
        }

        private static let texts = ["actor", "actor_name", "role", "body", "address", "channel", "items", "purpose", "case_number", "detail", "previous"]

        private static func alter(_ connection: any SQLConnection, _ position: Int64, _ random: inout Seeded) throws(RegistryFault) {
            func set(_ assignment: String, _ values: [SQLValue] = []) throws(RegistryFault) {
                try connection.execute("UPDATE access_events SET \(assignment) WHERE position = ?", values + [.integer(position)])
            }
            switch Int.random(in: 0..<18, using: &random) {
            case let index where index < Self.texts.count:
                let column = Self.texts[index]
                let mark = ["甲", "x", " ", "：", "0", "\u{200B}"].randomElement(using: &random) ?? "x"
                try Bool.random(using: &random)
                    ? set("\(column) = COALESCE(\(column), '') || ?", [.text(mark)]) : set("\(column) = ? || COALESCE(\(column), '')", [.text(mark)])
            case 11: try set("at = at + ?", [.integer(Int64.random(in: 1...100_000, using: &random) * (Bool.random(using: &random) ? 1 : -1))])
            case 12: try set("action = CASE action WHEN 'query' THEN 'export' ELSE 'query' END")
            case 13: try set("allowed = 1 - allowed")
            case 14:
                let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
                try set("subject = ?", [.blob(bytes)])
            case 15: try set("consent = COALESCE(consent, -1) + 1")
            case 16: try set("subject_count = COALESCE(subject_count, 0) + 1")
            default:
                // The salt is what hides the event: another one, or none at all, is as wrong as another event.
                let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
                try set("salt = ?", [Bool.random(using: &random) ? .blob(bytes) : .null])
            }
        }
    }

    @Test("2,000 random changes of what was written, of every kind, are all found")
    func tampering() throws {
        let office = try Self.filled(60)
        defer { office.close() }
        let tree = office.access.log.tree.tree
        let whole = try office.registry.events.events(from: 0, limit: 1000)
        #expect(try Self.faults(whole, tree).isEmpty)
        for seed in 0..<2000 as Range<UInt64> {
            var random = Seeded(seed)
            let kind = Tampering.allCases[Int(seed) % Tampering.allCases.count]
            var found: [AccessEvent] = []
            // Looked at inside a transaction that then ends without having happened.
            #expect(throws: RegistryFault.self) {
                try office.registry.driver.write { connection throws(RegistryFault) in
                    try kind.apply(connection, count: 60, &random)
                    for row in try connection.query("SELECT \(AccessEvent.columns) FROM access_events ORDER BY position") {
                        found.append(try AccessEvent(row: row))
                    }
                    throw RegistryFault(.failed, detail: "undone")
                }
            }
            // Another change than the one intended (a constraint, a value that stayed) would prove nothing.
            #expect(found != whole && (!found.isEmpty || kind == .truncate), "\(seed) \(kind)")
            #expect(try !Self.faults(found, tree).isEmpty, "\(seed) \(kind)")
        }
        #expect(try office.registry.events.events(from: 0, limit: 1000) == whole)
    }

    // MARK: The text that a leaf commits to

    /// An event with all its texts from a generator.
    private func event(_ text: () -> String) -> AccessEvent {
        var event = Office.look(text(), nil)
        event.actorName = text()
        event.role = text()
        event.body = text()
        event.address = text()
        event.channel = text()
        event.items = text()
        event.purpose = text()
        event.caseNumber = text()
        event.detail = text()
        event.previous = text()
        event.position = 3
        event.salt = [UInt8](repeating: 7, count: 16)
        return event
    }

    @Test("whatever stands in an event, its text has one line a value: none can write a line of its own")
    func lines() {
        var random = Seeded(3)
        let pieces = ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{0B}", "case: 1", "a", " ", "甲", "\n\n", "\r\n\r\n"]
        for _ in 0..<2000 {
            let event = event { (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined() }
            let lines = event.canonical.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            #expect(lines.count == 20 && lines.last?.isEmpty == true, "\(event.canonical.debugDescription)")
        }
    }

    @Test("the canonical text is this one for ever: a leaf made today is checked in ten years")
    func canonical() {
        var event = AccessEvent(
            at: Office.start, action: .query, actor: "liu", actorName: "刘一", role: "window", body: "411700-a", address: "10.0.0.1", channel: "web")
        (event.position, event.isAllowed, event.subject) = (7, false, RegistryKey(high: 1, low: 2))
        (event.items, event.purpose, event.caseNumber, event.consent) = ("登记\r\n处罚", "YY-01", "驻审〔2026〕3号", 5)
        (event.detail, event.subjectCount, event.previous) = ("a\\b", 3, "00ff")
        let expected = """
            tianzhong-access-event-v1
            position: 7
            at: \(Office.start.rfc3339)
            action: query
            allowed: no
            actor: liu
            name: 刘一
            role: window
            body: 411700-a
            address: 10.0.0.1
            channel: web
            subject: 00000000000000010000000000000002
            items: 登记\\r\\n处罚
            purpose: YY-01
            case: 驻审〔2026〕3号
            consent: 5
            detail: a\\\\b
            subject-count: 3
            previous: 00ff

            """
        #expect(event.canonical == expected)
        event.salt = Array(0..<16)
        #expect(event.leafBytes == Array(0..<16) + Array(expected.utf8))
    }

    @Test("two events that differ have two texts, line ends included")
    func injective() {
        for (one, two) in [("a b", "a\nb"), ("a b", "a\rb"), ("a\nb", "a\rb"), ("a\r\nb", "a\nb"), ("a\\nb", "a\nb"), ("", " "), ("a", "a ")] {
            var (left, right) = (event { "x" }, event { "x" })
            (left.detail, right.detail) = (one, two)
            #expect(left.leafBytes != right.leafBytes, "\(one.debugDescription) and \(two.debugDescription)")
        }
    }

    @Test("an erased event has no text to show, and its place in the tree remains")
    func erased() throws {
        let office = try Self.filled(10)
        defer { office.close() }
        var event = try #require(try office.registry.events.event(4))
        event.salt = nil
        #expect(event.leafBytes == nil)
        #expect(try office.access.log.tree.tree.leafHash(at: 4) != AccessLog.leaf(of: event))
    }
}
