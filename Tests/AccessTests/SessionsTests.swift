import Identifiers
import Testing

@testable import Access
@testable import Registry

@Suite("Sessions") struct SessionsTests {
    static let now = Office.start

    static func account(_ number: Int64, roles: [Role] = [.windowClerk, .deliveryClerk]) -> Account {
        Account(
            number: number, login: "user\(number)", name: "测试", body: "ZMD-FGW", roles: roles, subject: nil, state: .active, password: "none",
            mustChange: false, passwordSet: now, secondFactor: nil, lastCounter: -1, failures: 0, lockedUntil: nil, created: now,
            proposedBy: "test", approvedBy: "test")
    }

    /// What the sessions should be, kept the plainest way.
    struct Model {
        struct Entry { var token: String; var account: Int64; var created: Instant; var seen: Instant }

        var entries: [Entry] = []

        func isAlive(_ entry: Entry, _ now: Instant) -> Bool {
            now.milliseconds - entry.seen.milliseconds < 15 * 60_000 && now.milliseconds - entry.created.milliseconds < 8 * 3_600_000
        }

        mutating func begin(_ token: String, _ account: Int64, _ now: Instant) {
            entries = entries.filter { isAlive($0, now) }
            let own = entries.filter { $0.account == account }.sorted { $0.seen < $1.seen }
            for entry in own.dropLast(4) { entries.removeAll { $0.token == entry.token } }
            entries.append(Entry(token: token, account: account, created: now, seen: now))
        }

        mutating func find(_ token: String, _ now: Instant) -> Bool {
            guard let index = entries.firstIndex(where: { $0.token == token && isAlive($0, now) }) else { return false }
            entries[index].seen = now
            return true
        }
    }

    @Test("2,000 random steps: a token opens exactly what the model says it does", arguments: [1, 2, 3] as [UInt64])
    func model(seed: UInt64) {
        var random = Seeded(seed)
        let sessions = Sessions()
        var model = Model()
        var known: [String] = []
        var now = Self.now
        for step in 0..<2000 {
            // Never the same moment twice, so that "oldest" has one meaning.
            now = now.after(seconds: Int64.random(in: 1...(step % 97 == 0 ? 20_000 : 200), using: &random))
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<3:
                let number = Int64.random(in: 1...3, using: &random)
                let token = sessions.begin(Self.account(number), stage: .open, at: now)
                model.begin(token, number, now)
                known.append(token)
            case 3:
                guard let token = known.randomElement(using: &random) else { continue }
                let next = sessions.advance(token, at: now) { _ in }
                let index = model.entries.firstIndex { $0.token == token && model.isAlive($0, now) }
                #expect((next != nil) == (index != nil), "step \(step)")
                if let next, let index {
                    model.entries[index].token = next
                    model.entries[index].seen = now
                    known.append(next)
                } else {
                    model.entries.removeAll { $0.token == token }
                }
            case 4:
                guard let token = known.randomElement(using: &random) else { continue }
                sessions.end(token)
                model.entries.removeAll { $0.token == token }
            case 5 where step % 5 == 0:
                let number = Int64.random(in: 1...3, using: &random)
                sessions.endAll(of: number)
                model.entries.removeAll { $0.account == number }
            default:
                guard let token = known.randomElement(using: &random) else { continue }
                #expect((sessions.find(token, at: now) != nil) == model.find(token, now), "step \(step)")
            }
        }
    }

    @Test("a token is 64 hexadecimal digits, never the same, and never in the session that it opens")
    func tokens() throws {
        let sessions = Sessions()
        var seen: Set<String> = []
        for number in 1...500 {
            let token = sessions.begin(Self.account(Int64(number)), stage: .open, at: Self.now)
            #expect(token.utf8.count == 64 && token.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
            #expect(seen.insert(token).inserted)
            let session = try #require(sessions.find(token, at: Self.now))
            #expect(seen.insert(session.name).inserted && !"\(session)".contains(token))
        }
        for wrong in ["", "x", String(repeating: "0", count: 64)] { #expect(sessions.find(wrong, at: Self.now) == nil) }
    }

    @Test("idle for 15 minutes ends it, to the millisecond")
    func idle() {
        let sessions = Sessions()
        let token = sessions.begin(Self.account(1), stage: .open, at: Self.now)
        let limit = Sessions.idleMilliseconds
        #expect(limit == 900_000)
        let last = Instant(milliseconds: Self.now.milliseconds + limit - 1)
        #expect(sessions.find(token, at: last) != nil)
        #expect(sessions.find(token, at: Instant(milliseconds: last.milliseconds + limit)) == nil)
        // Gone for good, not only too late.
        #expect(sessions.find(token, at: last) == nil)
    }

    @Test("8 hours end it however busy it is")
    func absolute() {
        let sessions = Sessions()
        var token = sessions.begin(Self.account(1), stage: .open, at: Self.now)
        var now = Self.now
        let end = Self.now.milliseconds + 8 * 3_600_000
        while now.milliseconds + 600_000 < end {
            now = now.after(seconds: 600)
            #expect(sessions.find(token, at: now) != nil)
            // A new token is no new session.
            if let next = sessions.advance(token, at: now, { _ in }) { token = next }
        }
        #expect(sessions.find(token, at: Instant(milliseconds: end - 1)) != nil)
        #expect(sessions.find(token, at: Instant(milliseconds: end)) == nil)
    }

    @Test("the sixth session of an account ends its longest unused one, and nobody else's")
    func bound() {
        let sessions = Sessions()
        let other = sessions.begin(Self.account(2), stage: .open, at: Self.now)
        var tokens: [String] = []
        for second in 0..<5 { tokens.append(sessions.begin(Self.account(1), stage: .open, at: Self.now.after(seconds: Int64(second)))) }
        // The first is used again, so that the second is the one longest unused.
        #expect(sessions.find(tokens[0], at: Self.now.after(seconds: 10)) != nil)
        tokens.append(sessions.begin(Self.account(1), stage: .open, at: Self.now.after(seconds: 11)))
        let now = Self.now.after(seconds: 12)
        #expect(tokens.map { sessions.find($0, at: now) != nil } == [true, false, true, true, true, true])
        #expect(sessions.find(other, at: now) != nil)
    }

    @Test("an account begins with its first role, and a changed role stays with its session")
    func roles() throws {
        let sessions = Sessions()
        let one = sessions.begin(Self.account(1), stage: .open, at: Self.now)
        let two = sessions.begin(Self.account(1), stage: .open, at: Self.now)
        sessions.change(one) { $0.role = .deliveryClerk }
        #expect(try #require(sessions.find(one, at: Self.now)).role == .deliveryClerk)
        #expect(try #require(sessions.find(two, at: Self.now)).role == .windowClerk)
        sessions.change("nobody's") { $0.role = .bank }
    }

    @Test("ending the others leaves the one")
    func others() {
        let sessions = Sessions()
        let tokens = (0..<3).map { _ in sessions.begin(Self.account(1), stage: .open, at: Self.now) }
        let foreign = sessions.begin(Self.account(2), stage: .open, at: Self.now)
        sessions.endOthers(than: tokens[1], of: 1)
        #expect(tokens.map { sessions.find($0, at: Self.now) != nil } == [false, true, false])
        #expect(sessions.find(foreign, at: Self.now) != nil)
    }
}
