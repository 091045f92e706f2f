import Access
import FoundationEssentials
import HTTPTypes
import Measures
import Registry

/// What became of a case after its verification: the official's decision, not the platform's.
struct VerificationOutcome: Sendable, Codable {
    /// Whether a measure was applied.
    var applied: Bool?
    var reason: String?
    /// Number of the decision.
    var decision: String?
    /// Who handled it.
    var handler: String?

    init(applied: Bool?, reason: String?, decision: String?, handler: String?) {
        self.applied = applied
        self.reason = reason
        self.decision = decision
        self.handler = handler
    }

    /// What a form states; nil of `applied` where neither was chosen.
    /// - Parameter handler: who decided, where that is known already.
    init(_ form: FormFields, handler: String? = nil) {
        self.init(
            applied: form["applied"].flatMap { $0 == "yes" ? true : $0 == "no" ? false : nil }, reason: form.text("reason"), decision: form.text("decision"),
            handler: handler ?? form.text("handler"))
    }

    /// As the log keeps it: texts of a length that a case needs.
    var shortened: VerificationOutcome {
        VerificationOutcome(
            applied: applied, reason: reason.map { String($0.prefix(2_000)) }, decision: decision.map { String($0.prefix(120)) }, handler: handler.map { String($0.prefix(60)) })
    }

    init?(_ event: AccessEvent) {
        guard let outcome = try? JSONDecoder().decode(Self.self, from: Data(event.detail.utf8)) else { return nil }
        self = outcome
    }
}

extension Problem {
    /// A name alone identifies nobody.
    static let nameOnly = Problem(
        status: .unprocessableContent, code: "name-only", title: Verdict.doubtful.name, detail: "只有名称不能确定主体：同名的单位和个人很多，平台不按名称给出核查结果。",
        cure: "请向申请人核对统一社会信用代码或证件号码后再核查。", inputs: [.init(name: "identifier", message: "请填写代码")])
}
