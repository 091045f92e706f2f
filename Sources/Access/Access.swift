internal import Cryptography
package import Identifiers
package import Ledger
package import Policy
package import Registry

/// Who may see what, why they looked, and the proof of it: all that guards need, over one access store.
package struct Access: Sendable {
    package let registry: AccessRegistry
    package let keys: Keyring
    package let sessions: Sessions
    package let login: LoginDesk
    package let clients: ClientDesk
    package let log: AccessLog
    package let limits: RateLimits
    package let table: AccessTable

    /// - Parameters:
    ///   - registry: accounts, events, consents.
    ///   - keys: seal second factors and pepper passwords.
    ///   - tree: the Merkle log over access events.
    package init(registry: AccessRegistry, keys: Keyring, tree: SignedLog, table: AccessTable = .platform) {
        self.registry = registry
        self.keys = keys
        self.table = table
        sessions = Sessions()
        login = LoginDesk(registry: registry, sessions: sessions, keys: keys)
        clients = ClientDesk(registry: registry)
        log = AccessLog(registry: registry, tree: tree)
        limits = RateLimits()
    }

    /// Makes sure that the policy book's purposes name roles that there are.
    package func checkUsers(of book: PolicyBook) throws {
        for purpose in book.purposes {
            for user in purpose.users where Role(rawValue: user) == nil { throw UnknownUser(purpose: purpose.code, user: user) }
        }
    }

    /// A purpose that names a role nobody has.
    package struct UnknownUser: Error, CustomStringConvertible {
        let purpose: String
        let user: String

        package var description: String {
            "purposes.yaml：事由 \(purpose) 的 users 里没有“\(user)”这个角色：请改为 \(Role.allCases.map(\.rawValue).joined(separator: "、")) 之一"
        }
    }

    /// A password in its stored form. It takes some 40 ms of a processor.
    package func hash(_ password: String) throws -> String {
        try PasswordHash.make(password, pepper: NamedSecret("pepper", of: keys.backend)).text
    }

    /// What a rule gives a visitor; nil refuses.
    package func scope(of visitor: Visitor, under rule: AccessRule) -> Scope? {
        switch visitor.kind {
        case .person: visitor.role.flatMap { rule.scopes[$0] }
        // Looking at subjects by consent reaches as far as the consent, and everything else as far as the body.
        case .program:
            rule.clientScope.flatMap { scope in
                visitor.clientScopes.contains(scope)
                    ? (visitor.purpose?.consent != nil && rule.needsPurpose ? .consented : .body) : rule.hasSandbox && visitor.isInSandbox ? .body : nil
            }
        case .terminal: rule.clientScope == nil ? nil : .city
        }
    }

    /// How far a visitor's right reaches now.
    package func reach(_ scope: Scope, of visitor: Visitor, book: PolicyBook, at now: Instant) throws -> Reach {
        let grants = scope == .region ? try registry.grants.list() : []
        return Reach(scope, of: visitor, book: book, grants: grants, at: now)
    }

    /// The resources that a stated consent permits; nil for all.
    package func items(of stated: StatedPurpose?) throws -> Set<String>? {
        guard let number = stated?.consent, let consent = try registry.consents.find(number), !consent.items.isEmpty else { return nil }
        return Set(consent.items.split(separator: " ").map(String.init))
    }

    /// Whether a body may look at subjects only by their consent: banks, agencies, partners; no office of the state.
    private static func needsConsent(_ body: String, _ book: PolicyBook) -> Bool {
        guard let kind = book.body(body)?.kind else { return true }
        return [.financialInstitution, .agency, .enterprise, .partner, .association].contains(kind)
    }

    /// The purpose that a visitor stated, where it may state it today and what it rests on is in force.
    ///
    /// - Parameter subject: whom it is about; a consent must be this subject's.
    package func purpose(
        _ stated: StatedPurpose?, of visitor: Visitor, about subject: RegistryKey?, book: PolicyBook, at now: Instant
    ) throws -> Result<Purpose, PurposeRefusal> {
        guard let stated, let purpose = book.purpose(stated.code, on: now.date) else { return .failure(.missing) }
        // A program states what people of its body may state: a bank's needs a consent, an office's a case.
        let mayState: Bool =
            switch visitor.kind {
            case .person: visitor.role.map { purpose.users.contains($0.rawValue) } ?? false
            case .program: purpose.ground == (Self.needsConsent(visitor.body, book) ? .consent : .duty)
            case .terminal: purpose.ground == .duty
            }
        guard mayState else { return .failure(.notYours) }
        if purpose.needsCase, stated.caseNumber.isEmpty { return .failure(.caseMissing) }
        guard purpose.ground == .consent else { return .success(purpose) }
        guard let number = stated.consent, let consent = try registry.consents.find(number), consent.recipient == visitor.body,
            consent.purpose == purpose.code
        else { return .failure(.noConsent) }
        guard consent.isInForce(at: now) else { return .failure(.consentOver) }
        if let subject, consent.subject != subject { return .failure(.noConsent) }
        return .success(purpose)
    }
}

/// Why a purpose does not open what is asked for.
package enum PurposeRefusal: Error, Sendable, Hashable {
    case missing, notYours, caseMissing, noConsent, consentOver

    /// What is wrong, in Chinese.
    package var message: String {
        switch self {
        case .missing: "没有写明查询事由，或该事由今天没有有效的依据"
        case .notYours: "您的角色不能使用这个查询事由"
        case .caseMissing: "这个事由须写明办件号或案号"
        case .noConsent: "没有该主体对本单位、本用途的授权"
        case .consentOver: "授权已到期或已被撤回"
        }
    }
}
