/// What a repository may do inside a transaction. SQL is written in the subset that SQLite and PostgreSQL share;
/// parameters are written `?`, in order (a driver for a store with other marks rewrites them), and every value is bound,
/// never pasted into the text.
package protocol SQLConnection {
    /// Runs one statement.
    /// - Returns: the number of rows it changed.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(RegistryFault) -> Int

    /// Runs one statement once for each list of arguments, prepared once.
    func execute(_ sql: String, each rows: [[SQLValue]]) throws(RegistryFault)

    /// The whole answer of a query; callers bound it with `LIMIT` or read page by page.
    func query(_ sql: String, _ arguments: [SQLValue]) throws(RegistryFault) -> [SQLRow]
}

extension SQLConnection {
    /// Runs one statement without parameters.
    @discardableResult
    package func execute(_ sql: String) throws(RegistryFault) -> Int { try execute(sql, []) }

    /// The whole answer of a query without parameters.
    package func query(_ sql: String) throws(RegistryFault) -> [SQLRow] { try query(sql, []) }
}

/// A relational store: many readers, each seeing one consistent state, and one writer at a time.
///
/// `read` and `write` each run one transaction; a body that throws leaves nothing behind. They block the calling
/// thread, and must not be nested.
package protocol SQLDriver: Sendable {
    /// Runs `body` in a read-only transaction on a consistent state.
    func read<T>(_ body: (any SQLConnection) throws(RegistryFault) -> T) throws(RegistryFault) -> T

    /// Runs `body` in the one write transaction; when it returns, the changes are on the disk.
    @discardableResult
    func write<T>(_ body: (any SQLConnection) throws(RegistryFault) -> T) throws(RegistryFault) -> T

    /// The steps that bring an empty store to this program's schema, numbered from 1 without gaps.
    var migrations: [Migration] { get }

    /// The store's index over organisations' names.
    var nameIndex: any NameIndex { get }

    /// The store as it is now, to be copied later while it goes on changing.
    func snapshot() throws(RegistryFault) -> any SQLSnapshot

    /// Re-reads everything; one line in Chinese for each fault of the store itself, empty when whole.
    func integrityFaults() throws(RegistryFault) -> [String]

    /// Ends all connections; the driver is not used afterwards.
    func close() throws(RegistryFault)
}

/// A state of a store that later writes do not change. Held until it is released, so not for long.
package protocol SQLSnapshot: Sendable {
    /// Copies the state to a new file or directory that must not exist; it has its name only when it is whole.
    func copy(to path: String) throws(RegistryFault)
}

/// An index that finds names by any part of two characters and more. It only proposes: callers check the proposals
/// against the names themselves.
package protocol NameIndex: Sendable {
    /// Adds names. `folded` is the search form, proposals come in the order of tiers.
    func insert(_ names: [IndexedName], on connection: any SQLConnection) throws(RegistryFault)

    /// Takes names out again, with exactly the tier and search form they were added with.
    func remove(_ names: [IndexedName], on connection: any SQLConnection) throws(RegistryFault)

    /// The ids of at most `limit` names that contain all `needles` (search forms of two characters and more).
    func candidates(containing needles: [String], limit: Int, on connection: any SQLConnection) throws(RegistryFault)
        -> [Int64]

    /// Tidies the index where so much was taken out that searches feel it; otherwise does nothing. Called after a
    /// transaction that took names out, in one of its own; a second for a million names.
    func tidy(on connection: any SQLConnection) throws(RegistryFault)
}

/// A name as the index keeps it.
package struct IndexedName: Sendable, Hashable {
    /// The row of the name in the registry.
    package var id: Int64
    /// Which names come first: 0 of registered organisations, 1 of organisations only mentioned.
    package var tier: Int64
    /// The name's search form.
    package var folded: String

    /// A name to add or take out.
    package init(id: Int64, tier: Int64, folded: String) {
        self.id = id
        self.tier = tier
        self.folded = folded
    }
}
