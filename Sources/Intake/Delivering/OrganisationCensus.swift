internal import Registry
internal import Synchronization

/// The organisations of which the registry already knows that records are about them.
///
/// A delivery brings only the others to the registry, so that a monthly file about the same firms costs it nothing.
/// Read once, kept up with each commit, dropped when a withdrawal may have changed it.
final class OrganisationCensus: Sendable {
    private let known = Mutex<Set<RegistryKey>?>(nil)

    init() {}

    func keys(of registry: Registry) throws -> Set<RegistryKey> {
        if let keys = known.withLock({ $0 }) { return keys }
        let keys = Set(try registry.organisations.keys().filter(\.hasRecords).map(\.key))
        known.withLock { $0 = keys }
        return keys
    }

    func add(_ keys: some Sequence<RegistryKey>) {
        known.withLock { $0?.formUnion(keys) }
    }

    func forget() { known.withLock { $0 = nil } }
}
