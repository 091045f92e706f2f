import Archive
import Evaluation
import Identifiers
import Measures
import Policy
import Registry

/// 信用核查 at the window: one form, by keyboard; and the answer with what the official then decides.
struct VerificationPage: Page {
    static let templates = ["verification"]
    var shell: Shell
    var notice: Notice?
    /// The question; nil once it is answered.
    var form: FormView?
    var answer: AnswerView?
    /// Today's cases of the official.
    var today: [CaseLine]
    var hasToday: Bool

    struct CaseLine: Sendable {
        var number: String
        var href: String
        var time: String
        var matter: String
        var caseNumber: String
        var verdict: Tag
        var outcome: String
    }
}

/// An answer as it is shown and printed.
struct AnswerView: Sendable {
    var tag: Tag
    var summary: String
    var facts: [Fact]
    var hits: [HitView]
    var hasHits: Bool
    var advice: String
    var outcomes: [Fact]
    var hasOutcomes: Bool
    /// Nil where nothing can be posted.
    var outcome: FormView?
    /// The next case of the same matter.
    var next: Link?

    struct HitView: Sendable {
        var title: String
        var tag: Tag
        var facts: [Fact]
        var measures: [MeasureView]
        var hasMeasures: Bool
        var clauses: [ClauseView]
        var hasClauses: Bool
    }

    struct MeasureView: Sendable {
        var name: String
        var effect: String
        var basis: String
        var departments: String
    }

    struct ClauseView: Sendable {
        var says: String
        var state: String
        var values: String
    }
}

extension AnswerView {
    /// - Parameters:
    ///   - outcomes: what was posted, in order.
    ///   - form: where the official's decision is posted.
    init(_ verification: CreditVerification, number: Int64, at: Instant, outcomes: [AccessEvent], form: FormView?, next: Link?) {
        tag = Tag(verification.verdict)
        summary = verification.summary
        var facts = [
            Fact("事项", "\(verification.matter.name)（\(verification.matter.code)）"), Fact("办件号", verification.caseNumber), Fact("代码", verification.identifier),
        ]
        if !verification.name.isEmpty { facts.append(Fact("名称", verification.name)) }
        facts += [Fact("核查编号", "\(number)"), Fact("核查时间", "\(at)"), Fact("快照号", "\(verification.snapshot)")]
        if !verification.commitments.isEmpty {
            facts.append(Fact("承诺履约", verification.commitments.map { "\($0.state) \($0.count) 件" }.joined(separator: "，")))
        }
        self.facts = facts
        hits = verification.hits.map(HitView.init)
        hasHits = !hits.isEmpty
        advice = CreditVerification.advice
        self.outcomes = outcomes.compactMap { event in
            VerificationOutcome(event).map { outcome in
                Fact(
                    "\(event.at) \(event.actorName)",
                    "\(outcome.applied == true ? "适用" : "不适用")；\(outcome.reason ?? "")；\(outcome.decision.map { $0.isEmpty ? "" : "决定文号 \($0)；" } ?? "")经办人 \(outcome.handler ?? "")")
            }
        }
        hasOutcomes = !self.outcomes.isEmpty
        outcome = form
        self.next = next
    }
}

extension Tag {
    /// A verdict as word and shape.
    init(_ verdict: Verdict) {
        let tone: Tone =
            switch verdict {
            case .clear: .good
            case .attention: .warn
            case .restricted: .bad
            case .doubtful: .busy
            }
        self.init(verdict.name, tone)
    }
}

extension AnswerView.HitView {
    init(_ hit: Hit) {
        title = hit.title
        tag =
            switch hit.kind {
            case .listing: Tag(hit.nature == .red ? "守信红名单" : hit.nature == .watch ? "重点关注" : "严重失信主体名单", hit.nature == .red ? .good : hit.nature == .watch ? .warn : .bad)
            case .rule: Tag(hit.trace?.rule.kind.name ?? "规则", hit.isFavourable ? .good : hit.measures.isEmpty ? .warn : .bad)
            case .manual: Tag("须人工判断", .busy)
            }
        var facts = [Fact("依据", hit.basis.map(\.text).joined(separator: "、"))]
        if let listing = hit.listing {
            facts += [Fact("决定文书", listing.decision), Fact("认定机关", listing.body), Fact("列入事由", listing.reason), Fact("列入日期", "\(listing.from)")]
            if let until = listing.until { facts.append(Fact("期限至", "\(until)")) }
        }
        if !hit.records.isEmpty { facts.append(Fact("来源记录", hit.records.prefix(5).map(\.description).joined(separator: "、") + (hit.records.count > 5 ? "等 \(hit.records.count) 条" : ""))) }
        self.facts = facts.filter { !$0.value.isEmpty }
        measures = hit.measures.map { measure in
            AnswerView.MeasureView(
                name: measure.name, effect: measure.effect.name, basis: measure.basis.map(\.text).joined(separator: "、"),
                departments: measure.departments.joined(separator: "、"))
        }
        hasMeasures = !measures.isEmpty
        clauses = hit.trace?.lines.map { line in
            AnswerView.ClauseView(
                says: (line.isException ? "除外：" : "") + line.clause.says, state: line.holds.map { $0 ? "成立" : "不成立" } ?? "未知",
                values: line.reads.map { "\($0.name)：\($0.shown)" }.joined(separator: "；"))
        } ?? []
        hasClauses = !clauses.isEmpty
    }
}
