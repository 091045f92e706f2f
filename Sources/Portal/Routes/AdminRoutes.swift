import Access
import HTTPTypes
import Hummingbird
import Identifiers
import Policy
import Registry

/// 三员 at work: accounts proposed by one and approved by another, grants across counties, machine clients, the rights matrix.
struct AdminRoutes: Sendable {
    let portal: Portal

    func add(to group: RouterGroup<PortalContext>) {
        group.get("accounts", use: accounts)
        group.post("accounts", use: propose)
        group.post("accounts/:number/approval") { request, context in try await decide(request, context, "approval") }
        group.post("accounts/:number/suspension") { request, context in try await decide(request, context, "suspension") }
        group.post("accounts/:number/reset") { request, context in try await decide(request, context, "reset") }
        group.get("grants", use: grants)
        group.post("grants", use: proposeGrant)
        group.post("grants/:number/approval", use: approveGrant)
        group.get("clients", use: clients)
        group.post("clients", use: addClient)
        group.post("clients/:id/state", use: stopClient)
        group.post("clients/:id/origins", use: setOrigins)
        group.get("matrix", use: matrix)
    }

    private var registry: AccessRegistry { portal.access.registry }

    // MARK: Accounts

    @Sendable func accounts(_ request: Request, _ context: PortalContext) async throws -> Response {
        try await accountsPage(request, context, notice: nil)
    }

    private func accountsPage(_ request: Request, _ context: PortalContext, notice: Notice?, isFault: Bool = true) async throws -> Response {
        let accounts = try await portal.blocking { [registry] in try registry.accounts.list() }
        let mayPropose = context.visitor?.role == .systemAdministrator
        let bodies = [Choice(value: "", label: "（个人、企业账号不填）", selected: true)]
            + portal.book.organisations.map { Choice(value: $0.code, label: $0.name, selected: false) }
        let form = FormView(
            title: "新建账号", note: "提交后须由安全管理员审批才能使用。初始口令只显示一次，首次登录须修改并绑定动态口令。", action: "/admin/accounts",
            token: portal.token("/admin/accounts", context),
            fields: [
                FieldView("login", "账号", hint: "小写字母、数字、点、横线，3 至 32 个字符"), FieldView("name", "姓名"), FieldView("body", "单位", choices: bodies),
                FieldView("roles", "角色", choices: Role.allCases.map { Choice(value: $0.rawValue, label: $0.name, selected: false) }),
                FieldView("also", "兼任角色", choices: [Choice(value: "", label: "（无）", selected: true)]
                    + Role.allCases.filter { !$0.isAdministrator && !$0.isSubjects }.map { Choice(value: $0.rawValue, label: $0.name, selected: false) }),
            ], button: "提交审批")
        return try portal.answer(
            TablePage(
                portal.shell("账号", request, context, current: "/admin/accounts"),
                intro: "系统管理员建立账号，安全管理员审批和停用，审计管理员查看记录；三个角色互斥，任何一人都不能独自开通账号。", notice: notice,
                columns: ["账号", "姓名", "单位", "角色", "状态", "动态口令", "提出", "审批"],
                rows: accounts.map { row($0, context) }, empty: "没有账号。", form: mayPropose ? form : nil),
            status: notice == nil || !isFault ? .ok : .badRequest)
    }

    private func row(_ account: Account, _ context: PortalContext) -> TablePage.Row {
        func act(_ name: String, _ label: String) -> TablePage.RowForm {
            let action = "/admin/accounts/\(account.number)/\(name)"
            return .init(action: action, token: portal.token(action, context), label: label)
        }
        var acts: [TablePage.RowForm] = []
        if context.visitor?.role == .securityAdministrator {
            if account.state == .proposed || account.state == .suspended { acts.append(act("approval", account.state == .proposed ? "批准" : "恢复")) }
            if account.state == .active { acts.append(act("suspension", "停用")) }
        } else if account.state != .closed {
            acts.append(act("reset", "重置口令"))
        }
        return .init(
            cells: [
                .init(account.login), .init(account.name), .init(portal.book.body(account.body)?.name ?? (account.body.isEmpty ? "–" : account.body)),
                .init(account.roles.map(\.name).joined(separator: "、")),
                .init("", tag: Tag(account.state.name, account.state == .active ? .good : account.state == .proposed ? .warn : .bad)),
                .init(account.secondFactor == nil ? "未绑定" : "已绑定"), .init("\(account.proposedBy) \(account.created.date)"), .init(account.approvedBy ?? "–"),
            ], acts: acts)
    }

    @Sendable func propose(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/admin/accounts", request, context)
        let login = (form.text("login") ?? "").lowercased()
        let roles = [form["roles"], form["also"]].compactMap { $0.flatMap(Role.init) }.reduce(into: [Role]()) { if !$0.contains($1) { $0.append($1) } }
        func refuse(_ title: String) async throws -> Response {
            try await accountsPage(request, context, notice: Notice(tone: "bad", title: title, text: "请改正后重新提交。"))
        }
        guard (3...32).contains(login.utf8.count), login.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D })
        else { return try await refuse("账号只能用小写字母、数字、点、横线，3 至 32 个字符") }
        guard let name = form.text("name"), name.unicodeScalars.count <= 40 else { return try await refuse("请填写姓名") }
        if let conflict = Role.conflict(among: roles) { return try await refuse(conflict) }
        let body = form.text("body") ?? ""
        guard roles.allSatisfy(\.isSubjects) || portal.book.body(body) != nil else { return try await refuse("工作人员账号须选择单位") }
        // A subject's account needs the identity check of the provincial identity service or of a window, which names its subject.
        guard !roles.contains(where: \.isSubjects) else { return try await refuse("个人和企业账号须经实名核验建立（统一身份认证接口或 tianzhong account add）") }
        let password = OneTimePassword.make()
        let now = portal.clock()
        let proposer = context.visitor?.login ?? ""
        let made = try await portal.blocking { [portal] in
            try portal.access.registry.accounts.add(
                NewAccount(
                    login: login, name: name, body: body, roles: roles, password: try portal.access.hash(password), mustChange: true, proposedBy: proposer),
                at: now)
        }
        guard let made else { return try await refuse("账号“\(login)”已存在") }
        try await portal.record(.account, request, context, detail: "新建账号 \(made.login)：\(roles.map(\.name).joined(separator: "、"))")
        return try await accountsPage(
            request, context,
            notice: Notice(tone: "good", title: "已提交审批：\(made.login)", text: "初始口令（只显示这一次）：\(password)"), isFault: false)
    }

    private func decide(_ request: Request, _ context: PortalContext, _ act: String) async throws -> Response {
        let number = context.parameters.get("number") ?? ""
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/admin/accounts/\(number)/\(act)", request, context)
        guard let account = try Int64(number).flatMap({ try registry.accounts.find($0) }) else {
            throw Problem.notFound("account-unknown", "没有这个账号", "没有这个账号。")
        }
        let login = context.visitor?.login ?? ""
        func refuse(_ why: String) async throws {
            try await portal.recordRefusal(.approve, request, context, why)
            throw Problem.refused
        }
        if account.login == login { try await refuse("处理自己的账号") }
        let now = portal.clock()
        switch act {
        case "approval":
            guard account.state == .proposed || account.state == .suspended else { throw Problem.notFound("account-unknown", "没有这个账号", "账号已注销，或不需要审批。") }
            // Whoever proposed it cannot approve it: two people.
            if account.proposedBy == login || Role.conflict(among: account.roles) != nil { try await refuse("审批自己提出的账号 \(account.login)") }
            try await portal.blocking { [registry] in try registry.accounts.setState(account.number, .active, approvedBy: login) }
            try await portal.record(.approve, request, context, detail: "批准账号 \(account.login)")
        case "suspension":
            try await portal.blocking { [registry] in try registry.accounts.setState(account.number, .suspended) }
            portal.access.sessions.endAll(of: account.number)
            try await portal.record(.account, request, context, detail: "停用账号 \(account.login)")
        default:
            let password = OneTimePassword.make()
            try await portal.blocking { [portal] in
                // A reset opens the account to whoever has the new password, so it is approved anew.
                try portal.access.registry.accounts.reset(account.number, try portal.access.hash(password), at: now)
            }
            portal.access.sessions.endAll(of: account.number)
            try await portal.record(.account, request, context, detail: "重置口令 \(account.login)")
            return try await accountsPage(
                request, context,
                notice: Notice(
                    tone: "good", title: "已重置：\(account.login)，须由安全管理员恢复后才能登录", text: "新的初始口令（只显示这一次）：\(password)"), isFault: false)
        }
        return .seeOther("/admin/accounts")
    }

    // MARK: Grants across counties

    @Sendable func grants(_ request: Request, _ context: PortalContext) async throws -> Response {
        try await grantsPage(request, context, notice: nil)
    }

    private func grantsPage(_ request: Request, _ context: PortalContext, notice: Notice?) async throws -> Response {
        let now = portal.clock()
        let grants = try await portal.blocking { [registry] in try registry.grants.list() }
        let counties = portal.book.regions.filter { entry in
            portal.book.organisations.contains { Reach.county(of: $0.code, portal.book) == entry.code }
        }
        let form = FormView(
            title: "申请跨县区查询", action: "/admin/grants", token: portal.token("/admin/grants", context),
            fields: [
                FieldView(
                    "body", "给哪个单位",
                    choices: portal.book.organisations.filter { Reach.county(of: $0.code, portal.book) != nil }.map {
                        Choice(value: $0.code, label: $0.name, selected: false)
                    }),
                FieldView("region", "查询哪个县区", choices: counties.map { Choice(value: $0.code, label: $0.name, selected: false) }),
                FieldView("reason", "理由和文号"), FieldView("until", "有效期至", type: "date", value: "\(now.adding(days: 30).date)"),
            ], button: "提交审批")
        return try portal.answer(
            TablePage(
                portal.shell("跨县区授权", request, context, current: "/admin/grants"), intro: "县区之间互不可见；确需查询的，由信用中心申请、安全管理员批准，到期自动失效。",
                notice: notice, columns: ["单位", "县区", "理由", "到期", "申请人", "批准人", "状态"],
                rows: grants.map { grant in
                    let action = "/admin/grants/\(grant.number)/approval"
                    let mayApprove = context.visitor?.role == .securityAdministrator && grant.approvedBy == nil
                    return .init(
                        cells: [
                            .init(portal.book.body(grant.body)?.name ?? grant.body), .init(portal.book.region(grant.region)?.name ?? grant.region),
                            .init(grant.reason), .init("\(grant.to.date)"), .init(grant.proposedBy), .init(grant.approvedBy ?? "–"),
                            .init("", tag: grant.isInForce(at: now) ? Tag("有效", .good) : Tag(grant.approvedBy == nil ? "待审批" : "已到期", .plain)),
                        ], acts: mayApprove ? [.init(action: action, token: portal.token(action, context), label: "批准")] : [])
                }, empty: "没有跨县区授权。", form: context.visitor?.role == .creditCentre ? form : nil), status: notice == nil ? .ok : .badRequest)
    }

    @Sendable func proposeGrant(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/admin/grants", request, context)
        guard let body = form["body"], portal.book.body(body) != nil, let region = form["region"], portal.book.region(region) != nil,
            let reason = form.text("reason"), let day = form.text("until").flatMap({ CivilDate.parse($0.utf8.span) }),
            portal.clock() < Instant(endOf: day)
        else { return try await grantsPage(request, context, notice: Notice(tone: "bad", title: "请把每一项都填好", text: "理由须写明文号，有效期须晚于今天。")) }
        let grant = Grant(body: body, region: region, reason: reason, to: Instant(endOf: day), proposedBy: context.visitor?.login ?? "")
        try await portal.blocking { [registry] in try registry.grants.propose(grant) }
        try await portal.record(.account, request, context, detail: "申请跨县区查询：\(body) → \(region)")
        return .seeOther("/admin/grants")
    }

    @Sendable func approveGrant(_ request: Request, _ context: PortalContext) async throws -> Response {
        let number = context.parameters.get("number") ?? ""
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/admin/grants/\(number)/approval", request, context)
        let now = portal.clock()
        let login = context.visitor?.login ?? ""
        let isApproved = try await portal.blocking { [registry] in
            try Int64(number).map { try registry.grants.approve($0, by: login, at: now) } ?? false
        }
        guard isApproved else {
            try await portal.recordRefusal(.approve, request, context, "跨县区查询 \(number.prefix(20))：没有这项申请，或是自己提出的")
            throw Problem.notFound("grant-unknown", "没有这项申请", "没有这项申请，或它已处理，或是您自己提出的。")
        }
        try await portal.record(.approve, request, context, detail: "批准跨县区查询 \(number)")
        return .seeOther("/admin/grants")
    }
}
