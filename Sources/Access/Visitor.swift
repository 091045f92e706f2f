package import Identifiers
package import Registry

/// Who asks: known by session or token, with one role, and the purpose stated so far.
package struct Visitor: Sendable {
    /// What kind of caller it is.
    package enum Kind: Sendable, Hashable {
        case person
        case program
        /// A process of the same user on the same machine, through the control socket: whoever may read the data directory.
        case terminal
    }

    package var kind: Kind
    /// Number of the account; nil for programs and the terminal.
    package var account: Int64?
    /// Login name or client id.
    package var login: String
    package var name: String
    /// Code of its body; empty for subjects.
    package var body: String
    /// The role at work.
    package var role: Role?
    /// All roles of the account, to switch between.
    package var roles: [Role]
    /// A citizen's or firm's own subject.
    package var subject: RegistryKey?
    /// What a program may do.
    package var clientScopes: Set<String>
    /// The purpose stated, with its case.
    package var purpose: StatedPurpose?
    /// When the password was given last.
    package var authenticated: Instant
    /// Names the session towards forms; nothing that opens it.
    package var sessionName: String

    package init(
        kind: Kind, account: Int64? = nil, login: String, name: String, body: String, role: Role? = nil, roles: [Role] = [],
        subject: RegistryKey? = nil, clientScopes: Set<String> = [], purpose: StatedPurpose? = nil, authenticated: Instant, sessionName: String = ""
    ) {
        self.kind = kind
        self.account = account
        self.login = login
        self.name = name
        self.body = body
        self.role = role
        self.roles = roles
        self.subject = subject
        self.clientScopes = clientScopes
        self.purpose = purpose
        self.authenticated = authenticated
        self.sessionName = sessionName
    }

    /// Whether it only tries verifications out: its answers are of fictional subjects. Whoever may verify is never in the sandbox.
    package var isInSandbox: Bool { clientScopes.contains(ClientScope.sandbox) && !clientScopes.contains(ClientScope.verifications) }

    /// The role or kind as the log writes it.
    package var roleWord: String { role?.rawValue ?? (kind == .program ? "program" : "terminal") }
}

/// A purpose as somebody stated it: it stays with the session until left.
package struct StatedPurpose: Sendable, Hashable {
    /// Code of `purposes.yaml`.
    package var code: String
    /// The number of the case; empty where none is needed.
    package var caseNumber: String
    /// The consent it rests on, for a purpose by consent.
    package var consent: Int64?

    package init(code: String, caseNumber: String, consent: Int64? = nil) {
        self.code = code
        self.caseNumber = caseNumber
        self.consent = consent
    }
}
