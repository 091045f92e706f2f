package import Identifiers

/// A person who may log in.
package struct Account: Sendable, Hashable {
    /// From 1, never given twice.
    package var number: Int64
    /// Login name, unique, lower case.
    package var login: String
    /// The person's name as pages and watermarks show it.
    package var name: String
    /// Code of the public body or partner; empty for a citizen or a firm's account.
    package var body: String
    package var roles: [Role]
    /// For a citizen or a firm's account: whose credit file is its own.
    package var subject: RegistryKey?
    package var state: AccountState
    /// The stored form of the password; never shown.
    package var password: String
    /// Whether the password was given by somebody else and must be changed at the next login.
    package var mustChange: Bool
    package var passwordSet: Instant
    /// The sealed secret of the one-time codes, nil before it was set up.
    package var secondFactor: [UInt8]?
    /// The last time step whose code was used.
    package var lastCounter: Int64
    package var failures: Int
    package var lockedUntil: Instant?
    package var created: Instant
    /// Login of who proposed it; `init` for the first administrators.
    package var proposedBy: String
    package var approvedBy: String?
}

/// An account to be made.
package struct NewAccount: Sendable {
    package var login: String
    package var name: String
    package var body: String
    package var roles: [Role]
    package var subject: RegistryKey?
    package var password: String
    package var mustChange: Bool
    package var proposedBy: String
    /// Who approved it already; nil leaves it proposed.
    package var approvedBy: String?

    /// - Parameters:
    ///   - password: the stored form, not the password.
    ///   - approvedBy: only for accounts that a person at the machine itself makes (`init`, demonstration).
    package init(
        login: String, name: String, body: String, roles: [Role], subject: RegistryKey? = nil, password: String, mustChange: Bool,
        proposedBy: String, approvedBy: String? = nil
    ) {
        self.login = login.lowercased()
        self.name = name
        self.body = body
        self.roles = roles
        self.subject = subject
        self.password = password
        self.mustChange = mustChange
        self.proposedBy = proposedBy
        self.approvedBy = approvedBy
    }
}

extension Account {
    static let columns = """
        number, login, name, body, roles, subject, state, password, must_change, password_set, second_factor, last_counter, \
        failures, locked_until, created, proposed_by, approved_by
        """

    init(row: SQLRow) throws(RegistryFault) {
        guard let state = AccountState(rawValue: try row.text("state")) else { throw RegistryFault(.unreadable(column: "state")) }
        self.init(
            number: try row.integer("number"), login: try row.text("login"), name: try row.text("name"), body: try row.text("body"),
            roles: try row.text("roles").split(separator: " ").compactMap { Role(rawValue: String($0)) },
            subject: try row.blobIfPresent("subject").flatMap(RegistryKey.init(bytes:)), state: state, password: try row.text("password"),
            mustChange: try row.flag("must_change"), passwordSet: try row.instant("password_set"),
            secondFactor: try row.blobIfPresent("second_factor"), lastCounter: try row.integer("last_counter"),
            failures: try row.integer("failures"), lockedUntil: try row.instantIfPresent("locked_until"),
            created: try row.instant("created"), proposedBy: try row.text("proposed_by"),
            approvedBy: try row.textIfPresent("approved_by"))
    }
}
