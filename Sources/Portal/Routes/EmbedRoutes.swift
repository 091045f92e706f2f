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

    /// The page that a link leads to: what is asked stands behind `#`, and is sent by the page itself. The program is named before it, so that its
    /// pages alone may frame this one.
    @Sendable func wait(_ request: Request, _ context: PortalContext) async throws -> Response {
        try page(request, of: nil, waits: true)
    }

    @Sendable func verify(_ request: Request, _ context: PortalContext) async throws -> Response {
        let form = try await portal.form(request)
        let question: SignedQuestion
        do {
            question = try await portal.access.clients.question(form["request"] ?? "", audiences: portal.addresses(of: Self.path, request), at: portal.clock())
        } catch let fault as ClientFault {
            // Before it is kept: nobody fills the log with forged questions.
            try portal.settings.limits.checkLogin(context, at: portal.clock())
            try await portal.recordRefusal(.verify, of: fault, context, channel: "web")
            return try page(
                request, of: nil, notice: Notice(tone: "bad", title: "核查请求无效", text: "\(fault.message)办理人员请在业务系统中重新打开；仍不行请联系系统管理员。"), status: .forbidden)
        }
        let asker = Asker(question)
        let context = asker.context(context)
        do {
            try portal.admit(context.visitor)
            let asked = VerificationQuestion(matter: question.matter, caseNumber: question.caseNumber, identifier: question.identifier, name: question.name)
            let answered = try await desk.answer(asked, request, context)
            let view = AnswerView(
                answered.verification, number: answered.number, at: answered.at, outcomes: [], form: outcomeForm("\(answered.number)", asker), next: nil)
            return try page(request, of: asker, answer: view, message: Message(answered))
        } catch let problem as Problem where problem.status.code < 500 {
            return try page(request, of: asker, notice: Notice(problem), message: Message(problem, caseNumber: question.caseNumber), status: problem.status)
        }
    }

    @Sendable func outcome(_ request: Request, _ context: PortalContext) async throws -> Response {
        let number = context.parameters.get("number") ?? ""
        let form = try await portal.form(request)
        guard let client = try portal.access.clients.active(form["client"] ?? "", at: portal.clock()),
            let asker = Asker(client: client, handler: form["handler"] ?? "", origin: form["origin"] ?? ""),
            portal.tokens.accepts(form["token"], for: Self.action(number), browser: asker.name, now: portal.clock())
        else { throw Portal.staleForm }
        let context = asker.context(context)
        do {
            try portal.admit(context.visitor)
            let (event, note) = try await desk.event(number, context)
            let outcome = VerificationOutcome(form, handler: asker.handler)
            do { try await desk.take(outcome, of: event, request, context) } catch let problem as Problem where !problem.inputs.isEmpty {
                let view = AnswerView(
                    try await desk.remade(event, note, context), number: event.position, at: event.at, outcomes: [], form: outcomeForm(number, asker), next: nil)
                try await desk.keepLook(at: event, request, context)
                return try page(request, of: asker, notice: Notice(problem), answer: view, status: problem.status)
            }
            return try page(
                request, of: asker, notice: Notice(tone: "good", title: "已反馈", text: "办理结果已记入核查 \(number)，可以关闭这个页面。"), message: Message(event, outcome))
        } catch let problem as Problem where problem.status.code < 500 {
            return try page(request, of: asker, notice: Notice(problem), message: Message(problem, caseNumber: nil), status: problem.status)
        }
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

    /// The pages that may frame what is answered to a request: those of the program that its address names.
    func embedders(of request: Request) -> [String] {
        let id = FormFields(request.uri.query ?? "")?["client"]
        return (try? portal.access.clients.origins(of: id, at: portal.clock())) ?? []
    }

    // MARK: The page

    private static func action(_ number: String) -> String { "\(path)/\(number)/outcome" }

    private func outcomeForm(_ number: String, _ asker: Asker) -> FormView {
        let token = portal.tokens.token(for: Self.action(number), browser: asker.name, now: portal.clock())
        var form = VerificationRoutes.outcomeForm(action: "\(Self.action(number))?client=\(asker.client.id)", token: token, handler: nil)
        form.hidden = [("client", asker.client.id), ("handler", asker.handler), ("origin", asker.origin)].map { .init(name: $0, value: $1) }
        return form
    }

    /// - Parameter asker: whose page alone may frame it and is told of it; nil where only the address says who it may be.
    private func page(
        _ request: Request, of asker: Asker?, waits: Bool = false, notice: Notice? = nil, answer: AnswerView? = nil, message: Message? = nil,
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
        response.headers[.contentSecurityPolicy] = SafeHeaders.policy(framedBy: asker.map { [$0.origin] } ?? embedders(of: request))
        return response
    }

    /// What the host's page is told; its server reads the answer itself, by number.
    private struct Message: Encodable {
        /// `verdict`, `outcome` or `refused`.
        var type: String
        var number: Int64?
        var matter: String?
        var caseNumber: String?
        var verdict: String?
        var verdictName: String?
        var snapshot: String?
        var applied: Bool?
        var decision: String?
        var handler: String?
        /// Why there is no answer: code and title of the problem.
        var problem: String?
        var title: String?

        init(_ answered: VerificationDesk.Answered) {
            type = "verdict"
            number = answered.number
            matter = answered.verification.matter.code
            caseNumber = answered.verification.caseNumber
            verdict = answered.verification.verdict.rawValue
            verdictName = answered.verification.verdict.name
            snapshot = "\(answered.verification.snapshot)"
        }

        init(_ problem: Problem, caseNumber: String?) {
            type = "refused"
            self.caseNumber = caseNumber
            self.problem = problem.code
            title = problem.title
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
