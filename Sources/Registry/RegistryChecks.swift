/// What must hold between the registry's tables, beyond what the store itself checks.
struct RegistryChecks {
    let driver: any SQLDriver

    /// One query for each rule; it counts the rows that break the rule.
    private static let rules: [(fault: String, count: String)] = [
        (
            "有机构的当前信息在历史中找不到出处",
            """
            SELECT COUNT(*) AS broken FROM organisations o LEFT JOIN organisation_facts f
            ON f.organisation = o.id AND f.delivery = o.delivery WHERE o.standing < 2 AND f.organisation IS NULL
            """
        ),
        (
            "有机构的当前信息出自未入库或已撤回的批次",
            """
            SELECT COUNT(*) AS broken FROM organisations o JOIN deliveries d ON d.number = o.delivery
            WHERE o.standing < 2 AND d.state <> 'committed'
            """
        ),
        (
            "有机构名称的检索分类与机构不符",
            """
            SELECT COUNT(*) AS broken FROM organisation_names n JOIN organisations o ON o.id = n.organisation
            WHERE n.tier <> o.standing
            """
        ),
        (
            "分地区机构数与机构表不符",
            """
            SELECT COUNT(*) AS broken FROM (
              SELECT region, registered, with_records, SUM(count) AS total FROM (
                SELECT COALESCE(region, '') AS region, CASE WHEN standing = 0 THEN 1 ELSE 0 END AS registered,
                  with_records, 1 AS count FROM organisations WHERE standing < 2
                UNION ALL
                SELECT region, registered, with_records, -count FROM organisation_counts
              ) counted GROUP BY region, registered, with_records HAVING SUM(count) <> 0
            ) differing
            """
        ),
        (
            "有机构信息或标识出自未入库的批次",
            """
            SELECT COUNT(*) AS broken FROM deliveries d WHERE d.state IN ('received', 'refused')
            AND (EXISTS (SELECT 1 FROM organisation_facts f WHERE f.delivery = d.number))
            """
        ),
    ]

    /// One line in Chinese for each rule that is broken.
    func faults() throws(RegistryFault) -> [String] {
        try driver.read { connection throws(RegistryFault) in
            var faults: [String] = []
            for rule in Self.rules {
                let broken = try connection.query(rule.count).first?.integer("broken", as: Int.self) ?? 0
                if broken > 0 { faults.append("\(rule.fault)（\(broken) 处）") }
            }
            return faults
        }
    }
}
