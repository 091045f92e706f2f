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
