package import Identifiers

/// What a measure does to the subject, from the hardest to the mildest (全国失信惩戒措施基础清单). The raw value is what YAML writes.
package enum MeasureEffect: String, Sendable, CaseIterable {
    /// 减损权益或增加义务.
    case reducesRights = "reduces-rights"
    /// 相关管理措施.
    case administrative
    /// 市场主体自主实施.
    case market
    /// 守信激励.
    case incentive

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .reducesRights: "减损权益或增加义务"
        case .administrative: "管理措施"
        case .market: "市场主体自主措施"
        case .incentive: "守信激励"
        }
    }

    /// Whether it restricts the subject: a verification that meets one is 依法限制.
    package var restricts: Bool {
        switch self {
        case .reducesRights, .administrative: true
        case .market, .incentive: false
        }
    }

    /// Whether it weighs more on the subject than another.
    func isHarder(than other: MeasureEffect) -> Bool {
        let order = MeasureEffect.allCases
        return (order.firstIndex(of: self) ?? 0) < (order.firstIndex(of: other) ?? 0)
    }
}

/// An item of the national basic list of punitive measures, of `national-measures.yaml`: nothing beyond it may be done to anybody.
package struct NationalMeasure: Sendable, Hashable {
    package let number: Int
    /// Chinese name.
    package let name: String
    package let effect: MeasureEffect
    /// Whom it may be taken against.
    package let subjects: [SubjectKind]
    package let confirmed: Confirmation?
}

/// A measure that offices of the city take (奖惩措施), of `measures.yaml`.
package struct Measure: Sendable, Hashable, Versioned {
    /// Short code.
    package let code: String
    package let version: Int
    /// Chinese name.
    package let name: String
    /// The item of the national list that it is a case of; nil for incentives only.
    package let item: Int?
    package let effect: MeasureEffect
    package let subjects: [SubjectKind]
    /// Codes of the bodies, or `kind:` words, that are responsible.
    package let departments: [String]
    /// What it rests on.
    package let basis: [BasisCitation]
    package let from: CivilDate
    package let to: CivilDate?
    package let confirmed: Confirmation?
}
