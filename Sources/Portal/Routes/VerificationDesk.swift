import Access
import Archive
import Evaluation
import FoundationEssentials
import Hummingbird
import Identifiers
import Intake
import Measures
import Policy
import Registry

/// What is asked when credit is verified: by a program, at the window, or by a row of a sheet.
struct VerificationQuestion: Sendable, Decodable {
    /// Code of the matter (事项编码).
    var matter: String?
    /// 办件号.
    var caseNumber: String?
    /// 统一社会信用代码, 公民身份号码 or another number of the subject.
    var identifier: String?
    /// The applicant's name, where the office has it.
    var name: String?
}

/// What the access log keeps of a verification beside the event itself, so that it can be made again.
struct VerificationNote: Sendable, Codable {
    var matter: String
    var verdict: String
    /// Codes of lists and rules.
    var hits: [String]
    var snapshot: String
}

extension VerificationNote {
    /// What the event of a verification keeps; nil for other events.
    init?(_ event: AccessEvent) {
        guard let note = try? JSONDecoder().decode(Self.self, from: Data(event.detail.utf8)) else { return nil }
        self = note
    }
}

/// Takes questions: each fault has its own answer, and each answer has its event before it leaves.
struct VerificationDesk: Sendable {
    let portal: Portal
    let verifier: Verifier

    /// A verification and its number in the access log.
    struct Answered: Sendable {
        let verification: CreditVerification
        let number: Int64
        let at: Instant
    }

    /// The matters that the visitor's body handles today.
    func matters(_ visitor: Visitor?) -> [Matter] {
        guard let visitor, let body = portal.book.body(visitor.body) else { return [] }
        return portal.book.matters(of: body, on: portal.clock().date)
    }

    /// Answers a question.
    /// - Throws: a `Problem` for what cannot be asked; refusals are in the access log before.
    func answer(_ question: VerificationQuestion, _ request: Request, _ context: PortalContext) async throws -> Answered {
        let now = portal.clock()
        let (matter, caseNumber) = try await matter(of: question, request, context, at: now)
        let identifier = try identifier(of: question, matter, on: now.date)
        guard let identifier else { throw Problem.nameOnly }
        let verifier = verifier
        let name = question.name.flatMap { $0.isEmpty ? nil : $0 }
        let isInSandbox = context.visitor?.isInSandbox ?? false
        let verification = try await portal.blocking {
            isInSandbox
                ? try verifier.rehearse(matter, caseNumber: caseNumber, identifier: identifier, name: name, at: now)
                : try verifier.verify(matter, caseNumber: caseNumber, identifier: identifier, name: name, at: now)
        }
        let number = try await keep(verification, request, context, at: now)
        return Answered(verification: verification, number: number, at: now)
    }

    private func matter(
        of question: VerificationQuestion, _ request: Request, _ context: PortalContext, at now: Instant
    ) async throws -> (Matter, String) {
        guard let visitor = context.visitor else { throw Problem.notLoggedIn }
        let code = Self.trimmed(question.matter)
        guard !code.isEmpty, let matter = portal.book.matter(code, on: now.date) else {
            throw Problem.notFound("matter-unknown", "没有这个事项", "用信清单里没有今天有效的事项“\(code.prefix(20))”。", cure: "请核对事项编码；新增事项须先登记依据。")
        }
        let isHandled = portal.book.body(visitor.body).map { body in matter.bodies.contains { $0.admits(body) } } ?? false
        guard isHandled || visitor.kind == .terminal else {
            try await keepRefusal(request, context, "事项 \(matter.code) 不由本单位办理")
            throw Problem(
                status: .forbidden, code: "matter-not-yours", title: "不是本单位的事项", detail: "“\(matter.name)”不由您所在的单位办理\(visitor.isInSandbox ? "" : "，这次请求已记入审计日志")。",
                cure: "请核对事项编码，或由办理单位核查。")
        }
        let caseNumber = String(Self.trimmed(question.caseNumber).prefix(60))
        guard !caseNumber.isEmpty else {
            throw Problem.badRequest(
                "case-missing", "没有办件号", "核查须写明办件号，以便说明为什么查。", cure: "请填写本办件的编号。", inputs: [.init(name: "caseNumber", message: "请填写办件号")])
        }
        let stated = StatedPurpose(code: matter.purpose, caseNumber: caseNumber, consent: nil)
        if case .failure(let refusal) = try portal.access.purpose(stated, of: visitor, about: nil, book: portal.book, at: now) {
            try await keepRefusal(request, context, refusal.message)
            throw Problem.purposeRefused(refusal)
        }
        return (matter, caseNumber)
    }

    /// The identifier; nil where only a name was given.
    private func identifier(of question: VerificationQuestion, _ matter: Matter, on today: CivilDate) throws(Problem) -> Identifier? {
        let text = Self.trimmed(question.identifier)
        if text.isEmpty {
            guard Self.trimmed(question.name).isEmpty else { return nil }
            throw .badRequest(
                "identifier-missing", "没有代码", "没有填写统一社会信用代码或证件号码。", cure: "请填写完整的代码。", inputs: [.init(name: "identifier", message: "请填写代码")])
        }
        let bytes = Array(text.utf8)
        guard let identifier = Identifier.recognise(bytes.span, on: today) else {
            var why = "位数不对，或校验码不符"
            if case .wrong(let fault) = Identifier.assess(bytes.span, as: text.count == 18 ? .unifiedSocialCreditCode : .registrationNumber, on: today) { why = fault.message }
            throw Problem(
                status: .unprocessableContent, code: "identifier-wrong", title: "代码有误", detail: "填写的代码不是有效的号码：\(why)。", cure: "请照证照逐位核对后重新填写。",
                inputs: [.init(name: "identifier", message: why)])
        }
        guard matter.subjects.contains(identifier.kind.subjectKind) else {
            throw Problem(
                status: .unprocessableContent, code: "subject-kind", title: "事项不适用于这类主体", detail: "“\(matter.name)”不适用于\(identifier.kind.subjectKind.name)。",
                cure: "请核对事项编码和代码。", inputs: [.init(name: "identifier", message: "事项不适用")])
        }
        return identifier
    }

    private static func trimmed(_ text: String?) -> String { text?.trimmingBlanks() ?? "" }

    // MARK: The event, and back from it

    private func keep(_ verification: CreditVerification, _ request: Request, _ context: PortalContext, at now: Instant) async throws -> Int64 {
        guard var event = AccessEvent(.verify, request, context, at: now) else { throw Problem.notLoggedIn }
        event.subject = RegistryKey(verification.subject)
        event.purpose = verification.matter.purpose
        event.caseNumber = verification.caseNumber
        event.items = "核查 \(verification.matter.code)：\(verification.verdict.name)"
        let note = VerificationNote(
            matter: verification.matter.code, verdict: verification.verdict.rawValue, hits: verification.hits.map(\.code),
            snapshot: "\(verification.snapshot)")
        event.detail = String(decoding: try JSONEncoder().encode(note), as: UTF8.self)
        return try await append(event, context).position
    }

    /// What is done in the sandbox is nobody's business: it is remembered for a while, not logged.
    private func append(_ event: AccessEvent, _ context: PortalContext) async throws -> AccessEvent {
        context.visitor?.isInSandbox == true ? portal.rehearsals.append(event) : try await portal.access.log.append(event)
    }

    private func keepRefusal(_ request: Request, _ context: PortalContext, _ why: String) async throws {
        guard context.visitor?.isInSandbox != true else { return }
        try await portal.recordRefusal(.verify, request, context, why)
    }

    /// The event of a verification of the visitor's body.
    func event(_ text: String, _ context: PortalContext) async throws -> (event: AccessEvent, note: VerificationNote) {
        let isInSandbox = context.visitor?.isInSandbox ?? false
        let found = try await portal.blocking { [portal] in
            try Int64(text).flatMap { isInSandbox ? portal.rehearsals.event($0) : try portal.access.registry.events.event($0) }
        }
        guard let event = found, event.action == .verify, event.isAllowed, event.body == context.visitor?.body,
            let note = VerificationNote(event)
        else { throw Problem.notFound("verification-unknown", "没有这次核查", "本单位没有编号为“\(text.prefix(20))”的核查。", cure: "请核对核查编号。") }
        return (event, note)
    }

    /// The same question to the same state: the subject is known by its key, the matter by the rules of its day.
    func remade(_ event: AccessEvent, _ note: VerificationNote, _ context: PortalContext) async throws -> CreditVerification {
        guard let key = event.subject, let matter = portal.book.matter(note.matter, on: event.at.date) else {
            throw Problem.notFound("verification-unknown", "不能重现这次核查", "事项“\(note.matter)”已不在用信清单里。", cure: "请查看审计日志中的记录。")
        }
        let verifier = verifier
        let isInSandbox = context.visitor?.isInSandbox ?? false
        return try await portal.blocking {
            isInSandbox
                ? try verifier.rehearse(matter, caseNumber: event.caseNumber, subject: key, at: event.at)
                : try verifier.verify(matter, caseNumber: event.caseNumber, subject: key, at: event.at)
        }
    }

    /// An earlier answer was looked at again.
    func keepLook(at event: AccessEvent, _ request: Request, _ context: PortalContext) async throws {
        guard context.visitor?.isInSandbox != true else { return }
        try await portal.record(.query, request, context, subject: event.subject.map { SubjectKey($0) }, items: "核查 \(event.position)")
    }

    /// The outcomes that were posted for a verification, in their order.
    func outcomes(of event: AccessEvent) async throws -> [AccessEvent] {
        guard let subject = event.subject else { return [] }
        if event.position < 0 { return portal.rehearsals.events { $0.action == .outcome && $0.items == Self.items(of: event.position) } }
        return try await portal.blocking { [portal] in
            var filter = AccessEvents.Filter()
            filter.subject = subject
            filter.action = .outcome
            let items = Self.items(of: event.position)
            return try portal.access.registry.events.search(filter, limit: 200, offset: 0).events.filter { $0.items == items }.sorted { $0.position < $1.position }
        }
    }

    private static func items(of number: Int64) -> String { "核查 \(number) 的反馈" }

    /// What the official decided. Kept for good; a later one corrects an earlier one.
    func take(_ outcome: VerificationOutcome, of event: AccessEvent, _ request: Request, _ context: PortalContext) async throws {
        var missing: [Problem.Input] = []
        if Self.trimmed(outcome.reason).isEmpty { missing.append(.init(name: "reason", message: "请写明理由")) }
        if Self.trimmed(outcome.handler).isEmpty { missing.append(.init(name: "handler", message: "请写明经办人")) }
        if outcome.applied == true, Self.trimmed(outcome.decision).isEmpty { missing.append(.init(name: "decision", message: "适用措施须有决定文号")) }
        if outcome.applied == nil { missing.append(.init(name: "applied", message: "请选择是否适用")) }
        guard missing.isEmpty else {
            throw Problem.badRequest(
                "outcome-incomplete", "反馈不完整", missing.map(\.message).joined(separator: "；") + "。", cure: "请补全后重新提交。", inputs: missing)
        }
        let outcome = outcome.shortened
        guard var posted = AccessEvent(.outcome, request, context, at: portal.clock()) else { throw Problem.notLoggedIn }
        posted.subject = event.subject
        posted.purpose = event.purpose
        posted.caseNumber = event.caseNumber
        posted.items = Self.items(of: event.position)
        posted.detail = String(decoding: try JSONEncoder().encode(outcome), as: UTF8.self)
        _ = try await append(posted, context)
    }
}
