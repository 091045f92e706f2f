internal import Archive
internal import Identifiers
internal import Registry
internal import Synchronization

/// The steps that make a delivery part of the platform, in order. A process may die between any two of them.
package enum CommitStep: String, Sendable, CaseIterable {
    /// The raw bytes lie under their digest.
    case kept
    /// The registry has the delivery as 已接收; the sender has a receipt.
    case registered
    /// Entries are sorted in staged files, rejections and effects are written; all are synced.
    case staged
    /// The archive has taken the staged files in, with the delivery's marker, in one atomic step.
    case archived
    /// The registry has the delivery as 已入库, with its totals and effects, in one transaction.
    case committed
}

/// The commit of one delivery across archive and registry.
///
/// Invariants: the archive holds a delivery's entries exactly when it holds its marker; readers see a delivery's entries
/// only when the registry has it committed; the registry commits only what the archive holds. Between the two, the
/// staging folder holds all that the registry is to learn, so that a restart finishes the commit. Before the archive's
/// step nothing but staging exists, so that a restart begins the delivery anew from its raw bytes.
struct Commit {
    let directory: DataDirectory

    /// Carries a sealed delivery through archive and registry.
    func carryOut(_ sealed: SealedDelivery, effects: Effects, onStep: (CommitStep) -> Void) throws {
        try directory.commits.withLock { _ in
            try directory.archive.commit(sealed)
            onStep(.archived)
            try register(sealed.marker.delivery, effects)
        }
        onStep(.committed)
        directory.store.removeStaging(sealed.marker.delivery)
    }

    /// Finishes or undoes what a killed process left of a delivery.
    ///
    /// - Throws: `DataDirectoryFault(.damaged)` where the archive has the delivery but its effects are gone.
    func recover(_ delivery: Delivery) throws {
        guard try directory.archive.marker(of: delivery.number) != nil else {
            directory.store.removeStaging(delivery.number)
            return
        }
        let file = "\(directory.store.stagingPath(delivery.number))/\(Effects.fileName)"
        guard let bytes = readFile(file), let effects = try? Effects.decoded(bytes) else {
            throw DataDirectoryFault(
                .damaged, path: file, "第 \(delivery.number) 批已进入档案，但登记内容缺失", cure: "请从备份恢复，再重新报送此后的批次")
        }
        try register(delivery.number, effects)
        directory.store.removeStaging(delivery.number)
    }

    private func register(_ number: UInt32, _ effects: Effects) throws {
        let known = Instant(milliseconds: effects.known)
        let totals = effects.totals
        try directory.registry.commit(
            delivery: number, known: known,
            totals: DeliveryTotals(
                rows: totals.rows, accepted: totals.accepted, suspended: totals.suspended, doubtful: totals.doubtful,
                rejected: totals.rejected),
            organisations: effects.organisations.compactMap(\.facts),
            aliases: effects.aliases.compactMap { alias in
                guard let identifier = RegistryKey(bytes: alias.identifier), let subject = RegistryKey(bytes: alias.subject)
                else { return nil }
                return OrganisationAlias(identifier: identifier, subject: subject, row: alias.row)
            })
        directory.times.setKnown(number, known)
    }
}
