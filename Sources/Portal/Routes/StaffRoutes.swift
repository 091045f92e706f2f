import Access
import Archive
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identifiers
import Intake
import Policy
import Registry
import Tables

/// Pages of staff: what is not public, for a stated purpose, as far as the reader's tenancy reaches.
struct StaffRoutes: Sendable {
    let portal: Portal

    func add(to group: RouterGroup<PortalContext>) {
        group.get("", use: home)
        group.get("coverage", use: coverage)
        group.get("subjects/:key", use: subject)
        group.get("records/:id", use: record)
        group.get("records/:id/source", use: source)
        group.get("records/:id/proof", use: proof)
        group.get("subjects/:key/export.xlsx", use: export)
        group.get("persons", use: persons)
        group.post("persons", use: findPerson)
        PurposeRoutes(portal: portal).add(to: group)
        VerificationRoutes(portal: portal).add(to: group)
        VerificationSheetRoutes(portal: portal).add(to: group)
        ListExtractRoutes(portal: portal).add(to: group)
        ListingRoutes(portal: portal).add(to: group)
        let deliveries = DeliveryRoutes(portal: portal)
        deliveries.add(to: group.group("deliveries"))
    }

    @Sendable func home(_ request: Request, _ context: PortalContext) async throws -> Response {
        let now = portal.clock()
        let role = context.visitor?.role
        let reach = try await portal.blocking { [portal] in try portal.reach(of: context, on: "/staff/deliveries") }
        let (counts, recent) = try await portal.blocking { [portal] in
            (
                try HoldingCounts(registry: portal.registry, book: portal.book, on: now.date),
                try reach.map { try portal.registry.deliveries.list(DeliveryFilter(providers: $0.deliverers), limit: 8).deliveries } ?? []
            )
        }
        let mayFind = role.map { portal.access.table.rule("POST", "/staff/persons")?.scopes[$0] != nil } ?? false
        let page = StaffHomePage(
            shell: portal.shell("工作台", request, context, current: "/staff", crumbs: nil), counts: counts.tiles(staff: reach != nil),
            cutoff: "截至 \(now)", lines: recent.map(portal.words.line), hasRecent: !recent.isEmpty, mayDeliver: reach != nil,
            person: mayFind ? personForm(context, kind: nil, message: nil) : nil)
        return try portal.answer(page)
    }

    @Sendable func coverage(_ request: Request, _ context: PortalContext) async throws -> Response {
        let now = portal.clock()
        let reach = context.reach
        let (deliveries, regions) = try await portal.blocking { [portal] in
            (
                try portal.registry.deliveries.coverage().filter { reach.opens(deliveryOf: $0.provider) },
                try portal.registry.organisations.countsByRegion()
            )
        }
        let shell = portal.shell("归集与覆盖", request, context, current: "/staff/coverage")
        return try portal.answer(
            CoveragePage(book: portal.book, on: now.date, deliveries: deliveries, regions: regions, cutoff: "截至 \(now)", shell: shell))
    }

    @Sendable func subject(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let key = try Portal.subject(context.parameters.get("key") ?? "")
        let clocks = try ClockQuery(query, now: portal.clock())
        try await portal.admit(key, request, context)
        let shell = portal.shell("信用档案", request, context)
        let audience = try portal.audience(context)
        let page = try await portal.blocking { [portal] in
            guard let file = try portal.reader.file(of: key, at: clocks.clocks) else { throw Portal.subjectUnknown }
            return try SubjectPage(
                CreditFileView(file, audience: audience), from: portal.sources, clocks: clocks,
                filter: RecordFilter(page: query), page: query.page(), shell: shell)
        }
        try await portal.record(.query, request, context, subject: key, items: "信用档案 \(query.text("tab") ?? query.text("resource") ?? "概览")")
        return try portal.answer(page)
    }

    @Sendable func record(_ request: Request, _ context: PortalContext) async throws -> Response {
        try await portal.recordPage(request, context)
    }

    @Sendable func source(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard let id = RecordID(context.parameters.get("id") ?? "") else { throw Portal.recordUnknown }
        let now = portal.clock()
        let shell = portal.shell(
            "来源行", request, context,
            crumbs: [
                Link(label: "报送批次", href: "/staff/deliveries"), Link(label: "第 \(id.delivery) 批", href: "/staff/deliveries/\(id.delivery)"),
            ])
        try await portal.admit(id, request, context)
        let isClear = context.purpose?.isClear ?? false
        let (page, subject) = try await portal.blocking { [portal] in
            let source = SourceReader(directory: portal.desk.directory, book: portal.book)
            guard let row = try source.row(id) else { throw Portal.recordUnknown }
            let record = try row.subject.flatMap { try portal.reader.record(id, of: $0, knownAt: now) }
            return (
                SourcePage(row, id: id, words: portal.words, values: portal.sources.words, record: record, isClear: isClear, shell: shell), row.subject
            )
        }
        try await portal.record(.source, request, context, subject: subject, items: "来源行 \(id)\(isClear ? "（明文）" : "")")
        return try portal.answer(page)
    }

    /// The proof that a record is in the log, as a file.
    @Sendable func proof(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard let id = RecordID(context.parameters.get("id") ?? "") else { throw Portal.recordUnknown }
        let subject = try portal.query(request).text("subject").flatMap(SubjectKey.init(hex:))
        try await portal.admit(id, request, context)
        let now = portal.clock()
        let (proof, about) = try await portal.blocking { [portal] in
            guard let found = try RecordProofs(directory: portal.desk.directory, book: portal.book).proof(of: id, subject: subject, at: now)
            else { throw Portal.recordUnknown }
            return found
        }
        try await portal.record(.source, request, context, subject: about, items: "记录 \(id) 的存证证明")
        return Portal.proofFile(proof, named: "记录-\(id)")
    }

    /// The file's records as a sheet, with the reader's watermark.
    @Sendable func export(_ request: Request, _ context: PortalContext) async throws -> Response {
        let key = try Portal.subject(context.parameters.get("key") ?? "")
        let clocks = try ClockQuery(try portal.query(request), now: portal.clock())
        try await portal.admit(key, request, context)
        let (audience, mark) = (try portal.audience(context), portal.watermark(context))
        try await portal.record(.export, request, context, subject: key, items: "信用档案（Excel）")
        return try await portal.download(named: "信用档案", format: .xlsx) { [portal] path in
            guard let file = try portal.reader.file(of: key, at: clocks.clocks) else { throw Portal.subjectUnknown }
            try FileSheet(view: CreditFileView(file, audience: audience), sources: portal.sources, watermark: mark).write(to: path)
        }
    }

    // MARK: Natural persons, by the whole number only, by POST only

    private static let personKinds = IdentifierKind.allCases.filter { $0.subjectKind == .person }

    private func personForm(_ context: PortalContext, kind: IdentifierKind?, message: Notice?) -> PersonForm {
        PersonForm(
            token: portal.token("/staff/persons", context),
            kinds: Self.personKinds.map {
                Choice(value: "\($0.rawValue)", label: $0.name, selected: $0 == (kind ?? .citizenNumber))
            }, message: message)
    }

    private func personPage(_ request: Request, _ context: PortalContext, kind: IdentifierKind?, message: Notice?) throws -> Response {
        try portal.answer(
            PersonPage(
                shell: portal.shell("查自然人", request, context, current: "/staff/persons"),
                person: personForm(context, kind: kind, message: message)), status: message?.tone == "bad" ? .badRequest : .ok)
    }

    @Sendable func persons(_ request: Request, _ context: PortalContext) async throws -> Response {
        try personPage(request, context, kind: nil, message: nil)
    }

    @Sendable func findPerson(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/staff/persons", request, context)
        let kind = form["kind"].flatMap { UInt8($0) }.flatMap(IdentifierKind.init(rawValue:)) ?? .citizenNumber
        guard kind.subjectKind == .person, let number = form.text("number") else {
            return try personPage(
                request, context, kind: kind, message: Notice(tone: "bad", title: "请填写证件号码", text: "须填写完整的号码，不能只填一部分。"))
        }
        let now = portal.clock()
        let bytes = Array(number.utf8)
        let assessment = Identifier.assess(bytes.span, as: kind, on: now.date)
        if case .wrong(let fault) = assessment {
            return try personPage(request, context, kind: kind, message: Notice(tone: "bad", title: fault.message, text: fault.cure))
        }
        guard let identifier = assessment.identifier else {
            return try personPage(
                request, context, kind: kind, message: Notice(tone: "bad", title: "这不是有效的号码", text: "请核对后重新填写完整的号码。"))
        }
        let key = portal.reader.key(of: identifier)
        // Whether there is a file at all is a look, and a consent opens its own subject's only.
        try await portal.admit(key, request, context)
        let isKnown = try await portal.blocking { [portal] in
            try portal.reader.file(of: key, at: Clocks(asOf: now.date, knownAt: now)) != nil
        }
        try await portal.record(.query, request, context, subject: key, items: isKnown ? "按证件号码查找" : "按证件号码查找（无记录）")
        guard isKnown else {
            return try personPage(
                request, context, kind: kind, message: Notice(tone: "info", title: "没有找到", text: "平台没有这个号码的任何记录。"))
        }
        return .seeOther("/staff/subjects/\(key)")
    }
}

extension Portal {
    static let staleForm = Problem(
        status: .forbidden, code: "stale-form", title: "表单已失效", detail: "这张表单放得太久，或平台重新启动过，没有提交任何内容。", cure: "请返回上一页，刷新后重新提交。")
}
