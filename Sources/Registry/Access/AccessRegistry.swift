/// Who may do what, and what was done: accounts, access events, consents, grants, clients, keys, alerts.
///
/// A store of its own beside `Registry`: a delivery's commit may hold that one's writer for seconds, and no answer that
/// needs its access event first may wait so long.
package struct AccessRegistry: Sendable {
    let driver: any SQLDriver

    package var accounts: Accounts { Accounts(driver: driver) }
    package var events: AccessEvents { AccessEvents(driver: driver) }
    package var consents: Consents { Consents(driver: driver) }
    package var grants: Grants { Grants(driver: driver) }
    package var clients: Clients { Clients(driver: driver) }
    package var keys: DataKeys { DataKeys(driver: driver) }
    package var rowSalts: RowSaltStore { RowSaltStore(driver: driver) }
    package var erasures: PersonErasures { PersonErasures(driver: driver) }
    package var alerts: Alerts { Alerts(driver: driver) }

    /// Opens the store at `path`, makes it where there is none, and brings an older one to this program's schema.
    /// - Throws: as `Registry.open`.
    package static func open(_ path: String, settings: SQLiteSettings = SQLiteSettings()) throws(RegistryFault) -> AccessRegistry {
        let driver = try SQLiteDriver(path: path, settings: settings, schema: SQLiteAccessSchema.migrations, applicationID: SQLiteAccessSchema.applicationID)
        do {
            try Migrator(driver: driver).migrate()
        } catch {
            try? driver.close()
            throw error
        }
        return AccessRegistry(driver: driver)
    }

    /// Ends all connections.
    package func close() throws(RegistryFault) { try driver.close() }

    /// The store as it is at this moment; taken at once, copied later.
    package func snapshot() throws(RegistryFault) -> any SQLSnapshot { try driver.snapshot() }

    /// Re-reads the store; one line in Chinese for each fault.
    package func integrityCheck() throws(RegistryFault) -> [String] { try driver.integrityFaults() }
}
