package import Identifiers

/// What is known about legal persons and other organisations: facts, names, identifiers, and the search over them.
/// Natural persons are never in here.
package struct Organisations: Sendable {
    let driver: any SQLDriver

    /// Values of one `IN (…)` list; every store takes more.
    static let chunk = 512

    /// The organisation as known now, or nil where nothing that counts is known.
    package func find(_ key: RegistryKey) throws(RegistryFault) -> Organisation? {
        try driver.read { connection throws(RegistryFault) in
            let rows = try connection.query(
                "SELECT \(StatedFacts.columns) \(Self.currentFacts) WHERE o.key = ? AND o.standing < 2", [.key(key)])
            guard let row = rows.first else { return nil }
            let stated = try StatedFacts(row: row, key: key)
            return Organisation(facts: stated.facts, delivery: stated.delivery)
        }
    }

    /// The organisations that now carry this 统一社会信用代码, 注册号 or 组织机构代码, in normalised form. More than one where
    /// sources contradict each other; at most 20.
    package func find(code: String) throws(RegistryFault) -> [Organisation] {
        try driver.read { connection throws(RegistryFault) in
            try Self.organisations(Self.ids(code: code, on: connection), on: connection)
        }
    }

    /// Every code that deliveries that count now ever stated of an organisation, its own among them: the texts behind `Aliases`, which alone says
    /// whose each is.
    package func codes(of key: RegistryKey) throws(RegistryFault) -> Set<OrganisationCode> {
        try driver.read { connection throws(RegistryFault) in
            let rows = try connection.query(
                """
                SELECT DISTINCT f.uscc, f.registration_number, f.organisation_code FROM organisation_facts f
                JOIN organisations o ON o.id = f.organisation JOIN deliveries d ON d.number = f.delivery
                WHERE o.key = ? AND d.state = 'committed'
                """, [.key(key)])
            let columns: [(String, IdentifierKind)] = [
                ("uscc", .unifiedSocialCreditCode), ("registration_number", .registrationNumber), ("organisation_code", .organisationCode),
            ]
            var codes: Set<OrganisationCode> = []
            for row in rows {
                for (column, kind) in columns {
                    if let text = try row.textIfPresent(column) { codes.insert(OrganisationCode(kind: kind, text: text)) }
                }
            }
            return codes
        }
    }

    /// The organisation as it was known when only the deliveries that `isKnown` admits were, with facts that had taken
    /// effect on `asOf` (nil: whatever their date). The same clocks give the same answer for ever.
    package func organisation(
        _ key: RegistryKey, asOf: CivilDate? = nil, isKnown: (UInt32) -> Bool
    ) throws(RegistryFault) -> Organisation? {
        let history = try history(of: key, asOf: asOf, isKnown: isKnown)
        return history.current.map { Organisation(facts: $0.facts, delivery: $0.delivery) }
    }

    /// The organisation as known when no delivery after `maximumDelivery` was; deliveries withdrawn since then count.
    package func organisation(
        _ key: RegistryKey, maximumDelivery: UInt32
    ) throws(RegistryFault) -> Organisation? {
        try organisation(key) { $0 <= maximumDelivery }
    }

    /// Current and former names as known now.
    package func names(of key: RegistryKey) throws(RegistryFault) -> [OrganisationName] {
        try driver.read { connection throws(RegistryFault) in
            let rows = try connection.query(
                """
                SELECT \(StatedFacts.columns) FROM organisation_facts f
                JOIN organisations o ON o.id = f.organisation JOIN deliveries d ON d.number = f.delivery
                WHERE o.key = ? AND d.state = 'committed' ORDER BY f.delivery
                """, [.key(key)])
            return try Self.history(rows, key: key).names
        }
    }

    /// Current and former names as they were known with the deliveries that `isKnown` admits.
    package func names(
        of key: RegistryKey, asOf: CivilDate? = nil, isKnown: (UInt32) -> Bool
    ) throws(RegistryFault) -> [OrganisationName] {
        try history(of: key, asOf: asOf, isKnown: isKnown).names
    }

    private func history(
        of key: RegistryKey, asOf: CivilDate?, isKnown: (UInt32) -> Bool
    ) throws(RegistryFault) -> FactsHistory {
        try driver.read { connection throws(RegistryFault) in
            try Self.history(of: key, asOf: asOf, on: connection, isKnown: isKnown)
        }
    }
}

extension Organisations {
    /// Everything ever stated that the clocks admit; a withdrawn delivery counts where `isKnown` says so.
    static func history(
        of key: RegistryKey, asOf: CivilDate?, on connection: any SQLConnection, isKnown: (UInt32) -> Bool
    ) throws(RegistryFault) -> FactsHistory {
        let rows = try connection.query(
            """
            SELECT \(StatedFacts.columns) FROM organisation_facts f
            JOIN organisations o ON o.id = f.organisation WHERE o.key = ? ORDER BY f.delivery
            """, [.key(key)])
        return FactsHistory(
            stated: try history(rows, key: key).stated.filter { stated in
                guard isKnown(stated.delivery) else { return false }
                guard let asOf, let effective = stated.facts.effective else { return true }
                return effective <= asOf
            })
    }

    /// The facts that count now, by the primary key of the history.
    static let currentFacts = """
        FROM organisations o JOIN organisation_facts f ON f.organisation = o.id AND f.delivery = o.delivery
        """

    static func history(_ rows: [SQLRow], key: RegistryKey) throws(RegistryFault) -> FactsHistory {
        var stated: [StatedFacts] = []
        stated.reserveCapacity(rows.count)
        for row in rows { stated.append(try StatedFacts(row: row, key: key)) }
        return FactsHistory(stated: stated)
    }

    /// Internal ids of the organisations that now carry a code, registered ones first.
    static func ids(code: String, on connection: any SQLConnection) throws(RegistryFault) -> [Int64] {
        let rows = try connection.query(
            """
            SELECT o.id FROM organisation_codes c JOIN organisations o ON o.id = c.organisation
            WHERE c.code = ? AND o.standing < 2 AND (o.uscc = c.code OR o.registration_number = c.code
              OR o.organisation_code = c.code)
            ORDER BY o.standing, o.id LIMIT 20
            """, [.text(code)])
        var ids: [Int64] = []
        for row in rows { ids.append(try row.integer("id")) }
        return ids
    }

    /// The organisations of these internal ids as known now, in the same order.
    static func organisations(
        _ ids: [Int64], on connection: any SQLConnection
    ) throws(RegistryFault) -> [Organisation] {
        guard !ids.isEmpty else { return [] }
        let list = ValueList(ids.map { .integer($0) })
        let rows = try connection.query(
            "SELECT o.id, o.key, \(StatedFacts.columns) \(currentFacts) WHERE o.id IN (\(list.marks))", list.values)
        var byID: [Int64: Organisation] = [:]
        for row in rows {
            let stated = try StatedFacts(row: row, key: row.key("key"))
            byID[try row.integer("id")] = Organisation(facts: stated.facts, delivery: stated.delivery)
        }
        return ids.compactMap { byID[$0] }
    }
}
