package import Identifiers

/// What a list says of those on it. The raw value is what YAML writes.
package enum ListNature: String, Sendable, CaseIterable {
    /// 严重失信主体名单: only on a statutory basis.
    case seriousDishonesty = "serious-dishonesty"
    /// 重点关注: internal, without effect on anybody's rights; all that a list without a statutory basis can be.
    case watch
    /// 守信红名单.
    case red

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .seriousDishonesty: "严重失信主体名单"
        case .watch: "重点关注（内部）"
        case .red: "守信红名单"
        }
    }
}

/// A kind of list (名单), of `lists.yaml`: who decides on entries, on what basis, for how long, and what they lead to.
package struct ListKind: Sendable, Hashable, Versioned {
    /// Short code: `tax`.
    package let code: String
    package let version: Int
    /// Chinese name.
    package let name: String
    package let nature: ListNature
    /// Who decides on entries, in words.
    package let authority: String
    /// Codes of the resources whose records are entries.
    package let resources: [String]
    /// Whom it may list.
    package let subjects: [SubjectKind]
    /// Whether organisations on it are published; natural persons never are.
    package let isPublic: Bool
    /// How long an entry lasts; nil where the decision says.
    package let term: CalendarTerm?
    /// After how long an earlier end may be asked for; nil where it may not.
    package let early: CalendarTerm?
    /// Working days after the notice in which the subject may be heard; nil where the list needs no notice.
    package let hearing: Int?
    /// Codes of the measures that an entry leads to.
    package let measures: [String]
    /// What it rests on; a list counts only while one of these is in force.
    package let basis: [BasisCitation]
    package let from: CivilDate
    package let to: CivilDate?
    package let confirmed: Confirmation?
}

extension PolicyBook {
    /// A list that is valid on a day, and of whose basis something is in force.
    package func list(_ code: String, on day: CivilDate) -> ListKind? {
        lists.version(of: code, on: day).flatMap { isInForce(anyOf: $0.basis, on: day) ? $0 : nil }
    }

    /// The lists that are valid on a day, and of whose basis something is in force.
    package func lists(on day: CivilDate) -> [ListKind] { lists.filter { $0.isValid(on: day) && isInForce(anyOf: $0.basis, on: day) } }

    /// Whether a body decides on entries of a list: it delivers their records. A list without records is decided by nobody's delivery.
    package func decides(body code: String, on list: ListKind) -> Bool {
        list.resources.contains { resource in versions(of: resource).last.map { mayDeliver(body: code, resource: $0) } ?? false }
    }

    /// The measures that an entry of a list leads to on a day.
    package func measures(of list: ListKind, on day: CivilDate) -> [Measure] {
        list.measures.compactMap { measure($0, on: day) }
    }

    /// A measure that is valid on a day, and of whose basis something is in force.
    package func measure(_ code: String, on day: CivilDate) -> Measure? {
        measures.version(of: code, on: day).flatMap { isInForce(anyOf: $0.basis, on: day) ? $0 : nil }
    }
}
