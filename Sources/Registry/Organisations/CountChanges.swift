/// Changes to the numbers of organisations per region, gathered over a transaction and written once.
struct CountChanges {
    private struct Group: Hashable {
        let region: String
        let registered: Bool
        let hasRecords: Bool
    }

    private var changes: [Group: Int] = [:]

    /// Counts an organisation in (`1`) or out (`-1`).
    mutating func add(region: String?, registered: Bool, hasRecords: Bool, by change: Int) {
        changes[Group(region: region ?? "", registered: registered, hasRecords: hasRecords), default: 0] += change
    }

    /// Writes what was gathered.
    func write(on connection: any SQLConnection) throws(RegistryFault) {
        try connection.execute(
            """
            INSERT INTO organisation_counts (region, registered, with_records, count) VALUES (?, ?, ?, ?)
            ON CONFLICT (region, registered, with_records)
            DO UPDATE SET count = organisation_counts.count + excluded.count
            """,
            each: changes.filter { $0.value != 0 }.map { group, change in
                [.text(group.region), .flag(group.registered), .flag(group.hasRecords), .integer(change)]
            })
    }
}
