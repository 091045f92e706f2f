import Access
import HTTPTypes
import Hummingbird
import Identifiers
import Policy
import Registry

/// Machine clients and the rights matrix.
extension AdminRoutes {
    @Sendable func clients(_ request: Request, _ context: PortalContext) async throws -> Response {
        try await clientsPage(request, context, notice: nil)
    }

    private func clientsPage(_ request: Request, _ context: PortalContext, notice: Notice?) async throws -> Response {
        let clients = try await portal.blocking { [portal] in try portal.access.registry.clients.list() }
        let form = FormView(
            title: "登记接口程序", note: "程序用自己的私钥（P-256，ES256）签名断言换取令牌；平台只存公钥。", action: "/admin/clients",
            token: portal.token("/admin/clients", context),
            fields: [
                FieldView("id", "client_id"), FieldView("name", "名称"),
                FieldView("body", "单位", choices: portal.book.organisations.map { Choice(value: $0.code, label: $0.name, selected: false) }),
                FieldView("scopes", "范围", value: "deliveries", hint: "用空格分开：\(ClientScope.all.joined(separator: " "))"),
                FieldView("quota", "每日调用上限", value: "10000"), FieldView("contract", "合同到期日", type: "date", hint: "没有合同的可不填", required: false),
                FieldView("origins", "嵌入页面来源", hint: "可以嵌入核查的页面，如 https://spj.example.gov.cn，用空格分开；不嵌入的可不填", required: false),
                FieldView("key", "公钥（PEM）", type: "textarea"),
            ], button: "登记")
        return try portal.answer(
            TablePage(
                portal.shell("接口程序", request, context, current: "/admin/clients"), notice: notice, columns: ["client_id", "名称", "单位", "范围", "嵌入页面", "每日上限", "合同到期", "状态"],
                rows: clients.map { client in
                    let action = "/admin/clients/\(client.id)/state"
                    let embedding = "/admin/clients/\(client.id)/origins"
                    let origins = client.origins.joined(separator: " ")
                    return .init(
                        cells: [
                            .init(client.id), .init(client.name), .init(portal.book.body(client.body)?.name ?? client.body),
                            .init(client.scopes.joined(separator: " ")), .init(client.origins.isEmpty ? "–" : origins), .init(Figures.grouped(client.dailyQuota)), .init(client.contractUntil.map { "\($0)" } ?? "–"),
                            .init("", tag: client.isActive ? Tag("启用", .good) : Tag("停用", .bad)),
                        ], acts: [
                            .init(action: action, token: portal.token(action, context), label: client.isActive ? "停用" : "启用"),
                            .init(
                                action: embedding, token: portal.token(embedding, context), label: "改嵌入页面",
                                fields: [FieldView("origins", "嵌入页面来源", value: origins, required: false, suffix: "-\(client.id)")]),
                        ])
                }, empty: "没有接口程序。", form: form), status: notice == nil ? .ok : .badRequest)
    }

    @Sendable func addClient(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/admin/clients", request, context)
        let id = form.text("id") ?? ""
        let scopes = (form.text("scopes") ?? "").split(separator: " ").map(String.init)
        let isWord = (3...40).contains(id.utf8.count) && id.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        guard isWord, let name = form.text("name"), let body = form["body"], portal.book.body(body) != nil, !scopes.isEmpty,
            scopes.allSatisfy(ClientScope.all.contains), let quota = form.text("quota").flatMap(Int.init), (1...10_000_000).contains(quota),
            let key = form.text("key"), ClientDesk.isPublicKey(key)
        else {
            return try await clientsPage(
                request, context, notice: Notice(tone: "bad", title: "请把每一项都填好", text: "client_id 用小写字母、数字、横线；公钥须是 P-256 的 PEM。"))
        }
        let until = form.text("contract")
        let contract = until.flatMap { CivilDate.parse($0.utf8.span) }
        guard until == nil || contract != nil else {
            return try await clientsPage(request, context, notice: Notice(tone: "bad", title: "合同到期日有误", text: "请按 2027-01-31 的形式填写，或不填。"))
        }
        guard let origins = Self.origins(form) else { return try await clientsPage(request, context, notice: Self.wrongOrigins) }
        let client = Client(
            id: id, name: name, body: body, scopes: scopes, publicKey: key, dailyQuota: quota, contractUntil: contract, origins: origins, created: portal.clock())
        let isNew = try await portal.blocking { [portal] in try portal.access.registry.clients.add(client) }
        guard isNew else { return try await clientsPage(request, context, notice: Notice(tone: "bad", title: "client_id 已存在", text: "请换一个。")) }
        try await portal.record(.client, request, context, detail: "登记接口程序 \(id)：\(scopes.joined(separator: " "))")
        return .seeOther("/admin/clients")
    }

    /// The origins that a form states; nil where one is none.
    private static func origins(_ form: FormFields) -> [String]? {
        let origins = (form.text("origins") ?? "").split(separator: " ").map(String.init)
        return origins.count <= 10 && origins.allSatisfy(ClientDesk.isOrigin) ? origins : nil
    }

    private static let wrongOrigins = Notice(tone: "bad", title: "嵌入页面来源有误", text: "请按 https://主机名[:端口] 的形式填写，小写，末尾不加斜线，最多 10 个。")

    @Sendable func setOrigins(_ request: Request, _ context: PortalContext) async throws -> Response {
        let id = context.parameters.get("id") ?? ""
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/admin/clients/\(id)/origins", request, context)
        guard try await portal.blocking({ [portal] in try portal.access.registry.clients.find(id) }) != nil else {
            throw Problem.notFound("client-unknown", "没有这个程序", "没有登记这个接口程序。")
        }
        guard let origins = Self.origins(form) else { return try await clientsPage(request, context, notice: Self.wrongOrigins) }
        try await portal.blocking { [portal] in try portal.access.registry.clients.setOrigins(id, origins) }
        try await portal.record(.client, request, context, detail: "接口程序 \(id) 的嵌入页面：\(origins.isEmpty ? "无" : origins.joined(separator: " "))")
        return .seeOther("/admin/clients")
    }

    @Sendable func stopClient(_ request: Request, _ context: PortalContext) async throws -> Response {
        let id = context.parameters.get("id") ?? ""
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/admin/clients/\(id)/state", request, context)
        guard let client = try await portal.blocking({ [portal] in try portal.access.registry.clients.find(id) }) else {
            throw Problem.notFound("client-unknown", "没有这个程序", "没有登记这个接口程序。")
        }
        try await portal.blocking { [portal] in try portal.access.registry.clients.setActive(id, !client.isActive) }
        if client.isActive { portal.access.clients.endAll(of: id) }
        try await portal.record(.client, request, context, detail: "\(client.isActive ? "停用" : "启用")接口程序 \(id)")
        return .seeOther("/admin/clients")
    }

    /// 权限表 as it is in force: every route, every role.
    @Sendable func matrix(_ request: Request, _ context: PortalContext) async throws -> Response {
        let roles = Role.allCases
        return try portal.answer(
            TablePage(
                portal.shell("权限表", request, context, current: "/admin/matrix"), intro: "没有列出的一律拒绝。“本辖区”指本县区和市级单位，“经授权”指当事人同意。",
                columns: ["功能", "事由", "再次验证"] + roles.map(\.name),
                rows: portal.access.table.rules.filter { !$0.isPublic }.map { rule in
                    .init(
                        cells: [.init("\(rule.method) \(rule.route)"), .init(rule.needsPurpose ? "须写明" : "–"), .init(rule.isGrave ? "是" : "–")]
                            + roles.map { .init(rule.scopes[$0].map { $0 == .none ? "可用" : $0.name } ?? "–") })
                }, empty: ""))
    }
}
