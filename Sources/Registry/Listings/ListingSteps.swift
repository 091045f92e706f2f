package import Identifiers

/// How far lists have come.
package struct ListingMarks: Sendable, Hashable {
    /// The newest step.
    package var step: Int64 = 0
    /// Knowledge time of the newest delivery of a list's records, in milliseconds.
    package var known: Int64 = -1
    /// How many such deliveries were withdrawn.
    package var withdrawn: Int64 = 0
    /// The day that a view was made for.
    package var day: CivilDate?

    package init() {}

    init(step: Int64, known: Int64, withdrawn: Int64) {
        self.step = step
        self.known = known
        self.withdrawn = withdrawn
    }
}

/// The steps of listings, only ever appended; and which subjects delivered records of lists are about.
package struct ListingSteps: Sendable {
    let driver: any SQLDriver

    /// Appends a step where the procedure still stands as its author saw it.
    /// - Parameter last: number of the procedure's latest step then; nil for a new procedure.
    /// - Returns: the step with its number; nil where somebody else was first.
    package func append(_ step: ListingStep, after last: Int64?) throws(RegistryFault) -> ListingStep? {
        try driver.write { connection throws(RegistryFault) in
            let latest = try Self.latest(of: step, on: connection)
            guard latest == last else { return nil }
            var step = step
            step.number = try Self.newest(on: connection) + 1
            if step.procedure == 0 { step.procedure = step.number }
            try connection.execute(
                """
                INSERT INTO listing_steps (number, procedure, list, subject, record, kind, day, document, text, ground, actor, body, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(step.number), .integer(step.procedure), .text(step.list), .key(step.subject), step.record.map(SQLValue.text) ?? .null,
                    .text(step.kind.rawValue), .integer(Int64(step.day.day)), .text(step.document), .text(step.text),
                    step.ground.map { .text($0.rawValue) } ?? .null, .text(step.actor), .text(step.body), .instant(step.at),
                ])
            return step
        }
    }

    private static func latest(of step: ListingStep, on connection: any SQLConnection) throws(RegistryFault) -> Int64? {
        let rows =
            step.procedure == 0
            ? try connection.query(
                "SELECT MAX(number) AS latest FROM listing_steps WHERE subject = ? AND list = ? AND record IS ?",
                [.key(step.subject), .text(step.list), step.record.map(SQLValue.text) ?? .null])
            : try connection.query("SELECT MAX(number) AS latest FROM listing_steps WHERE procedure = ?", [.integer(step.procedure)])
        return try rows.first?.integerIfPresent("latest")
    }

    /// All steps about a subject's keys, in their order, as they were known at a time.
    package func steps(of subjects: [RegistryKey], knownAt: Instant) throws(RegistryFault) -> [ListingStep] {
        try driver.read { connection throws(RegistryFault) in
            let places = subjects.map { _ in "?" }.joined(separator: ", ")
            return try Self.steps(
                connection.query(
                    "SELECT * FROM listing_steps WHERE subject IN (\(places)) AND at <= ? ORDER BY number", subjects.map(SQLValue.key) + [.instant(knownAt)]))
        }
    }

    /// All steps of all subjects known at a time, in their order; for passes over the whole city.
    package func all(knownAt: Instant) throws(RegistryFault) -> [ListingStep] {
        try driver.read { connection throws(RegistryFault) in
            try Self.steps(connection.query("SELECT * FROM listing_steps WHERE at <= ? ORDER BY number", [.instant(knownAt)]))
        }
    }

    /// The steps of one procedure, in their order.
    package func procedure(_ number: Int64) throws(RegistryFault) -> [ListingStep] {
        try driver.read { connection throws(RegistryFault) in
            try Self.steps(connection.query("SELECT * FROM listing_steps WHERE procedure = ? ORDER BY number", [.integer(number)]))
        }
    }

    /// The latest step of each procedure of a body (of all bodies where nil), the newest first.
    package func procedures(of body: String?, limit: Int = 500) throws(RegistryFault) -> [ListingStep] {
        try driver.read { connection throws(RegistryFault) in
            try Self.steps(
                connection.query(
                    """
                    SELECT * FROM listing_steps WHERE number IN (SELECT MAX(number) FROM listing_steps GROUP BY procedure)
                      AND (? IS NULL OR body = ?) ORDER BY number DESC LIMIT ?
                    """, [body.map(SQLValue.text) ?? .null, body.map(SQLValue.text) ?? .null, .integer(limit)]))
        }
    }

    /// The number of the newest step; 0 where there is none.
    package func newest() throws(RegistryFault) -> Int64 {
        try driver.read { connection throws(RegistryFault) in try Self.newest(on: connection) }
    }

    /// Numbers of erased steps are not given again.
    private static func newest(on connection: any SQLConnection) throws(RegistryFault) -> Int64 {
        try connection.query(
            "SELECT MAX(COALESCE((SELECT MAX(number) FROM listing_steps), 0), COALESCE((SELECT MAX(last) FROM step_erasures), 0)) AS newest"
        ).first?.integer("newest") ?? 0
    }

    /// Erases all steps about a natural person (个人信息保护法 第四十七条); the caller knows that the subject is one.
    /// - Returns: how many there were.
    package func erase(_ subject: RegistryKey) throws(RegistryFault) -> Int {
        try driver.write { connection throws(RegistryFault) in
            let last = try Self.newest(on: connection)
            try connection.execute("INSERT INTO step_erasures (subject, last) VALUES (?, ?)", [.key(subject), .integer(last)])
            let count = try connection.execute("DELETE FROM listing_steps WHERE subject = ?", [.key(subject)])
            // Whose they were is forgotten with them; where there were none, nothing was erased.
            try connection.execute(count == 0 ? "DELETE FROM step_erasures WHERE subject = ?" : "UPDATE step_erasures SET subject = NULL WHERE subject = ?", [.key(subject)])
            return count
        }
    }

    // MARK: Who is listed by delivered records

    /// How far lists have come: what a view of them was made from.
    package func marks() throws(RegistryFault) -> ListingMarks {
        let step = try newest()
        return try driver.read { connection throws(RegistryFault) in
            let row = try connection.query(
                """
                SELECT COALESCE(MAX(d.known), 0) AS known, COUNT(CASE WHEN d.state <> 'committed' THEN 1 END) AS withdrawn
                FROM deliveries d WHERE d.number IN (SELECT DISTINCT delivery FROM listed_subjects)
                """).first
            return ListingMarks(step: step, known: try row?.integer("known") ?? 0, withdrawn: try row?.integer("withdrawn") ?? 0)
        }
    }

    /// Every subject that a step or a record of a list that counts is about, as far as it came after a mark.
    package func subjects(after marks: ListingMarks = ListingMarks()) throws(RegistryFault) -> [RegistryKey] {
        try driver.read { connection throws(RegistryFault) in
            var keys: [RegistryKey] = []
            for row in try connection.query(
                """
                SELECT l.subject AS subject FROM listed_subjects l JOIN deliveries d ON d.number = l.delivery WHERE d.state = 'committed' AND d.known > ?
                UNION SELECT subject FROM listing_steps WHERE number > ?
                """, [.integer(marks.known), .integer(marks.step)])
            { keys.append(try row.key("subject")) }
            return keys
        }
    }

    /// The committed deliveries of some resources of which no subject is noted: those of before this was kept.
    package func unnoted(resources: [String]) throws(RegistryFault) -> [UInt32] {
        try driver.read { connection throws(RegistryFault) in
            var numbers: [UInt32] = []
            for row in try connection.query(
                """
                SELECT number FROM deliveries WHERE state = 'committed' AND accepted > suspended
                  AND resource IN (\(resources.map { _ in "?" }.joined(separator: ", ")))
                  AND NOT EXISTS (SELECT 1 FROM listed_subjects l WHERE l.delivery = deliveries.number)
                """, resources.map(SQLValue.text))
            { numbers.append(UInt32(clamping: try row.integer("number") as Int64)) }
            return numbers
        }
    }

    /// Notes which subjects a delivery's records are about.
    package func note(_ subjects: [RegistryKey], delivery: UInt32) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in try Self.note(subjects, delivery: delivery, on: connection) }
    }

    static func note(_ subjects: [RegistryKey], delivery: UInt32, on connection: any SQLConnection) throws(RegistryFault) {
        for subject in subjects {
            try connection.execute(
                "INSERT INTO listed_subjects (delivery, subject) VALUES (?, ?) ON CONFLICT (delivery, subject) DO NOTHING",
                [.integer(Int64(delivery)), .key(subject)])
        }
    }

    private static func steps(_ rows: [SQLRow]) throws(RegistryFault) -> [ListingStep] {
        var steps: [ListingStep] = []
        for row in rows {
            guard let kind = ListingStepKind(rawValue: try row.text("kind")) else { throw RegistryFault(.unreadable(column: "kind")) }
            var step = ListingStep(
                procedure: try row.integer("procedure"), list: try row.text("list"), subject: try row.key("subject"), record: try row.textIfPresent("record"),
                kind: kind, day: CivilDate(day: Int32(clamping: try row.integer("day") as Int64)), document: try row.text("document"),
                text: try row.text("text"), ground: try row.textIfPresent("ground").flatMap(RemovalGround.init), actor: try row.text("actor"),
                body: try row.text("body"), at: try row.instant("at"))
            step.number = try row.integer("number")
            steps.append(step)
        }
        return steps
    }
}
