import HTTPTypes
import Hummingbird
import Logging

/// Refuses a request whose Host is missing or not ours: a page of another site must not reach us under its own name (DNS rebinding).
struct HostGuard: RouterMiddleware {
    typealias Context = PortalContext
    /// Names without port, in lower case.
    let hosts: Set<String>

    /// - Parameter hosts: names from the settings, beside the loopback names.
    init(hosts: [String]) {
        self.hosts = Set(hosts.map { $0.lowercased() }).union(Self.loopback)
    }

    static let loopback: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    /// The host of a request without its port, in lower case; nil if it has none or is malformed.
    static func name(of request: Request) -> String? {
        guard let authority = request.head.authority, !authority.isEmpty else { return nil }
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            return authority[...end].lowercased()
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count <= 2 && !parts[0].isEmpty ? parts[0].lowercased() : nil
    }

    func handle(
        _ request: Request, context: PortalContext, next: Next
    ) async throws -> Response {
        guard let name = Self.name(of: request), hosts.contains(name) else {
            throw Problem(
                status: .badRequest, code: "unknown-host", title: "请求有误", detail: "请求的主机名不是本平台的地址。",
                cure: "请用平台公布的地址打开；部署人员可在设置中登记主机名。")
        }
        return try await next(request, context)
    }
}

/// A form or a write of the API must come from our own pages, or from a program that is no browser.
struct OriginGuard: RouterMiddleware {
    typealias Context = PortalContext

    func handle(
        _ request: Request, context: PortalContext, next: Next
    ) async throws -> Response {
        if request.method != .get, request.method != .head {
            if let site = request.headers[.fetchSite], site != "same-origin", site != "none" { throw Self.refusal }
            if let origin = request.headers[.origin], !Self.matches(origin: origin, authority: request.head.authority) {
                throw Self.refusal
            }
        }
        return try await next(request, context)
    }

    static func matches(origin: String, authority: String?) -> Bool {
        guard let authority else { return false }
        return origin == "http://\(authority)" || origin == "https://\(authority)"
    }

    private static let refusal = Problem(
        status: .forbidden, code: "cross-site", title: "请求来自别的网站", detail: "这个操作只能从本平台的页面提交。", cure: "请在本平台页面上重新操作。")
}
