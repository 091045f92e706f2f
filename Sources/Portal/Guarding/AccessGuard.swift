import Access
import HTTPTypes
import Hummingbird
import Identifiers
import Logging
import Policy
import Registry

/// The one guard before every route: who asks, what the policy table says, whether a purpose is stated. What is not in the table
/// is refused; every refusal of somebody known is in the access log before it is told.
struct AccessGuard: RouterMiddleware {
    typealias Context = PortalContext
    let access: Access
    let book: PolicyBook
    let limits: RequestLimits
    /// Whether callers' addresses come from a proxy of this machine.
    let isBehindProxy: Bool
    let clock: @Sendable () -> Instant

    func handle(_ request: Request, context: PortalContext, next: Next) async throws -> Response {
        let now = clock()
        var context = context
        // The last address is the one that the proxy itself saw; those before it anybody may have written.
        if isBehindProxy, context.isFromHere, let named = request.headers[.forwardedFor]?.split(separator: ",").last {
            context.forwarded = String(named.trimmingPrefix { $0 == " " }.prefix(45))
        }
        identify(request, &context, now)
        // The router's name for "no such route": nothing is there to guard.
        guard let route = context.endpointPath, route != "NotFound" else {
            let methods = access.table.methods(path: request.uri.path)
            guard methods.isEmpty else { throw Problem.methodNotAllowed(methods) }
            return try await next(request, context)
        }
        let known = access.table.rule(request.method.rawValue, route)
        try limits.check(request, context, route: route, isExport: known?.isExport ?? false, at: now)
        guard let rule = known else {
            context.logger.error("route without a rule", metadata: ["route": "\(route)"])
            try await refuse(request, context, "没有登记的功能", at: now)
            throw Problem.refused
        }
        try takePurpose(of: request, &context)
        if rule.isPublic { return try await next(request, context) }
        guard let visitor = context.visitor else { return try Self.toLogin(request) }
        guard let scope = access.scope(of: visitor, under: rule) else {
            try await refuse(request, context, "没有这项权限：\(request.method.rawValue) \(route)", at: now)
            throw Problem.refused
        }
        if let problem = try access.refusal(of: visitor, at: now) {
            if problem.status == .forbidden { try await refuse(request, context, problem.title, at: now) }
            throw problem
        }
        context.scope = scope
        context.reach = try access.reach(scope, of: visitor, book: book, at: now)
        if rule.isGrave, visitor.kind == .person, now.milliseconds - visitor.authenticated.milliseconds > Sessions.graveMilliseconds {
            return try Self.toAgain(request)
        }
        if rule.needsPurpose {
            switch try access.purpose(visitor.purpose, of: visitor, about: nil, book: book, at: now) {
            case .success(let purpose): context.purpose = purpose
            case .failure(let refusal):
                try await refuse(request, context, refusal.message, at: now)
                return try Self.toPurpose(request, refusal)
            }
        }
        return try await next(request, context)
    }

    private func identify(_ request: Request, _ context: inout PortalContext, _ now: Instant) {
        if let bearer = request.headers[.authorization], bearer.lowercased().hasPrefix("bearer ") {
            context.visitor = access.clients.visitor(bearer: String(bearer.dropFirst(7)), at: now)
            return
        }
        guard let token = SessionCookie.token(of: request), let session = access.sessions.find(token, at: now) else { return }
        context.sessionToken = token
        if session.stage == .open { context.visitor = Visitor(session) }
    }

    /// Programs state their purpose with the request; people for their session.
    private func takePurpose(of request: Request, _ context: inout PortalContext) throws {
        guard let visitor = context.visitor, visitor.kind != .person || request.uri.path.hasPrefix("/api/"), let query = FormFields(request.uri.query ?? ""),
            let code = query.text("purpose")
        else { return }
        context.visitor?.purpose = StatedPurpose(
            code: code, caseNumber: query.text("case") ?? "", consent: query.text("consent").flatMap(Int64.init))
    }

    private func refuse(_ request: Request, _ context: PortalContext, _ why: String, at now: Instant) async throws {
        guard var event = AccessEvent(.query, request, context, at: now) else { return }
        event.isAllowed = false
        event.detail = why
        try await access.log.append(event)
    }

    // MARK: Where a visitor is sent

    private static func isPage(_ request: Request) -> Bool { request.method == .get && !request.uri.path.hasPrefix("/api/") }

    private static func toLogin(_ request: Request) throws -> Response {
        guard isPage(request) else { throw Problem.notLoggedIn }
        return .seeOther("/login?back=\(PercentCoding.encode(request.uri.string))")
    }

    private static func toAgain(_ request: Request) throws -> Response {
        guard !request.uri.path.hasPrefix("/api/") else { throw Problem.passwordAgain }
        // What was sent is not kept: the form is filled in anew after the password.
        let back = request.method == .get ? request.uri.string : request.headers[.referer].flatMap(path) ?? "/staff"
        return .seeOther("/login/again?back=\(PercentCoding.encode(back))")
    }

    private static func toPurpose(_ request: Request, _ refusal: PurposeRefusal) throws -> Response {
        guard isPage(request) else { throw Problem.purposeRefused(refusal) }
        return .seeOther("/staff/purpose?back=\(PercentCoding.encode(request.uri.string))")
    }

    /// Path and query of an address of our own.
    private static func path(_ address: String) -> String? {
        guard let scheme = address.firstRange(of: "://") else { return nil }
        let rest = address[scheme.upperBound...]
        return rest.firstIndex(of: "/").map { String(rest[$0...]) }
    }
}

extension Access {
    /// Counts a request of a program; why it is not answered, or nil.
    func refusal(of visitor: Visitor, at now: Instant) throws -> Problem? {
        guard visitor.kind == .program else { return nil }
        return switch try clients.admit(visitor.login, at: now) {
        case .admitted: nil
        case .contractOver: .contractOver
        case .quotaUsed: .quotaUsed
        }
    }
}

extension Visitor {
    /// Whose session it is.
    init(_ session: Session) {
        let account = session.account
        self.init(
            kind: .person, account: account.number, login: account.login, name: account.name, body: account.body, role: session.role,
            roles: account.roles, subject: account.subject, clientScopes: [], purpose: session.purpose, authenticated: session.authenticated,
            sessionName: session.name)
    }
}

extension AccessEvent {
    /// An act of a request's visitor; nil where nobody is known.
    init?(_ action: AccessAction, _ request: Request, _ context: PortalContext, at now: Instant) {
        guard let visitor = context.visitor else { return nil }
        self.init(
            at: now, action: action, actor: visitor.login, actorName: visitor.name, role: visitor.roleWord, body: visitor.body,
            address: context.address, channel: request.uri.path.hasPrefix("/api/") ? "api" : "web")
        purpose = visitor.purpose?.code ?? ""
        caseNumber = visitor.purpose?.caseNumber ?? ""
        consent = visitor.purpose?.consent
    }
}

extension Problem {
    /// 403: the policy table does not let this visitor in.
    static let refused = Problem(
        status: .forbidden, code: "not-permitted", title: "没有这项权限", detail: "您现在的角色不能使用这个功能，这次请求已记入审计日志。",
        cure: "请切换角色，或联系本单位管理员申请权限。")

    static let notLoggedIn = Problem(
        status: .unauthorized, code: "not-logged-in", title: "需要登录", detail: "这项内容须登录后使用，或登录已超时。", cure: "请登录；程序请先取得访问令牌（/oauth/token）。")

    static let quotaUsed = Problem(
        status: .tooManyRequests, code: "quota-used", title: "今日配额已用完", detail: "该接口程序今天的调用次数已达到登记的配额。", cure: "请明天再试，或向信用中心申请调整配额。")

    static let contractOver = Problem(
        status: .forbidden, code: "contract-over", title: "合同已到期", detail: "该接口程序的使用合同已到期，这次请求已记入审计日志。", cure: "请与信用中心续签后再用。")

    static let passwordAgain = Problem(
        status: .forbidden, code: "password-again", title: "需要再次验证", detail: "这项操作须在五分钟内验证过口令。", cure: "请在网页上操作。")

    static func purposeRefused(_ refusal: PurposeRefusal) -> Problem {
        Problem(
            status: .forbidden, code: "purpose-refused", title: "查询事由不成立", detail: "\(refusal.message)，这次请求已记入审计日志。",
            cure: "请写明有效的查询事由（purpose）、办件号（case）或授权编号（consent）。")
    }
}
