/// A delivery's statement that an identifier belongs to an organisation: a row that named only the identifier is about
/// that subject.
package struct OrganisationAlias: Sendable, Hashable {
    /// The key that the identifier alone gives.
    package var identifier: RegistryKey
    /// The key of the organisation.
    package var subject: RegistryKey
    /// The data row that says so.
    package var row: UInt32

    /// A statement of one row.
    package init(identifier: RegistryKey, subject: RegistryKey, row: UInt32) {
        self.identifier = identifier
        self.subject = subject
        self.row = row
    }
}

/// An alias with the delivery that stated it.
package struct StatedAlias: Sendable, Hashable {
    package let alias: OrganisationAlias
    package let delivery: UInt32
}

/// Two organisations claim one identifier: the earlier statement holds, the later is kept and joined to nothing.
package struct AliasConflict: Sendable, Hashable {
    package let identifier: RegistryKey
    /// The organisation that the identifier belongs to.
    package let held: StatedAlias
    /// The statement that was not joined.
    package let claimed: StatedAlias
}

/// Which identifiers belong to which organisation. Statements are only appended; which of them hold follows from the
/// deliveries that count: the earliest one does.
package struct Aliases: Sendable {
    let driver: any SQLDriver

    /// The organisation that an identifier belongs to as known now, or nil.
    package func subject(of identifier: RegistryKey) throws(RegistryFault) -> RegistryKey? {
        try driver.read { connection throws(RegistryFault) in
            try Self.stated(
                connection.query(
                    """
                    SELECT a.identifier, a.subject, a.delivery, a.row_number FROM organisation_aliases a
                    JOIN deliveries d ON d.number = a.delivery
                    WHERE a.identifier = ? AND d.state = 'committed' ORDER BY a.delivery, a.row_number LIMIT 1
                    """, [.key(identifier)])
            ).first?.alias.subject
        }
    }

    /// The organisation that an identifier belonged to with the deliveries that `isKnown` admits.
    package func subject(
        of identifier: RegistryKey, isKnown: (UInt32) -> Bool
    ) throws(RegistryFault) -> RegistryKey? {
        try driver.read { connection throws(RegistryFault) in
            try Self.subject(of: identifier, on: connection, isKnown: isKnown)
        }
    }

    /// Everything ever stated about an identifier, earliest first; the first whose delivery counts holds.
    package func statements(of identifier: RegistryKey) throws(RegistryFault) -> [StatedAlias] {
        try driver.read { connection throws(RegistryFault) in try Self.statements(of: identifier, on: connection) }
    }

    /// The identifiers that belong to an organisation with the deliveries that `isKnown` admits; identifiers that it
    /// claims and another holds are not among them.
    package func identifiers(
        of subject: RegistryKey, isKnown: (UInt32) -> Bool
    ) throws(RegistryFault) -> [RegistryKey] {
        try driver.read { connection throws(RegistryFault) in
            try Self.identifiers(of: subject, on: connection, isKnown: isKnown)
        }
    }

    /// Hands out every statement of deliveries that count now, by identifier, the one that holds first.
    package func forEach(_ body: (StatedAlias) throws(RegistryFault) -> Void) throws(RegistryFault) {
        try driver.read { connection throws(RegistryFault) in
            var position: [SQLValue] = [.blob([]), .blob([]), .integer(Int64(0))]
            var group: [StatedAlias] = []
            while true {
                let rows = try connection.query(Self.page, position)
                for row in rows where try row.text("state") == DeliveryState.committed.rawValue {
                    let stated = try Self.stated(row)
                    if group.first?.alias.identifier != stated.alias.identifier {
                        for stated in Self.ranked(group) { try body(stated) }
                        group.removeAll(keepingCapacity: true)
                    }
                    group.append(stated)
                }
                guard let last = rows.last else { break }
                position = [last["identifier"], last["subject"], last["delivery"]]
            }
            for stated in Self.ranked(group) { try body(stated) }
        }
    }

    /// Identifiers that more than one organisation claims as known now, with who holds them, oldest first; of at most `limit`
    /// statements.
    package func conflicts(limit: Int = 100) throws(RegistryFault) -> [AliasConflict] {
        try driver.read { connection throws(RegistryFault) in
            let claims = try Self.stated(
                connection.query(
                    """
                    SELECT a.identifier, a.subject, a.delivery, a.row_number FROM organisation_aliases a
                    JOIN deliveries d ON d.number = a.delivery
                    WHERE a.contested = 1 AND d.state = 'committed' ORDER BY a.delivery, a.row_number LIMIT ?
                    """, [.integer(limit)]))
            var conflicts: [AliasConflict] = []
            for claim in claims {
                let holders = try Self.stated(
                    connection.query(
                        """
                        SELECT a.identifier, a.subject, a.delivery, a.row_number FROM organisation_aliases a
                        JOIN deliveries d ON d.number = a.delivery
                        WHERE a.identifier = ? AND d.state = 'committed' ORDER BY a.delivery, a.row_number LIMIT 1
                        """, [.key(claim.alias.identifier)]))
                guard let held = holders.first, held.alias.subject != claim.alias.subject else { continue }
                conflicts.append(AliasConflict(identifier: claim.alias.identifier, held: held, claimed: claim))
            }
            return conflicts
        }
    }
}

extension Aliases {
    static func subject(
        of identifier: RegistryKey, on connection: any SQLConnection, isKnown: (UInt32) -> Bool
    ) throws(RegistryFault) -> RegistryKey? {
        try statements(of: identifier, on: connection).first { isKnown($0.delivery) }?.alias.subject
    }

    static func statements(
        of identifier: RegistryKey, on connection: any SQLConnection
    ) throws(RegistryFault) -> [StatedAlias] {
        try stated(
            connection.query(
                """
                SELECT identifier, subject, delivery, row_number FROM organisation_aliases WHERE identifier = ?
                ORDER BY delivery, row_number
                """, [.key(identifier)]))
    }

    static func identifiers(
        of subject: RegistryKey, on connection: any SQLConnection, isKnown: (UInt32) -> Bool
    ) throws(RegistryFault) -> [RegistryKey] {
        let rows = try connection.query(
            "SELECT identifier FROM organisation_identifiers WHERE subject = ? ORDER BY identifier LIMIT 1000",
            [.key(subject)])
        var identifiers: [RegistryKey] = []
        for row in rows {
            let identifier = try row.key("identifier")
            if try self.subject(of: identifier, on: connection, isKnown: isKnown) == subject { identifiers.append(identifier) }
        }
        return identifiers
    }

    /// Brings a delivery's statements in, inside the transaction that commits it. An identifier that is its own
    /// subject needs no alias and is left out.
    static func apply(
        _ aliases: [OrganisationAlias], delivery: UInt32, on connection: any SQLConnection
    ) throws(RegistryFault) {
        // By identifier, which keeps the pages of the index together; of one identifier, by row.
        let aliases = aliases.filter { $0.identifier != $0.subject }.sorted {
            $0.identifier != $1.identifier ? $0.identifier < $1.identifier : $0.row < $1.row
        }
        for start in stride(from: 0, to: aliases.count, by: Organisations.chunk) {
            let part = aliases[start..<min(start + Organisations.chunk, aliases.count)]
            let list = ValueList(part.map { .key($0.identifier) })
            let rows = try connection.query(
                "SELECT identifier, subject FROM organisation_aliases WHERE identifier IN (\(list.marks))", list.values)
            var subjects: [RegistryKey: Set<RegistryKey>] = [:]
            for row in rows { subjects[try row.key("identifier"), default: []].insert(try row.key("subject")) }
            var insertion = RowInsertion(
                into: "organisation_aliases", columns: "identifier, subject, delivery, row_number, contested",
                conflict: "ON CONFLICT (identifier, subject, delivery) DO NOTHING")
            var contested: [[SQLValue]] = []
            for alias in part {
                let others = subjects[alias.identifier]?.contains { $0 != alias.subject } ?? false
                if others { contested.append([.key(alias.identifier)]) }
                subjects[alias.identifier, default: []].insert(alias.subject)
                insertion.append([
                    .key(alias.identifier), .key(alias.subject), .integer(delivery), .integer(alias.row), .flag(others),
                ])
            }
            try insertion.write(on: connection)
            // Deliveries may be committed in another order than numbered: all claims on the identifier are marked.
            try connection.execute(
                "UPDATE organisation_aliases SET contested = 1 WHERE identifier = ?", each: contested)
        }
        var insertion = RowInsertion(
            into: "organisation_identifiers", columns: "subject, identifier",
            conflict: "ON CONFLICT (subject, identifier) DO NOTHING")
        for alias in aliases.sorted(by: { $0.subject < $1.subject }) {
            insertion.append([.key(alias.subject), .key(alias.identifier)])
        }
        try insertion.write(on: connection)
    }

    /// The next statements after a position, in the order of the primary key.
    static let page = """
        SELECT a.identifier, a.subject, a.delivery, a.row_number, d.state FROM organisation_aliases a
        JOIN deliveries d ON d.number = a.delivery
        WHERE (a.identifier, a.subject, a.delivery) > (?, ?, ?)
        ORDER BY a.identifier, a.subject, a.delivery LIMIT 10000
        """

    /// Statements about one identifier, the one that holds first.
    private static func ranked(_ group: [StatedAlias]) -> [StatedAlias] {
        group.count < 2 ? group : group.sorted { ($0.delivery, $0.alias.row) < ($1.delivery, $1.alias.row) }
    }

    private static func stated(_ row: SQLRow) throws(RegistryFault) -> StatedAlias {
        StatedAlias(
            alias: OrganisationAlias(
                identifier: try row.key("identifier"), subject: try row.key("subject"),
                row: try row.integer("row_number")),
            delivery: try row.integer("delivery"))
    }

    static func stated(_ rows: [SQLRow]) throws(RegistryFault) -> [StatedAlias] {
        var all: [StatedAlias] = []
        all.reserveCapacity(rows.count)
        for row in rows { all.append(try stated(row)) }
        return all
    }
}
