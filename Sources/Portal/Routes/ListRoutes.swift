import Archive
import Evaluation
import HTTPTypes
import Hummingbird
import Identifiers
import Intake
import Measures
import Policy

/// 名单公示: who is on which public list now, organisations only. Audience: anyone.
struct ListRoutes: Sendable {
    let portal: Portal
    static let pageSize = 50

    func add(to router: Router<PortalContext>) {
        router.get("lists", use: lists)
        router.get("lists/:code", use: list)
        router.get("api/v1/lists", use: apiLists)
        router.get("api/v1/lists/:code", use: apiList)
    }

    /// The lists that are published today.
    private func published(on day: CivilDate) -> [ListKind] { portal.book.lists(on: day).filter(\.isPublic) }

    /// Who is on each list now, by its code.
    private func entries(at now: Instant) async throws -> [String: [ListedSubject]] {
        let listings = portal.listings
        return try await portal.blocking { try listings.published(at: now) }
    }

    private func kind(_ context: PortalContext, at now: Instant) throws -> ListKind {
        let code = context.parameters.get("code") ?? ""
        guard let list = published(on: now.date).first(where: { $0.code == code }) else {
            throw Problem.notFound("list-unknown", "没有这个名单", "没有公示的名单“\(code.prefix(20))”。", cure: "请从“名单公示”进入。")
        }
        return list
    }

    @Sendable func lists(_ request: Request, _ context: PortalContext) async throws -> Response {
        let now = portal.clock()
        let entries = try await entries(at: now)
        var rows: [ListsPage.Row] = []
        for list in published(on: now.date) {
            rows.append(
                ListsPage.Row(
                    cells: [
                        .init(list.name, href: "/lists/\(list.code)"), .init(list.nature.name), .init(list.authority), .init(basis(of: list)),
                        .init(list.term.map { "\($0)" } ?? "以决定为准"), .init(Figures.grouped(entries[list.code]?.count ?? 0)),
                    ]))
        }
        return try portal.answer(
            ListsPage(
                shell: portal.frames.publicShell(title: "名单公示", request: request, current: "/lists", crumbs: []),
                intro: "只公示法人和非法人组织；每个名单都有法律依据、期限和移出途径，期满自动移出。截至 \(now)。",
                columns: ["名单", "性质", "认定机关", "依据", "期限", "在列"], rows: rows, empty: "现在没有公示的名单。"))
    }

    @Sendable func list(_ request: Request, _ context: PortalContext) async throws -> Response {
        let now = portal.clock()
        let list = try kind(context, at: now)
        let query = try portal.query(request)
        let found = try await entries(at: now)[list.code] ?? []
        let pager = Pager(page: query.page(), size: Self.pageSize, count: found.count, unit: "条") { "/lists/\(list.code)?page=\($0)" }
        let shown = found.dropFirst((pager.here - 1) * Self.pageSize).prefix(Self.pageSize)
        return try portal.answer(
            ListsPage(
                shell: portal.frames.publicShell(title: list.name, request: request, current: "/lists", crumbs: [Link(label: "名单公示", href: "/lists")]),
                intro: "认定机关：\(list.authority)。依据：\(basis(of: list))。\(exits(of: list))截至 \(now)。",
                columns: ["名称", "代码", "决定文书", "认定机关", "列入", "到期"],
                rows: shown.map { entry in
                    .init(cells: [
                        .init(entry.subject.name, href: "/subjects/\(entry.subject.key)"), .init(entry.subject.identifier), .init(entry.listing.decision),
                        .init(entry.listing.body), .init("\(entry.listing.from)"), .init(entry.listing.until.map { "\($0)" } ?? "以决定为准"),
                    ])
                }, empty: "现在没有在列的单位。", pager: pager))
    }

    private func basis(of list: ListKind) -> String {
        portal.book.cited(list.basis).map(\.text).joined(separator: "、")
    }

    /// How one leaves the list.
    private func exits(of list: ListKind) -> String {
        var ways = list.term.map { ["期满（\($0)）自动移出"] } ?? []
        if let early = list.early { ways.append("满 \(early) 可申请提前移出") }
        ways.append("信用修复、撤销决定后移出")
        return "移出途径：\(ways.joined(separator: "；"))。"
    }

    // MARK: For programs

    @Sendable func apiLists(_ request: Request, _ context: PortalContext) async throws -> Response {
        let now = portal.clock()
        let entries = try await entries(at: now)
        let lists = published(on: now.date).map { API.ListLine($0, basis: basis(of: $0), count: entries[$0.code]?.count ?? 0) }
        return try Response(json: API.Lists(at: now.rfc3339, lists: lists))
    }

    @Sendable func apiList(_ request: Request, _ context: PortalContext) async throws -> Response {
        let now = portal.clock()
        let list = try kind(context, at: now)
        let page = try portal.query(request).statedPage()
        let found = try await entries(at: now)[list.code] ?? []
        return try Response(
            json: API.Listed(
                list: API.ListLine(list, basis: basis(of: list), count: found.count), at: now.rfc3339, total: found.count, page: page, pageSize: Self.pageSize,
                entries: found.dropFirst((page - 1) * Self.pageSize).prefix(Self.pageSize).map(API.ListEntry.init)))
    }
}

/// A public table: lists, and who is on one.
struct ListsPage: Page {
    static let templates = ["lists"]
    var shell: Shell
    var intro: String
    var columns: [String]
    var rows: [Row]
    var isEmpty: Bool
    var empty: String
    var pager: Pager?

    struct Row: Sendable { var cells: [TablePage.Cell] }

    init(shell: Shell, intro: String, columns: [String], rows: [Row], empty: String, pager: Pager? = nil) {
        self.shell = shell
        self.intro = intro
        self.columns = columns
        self.rows = rows.map { row in
            var row = row
            for index in row.cells.indices where index < columns.count { row.cells[index].column = columns[index] }
            return row
        }
        isEmpty = rows.isEmpty
        self.empty = empty
        self.pager = pager
    }
}

extension API {
    struct ListLine: Encodable {
        var code: String
        var name: String
        var nature: String
        var authority: String
        var basis: String
        var term: String?
        var count: Int

        init(_ list: ListKind, basis: String, count: Int) {
            code = list.code
            name = list.name
            nature = list.nature.rawValue
            authority = list.authority
            self.basis = basis
            term = list.term?.description
            self.count = count
        }
    }

    struct Lists: Encodable {
        var at: String
        var lists: [ListLine]
    }

    struct Listed: Encodable {
        var list: ListLine
        var at: String
        var total: Int
        var page: Int
        var pageSize: Int
        var entries: [ListEntry]
    }

    struct ListEntry: Encodable {
        var subject: String
        var name: String
        var identifier: String
        var decision: String
        var body: String
        var from: String
        var until: String?

        init(_ entry: ListedSubject) {
            subject = entry.subject.key.description
            name = entry.subject.name
            identifier = entry.subject.identifier
            decision = entry.listing.decision
            body = entry.listing.body
            from = entry.listing.from.description
            until = entry.listing.until?.description
        }
    }
}
