package import Identifiers

/// All that the registry knows of one subject at two clocks.
package struct Dossier: Sendable, Hashable {
    /// The key under which the facts stand; another than asked for where that was of another of its identifiers.
    package let key: RegistryKey
    /// All keys under which records of the subject stand, its own first.
    package let keys: [RegistryKey]
    /// Nil where nothing is known of it as an organisation.
    package let organisation: Organisation?
    /// Current and former names.
    package let names: [OrganisationName]
}

extension Registry {
    /// What was known of a subject with the deliveries that `isKnown` admits and with facts that had taken effect on
    /// `asOf`. Read in one transaction: it agrees with itself.
    package func dossier(
        of asked: RegistryKey, asOf: CivilDate, isKnown: (UInt32) -> Bool
    ) throws(RegistryFault) -> Dossier {
        try driver.read { connection throws(RegistryFault) in
            let key = try Aliases.subject(of: asked, on: connection, isKnown: isKnown) ?? asked
            let history = try Organisations.history(of: key, asOf: asOf, on: connection, isKnown: isKnown)
            return Dossier(
                key: key, keys: try [key] + Aliases.identifiers(of: key, on: connection, isKnown: isKnown),
                organisation: history.current.map { Organisation(facts: $0.facts, delivery: $0.delivery) },
                names: history.names)
        }
    }
}
