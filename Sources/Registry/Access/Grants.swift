package import Identifiers

/// A county's permission to look at another county's deliveries and non-public records: proposed by one, approved by another.
package struct Grant: Sendable, Hashable {
    package var number: Int64 = 0
    /// Code of the body that may look.
    package var body: String
    /// Six-digit region that it may look at.
    package var region: String
    /// Why, with document number.
    package var reason: String
    package var to: Instant
    package var proposedBy: String
    package var approvedBy: String?
    package var approved: Instant?

    package init(body: String, region: String, reason: String, to: Instant, proposedBy: String) {
        self.body = body
        self.region = region
        self.reason = reason
        self.to = to
        self.proposedBy = proposedBy
    }

    /// Whether it permits at a moment.
    package func isInForce(at now: Instant) -> Bool { approvedBy != nil && now < to }
}

/// Grants across counties.
package struct Grants: Sendable {
    let driver: any SQLDriver

    /// Proposes one.
    package func propose(_ grant: Grant) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                "INSERT INTO region_grants (body, region, reason, ends, proposed_by) VALUES (?, ?, ?, ?, ?)",
                [.text(grant.body), .text(grant.region), .text(grant.reason), .instant(grant.to), .text(grant.proposedBy)])
        }
    }

    /// Approves one that another person proposed.
    /// - Returns: false where there is none such, or the same person proposed it.
    package func approve(_ number: Int64, by login: String, at now: Instant) throws(RegistryFault) -> Bool {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                "UPDATE region_grants SET approved_by = ?, approved = ? WHERE number = ? AND approved_by IS NULL AND proposed_by <> ?",
                [.text(login), .instant(now), .integer(number), .text(login)]) == 1
        }
    }

    /// All grants, newest first.
    package func list() throws(RegistryFault) -> [Grant] {
        try driver.read { connection throws(RegistryFault) in
            var grants: [Grant] = []
            for row in try connection.query("SELECT * FROM region_grants ORDER BY number DESC LIMIT 1000") {
                var grant = Grant(
                    body: try row.text("body"), region: try row.text("region"), reason: try row.text("reason"), to: try row.instant("ends"),
                    proposedBy: try row.text("proposed_by"))
                grant.number = try row.integer("number")
                grant.approvedBy = try row.textIfPresent("approved_by")
                grant.approved = try row.instantIfPresent("approved")
                grants.append(grant)
            }
            return grants
        }
    }
}
