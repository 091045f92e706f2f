package import Identifiers

/// The access log's events: appended, searched, never changed.
package struct AccessEvents: Sendable {
    let driver: any SQLDriver

    /// Which events are asked for; what is nil is not asked about.
    package struct Filter: Sendable, Hashable {
        package var actor: String?
        package var body: String?
        package var subject: RegistryKey?
        package var action: AccessAction?
        package var refusedOnly = false
        /// Looks at the subject, as 谁查过我 shows them.
        package var looksOnly = false
        package var from: Instant?
        package var to: Instant?

        package init() {}
    }

    /// How many events there are; also the position of the next.
    package func count() throws(RegistryFault) -> Int64 {
        try driver.read { connection throws(RegistryFault) in try Self.next(on: connection) }
    }

    /// Appends events in one transaction; durable when it returns.
    /// - Parameters:
    ///   - salts: 16 random bytes for each.
    ///   - leaf: the leaf hash, in hex, of an event that has everything else.
    /// - Returns: the events with what the log gives them.
    package func append(
        _ events: [AccessEvent], salts: [[UInt8]], leaf: (AccessEvent) -> String
    ) throws(RegistryFault) -> [AccessEvent] {
        try driver.write { connection throws(RegistryFault) in
            var position = try Self.next(on: connection)
            var done: [AccessEvent] = []
            done.reserveCapacity(events.count)
            for (event, salt) in zip(events, salts) {
                var event = event
                event.position = position
                event.salt = salt
                if let subject = event.subject {
                    let last = try connection.query("SELECT looks, leaf FROM subject_events WHERE subject = ?", [.key(subject)]).first
                    event.subjectCount = (try last?.integer("looks") ?? 0) + 1
                    event.previous = try last?.text("leaf")
                    try connection.execute(
                        """
                        INSERT INTO subject_events (subject, looks, leaf) VALUES (?, ?, ?)
                        ON CONFLICT (subject) DO UPDATE SET looks = excluded.looks, leaf = excluded.leaf
                        """, [.key(subject), .integer(event.subjectCount), .text(leaf(event))])
                }
                try connection.execute(
                    "INSERT INTO access_events (\(AccessEvent.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    event.values)
                done.append(event)
                position += 1
            }
            return done
        }
    }

    /// Events from a position on, by position.
    package func events(from position: Int64, limit: Int) throws(RegistryFault) -> [AccessEvent] {
        try driver.read { connection throws(RegistryFault) in
            try Self.events(
                connection.query(
                    "SELECT \(AccessEvent.columns) FROM access_events WHERE position >= ? ORDER BY position LIMIT ?",
                    [.integer(position), .integer(limit)]))
        }
    }

    /// One event.
    package func event(_ position: Int64) throws(RegistryFault) -> AccessEvent? {
        let found = try events(from: position, limit: 1)
        return found.first?.position == position ? found.first : nil
    }

    /// The newest events first, and how many there are in all.
    package func search(_ filter: Filter, limit: Int, offset: Int) throws(RegistryFault) -> (total: Int, events: [AccessEvent]) {
        let (condition, values) = Self.condition(filter)
        return try driver.read { connection throws(RegistryFault) in
            let total: Int = try connection.query("SELECT COUNT(*) AS n FROM access_events WHERE \(condition)", values).first?.integer("n") ?? 0
            let rows = try connection.query(
                "SELECT \(AccessEvent.columns) FROM access_events WHERE \(condition) ORDER BY position DESC LIMIT ? OFFSET ?",
                values + [.integer(limit), .integer(offset)])
            return (total, try Self.events(rows))
        }
    }

    /// Who looked at how many subjects since a moment, and how often; for alerts.
    package func volumes(since: Instant) throws(RegistryFault) -> [(actor: String, looks: Int, subjects: Int)] {
        try driver.read { connection throws(RegistryFault) in
            var volumes: [(String, Int, Int)] = []
            let rows = try connection.query(
                """
                SELECT actor, COUNT(*) AS looks, COUNT(DISTINCT subject) AS subjects FROM access_events
                WHERE at >= ? AND allowed = 1 AND subject IS NOT NULL GROUP BY actor
                """, [.instant(since)])
            for row in rows { volumes.append((try row.text("actor"), try row.integer("looks"), try row.integer("subjects"))) }
            return volumes
        }
    }

    /// How often each actor looked at subjects since a moment, outside the hours of an office in Shanghai.
    package func looksOutside(_ hours: Range<Int>, since: Instant) throws(RegistryFault) -> [(actor: String, looks: Int)] {
        try driver.read { connection throws(RegistryFault) in
            var looks: [(String, Int)] = []
            let rows = try connection.query(
                """
                SELECT actor, COUNT(*) AS n FROM access_events
                WHERE at >= ? AND allowed = 1 AND subject IS NOT NULL AND ((at / 3600000 + 8) % 24 < ? OR (at / 3600000 + 8) % 24 >= ?)
                GROUP BY actor
                """, [.instant(since), .integer(hours.lowerBound), .integer(hours.upperBound)])
            for row in rows { looks.append((try row.text("actor"), try row.integer("n"))) }
            return looks
        }
    }

    /// Subjects that were looked at by several people since a moment, most first.
    package func crowds(since: Instant, atLeast: Int) throws(RegistryFault) -> [(subject: RegistryKey, actors: Int)] {
        try driver.read { connection throws(RegistryFault) in
            var crowds: [(RegistryKey, Int)] = []
            let rows = try connection.query(
                """
                SELECT subject, COUNT(DISTINCT actor) AS actors FROM access_events
                WHERE at >= ? AND allowed = 1 AND subject IS NOT NULL GROUP BY subject HAVING COUNT(DISTINCT actor) >= ?
                ORDER BY actors DESC LIMIT 100
                """, [.instant(since), .integer(atLeast)])
            for row in rows { crowds.append((try row.key("subject"), try row.integer("actors"))) }
            return crowds
        }
    }

    /// How often callers were refused since a moment.
    package func refusals(since: Instant) throws(RegistryFault) -> [(actor: String, count: Int)] {
        try driver.read { connection throws(RegistryFault) in
            var refusals: [(String, Int)] = []
            let rows = try connection.query(
                "SELECT actor, COUNT(*) AS n FROM access_events WHERE at >= ? AND allowed = 0 GROUP BY actor", [.instant(since)])
            for row in rows { refusals.append((try row.text("actor"), try row.integer("n"))) }
            return refusals
        }
    }

    private static let expired = "at < ? AND position < ? AND salt IS NOT NULL"

    /// How many events before a moment, below a place in the log, still have their content.
    package func count(before limit: Instant, below place: Int64) throws(RegistryFault) -> Int {
        try driver.read { connection throws(RegistryFault) in
            try connection.query("SELECT COUNT(*) AS n FROM access_events WHERE \(Self.expired)", [.instant(limit), .integer(place)])
                .first?.integer("n") ?? 0
        }
    }

    /// Erases salt and content of events before a moment, below a place in the log; their places in the tree stay.
    /// - Returns: how many were erased.
    package func erase(before limit: Instant, below place: Int64) throws(RegistryFault) -> Int {
        var erased = 0
        while true {
            // Some at a time: whoever reads meanwhile waits for the writer.
            let count = try driver.write { connection throws(RegistryFault) in
                try connection.execute(
                    """
                    UPDATE access_events SET actor = '', actor_name = '', role = '', body = '', address = '', channel = '', subject = NULL,
                      items = '', purpose = '', case_number = '', consent = NULL, detail = '', subject_count = NULL, previous = NULL, salt = NULL
                    WHERE position IN (SELECT position FROM access_events WHERE \(Self.expired) ORDER BY position LIMIT 4096)
                    """, [.instant(limit), .integer(place)])
            }
            erased += count
            if count < 4096 { return erased }
        }
    }

    private static func condition(_ filter: Filter) -> (String, [SQLValue]) {
        // One whose content was erased has nothing to find.
        var parts = ["salt IS NOT NULL"]
        var values: [SQLValue] = []
        func ask(_ part: String, _ value: SQLValue?) {
            guard let value else { return }
            parts.append(part)
            values.append(value)
        }
        ask("actor = ?", filter.actor.map(SQLValue.text))
        ask("body = ?", filter.body.map(SQLValue.text))
        ask("subject = ?", filter.subject.map(SQLValue.key))
        ask("action = ?", filter.action.map { .text($0.rawValue) })
        ask("at >= ?", filter.from.map { .instant($0) })
        ask("at < ?", filter.to.map { .instant($0) })
        if filter.refusedOnly { parts.append("allowed = 0") }
        if filter.looksOnly {
            let looks = AccessAction.allCases.filter(\.isLook)
            parts.append("action IN (\(looks.map { _ in "?" }.joined(separator: ", ")))")
            values += looks.map { .text($0.rawValue) }
        }
        return (parts.joined(separator: " AND "), values)
    }

    private static func events(_ rows: [SQLRow]) throws(RegistryFault) -> [AccessEvent] {
        var events: [AccessEvent] = []
        events.reserveCapacity(rows.count)
        for row in rows { events.append(try AccessEvent(row: row)) }
        return events
    }

    private static func next(on connection: any SQLConnection) throws(RegistryFault) -> Int64 {
        try connection.query("SELECT COALESCE(MAX(position) + 1, 0) AS next FROM access_events").first?.integer("next") ?? 0
    }
}
