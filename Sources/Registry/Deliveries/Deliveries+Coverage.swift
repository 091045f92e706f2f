package import Identifiers

/// What one provider delivered of one resource. Row counts are those of committed deliveries.
package struct DeliveryCoverage: Sendable, Hashable {
    package let provider: String
    package let resource: String
    /// Committed and not withdrawn.
    package let deliveries: Int
    /// Received and not yet committed or refused.
    package let unfinished: Int
    package let refused: Int
    package let withdrawn: Int
    package let rows: Int
    package let accepted: Int
    package let suspended: Int
    package let doubtful: Int
    package let rejected: Int
    /// When the latest file of any state arrived.
    package let lastReceived: Instant
    /// Knowledge time of the latest committed delivery.
    package let lastKnown: Instant?
}

/// What was committed in one month of knowledge time.
package struct MonthlyCount: Sendable, Hashable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    package let deliveries: Int
    package let rows: Int
    package let accepted: Int
    package let rejected: Int
}

extension Deliveries {
    private static let sums = """
        CAST(SUM(CASE WHEN state = 'committed' THEN 1 ELSE 0 END) AS BIGINT) AS committed_count,
        CAST(SUM(CASE WHEN state = 'received' THEN 1 ELSE 0 END) AS BIGINT) AS received_count,
        CAST(SUM(CASE WHEN state = 'refused' THEN 1 ELSE 0 END) AS BIGINT) AS refused_count,
        CAST(SUM(CASE WHEN state = 'withdrawn' THEN 1 ELSE 0 END) AS BIGINT) AS withdrawn_count,
        CAST(SUM(CASE WHEN state = 'committed' THEN row_count ELSE 0 END) AS BIGINT) AS row_count,
        CAST(SUM(CASE WHEN state = 'committed' THEN accepted ELSE 0 END) AS BIGINT) AS accepted,
        CAST(SUM(CASE WHEN state = 'committed' THEN suspended ELSE 0 END) AS BIGINT) AS suspended,
        CAST(SUM(CASE WHEN state = 'committed' THEN doubtful ELSE 0 END) AS BIGINT) AS doubtful,
        CAST(SUM(CASE WHEN state = 'committed' THEN rejected ELSE 0 END) AS BIGINT) AS rejected,
        MAX(received) AS last_received,
        MAX(CASE WHEN state = 'committed' THEN known END) AS last_known
        """

    /// Per provider and resource, what came in; ordered by provider, then resource.
    package func coverage() throws(RegistryFault) -> [DeliveryCoverage] {
        try driver.read { connection throws(RegistryFault) in
            var coverage: [DeliveryCoverage] = []
            let rows = try connection.query(
                """
                SELECT provider, resource, \(Self.sums) FROM deliveries
                GROUP BY provider, resource ORDER BY provider, resource
                """)
            for row in rows {
                coverage.append(
                    DeliveryCoverage(
                        provider: try row.text("provider"), resource: try row.text("resource"),
                        deliveries: try row.integer("committed_count"), unfinished: try row.integer("received_count"),
                        refused: try row.integer("refused_count"), withdrawn: try row.integer("withdrawn_count"),
                        rows: try row.integer("row_count"), accepted: try row.integer("accepted"),
                        suspended: try row.integer("suspended"), doubtful: try row.integer("doubtful"),
                        rejected: try row.integer("rejected"), lastReceived: try row.instant("last_received"),
                        lastKnown: try row.instantIfPresent("last_known")))
            }
            return coverage
        }
    }

    /// Per month of knowledge time, what was committed and not withdrawn, oldest first; months without any are left out.
    package func monthly(_ filter: DeliveryFilter = DeliveryFilter()) throws(RegistryFault) -> [MonthlyCount] {
        var committed = filter
        committed.state = .committed
        let (condition, values) = committed.condition
        return try driver.read { connection throws(RegistryFault) in
            var months: [MonthlyCount] = []
            let rows = try connection.query(
                """
                SELECT known_month, COUNT(*) AS delivery_count, CAST(SUM(row_count) AS BIGINT) AS row_count,
                  CAST(SUM(accepted) AS BIGINT) AS accepted, CAST(SUM(rejected) AS BIGINT) AS rejected
                FROM deliveries \(condition) GROUP BY known_month ORDER BY known_month
                """, values)
            for row in rows {
                let month: Int = try row.integer("known_month")
                months.append(
                    MonthlyCount(
                        year: month / 100, month: month % 100, deliveries: try row.integer("delivery_count"),
                        rows: try row.integer("row_count"), accepted: try row.integer("accepted"),
                        rejected: try row.integer("rejected")))
            }
            return months
        }
    }

    /// The totals of all committed deliveries together, and how many those are.
    package func totals() throws(RegistryFault) -> (deliveries: Int, totals: DeliveryTotals) {
        try driver.read { connection throws(RegistryFault) in
            let rows = try connection.query(
                """
                SELECT COUNT(*) AS delivery_count, CAST(COALESCE(SUM(row_count), 0) AS BIGINT) AS row_count,
                  CAST(COALESCE(SUM(accepted), 0) AS BIGINT) AS accepted,
                  CAST(COALESCE(SUM(suspended), 0) AS BIGINT) AS suspended,
                  CAST(COALESCE(SUM(doubtful), 0) AS BIGINT) AS doubtful,
                  CAST(COALESCE(SUM(rejected), 0) AS BIGINT) AS rejected
                FROM deliveries WHERE state = 'committed'
                """)
            guard let row = rows.first else { return (0, DeliveryTotals()) }
            return (
                try row.integer("delivery_count"),
                DeliveryTotals(
                    rows: try row.integer("row_count"), accepted: try row.integer("accepted"),
                    suspended: try row.integer("suspended"), doubtful: try row.integer("doubtful"),
                    rejected: try row.integer("rejected"))
            )
        }
    }
}
