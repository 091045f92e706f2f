import Access
import Archive
import HTTPTypes
import Hummingbird
import Identifiers
import Intake
import Policy
import Registry
import Tables

/// A person's or firm's own pages: its file, who looked at it (谁查过我), what it permitted whom.
struct OwnRoutes: Sendable {
    let portal: Portal
    static let pageSize = 50

    func add(to group: RouterGroup<PortalContext>) {
        group.get("", use: file)
        group.get("records/:id") { [portal] request, context in try await portal.recordPage(request, context) }
        group.get("looks", use: looks)
        group.get("looks.csv") { request, context in try await export(request, context, .csv(.utf8BOM)) }
        group.get("looks.xlsx") { request, context in try await export(request, context, .xlsx) }
        group.get("looks/:position/proof", use: proof)
        group.get("consents", use: consents)
        group.post("consents", use: consent)
        group.post("consents/:number/revocation", use: revoke)
    }

    /// The visitor's own subject.
    private func subject(_ context: PortalContext) throws(Problem) -> RegistryKey {
        guard let subject = context.visitor?.subject else { throw Portal.subjectUnknown }
        return subject
    }

    @Sendable func file(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let key = SubjectKey(try subject(context))
        let clocks = try ClockQuery(query, now: portal.clock())
        let shell = portal.shell("我的信用档案", request, context, current: "/me", crumbs: nil)
        let found = try await portal.blocking { [portal] in
            try portal.reader.file(of: key, at: clocks.clocks).map { file in
                try SubjectPage(
                    CreditFileView(file, audience: .own), from: portal.sources, clocks: clocks, filter: RecordFilter(page: query),
                    page: query.page(), shell: shell)
            }
        }
        guard let page = found else {
            return try portal.answer(TablePage(shell, columns: [], rows: [], empty: "平台没有归集到您的信用信息。"))
        }
        try await portal.record(.query, request, context, subject: key, items: "本人信用档案")
        return try portal.answer(page)
    }

    // MARK: 谁查过我

    private func filter(_ subject: RegistryKey) -> AccessEvents.Filter {
        var filter = AccessEvents.Filter()
        filter.subject = subject
        filter.looksOnly = true
        return filter
    }

    @Sendable func looks(_ request: Request, _ context: PortalContext) async throws -> Response {
        let page = try portal.query(request).page()
        let filter = filter(try subject(context))
        let found = try await portal.blocking { [portal] in
            try portal.access.registry.events.search(filter, limit: Self.pageSize, offset: (page - 1) * Self.pageSize)
        }
        let words = EventWords(book: portal.book)
        return try portal.answer(
            TablePage(
                portal.shell("谁查过我", request, context, current: "/me/looks", crumbs: nil),
                intro: "每一次查看您档案的记录：谁、哪个单位、什么事由、看了什么，被拒绝的也在内。每条都可下载存证证明。",
                exports: [Link(label: "导出 CSV", href: "/me/looks.csv"), Link(label: "导出 Excel", href: "/me/looks.xlsx")],
                columns: ["时间", "单位", "经办人", "事由和依据", "办件号", "看了什么", "结果", "存证"],
                rows: found.events.map { event in
                    .init(cells: [
                        .init("\(event.at)"), .init(words.body(event)), .init(words.actor(event)), .init(words.purpose(event)), .init(event.caseNumber),
                        .init("\(event.action.name) \(event.items)"), .init("", tag: words.outcome(event)),
                        .init("下载证明", href: "/me/looks/\(event.position)/proof"),
                    ])
                }, empty: "还没有人查过您的档案。",
                pager: Pager(page: page, size: Self.pageSize, count: found.total, unit: "次") { "/me/looks?page=\($0)" }))
    }

    private func export(_ request: Request, _ context: PortalContext, _ format: TableFormat) async throws -> Response {
        let subject = try subject(context)
        let filter = filter(subject)
        let mark = portal.watermark(context)
        try await portal.record(.export, request, context, subject: SubjectKey(subject), items: "谁查过我")
        return try await portal.download(named: "谁查过我", format: format) { [portal] path in
            let events = try portal.access.registry.events.search(filter, limit: 100_000, offset: 0).events
            try EventSheet(events: events, words: EventWords(book: portal.book), watermark: mark).write(to: path, as: format)
        }
    }

    @Sendable func proof(_ request: Request, _ context: PortalContext) async throws -> Response {
        let subject = try subject(context)
        guard let position = Int64(context.parameters.get("position") ?? "") else { throw Self.lookUnknown }
        return try await portal.blocking { [portal] in
            // Another person's event is not there for this one.
            guard let event = try portal.access.registry.events.event(position), event.subject == subject else { throw Self.lookUnknown }
            return try portal.proof(of: event)
        }
    }

    static let lookUnknown = Problem.notFound("look-unknown", "没有这条记录", "没有这条查询记录。", cure: "请从“谁查过我”进入。")

    // MARK: 授权

    /// Who may be permitted to look: offices need no consent, they have duties.
    private var recipients: [PublicBody] {
        portal.book.organisations.filter { [.financialInstitution, .agency, .partner].contains($0.kind) }
    }

    @Sendable func consents(_ request: Request, _ context: PortalContext) async throws -> Response {
        try await consentsPage(request, context, notice: nil)
    }

    private func consentsPage(_ request: Request, _ context: PortalContext, notice: Notice?) async throws -> Response {
        let now = portal.clock()
        let subject = try subject(context)
        let consents = try await portal.blocking { [portal] in try portal.access.registry.consents.of(subject) }
        let purposes = portal.book.purposes.filter { $0.ground == .consent }
        let recipients = recipients
        let wording = purposes.map { "\($0.name)（文本 \($0.consentVersion ?? "")）：\($0.consentText ?? "")最长 \($0.consentDays ?? 0) 天。" }.joined(separator: " ")
        let form = FormView(
            title: "新的授权", note: wording, action: "/me/consents", token: portal.token("/me/consents", context),
            fields: [
                FieldView("recipient", "授权给", choices: recipients.map { Choice(value: $0.code, label: $0.name, selected: false) }),
                FieldView("purpose", "用途", choices: purposes.map { Choice(value: $0.code, label: $0.name, selected: false) }),
                FieldView("until", "有效期至", type: "date", value: "\(now.adding(days: 30).date)"),
                FieldView("agree", "请填写“同意”", hint: "表示您已读懂上面的授权文本"),
            ], button: "授权")
        return try portal.answer(
            TablePage(
                portal.shell("授权管理", request, context, current: "/me/consents", crumbs: nil),
                intro: "谁可以查看您的哪些信息、为了什么、到什么时候。撤回后立即生效；每次查看都在“谁查过我”里。", notice: notice,
                columns: ["授权编号", "授权给", "用途", "文本版本", "起", "止", "状态"],
                rows: consents.map { consent in
                    .init(
                        cells: [
                            .init("\(consent.number)"), .init(portal.book.body(consent.recipient)?.name ?? consent.recipient),
                            .init(purposes.first { $0.code == consent.purpose }?.name ?? consent.purpose), .init(consent.textVersion),
                            .init("\(consent.from)"), .init("\(consent.to)"), .init("", tag: consent.state(at: now)),
                        ],
                        acts: consent.isInForce(at: now)
                            ? [
                                .init(
                                    action: "/me/consents/\(consent.number)/revocation",
                                    token: portal.token("/me/consents/\(consent.number)/revocation", context), label: "撤回")
                            ] : [])
                }, empty: "您没有授权任何人查看您的信息。", form: form), status: notice == nil ? .ok : .badRequest)
    }

    @Sendable func consent(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/me/consents", request, context)
        let subject = try subject(context)
        let now = portal.clock()
        guard let recipient = form["recipient"], recipients.contains(where: { $0.code == recipient }),
            let purpose = form["purpose"].flatMap({ portal.book.purpose($0, on: now.date) }), purpose.ground == .consent
        else { return try await consentsPage(request, context, notice: Notice(tone: "bad", title: "请选择机构和用途", text: "授权须写明给谁、为了什么。")) }
        guard form.text("agree") == "同意" else {
            return try await consentsPage(request, context, notice: Notice(tone: "bad", title: "没有授权", text: "请在最后一栏填写“同意”。"))
        }
        let latest = now.adding(days: purpose.consentDays ?? 0)
        guard let day = form.text("until").flatMap({ CivilDate.parse($0.utf8.span) }), now < Instant(endOf: day), Instant(endOf: day) <= Instant(endOf: latest.date)
        else {
            return try await consentsPage(
                request, context, notice: Notice(tone: "bad", title: "有效期不对", text: "请填写今天至 \(latest.date) 之间的日期。"))
        }
        let new = Consent(
            subject: subject, recipient: recipient, purpose: purpose.code, items: "", from: now, to: Instant(endOf: day),
            textVersion: purpose.consentVersion ?? "", givenBy: context.visitor?.login ?? "", given: now)
        let kept = try await portal.blocking { [portal] in try portal.access.registry.consents.add(new) }
        try await portal.record(.consent, request, context, subject: SubjectKey(subject), items: "授权 \(kept.number) 给 \(recipient)")
        return .seeOther("/me/consents")
    }

    @Sendable func revoke(_ request: Request, _ context: PortalContext) async throws -> Response {
        let number = context.parameters.get("number") ?? ""
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/me/consents/\(number)/revocation", request, context)
        let subject = try subject(context)
        let now = portal.clock()
        let isRevoked = try await portal.blocking { [portal] in
            try Int64(number).map { try portal.access.registry.consents.revoke($0, of: subject, at: now) } ?? false
        }
        guard isRevoked else { throw Problem.notFound("consent-unknown", "没有这份授权", "没有这份授权，或它已撤回。", cure: "请从“授权管理”进入。") }
        try await portal.record(.revoke, request, context, subject: SubjectKey(subject), items: "授权 \(number)")
        return .seeOther("/me/consents")
    }
}
