/// How many organisations of one region the registry knows.
package struct RegionCount: Sendable, Hashable {
    /// Six digits, or nil where the sources gave none.
    package let region: String?
    /// Established by a registering resource.
    package let registered: Int
    /// Known only because another resource mentions them.
    package let mentioned: Int
    /// Those of both that a record of another resource than the registering ones is about.
    package let withRecords: Int
}

/// An organisation whose key is known, for a start that keeps them at hand.
package struct KnownOrganisation: Sendable, Hashable {
    package let key: RegistryKey
    package let registered: Bool
    /// Whether a mention of it was already brought in, so that a further one need not be.
    package let hasRecords: Bool
}

/// An organisation with what a breakdown of the city asks for.
package struct PlacedOrganisation: Sendable, Hashable {
    package let key: RegistryKey
    package let name: String
    package let code: String?
    /// Six digits.
    package let region: String?
    /// Kind of organisation, as registered.
    package let category: String?
    /// Section of GB/T 4754; nil where the registration says none.
    package let industry: String?
}

extension Organisations {
    /// Organisations per region, by region; kept up to date with every delivery, so that reading costs nothing.
    package func countsByRegion() throws(RegistryFault) -> [RegionCount] {
        try driver.read { connection throws(RegistryFault) in
            var counts: [RegionCount] = []
            let rows = try connection.query(
                """
                SELECT region, CAST(SUM(CASE WHEN registered = 1 THEN count ELSE 0 END) AS BIGINT) AS registered,
                  CAST(SUM(CASE WHEN registered = 0 THEN count ELSE 0 END) AS BIGINT) AS mentioned,
                  CAST(SUM(CASE WHEN with_records = 1 THEN count ELSE 0 END) AS BIGINT) AS with_records
                FROM organisation_counts GROUP BY region HAVING SUM(count) > 0 ORDER BY region
                """)
            for row in rows {
                let region = try row.text("region")
                counts.append(
                    RegionCount(
                        region: region.isEmpty ? nil : region, registered: try row.integer("registered"),
                        mentioned: try row.integer("mentioned"), withRecords: try row.integer("with_records")))
            }
            return counts
        }
    }

    /// The counts of all regions together.
    package func counts() throws(RegistryFault) -> RegionCount {
        let regions = try countsByRegion()
        return RegionCount(
            region: nil, registered: regions.reduce(0) { $0 + $1.registered },
            mentioned: regions.reduce(0) { $0 + $1.mentioned },
            withRecords: regions.reduce(0) { $0 + $1.withRecords })
    }

    /// Hands out every organisation that counts, in no order that means anything; about a second for a million.
    package func forEachKey(
        _ body: (KnownOrganisation) throws(RegistryFault) -> Void
    ) throws(RegistryFault) {
        try driver.read { connection throws(RegistryFault) in
            var last: Int64 = 0
            while true {
                let rows = try connection.query(
                    "SELECT id, key, standing, with_records FROM organisations WHERE id > ? ORDER BY id LIMIT 10000",
                    [.integer(last)])
                guard let final = rows.last else { return }
                last = try final.integer("id")
                for row in rows {
                    let standing = try row.standing()
                    guard standing != .hidden else { continue }
                    try body(
                        KnownOrganisation(
                            key: try row.key("key"), registered: standing == .registered,
                            hasRecords: try row.flag("with_records")))
                }
            }
        }
    }

    /// Hands out every organisation that counts with where it is and of what kind; for passes over the whole city.
    package func forEachPlace(_ body: (PlacedOrganisation) throws(RegistryFault) -> Void) throws(RegistryFault) {
        try driver.read { connection throws(RegistryFault) in
            var last: Int64 = 0
            while true {
                let rows = try connection.query(
                    """
                    SELECT o.id AS id, o.key AS key, o.standing AS standing, o.name AS name, o.uscc AS uscc, o.region AS region,
                      f.category AS category, f.industry AS industry
                    FROM organisations o LEFT JOIN organisation_facts f ON f.organisation = o.id AND f.delivery = o.delivery
                    WHERE o.id > ? ORDER BY o.id LIMIT 10000
                    """, [.integer(last)])
                guard let final = rows.last else { return }
                last = try final.integer("id")
                for row in rows where try row.standing() != .hidden {
                    try body(
                        PlacedOrganisation(
                            key: try row.key("key"), name: try row.text("name"), code: try row.textIfPresent("uscc"), region: try row.textIfPresent("region"),
                            category: try row.textIfPresent("category"), industry: try row.textIfPresent("industry")))
                }
            }
        }
    }

    /// Every organisation that counts; see ``forEachKey(_:)``.
    package func keys() throws(RegistryFault) -> [KnownOrganisation] {
        var keys: [KnownOrganisation] = []
        try forEachKey { keys.append($0) }
        return keys
    }
}
