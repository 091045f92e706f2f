import Access
import Archive
import Evaluation
import Hummingbird
import Identifiers
import Intake
import Measures
import Policy
import Registry

/// Ends a listing that a delivered record made, before its term: credit repaired, the decision taken back, the duty done. The authority's next
/// file may say the same; this is for who has no such file.
struct DeliveredListingRoutes: Sendable {
    let portal: Portal
    private var desk: ListingDesk { ListingDesk(portal: portal) }

    static func path(of subject: SubjectKey) -> String { "\(ListingRoutes.path)/subjects/\(subject)" }

    func add(to group: RouterGroup<PortalContext>) {
        group.get("listings/subjects/:key", use: listings)
        group.post("listings/subjects/:key/removals", use: remove)
    }

    @Sendable func listings(_ request: Request, _ context: PortalContext) async throws -> Response {
        let subject = try Portal.subject(context.parameters.get("key") ?? "")
        return try await page(request, context, subject, notice: nil, status: .ok)
    }

    /// The subject's delivered listings on lists that the visitor's body decides.
    private func found(_ subject: SubjectKey, _ context: PortalContext) async throws -> (subject: SubjectSummary, listings: [Listing]) {
        let now = portal.clock()
        let found = try await portal.blocking { [portal] in try portal.listings.listings(of: subject, at: now) }
        guard let found else { throw Portal.subjectUnknown }
        let own = Set(portal.book.lists.filter { desk.decides($0, context) }.map(\.code))
        return (found.subject, found.listings.all.filter { own.contains($0.list) && $0.recordID != nil })
    }

    private func page(_ request: Request, _ context: PortalContext, _ key: SubjectKey, notice: Notice?, status: HTTPResponse.Status) async throws -> Response {
        let now = portal.clock()
        let (subject, listings) = try await found(key, context)
        try await portal.record(.query, request, context, subject: subject.key, items: "报送的名单")
        let inForce = listings.filter { $0.isInForce(at: now) }
        let action = "\(Self.path(of: key))/removals"
        func name(_ listing: Listing) -> String { portal.book.lists.latest(of: listing.list)?.name ?? listing.list }
        let records = inForce.compactMap { listing in
            listing.recordID.map { Choice(value: "\($0)", label: "\(name(listing)) \(listing.decision)（\(listing.from)）", selected: false) }
        }
        let form = FormView(
            title: "移出", note: "期满的自己移出，报送的文件写明移出的也会移出；在此之前须移出的在这里办理，登记后不可修改。", action: action, token: portal.token(action, context),
            fields: [FieldView("record", "移出哪一项", choices: records)] + ListingDesk.fields(for: [.removal], today: now.date), button: "登记移出")
        let rows = (inForce + listings.filter { !$0.isInForce(at: now) }).map { listing in
            TablePage.Row(cells: [
                .init(name(listing)), .init(listing.decision), .init("\(listing.from)"), .init(listing.words(at: now)), .init(listing.recordID?.description ?? ""),
            ])
        }
        return try portal.answer(
            TablePage(
                portal.shell("报送的名单", request, context, crumbs: [Link(label: "名单认定", href: ListingRoutes.path)]), 
                // Whoever is on none of the body's lists is not told to it.
                intro: listings.isEmpty ? nil : "\(subject.name)（\(subject.identifier)）",
                notice: notice, columns: ["名单", "决定文书", "列入日期", "现在", "来源记录"], rows: rows, empty: "主体没有由本单位报送列入的名单。",
                form: records.isEmpty ? nil : form), status: status)
    }

    @Sendable func remove(_ request: Request, _ context: PortalContext) async throws -> Response {
        let key = try Portal.subject(context.parameters.get("key") ?? "")
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "\(Self.path(of: key))/removals", request, context)
        let id = form["record"] ?? ""
        let now = portal.clock()
        let (subject, listings) = try await found(key, context)
        guard let listing = listings.first(where: { $0.recordID?.description == id && $0.isInForce(at: now) }),
            let list = portal.book.lists.version(of: listing.list, since: listing.from)
        else {
            return try await page(request, context, key, notice: Notice(tone: "bad", title: "没有移出", text: "这条记录没有使主体在本单位的名单上，或已经移出。请核对后再办。"), status: .conflict)
        }
        do {
            var step = try desk.step(.removal, of: list, subject: RegistryKey(subject.key), procedure: 0, form, context, at: now)
            step.record = id
            _ = try await desk.keep(
                step, in: desk.procedure(list, steps: [], delivered: listing.from), kind: subject.kind, request, context, at: now)
            return .seeOther(Self.path(of: key))
        } catch let fault as ListingFault {
            return try await page(request, context, key, notice: Notice(fault), status: .badRequest)
        }
    }
}

extension Listing {
    /// The delivered record that made it; nil for the platform's own procedure.
    var recordID: RecordID? { if case .record(let id) = source { id } else { nil } }
}
