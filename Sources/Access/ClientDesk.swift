internal import Cryptography
package import Identifiers
internal import JWTKit
package import Registry
internal import Synchronization

/// Why a program got no token (RFC 6749 §5.2).
package struct ClientFault: Error, Sendable, Hashable {
    /// `error` of the answer.
    package let code: String
    /// What happened and what to do, in Chinese.
    package let message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    static let unknown = ClientFault(code: "invalid_client", message: "没有这个接口程序，或它已停用，或签名不对。请核对 client_id 和密钥。")
}

/// Where programs of partners get their tokens: OAuth 2 client credentials (RFC 6749 §4.4), the client known by an assertion
/// that it signed (RFC 7523), so that no secret is shared. Tokens are opaque, short-lived and kept in memory.
package final class ClientDesk: Sendable {
    /// How long a token is good.
    package static let tokenSeconds: Int64 = 600

    private struct Token {
        /// Nil for a process of this machine.
        var client: Client?
        var scopes: Set<String>
        var ends: Instant
        var began: Instant
    }

    private struct State {
        var tokens: [SM3Digest: Token] = [:]
        /// Requests of a client on a day.
        var used: [String: (day: CivilDate, count: Int)] = [:]
    }

    let registry: AccessRegistry
    private let state = Mutex(State())

    package init(registry: AccessRegistry) { self.registry = registry }

    /// Gives a token for a signed assertion.
    /// - Parameters:
    ///   - audiences: what the assertion may be addressed to: the token endpoint's addresses.
    ///   - scope: what is asked for, separated by blanks; nil for all that the client has.
    package func token(
        for assertion: String, scope: String?, audiences: [String], at now: Instant
    ) async throws -> (token: String, scopes: [String], client: Client) {
        let client = try await client(of: assertion, audiences: audiences, at: now).client
        let asked = scope.map { $0.split(separator: " ").map(String.init) } ?? client.scopes
        guard !asked.isEmpty, asked.allSatisfy(client.scopes.contains) else {
            throw ClientFault(code: "invalid_scope", message: "要求的范围超出该程序的登记范围（\(client.scopes.joined(separator: " "))）。")
        }
        let token = hexText(randomBytes(32))
        let entry = Token(client: client, scopes: Set(asked), ends: Instant(milliseconds: now.milliseconds + Self.tokenSeconds * 1000), began: now)
        state.withLock { state in
            state.tokens = state.tokens.filter { now < $0.value.ends }
            state.tokens[SM3.digest(Array(token.utf8).span)] = entry
        }
        return (token, asked, client)
    }

    /// The program that a bearer token belongs to; nil where it is none or over.
    package func visitor(bearer token: String, at now: Instant) -> Visitor? {
        let digest = SM3.digest(Array(token.utf8).span)
        guard let found = state.withLock({ $0.tokens[digest] }), now < found.ends else { return nil }
        guard let client = found.client else {
            return Visitor(kind: .terminal, login: "terminal", name: "本机终端", body: "", authenticated: found.began)
        }
        return Visitor(
            kind: .program, login: client.id, name: client.name, body: client.body, clientScopes: found.scopes, authenticated: found.began)
    }

    /// A token for a process of this machine that may read the data directory anyway, asked for through the control socket.
    package func terminalToken(at now: Instant) -> String {
        let token = hexText(randomBytes(32))
        let entry = Token(client: nil, scopes: [], ends: Instant(milliseconds: now.milliseconds + 24 * 3_600_000), began: now)
        state.withLock { $0.tokens[SM3.digest(Array(token.utf8).span)] = entry }
        return token
    }

    /// Whether a request of a client is answered.
    package enum Admission: Sendable { case admitted, contractOver, quotaUsed }

    /// Counts one request of a client.
    package func admit(_ id: String, at now: Instant) throws -> Admission {
        guard let client = try registry.clients.find(id), client.isActive else { return .quotaUsed }
        if client.isContractOver(on: now.date) { return .contractOver }
        return state.withLock { state in
            let today = now.date
            let used = state.used[id].flatMap { $0.day == today ? $0.count : nil } ?? 0
            state.used[id] = (today, used + 1)
            return used < client.dailyQuota ? .admitted : .quotaUsed
        }
    }

    /// Whether a text is a public key that a client may sign with: PEM, P-256.
    package static func isPublicKey(_ pem: String) -> Bool { (try? ES256PublicKey(pem: pem)) != nil }

    /// A client was stopped: its tokens are worth nothing at once.
    package func endAll(of id: String) { state.withLock { state in state.tokens = state.tokens.filter { $0.value.client?.id != id } } }

    // MARK: Assertions

    /// The program that signed an assertion, which is used up by this.
    /// - Throws: `ClientFault`.
    func client(of assertion: String, audiences: [String], at now: Instant) async throws -> (client: Client, assertion: ClientAssertion) {
        // Whose it claims to be decides with which key it is checked.
        guard assertion.utf8.count <= 4096, let claimed = ClientAssertion.issuer(of: assertion), let client = try registry.clients.find(claimed), client.isActive
        else { throw ClientFault.unknown }
        let payload: ClientAssertion
        do {
            let keys = JWTKeyCollection()
            await keys.add(ecdsa: try ES256PublicKey(pem: client.publicKey))
            payload = try await keys.verify(assertion, as: ClientAssertion.self)
        } catch { throw ClientFault.unknown }
        guard payload.iss.value == client.id, payload.sub.value == client.id else { throw ClientFault.unknown }
        guard payload.aud.all.contains(where: audiences.contains) else {
            throw ClientFault(code: "invalid_client", message: "断言的 aud 不对。请改为 \(audiences.first ?? "")。")
        }
        if let until = client.contractUntil, client.isContractOver(on: now.date) {
            throw ClientFault(code: "invalid_client", message: "该程序的使用合同已于 \(until) 到期。请与信用中心续签。")
        }
        let expires = try payload.expiry(at: now)
        guard payload.jti.value.utf8.count <= 128, try registry.clients.use(assertion: payload.jti.value, of: client.id, until: expires, at: now)
        else { throw ClientFault(code: "invalid_client", message: "这个断言已经用过。请每次使用新的 jti。") }
        return (client, payload)
    }
}
