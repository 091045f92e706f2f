/// Rebuilds today's view of organisations from their histories: what they are, which names the search lists, and how
/// they are counted. Used where a delivery changes names or standing, and when a delivery is withdrawn.
struct OrganisationsSettlement {
    let connection: any SQLConnection
    let index: any NameIndex
    private(set) var counts: CountChanges

    init(connection: any SQLConnection, index: any NameIndex, counts: CountChanges = CountChanges()) {
        self.connection = connection
        self.index = index
        self.counts = counts
    }

    /// Settles every organisation that a delivery says something about, after the delivery's state changed.
    /// - Returns: the keys of those that nothing that counts is known about any more.
    static func settle(
        afterWithdrawalOf delivery: UInt32, on connection: any SQLConnection, index: any NameIndex
    ) throws(RegistryFault) -> [RegistryKey] {
        var settlement = OrganisationsSettlement(connection: connection, index: index)
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
        try settlement.counts.write(on: connection)
        return hidden
    }

    /// Settles organisations by their internal ids.
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
            let stated = try (histories[id] ?? []).map { row throws(RegistryFault) in try StatedFacts(row: row, key: key) }
            let history = FactsHistory(stated: stated)
            try update(row, id: id, to: history)
            try relist(id, from: listings[id] ?? [], to: history)
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
            SELECT id, organisation, tier, is_current, name FROM organisation_names
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

    /// Takes out the listed names that no longer hold and adds those that are missing.
    private func relist(
        _ organisation: Int64, from listed: [ListedName], to history: FactsHistory
    ) throws(RegistryFault) {
        let tier = history.standing.rawValue
        var wanted = history.listedNames
        var stale: [ListedName] = []
        for name in listed {
            let position = wanted.firstIndex {
                $0.name == name.name && $0.isCurrent == name.isCurrent && tier == name.tier
            }
            if let position { wanted.remove(at: position) } else { stale.append(name) }
        }
        try index.remove(stale.map(\.indexed), on: connection)
        try connection.execute("DELETE FROM organisation_names WHERE id = ?", each: stale.map { [.integer($0.id)] })
        guard !wanted.isEmpty else { return }
        let first = try Counter.organisationName.take(wanted.count, on: connection)
        let added = wanted.enumerated().map { offset, name in
            ListedName(
                id: first + Int64(offset), organisation: organisation, tier: tier, isCurrent: name.isCurrent,
                name: name.name)
        }
        try connection.execute(ListedName.insertion, each: added.map(\.arguments))
        try index.insert(added.map(\.indexed), on: connection)
    }
}
