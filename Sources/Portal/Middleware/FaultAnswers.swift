import HTTPTypes
import Hummingbird
import Logging

/// Turns what a route throws into an answer: problem details below `/api/`, a page elsewhere. Inner faults are logged, never shown.
struct FaultAnswers: RouterMiddleware {
    typealias Context = PortalContext
    let frames: Frames
    let templates: Templates
    /// The pages that may frame what is answered to a request of the embedded verification.
    let embedders: @Sendable (Request) -> [String]

    func handle(
        _ request: Request, context: PortalContext, next: Next
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem(any: error)
            if problem.status.kind == .serverError {
                context.logger.error("request failed", metadata: ["error": "\(error)", "reference": "\(context.reference)"])
            }
            if request.uri.path.hasPrefix("/api/") {
                return try Response(
                    json: ProblemDetails(problem, reference: context.reference), status: problem.status,
                    type: "application/problem+json; charset=utf-8"
                ).saying(problem)
            }
            if request.uri.path.hasPrefix(EmbedRoutes.path) {
                let page = EmbeddedPage(
                    shell: frames.publicShell(title: "信用核查", request: request), notice: Notice(problem), waits: false, watermark: "")
                var response = try Response(page, with: templates, status: problem.status).saying(problem)
                response.headers[.contentSecurityPolicy] = SafeHeaders.policy(framedBy: embedders(request))
                return response
            }
            let page = ErrorPage(
                shell: frames.publicShell(title: problem.title, request: request), status: problem.status.code, title: problem.title,
                detail: problem.detail, cure: problem.cure, reference: context.reference,
                again: request.method == .get && request.uri.query != nil
                    ? Link(label: "回到该页的现在", href: request.uri.path) : nil)
            return try Response(page, with: templates, status: problem.status).saying(problem)
        }
    }
}

extension Response {
    /// The headers that belong to a problem: when to try again, how to log in, which methods there are.
    fileprivate func saying(_ problem: Problem) -> Response {
        var response = self
        if let seconds = problem.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        if problem.status == .methodNotAllowed { response.headers[.allow] = problem.methods.joined(separator: ", ") }
        if problem.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer realm=\"tianzhong\"" }
        return response
    }
}
