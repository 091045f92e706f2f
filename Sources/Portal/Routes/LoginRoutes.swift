import Access
import Cryptography
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identifiers
import Policy
import Registry

/// Logging in: password, one-time code, what is set up at the first time, the password again, roles, logging out.
struct LoginRoutes: Sendable {
    let portal: Portal

    func add(to router: Router<PortalContext>) {
        router.get("login", use: form)
        router.post("login", use: begin)
        for step in Step.allCases {
            router.get("login/\(step.rawValue)") { request, context in try await show(step, request, context, nil) }
            router.post("login/\(step.rawValue)") { request, context in try await take(step, request, context) }
        }
        router.post("login/role", use: role)
        router.post("logout", use: logout)
    }

    /// A step after the password, named by its address.
    enum Step: String, CaseIterable, Sendable {
        case code, enrolment, password, again

        var title: String {
            switch self {
            case .code: "动态口令"
            case .enrolment: "绑定动态口令"
            case .password: "修改口令"
            case .again: "再次验证"
            }
        }

        init?(_ stage: Session.Stage) {
            switch stage {
            case .secondFactor: self = .code
            case .enrolment: self = .enrolment
            case .newPassword: self = .password
            case .open: return nil
            }
        }
    }

    // MARK: First step

    @Sendable func form(_ request: Request, _ context: PortalContext) async throws -> Response {
        if let visitor = context.visitor { return .seeOther(visitor.role.map(Self.home) ?? "/") }
        return try await formPage(request, notice: nil)
    }

    private func formPage(_ request: Request, notice: Notice?) async throws -> Response {
        let browser = Browser(request)
        let back = try portal.query(request).text("back")
        var page = LoginPage(
            shell: portal.frames.publicShell(title: "登录", request: request, current: "/login"), notice: notice,
            form: FormView(
                action: "/login", token: portal.tokens.token(for: "/login", browser: browser.name, now: portal.clock()),
                hidden: [.init(name: "back", value: TextSize.back(back))],
                fields: [
                    FieldView("login", "账号", autocomplete: "username"), FieldView("password", "口令", type: "password", autocomplete: "current-password"),
                ], button: "下一步"))
        if let demonstration = portal.settings.demonstration {
            page.hasAccounts = true
            page.accountsPassword = demonstration.password
            page.accountsSecret = demonstration.secret
            page.accounts = try await portal.blocking { [portal] in
                try portal.access.registry.accounts.list().filter { $0.proposedBy == Demonstration.proposer }.map { account in
                    LoginPage.DemonstrationAccount(
                        login: account.login, roles: account.roles.map(\.name).joined(separator: "、"), body: portal.book.body(account.body)?.name ?? "–")
                }
            }
        }
        return try portal.answer(page, browser: browser, status: notice == nil ? .ok : .unauthorized)
    }

    @Sendable func begin(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        guard portal.tokens.accepts(form["token"], for: "/login", browser: Browser(request).name, now: portal.clock()) else { throw Portal.staleForm }
        let now = portal.clock()
        let (login, password) = (form.text("login") ?? "", form["password"] ?? "")
        do {
            let begun = try await portal.blocking { [portal] in try portal.access.login.begin(login: login, password: password, from: context.address, at: now) }
            // Whoever was logged in here before is not any more.
            if let old = context.sessionToken { portal.access.sessions.end(old) }
            return Self.going(on: begun, back: form["back"])
        } catch let fault as LoginFault {
            try await note(fault, login: login, request, context, now)
            return try await formPage(request, notice: Notice(tone: "bad", title: fault.message, text: fault.cure))
        }
    }

    /// To the step that comes next, or where the visitor wanted to go, under the new token.
    private static func going(on begun: (token: String, session: Session), back: String?) -> Response {
        let back = TextSize.back(back)
        let next = Step(begun.session.stage).map { "/login/\($0.rawValue)?back=\(PercentCoding.encode(back))" }
        var response = Response.seeOther(next ?? (back == "/" ? home(of: begun.session.role) : back))
        response.setCookie(SessionCookie.carrying(begun.token))
        return response
    }

    /// Where a role begins.
    static func home(of role: Role) -> String {
        switch role {
        case .citizen, .firmAdministrator: "/me"
        case .systemAdministrator, .securityAdministrator: "/admin/accounts"
        case .auditAdministrator: "/audit/events"
        default: "/staff"
        }
    }

    private func note(_ fault: LoginFault, login: String, _ request: Request, _ context: PortalContext, _ now: Instant) async throws {
        // What was typed as a login name may be a password or a number: only known names are written down.
        let known = try await portal.blocking { [portal] in try portal.access.registry.accounts.find(login: login) }
        var event = AccessEvent(
            at: now, action: .login, actor: known?.login ?? "-", actorName: known?.name ?? "", role: "", body: known?.body ?? "",
            address: context.address, channel: "web")
        event.isAllowed = false
        event.detail = fault.code.rawValue
        try await portal.access.log.append(event)
    }

    // MARK: Steps after it

    private func show(_ step: Step, _ request: Request, _ context: PortalContext, _ notice: Notice?) async throws -> Response {
        let now = portal.clock()
        guard let token = context.sessionToken, let session = portal.access.sessions.find(token, at: now) else { return .seeOther("/login") }
        if let other = Self.other(than: step, session) { return other }
        let back = TextSize.back(try portal.query(request).text("back"))
        var page = LoginPage(shell: portal.frames.publicShell(title: step.title, request: request, current: "/login"), notice: notice)
        var note: String?
        switch step {
        case .code: note = "请输入动态口令应用上显示的 6 位数字。每个数字只能用一次。"
        case .enrolment:
            note = "首次登录须绑定动态口令（RFC 6238）。请把密钥加入手机上的动态口令应用，再输入它显示的 6 位数字。"
            let secret = try portal.access.login.enrolmentSecret(token: token, at: now)
            page.secret = .init(text: secret.base32, address: secret.uri(issuer: portal.settings.site.name, account: session.account.login))
        case .password: note = "口令须 12 个字符以上，含大写、小写、数字、符号中的至少三类，\(PasswordRules.lifetimeDays) 天更换一次。"
        case .again: note = "这项操作须再次验证口令。"
        }
        page.form = FormView(
            note: note, action: "/login/\(step.rawValue)", token: portal.tokens.token(for: "/login/\(step.rawValue)", browser: session.name, now: now),
            hidden: [.init(name: "back", value: back)], fields: Self.fields(step), button: "确定")
        return try portal.answer(page, status: notice == nil ? .ok : .unauthorized)
    }

    /// Where a session goes that is not at this step; nil where it is.
    private static func other(than step: Step, _ session: Session) -> Response? {
        if session.stage == .open { return step == .password || step == .again ? nil : .seeOther(home(of: session.role)) }
        return Step(session.stage) == step ? nil : .seeOther("/login/\(Step(session.stage)?.rawValue ?? "")")
    }

    private static func fields(_ step: Step) -> [FieldView] {
        switch step {
        case .code, .enrolment: [FieldView("code", "6 位数字", autocomplete: "one-time-code")]
        case .password:
            [
                FieldView("old", "现在的口令", type: "password", autocomplete: "current-password"),
                FieldView("new", "新口令", type: "password", autocomplete: "new-password"),
                FieldView("repeat", "新口令（再输一次）", type: "password", autocomplete: "new-password"),
            ]
        case .again: [FieldView("password", "口令", type: "password", autocomplete: "current-password")]
        }
    }

    private func take(_ step: Step, _ request: Request, _ context: PortalContext) async throws -> Response {
        let now = portal.clock()
        guard let token = context.sessionToken, let session = portal.access.sessions.find(token, at: now) else { return .seeOther("/login") }
        if let other = Self.other(than: step, session) { return other }
        let form = try await portal.form(request)
        guard portal.tokens.accepts(form["token"], for: "/login/\(step.rawValue)", browser: session.name, now: now) else { throw Portal.staleForm }
        do {
            if step == .password, form["new"] != form["repeat"] {
                return try await show(step, request, context, Notice(tone: "bad", title: "两次输入的新口令不一样", text: "请重新输入。"))
            }
            let done = try await portal.blocking { [login = portal.access.login] in
                switch step {
                case .code: try login.confirm(form["code"] ?? "", token: token, at: now)
                case .enrolment: try login.enrol(form["code"] ?? "", token: token, at: now)
                case .password: try login.changePassword(from: form["old"] ?? "", to: form["new"] ?? "", token: token, at: now)
                case .again: try login.again(form["password"] ?? "", token: token, at: now)
                }
            }
            if done.session.stage == .open { try await noteSuccess(step, done.session, request, context, now) }
            return Self.going(on: done, back: form["back"])
        } catch let fault as LoginFault {
            try await note(fault, login: session.account.login, request, context, now)
            return try await show(step, request, context, Notice(tone: "bad", title: fault.message, text: fault.cure))
        }
    }

    private func noteSuccess(_ step: Step, _ session: Session, _ request: Request, _ context: PortalContext, _ now: Instant) async throws {
        var known = context
        known.visitor = Visitor(session)
        try await portal.record(.login, request, known, detail: step.title)
    }

    // MARK: Roles and the end

    @Sendable func role(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/login/role", request, context)
        guard let token = context.sessionToken, let role = form["role"].flatMap(Role.init), context.visitor?.roles.contains(role) == true else {
            try await portal.recordRefusal(.login, request, context, "切换到没有的角色")
            throw Problem.refused
        }
        // A purpose is of the role that stated it.
        portal.access.sessions.change(token) { session in
            session.role = role
            session.purpose = nil
        }
        try await portal.record(.login, request, context, detail: "切换到\(role.name)")
        return .seeOther(Self.home(of: role))
    }

    @Sendable func logout(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/logout", request, context)
        if let token = context.sessionToken { portal.access.sessions.end(token) }
        try await portal.record(.logout, request, context)
        var response = Response.seeOther("/")
        response.setCookie(SessionCookie.ended)
        // Whatever the browser kept of this site goes with the session.
        response.headers[.clearSiteData] = "\"cache\", \"storage\""
        return response
    }
}
