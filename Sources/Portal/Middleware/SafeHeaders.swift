import HTTPTypes
import Hummingbird

/// Headers of every answer, errors included: scripts and styles only from here, no frames, no guessing of types, no address handed on.
struct SafeHeaders: RouterMiddleware {
    typealias Context = PortalContext

    static let fields: [(HTTPField.Name, String)] = [
        (
            .contentSecurityPolicy,
            policy(framedBy: [])
        ),
        (.xContentTypeOptions, "nosniff"),
        (.referrerPolicy, "same-origin"),
        (.frameOptions, "DENY"),
        (.openerPolicy, "same-origin"),
        (.strictTransportSecurity, "max-age=31536000; includeSubDomains"),
    ]

    /// The policy of a page that pages of some origins may embed; none for all others.
    static func policy(framedBy origins: [String]) -> String {
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors \(origins.isEmpty ? "'none'" : origins.joined(separator: " ")); object-src 'none'"
    }

    func handle(
        _ request: Request, context: PortalContext, next: Next
    ) async throws -> Response {
        var response = try await next(request, context)
        // Who may frame a page is said once: browsers that know the policy still heed the older field.
        let isFramed = response.headers[.contentSecurityPolicy].map { !$0.contains("frame-ancestors 'none'") } ?? false
        for (name, value) in Self.fields where response.headers[name] == nil && !(isFramed && name == .frameOptions) { response.headers[name] = value }
        return response
    }
}
