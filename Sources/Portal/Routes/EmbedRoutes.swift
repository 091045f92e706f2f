import Access
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Identifiers
import Measures
import Policy
import Registry

/// 信用核查 within the pages of other systems. There is no login: the question is signed by the system's program, which vouches for its official,
/// and the answer's form is bound to that question.
struct EmbedRoutes: Sendable {
    let portal: Portal
    private var desk: VerificationDesk { portal.verifications }
    static let path = "/embed/verification"

    func add(to router: Router<PortalContext>) {
        router.get("embed/verification", use: wait)
        router.post("embed/verification", use: verify)
        router.post("embed/verification/:number/outcome", use: outcome)
    }

    /// The page that a link leads to: what is asked stands behind `#`, and is sent by the page itself.
    @Sendable func wait(_ request: Request, _ context: PortalContext) async throws -> Response {
        try page(request, context, of: nil, waits: true)
    }

    @Sendable func verify(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        let question: SignedQuestion
        do {
            question = try await portal.access.clients.question(form["request"] ?? "", audiences: audiences(request), at: portal.clock())
        } catch let fault as ClientFault {
            try await refuse(fault, context)
            return try page(
                request, context, of: nil, notice: Notice(tone: "bad", title: "核查请求无效", text: "\(fault.message)办理人员请在业务系统中重新打开；仍不行请联系系统管理员。"),
                status: .forbidden)
        }
        let asker = Asker(question)
        let context = asker.context(context)
        do {
            if let visitor = context.visitor, let refusal = try portal.access.refusal(of: visitor, at: portal.clock()) { throw refusal }
            let asked = VerificationQuestion(matter: question.matter, caseNumber: question.caseNumber, identifier: question.identifier, name: question.name)
            let answered = try await desk.answer(asked, request, context)
            let action = "\(Self.path)/\(answered.number)/outcome"
            let view = AnswerView(
                answered.verification, number: answered.number, at: answered.at, outcomes: [], form: outcomeForm(action, asker), next: nil)
            return try page(request, context, of: asker, answer: view, message: Message(answered))
        } catch let problem as Problem where problem.status.code < 500 {
            return try page(request, context, of: asker, notice: Notice(problem), status: problem.status)
        }
    }

    @Sendable func outcome(_ request: Request, _ context: PortalContext) async throws -> Response {
        let number = context.parameters.get("number") ?? ""
        let form = try await portal.form(request)
        let action = "\(Self.path)/\(number)/outcome"
        guard let client = try portal.access.clients.active(form["client"] ?? "", at: portal.clock()),
            let asker = Asker(client: client, handler: form["handler"] ?? "", origin: form["origin"] ?? ""),
            portal.tokens.accepts(form["token"], for: action, browser: asker.name, now: portal.clock())
        else { return try page(request, context, of: nil, notice: Notice(Portal.staleForm), status: Portal.staleForm.status) }
        let context = asker.context(context)
        let (event, note) = try await desk.event(number, context)
        let outcome = VerificationOutcome(
            applied: form["applied"].flatMap { $0 == "yes" ? true : $0 == "no" ? false : nil }, reason: form.text("reason"), decision: form.text("decision"),
            handler: asker.handler)
        do {
            try await desk.take(outcome, of: event, request, context)
        } catch let problem as Problem where !problem.inputs.isEmpty {
            let view = AnswerView(
                try await desk.remade(event, note, context), number: event.position, at: event.at, outcomes: [], form: outcomeForm(action, asker), next: nil)
            try await desk.keepLook(at: event, request, context)
            return try page(request, context, of: asker, notice: Notice(problem), answer: view, status: problem.status)
        }
        return try page(
            request, context, of: asker, notice: Notice(tone: "good", title: "已反馈", text: "办理结果已记入核查 \(number)，可以关闭这个页面。"),
            message: Message(event, outcome))
    }

    // MARK: Who asks

    /// A program's official: known by what the program signed, and then by the form that was made for it.
    private struct Asker {
        let client: Client
        let handler: String
        let origin: String

        init(_ question: SignedQuestion) {
            client = question.client
            handler = question.handler
            origin = question.origin
        }

        init?(client: Client, handler: String, origin: String) {
            guard client.origins.contains(origin) else { return nil }
            self.client = client
            self.handler = handler
            self.origin = origin
        }

        /// Names it towards forms: a form of another official, page or program is not accepted.
        var name: String { [client.id, handler, origin].joined(separator: "\u{0}") }

        func context(_ context: PortalContext) -> PortalContext {
            var context = context
            let scopes: Set<String> = [client.scopes.contains(ClientScope.verifications) ? ClientScope.verifications : ClientScope.sandbox]
            context.visitor = Visitor(
                kind: .program, login: client.id, name: "\(client.name)：\(handler)", body: client.body, clientScopes: scopes, authenticated: Instant(milliseconds: 0))
            return context
        }
    }

    private func refuse(_ fault: ClientFault, _ context: PortalContext) async throws {
        var event = AccessEvent(
            at: portal.clock(), action: .verify, actor: "-", actorName: "", role: "program", body: "", address: context.address, channel: "web")
        event.isAllowed = false
        event.detail = "嵌入核查：\(fault.code)"
        try await portal.access.log.append(event)
    }

    /// Under which addresses a question may be sent; the host was checked.
    private func audiences(_ request: Request) -> [String] {
        let authority = request.head.authority ?? ""
        return ["https://\(authority)\(Self.path)", "http://\(authority)\(Self.path)"]
    }

    // MARK: The page

    private func outcomeForm(_ action: String, _ asker: Asker) -> FormView {
        var form = VerificationRoutes.outcomeForm(
            action: action, token: portal.tokens.token(for: action, browser: asker.name, now: portal.clock()), handler: nil)
        form.hidden = [("client", asker.client.id), ("handler", asker.handler), ("origin", asker.origin)].map { .init(name: $0, value: $1) }
        return form
    }

    /// - Parameter asker: who may frame it; nil for every page that is registered.
    private func page(
        _ request: Request, _ context: PortalContext, of asker: Asker?, waits: Bool = false, notice: Notice? = nil, answer: AnswerView? = nil, message: Message? = nil,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var shell = portal.frames.publicShell(title: answer == nil ? "信用核查" : "信用核查单", request: request)
        shell.scripts = ["embedded.js"]
        let relay = try asker.flatMap { asker in
            try message.map { EmbeddedPage.Relay(origin: asker.origin, message: String(decoding: try JSONEncoder().encode($0), as: UTF8.self)) }
        }
        let watermark = asker.map { [portal.book.body($0.client.body)?.name ?? $0.client.body, $0.handler, "\(portal.clock())"].joined(separator: " ") } ?? ""
        var response = try portal.answer(
            EmbeddedPage(shell: shell, notice: notice, waits: waits, answer: answer, relay: relay, watermark: watermark), status: status)
        let hosts = try asker.map { [$0.origin] } ?? portal.access.clients.origins()
        response.headers[.contentSecurityPolicy] = SafeHeaders.policy(framedBy: hosts)
        return response
    }

    /// What the host's page is told; its server reads the answer itself, by number.
    private struct Message: Encodable {
        var type: String
        var number: Int64
        var matter: String?
        var caseNumber: String
        var verdict: String?
        var verdictName: String?
        var snapshot: String?
        var applied: Bool?
        var decision: String?
        var handler: String?

        init(_ answered: VerificationDesk.Answered) {
            type = "verdict"
            number = answered.number
            matter = answered.verification.matter.code
            caseNumber = answered.verification.caseNumber
            verdict = answered.verification.verdict.rawValue
            verdictName = answered.verification.verdict.name
            snapshot = "\(answered.verification.snapshot)"
        }

        init(_ event: AccessEvent, _ outcome: VerificationOutcome) {
            type = "outcome"
            number = event.position
            caseNumber = event.caseNumber
            applied = outcome.applied
            decision = outcome.decision
            handler = outcome.handler
        }
    }
}
