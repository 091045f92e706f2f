import Access
import Archive
import Evaluation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identifiers
import Intake
import Measures
import Policy
import Registry
import Tables

/// Pages for anyone, without login. Audience: the public; organisations and open resources only.
struct PublicRoutes: Sendable {
    let portal: Portal

    func add(to router: Router<PortalContext>) {
        router.get("/", use: home)
        router.get("about", use: about)
        router.get("search", use: search)
        router.get("subjects/:key", use: subject)
        router.get("records/:id", use: record)
        router.get("catalogue", use: catalogue)
        router.get("catalogue/:code", use: resource)
        router.get("catalogue/:code/template.csv") { request, context in try await template(request, context, .csv(.utf8BOM)) }
        router.get("catalogue/:code/template.xlsx") { request, context in try await template(request, context, .xlsx) }
        router.get("preferences/text-size", use: textSize)
    }

    @Sendable func home(_ request: Request, _ context: PortalContext) async throws -> Response {
        let now = portal.clock()
        let counts = try await portal.blocking { [portal] in
            try HoldingCounts(registry: portal.registry, book: portal.book, on: now.date)
        }
        return try portal.answer(
            HomePage(
                shell: portal.frames.publicShell(title: "首页", request: request, current: "/"), counts: counts.tiles(staff: false),
                cutoff: "截至 \(now)", entries: HomePage.entries))
    }

    @Sendable func about(_ request: Request, _ context: PortalContext) async throws -> Response {
        try portal.answer(
            AboutPage(shell: portal.frames.publicShell(title: "平台说明", request: request, current: "/about", crumbs: [])))
    }

    @Sendable func search(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let now = portal.clock()
        func shell(_ text: String) -> Shell {
            portal.frames.publicShell(title: "信用查询", request: request, current: "/search", crumbs: [], query: text)
        }
        guard let text = query.text("q") else {
            let hint = Notice(tone: "info", title: "请输入要查的单位", text: "名称至少两个字，或完整的统一社会信用代码、注册号、组织机构代码。")
            return try portal.answer(SearchPage(query: "", hint: hint, shell: shell("")))
        }
        if let refusal = SearchPage.refusal(text, on: now.date) {
            // The text is not echoed: it may be somebody's number.
            return try portal.answer(SearchPage(query: "", hint: refusal, shell: shell("")))
        }
        let page = query.page()
        let found = try await portal.blocking { [portal] in
            try portal.registry.organisations.search(text, limit: SearchPage.size, offset: (page - 1) * SearchPage.size)
        }
        if found.total == 1, let hit = found.hits.first, Self.isCode(text, on: now.date) {
            return .seeOther("/subjects/\(hit.organisation.key)")
        }
        return try portal.answer(
            SearchPage(query: text, found: found, page: page, words: OrganisationWords(book: portal.book), shell: shell(text)))
    }

    /// A whole code leads straight to its subject.
    private static func isCode(_ text: String, on today: CivilDate) -> Bool {
        let bytes = Array(text.utf8)
        return Identifier.recognise(bytes.span, on: today)?.kind.subjectKind == .organisation
    }

    @Sendable func subject(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let key = try Portal.subject(context.parameters.get("key") ?? "")
        let clocks = try ClockQuery(query, now: portal.clock())
        let mayOpenStaff = try portal.reach(of: context, on: "/staff/subjects/{key}") != nil
        let page = try await portal.blocking { [portal] in
            guard let file = try portal.reader.file(of: key, at: clocks.clocks), file.subject.kind == .organisation else {
                throw Portal.subjectUnknown
            }
            let shell = portal.frames.publicShell(
                title: file.subject.name, request: request, crumbs: [Link(label: "信用查询", href: "/search")])
            var page = try SubjectPage(
                CreditFileView(file, audience: .open), from: portal.sources, clocks: clocks,
                filter: RecordFilter(page: query), page: query.page(), mayOpenStaff: mayOpenStaff, shell: shell)
            page.facts += try portal.listings.published(of: file, at: clocks.clocks).map { list, listing in
                Fact("在列名单", "\(list.name)（\(listing.from) 起\(listing.until.map { "，\($0) 到期" } ?? "")）", href: "/lists/\(list.code)")
            }
            return page
        }
        return try portal.answer(page)
    }

    @Sendable func record(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        guard let id = RecordID(context.parameters.get("id") ?? "") else { throw Portal.recordUnknown }
        let subject = query.text("subject").flatMap(SubjectKey.init(hex:))
        let now = portal.clock()
        let sources = try portal.reach(of: context, on: "/staff/records/{id}/source")
        let page = try await portal.blocking { [portal] in
            guard let found = try RecordLookup(id, subject: subject, portal: portal, now: now, audience: .open) else {
                throw Portal.recordUnknown
            }
            let shell = portal.frames.publicShell(
                title: "记录 \(id)", request: request,
                crumbs: found.file.map { [Link(label: $0.subject.name, href: "/subjects/\($0.subject.key)")] } ?? [])
            return try RecordPage(
                found.record, in: found.file, delivery: found.delivery, line: found.line, audience: .open, mayOpenSource: sources?.opens(deliveryOf: found.delivery.provider) ?? false,
                sources: portal.sources, shell: shell)
        }
        return try portal.answer(page)
    }

    @Sendable func catalogue(_ request: Request, _ context: PortalContext) async throws -> Response {
        let shell = portal.frames.publicShell(title: "信息资源目录", request: request, current: "/catalogue", crumbs: [])
        return try portal.answer(
            CataloguePage(book: portal.book, on: portal.clock().date, query: portal.query(request), shell: shell))
    }

    /// The version in force today, else the newest.
    static func resource(_ code: String, portal: Portal) throws(Problem) -> Resource {
        guard let resource = portal.book.resource(code, on: portal.clock().date) ?? portal.book.versions(of: code).last else {
            throw .notFound("resource-unknown", "没有这项资源", "目录中没有编码为“\(code.prefix(40))”的资源。", cure: "请在信息资源目录中查找。")
        }
        return resource
    }

    @Sendable func resource(_ request: Request, _ context: PortalContext) async throws -> Response {
        let resource = try Self.resource(context.parameters.get("code") ?? "", portal: portal)
        let shell = portal.frames.publicShell(
            title: resource.name, request: request, current: "/catalogue", crumbs: [Link(label: "信息资源目录", href: "/catalogue")])
        return try portal.answer(ResourcePage(resource, book: portal.book, shell: shell))
    }

    private func template(_ request: Request, _ context: PortalContext, _ format: TableFormat) async throws -> Response {
        let resource = try Self.resource(context.parameters.get("code") ?? "", portal: portal)
        return try await portal.download(named: "\(resource.code)-v\(resource.version)-模板", format: format) { [portal] path in
            try TemplateFile(resource: resource, book: portal.book).write(to: path, format: format)
        }
    }

    @Sendable func textSize(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        var response = Response.seeOther(TextSize.back(query["back"]))
        let large = query["large"] == "1"
        response.setCookie(
            Cookie(
                name: TextSize.cookie, value: large ? "large" : "normal", maxAge: 365 * 86_400, path: "/", secure: true, httpOnly: true, sameSite: .lax))
        return response
    }
}

/// A record found by its id, with what its page needs.
struct RecordLookup: Sendable {
    var record: CreditRecord
    var file: SubjectFile?
    var delivery: Delivery
    var line: UInt32?

    /// Files beyond this size are not read again only to count lines.
    private static let lineLookupLimit: Int64 = 64 << 20
    /// For a reader we do not know: reading a file again is work that anybody could ask for.
    private static let publicLookupLimit: Int64 = 4 << 20

    /// Nil where there is no such record, or the audience may not see it. Without a subject the raw row is read to learn it.
    init?(_ id: RecordID, subject: SubjectKey?, portal: Portal, now: Instant, audience: Audience) throws {
        guard let delivery = try portal.registry.deliveries.find(id.delivery), delivery.known != nil else { return nil }
        let isSmall = delivery.byteCount <= (audience.isOfficial ? Self.lineLookupLimit : Self.publicLookupLimit)
        let row = isSmall || (subject == nil && audience.isOfficial) ? try SourceReader(directory: portal.desk.directory, book: portal.book).row(id) : nil
        guard let key = subject ?? row?.subject else { return nil }
        let reader = portal.reader
        guard let record = try reader.record(id, of: key, knownAt: now),
            let file = try reader.file(of: key, at: Clocks(asOf: now.date, knownAt: now)),
            audience.admits(record.resource, file.subject.kind),
            // Another tenant's record is there for this one only where it is for everybody.
            audience.sources?.contains(delivery.provider) ?? true || Audience.open.admits(record.resource, file.subject.kind)
        else { return nil }
        // What was withdrawn, corrected or brought up to date since is no longer public.
        guard audience.isOfficial || file.isCurrent(id) else { return nil }
        self.record = record
        self.file = file
        self.delivery = delivery
        line = row?.line
    }
}
