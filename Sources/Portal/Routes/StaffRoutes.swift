import Archive
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identifiers
import Intake
import Policy
import Registry
import Tables

/// Pages of staff. Audience: whoever sits at this machine (`LoopbackGuard`), until accounts exist.
struct StaffRoutes: Sendable {
    let portal: Portal

    func add(to group: RouterGroup<PortalContext>) {
        group.get("", use: home)
        group.get("coverage", use: coverage)
        group.get("subjects/:key", use: subject)
        group.get("records/:id", use: record)
        group.get("records/:id/source", use: source)
        group.get("persons", use: persons)
        group.post("persons", use: findPerson)
        let deliveries = DeliveryRoutes(portal: portal)
        deliveries.add(to: group.group("deliveries"))
    }

    @Sendable func home(_ request: Request, _ context: PortalContext) async throws -> Response {
        let now = portal.clock()
        let browser = Browser(request)
        let (counts, recent) = try await portal.blocking { [portal] in
            (
                try HoldingCounts(registry: portal.registry, book: portal.book, on: now.date),
                try portal.registry.deliveries.list(limit: 8).deliveries
            )
        }
        let page = StaffHomePage(
            shell: portal.frames.staffShell(title: "工作台", request: request, current: "/staff"), counts: counts.tiles(staff: true),
            cutoff: "截至 \(now)", lines: recent.map(portal.words.line), hasRecent: !recent.isEmpty,
            person: personForm(browser, kind: nil, message: nil))
        return try portal.answer(page, browser: browser)
    }

    @Sendable func coverage(_ request: Request, _ context: PortalContext) async throws -> Response {
        let now = portal.clock()
        let (deliveries, regions) = try await portal.blocking { [portal] in
            (try portal.registry.deliveries.coverage(), try portal.registry.organisations.countsByRegion())
        }
        let shell = portal.frames.staffShell(title: "归集与覆盖", request: request, current: "/staff/coverage", crumbs: [])
        return try portal.answer(
            CoveragePage(book: portal.book, on: now.date, deliveries: deliveries, regions: regions, cutoff: "截至 \(now)", shell: shell))
    }

    @Sendable func subject(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let key = try Portal.subject(context.parameters.get("key") ?? "")
        let clocks = try ClockQuery(query, now: portal.clock())
        let page = try await portal.blocking { [portal] in
            guard let file = try portal.reader.file(of: key, at: clocks.clocks) else { throw Portal.subjectUnknown }
            return try SubjectPage(
                CreditFileView(file, audience: .all), from: portal.sources, clocks: clocks,
                filter: RecordFilter(page: query), page: query.page(),
                shell: portal.frames.staffShell(title: "信用档案", request: request, crumbs: []))
        }
        return try portal.answer(page)
    }

    @Sendable func record(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        guard let id = RecordID(context.parameters.get("id") ?? "") else { throw Portal.recordUnknown }
        let subject = query.text("subject").flatMap(SubjectKey.init(hex:))
        let now = portal.clock()
        let page = try await portal.blocking { [portal] in
            guard let found = try RecordLookup(id, subject: subject, portal: portal, now: now, audience: .all) else {
                throw Portal.recordUnknown
            }
            let crumbs = found.file.map { [Link(label: "信用档案", href: "/staff/subjects/\($0.subject.key)")] } ?? []
            return try RecordPage(
                found.record, in: found.file, delivery: found.delivery, line: found.line, audience: .all, mayOpenSource: true,
                sources: portal.sources, shell: portal.frames.staffShell(title: "记录 \(id)", request: request, crumbs: crumbs))
        }
        return try portal.answer(page)
    }

    @Sendable func source(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard let id = RecordID(context.parameters.get("id") ?? "") else { throw Portal.recordUnknown }
        let now = portal.clock()
        let page = try await portal.blocking { [portal] in
            let source = SourceReader(directory: portal.desk.directory, book: portal.book)
            guard let row = try source.row(id) else { throw Portal.recordUnknown }
            let record = try row.subject.flatMap { try portal.reader.record(id, of: $0, knownAt: now) }
            let shell = portal.frames.staffShell(
                title: "来源行", request: request,
                crumbs: [
                    Link(label: "报送批次", href: "/staff/deliveries"),
                    Link(label: "第 \(id.delivery) 批", href: "/staff/deliveries/\(id.delivery)"),
                ])
            return SourcePage(row, id: id, words: portal.words, values: portal.sources.words, record: record, shell: shell)
        }
        return try portal.answer(page)
    }

    // MARK: Natural persons, by the whole number only, by POST only

    private static let personKinds = IdentifierKind.allCases.filter { $0.subjectKind == .person }

    private func personForm(_ browser: Browser, kind: IdentifierKind?, message: Notice?) -> PersonForm {
        PersonForm(
            token: portal.tokens.token(for: "/staff/persons", browser: browser.name, now: portal.clock()),
            kinds: Self.personKinds.map {
                Choice(value: "\($0.rawValue)", label: $0.name, selected: $0 == (kind ?? .citizenNumber))
            }, message: message)
    }

    private func personPage(_ request: Request, kind: IdentifierKind?, message: Notice?) throws -> Response {
        let browser = Browser(request)
        let shell = portal.frames.staffShell(title: "查自然人", request: request, current: "/staff/persons", crumbs: [])
        return try portal.answer(
            PersonPage(shell: shell, person: personForm(browser, kind: kind, message: message)), browser: browser,
            status: message?.tone == "bad" ? .badRequest : .ok)
    }

    @Sendable func persons(_ request: Request, _ context: PortalContext) async throws -> Response {
        try personPage(request, kind: nil, message: nil)
    }

    @Sendable func findPerson(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/staff/persons", request)
        let kind = form["kind"].flatMap { UInt8($0) }.flatMap(IdentifierKind.init(rawValue:)) ?? .citizenNumber
        guard kind.subjectKind == .person, let number = form.text("number") else {
            return try personPage(
                request, kind: kind, message: Notice(tone: "bad", title: "请填写证件号码", text: "须填写完整的号码，不能只填一部分。"))
        }
        let now = portal.clock()
        let bytes = Array(number.utf8)
        let assessment = Identifier.assess(bytes.span, as: kind, on: now.date)
        if case .wrong(let fault) = assessment {
            return try personPage(request, kind: kind, message: Notice(tone: "bad", title: fault.message, text: fault.cure))
        }
        guard let identifier = assessment.identifier else {
            return try personPage(
                request, kind: kind, message: Notice(tone: "bad", title: "这不是有效的号码", text: "请核对后重新填写完整的号码。"))
        }
        let key = portal.reader.key(of: identifier)
        let isKnown = try await portal.blocking { [portal] in
            try portal.reader.file(of: key, at: Clocks(asOf: now.date, knownAt: now)) != nil
        }
        guard isKnown else {
            return try personPage(
                request, kind: kind, message: Notice(tone: "info", title: "没有找到", text: "平台没有这个号码的任何记录。"))
        }
        return .seeOther("/staff/subjects/\(key)")
    }
}

extension Portal {
    /// Refuses a form whose token is missing, lapsed or of another form.
    func check(_ token: String?, for purpose: String, _ request: Request) throws(Problem) {
        guard tokens.accepts(token, for: purpose, browser: request.cookies[FormTokens.cookie]?.value, now: clock()) else {
            throw Self.staleForm
        }
    }

    static let staleForm = Problem(
        status: .forbidden, code: "stale-form", title: "表单已失效", detail: "这张表单放得太久，或平台重新启动过，没有提交任何内容。", cure: "请返回上一页，刷新后重新提交。")
}
