import HTTPTypes
import Hummingbird
import Logging

/// One line for each request: method, route pattern, status, milliseconds. Never the address as typed: names and numbers may stand in it.
struct RequestLog: RouterMiddleware {
    typealias Context = PortalContext

    func handle(
        _ request: Request, context: PortalContext, next: Next
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await next(request, context)
        let spent = clock.now - start
        context.logger.info(
            "request",
            metadata: [
                "method": "\(request.method.rawValue)", "route": "\(context.endpointPath ?? "-")", "status": "\(response.status.code)",
                "milliseconds": "\(spent / .milliseconds(1))", "reference": "\(context.reference)",
            ])
        return response
    }
}
