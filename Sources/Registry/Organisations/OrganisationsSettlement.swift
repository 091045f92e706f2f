/// Rebuilds today's view of organisations from their histories: what they are, which names the search lists, and how
/// they are counted. Used where a delivery changes names or standing, and when a delivery is withdrawn.
struct OrganisationsSettlement {
    let connection: any SQLConnection
    /// How many organisations there are; written by the caller.
    var counts = CountChanges()
    /// What the search lists; written by the caller.
    var names = NameChanges()

    /// Settles every organisation that a delivery says something about, after the delivery's state changed.
    /// - Returns: the keys of those that nothing that counts is known about any more.
    static func settle(
        afterWithdrawalOf delivery: UInt32, on connection: any SQLConnection, index: any NameIndex
    ) throws(RegistryFault) -> [RegistryKey] {
        var settlement = OrganisationsSettlement(connection: connection)
        var hidden: [RegistryKey] = []
        var last: Int64 = 0
        while true {
            let rows = try connection.query(
                """
                SELECT organisation FROM organisation_facts WHERE delivery = ? AND organisation > ?
                ORDER BY organisation LIMIT ?
                """, [.integer(delivery), .integer(last), .integer(Organisations.chunk)])
            guard !rows.isEmpty else { break }
            var ids: [Int64] = []
            for row in rows { ids.append(try row.integer("organisation")) }
            hidden += try settlement.settle(ids)
            last = ids.last ?? last
        }
        try settlement.names.write(on: connection, index: index)
        try settlement.counts.write(on: connection)
        return hidden
    }

    /// Settles organisations by their internal ids; what follows for counts and names is only gathered.
    /// - Returns: the keys of those that became hidden.
    @discardableResult
    mutating func settle(_ ids: [Int64]) throws(RegistryFault) -> [RegistryKey] {
        var hidden: [RegistryKey] = []
        guard !ids.isEmpty else { return hidden }
        let list = ValueList(ids.map { .integer($0) })
        let organisations = try connection.query(
            """
            SELECT id, key, standing, with_records, name, region FROM organisations WHERE id IN (\(list.marks))
            ORDER BY id
            """, list.values)
        let histories = try histories(list)
        let listings = try listings(list)
        for row in organisations {
            let id: Int64 = try row.integer("id")
            let key = try row.key("key")
            let history = try Organisations.history(histories[id] ?? [], key: key)
            try update(row, id: id, to: history)
            names.change(
                listings[id] ?? [], of: id, to: history.listedNames, tier: history.standing.rawValue)
            if history.standing == .hidden { hidden.append(key) }
        }
        return hidden
    }

    /// What counting deliveries say, oldest first, by organisation.
    private func histories(_ ids: ValueList) throws(RegistryFault) -> [Int64: [SQLRow]] {
        let rows = try connection.query(
            """
            SELECT f.organisation, \(StatedFacts.columns) FROM organisation_facts f
            JOIN deliveries d ON d.number = f.delivery
            WHERE f.organisation IN (\(ids.marks)) AND d.state = 'committed' ORDER BY f.organisation, f.delivery
            """, ids.values)
        var histories: [Int64: [SQLRow]] = [:]
        for row in rows { histories[try row.integer("organisation"), default: []].append(row) }
        return histories
    }

    /// The names the search lists now, by organisation.
    private func listings(_ ids: ValueList) throws(RegistryFault) -> [Int64: [ListedName]] {
        let rows = try connection.query(
            """
            SELECT id, organisation, tier, is_current, name, folded FROM organisation_names
            WHERE organisation IN (\(ids.marks)) ORDER BY organisation, id
            """, ids.values)
        var listings: [Int64: [ListedName]] = [:]
        for row in rows {
            let name = try ListedName(row: row)
            listings[name.organisation, default: []].append(name)
        }
        return listings
    }

    private mutating func update(_ row: SQLRow, id: Int64, to history: FactsHistory) throws(RegistryFault) {
        let standing = try row.standing()
        if standing != .hidden {
            counts.add(
                region: try row.textIfPresent("region"), registered: standing == .registered,
                hasRecords: try row.flag("with_records"), by: -1)
        }
        guard let current = history.current else {
            try connection.execute(
                "UPDATE organisations SET standing = ?, with_records = 0 WHERE id = ?",
                [.integer(Standing.hidden.rawValue), .integer(id)])
            return
        }
        let facts = current.facts
        counts.add(region: facts.region, registered: facts.registered, hasRecords: history.hasRecords, by: 1)
        try connection.execute(
            """
            UPDATE organisations SET standing = ?, with_records = ?, delivery = ?, name = ?, uscc = ?,
              registration_number = ?, organisation_code = ?, region = ? WHERE id = ?
            """,
            [
                .integer(history.standing.rawValue), .flag(history.hasRecords), .integer(current.delivery),
                .text(facts.name), .text(facts.uscc), .text(facts.registrationNumber), .text(facts.organisationCode),
                .text(facts.region), .integer(id),
            ])
    }
}
