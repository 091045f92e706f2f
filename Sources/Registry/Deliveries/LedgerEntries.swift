/// Something that the log of records has leaves of: the event's own leaf, and one for each row that it brought.
package struct LedgerEntry: Sendable, Hashable {
    /// What kinds of events there are.
    package enum Kind: String, Sendable, CaseIterable {
        case arrival, withdrawal, erasure
    }

    /// Position of the event's own leaf; its rows follow, row 1 first.
    package var first: Int64
    /// Leaves of rows behind it.
    package var rows: Int64
    package var kind: Kind
    /// The delivery that it is about; nil for an erasure of several.
    package var delivery: UInt32?
    /// The text that the event's leaf commits to.
    package var text: String

    package init(first: Int64, rows: Int64 = 0, kind: Kind, delivery: UInt32?, text: String) {
        self.first = first
        self.rows = rows
        self.kind = kind
        self.delivery = delivery
        self.text = text
    }
}

/// What the log of records is made of, in its order. The sum of leaves is the log's size: what the tiles hold beyond it never happened.
package struct LedgerEntries: Sendable {
    let driver: any SQLDriver

    /// How many leaves there are.
    package func size() throws(RegistryFault) -> Int64 {
        try driver.read { connection throws(RegistryFault) in try Self.size(on: connection) }
    }

    /// All events, by position.
    package func list() throws(RegistryFault) -> [LedgerEntry] {
        try driver.read { connection throws(RegistryFault) in
            try Self.entries(connection.query("SELECT * FROM ledger_entries ORDER BY first"))
        }
    }

    /// The arrival of a delivery; nil while it is not committed.
    package func arrival(of delivery: UInt32) throws(RegistryFault) -> LedgerEntry? {
        try driver.read { connection throws(RegistryFault) in
            try Self.entries(
                connection.query("SELECT * FROM ledger_entries WHERE delivery = ? AND kind = 'arrival'", [.integer(delivery)])).first
        }
    }

    /// The erasures that the log tells of, by position.
    package func erasures() throws(RegistryFault) -> [LedgerEntry] {
        try driver.read { connection throws(RegistryFault) in
            try Self.entries(connection.query("SELECT * FROM ledger_entries WHERE kind = 'erasure' ORDER BY first"))
        }
    }

    /// Adds an event that changes nothing else of this store.
    package func add(_ entry: LedgerEntry) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in try Self.add(entry, on: connection) }
    }

    /// Adds an event within the transaction that it tells of.
    /// - Throws: `.constraint` where its place is not the end of the log.
    static func add(_ entry: LedgerEntry, on connection: any SQLConnection) throws(RegistryFault) {
        guard try size(on: connection) == entry.first else {
            throw RegistryFault(.constraint, detail: "a ledger entry at \(entry.first) that is not the end")
        }
        try connection.execute(
            "INSERT INTO ledger_entries (first, leaf_count, kind, delivery, text) VALUES (?, ?, ?, ?, ?)",
            [.integer(entry.first), .integer(entry.rows), .text(entry.kind.rawValue), .integer(entry.delivery), .text(entry.text)])
    }

    private static func size(on connection: any SQLConnection) throws(RegistryFault) -> Int64 {
        try connection.query("SELECT first + 1 + leaf_count AS size FROM ledger_entries ORDER BY first DESC LIMIT 1").first?.integer("size") ?? 0
    }

    private static func entries(_ rows: [SQLRow]) throws(RegistryFault) -> [LedgerEntry] {
        var entries: [LedgerEntry] = []
        for row in rows {
            guard let kind = LedgerEntry.Kind(rawValue: try row.text("kind")) else { throw RegistryFault(.unreadable(column: "kind")) }
            entries.append(
                LedgerEntry(
                    first: try row.integer("first"), rows: try row.integer("leaf_count"), kind: kind, delivery: try row.integerIfPresent("delivery"),
                    text: try row.text("text")))
        }
        return entries
    }
}
