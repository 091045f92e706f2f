package import Identifiers

/// When the platform learned of deliveries: the second clock. Filled from the registry, asked by every fold.
package protocol DeliveryTimes: Sendable {
    /// When the delivery was committed; `nil` while it is not, and its entries are then seen by nobody.
    func known(_ delivery: UInt32) -> Instant?
    /// When the delivery was withdrawn; `nil` while it stands.
    func withdrawn(_ delivery: UInt32) -> Instant?
    /// Whether a single record was erased (清除): nobody sees it, at whatever time.
    func isErased(_ record: RecordID) -> Bool
}

extension DeliveryTimes {
    package func isErased(_ record: RecordID) -> Bool { false }
}

/// "As true on `asOf`, as known at `knownAt`": one value of the pair gives the same view for ever.
package struct Clocks: Sendable, Hashable {
    /// Entries with a later effective date are not yet seen.
    package var asOf: CivilDate
    /// Deliveries and withdrawals known later are not yet seen.
    package var knownAt: Instant

    package init(asOf: CivilDate, knownAt: Instant) {
        self.asOf = asOf
        self.knownAt = knownAt
    }
}
