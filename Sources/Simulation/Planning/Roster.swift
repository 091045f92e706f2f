internal import Policy

/// A list that is delivered anew for every month, quarter or year: who is on it, and under which account or kind.
struct Roster: Sendable {
    struct Line: Sendable {
        /// Index into the population.
        var subject: Int32
        /// Number of the account, or place of the kind in its code set.
        var variant: Int32
    }

    let lines: [Line]

    /// Whether a resource is such a list: everything in its business key is the period, apart from an account number or
    /// a kind; and it comes monthly, quarterly or yearly.
    static func isListed(_ resource: Resource) -> Bool {
        guard [.monthly, .quarterly, .yearly].contains(resource.cadence), !resource.registers else { return false }
        return resource.businessKey.contains { code in
            guard let field = resource.field(code) else { return false }
            return FillerChoice.isTemporal(field) && (field.type == .text || field.name.contains("末"))
        }
    }

    /// - Parameter accounts: a subject may be on the list with many accounts.
    /// - Parameter kinds: number of kinds under which a subject may be on it; 0 where there are none.
    init(count: Int, pool: Pool, accounts: Bool, kinds: Int, draws: inout Draws) {
        var lines: [Line] = []
        lines.reserveCapacity(count)
        if accounts {
            for account in 0..<count {
                let member = pool.byWeight.draw(&draws)
                lines.append(Line(subject: pool.members[member], variant: Int32(account)))
            }
        } else {
            var place = 0
            while lines.count < count, place < pool.members.count {
                let subject = pool.members[pool.each[place]]
                place += 1
                for kind in 0..<max(1, min(kinds, 1 + draws.below(kinds))) where lines.count < count {
                    lines.append(Line(subject: subject, variant: Int32(kind)))
                }
            }
        }
        self.lines = lines
    }
}
