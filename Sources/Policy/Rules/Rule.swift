package import Feel
package import Identifiers

/// What a rule is for. The raw value is what YAML writes.
package enum RuleKind: String, Sendable, CaseIterable {
    case punish, reward
    /// Draws attention only: no measure follows.
    case warning

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .punish: "惩戒"
        case .reward: "激励"
        case .warning: "提示"
        }
    }
}

/// One condition of a rule, with what to say where it holds.
package struct Clause: Sendable {
    /// Short id within the rule: `c1`.
    package let id: String
    package let condition: TypedExpression
    /// In Chinese, for officials and subjects.
    package let says: String
}

/// A trigger from records and listings to a measure (规则), one file of `rules/` each.
///
/// It is met where its `when` holds and none of its `unless` does. A condition that rests on a missing value is unknown, and
/// never makes it met.
package struct Rule: Sendable, Versioned {
    /// What an unknown condition makes of it. The raw value is what YAML writes.
    package enum OnUnknown: String, Sendable, CaseIterable {
        /// An official looks.
        case manual
        case notMet = "not_met"
    }

    /// Code: `punish.tax.d-level`.
    package let code: String
    package let version: Int
    package let kind: RuleKind
    package let title: String
    package let issuer: String
    package let basis: [BasisCitation]
    package let applies: SubjectKind
    package let from: CivilDate
    package let to: CivilDate?
    /// Whether all of `when` must hold, or any.
    package let needsAll: Bool
    package let when: [Clause]
    package let unless: [Clause]
    package let onUnknown: OnUnknown
    /// Code of the measure that follows; nil for warnings.
    package let measure: String?
    package let confirmed: Confirmation?
    /// The conditions alone, in order of `clauses`: what judging a whole city goes through.
    private let conditions: [TypedExpression]

    init(
        code: String, version: Int, kind: RuleKind, title: String, issuer: String, basis: [BasisCitation], applies: SubjectKind, from: CivilDate, to: CivilDate?,
        needsAll: Bool, when: [Clause], unless: [Clause], onUnknown: OnUnknown, measure: String?, confirmed: Confirmation?
    ) {
        self.code = code
        self.version = version
        self.kind = kind
        self.title = title
        self.issuer = issuer
        self.basis = basis
        self.applies = applies
        self.from = from
        self.to = to
        self.needsAll = needsAll
        self.when = when
        self.unless = unless
        self.onUnknown = onUnknown
        self.measure = measure
        self.confirmed = confirmed
        conditions = (when + unless).map(\.condition)
    }

    /// All clauses, `when` first: the bits of a finding.
    package var clauses: [Clause] { when + unless }

    /// Clauses of one rule at most: a finding has a bit for each.
    package static let clauseLimit = 31
}

/// What a rule comes to for one subject. Small, so that a whole city's can be counted.
package struct Finding: Sendable, Hashable {
    package enum Outcome: UInt8, Sendable { case notMet, met, manual }

    package let outcome: Outcome
    /// Bit i: clause i held.
    package let held: UInt32
    /// Bit i: clause i was unknown.
    package let unknown: UInt32

    /// Of a rule that is for subjects of another kind.
    package static let none = Finding(outcome: .notMet, held: 0, unknown: 0)
}

extension Rule {
    /// What it comes to.
    /// - Parameter facts: values in order of the book's vocabulary; null where unknown.
    package func judge(_ facts: [Value]) -> Finding {
        var held: UInt32 = 0
        var unknown: UInt32 = 0
        var bit: UInt32 = 1
        for condition in conditions {
            switch condition.holds(facts) {
            case true?: held |= bit
            case nil: unknown |= bit
            default: break
            }
            bit &<<= 1
        }
        let asked = (UInt32(1) &<< UInt32(truncatingIfNeeded: when.count)) &- 1
        let triggered: Bool? =
            needsAll
            ? ((held | unknown) & asked != asked ? false : unknown & asked == 0 ? true : nil)
            : (held & asked != 0 ? true : unknown & asked != 0 ? nil : false)
        return Finding(outcome: outcome(triggered, isExcepted: (held & ~asked) != 0, mayBeExcepted: (unknown & ~asked) != 0), held: held, unknown: unknown)
    }

    private func outcome(_ triggered: Bool?, isExcepted: Bool, mayBeExcepted: Bool) -> Finding.Outcome {
        if triggered == false || isExcepted { return .notMet }
        if triggered == true, !mayBeExcepted { return .met }
        return onUnknown == .manual ? .manual : .notMet
    }

    /// The clauses whose bits are set.
    package func clauses(of bits: UInt32) -> [Clause] {
        clauses.enumerated().filter { bits >> UInt32($0.offset) & 1 == 1 }.map(\.element)
    }
}

extension PolicyBook {
    /// The rules for decisions of a day whose basis is in force.
    package func rules(on day: CivilDate) -> [Rule] { rules.filter { $0.isValid(on: day) && isInForce(anyOf: $0.basis, on: day) } }
}
