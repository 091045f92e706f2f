import Access
import Archive
import Evaluation
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identifiers
import Measures
import Policy
import Registry

/// Verifications through the API: systems of offices ask while they handle a case, and post back what was decided.
struct APIVerificationRoutes: Sendable {
    let portal: Portal
    private var desk: VerificationDesk { portal.verifications }

    func add(to group: RouterGroup<PortalContext>) {
        group.post("verifications", use: verify)
        group.post("verification-batches", use: batch)
        group.get("verifications/:number", use: again)
        group.post("verifications/:number/outcome", use: outcome)
    }

    @Sendable func verify(_ request: Request, _ context: PortalContext) async throws -> Response {
        let question: VerificationQuestion = try await decode(request)
        let answered = try await desk.answer(question, request, context)
        var response = try Response(json: API.Verification(answered.verification, number: answered.number, at: answered.at, outcomes: []), status: .created)
        response.headers[.location] = "/api/v1/verifications/\(answered.number)"
        return response
    }

    /// Several questions at once, each with its own answer or its own problem, in their order. Each counts towards the day's quota.
    @Sendable func batch(_ request: Request, _ context: PortalContext) async throws -> Response {
        let batch: Batch = try await decode(request)
        guard (1...Self.batchLimit).contains(batch.questions.count) else {
            throw Problem.badRequest(
                "batch-size", "批量大小不对", "一批须有 1 至 \(Self.batchLimit) 个问题。", cure: "请拆成几批。", inputs: [.init(name: "questions", message: "1 至 \(Self.batchLimit) 个")])
        }
        var answers: [API.BatchAnswer] = []
        for (index, question) in batch.questions.enumerated() {
            do {
                if index > 0, let visitor = context.visitor, let refusal = try portal.access.refusal(of: visitor, at: portal.clock()) { throw refusal }
                let answered = try await desk.answer(question, request, context)
                answers.append(.init(index: index, verification: API.Verification(answered.verification, number: answered.number, at: answered.at, outcomes: [])))
            } catch let problem as Problem where problem.status.code < 500 {
                answers.append(.init(index: index, problem: .init(code: problem.code, title: problem.title, detail: problem.detail, cure: problem.cure)))
            }
        }
        return try Response(json: API.BatchAnswers(answers: answers))
    }

    private struct Batch: Decodable { var questions: [VerificationQuestion] }
    private static let batchLimit = 200

    /// What was answered, without the subject's records: those are asked for anew.
    @Sendable func again(_ request: Request, _ context: PortalContext) async throws -> Response {
        let (event, note) = try await desk.event(context.parameters.get("number") ?? "", context)
        let outcomes = try await desk.outcomes(of: event)
        return try Response(json: API.PastVerification(event, note, outcomes: outcomes.compactMap(API.Outcome.init)))
    }

    @Sendable func outcome(_ request: Request, _ context: PortalContext) async throws -> Response {
        let (event, _) = try await desk.event(context.parameters.get("number") ?? "", context)
        let outcome: VerificationOutcome = try await decode(request)
        try await desk.take(outcome, of: event, request, context)
        let outcomes = try await desk.outcomes(of: event)
        return try Response(json: API.Outcomes(verification: Int(event.position), outcomes: outcomes.compactMap(API.Outcome.init)), status: .created)
    }

    private func decode<Value: Decodable>(_ request: Request) async throws -> Value {
        let bytes = try await portal.body(limit: 64 << 10).collect(request.body)
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(bytes)) else {
            throw Problem.badRequest("bad-json", "内容有误", "请求的内容不是接口说明里的 JSON。", cure: "请按 /api/v1/openapi.json 的说明填写。")
        }
        return value
    }
}

extension API {
    /// A measure that may follow.
    struct Measure: Encodable {
        var code: String
        var name: String
        var effect: String
        var basis: [String]
        var departments: [String]

        init(_ measure: ApplicableMeasure) {
            code = measure.code
            name = measure.name
            effect = measure.effect.name
            basis = measure.basis.map(\.text)
            departments = measure.departments
        }
    }

    /// A clause of a rule, whether it held, and what it read.
    struct Clause: Encodable {
        var id: String
        var says: String
        var holds: Bool?
        var isException: Bool
        var values: [String: String]
    }

    /// A list or rule that a verification met.
    struct VerificationHit: Encodable {
        var kind: String
        var code: String
        var title: String
        var nature: String?
        var basis: [String]
        var measures: [Measure]
        var decision: String?
        var decidedBy: String?
        var reason: String?
        var from: String?
        var until: String?
        var clauses: [Clause]
        var records: [String]

        init(_ hit: Measures.Hit) {
            kind = hit.kind.rawValue
            code = hit.code
            title = hit.title
            nature = hit.nature?.rawValue
            basis = hit.basis.map(\.text)
            measures = hit.measures.map(Measure.init)
            decision = hit.listing?.decision
            decidedBy = hit.listing?.body
            reason = hit.listing?.reason
            from = hit.listing?.from.description
            until = hit.listing?.until?.description
            clauses = hit.trace?.lines.map { line in
                Clause(
                    id: line.clause.id, says: line.clause.says, holds: line.holds, isException: line.isException,
                    values: Dictionary(line.reads.map { ($0.name, $0.shown) }) { first, _ in first })
            } ?? []
            records = hit.records.prefix(100).map(\.description)
        }
    }

    /// The answer to one question of a batch: a verification, or why there is none.
    struct BatchAnswer: Encodable {
        var index: Int
        var verification: Verification?
        var problem: Fault?

        struct Fault: Encodable {
            var code: String
            var title: String
            var detail: String
            var cure: String
        }
    }

    struct BatchAnswers: Encodable {
        var answers: [BatchAnswer]
    }

    struct Commitment: Encodable {
        var state: String
        var count: Int
    }

    /// What an official decided.
    struct Outcome: Encodable {
        var applied: Bool
        var reason: String
        var decision: String?
        var handler: String
        var postedAt: String

        init?(_ event: AccessEvent) {
            guard let outcome = VerificationOutcome(event), let applied = outcome.applied else { return nil }
            self.applied = applied
            reason = outcome.reason ?? ""
            decision = outcome.decision
            handler = outcome.handler ?? ""
            postedAt = event.at.rfc3339
        }
    }

    struct Outcomes: Encodable {
        var verification: Int
        var outcomes: [Outcome]
    }

    /// The answer to a verification.
    struct Verification: Encodable {
        var number: Int
        var at: String
        var matter: Named
        var caseNumber: String
        var verdict: String
        var verdictName: String
        var summary: String
        var subject: Subject
        var hits: [VerificationHit]
        var commitments: [Commitment]
        var snapshot: String
        var advice: String
        var outcomes: [Outcome]
        /// True for an answer of the sandbox.
        var sandbox: Bool?

        struct Subject: Encodable {
            var identifier: String
            var name: String
            var isKnown: Bool
        }

        init(_ verification: CreditVerification, number: Int64, at: Instant, outcomes: [Outcome]) {
            self.number = Int(number)
            self.at = at.rfc3339
            matter = Named(code: verification.matter.code, name: verification.matter.name)
            caseNumber = verification.caseNumber
            verdict = verification.verdict.rawValue
            verdictName = verification.verdict.name
            summary = verification.summary
            subject = Subject(identifier: verification.identifier, name: verification.name, isKnown: verification.isKnown)
            hits = verification.hits.map(VerificationHit.init)
            commitments = verification.commitments.map { Commitment(state: $0.state, count: $0.count) }
            snapshot = verification.snapshot.description
            advice = CreditVerification.advice
            self.outcomes = outcomes
            sandbox = number < 0 ? true : nil
        }
    }

    /// A verification as the access log remembers it.
    struct PastVerification: Encodable {
        var number: Int
        var at: String
        var matter: String
        var caseNumber: String
        var verdict: String
        var hits: [String]
        var snapshot: String
        var outcomes: [Outcome]

        init(_ event: AccessEvent, _ note: VerificationNote, outcomes: [Outcome]) {
            number = Int(event.position)
            at = event.at.rfc3339
            matter = note.matter
            caseNumber = event.caseNumber
            verdict = note.verdict
            hits = note.hits
            snapshot = note.snapshot
            self.outcomes = outcomes
        }
    }
}
