import Access
import Hummingbird
import Registry

/// Where oneself is logged in, and the ending of it (OWASP ASVS 5.0 V7.5.2).
struct SessionRoutes: Sendable {
    let portal: Portal

    func add(to router: Router<PortalContext>) {
        router.get("sessions", use: list)
        router.post("sessions/others/ending", use: endOthers)
        router.post("sessions/:number/ending", use: end)
    }

    /// The visitor's account and the token of this very session: the pages are for those who logged in, not for programs.
    private func own(_ context: PortalContext) throws(Problem) -> (session: Session, token: String) {
        guard let token = context.sessionToken, let session = portal.access.sessions.find(token, at: portal.clock()) else { throw Problem.refused }
        return (session, token)
    }

    @Sendable func list(_ request: Request, _ context: PortalContext) async throws -> Response {
        let here = try own(context).session
        let sessions = portal.access.sessions.all(of: here.account.number, at: portal.clock())
        let others = FormView(
            note: "不认得其中一处时：请结束它，并立即修改口令。", action: "/sessions/others/ending", token: portal.token("/sessions/others/ending", context), fields: [],
            button: "结束其他所有登录")
        return try portal.answer(
            TablePage(
                portal.shell("登录管理", request, context, current: "/sessions", crumbs: nil),
                intro: "您的账号现在在哪里登录着。15 分钟没有操作、或登录满 8 小时，会自动退出；同时最多 5 处。",
                columns: ["登录时间", "最近操作", "网络地址", "身份", "状态"],
                rows: sessions.map { session in
                    let action = "/sessions/\(session.number)/ending"
                    let isHere = session.number == here.number
                    return .init(
                        cells: [
                            .init("\(session.created)"), .init("\(session.seen)"), .init(session.address), .init(session.role.name),
                            .init("", tag: isHere ? Tag("本次登录", .good) : session.stage == .open ? Tag("已登录", .plain) : Tag("登录未完成", .busy)),
                        ], acts: isHere ? [] : [.init(action: action, token: portal.token(action, context), label: "结束")])
                }, empty: "", form: sessions.count > 1 ? others : nil))
    }

    @Sendable func end(_ request: Request, _ context: PortalContext) async throws -> Response {
        let number = context.parameters.get("number") ?? ""
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/sessions/\(number)/ending", request, context)
        let here = try own(context).session
        guard let number = Int(number), portal.access.sessions.end(number, of: here.account.number) else {
            throw Problem.notFound("session-unknown", "没有这处登录", "这处登录已经结束，或不是您的。", cure: "请从“登录管理”进入。")
        }
        try await portal.record(.logout, request, context, detail: "结束一处登录")
        return .seeOther("/sessions")
    }

    @Sendable func endOthers(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/sessions/others/ending", request, context)
        let (here, token) = try own(context)
        portal.access.sessions.endOthers(than: token, of: here.account.number)
        try await portal.record(.logout, request, context, detail: "结束其他所有登录")
        return .seeOther("/sessions")
    }
}
