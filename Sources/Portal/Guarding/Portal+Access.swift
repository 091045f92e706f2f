import Access
import Archive
import HTTPTypes
import Hummingbird
import Identifiers
import Intake
import Policy
import Registry

/// What routes do with the visitor: forms bound to the session, events before answers, tenancy.
extension Portal {
    /// A token for a form of a page behind a login.
    func token(_ action: String, _ context: PortalContext) -> String {
        tokens.token(for: action, browser: context.visitor?.sessionName ?? "", now: clock())
    }

    /// Refuses a form whose token is missing, lapsed, of another form or another session.
    func check(_ token: String?, for purpose: String, _ request: Request, _ context: PortalContext) throws(Problem) {
        guard tokens.accepts(token, for: purpose, browser: Browser(request, context).name, now: clock()) else { throw Self.staleForm }
    }

    /// Keeps the event of an act; the answer may leave when this returns.
    func record(
        _ action: AccessAction, _ request: Request, _ context: PortalContext, subject: SubjectKey? = nil, items: String = "", detail: String = ""
    ) async throws {
        guard var event = AccessEvent(action, request, context, at: clock()) else { return }
        event.subject = subject.map { RegistryKey($0) }
        // Looking at oneself is a purpose of its own, which nobody has to state.
        if context.scope == .own, event.purpose.isEmpty { event.purpose = book.purposes.first { $0.ground == .own }?.code ?? "" }
        event.items = items
        event.detail = detail
        try await access.log.append(event)
    }

    /// Keeps the event of a refusal.
    func recordRefusal(
        _ action: AccessAction, _ request: Request, _ context: PortalContext, subject: SubjectKey? = nil, _ why: String
    ) async throws {
        guard var event = AccessEvent(action, request, context, at: clock()) else { return }
        event.isAllowed = false
        event.subject = subject.map { RegistryKey($0) }
        event.detail = why
        try await access.log.append(event)
    }

    /// Counts a request of a program that the guard did not know yet: towards its limits, contract and quota.
    func admit(_ visitor: Visitor?) throws {
        guard let visitor else { throw Problem.notLoggedIn }
        try settings.limits.check(visitor, at: clock())
        if let refusal = try access.refusal(of: visitor, at: clock()) { throw refusal }
    }

    /// Keeps the event of a program that is not known.
    func recordRefusal(_ action: AccessAction, of fault: ClientFault, _ context: PortalContext, channel: String) async throws {
        var event = AccessEvent(
            at: clock(), action: action, actor: "-", actorName: "", role: "program", body: "", address: context.address, channel: channel)
        event.isAllowed = false
        event.detail = fault.code
        try await access.log.append(event)
    }

    /// The addresses under which a path of ours may be named; the host was checked.
    func addresses(of path: String, _ request: Request) -> [String] {
        let authority = request.head.authority ?? ""
        return ["https://\(authority)\(path)", "http://\(authority)\(path)"]
    }

    /// The delivery of a path, as far as the visitor may open it: one of another tenant is unknown here.
    func delivery(_ text: String, _ request: Request, _ context: PortalContext) async throws -> Delivery {
        let delivery = try delivery(text)
        guard context.reach.opens(deliveryOf: delivery.provider) else {
            try await recordRefusal(.query, request, context, "其他单位的第 \(delivery.number) 批")
            throw Self.deliveryUnknown(text)
        }
        return delivery
    }

    /// Makes sure that the visitor may open the delivery of a record: one of another tenant is unknown here, and the try is kept.
    func admit(_ id: RecordID, _ request: Request, _ context: PortalContext) async throws {
        guard let delivery = try registry.deliveries.find(id.delivery) else { throw Self.recordUnknown }
        guard context.reach.opens(deliveryOf: delivery.provider) else {
            try await recordRefusal(.source, request, context, "其他单位的记录 \(id)")
            throw Self.recordUnknown
        }
    }

    /// Makes sure that the purpose covers a subject: a consent is one subject's, an own file one's own.
    func admit(_ subject: SubjectKey, _ request: Request, _ context: PortalContext) async throws {
        guard let visitor = context.visitor else { throw Problem.notLoggedIn }
        if context.scope == .own {
            guard visitor.subject == RegistryKey(subject) else {
                try await recordRefusal(.query, request, context, subject: subject, "他人的档案")
                throw Self.subjectUnknown
            }
            return
        }
        if case .failure(let refusal) = try access.purpose(
            visitor.purpose, of: visitor, about: RegistryKey(subject), book: book, at: clock())
        {
            try await recordRefusal(.query, request, context, subject: subject, refusal.message)
            // A consent of another subject must not tell whether this one exists.
            throw refusal == .noConsent ? Self.subjectUnknown : Problem.purposeRefused(refusal)
        }
        if context.scope == .consented, context.purpose?.ground != .consent { throw Self.subjectUnknown }
    }

    /// What this visitor sees of files.
    func audience(_ context: PortalContext) throws -> Audience {
        switch context.scope {
        case .own: .own
        case .consented: .consented(items: try access.items(of: context.visitor?.purpose))
        default: .duty(context.reach, clear: context.purpose?.isClear ?? false)
        }
    }

    /// Whose deliveries the visitor could open on another route; nil where the table gives its role nothing there.
    func reach(of context: PortalContext, on route: String) throws -> Reach? {
        guard let visitor = context.visitor, let rule = access.table.rule("GET", route), let scope = access.scope(of: visitor, under: rule) else { return nil }
        return try access.reach(scope, of: visitor, book: book, at: clock())
    }

    /// A record's page, for staff and for the subject itself.
    func recordPage(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try query(request)
        guard let id = RecordID(context.parameters.get("id") ?? "") else { throw Self.recordUnknown }
        let subject = context.scope == .own ? context.visitor?.subject.map { SubjectKey($0) } : query.text("subject").flatMap(SubjectKey.init(hex:))
        let now = clock()
        let audience = try audience(context)
        let mayOpenSource = try reach(of: context, on: "/staff/deliveries")
        let found = try await blocking { try RecordLookup(id, subject: subject, portal: self, now: now, audience: audience) }
        guard let found, let file = found.file else { throw Self.recordUnknown }
        try await admit(file.subject.key, request, context)
        let crumbs = [Link(label: "信用档案", href: audience == .own ? "/me" : "/staff/subjects/\(file.subject.key)")]
        let shell = shell("记录 \(id)", request, context, crumbs: crumbs)
        let page = try await blocking { [sources] in
            try RecordPage(
                found.record, in: found.file, delivery: found.delivery, line: found.line, audience: audience,
                mayOpenSource: mayOpenSource?.opens(deliveryOf: found.delivery.provider) ?? false, sources: sources, shell: shell)
        }
        try await record(.query, request, context, subject: file.subject.key, items: "记录 \(id)")
        return try answer(page)
    }

    /// The shell of a page behind a login.
    func shell(
        _ title: String, _ request: Request, _ context: PortalContext, current: String? = nil, crumbs: [Link]? = []
    ) -> Shell {
        var shell = frames.staffShell(title: title, request: request, role: context.visitor?.role, table: access.table, current: current, crumbs: crumbs)
        guard let visitor = context.visitor else { return shell }
        let body = visitor.body.isEmpty ? "" : "\(book.body(visitor.body)?.name ?? visitor.body) · "
        let who = "\(body)\(visitor.role?.name ?? "") · \(visitor.name)"
        let purpose = visitor.purpose.map { stated in
            let name = book.purposes.first { $0.code == stated.code }?.name ?? stated.code
            let rest = [stated.caseNumber, stated.consent.map { "授权 \($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: " · ")
            return rest.isEmpty ? name : "\(name)（\(rest)）"
        }
        shell.desk = Desk(
            who: who, roles: visitor.roles.map { Choice(value: $0.rawValue, label: $0.name, selected: $0 == visitor.role) },
            hasRoles: visitor.roles.count > 1, roleToken: token("/login/role", context), logoutToken: token("/logout", context),
            purpose: purpose.map { .init(text: $0, token: token("/staff/purpose/leave", context)) }, watermark: watermark(context))
        return shell
    }

    /// 单位, 姓名, 时间, 事由: what exports and prints carry.
    func watermark(_ context: PortalContext) -> String {
        guard let visitor = context.visitor else { return "" }
        let body = book.body(visitor.body)?.name ?? (visitor.body.isEmpty ? "本人" : visitor.body)
        let purpose = visitor.purpose.map { "\($0.code) \($0.caseNumber)" } ?? (context.scope == .own ? "本人查询" : "工作需要")
        return "\(body) \(visitor.name)（\(visitor.login)） \(clock()) 事由：\(purpose)"
    }

    static func deliveryUnknown(_ text: String) -> Problem {
        .notFound("delivery-unknown", "没有这个批次", "平台没有第“\(text.prefix(20))”批。", cure: "请在“报送批次”中查找。")
    }
}
