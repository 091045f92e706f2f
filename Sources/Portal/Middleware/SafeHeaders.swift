import HTTPTypes
import Hummingbird

/// Headers of every answer, errors included: scripts and styles only from here, no frames, no guessing of types, no address handed on.
struct SafeHeaders: RouterMiddleware {
    typealias Context = PortalContext

    static let fields: [(HTTPField.Name, String)] = [
        (
            .contentSecurityPolicy,
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
        ),
        (.xContentTypeOptions, "nosniff"),
        (.referrerPolicy, "same-origin"),
        (.frameOptions, "DENY"),
        (.openerPolicy, "same-origin"),
        (.strictTransportSecurity, "max-age=31536000; includeSubDomains"),
    ]

    func handle(
        _ request: Request, context: PortalContext, next: Next
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in Self.fields { response.headers[name] = value }
        return response
    }
}
