import Access
import HTTPTypes
import Hummingbird
import Identifiers
import Policy
import Registry

/// 查询事由: stated once, in sight until left.
struct PurposeRoutes: Sendable {
    let portal: Portal

    func add(to group: RouterGroup<PortalContext>) {
        group.get("purpose", use: form)
        group.post("purpose", use: state)
        group.post("purpose/leave", use: leave)
        group.get("consents", use: consents)
    }

    @Sendable func form(_ request: Request, _ context: PortalContext) async throws -> Response {
        try formPage(request, context, notice: nil, code: nil, caseNumber: "", consent: "")
    }

    private func formPage(
        _ request: Request, _ context: PortalContext, notice: Notice?, code: String?, caseNumber: String, consent: String, back: String? = nil
    ) throws -> Response {
        let purposes = purposes(context)
        let query = try portal.query(request)
        let hasConsent = purposes.contains { $0.ground == .consent }
        var fields = [
            FieldView(
                "purpose", "事由", choices: purposes.map { Choice(value: $0.code, label: "\($0.name)（\($0.ground.name)）", selected: $0.code == code) }),
            FieldView("case", "办件号或案号", value: caseNumber, hint: "如 411700-2026-000123"),
        ]
        if hasConsent {
            fields.append(FieldView("consent", "授权编号", value: consent, hint: "以主体授权为依据的事由须填写", required: false))
        }
        let page = TablePage(
            portal.shell("查询事由", request, context), intro: "查看不公开的信息，须有法定事由和办件号，或当事人的授权。事由写明后一直显示在页面上方，直到结束。", notice: notice,
            columns: ["事由", "依据"],
            rows: purposes.map { purpose in
                .init(cells: [.init("\(purpose.code) \(purpose.name)"), .init(basis(of: purpose))])
            }, empty: "您现在的角色没有可用的查询事由。",
            form: FormView(
                title: "写明事由", action: "/staff/purpose", token: portal.token("/staff/purpose", context),
                hidden: [.init(name: "back", value: back ?? TextSize.back(query.text("back") ?? "/staff"))], fields: fields, button: "开始查询"))
        return try portal.answer(page, status: notice == nil ? .ok : .badRequest)
    }

    private func purposes(_ context: PortalContext) -> [Purpose] {
        portal.book.purposes(of: context.visitor?.role?.rawValue ?? "", on: portal.clock().date)
    }

    /// 《文件》条款, for each citation.
    private func basis(of purpose: Purpose) -> String {
        portal.book.cited(purpose.basis).map(\.text).joined(separator: "、")
    }

    @Sendable func state(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/staff/purpose", request, context)
        guard let token = context.sessionToken, let visitor = context.visitor else { throw Problem.notLoggedIn }
        let caseNumber = form.text("case") ?? ""
        let consent = form.text("consent").flatMap(Int64.init)
        let stated = StatedPurpose(code: form["purpose"] ?? "", caseNumber: String(caseNumber.prefix(60)), consent: consent)
        let now = portal.clock()
        let result = try await portal.blocking { [portal] in
            try portal.access.purpose(stated, of: visitor, about: nil, book: portal.book, at: now)
        }
        if case .failure(let refusal) = result {
            try await portal.recordRefusal(.query, request, context, refusal.message)
            return try formPage(
                request, context, notice: Notice(tone: "bad", title: refusal.message, text: "请核对后重新填写。"), code: stated.code, caseNumber: caseNumber,
                consent: form.text("consent") ?? "", back: TextSize.back(form["back"]))
        }
        portal.access.sessions.change(token) { $0.purpose = stated }
        return .seeOther(TextSize.back(form["back"]))
    }

    @Sendable func leave(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/staff/purpose/leave", request, context)
        if let token = context.sessionToken { portal.access.sessions.change(token) { $0.purpose = nil } }
        return .seeOther("/staff")
    }

    /// What this body was permitted to look at.
    @Sendable func consents(_ request: Request, _ context: PortalContext) async throws -> Response {
        let now = portal.clock()
        let body = context.visitor?.body ?? ""
        let consents = try await portal.blocking { [portal] in try portal.access.registry.consents.to(body) }
        return try portal.answer(
            TablePage(
                portal.shell("收到的授权", request, context, current: "/staff/consents"), intro: "查询时在“查询事由”里填写授权编号。撤回后立即不能再用。",
                columns: ["授权编号", "用途", "主体档案", "起", "止", "状态"],
                rows: consents.map { consent in
                    .init(cells: [
                        .init("\(consent.number)"), .init(portal.book.purposes.first { $0.code == consent.purpose }?.name ?? consent.purpose),
                        .init("打开", href: "/staff/subjects/\(consent.subject)"), .init("\(consent.from)"), .init("\(consent.to)"),
                        .init("", tag: consent.state(at: now)),
                    ])
                }, empty: "没有收到授权。"))
    }
}

extension Consent {
    /// Where it stands, in words.
    func state(at now: Instant) -> Tag {
        if revoked != nil { return Tag("已撤回", .bad) }
        if isInForce(at: now) { return Tag("有效", .good) }
        return now < from ? Tag("未开始", .plain) : Tag("已到期", .plain)
    }
}
