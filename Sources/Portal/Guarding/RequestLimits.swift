import Access
import HTTPTypes
import Hummingbird
import Identifiers

/// How often one address, user, body may ask, and how often a costly route. What is over is answered 429 with the seconds to wait.
package struct RequestLimits: Sendable {
    /// Requests a minute of one network address that is not logged in; 0 for no limit.
    package var perAddress: Int
    /// Requests a minute of one user or program.
    package var perUser: Int
    /// Requests a minute of one body's users and programs together.
    package var perBody: Int
    /// Logins and tokens a minute from one address.
    package var logins: Int
    /// Exports an hour of one user.
    package var exports: Int
    private let buckets = RateLimits()

    package init(perAddress: Int = 600, perUser: Int = 600, perBody: Int = 6000, logins: Int = 20, exports: Int = 60) {
        self.perAddress = perAddress
        self.perUser = perUser
        self.perBody = perBody
        self.logins = logins
        self.exports = exports
    }

    /// Takes one request from each bucket that it counts for.
    /// - Throws: `Problem` 429.
    func check(_ request: Request, _ context: PortalContext, route: String, isExport: Bool, at now: Instant) throws(Problem) {
        // Kept in memory, the same for all, and several for each page.
        if route.hasPrefix("/assets/") { return }
        if let visitor = context.visitor {
            // Whoever may read the data directory is not kept from the server.
            if visitor.kind == .terminal { return }
            try check(visitor, at: now)
            if isExport { try take("export \(visitor.login)", perHour: exports, burst: exports, now) }
        } else {
            try take("address \(context.address)", perHour: perAddress * 60, burst: perAddress / 2, now)
        }
        let isLogin = request.method == .post && (route.hasPrefix("/login") || route == "/oauth/token")
        if isLogin { try checkLogin(context, at: now) }
    }

    /// Takes one request of a visitor.
    func check(_ visitor: Visitor, at now: Instant) throws(Problem) {
        try take("user \(visitor.login)", perHour: perUser * 60, burst: perUser / 2, now)
        if !visitor.body.isEmpty { try take("body \(visitor.body)", perHour: perBody * 60, burst: perBody / 2, now) }
    }

    /// Takes one try of somebody to be known.
    func checkLogin(_ context: PortalContext, at now: Instant) throws(Problem) {
        try take("login \(context.address)", perHour: logins * 60, burst: logins, now)
    }

    private func take(_ key: String, perHour: Int, burst: Int, _ now: Instant) throws(Problem) {
        guard perHour > 0, let seconds = buckets.take(key, .init(burst: max(1, burst), perHour: perHour), at: now) else { return }
        var problem = Problem(
            status: .tooManyRequests, code: "too-many-requests", title: "请求过于频繁", detail: "短时间内的请求超过了上限。", cure: "请 \(seconds) 秒后再试。")
        problem.retryAfter = seconds
        throw problem
    }
}
