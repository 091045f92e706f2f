package import Archive
package import Evaluation
package import Identifiers
package import Policy

/// What a verification (信用核查) advises. The official decides; nothing is refused by the platform.
package enum Verdict: String, Sendable, CaseIterable {
    /// 可办理: nothing stands against it.
    case clear
    /// 需关注: something to look at, and nothing that the law restricts.
    case attention
    /// 依法限制: a measure of the matter applies.
    case restricted
    /// 疑似，请核代码: nobody is known under the code, or it is not the named one's.
    case doubtful

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .clear: "可办理"
        case .attention: "需关注"
        case .restricted: "依法限制"
        case .doubtful: "疑似，请核代码"
        }
    }
}

/// A measure that follows, with what it rests on and who is responsible.
package struct ApplicableMeasure: Sendable, Hashable {
    package let code: String
    package let name: String
    package let effect: MeasureEffect
    package let basis: [CitedArticle]
    /// Names of the responsible departments.
    package let departments: [String]
}

extension PolicyBook {
    /// The measures that follow from an entry of a list in a matter, for a kind of subject.
    func measures(of list: ListKind, in matter: Matter, for kind: SubjectKind, on day: CivilDate) -> [ApplicableMeasure] {
        measures(of: list, on: day).filter { matter.measures.contains($0.code) && $0.subjects.contains(kind) }.map(applicable)
    }

    /// A measure with what it rests on and the names of who is responsible.
    func applicable(_ measure: Measure) -> ApplicableMeasure {
        ApplicableMeasure(
            code: measure.code, name: measure.name, effect: measure.effect, basis: cited(measure.basis),
            departments: measure.departments.map { word in
                word.hasPrefix("kind:") ? PublicBodyKind(rawValue: String(word.dropFirst(5)))?.name ?? word : body(word)?.name ?? word
            })
    }
}

/// One thing that a verification found.
package struct Hit: Sendable {
    package enum Kind: String, Sendable {
        /// A listing in force.
        case listing
        /// A rule that is met.
        case rule
        /// A rule that an official must judge, since something is unknown.
        case manual
    }

    package let kind: Kind
    /// Code of the list or rule.
    package let code: String
    /// Name of the list, title of the rule.
    package let title: String
    package let nature: ListNature?
    package let basis: [CitedArticle]
    /// Those of the matter only.
    package let measures: [ApplicableMeasure]
    /// Decision, body, fact and term of a listing.
    package let listing: Listing?
    /// Why the rule came to this.
    package let trace: RuleTrace?
    /// The records behind it.
    package let records: [RecordID]

    /// Whether it speaks for the subject.
    package var isFavourable: Bool { nature == .red || trace?.rule.kind == .reward }
}

extension Array where Element: Hashable {
    /// Each element once, where it first stands.
    var distinct: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

/// Commitments of the subject, counted by state.
package struct CommitmentCount: Sendable, Hashable {
    package let state: String
    package let count: Int
}

/// What a verification found at one moment, so that it can be found again.
package struct CreditVerification: Sendable {
    package let matter: Matter
    package let caseNumber: String
    package let verdict: Verdict
    /// What the verdict rests on, in one sentence.
    package let summary: String
    package let subject: SubjectKey
    package let kind: SubjectKind
    /// The identifier as it may be shown, and the organisation's name.
    package let identifier: String
    package let name: String
    package let isKnown: Bool
    package let hits: [Hit]
    package let commitments: [CommitmentCount]
    package let snapshot: Snapshot

    /// Said with every answer.
    package static let advice = "本结果供承办人参考，是否适用由承办人依法决定并记录；平台不作任何决定。"
}

/// Names the state that an answer was made from: the two clocks, the size of the log of records, the policy book.
package struct Snapshot: Sendable, Hashable, CustomStringConvertible {
    package let knownAt: Instant
    /// Leaves of the log of records then.
    package let logSize: Int
    /// SM3 of the policy book.
    package let book: String

    package init(knownAt: Instant, logSize: Int, book: String) {
        self.knownAt = knownAt
        self.logSize = logSize
        self.book = book
    }

    /// Milliseconds, log size, first 16 digits of the book's digest: `1795862400000-1432881-66c7f0f462eeedd9`.
    package var description: String { "\(knownAt.milliseconds)-\(logSize)-\(book.prefix(16))" }
}
