import Identifiers

/// What was read of an indicator, before its expression is checked.
struct IndicatorDraft {
    var name: String
    var kind: IndicatorKind
    var resource: String?
    var field: String?
    var condition: String?
    var window: CalendarTerm?
    var lists: [String]
    var nature: ListNature?
    var unit: String?
    var confirmed: Confirmation?
}

/// What was read of a rule, before its expressions are checked.
struct RuleDraft {
    var place: Place
    var code: String
    var version: Int
    var kind: RuleKind
    var title: String
    var issuer: String
    var basis: [BasisCitation]
    var applies: SubjectKind
    var from: CivilDate
    var to: CivilDate?
    var needsAll: Bool
    var when: [ClauseDraft]
    var unless: [ClauseDraft]
    var onUnknown: Rule.OnUnknown
    var measure: String?
    var tests: [RuleTestDraft]
    var confirmed: Confirmation?
}

/// A condition as it was read, and where it stands.
struct ClauseDraft {
    var id: String
    var condition: String
    var says: String
    var place: Place
}

/// A test that stands in a rule's file and runs when the book is loaded.
struct RuleTestDraft {
    /// Values by the names of indicators, as texts.
    var given: [Located<(name: String, value: String?)>]
    var outcome: RuleTestOutcome
    var fired: [String]
    var place: Place
}

/// What a test expects. The raw value is what YAML writes.
enum RuleTestOutcome: String, CaseIterable {
    case met, manual
    case notMet = "not_met"

    var outcome: Finding.Outcome {
        switch self {
        case .met: .met
        case .manual: .manual
        case .notMet: .notMet
        }
    }
}
