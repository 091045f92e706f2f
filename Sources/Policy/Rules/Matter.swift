package import Identifiers

/// Something that offices decide and for which they must verify credit first (用信事项), of `matters.yaml`: the government's use list.
package struct Matter: Sendable, Hashable, Versioned {
    /// Code of the matter: `CG-01`.
    package let code: String
    package let version: Int
    package let name: String
    /// Codes of the bodies, or `kind:` words, that handle it.
    package let bodies: [ProviderRule]
    /// The purpose that a look for it states.
    package let purpose: String
    /// Who may apply.
    package let subjects: [SubjectKind]
    /// Codes of the lists that it may look at.
    package let lists: [String]
    /// Codes of the resources whose records it may look at.
    package let resources: [String]
    /// Codes of the measures that may follow.
    package let measures: [String]
    package let basis: [BasisCitation]
    package let from: CivilDate
    package let to: CivilDate?
    package let confirmed: Confirmation?
}

extension PolicyBook {
    /// A matter that may be verified on a day.
    package func matter(_ code: String, on day: CivilDate) -> Matter? {
        matters.version(of: code, on: day).flatMap { isInForce(anyOf: $0.basis, on: day) ? $0 : nil }
    }

    /// The matters that a body handles on a day.
    package func matters(of body: PublicBody, on day: CivilDate) -> [Matter] {
        matters.filter { matter in
            matter.isValid(on: day) && isInForce(anyOf: matter.basis, on: day) && matter.bodies.contains { $0.admits(body) }
        }
    }
}
