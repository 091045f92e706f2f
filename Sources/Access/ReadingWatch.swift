package import Identifiers
package import Registry

/// Looks for unusual reading: many subjects, odd hours, one subject by many, many refusals. What it finds becomes an alert that
/// the audit administrator has to close with a finding.
package struct ReadingWatch: Sendable {
    /// From where on reading is unusual; the city sets it.
    package struct Bounds: Sendable {
        /// Subjects that one reader looks at in an hour.
        package var subjectsAnHour = 200
        /// Looks outside office hours of one reader in an hour.
        package var looksOffHours = 20
        /// Readers of one subject in a day.
        package var readersOfOne = 5
        /// Refusals of one caller in an hour.
        package var refusalsAnHour = 30
        /// Office hours in Shanghai, hour by hour.
        package var officeHours = 7..<20

        package init() {}
    }

    private let registry: AccessRegistry
    private let bounds: Bounds

    package init(registry: AccessRegistry, bounds: Bounds = Bounds()) {
        self.registry = registry
        self.bounds = bounds
    }

    /// Looks at the last hour and day.
    /// - Returns: the alerts raised now.
    package func look(at now: Instant) throws -> [Alert] {
        let hourAgo = Instant(milliseconds: now.milliseconds - 3_600_000)
        var found: [Alert] = []
        func alert(_ rule: String, _ about: String, _ text: String) {
            found.append(Alert(rule: rule, about: about, day: now.date, text: text, raised: now))
        }
        for volume in try registry.events.volumes(since: hourAgo) {
            if volume.subjects > bounds.subjectsAnHour {
                alert("volume", volume.actor, "一小时内查看了 \(volume.subjects) 个主体（\(volume.looks) 次），超过 \(bounds.subjectsAnHour) 个")
            }
        }
        for late in try registry.events.looksOutside(bounds.officeHours, since: hourAgo) where late.looks > bounds.looksOffHours {
            alert("off-hours", late.actor, "非工作时间一小时内查看了 \(late.looks) 次，超过 \(bounds.looksOffHours) 次")
        }
        for crowd in try registry.events.crowds(since: now.adding(days: -1), atLeast: bounds.readersOfOne) {
            alert("crowd", crowd.subject.description, "一天内被 \(crowd.actors) 人查看，达到 \(bounds.readersOfOne) 人")
        }
        for refused in try registry.events.refusals(since: hourAgo) where refused.count > bounds.refusalsAnHour {
            alert("refusals", refused.actor, "一小时内被拒绝 \(refused.count) 次，超过 \(bounds.refusalsAnHour) 次")
        }
        return try found.filter { try registry.alerts.raise($0) }
    }
}
