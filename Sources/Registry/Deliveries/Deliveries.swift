package import Identifiers

/// What the platform received: numbers, states and totals of all deliveries.
///
/// Every method runs a transaction of its own, except those that take a connection.
package struct Deliveries: Sendable {
    let driver: any SQLDriver

    /// Gives a file its number, or finds the delivery it already is: the same bytes of the same resource by the same
    /// provider get the same receipt, unless that delivery was refused or withdrawn.
    /// - Returns: the delivery, and whether it is new.
    package func register(_ new: NewDelivery) throws(RegistryFault) -> (delivery: Delivery, isNew: Bool) {
        try driver.write { connection throws(RegistryFault) in
            let same = try connection.query(
                """
                SELECT \(Delivery.columns) FROM deliveries
                WHERE provider = ? AND resource = ? AND digest = ? AND state IN ('received', 'committed')
                """, [.text(new.provider), .text(new.resource), .text(new.digest)])
            if let row = same.first { return (try Delivery(row: row), false) }
            let number = try Counter.delivery.take(1, on: connection)
            guard number <= Int64(UInt32.max) else {
                throw RegistryFault(.failed, detail: "delivery numbers are used up")
            }
            try Self.insert(number, new, on: connection)
            return (try Self.require(UInt32(number), on: connection), true)
        }
    }

    /// Puts a delivery back as it was received, under the number that it had: what a restoration replays.
    package func reinstate(_ delivery: Delivery) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                "UPDATE counters SET value = MAX(value, ?) WHERE name = ?",
                [.integer(delivery.number), .text(Counter.delivery.rawValue)])
            try Self.insert(
                Int64(delivery.number),
                NewDelivery(
                    resource: delivery.resource, resourceVersion: delivery.resourceVersion, provider: delivery.provider,
                    fileName: delivery.fileName, fileKind: delivery.fileKind, byteCount: delivery.byteCount,
                    digest: delivery.digest, channel: delivery.channel, submitter: delivery.submitter,
                    received: delivery.received), on: connection)
        }
    }

    private static func insert(
        _ number: Int64, _ new: NewDelivery, on connection: any SQLConnection
    ) throws(RegistryFault) {
        try connection.execute(
            """
            INSERT INTO deliveries (number, resource, resource_version, provider, file_name, file_kind, byte_count,
              digest, channel, submitter, received, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'received')
            """,
            [
                .integer(number), .text(new.resource), .integer(new.resourceVersion), .text(new.provider),
                .text(new.fileName), .text(new.fileKind), .integer(new.byteCount), .text(new.digest),
                .text(new.channel.rawValue), .text(new.submitter), .instant(new.received),
            ])
    }

    /// The delivery of this number, or nil.
    package func find(_ number: UInt32) throws(RegistryFault) -> Delivery? {
        try driver.read { connection throws(RegistryFault) in try Self.find(number, on: connection) }
    }

    /// received → refused: the file as a whole cannot be read. `fault` says why, in Chinese.
    package func refuse(_ number: UInt32, fault: String, at instant: Instant) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            try Self.change(
                number, to: .refused, set: "fault = ?, refused_at = ?", [.text(fault), .instant(instant)],
                on: connection)
        }
    }

    /// Deliveries that were received and neither committed nor refused, oldest first: what a start has to finish.
    package func unfinished() throws(RegistryFault) -> [Delivery] {
        try driver.read { connection throws(RegistryFault) in
            try Self.deliveries(
                connection.query("SELECT \(Delivery.columns) FROM deliveries WHERE state = 'received' ORDER BY number"))
        }
    }

    /// Number, provider, knowledge time, withdrawal and erasure of every delivery that was ever committed, by number.
    package func times() throws(RegistryFault) -> [DeliveryTime] {
        try driver.read { connection throws(RegistryFault) in
            var times: [DeliveryTime] = []
            let rows = try connection.query(
                "SELECT number, provider, known, withdrawn_at, erased_at FROM deliveries WHERE known IS NOT NULL ORDER BY number")
            times.reserveCapacity(rows.count)
            for row in rows {
                times.append(
                    DeliveryTime(
                        number: try row.integer("number"), provider: try row.text("provider"),
                        known: try row.instant("known"), withdrawnAt: try row.instantIfPresent("withdrawn_at"),
                        erasedAt: try row.instantIfPresent("erased_at")))
            }
            return times
        }
    }
}

/// The clock of one committed delivery, for the table that the archive's fold asks.
package struct DeliveryTime: Sendable, Hashable {
    package let number: UInt32
    /// Code of the body that delivered.
    package let provider: String
    /// When the platform came to know the delivery's rows.
    package let known: Instant
    /// When the delivery was taken back, if it was.
    package let withdrawnAt: Instant?
    /// When its records were erased, if they were.
    package let erasedAt: Instant?
}

extension Deliveries {
    static func find(_ number: UInt32, on connection: any SQLConnection) throws(RegistryFault) -> Delivery? {
        let rows = try connection.query(
            "SELECT \(Delivery.columns) FROM deliveries WHERE number = ?", [.integer(number)])
        guard let row = rows.first else { return nil }
        return try Delivery(row: row)
    }

    static func require(_ number: UInt32, on connection: any SQLConnection) throws(RegistryFault) -> Delivery {
        guard let delivery = try find(number, on: connection) else {
            throw RegistryFault(.unknownDelivery(number: number))
        }
        return delivery
    }

    static func deliveries(_ rows: [SQLRow]) throws(RegistryFault) -> [Delivery] {
        var deliveries: [Delivery] = []
        deliveries.reserveCapacity(rows.count)
        for row in rows { deliveries.append(try Delivery(row: row)) }
        return deliveries
    }

    /// received → committed, inside the caller's transaction.
    static func commit(
        _ number: UInt32, known: Instant, checkedOn: CivilDate?, totals: DeliveryTotals, on connection: any SQLConnection
    ) throws(RegistryFault) {
        guard totals.isBalanced else { throw RegistryFault(.wrongTotals(number: number)) }
        let date = known.date
        try change(
            number, to: .committed,
            set: """
                known = ?, known_month = ?, checked_on = ?, row_count = ?, accepted = ?, suspended = ?, doubtful = ?, \
                rejected = ?, unchanged = ?, rejections_digest = ?
                """,
            [
                .instant(known), .integer(Int64(date.year) * 100 + Int64(date.month)), .date(checkedOn),
                .integer(totals.rows),
                .integer(totals.accepted), .integer(totals.suspended), .integer(totals.doubtful),
                .integer(totals.rejected), .integer(totals.unchanged), .text(totals.rejectionsDigest),
            ], on: connection)
    }

    /// committed → withdrawn, inside the caller's transaction.
    static func withdraw(
        _ number: UInt32, at instant: Instant, reason: String, on connection: any SQLConnection
    ) throws(RegistryFault) {
        try change(
            number, to: .withdrawn, set: "withdrawn_at = ?, withdrawal_reason = ?", [.instant(instant), .text(reason)],
            on: connection)
    }

    /// The one place where a state changes; `assignments` is text of this file, never input.
    private static func change(
        _ number: UInt32, to next: DeliveryState, set assignments: String, _ values: [SQLValue],
        on connection: any SQLConnection
    ) throws(RegistryFault) {
        let delivery = try require(number, on: connection)
        guard delivery.state.mayBecome(next) else {
            throw RegistryFault(.wrongTransition(number: number, from: delivery.state, to: next))
        }
        try connection.execute(
            "UPDATE deliveries SET state = ?, \(assignments) WHERE number = ?",
            [.text(next.rawValue)] + values + [.integer(number)])
    }
}

/// Numbers given out by the registry; they only grow, and a number once committed is never given again.
enum Counter: String {
    case delivery, organisation, organisationName

    /// Takes `count` numbers.
    /// - Returns: the first of them.
    func take(_ count: Int, on connection: any SQLConnection) throws(RegistryFault) -> Int64 {
        try connection.execute(
            "UPDATE counters SET value = value + ? WHERE name = ?", [.integer(count), .text(rawValue)])
        let rows = try connection.query("SELECT value FROM counters WHERE name = ?", [.text(rawValue)])
        guard let row = rows.first else { throw RegistryFault(.unreadable(column: "counters.\(rawValue)")) }
        return try row.integer("value", as: Int64.self) - Int64(count) + 1
    }
}
