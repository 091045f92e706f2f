/// Brings the facts of one delivery into the registry, inside the transaction that commits the delivery.
///
/// New organisations and unchanged listings take short ways; whatever changes a name or a standing is settled from the
/// whole history (``OrganisationsSettlement``), so that both ways end in the same state.
struct OrganisationsUpdate {
    let delivery: UInt32
    let connection: any SQLConnection
    /// Counts and names are gathered here, by the short ways and by the settlement.
    private var settlement: OrganisationsSettlement
    private var codes = CodeChanges()

    /// An organisation as the table has it before the delivery.
    private struct Known {
        let id: Int64
        let standing: Standing
        let hasRecords: Bool
        let delivery: UInt32
        let name: String
        let region: String
        let codes: [String?]
    }

    /// What one chunk of facts writes.
    private struct Writes {
        var facts = StatedFacts.insertion
        var organisations = RowInsertion(
            into: "organisations",
            columns: """
                id, key, standing, with_records, delivery, name, uscc, registration_number, organisation_code, region
                """)
        var refreshed: [[SQLValue]] = []
        var marked: [[SQLValue]] = []
        var unsettled: [Int64] = []
    }

    private init(delivery: UInt32, connection: any SQLConnection) {
        self.delivery = delivery
        self.connection = connection
        settlement = OrganisationsSettlement(connection: connection)
    }

    /// Applies the facts; of several rows about one organisation the last counts, and the earlier ones' names are kept
    /// as former names. They go in by key, which keeps the pages of the index over keys together.
    static func apply(
        _ facts: [OrganisationFacts], delivery: UInt32, on connection: any SQLConnection, index: any NameIndex
    ) throws(RegistryFault) {
        guard !facts.isEmpty else { return }
        var update = OrganisationsUpdate(delivery: delivery, connection: connection)
        let merged = merge(facts)
        let order = merged.indices.sorted { merged[$0].key < merged[$1].key }
        for start in stride(from: 0, to: order.count, by: Organisations.chunk) {
            try update.apply(order[start..<min(start + Organisations.chunk, order.count)].map { merged[$0] })
        }
        try update.codes.write(on: connection)
        try update.settlement.names.write(on: connection, index: index)
        try update.settlement.counts.write(on: connection)
    }

    /// One statement for each organisation, in the order of first appearance.
    static func merge(_ facts: [OrganisationFacts]) -> [OrganisationFacts] {
        var merged: [OrganisationFacts] = []
        merged.reserveCapacity(facts.count)
        var positions: [RegistryKey: Int] = [:]
        positions.reserveCapacity(facts.count)
        for fact in facts {
            guard let position = positions[fact.key] else {
                positions[fact.key] = merged.count
                merged.append(fact)
                continue
            }
            let earlier = merged[position]
            // A registration outweighs a mention in the same delivery.
            var (kept, other) = earlier.registered && !fact.registered ? (earlier, fact) : (fact, earlier)
            if other.registered == kept.registered {
                for name in other.formerNames + [other.name]
                where !name.isEmpty && name != kept.name && !kept.formerNames.contains(name) {
                    kept.formerNames.append(name)
                }
            }
            merged[position] = kept
        }
        return merged
    }

    private mutating func apply(_ facts: [OrganisationFacts]) throws(RegistryFault) {
        let known = try known(facts.map(\.key))
        let newCount = facts.count - known.count
        let firstID = newCount > 0 ? try Counter.organisation.take(newCount, on: connection) : 0
        var nextID = firstID
        var writes = Writes()
        for fact in facts {
            if let organisation = known[fact.key] {
                writes.facts.append(StatedFacts.arguments(fact, organisation: organisation.id, delivery: delivery))
                codes.add(fact, of: organisation.id, besides: organisation.codes)
                change(organisation, by: fact, &writes)
            } else {
                writes.facts.append(StatedFacts.arguments(fact, organisation: nextID, delivery: delivery))
                let history = FactsHistory(stated: [StatedFacts(delivery: delivery, facts: fact)])
                writes.organisations.append(insertion(fact, id: nextID))
                settlement.counts.add(
                    region: fact.region, registered: fact.registered, hasRecords: !fact.registered, by: 1)
                settlement.names.add(history.listedNames, of: nextID, tier: history.standing.rawValue)
                codes.add(fact, of: nextID)
                nextID += 1
            }
        }
        try write(writes)
    }

    /// Chooses the short way where the delivery only refreshes what is listed, else leaves it to the settlement.
    private mutating func change(_ organisation: Known, by fact: OrganisationFacts, _ writes: inout Writes) {
        let latest = delivery > organisation.delivery
        let sameName = fact.name == organisation.name && fact.formerNames.isEmpty
        switch (organisation.standing, fact.registered) {
        case (.registered, true) where latest && sameName, (.mentioned, false) where latest && sameName:
            writes.refreshed.append(
                [
                    .integer(delivery), .text(fact.uscc), .text(fact.registrationNumber), .text(fact.organisationCode),
                    .text(fact.region), .integer(organisation.id),
                ])
            move(organisation, toRegion: fact.region, hasRecords: organisation.hasRecords)
        case (.registered, false):
            guard !organisation.hasRecords else { return }
            writes.marked.append([.integer(organisation.id)])
            move(organisation, toRegion: organisation.region, hasRecords: true)
        default:
            writes.unsettled.append(organisation.id)
        }
    }

    private mutating func move(_ organisation: Known, toRegion region: String?, hasRecords: Bool) {
        guard (region ?? "") != organisation.region || hasRecords != organisation.hasRecords else { return }
        let registered = organisation.standing == .registered
        settlement.counts.add(
            region: organisation.region, registered: registered, hasRecords: organisation.hasRecords, by: -1)
        settlement.counts.add(region: region, registered: registered, hasRecords: hasRecords, by: 1)
    }

    private func insertion(_ fact: OrganisationFacts, id: Int64) -> [SQLValue] {
        [
            .integer(id), .key(fact.key),
            .integer(fact.registered ? Standing.registered.rawValue : Standing.mentioned.rawValue),
            .flag(!fact.registered), .integer(delivery), .text(fact.name), .text(fact.uscc),
            .text(fact.registrationNumber), .text(fact.organisationCode), .text(fact.region),
        ]
    }

    private mutating func write(_ writes: Writes) throws(RegistryFault) {
        try writes.organisations.write(on: connection)
        try writes.facts.write(on: connection)
        try connection.execute(
            """
            UPDATE organisations SET delivery = ?, uscc = ?, registration_number = ?, organisation_code = ?, region = ?
            WHERE id = ?
            """, each: writes.refreshed)
        try connection.execute("UPDATE organisations SET with_records = 1 WHERE id = ?", each: writes.marked)
        try settlement.settle(writes.unsettled)
    }

    private func known(_ keys: [RegistryKey]) throws(RegistryFault) -> [RegistryKey: Known] {
        let list = ValueList(keys.map { .key($0) })
        let rows = try connection.query(
            """
            SELECT key, id, standing, with_records, delivery, name, region, uscc, registration_number, organisation_code
            FROM organisations WHERE key IN (\(list.marks))
            """, list.values)
        var known: [RegistryKey: Known] = [:]
        known.reserveCapacity(rows.count)
        for row in rows {
            known[try row.key("key")] = Known(
                id: try row.integer("id"), standing: try row.standing(), hasRecords: try row.flag("with_records"),
                delivery: try row.integer("delivery"), name: try row.text("name"),
                region: try row.textIfPresent("region") ?? "",
                codes: [
                    try row.textIfPresent("uscc"), try row.textIfPresent("registration_number"),
                    try row.textIfPresent("organisation_code"),
                ])
        }
        return known
    }
}

extension SQLRow {
    /// The column `standing`.
    func standing() throws(RegistryFault) -> Standing {
        guard let standing = Standing(rawValue: try integer("standing")) else {
            throw RegistryFault(.unreadable(column: "standing"))
        }
        return standing
    }
}
