import Access
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identifiers
import Intake
import Ledger
import Measures
import NIOCore
import Policy
import Registry

/// 名单摘录: what a hall takes along for the hours without network, for the visitor's own body.
struct ListExtractRoutes: Sendable {
    let portal: Portal
    private static let path = "/staff/list-extracts"

    func add(to group: RouterGroup<PortalContext>) {
        group.get("list-extracts", use: page)
        group.get("list-extracts/hall.html", use: hall)
        group.get("list-extracts/lists.note", use: note)
    }

    func addAPI(to group: RouterGroup<PortalContext>) { group.get("list-extract", use: note) }

    @Sendable func page(_ request: Request, _ context: PortalContext) async throws -> Response {
        let body = context.visitor.flatMap { portal.book.body($0.body) }
        let lists = body.map { portal.listExtracts.lists(for: $0, on: portal.clock().date) } ?? []
        let hours = ListExtract.defaultHours
        return try portal.answer(
            TablePage(
                portal.shell("名单摘录", request, context, current: Self.path),
                intro: "断网时在大厅核查法人和非法人组织用。先在有网时下载网页，存到大厅的电脑上；断网时打开，输入代码即可。\(hours) 小时内有效，过时自动停用；个人不能离线核查；联网后须补核查。",
                notice: lists.isEmpty
                    ? Notice(tone: "warn", title: "没有可摘录的名单", text: "用信清单里没有由本单位办理、须查法人名单的事项，请联系信用中心登记。")
                    : Notice(tone: "info", title: "怎样核对签名", text: "在装有平台程序的电脑上运行：tianzhong lists check 文件 --key \(portal.directory.lists.verifier.key.vkey)"),
                exports: lists.isEmpty ? [] : [Link(label: "下载大厅网页", href: "\(Self.path)/hall.html"), Link(label: "下载签名摘录", href: "\(Self.path)/lists.note")],
                columns: ["摘录里的名单", "性质", "对外公示"],
                rows: lists.map { .init(cells: [.init($0.name), .init($0.nature.name), .init($0.isPublic ? "是" : "否，内部使用")]) },
                empty: "没有可摘录的名单。"))
    }

    @Sendable func hall(_ request: Request, _ context: PortalContext) async throws -> Response {
        let (body, note) = try await made(request, context)
        let page = try await portal.blocking { [portal] in try ListExtractPage.html(note: note, template: portal.assets.hall) }
        return Self.file(page, named: "名单摘录-\(body.name).html", type: "text/html; charset=utf-8")
    }

    @Sendable func note(_ request: Request, _ context: PortalContext) async throws -> Response {
        let (body, note) = try await made(request, context)
        return Self.file(note, named: "名单摘录-\(body.name).note", type: "text/plain; charset=utf-8")
    }

    /// The extract of the visitor's body; that it was taken is in the log before it leaves.
    private func made(_ request: Request, _ context: PortalContext) async throws -> (body: PublicBody, note: [UInt8]) {
        guard let body = context.visitor.flatMap({ portal.book.body($0.body) }) else { throw Problem.noExtract("没有所属单位") }
        let now = portal.clock()
        let note = try await portal.turns.take {
            try await portal.blocking { [portal] in
                do { return try portal.listExtracts.note(for: body, at: now) } catch let fault as ListExtractFault { throw Problem.noExtract(fault.description) }
            }
        }
        try await portal.record(.export, request, context, items: "名单摘录", detail: "\(ListExtract.defaultHours) 小时，\(note.count) 字节")
        return (body, note)
    }

    private static func file(_ bytes: [UInt8], named name: String, type: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type, .contentDisposition: "attachment; filename*=UTF-8''\(PercentCoding.encode(name))", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension Problem {
    fileprivate static func noExtract(_ why: String) -> Problem {
        .notFound("no-extract", "没有名单摘录", "没有可以签发的名单摘录：\(why)。", cure: "请确认用信清单里有本单位办理的事项。")
    }
}
