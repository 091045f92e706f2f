internal import Archive
internal import Disk
internal import Identifiers
internal import Ledger
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

/// Archive and registry as the commit sees them. Each step happens wholly or not at all, and is durable when it returns.
protocol CommitStores: Sendable {
    /// What the archive takes in.
    associatedtype Staged

    /// Whether the archive has the delivery's marker, and so its entries.
    func holds(_ delivery: UInt32) throws -> Bool
    /// The archive's step: all entries and the marker.
    func take(_ staged: Staged) throws
    /// The ledger's and the registry's step: leaves behind the log's end, then 已入库, totals, organisations, aliases and the log's
    /// new size in one transaction. Changes nothing where it was done before.
    func conclude(_ delivery: UInt32, _ effects: Effects) throws
}

/// The commit of one delivery across archive and registry; `Documentation/commit.md` has steps, invariants and recovery.
struct Commit<Stores: CommitStores> {
    let stores: Stores
    let store: DeliveryStore

    /// Carries a sealed delivery through archive and registry. The caller holds `DataDirectory.commits`.
    func carryOut(
        _ staged: Stores.Staged, delivery: UInt32, effects: Effects, onStep: (CommitStep) -> Void
    ) throws {
        try stores.take(staged)
        onStep(.archived)
        try stores.conclude(delivery, effects)
        onStep(.committed)
        store.removeStaging(delivery)
    }

    /// Finishes a delivery that the archive has and the registry has not, from the effects in its staging folder.
    ///
    /// - Returns: whether the archive has it; if not, nothing was changed.
    /// - Throws: `DataDirectoryFault(.damaged)` where the archive has the delivery but its effects are gone.
    func finish(_ delivery: UInt32) throws -> Bool {
        guard try stores.holds(delivery) else { return false }
        let file = "\(store.stagingPath(delivery))/\(Effects.fileName)"
        let effects: Effects
        do { effects = try Effects.decoded(store.disk.read(file)) } catch let fault as DiskFault where fault.code != .missing {
            throw DataDirectoryFault(unreadable: fault)
        } catch {
            throw DataDirectoryFault(
                .damaged, path: file, "第 \(delivery) 批已进入档案，但登记内容缺失或损坏", cure: "请从备份恢复，再重新报送此后的批次")
        }
        try stores.conclude(delivery, effects)
        store.removeStaging(delivery)
        return true
    }

    /// Finishes or undoes what an ended process left.
    ///
    /// - Parameter unfinished: the deliveries that the registry has as 已接收.
    func recover(_ unfinished: some Sequence<UInt32>) throws {
        try store.removeUnfinished()
        for delivery in unfinished { _ = try finish(delivery) }
        // Staging of what is begun anew, and of commits that ended just before they removed theirs.
        for delivery in try store.staged() { store.removeStaging(delivery) }
    }
}

extension DataDirectory: CommitStores {
    var commit: Commit<DataDirectory> { Commit(stores: self, store: store) }

    func holds(_ delivery: UInt32) throws -> Bool { try archive.marker(of: delivery) != nil }

    /// After a failed write of the archive's own nobody knows whether a restart will find the marker. Going on would stage the
    /// delivery anew and lose the effects of the entries that may be there, so the process ends.
    func take(_ staged: SealedDelivery) throws {
        do { try archive.commit(staged) } catch where [.diskFull, .inputOutput, .unwritable].contains(error.code) {
            endProcess(inDoubtAbout: archive.path, reason: error.detail)
        }
    }

    func conclude(_ delivery: UInt32, _ effects: Effects) throws {
        let known = Instant(milliseconds: effects.known)
        let totals = effects.totals
        let logged = effects.ledger.map { logged in
            LedgerEntry(first: logged.first, rows: Int64(totals.rows), kind: .arrival, delivery: delivery, text: logged.text)
        }
        let head = try logged.flatMap { try prepareLeaves(of: $0, delivery: delivery) }
        try registry.commit(
            delivery: delivery, known: known, checkedOn: effects.checkedOn.map(CivilDate.init(day:)),
            totals: DeliveryTotals(
                rows: totals.rows, accepted: totals.accepted, suspended: totals.suspended, doubtful: totals.doubtful,
                rejected: totals.rejected, rejectionsDigest: effects.rejectionsDigest),
            organisations: effects.organisations.compactMap(\.facts),
            aliases: effects.aliases.compactMap { alias in
                guard let identifier = RegistryKey(hex: alias.identifier), let subject = RegistryKey(hex: alias.subject)
                else { return nil }
                return OrganisationAlias(identifier: identifier, subject: subject, row: alias.row)
            }, listed: effects.listed?.compactMap { RegistryKey(hex: $0) } ?? [], ledger: logged)
        if let head { try ledger.tree.adopt(head) }
        let provider = try registry.deliveries.find(delivery)?.provider ?? ""
        times.setKnown(delivery, known, provider: provider)
    }

    /// Writes a delivery's leaves behind the end of the log, durably, where nobody sees them until the registry says so.
    ///
    /// - Returns: the head to adopt then; nil where the registry said so already.
    private func prepareLeaves(of entry: LedgerEntry, delivery: UInt32) throws -> TreeHead? {
        guard entry.first == Int64(ledger.size) else {
            if try registry.ledger.arrival(of: delivery) != nil { return nil }
            throw DataDirectoryFault(
                .damaged, path: "\(path)/ledger/records", "第 \(delivery) 批在存证账本中的位置（\(entry.first)）与账本长度（\(ledger.size)）不符",
                cure: "请从备份恢复，再重新报送此后的批次")
        }
        let leaf = LeafData.event(entry.text).hash
        return try ledger.tree.prepare([leaf], leavesFile: entry.rows > 0 ? "\(store.stagingPath(delivery))/\(LeafFile.name)" : nil)
    }

    /// Appends an event of its own to the log of records, around the transaction that it tells of. The caller holds `commits`.
    func log(
        _ text: String, _ kind: LedgerEntry.Kind, of delivery: UInt32?, _ transaction: (LedgerEntry) throws -> Void
    ) throws {
        let entry = LedgerEntry(first: Int64(ledger.size), kind: kind, delivery: delivery, text: text)
        let head = try ledger.tree.prepare([LeafData.event(text).hash])
        try transaction(entry)
        try ledger.tree.adopt(head)
    }

    /// Carries out the registry's step of every delivery that the archive already has: it failed when the archive's had
    /// succeeded, for want of disk. The caller holds `commits`. A backup does this first, so that no copy needs a staging folder.
    func finishCommits() throws {
        for delivery in try registry.deliveries.unfinished() { _ = try commit.finish(delivery.number) }
    }
}
