import Identifiers
import Registry
import Testing

@testable import Access
@testable import Cryptography

@Suite("Login desk") struct LoginDeskTests {
    static let now = Office.start
    static let wrong = "Wrong-9-wrong-word"

    /// How many of some attempts, all at once, came to each end.
    private func race(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) async -> [LoginFault.Code?: Int] {
        await withTaskGroup(of: LoginFault.Code?.self) { group in
            for number in 0..<count { group.addTask { fault { try body(number) } } }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
    }

    // MARK: Races

    @Test("100 wrong passwords at once: at most 5 are looked at, and then not even the right one is")
    func lockout() async throws {
        let office = try Office()
        defer { office.close() }
        _ = try office.account("zhang")
        let login = office.access.login
        // All are counted before any is looked at, whatever else happens to them; `busy` ones are not looked at either.
        let ends = await race(100) { _ in _ = try login.begin(login: "zhang", password: Self.wrong, at: Self.now) }
        #expect(ends[.wrong, default: 0] <= 5 && ends[.wrong, default: 0] + ends[.locked, default: 0] + ends[.busy, default: 0] == 100, "\(ends)")
        #expect(ends[.locked, default: 0] >= 95, "\(ends)")
        #expect(fault { _ = try login.begin(login: "zhang", password: Office.password, at: Self.now.after(seconds: 899)) } == .locked)
        #expect(fault { _ = try login.begin(login: "zhang", password: Office.password, at: Self.now.after(seconds: 900)) } == nil)
    }

    @Test("one code from 50 sides at once lets one in")
    func code() async throws {
        let office = try Office()
        defer { office.close() }
        let (account, codes) = try office.account("zhang")
        let login = office.access.login
        let token = try login.begin(login: "zhang", password: Office.password, at: Self.now).token
        let code = codes.code(at: Self.now.milliseconds / 1000)
        let ends = await race(50) { _ in _ = try login.confirm(code, token: token, at: Self.now) }
        #expect(ends[nil] == 1, "\(ends)")
        let kept = try #require(try office.registry.accounts.find(account.number))
        #expect(kept.lastCounter == Self.now.milliseconds / 30_000)
    }

    @Test("one code through five sessions of one account lets one in")
    func sessions() async throws {
        let office = try Office()
        defer { office.close() }
        let (_, codes) = try office.account("zhang")
        let login = office.access.login
        let tokens = try (0..<5).map { _ in try login.begin(login: "zhang", password: Office.password, at: Self.now).token }
        let code = codes.code(at: Self.now.milliseconds / 1000)
        let ends = await race(5) { number in _ = try login.confirm(code, token: tokens[number], at: Self.now) }
        #expect(ends[nil] == 1, "\(ends)")
    }

    @Test("a password that was right does not make room for more wrong codes than 5")
    func codesOnly() throws {
        let office = try Office()
        defer { office.close() }
        _ = try office.account("zhang")
        let login = office.access.login
        var looked = 0
        for _ in 0..<10 {
            guard let begun = try? login.begin(login: "zhang", password: Office.password, at: Self.now) else { break }
            if fault({ _ = try login.confirm("000000x", token: begun.token, at: Self.now) }) == .wrongCode { looked += 1 }
        }
        #expect(looked == 5)
    }

    // MARK: Steps

    @Test("password, code, inside: each step gives a new token and voids the one before")
    func steps() throws {
        let office = try Office()
        defer { office.close() }
        let (_, codes) = try office.account("zhang")
        let login = office.access.login
        let begun = try login.begin(login: "ZHANG", password: Office.password, at: Self.now)
        #expect(begun.session.stage == .secondFactor)
        let done = try login.confirm(codes.code(at: Self.now.milliseconds / 1000), token: begun.token, at: Self.now)
        #expect(done.session.stage == .open && done.token != begun.token && done.session.name == begun.session.name)
        #expect(login.sessions.find(begun.token, at: Self.now) == nil && login.sessions.find(done.token, at: Self.now) != nil)
        let again = try login.again(Office.password, token: done.token, at: Self.now.after(seconds: 60))
        #expect(again.session.authenticated == Self.now.after(seconds: 60) && again.token != done.token)
        #expect(login.sessions.find(done.token, at: Self.now.after(seconds: 60)) == nil)
        #expect(fault { _ = try login.again(Self.wrong, token: again.token, at: Self.now.after(seconds: 61)) } == .wrong)
    }

    @Test("a step's session opens no other step")
    func stages() throws {
        let office = try Office()
        defer { office.close() }
        let (_, codes) = try office.account("zhang")
        _ = try office.account("li", isEnrolled: false)
        let login = office.access.login
        let code = codes.code(at: Self.now.milliseconds / 1000)
        let half = try login.begin(login: "zhang", password: Office.password, at: Self.now).token
        #expect(fault { _ = try login.enrolmentSecret(token: half, at: Self.now) } == .ended)
        #expect(fault { _ = try login.enrol(code, token: half, at: Self.now) } == .ended)
        #expect(fault { _ = try login.again(Office.password, token: half, at: Self.now) } == .ended)
        #expect(fault { _ = try login.changePassword(from: Office.password, to: "Xb7#Kq9!Wm2$", token: half, at: Self.now) } == .ended)
        let fresh = try login.begin(login: "li", password: Office.password, at: Self.now)
        #expect(fresh.session.stage == .enrolment)
        #expect(fault { _ = try login.confirm(code, token: fresh.token, at: Self.now) } == .ended)
        // Nothing to compare with before the secret was shown.
        #expect(fault { _ = try login.enrol(code, token: fresh.token, at: Self.now) } == .ended)
        #expect(fault { _ = try login.confirm(code, token: "nobody's", at: Self.now) } == .ended)
    }

    @Test("setting up: the secret stays the same until its first code, is stored sealed, and then serves")
    func enrolment() throws {
        let office = try Office()
        defer { office.close() }
        let (account, _) = try office.account("li", mustChange: true, isEnrolled: false)
        let login = office.access.login
        let begun = try login.begin(login: "li", password: Office.password, at: Self.now)
        let secret = try login.enrolmentSecret(token: begun.token, at: Self.now)
        #expect(try login.enrolmentSecret(token: begun.token, at: Self.now).base32 == secret.base32)
        #expect(fault { _ = try login.enrol("123", token: begun.token, at: Self.now) } == .wrongCode)
        #expect(try office.registry.accounts.find(account.number)?.secondFactor == nil)
        let enrolled = try login.enrol(secret.code(at: Self.now.milliseconds / 1000), token: begun.token, at: Self.now)
        #expect(enrolled.session.stage == .newPassword)
        let stored = try #require(try office.registry.accounts.find(account.number)?.secondFactor)
        let clear = secret.withSecret { span in span.indices.map { span[$0] } }
        #expect(!stored.indices.contains { stored[$0...].starts(with: clear) })
        for (new, code) in [("short", LoginFault.Code.weakPassword), (Office.password, .samePassword)] {
            #expect(fault { _ = try login.changePassword(from: Office.password, to: new, token: enrolled.token, at: Self.now) } == code)
        }
        #expect(fault { _ = try login.changePassword(from: Self.wrong, to: "Xb7#Kq9!Wm2$", token: enrolled.token, at: Self.now) } == .wrong)
        let changed = try login.changePassword(from: Office.password, to: "Xb7#Kq9!Wm2$", token: enrolled.token, at: Self.now)
        #expect(changed.session.stage == .open && login.sessions.find(enrolled.token, at: Self.now) == nil)
        #expect(fault { _ = try login.begin(login: "li", password: Office.password, at: Self.now) } == .wrong)
        let later = Self.now.after(seconds: 30)
        let next = try login.begin(login: "li", password: "Xb7#Kq9!Wm2$", at: later)
        #expect(fault { _ = try login.confirm(secret.code(at: Self.now.milliseconds / 1000), token: next.token, at: later) } == .wrongCode)
        #expect(try login.confirm(secret.code(at: later.milliseconds / 1000), token: next.token, at: later).session.stage == .open)
    }

    @Test("an authenticator that is set up is not replaced by a setting up that began before")
    func enrolledOnce() throws {
        let office = try Office()
        defer { office.close() }
        let (account, _) = try office.account("li", isEnrolled: false)
        let login = office.access.login
        // Somebody who knows the first password begins beside the owner.
        let (owner, other) = try (login.begin(login: "li", password: Office.password, at: Self.now), login.begin(login: "li", password: Office.password, at: Self.now))
        let (mine, theirs) = try (login.enrolmentSecret(token: owner.token, at: Self.now), login.enrolmentSecret(token: other.token, at: Self.now))
        _ = try login.enrol(mine.code(at: Self.now.milliseconds / 1000), token: owner.token, at: Self.now)
        let kept = try #require(try office.registry.accounts.find(account.number)?.secondFactor)
        let later = Self.now.after(seconds: 60)
        #expect(fault { _ = try login.enrol(theirs.code(at: later.milliseconds / 1000), token: other.token, at: later) } != nil)
        #expect(try office.registry.accounts.find(account.number)?.secondFactor == kept)
    }

    @Test("an account that is stopped between password and code does not get in")
    func stoppedBetween() throws {
        let office = try Office()
        defer { office.close() }
        let (account, codes) = try office.account("zhang")
        let login = office.access.login
        let begun = try login.begin(login: "zhang", password: Office.password, at: Self.now)
        try office.registry.accounts.setState(account.number, .suspended)
        #expect(fault { _ = try login.confirm(codes.code(at: Self.now.milliseconds / 1000), token: begun.token, at: Self.now) } != nil)
    }

    @Test("an account that is not active does not begin, and a wrong password does not tell", arguments: [AccountState.suspended, .closed])
    func inactive(state: AccountState) throws {
        let office = try Office()
        defer { office.close() }
        let (account, _) = try office.account("zhang")
        try office.registry.accounts.setState(account.number, state)
        #expect(fault { _ = try office.access.login.begin(login: "zhang", password: Office.password, at: Self.now) } == .notApproved)
        #expect(fault { _ = try office.access.login.begin(login: "zhang", password: Self.wrong, at: Self.now) } == .wrong)
    }

    @Test("a password of more than 180 days must be changed")
    func old() throws {
        let office = try Office()
        defer { office.close() }
        let (_, codes) = try office.account("zhang")
        for (days, stage) in [(180, Session.Stage.open), (181, .newPassword)] {
            let now = Self.now.adding(days: days)
            let begun = try office.access.login.begin(login: "zhang", password: Office.password, at: now)
            #expect(try office.access.login.confirm(codes.code(at: now.milliseconds / 1000), token: begun.token, at: now).session.stage == stage)
        }
    }

    @Test("a changed password puts the account's other sessions out")
    func others() throws {
        let office = try Office()
        defer { office.close() }
        let (_, codes) = try office.account("zhang")
        let login = office.access.login
        var tokens: [String] = []
        for step in 0..<2 {
            let now = Self.now.after(seconds: Int64(step) * 30)
            let begun = try login.begin(login: "zhang", password: Office.password, at: now)
            tokens.append(try login.confirm(codes.code(at: now.milliseconds / 1000), token: begun.token, at: now).token)
        }
        let now = Self.now.after(seconds: 60)
        let next = try login.changePassword(from: Office.password, to: "Xb7#Kq9!Wm2$", token: tokens[1], at: now).token
        #expect(tokens.allSatisfy { login.sessions.find($0, at: now) == nil } && login.sessions.find(next, at: now) != nil)
    }
}
