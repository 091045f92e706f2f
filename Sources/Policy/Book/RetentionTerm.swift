package import Identifiers

/// What a term of retention is about. The raw value is what YAML writes.
package enum RetainedMatter: String, Sendable, CaseIterable {
    /// Records of the archive, by class and kind of subject.
    case records
    /// Delivered files and returned rows.
    case files
    /// Access events, closed alerts, consents that ended.
    case events
}

/// How long something is kept (保存期限), of `retention.yaml`.
package struct RetentionTerm: Sendable, Hashable {
    package let matter: RetainedMatter
    /// Numbers of the basic catalogue's classes; for records only.
    package let classes: [Int]
    /// Whom the records are about; for records only.
    package let subject: SubjectKind?
    /// Years of 12 months each; nil where it is kept until it is withdrawn.
    package let years: Int?
    /// What the term rests on; at least one is in force on the day of an expiry.
    package let basis: [BasisCitation]
    package let confirmed: Confirmation?

    /// Whether the owner has said that the term is right: else nothing is given up by it.
    package var isConfirmed: Bool { confirmed?.on != nil }
}

extension PolicyBook {
    /// The term of a resource's records: the shorter one where it is about both kinds of subject. Nil where they are kept until
    /// they are withdrawn, or nothing that the term rests on is in force on the day.
    package func retention(of resource: Resource, on day: CivilDate) -> RetentionTerm? {
        let terms = retention.filter { term in
            term.matter == .records && term.classes.contains(resource.basicClass) && term.subject.map(resource.subject.admits) ?? false
        }
        return ending(terms, on: day)
    }

    /// The term of what is not records.
    package func retention(of matter: RetainedMatter, on day: CivilDate) -> RetentionTerm? {
        ending(retention.filter { $0.matter == matter }, on: day)
    }

    private func ending(_ terms: [RetentionTerm], on day: CivilDate) -> RetentionTerm? {
        terms.filter { term in term.years != nil && isInForce(anyOf: term.basis, on: day) }
            .min { ($0.years ?? .max) < ($1.years ?? .max) }
    }
}
