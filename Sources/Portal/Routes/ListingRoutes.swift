import Access
import Archive
import Evaluation
import Hummingbird
import Identifiers
import Intake
import Measures
import Policy
import Registry

/// 名单认定: a department takes a listing from notice to removal, step by step. Audience: those who decide in it, their own only.
struct ListingRoutes: Sendable {
    let portal: Portal
    private var desk: ListingDesk { ListingDesk(portal: portal) }
    static let path = "/staff/listings"

    func add(to group: RouterGroup<PortalContext>) {
        group.get("listings", use: procedures)
        group.post("listings", use: begin)
        group.get("listings/:number", use: procedure)
        group.post("listings/:number/steps", use: take)
        DeliveredListingRoutes(portal: portal).add(to: group)
    }

    // MARK: The body's procedures

    @Sendable func procedures(_ request: Request, _ context: PortalContext) async throws -> Response {
        try await listPage(request, context, notice: nil, status: .ok)
    }

    private func listPage(_ request: Request, _ context: PortalContext, notice: Notice?, status: HTTPResponse.Status) async throws -> Response {
        let body = context.visitor?.body ?? ""
        let today = portal.clock().date
        let (latest, names) = try await portal.blocking { [portal] in
            let latest = try portal.registry.listings.procedures(of: body)
            var names: [RegistryKey: String] = [:]
            for step in latest where names[step.subject] == nil {
                names[step.subject] = try portal.registry.organisations.find(step.subject)?.name
                    ?? portal.directory.archive.card(of: SubjectKey(step.subject))?.maskedIdentifier
            }
            return (latest, names)
        }
        let lists = portal.book.lists(on: today).filter { desk.decides($0, context) }
        let form = FormView(
            title: "新的认定", note: "只能按代码认定；名称不能确定主体。须先告知的名单从“事先告知”开始，其余从“决定”开始。报送的记录已列入的，会转到移出办理。", action: Self.path, token: portal.token(Self.path, context),
            fields: [
                FieldView("list", "名单", choices: lists.map { Choice(value: $0.code, label: "\($0.name)（\($0.nature.name)）", selected: false) }),
                FieldView("identifier", "主体代码", hint: "统一社会信用代码或证件号码"),
            ] + ListingDesk.fields(for: nil, today: today), button: "登记第一步")
        return try portal.answer(
            TablePage(
                portal.shell("名单认定", request, context, current: Self.path), intro: "告知 → 陈述申辩 → 决定 → 列入 → 公示 → 移出。每一步都有日期、文书和经办人，登记后不可修改。",
                notice: notice, columns: ["程序", "名单", "主体", "现在", "日期", "文书"],
                rows: latest.map { step in
                    .init(cells: [
                        .init("\(step.procedure)", href: "\(Self.path)/\(step.procedure)"), .init(portal.book.lists.latest(of: step.list)?.name ?? step.list),
                        .init(names[step.subject] ?? ""), .init(step.kind.name), .init("\(step.day)"), .init(step.document),
                    ])
                }, empty: lists.isEmpty ? "政策手册里没有由本单位认定的名单。" : "本单位还没有登记过名单认定。", form: lists.isEmpty ? nil : form), status: status)
    }

    @Sendable func begin(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: Self.path, request, context)
        let now = portal.clock()
        guard let list = form["list"].flatMap({ portal.book.list($0, on: now.date) }) else {
            return try await listPage(request, context, notice: Notice(tone: "bad", title: "没有选择名单", text: "请选择今天有依据的名单。"), status: .badRequest)
        }
        guard desk.decides(list, context) else {
            try await portal.recordRefusal(.listing, request, context, "\(list.name)不由本单位认定")
            return try await listPage(
                request, context, notice: Notice(tone: "bad", title: "“\(list.name)”不由本单位认定", text: "认定机关是\(list.authority)。这次请求已记入审计日志。"), status: .forbidden)
        }
        let bytes = Array((form.text("identifier") ?? "").utf8)
        guard let identifier = Identifier.recognise(bytes.span, on: now.date) else {
            return try await listPage(request, context, notice: Notice(tone: "bad", title: "代码有误", text: "请照证照填写完整的代码；名称不能确定主体。"), status: .badRequest)
        }
        let key = portal.reader.key(of: identifier)
        // Whether there is a file at all is a look.
        try await portal.record(.query, request, context, subject: key, items: "按代码查找（名单认定）")
        let found = try await portal.blocking { [portal] in try portal.listings.listings(of: key, at: now) }
        if let found, found.listings.inForce(at: now).contains(where: { $0.list == list.code && $0.recordID != nil }) {
            return .seeOther(DeliveredListingRoutes.path(of: found.subject.key))
        }
        guard let subject = found?.subject else {
            return try await listPage(request, context, notice: Notice(tone: "bad", title: "平台没有这个主体", text: "请核对代码；没有登记信息的主体不能列入名单。"), status: .badRequest)
        }
        let first: ListingStepKind = list.hearing == nil ? .decision : .notice
        let made = Result { try desk.step(first, of: list, subject: RegistryKey(subject.key), procedure: 0, form, context, at: now) }
        switch made {
        case .failure(let fault as ListingFault):
            return try await listPage(request, context, notice: Notice(fault), status: .badRequest)
        case .failure(let other): throw other
        case .success(let step):
            do {
                let kept = try await desk.keep(step, in: desk.procedure(list, steps: []), kind: subject.kind, request, context, at: now)
                return .seeOther("\(Self.path)/\(kept.procedure)")
            } catch let fault as ListingFault {
                return try await listPage(request, context, notice: Notice(fault), status: .badRequest)
            }
        }
    }

    // MARK: One procedure

    private func find(_ context: PortalContext) async throws -> (steps: [ListingStep], list: ListKind) {
        let number = context.parameters.get("number").flatMap(Int64.init) ?? 0
        let steps = try await portal.blocking { [portal] in try portal.registry.listings.procedure(number) }
        guard let first = steps.first, first.body == context.visitor?.body, let list = portal.book.lists.version(of: first.list, since: steps.first { $0.kind == .entry }?.day ?? first.day) else {
            throw Problem.notFound("procedure-unknown", "没有这个程序", "本单位没有这个名单认定程序。", cure: "请从“名单认定”进入。")
        }
        return (steps, list)
    }

    @Sendable func procedure(_ request: Request, _ context: PortalContext) async throws -> Response {
        let (steps, list) = try await find(context)
        return try await procedurePage(request, context, steps: steps, list: list, notice: nil, status: .ok)
    }

    private func procedurePage(
        _ request: Request, _ context: PortalContext, steps: [ListingStep], list: ListKind, notice: Notice?, status: HTTPResponse.Status
    ) async throws -> Response {
        let number = steps[0].procedure
        let now = portal.clock()
        let procedure = desk.procedure(list, steps: steps)
        let subject = SubjectKey(steps[0].subject)
        let found = try await portal.blocking { [portal] in try portal.listings.listings(of: subject, at: now) }
        try await portal.record(.query, request, context, subject: subject, items: "名单认定 \(number)")
        let action = "\(Self.path)/\(number)/steps"
        let state = found?.listings.all.first { $0.source == .procedure(number) }.map { $0.words(at: now) }
        var intro = "\(found?.subject.name ?? "")（\(found?.subject.identifier ?? "")）"
        if let state { intro += " · \(state)" }
        if let end = procedure.hearingEnd, procedure.step(.decision) == nil { intro += " · 陈述申辩到 \(end.day)\(end.isProvisional ? "（暂算）" : "")" }
        let next = procedure.next
        let form = next.isEmpty ? nil : FormView(
            title: "下一步", action: action, token: portal.token(action, context),
            fields: [FieldView("kind", "办理", choices: next.map { Choice(value: $0.rawValue, label: $0.name, selected: false) })]
                + ListingDesk.fields(for: next, today: now.date), button: "登记")
        return try portal.answer(
            TablePage(
                portal.shell("\(list.name)认定", request, context, crumbs: [Link(label: "名单认定", href: Self.path)]), intro: intro, notice: notice,
                columns: ["步骤", "日期", "文书", "内容", "经办", "登记时间"],
                rows: steps.map { step in
                    .init(cells: [
                        .init(step.kind.name + (step.ground.map { "（\($0.name)）" } ?? "")), .init("\(step.day)"), .init(step.document), .init(step.text), .init(step.actor),
                        .init("\(step.at)"),
                    ])
                }, empty: "", form: form), status: status)
    }

    @Sendable func take(_ request: Request, _ context: PortalContext) async throws -> Response {
        let (steps, list) = try await find(context)
        let number = steps[0].procedure
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "\(Self.path)/\(number)/steps", request, context)
        let now = portal.clock()
        do {
            guard let kind = form["kind"].flatMap(ListingStepKind.init) else {
                throw Problem.badRequest("step-unknown", "没有选择步骤", "没有选择要办理的步骤。", cure: "请选择后重新提交。")
            }
            let made = try desk.step(kind, of: list, subject: steps[0].subject, procedure: number, form, context, at: now)
            let subject = steps[0].subject
            let found = try await portal.blocking { [portal] in try portal.directory.archive.card(of: SubjectKey(subject))?.kind }
            _ = try await desk.keep(made, in: desk.procedure(list, steps: steps), kind: found ?? .organisation, request, context, at: now)
            return .seeOther("\(Self.path)/\(number)")
        } catch let fault as ListingFault {
            return try await procedurePage(
                request, context, steps: steps, list: list, notice: Notice(fault), status: .badRequest)
        }
    }
}
