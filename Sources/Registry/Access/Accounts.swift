package import Identifiers

/// People who may log in. Every method runs a transaction of its own.
package struct Accounts: Sendable {
    let driver: any SQLDriver

    /// Adds an account.
    /// - Returns: it; nil where the login name is taken.
    package func add(_ new: NewAccount, at now: Instant) throws(RegistryFault) -> Account? { try add([new], at: now)?.first }

    /// Adds accounts, all or none.
    /// - Returns: nil where a login name is taken.
    package func add(_ new: [NewAccount], at now: Instant) throws(RegistryFault) -> [Account]? {
        try driver.write { connection throws(RegistryFault) in
            for new in new where try !connection.query("SELECT 1 FROM accounts WHERE login = ?", [.text(new.login)]).isEmpty { return nil }
            var added: [Account] = []
            for new in new {
                try connection.execute(
                    """
                    INSERT INTO accounts (login, name, body, roles, subject, state, password, must_change, password_set, last_counter,
                      failures, created, proposed_by, approved_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, -1, 0, ?, ?, ?)
                    """,
                    [
                        .text(new.login), .text(new.name), .text(new.body), .text(Self.words(new.roles)),
                        new.subject.map(SQLValue.key) ?? .null,
                        .text((new.approvedBy == nil ? AccountState.proposed : .active).rawValue), .text(new.password), .flag(new.mustChange),
                        .instant(now), .instant(now), .text(new.proposedBy), .text(new.approvedBy),
                    ])
                if let account = try Self.one("login = ?", .text(new.login), on: connection) { added.append(account) }
            }
            return added
        }
    }

    /// The account of a login name, in whatever state.
    package func find(login: String) throws(RegistryFault) -> Account? {
        try driver.read { connection throws(RegistryFault) in try Self.one("login = ?", .text(login.lowercased()), on: connection) }
    }

    /// The account of a number.
    package func find(_ number: Int64) throws(RegistryFault) -> Account? {
        try driver.read { connection throws(RegistryFault) in try Self.one("number = ?", .integer(number), on: connection) }
    }

    /// All accounts, by number; at most 5,000.
    package func list() throws(RegistryFault) -> [Account] {
        try driver.read { connection throws(RegistryFault) in
            var accounts: [Account] = []
            for row in try connection.query("SELECT \(Account.columns) FROM accounts ORDER BY number LIMIT 5000") {
                accounts.append(try Account(row: row))
            }
            return accounts
        }
    }

    /// Counts one more attempt to log in before its password is looked at, so that however many come at once, no more than
    /// `limit` are.
    /// - Returns: false where the account is locked; the attempt is then not to be looked at.
    package func beginAttempt(_ number: Int64, limit: Int, lockMilliseconds: Int64, at now: Instant) throws(RegistryFault) -> Bool {
        try driver.write { connection throws(RegistryFault) in
            // A lock that has run out starts the count anew.
            try connection.execute(
                "UPDATE accounts SET failures = 0, locked_until = NULL WHERE number = ? AND locked_until <= ?",
                [.integer(number), .instant(now)])
            let taken = try connection.execute(
                "UPDATE accounts SET failures = failures + 1 WHERE number = ? AND locked_until IS NULL AND failures < ?",
                [.integer(number), .integer(limit)])
            try connection.execute(
                "UPDATE accounts SET locked_until = ? WHERE number = ? AND locked_until IS NULL AND failures >= ?",
                [.integer(now.milliseconds + lockMilliseconds), .integer(number), .integer(limit)])
            return taken == 1
        }
    }

    /// The attempt just begun was right: it no longer counts. Earlier failures do, until the login is complete.
    package func takeBackAttempt(_ number: Int64) throws(RegistryFault) {
        try change(number, "failures = MAX(0, failures - 1), locked_until = NULL", [])
    }

    /// The login was right: earlier failures and a lock that it brought are forgotten.
    package func succeed(_ number: Int64) throws(RegistryFault) {
        try change(number, "failures = 0, locked_until = NULL", [])
    }

    /// Uses a time step of the one-time codes up.
    /// - Returns: false where this step or a later one was used before.
    package func use(counter: Int64, of number: Int64) throws(RegistryFault) -> Bool {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                "UPDATE accounts SET last_counter = ? WHERE number = ? AND last_counter < ?",
                [.integer(counter), .integer(number), .integer(counter)]) == 1
        }
    }

    /// Sets a password in its stored form.
    /// - Parameter mustChange: whether it was given by somebody else.
    package func setPassword(_ number: Int64, _ password: String, mustChange: Bool, at now: Instant) throws(RegistryFault) {
        try change(
            number, "password = ?, must_change = ?, password_set = ?, failures = 0, locked_until = NULL",
            [.text(password), .flag(mustChange), .instant(now)])
    }

    /// Replaces the stored form of the same password.
    package func setHash(_ number: Int64, _ password: String) throws(RegistryFault) { try change(number, "password = ?", [.text(password)]) }

    /// Gives an account a new first password and has it set its one-time codes up anew. One that was in use waits for approval again.
    package func reset(_ number: Int64, _ password: String, at now: Instant) throws(RegistryFault) {
        try change(
            number,
            """
            password = ?, must_change = 1, password_set = ?, failures = 0, locked_until = NULL, second_factor = NULL, last_counter = -1, \
            state = CASE state WHEN 'active' THEN 'suspended' ELSE state END
            """, [.text(password), .instant(now)])
    }

    /// Sets the sealed secret of the one-time codes; nil has it set up anew at the next login.
    package func setSecondFactor(_ number: Int64, _ sealed: [UInt8]?) throws(RegistryFault) {
        try change(number, "second_factor = ?, last_counter = -1", [sealed.map(SQLValue.blob) ?? .null])
    }

    /// Changes the state.
    /// - Parameter approvedBy: login of who approved it, where that is what happens.
    package func setState(_ number: Int64, _ state: AccountState, approvedBy: String? = nil) throws(RegistryFault) {
        try change(
            number, "state = ?, approved_by = COALESCE(?, approved_by)", [.text(state.rawValue), .text(approvedBy)])
    }

    /// `assignments` is text of this file, never input.
    private func change(_ number: Int64, _ assignments: String, _ values: [SQLValue]) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute("UPDATE accounts SET \(assignments) WHERE number = ?", values + [.integer(number)])
        }
    }

    private static func one(
        _ condition: String, _ value: SQLValue, on connection: any SQLConnection
    ) throws(RegistryFault) -> Account? {
        guard let row = try connection.query("SELECT \(Account.columns) FROM accounts WHERE \(condition)", [value]).first else { return nil }
        return try Account(row: row)
    }

    private static func words(_ roles: [Role]) -> String { roles.map(\.rawValue).joined(separator: " ") }
}
