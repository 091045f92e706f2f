package import Identifiers

/// A subject's permission: who may look at what of it, for which purpose, and how long (PIPL articles 13–15).
package struct Consent: Sendable, Hashable {
    /// From 1; the 授权编号 that a bank quotes.
    package var number: Int64 = 0
    package var subject: RegistryKey
    /// Code of the body that may look.
    package var recipient: String
    /// Code of the purpose.
    package var purpose: String
    /// Codes of resources, separated by blanks; empty for everything the purpose admits.
    package var items: String
    package var from: Instant
    package var to: Instant
    /// Which wording was agreed to.
    package var textVersion: String
    /// Login of who gave it.
    package var givenBy: String
    package var given: Instant
    package var revoked: Instant?

    package init(
        subject: RegistryKey, recipient: String, purpose: String, items: String, from: Instant, to: Instant, textVersion: String,
        givenBy: String, given: Instant
    ) {
        self.subject = subject
        self.recipient = recipient
        self.purpose = purpose
        self.items = items
        self.from = from
        self.to = to
        self.textVersion = textVersion
        self.givenBy = givenBy
        self.given = given
    }

    /// Whether it permits at a moment; revoking acts at once.
    package func isInForce(at now: Instant) -> Bool { from <= now && now < to && revoked.map { now < $0 } ?? true }
}

/// Consents: given, listed, revoked; never changed otherwise.
package struct Consents: Sendable {
    let driver: any SQLDriver

    private static let columns = "number, subject, recipient, purpose, items, starts, ends, text_version, given_by, given, revoked"

    /// Keeps a consent.
    /// - Returns: it with its number.
    package func add(_ consent: Consent) throws(RegistryFault) -> Consent {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                """
                INSERT INTO consents (subject, recipient, purpose, items, starts, ends, text_version, given_by, given)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .key(consent.subject), .text(consent.recipient), .text(consent.purpose), .text(consent.items), .instant(consent.from),
                    .instant(consent.to), .text(consent.textVersion), .text(consent.givenBy), .instant(consent.given),
                ])
            var kept = consent
            kept.number = try connection.query("SELECT MAX(number) AS n FROM consents").first?.integer("n") ?? 0
            return kept
        }
    }

    /// One consent.
    package func find(_ number: Int64) throws(RegistryFault) -> Consent? { try list("number = ?", .integer(number)).first }

    /// A subject's consents, newest first.
    package func of(_ subject: RegistryKey) throws(RegistryFault) -> [Consent] { try list("subject = ?", .key(subject)) }

    /// What a body was permitted, newest first.
    package func to(_ recipient: String) throws(RegistryFault) -> [Consent] { try list("recipient = ?", .text(recipient)) }

    /// Revokes a subject's consent.
    /// - Returns: false where the subject has no such consent, or it was revoked before.
    package func revoke(_ number: Int64, of subject: RegistryKey, at now: Instant) throws(RegistryFault) -> Bool {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                "UPDATE consents SET revoked = ? WHERE number = ? AND subject = ? AND revoked IS NULL",
                [.instant(now), .integer(number), .key(subject)]) == 1
        }
    }

    /// Consents that ended, or were revoked.
    package var ended: ExpiredRows { ExpiredRows(driver: driver, table: "consents", moment: "MIN(ends, COALESCE(revoked, ends))") }

    private func list(_ condition: String, _ value: SQLValue) throws(RegistryFault) -> [Consent] {
        try driver.read { connection throws(RegistryFault) in
            var consents: [Consent] = []
            let rows = try connection.query(
                "SELECT \(Self.columns) FROM consents WHERE \(condition) ORDER BY number DESC LIMIT 1000", [value])
            for row in rows {
                var consent = Consent(
                    subject: try row.key("subject"), recipient: try row.text("recipient"), purpose: try row.text("purpose"),
                    items: try row.text("items"), from: try row.instant("starts"), to: try row.instant("ends"),
                    textVersion: try row.text("text_version"), givenBy: try row.text("given_by"), given: try row.instant("given"))
                consent.number = try row.integer("number")
                consent.revoked = try row.instantIfPresent("revoked")
                consents.append(consent)
            }
            return consents
        }
    }
}
