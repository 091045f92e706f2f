internal import Cryptography
package import Identifiers
package import Registry
internal import Synchronization

/// A login on its way or done.
package struct Session: Sendable {
    /// How far the login is.
    package enum Stage: String, Sendable {
        /// The password was right; the one-time code is still to come.
        case secondFactor
        /// The one-time codes have to be set up first.
        case enrolment
        /// The password was given by somebody else and must be changed.
        case newPassword
        /// Everything is open.
        case open
    }

    package var account: Account
    package var stage: Stage
    package var role: Role
    package var purpose: StatedPurpose?
    package let created: Instant
    package var seen: Instant
    /// When the password was given last; grave acts ask for it again.
    package var authenticated: Instant
    /// Names the session towards forms.
    package let name: String
    /// The place among all sessions begun: tells the older of two of the same instant, and one from another where its owner ends it.
    package let number: Int
    /// Network address that it was begun from.
    package let address: String
    /// A one-time-code secret that is being set up, before its first code was right.
    var enrolling: TOTP?
}

/// The sessions that are open, in memory: a restart ends all. Tokens are kept by digest only.
package final class Sessions: Sendable {
    /// A session ends after so long without a request.
    package static let idleMilliseconds: Int64 = 15 * 60_000
    /// A session ends so long after login, whatever happens in it.
    package static let absoluteMilliseconds: Int64 = 8 * 3_600_000
    /// So long after the password was given grave acts need it again.
    package static let graveMilliseconds: Int64 = 5 * 60_000
    /// More sessions than this of one account end the oldest.
    static let perAccount = 5

    private let open = Mutex<[SM3Digest: Session]>([:])
    private let begun = Atomic<Int>(0)

    package init() {}

    /// Begins a session.
    /// - Parameter address: network address of whoever logs in.
    /// - Returns: its token, 64 hexadecimal digits: what the cookie carries.
    package func begin(_ account: Account, stage: Session.Stage, from address: String = "-", at now: Instant) -> String {
        let token = hexText(randomBytes(32))
        let session = Session(
            account: account, stage: stage, role: account.roles.first ?? .citizen, created: now, seen: now, authenticated: now,
            name: hexText(randomBytes(16)), number: begun.add(1, ordering: .relaxed).newValue, address: address)
        open.withLock { open in
            open = open.filter { Self.isAlive($0.value, at: now) }
            let own = open.filter { $0.value.account.number == account.number }.sorted { ($0.value.seen, $0.value.number) < ($1.value.seen, $1.value.number) }
            for (token, _) in own.dropLast(Self.perAccount - 1) { open[token] = nil }
            open[Self.digest(token)] = session
        }
        return token
    }

    /// Changes a session and gives it a new token; the old one is worth nothing any more (session fixation).
    /// - Returns: nil where the session is no longer there.
    package func advance(_ token: String, at now: Instant, _ change: (inout Session) -> Void) -> String? {
        let next = hexText(randomBytes(32))
        return open.withLock { open in
            guard var session = open.removeValue(forKey: Self.digest(token)), Self.isAlive(session, at: now) else { return nil }
            change(&session)
            session.seen = now
            open[Self.digest(next)] = session
            return next
        }
    }

    /// The session of a token, which this counts as used; nil where it ended.
    package func find(_ token: String, at now: Instant) -> Session? {
        let digest = Self.digest(token)
        return open.withLock { open in
            guard let session = open[digest] else { return nil }
            guard Self.isAlive(session, at: now) else {
                open[digest] = nil
                return nil
            }
            open[digest]?.seen = now
            return session
        }
    }

    /// Changes a session in place: role, purpose.
    package func change(_ token: String, _ body: (inout Session) -> Void) {
        open.withLock { open in
            guard open[Self.digest(token)] != nil else { return }
            body(&open[Self.digest(token)]!)  // asked for a line before, under the same lock: always there
        }
    }

    /// Ends a session.
    package func end(_ token: String) { open.withLock { _ = $0.removeValue(forKey: Self.digest(token)) } }

    /// Ends all sessions of an account: it was suspended, or its password changed.
    package func endAll(of account: Int64) { open.withLock { open in open = open.filter { $0.value.account.number != account } } }

    /// The sessions of an account that are alive, the one begun last first.
    package func all(of account: Int64, at now: Instant) -> [Session] {
        open.withLock { open in Array(open.values) }
            .filter { $0.account.number == account && Self.isAlive($0, at: now) }.sorted { $0.number > $1.number }
    }

    /// Ends one session of an account by its number; false where the account has none of that number.
    package func end(_ number: Int, of account: Int64) -> Bool {
        open.withLock { open in
            guard let found = open.first(where: { $0.value.number == number && $0.value.account.number == account }) else { return false }
            open[found.key] = nil
            return true
        }
    }

    /// Ends the other sessions of an account.
    package func endOthers(than token: String, of account: Int64) {
        let digest = Self.digest(token)
        open.withLock { open in open = open.filter { $0.key == digest || $0.value.account.number != account } }
    }

    private static func isAlive(_ session: Session, at now: Instant) -> Bool {
        now.milliseconds - session.seen.milliseconds < idleMilliseconds
            && now.milliseconds - session.created.milliseconds < absoluteMilliseconds
    }

    private static func digest(_ token: String) -> SM3Digest { SM3.digest(Array(token.utf8).span) }
}

/// Bytes as hexadecimal digits.
func hexText(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
