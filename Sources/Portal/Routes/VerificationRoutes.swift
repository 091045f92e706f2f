import Access
import Hummingbird
import Identifiers
import Measures
import Policy
import Registry

/// 信用核查 at the window: code, Enter, verdict. The official decides, and says so in the same place.
struct VerificationRoutes: Sendable {
    let portal: Portal
    private var desk: VerificationDesk { portal.verifications }
    static let path = "/staff/verification"

    func add(to group: RouterGroup<PortalContext>) {
        group.get("verification", use: form)
        group.post("verification", use: verify)
        group.get("verification/:number", use: again)
        group.post("verification/:number/outcome", use: outcome)
    }

    @Sendable func form(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        return try await page(request, context, question: VerificationQuestion(matter: query.text("matter")))
    }

    @Sendable func verify(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        try portal.check(form["token"], for: Self.path, request, context)
        let question = VerificationQuestion(
            matter: form.text("matter"), caseNumber: form.text("case"), identifier: form.text("identifier"), name: form.text("name"))
        do {
            let answered = try await desk.answer(question, request, context)
            return try await page(
                request, context, question: question,
                answer: view(answered.verification, number: answered.number, at: answered.at, outcomes: [], context))
        } catch let problem as Problem where problem.status.code < 500 && problem.status != .unauthorized {
            return try await page(request, context, question: question, problem: problem)
        }
    }

    /// An earlier answer, made again from the same state.
    @Sendable func again(_ request: Request, _ context: PortalContext) async throws -> Response {
        let (event, note) = try await desk.event(context.parameters.get("number") ?? "", context)
        return try await shown(event, note, request, context)
    }

    @Sendable func outcome(_ request: Request, _ context: PortalContext) async throws -> Response {
        let number = context.parameters.get("number") ?? ""
        let (event, note) = try await desk.event(number, context)
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "\(Self.path)/\(number)/outcome", request, context)
        let outcome = VerificationOutcome(form)
        do {
            try await desk.take(outcome, of: event, request, context)
        } catch let problem as Problem where !problem.inputs.isEmpty {
            return try await shown(event, note, request, context, problem: problem)
        }
        return .seeOther("\(Self.path)/\(number)")
    }

    /// An earlier answer with what was posted for it; the event of the look is durable before.
    private func shown(
        _ event: AccessEvent, _ note: VerificationNote, _ request: Request, _ context: PortalContext, problem: Problem? = nil
    ) async throws -> Response {
        let verification = try await desk.remade(event, note, context)
        let outcomes = try await desk.outcomes(of: event)
        try await desk.keepLook(at: event, request, context)
        return try await page(
            request, context, question: VerificationQuestion(matter: note.matter),
            answer: view(verification, number: event.position, at: event.at, outcomes: outcomes, context), problem: problem, isForm: false)
    }

    // MARK: The page

    private func view(_ verification: CreditVerification, number: Int64, at: Instant, outcomes: [AccessEvent], _ context: PortalContext) -> AnswerView {
        let action = "\(Self.path)/\(number)/outcome"
        return AnswerView(
            verification, number: number, at: at, outcomes: outcomes,
            form: Self.outcomeForm(action: action, token: portal.token(action, context), handler: context.visitor?.name ?? ""),
            next: Link(label: "下一件", href: "\(Self.path)?matter=\(verification.matter.code)"))
    }

    /// Where the official says what was decided.
    /// - Parameter handler: the official's name, to be confirmed; nil where it is known.
    static func outcomeForm(action: String, token: String, handler: String?) -> FormView {
        FormView(
            action: action, token: token,
            fields: [
                FieldView(
                    "applied", "是否适用措施",
                    choices: [
                        Choice(value: "", label: "请选择", selected: true), Choice(value: "no", label: "不适用，正常办理", selected: false),
                        Choice(value: "yes", label: "适用", selected: false),
                    ]),
                FieldView("reason", "理由"), FieldView("decision", "决定文号", hint: "适用措施时必填", required: false),
            ] + (handler.map { [FieldView("handler", "经办人", value: $0)] } ?? []), button: "提交反馈")
    }

    private func page(
        _ request: Request, _ context: PortalContext, question: VerificationQuestion, answer: AnswerView? = nil, problem: Problem? = nil, isForm: Bool = true
    ) async throws -> Response {
        let matters = desk.matters(context.visitor)
        let lines = try await today(context)
        var notice = problem.map { Notice($0) }
        if matters.isEmpty { notice = Notice(tone: "warn", title: "本单位没有用信事项", text: "用信清单里没有由本单位办理的事项，请联系信用中心登记。") }
        let inputs = Dictionary(problem?.inputs.map { ($0.name, $0.message) } ?? []) { first, _ in first }
        // After an answer the form is the next case's; after a fault it is the same again.
        let kept = answer == nil ? question : VerificationQuestion(matter: question.matter)
        let form = FormView(
            action: Self.path, token: portal.token(Self.path, context),
            fields: [
                FieldView("matter", "事项", choices: matters.map { Choice(value: $0.code, label: "\($0.code) \($0.name)", selected: $0.code == question.matter) }),
                FieldView("case", "办件号", value: kept.caseNumber ?? "", error: inputs["caseNumber"]),
                FieldView("identifier", "代码", value: kept.identifier ?? "", hint: "统一社会信用代码或证件号码，填完按回车", error: inputs["identifier"]),
                FieldView("name", "申请人名称", value: kept.name ?? "", hint: "可不填；填写时与代码登记的名称核对", required: false),
            ], button: "核查")
        var shell = portal.shell("信用核查", request, context, current: Self.path)
        if answer != nil { shell.title = "信用核查单" }
        let status: HTTPResponse.Status = problem?.status ?? .ok
        return try portal.answer(
            VerificationPage(
                shell: shell, notice: notice, form: answer == nil && isForm && !matters.isEmpty ? form : nil, answer: answer, today: answer == nil ? lines : [],
                hasToday: answer == nil && !lines.isEmpty), status: status)
    }

    /// The official's verifications of today, the latest first.
    private func today(_ context: PortalContext) async throws -> [VerificationPage.CaseLine] {
        guard let visitor = context.visitor else { return [] }
        let start = Instant(startOf: portal.clock().date)
        let (events, outcomes) = try await portal.blocking { [portal] in
            var filter = AccessEvents.Filter()
            filter.actor = visitor.login
            filter.from = start
            filter.action = .verify
            let events = try portal.access.registry.events.search(filter, limit: 50, offset: 0).events.filter(\.isAllowed)
            filter.action = .outcome
            return (events, try portal.access.registry.events.search(filter, limit: 200, offset: 0).events)
        }
        return events.compactMap { event in
            guard let note = VerificationNote(event) else { return nil }
            let matter = portal.book.matters.latest(of: note.matter)
            let isAnswered = outcomes.contains { $0.caseNumber == event.caseNumber && $0.subject == event.subject && $0.at >= event.at }
            return VerificationPage.CaseLine(
                number: "\(event.position)", href: "\(Self.path)/\(event.position)", time: String("\(event.at)".suffix(8)), matter: matter?.name ?? note.matter,
                caseNumber: event.caseNumber, verdict: Tag(Verdict(rawValue: note.verdict) ?? .doubtful), outcome: isAnswered ? "已反馈" : "待反馈")
        }
    }
}
