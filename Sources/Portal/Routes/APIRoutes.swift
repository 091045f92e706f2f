import Access
import Archive
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identifiers
import Intake
import NIOCore
import Policy
import Registry

/// The API under `/api/v1`, described by `Web/openapi.json`; a test holds both together. Audience: catalogue and open records anyone;
/// deliveries and source rows as the policy table says; `scope=all` who may open the staff's file of the subject, for a purpose.
struct APIRoutes: Sendable {
    let portal: Portal
    static let pageSize = 50

    func add(to group: RouterGroup<PortalContext>) {
        group.get("healthz", use: health)
        group.get("openapi.json") { [portal] request, _ -> Response in Portal.serve(portal.assets.openAPI, request) }
        group.get("subjects", use: subjects)
        group.get("subjects/:key", use: subject)
        group.get("subjects/:key/standing", use: standing)
        group.get("subjects/:key/records", use: records)
        group.get("records/:id", use: record)
        group.get("catalogue", use: catalogue)
        group.get("catalogue/:code", use: resource)
        group.get("records/:id/source", use: source)
        group.get("coverage", use: coverage)
        group.get("own/standing", use: ownStanding)
        group.get("own/looks", use: ownLooks)
        APIVerificationRoutes(portal: portal).add(to: group)
        VerificationSheetRoutes(portal: portal).addAPI(to: group)
        ListExtractRoutes(portal: portal).addAPI(to: group)
        APIDeliveryRoutes(portal: portal).add(to: group.group("deliveries"))
    }

    @Sendable func health(_ request: Request, _ context: PortalContext) async throws -> Response {
        let health = try await portal.blocking { [portal] in
            let (deliveries, totals) = try portal.registry.deliveries.totals()
            return API.Health(
                status: "ok", records: totals.accepted, deliveries: deliveries,
                cutoff: portal.desk.directory.times.snapshot().latest?.rfc3339)
        }
        return try Response(json: health)
    }

    // MARK: Subjects and records

    /// `scope=all` shows what is not public, under the rule of the staff's page of the subject, for a purpose stated in `purpose`,
    /// `case`, `consent`. The event of the look is durable when this returns.
    private func audience(
        _ query: FormFields, _ request: Request, _ context: PortalContext, subject: SubjectKey?, items: String
    ) async throws -> Audience {
        if let text = query["consent"], Int64(text).map({ $0 >= 1 }) != true {
            throw Problem.badRequest(
                "bad-consent", "授权编号有误", "consent 须是授权的编号。", cure: "请照授权书填写编号，或不写。", inputs: [.init(name: "consent", message: "大于零的整数")])
        }
        guard let text = query["scope"], text != "public" else { return .open }
        guard text == "all" else {
            throw Problem.badRequest(
                "bad-scope", "范围写法有误", "scope 只能是 public 或 all。", cure: "请改为 public 或 all。", inputs: [.init(name: "scope", message: "public 或 all")])
        }
        guard let visitor = context.visitor else { throw Problem.notLoggedIn }
        var context = context
        guard let rule = portal.access.table.rule("GET", "/staff/subjects/{key}"), let scope = portal.access.scope(of: visitor, under: rule) else {
            try await portal.recordRefusal(.query, request, context, subject: subject, "没有查看非公开信息的权限")
            throw Problem.refused
        }
        if let problem = try portal.access.refusal(of: visitor, at: portal.clock()) { throw problem }
        context.scope = scope
        context.reach = try portal.access.reach(scope, of: visitor, book: portal.book, at: portal.clock())
        switch try portal.access.purpose(visitor.purpose, of: visitor, about: nil, book: portal.book, at: portal.clock()) {
        case .success(let purpose): context.purpose = purpose
        case .failure(let refusal):
            try await portal.recordRefusal(.query, request, context, subject: subject, refusal.message)
            throw Problem.purposeRefused(refusal)
        }
        if let subject {
            try await portal.admit(subject, request, context)
            try await portal.record(.query, request, context, subject: subject, items: items)
        }
        return try portal.audience(context)
    }

    @Sendable func subjects(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let text = query.text("q") ?? ""
        guard text.utf16.count <= 100 else {
            throw Problem.badRequest("bad-search", "查询内容过长", "q 最多 100 个字。", cure: "请缩短后重新查询。", inputs: [.init(name: "q", message: "最多 100 个字")])
        }
        if let refusal = SearchPage.refusal(text, on: portal.clock().date) {
            throw Problem.badRequest("bad-search", refusal.title, refusal.text, cure: "请改用单位名称或代码。", inputs: [.init(name: "q", message: refusal.title)])
        }
        let page = try query.statedPage()
        let found = try await portal.blocking { [portal] in
            try portal.registry.organisations.search(text, limit: Self.pageSize, offset: (page - 1) * Self.pageSize)
        }
        return try Response(
            json: API.Hits(
                total: found.total, isCapped: found.isCapped, page: page, pageSize: Self.pageSize,
                subjects: found.hits.map { API.Hit($0, book: portal.book) }))
    }

    private func asked(_ request: Request, _ context: PortalContext, _ query: FormFields, items: String) async throws -> FileQuestion {
        let key = try Portal.subject(context.parameters.get("key") ?? "")
        let clocks = try ClockQuery(query, now: portal.clock()).clocks
        return FileQuestion(
            key: key, clocks: clocks, audience: try await audience(query, request, context, subject: key, items: items))
    }

    /// The file as its audience may see it.
    private func read(_ asked: FileQuestion) throws -> CreditFileView {
        guard let file = try portal.reader.file(of: asked.key, at: asked.clocks),
            asked.audience.isOfficial || file.subject.kind == .organisation
        else { throw Portal.subjectUnknown }
        return CreditFileView(file, audience: asked.audience)
    }

    private func view(
        _ request: Request, _ context: PortalContext, _ query: FormFields, items: String
    ) async throws -> CreditFileView {
        let asked = try await asked(request, context, query, items: items)
        return try await portal.blocking { try read(asked) }
    }

    @Sendable func subject(_ request: Request, _ context: PortalContext) async throws -> Response {
        let view = try await view(request, context, portal.query(request), items: "信用档案")
        return try Response(json: API.Subject(view, book: portal.book))
    }

    /// Read on the request's own thread: it takes some tens of microseconds, less than the way to another thread and back.
    @Sendable func standing(_ request: Request, _ context: PortalContext) async throws -> Response {
        let asked = try await asked(request, context, portal.query(request), items: "信用状态")
        return Response(json: try standing(asked))
    }

    private func standing(_ question: FileQuestion) throws -> ByteBuffer {
        var asked = question
        let times = portal.desk.directory.times.snapshot()
        asked.clocks = times.named(times.settled(asked.clocks))
        asked.erasures = times.erasures
        return try portal.standings.answer(to: asked) { JSONBytes(standingOf: try read($0), book: portal.book) }
    }

    // MARK: Oneself

    @Sendable func ownStanding(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard let subject = context.visitor?.subject.map({ SubjectKey($0) }) else { throw Portal.subjectUnknown }
        let clocks = try ClockQuery(portal.query(request), now: portal.clock()).clocks
        try await portal.record(.query, request, context, subject: subject, items: "本人信用状态")
        return Response(json: try standing(FileQuestion(key: subject, clocks: clocks, audience: .own)))
    }

    /// 谁查过我, newest first.
    @Sendable func ownLooks(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard let subject = context.visitor?.subject else { throw Portal.subjectUnknown }
        let page = try portal.query(request).statedPage()
        var filter = AccessEvents.Filter()
        filter.subject = subject
        filter.looksOnly = true
        let looks = filter
        let found = try await portal.blocking { [portal] in
            try portal.access.registry.events.search(looks, limit: Self.pageSize, offset: (page - 1) * Self.pageSize)
        }
        let words = EventWords(book: portal.book)
        return try Response(
            json: API.Looks(
                total: found.total, page: page, pageSize: Self.pageSize,
                looks: found.events.map { event in
                    API.Look(
                        position: Int(event.position), at: event.at.rfc3339, body: words.body(event), actor: words.actor(event), purpose: event.purpose,
                        basis: words.purpose(event), caseNumber: event.caseNumber, items: event.items, channel: event.channel, allowed: event.isAllowed)
                }))
    }

    @Sendable func records(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let filter = try RecordFilter(api: query)
        let view = try await view(request, context, query, items: "记录 \(query.text("section") ?? query.text("resource") ?? "")")
        let page = try query.statedPage()
        let answer = try await portal.blocking { [portal] in
            let sources = portal.sources
            let lines = view.lines(filter)
            let shown = lines.dropFirst((page - 1) * Self.pageSize).prefix(Self.pageSize)
            return API.Records(
                subject: "\(view.file.subject.key)", clocks: API.Clocks(view.file), total: lines.count, page: page,
                pageSize: Self.pageSize,
                records: try view.file.records(of: shown).map {
                    API.Record($0, audience: view.audience, words: sources.words, provider: sources.provider($0.delivery))
                })
        }
        return try Response(json: answer)
    }

    @Sendable func record(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        guard let id = RecordID(context.parameters.get("id") ?? "") else { throw Portal.recordUnknown }
        let subject = query["subject"].flatMap(SubjectKey.init(hex:))
        guard query["subject"] == nil || subject != nil else {
            throw Problem.badRequest(
                "bad-subject", "主体写法有误", "subject 须是 32 位小写十六进制的主体标识。", cure: "请照查询结果中的 key 填写，或不写。",
                inputs: [.init(name: "subject", message: "32 位小写十六进制")])
        }
        let audience = try await audience(query, request, context, subject: subject, items: "记录 \(id)")
        let now = portal.clock()
        let found = try await portal.blocking { [portal] in
            guard let found = try RecordLookup(id, subject: subject, portal: portal, now: now, audience: audience) else {
                throw Portal.recordUnknown
            }
            return found
        }
        // Whose record it is showed only now.
        if audience.isOfficial, subject == nil, let file = found.file {
            _ = try await self.audience(query, request, context, subject: file.subject.key, items: "记录 \(id)")
        }
        let record = try await portal.blocking { [portal] in
            var shown = found.record
            if let file = found.file, case .current(let line) = file.place(of: id) { shown = try file.records(of: [line]).first ?? shown }
            var record = API.Record(
                shown, audience: audience, words: portal.sources.words, provider: portal.words.provider(found.delivery.provider))
            record.provenance = API.Provenance(
                delivery: Int(id.delivery), row: Int(id.row), line: found.line.map(Int.init), fileName: found.delivery.fileName,
                digest: found.delivery.digest)
            return record
        }
        return try Response(json: record)
    }

    @Sendable func source(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard let id = RecordID(context.parameters.get("id") ?? "") else { throw Portal.recordUnknown }
        try await portal.admit(id, request, context)
        let isClear = context.purpose?.isClear ?? false
        let (source, subject) = try await portal.blocking { [portal] in
            guard let row = try SourceReader(directory: portal.desk.directory, book: portal.book).row(id) else { throw Portal.recordUnknown }
            return (API.Source(row, id: id, isClear: isClear), row.subject)
        }
        try await portal.record(.source, request, context, subject: subject, items: "来源行 \(id)\(isClear ? "（明文）" : "")")
        return try Response(json: source)
    }

    // MARK: Catalogue and coverage

    @Sendable func catalogue(_ request: Request, _ context: PortalContext) async throws -> Response {
        try Response(json: ["resources": portal.book.catalogue(on: portal.clock().date).map(API.CatalogueLine.init)])
    }

    @Sendable func resource(_ request: Request, _ context: PortalContext) async throws -> Response {
        let resource = try PublicRoutes.resource(context.parameters.get("code") ?? "", portal: portal)
        return try Response(json: API.CatalogueItem(resource, book: portal.book))
    }

    @Sendable func coverage(_ request: Request, _ context: PortalContext) async throws -> Response {
        let reach = context.reach
        let coverage = try await portal.blocking { [portal] in
            let words = portal.words
            let book = portal.book
            return API.Coverage(
                providers: try portal.registry.deliveries.coverage().filter { reach.opens(deliveryOf: $0.provider) }.map { line in
                    API.Coverage.Line(
                        provider: API.Named(code: line.provider, name: words.provider(line.provider)),
                        resource: API.Named(code: line.resource, name: words.resource(line.resource)), deliveries: line.deliveries,
                        rows: line.rows, accepted: line.accepted, suspended: line.suspended, doubtful: line.doubtful,
                        rejected: line.rejected, lastReceived: line.lastReceived.rfc3339)
                },
                regions: try portal.registry.organisations.countsByRegion().map { count in
                    API.Coverage.Region(
                        region: count.region.map { API.Named(code: $0, name: book.region($0)?.name ?? $0) }, registered: count.registered,
                        mentioned: count.mentioned, withRecords: count.withRecords)
                })
        }
        return try Response(json: coverage)
    }
}

extension RecordFilter {
    /// Of an API query: `section`, `resource`, `class`.
    init(api query: FormFields) throws(Problem) {
        self.init(resource: query.text("resource"))
        if let text = query.text("section") {
            section = FileSection(rawValue: text)
            if section == nil {
                throw .badRequest(
                    "bad-section", "栏目写法有误", "没有栏目“\(text.prefix(40))”。",
                    cure: "可用的栏目：\(FileSection.allCases.map(\.rawValue).joined(separator: "、"))。",
                    inputs: [.init(name: "section", message: "未知栏目")])
            }
        }
        if let text = query.text("class") {
            basicClass = Int(text)
            if basicClass == nil {
                throw .badRequest(
                    "bad-class", "类别写法有误", "class 须是国家基础目录的类别编号。", cure: "请写成 1 至 13 的数字。",
                    inputs: [.init(name: "class", message: "1 至 13")])
            }
        }
    }
}
