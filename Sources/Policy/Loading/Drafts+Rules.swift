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
struct RuleDraft: Versioned {
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
    var trigger: TriggerDraft
    var unless: [ClauseDraft]
    var onUnknown: Rule.OnUnknown
    var measure: String?
    var tests: [RuleTestDraft]
    var confirmed: Confirmation?
}

/// What triggers a rule, as it was read.
enum TriggerDraft {
    case conditions([ClauseDraft], needsAll: Bool)
    case table(TableDraft)

    /// Those that stand in the rule's own file.
    var conditions: [ClauseDraft] { if case .conditions(let conditions, needsAll: _) = self { conditions } else { [] } }
    /// Any row of a table triggers.
    var needsAll: Bool { if case .conditions(_, let needsAll) = self { needsAll } else { false } }
    /// The key under which it stands.
    var key: String { if case .table = self { "table" } else { "when" } }
}

/// Where a trigger is drawn: `table: {file, decision}`.
struct TableDraft {
    /// Path of the drawing within the book: it lies beside the rule.
    var path: String
    /// Name of the decision; nil where the drawing has one table only.
    var decision: String?
    var place: Place
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
