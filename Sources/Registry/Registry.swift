package import Identifiers

/// Everything small and transactional: deliveries, organisations, their names and identifiers.
///
/// Values are cheap to copy and may be used from any thread; calls block while they wait for the disk.
package struct Registry: Sendable {
    let driver: any SQLDriver

    /// Numbers, states and totals of deliveries.
    package var deliveries: Deliveries { Deliveries(driver: driver) }
    /// Facts, names and search of organisations.
    package var organisations: Organisations { Organisations(driver: driver) }
    /// What the log of records is made of.
    package var ledger: LedgerEntries { LedgerEntries(driver: driver) }
    /// Which identifiers belong to which organisation.
    package var aliases: Aliases { Aliases(driver: driver) }
    package var listings: ListingSteps { ListingSteps(driver: driver) }

    /// Opens the SQLite registry at `path`, makes it where there is none, and brings an older one to this program's
    /// schema.
    /// - Throws: `.newerVersion` for a registry of a later program, which is left as it is; `.unwritable`, `.locked`,
    ///   `.full`, `.damaged`, `.notARegistry`.
    package static func open(
        _ path: String, settings: SQLiteSettings = SQLiteSettings()
    ) throws(RegistryFault) -> Registry {
        let driver = try SQLiteDriver(path: path, settings: settings)
        do {
            try Migrator(driver: driver).migrate()
        } catch {
            try? driver.close()
            throw error
        }
        return Registry(driver: driver)
    }

    /// Ends all connections.
    package func close() throws(RegistryFault) { try driver.close() }

    /// received → committed, with everything the delivery says about organisations, in one transaction.
    ///
    /// Committing a delivery again that is committed already changes nothing: after a crash between the archive's commit
    /// and this one, the whole step is simply repeated.
    /// - Parameters:
    ///   - known: the knowledge time that the archive's marker carries.
    ///   - checkedOn: the day as of which the rows were checked.
    ///   - organisations: registered facts and mentions, in the order of rows.
    ///   - aliases: which identifiers the rows join to which organisation.
    ///   - listed: the subjects of a list's records.
    ///   - ledger: the arrival as the log of records has it.
    /// - Returns: false where the delivery was committed already.
    /// - Throws: `.wrongTransition` for a refused or withdrawn delivery, `.wrongTotals`, `.unknownDelivery`.
    @discardableResult
    package func commit(
        delivery number: UInt32, known: Instant, checkedOn: CivilDate? = nil, totals: DeliveryTotals, organisations: [OrganisationFacts] = [],
        aliases: [OrganisationAlias] = [], listed: [RegistryKey] = [], ledger: LedgerEntry? = nil
    ) throws(RegistryFault) -> Bool {
        let isNew = try driver.write { connection throws(RegistryFault) in
            if try Deliveries.require(number, on: connection).state == .committed { return false }
            try Deliveries.commit(number, known: known, checkedOn: checkedOn, totals: totals, on: connection)
            try OrganisationsUpdate.apply(
                organisations, delivery: number, on: connection, index: driver.nameIndex)
            try Aliases.apply(aliases, delivery: number, on: connection)
            try ListingSteps.note(listed, delivery: number, on: connection)
            if let ledger { try LedgerEntries.add(ledger, on: connection) }
            return true
        }
        if isNew, !organisations.isEmpty { tidy() }
        return isNew
    }

    /// committed → withdrawn: the delivery's facts, names and aliases stop counting, in one transaction. Views of times
    /// before `instant` still see them.
    /// - Returns: the organisations that nothing that counts is known about any more; where the archive still has
    ///   records about one, the caller mentions it again with the next delivery.
    @discardableResult
    package func withdraw(
        delivery number: UInt32, at instant: Instant, reason: String, ledger: LedgerEntry? = nil
    ) throws(RegistryFault) -> [RegistryKey] {
        let hidden = try driver.write { connection throws(RegistryFault) in
            if let ledger { try LedgerEntries.add(ledger, on: connection) }
            try Deliveries.withdraw(number, at: instant, reason: reason, on: connection)
            return try OrganisationsSettlement.settle(
                afterWithdrawalOf: number, on: connection, index: driver.nameIndex)
        }
        tidy()
        return hidden
    }

    /// Keeps the search fast. What was committed stands whether this succeeds or not, so a fault (a full disk) is left
    /// to the next write to report.
    private func tidy() {
        try? driver.write { connection throws(RegistryFault) in try driver.nameIndex.tidy(on: connection) }
    }

    /// The registry as it is at this moment; taken at once, copied later.
    package func snapshot() throws(RegistryFault) -> any SQLSnapshot { try driver.snapshot() }

    /// Re-reads the registry: pages, references, the name index, and the counts against what they count.
    /// - Returns: one line in Chinese for each fault, empty when whole.
    package func integrityCheck() throws(RegistryFault) -> [String] {
        try driver.integrityFaults() + RegistryChecks(driver: driver).faults()
    }
}
