import Access
import HTTPTypes
import Hummingbird
import Identifiers
import Ledger
import Registry
import Tables

/// The audit administrator's pages: every event, exported with a proof; alerts, closed with a finding.
struct AuditRoutes: Sendable {
    let portal: Portal
    static let pageSize = 50

    func add(to group: RouterGroup<PortalContext>) {
        group.get("events", use: events)
        group.get("events.csv", use: export)
        group.get("events/:position/proof", use: proof)
        group.get("alerts", use: alerts)
        group.post("alerts/:number/closure", use: close)
    }

    private func filter(_ query: FormFields) -> AccessEvents.Filter {
        var filter = AccessEvents.Filter()
        filter.actor = query.text("actor")
        filter.action = query.text("action").flatMap(AccessAction.init)
        filter.refusedOnly = query["refused"] == "1"
        filter.subject = query.text("subject").flatMap { RegistryKey(hex: $0) }
        filter.from = query.text("from").flatMap { CivilDate.parse($0.utf8.span) }.map { Instant(startOf: $0) }
        filter.to = query.text("to").flatMap { CivilDate.parse($0.utf8.span) }.map { Instant(endOf: $0) }
        return filter
    }

    /// The query's filter again, for links.
    private func kept(_ query: FormFields) -> String {
        ["actor", "action", "refused", "subject", "from", "to"].compactMap { name in query.text(name).map { "\(name)=\(PercentCoding.encode($0))" } }
            .joined(separator: "&")
    }

    @Sendable func events(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let (filter, page, kept) = (filter(query), query.page(), kept(query))
        let found = try await portal.blocking { [portal] in
            try portal.access.registry.events.search(filter, limit: Self.pageSize, offset: (page - 1) * Self.pageSize)
        }
        try await portal.record(.audit, request, context, items: kept.isEmpty ? "全部" : "筛选")
        let words = EventWords(book: portal.book)
        let actions = [Choice(value: "", label: "全部", selected: filter.action == nil)]
            + AccessAction.allCases.map { Choice(value: $0.rawValue, label: $0.name, selected: $0 == filter.action) }
        let refused = [Choice(value: "", label: "全部", selected: !filter.refusedOnly), Choice(value: "1", label: "只看被拒绝的", selected: filter.refusedOnly)]
        let form = FormView(
            action: "/audit/events", token: "",
            fields: [
                FieldView("actor", "账号或程序", value: query.text("actor") ?? "", required: false), FieldView("action", "动作", choices: actions),
                FieldView("refused", "结果", choices: refused), FieldView("from", "从", type: "date", value: query.text("from") ?? "", required: false),
                FieldView("to", "到", type: "date", value: query.text("to") ?? "", required: false),
                FieldView("subject", "主体编号", value: query.text("subject") ?? "", required: false),
            ], button: "筛选")
        return try portal.answer(
            TablePage(
                portal.shell("审计日志", request, context, current: "/audit/events"),
                intro: "每一次登录、查询、导出、报送和授权。日志只增不改，由存证账本（树头 \(portal.access.log.tree.head.size) 条）证明。", filter: form,
                exports: [Link(label: "导出 CSV", href: "/audit/events.csv?\(kept)")],
                columns: ["序号", "时间", "动作", "账号", "单位", "地址", "事由", "办件号", "主体", "内容", "结果", "存证"],
                rows: found.events.map { event in
                    .init(cells: [
                        .init("\(event.position)"), .init("\(event.at)"), .init(event.action.name), .init("\(event.actor)（\(words.actor(event))）"),
                        .init(words.body(event)), .init("\(event.address) \(event.channel)"), .init(event.purpose.isEmpty ? "–" : event.purpose),
                        .init(event.caseNumber), .init(event.subject.map { String("\($0)".prefix(8)) } ?? "–"),
                        .init([event.items, event.detail].filter { !$0.isEmpty }.joined(separator: "；")),
                        .init("", tag: event.isAllowed ? Tag("允许", .plain) : Tag("拒绝", .bad)), .init("证明", href: "/audit/events/\(event.position)/proof"),
                    ])
                }, empty: "没有符合条件的记录。",
                pager: Pager(page: page, size: Self.pageSize, count: found.total, unit: "条") { "/audit/events?\(kept)&page=\($0)" }))
    }

    @Sendable func export(_ request: Request, _ context: PortalContext) async throws -> Response {
        let filter = filter(try portal.query(request))
        try await portal.record(.export, request, context, items: "审计日志")
        let mark = portal.watermark(context)
        return try await portal.download(named: "审计日志", format: .csv(.utf8BOM)) { [portal] path in
            let events = try portal.access.registry.events.search(filter, limit: 100_000, offset: 0).events
            try EventSheet(events: events, words: EventWords(book: portal.book), watermark: mark).write(to: path, as: .csv(.utf8BOM))
        }
    }

    @Sendable func proof(_ request: Request, _ context: PortalContext) async throws -> Response {
        let position = Int64(context.parameters.get("position") ?? "") ?? -1
        return try await portal.blocking { [portal] in
            guard let event = try portal.access.registry.events.event(position) else { throw OwnRoutes.lookUnknown }
            return try portal.proof(of: event)
        }
    }

    // MARK: Alerts

    @Sendable func alerts(_ request: Request, _ context: PortalContext) async throws -> Response {
        let alerts = try await portal.blocking { [portal] in try portal.access.registry.alerts.list() }
        return try portal.answer(
            TablePage(
                portal.shell("异常查询", request, context, current: "/audit/alerts"), intro: "查询量、非工作时间、同一主体被多人查看、频繁被拒绝。每一条都须核实后办结。",
                columns: ["编号", "类型", "对象", "日期", "情况", "状态", "核实结论"],
                rows: alerts.map { alert in
                    let action = "/audit/alerts/\(alert.number)/closure"
                    return .init(
                        cells: [
                            .init("\(alert.number)"), .init(Self.rule(alert.rule)),
                            .init(
                                alert.rule == "crowd" ? "主体 \(alert.about.prefix(8))" : alert.about,
                                href: "/audit/events?\(alert.rule == "crowd" ? "subject" : "actor")=\(PercentCoding.encode(alert.about))&from=\(alert.day)"),
                            .init("\(alert.day)"), .init(alert.text), .init("", tag: alert.closed == nil ? Tag("待核实", .warn) : Tag("已办结", .good)),
                            .init(alert.finding.map { "\($0)（\(alert.closedBy ?? "")）" } ?? "–"),
                        ],
                        acts: alert.closed == nil
                            ? [
                                .init(
                                    action: action, token: portal.token(action, context), label: "办结",
                                    fields: [FieldView("finding", "核实结论", suffix: "-\(alert.number)")])
                            ] : [])
                }, empty: "没有异常。"))
    }

    private static func rule(_ rule: String) -> String {
        switch rule {
        case "volume": "查询量异常"
        case "off-hours": "非工作时间查询"
        case "crowd": "多人查同一主体"
        default: "频繁被拒绝"
        }
    }

    @Sendable func close(_ request: Request, _ context: PortalContext) async throws -> Response {
        let number = context.parameters.get("number") ?? ""
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/audit/alerts/\(number)/closure", request, context)
        guard let finding = form.text("finding"), (2...500).contains(finding.unicodeScalars.count) else {
            throw Problem.badRequest("finding-missing", "请写明核实结论", "办结须写明核实结论。", cure: "请返回填写结论。")
        }
        let now = portal.clock()
        let login = context.visitor?.login ?? ""
        let isClosed = try await portal.blocking { [portal] in
            try Int64(number).map { try portal.access.registry.alerts.close($0, finding: finding, by: login, at: now) } ?? false
        }
        guard isClosed else { throw Problem.notFound("alert-unknown", "没有这条异常", "没有这条异常，或它已办结。") }
        try await portal.record(.alert, request, context, detail: "办结异常 \(number)")
        return .seeOther("/audit/alerts")
    }
}
