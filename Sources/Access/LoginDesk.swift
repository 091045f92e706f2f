package import Cryptography
package import Identifiers
package import Registry
internal import Synchronization

/// Where people log in: password, one-time code, and what has to be set up at the first time.
///
/// Its work is heavy on purpose (argon2id) and blocks; callers run it off the threads that serve pages.
package final class LoginDesk: Sendable {
    private let registry: AccessRegistry
    package let sessions: Sessions
    private let keys: Keyring
    private let pepper: NamedSecret
    /// Passwords that are looked at side by side; more are sent away (they would take the machine from everybody).
    private let running = Mutex(0)
    private static let parallel = 4
    /// Wrong passwords or codes in a row that lock an account, and for how long.
    package static let failureLimit = 5
    static let lockMilliseconds: Int64 = 15 * 60_000

    package init(registry: AccessRegistry, sessions: Sessions, keys: Keyring) {
        self.registry = registry
        self.sessions = sessions
        self.keys = keys
        pepper = NamedSecret("pepper", of: keys.backend)
    }

    /// The first step: login name and password.
    /// - Returns: the token of a session that is as far as its stage says.
    package func begin(login: String, password: String, from address: String = "-", at now: Instant) throws -> (token: String, session: Session) {
        let account = try registry.accounts.find(login: login)
        guard let account else {
            // As long as a real one takes, so that time does not tell who exists.
            _ = try weighing { try PasswordHash.decoy.matches(password, pepper: pepper) }
            throw LoginFault.wrong
        }
        guard try attempt(account, at: now, password) else { throw LoginFault.wrong }
        guard account.state == .active else {
            throw LoginFault(.notApproved, "账号尚未启用或已停用", cure: "请联系安全管理员审批")
        }
        let stage: Session.Stage = account.secondFactor == nil ? .enrolment : .secondFactor
        let token = sessions.begin(account, stage: stage, from: address, at: now)
        guard let session = sessions.find(token, at: now) else { throw LoginFault.ended }
        return (token, session)
    }

    /// The second step: the one-time code.
    package func confirm(_ code: String, token: String, at now: Instant) throws -> (token: String, session: Session) {
        let session = try found(token, .secondFactor, at: now)
        guard let account = try current(session), let secret = try secret(of: account) else { throw LoginFault.ended }
        try spend(code, of: account, secret: secret, at: now)
        return try advance(token, account, at: now)
    }

    /// The secret for a person's authenticator, drawn at the first login.
    package func enrolmentSecret(token: String, at now: Instant) throws -> TOTP {
        let session = try found(token, .enrolment, at: now)
        if let secret = session.enrolling { return secret }
        let secret = TOTP.random()
        sessions.change(token) { $0.enrolling = secret }
        return secret
    }

    /// The first code of a new authenticator: it is set up when it is right.
    package func enrol(_ code: String, token: String, at now: Instant) throws -> (token: String, session: Session) {
        let session = try found(token, .enrolment, at: now)
        // Whoever else has the first password may not take the place of an authenticator that is set up.
        guard let secret = session.enrolling, let account = try current(session), account.secondFactor == nil else { throw LoginFault.ended }
        try spend(code, of: account, secret: secret, at: now) {
            try registry.accounts.setSecondFactor(account.number, seal(secret, of: account.number))
        }
        return try advance(token, account, at: now)
    }

    /// Changes the password of a session that must or wants to.
    package func changePassword(from old: String, to new: String, token: String, at now: Instant) throws -> (token: String, session: Session) {
        guard let session = sessions.find(token, at: now), session.stage == .newPassword || session.stage == .open,
            let account = try registry.accounts.find(session.account.number)
        else { throw LoginFault.ended }
        if let fault = PasswordRules.fault(new, login: account.login, name: account.name) {
            throw LoginFault(.weakPassword, fault, cure: "请换一个更长、更难猜的口令")
        }
        guard old != new else { throw LoginFault(.samePassword, "新口令与原口令相同", cure: "请换一个新的口令") }
        guard try attempt(account, at: now, old) else { throw LoginFault.wrong }
        let stored = try weighing { try PasswordHash.make(new, pepper: pepper).text }
        try registry.accounts.setPassword(account.number, stored, mustChange: false, at: now)
        // Whoever was logged in with the old one is out; this session goes on under a new token.
        let next = sessions.advance(token, at: now) { $0.stage = .open }
        guard let next, let session = sessions.find(next, at: now) else { throw LoginFault.ended }
        sessions.endOthers(than: next, of: account.number)
        return (next, session)
    }

    /// The password once more, before a grave act.
    package func again(_ password: String, token: String, at now: Instant) throws -> (token: String, session: Session) {
        guard let session = sessions.find(token, at: now), session.stage == .open,
            let account = try registry.accounts.find(session.account.number)
        else { throw LoginFault.ended }
        guard try attempt(account, at: now, password) else { throw LoginFault.wrong }
        try registry.accounts.succeed(account.number)
        guard let next = sessions.advance(token, at: now, { $0.authenticated = now }), let session = sessions.find(next, at: now) else {
            throw LoginFault.ended
        }
        return (next, session)
    }

    // MARK: Steps

    /// The session's account as it is now; nil where it was stopped meanwhile.
    private func current(_ session: Session) throws -> Account? {
        try registry.accounts.find(session.account.number).flatMap { $0.state == .active ? $0 : nil }
    }

    /// What the sealed second factor of an account is bound to.
    private static func context(_ account: Int64) -> String { "accounts.second_factor|\(account)" }

    /// The number of the key and the sealed secret: what is stored.
    package func seal(_ secret: TOTP, of account: Int64) throws -> [UInt8] {
        let (id, key) = try keys.key(of: Keyring.platform, year: 0)
        let bytes = secret.withSecret { span in span.indices.map { span[$0] } }
        return (0..<4).map { UInt8(truncatingIfNeeded: id >> UInt32(24 - 8 * $0)) } + key.seal(bytes, context: Self.context(account))
    }

    private func secret(of account: Account) throws -> TOTP? {
        guard let stored = account.secondFactor, stored.count > 4 else { return nil }
        guard let key = try keys.key(stored[..<4].reduce(0) { $0 << 8 | UInt32($1) }) else { return nil }
        let bytes = try key.open(Array(stored[4...]), context: Self.context(account.number))
        return TOTP(secret: bytes.span)
    }

    private func found(_ token: String, _ stage: Session.Stage, at now: Instant) throws -> Session {
        guard let session = sessions.find(token, at: now), session.stage == stage else { throw LoginFault.ended }
        return session
    }

    /// Whether an attempt succeeds; it counts as failed from before it is looked at. A success is only written by the next step,
    /// so that a right password alone never resets the count of wrong codes.
    private func attempt(_ account: Account, at now: Instant, _ password: String) throws -> Bool {
        guard
            try registry.accounts.beginAttempt(
                account.number, limit: Self.failureLimit, lockMilliseconds: Self.lockMilliseconds, at: now)
        else {
            // As long as a wrong password takes, and the same words: nobody learns which accounts there are.
            _ = try weighing { try PasswordHash.decoy.matches(password, pepper: pepper) }
            throw LoginFault.locked
        }
        let stored = PasswordHash(account.password)
        let password = password.utf8.count <= 1024 ? password : ""
        let isRight: Bool
        do { isRight = try weighing { try (stored ?? .decoy).matches(password, pepper: pepper) } } catch {
            // Nothing was looked at, so nothing was wrong.
            try registry.accounts.takeBackAttempt(account.number)
            throw error
        }
        guard isRight, !password.isEmpty, stored != nil else { return false }
        try registry.accounts.takeBackAttempt(account.number)
        // Hashed when hashing was cheaper: now is the one time that the password is at hand.
        if stored?.needsRehash == true {
            try registry.accounts.setHash(account.number, weighing { try PasswordHash.make(password, pepper: pepper).text })
        }
        return true
    }

    /// Checks a one-time code and uses it up.
    private func spend(_ code: String, of account: Account, secret: TOTP, at now: Instant, first: () throws -> Void = {}) throws {
        guard
            try registry.accounts.beginAttempt(
                account.number, limit: Self.failureLimit, lockMilliseconds: Self.lockMilliseconds, at: now)
        else { throw LoginFault.locked }
        let last = account.lastCounter
        guard let counter = secret.accepts(code, at: now.milliseconds / 1000, after: last) else { throw LoginFault.wrongCode }
        try first()
        guard try registry.accounts.use(counter: counter, of: account.number) else { throw LoginFault.wrongCode }
        try registry.accounts.succeed(account.number)
    }

    private func advance(_ token: String, _ account: Account, at now: Instant) throws -> (token: String, session: Session) {
        let isOld = now.milliseconds - account.passwordSet.milliseconds > Int64(PasswordRules.lifetimeDays) * 86_400_000
        let stage: Session.Stage = account.mustChange || isOld ? .newPassword : .open
        guard
            let next = sessions.advance(token, at: now, { session in
                session.stage = stage
                session.enrolling = nil
            }), let session = sessions.find(next, at: now)
        else { throw LoginFault.ended }
        return (next, session)
    }

    /// Runs something that takes much memory and time, a few at once.
    private func weighing<T>(_ body: () throws -> T) throws -> T {
        guard running.withLock({ running in
            guard running < Self.parallel else { return false }
            running += 1
            return true
        }) else { throw LoginFault.busy }
        defer { running.withLock { $0 -= 1 } }
        return try body()
    }
}
