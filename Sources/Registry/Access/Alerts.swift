package import Identifiers

/// Unusual reading that somebody has to look into: open until the audit administrator closes it with a finding.
package struct Alert: Sendable, Hashable {
    package var number: Int64 = 0
    /// Which rule fired: `volume`, `off-hours`, `crowd`, `refusals`.
    package var rule: String
    /// Login of the reader, or the key of the subject that many looked at.
    package var about: String
    /// The day it is about; one alert a rule, reader and day.
    package var day: CivilDate
    package var text: String
    package var raised: Instant
    package var finding: String?
    package var closedBy: String?
    package var closed: Instant?

    package init(rule: String, about: String, day: CivilDate, text: String, raised: Instant) {
        self.rule = rule
        self.about = about
        self.day = day
        self.text = text
        self.raised = raised
    }
}

/// Alerts on unusual reading.
package struct Alerts: Sendable {
    let driver: any SQLDriver

    /// Raises an alert; false where the same one was raised that day.
    package func raise(_ alert: Alert) throws(RegistryFault) -> Bool {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                "INSERT INTO alerts (rule, about, day, text, raised) VALUES (?, ?, ?, ?, ?) ON CONFLICT (rule, about, day) DO NOTHING",
                [.text(alert.rule), .text(alert.about), .date(alert.day), .text(alert.text), .instant(alert.raised)]) == 1
        }
    }

    /// All alerts, open ones first, newest first.
    package func list() throws(RegistryFault) -> [Alert] {
        try driver.read { connection throws(RegistryFault) in
            var alerts: [Alert] = []
            for row in try connection.query("SELECT * FROM alerts ORDER BY closed IS NOT NULL, number DESC LIMIT 500") {
                guard let day = try row.dateIfPresent("day") else { throw RegistryFault(.unreadable(column: "day")) }
                var alert = Alert(
                    rule: try row.text("rule"), about: try row.text("about"), day: day, text: try row.text("text"), raised: try row.instant("raised"))
                alert.number = try row.integer("number")
                alert.finding = try row.textIfPresent("finding")
                alert.closedBy = try row.textIfPresent("closed_by")
                alert.closed = try row.instantIfPresent("closed")
                alerts.append(alert)
            }
            return alerts
        }
    }

    /// Closes an alert with what was found; false where it is closed already.
    package func close(_ number: Int64, finding: String, by login: String, at now: Instant) throws(RegistryFault) -> Bool {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                "UPDATE alerts SET finding = ?, closed_by = ?, closed = ? WHERE number = ? AND closed IS NULL",
                [.text(finding), .text(login), .instant(now), .integer(number)]) == 1
        }
    }

    /// Alerts that were closed.
    package var closed: ExpiredRows { ExpiredRows(driver: driver, table: "alerts", moment: "closed") }
}
