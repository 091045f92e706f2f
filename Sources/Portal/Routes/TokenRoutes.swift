import Access
import HTTPTypes
import Hummingbird
import Identifiers
import Registry

/// `POST /oauth/token` for programs of partners (RFC 6749 §4.4, RFC 7523): a signed assertion against a token for ten minutes.
struct TokenRoutes: Sendable {
    let portal: Portal

    func add(to router: Router<PortalContext>) { router.post("oauth/token", use: token) }

    /// What the answer of a token endpoint holds (RFC 6749 §5.1).
    private struct Token: Encodable {
        var access_token: String
        var token_type = "Bearer"
        var expires_in: Int64
        var scope: String
    }

    private struct Refusal: Encodable {
        var error: String
        var error_description: String
    }

    @Sendable func token(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        let now = portal.clock()
        do {
            guard form["grant_type"] == "client_credentials" else { throw ClientFault(code: "unsupported_grant_type", message: "只支持 client_credentials。") }
            guard form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", let assertion = form["client_assertion"] else {
                throw ClientFault(code: "invalid_request", message: "缺少 client_assertion，或 client_assertion_type 不是 jwt-bearer。")
            }
            let given = try await portal.access.clients.token(
                for: assertion, scope: form.text("scope"), audiences: portal.addresses(of: "/oauth/token", request), at: now)
            var event = AccessEvent(
                at: now, action: .login, actor: given.client.id, actorName: given.client.name, role: "program", body: given.client.body,
                address: context.address, channel: "api")
            event.detail = "访问令牌：\(given.scopes.joined(separator: " "))"
            try await portal.access.log.append(event)
            var response = try Response(
                json: Token(access_token: given.token, expires_in: ClientDesk.tokenSeconds, scope: given.scopes.joined(separator: " ")))
            response.headers[.cacheControl] = "no-store"
            return response
        } catch let fault as ClientFault {
            try await portal.recordRefusal(.login, of: fault, context, channel: "api")
            return try Response(
                json: Refusal(error: fault.code, error_description: fault.message), status: fault.code == "invalid_client" ? .unauthorized : .badRequest)
        }
    }
}
