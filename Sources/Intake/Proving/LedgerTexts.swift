internal import Identifiers
internal import Registry

/// The texts that events of the log of records commit to: a line a value, in this order for ever. They name nobody.
enum LedgerTexts {
    private static func text(_ lines: [(String, String)]) -> String {
        var text = LeafText("tianzhong-ledger-event-v1")
        for (name, value) in lines { text.add(name, value) }
        return text.text
    }

    static func arrival(_ delivery: Delivery, _ totals: Effects.Totals, rejections: String, known: Instant) -> String {
        text([
            ("kind", LedgerEntry.Kind.arrival.rawValue), ("delivery", "\(delivery.number)"), ("resource", delivery.resource),
            ("version", "\(delivery.resourceVersion)"), ("provider", delivery.provider), ("sm3", delivery.digest), ("bytes", "\(delivery.byteCount)"),
            ("rows", "\(totals.rows)"), ("accepted", "\(totals.accepted)"), ("suspended", "\(totals.suspended)"), ("rejected", "\(totals.rejected)"),
            ("rejections-sm3", rejections), ("known", known.rfc3339),
        ])
    }

    static func withdrawal(_ delivery: UInt32, at instant: Instant, reason: String) -> String {
        text([
            ("kind", LedgerEntry.Kind.withdrawal.rawValue), ("delivery", "\(delivery)"), ("at", instant.rfc3339), ("reason", reason),
        ])
    }

    static func erasure(_ deliveries: [UInt32], at instant: Instant) -> String {
        text([
            ("kind", LedgerEntry.Kind.erasure.rawValue), ("deliveries", deliveries.map(String.init).joined(separator: " ")), ("at", instant.rfc3339),
        ])
    }

    /// The erasure of a person's records: it names records, and nobody.
    static func erasure(_ erasure: PersonErasure) -> String {
        text([
            ("kind", LedgerEntry.Kind.erasure.rawValue), ("records", erasure.records.map { "\($0.delivery)-\($0.row)" }.joined(separator: " ")),
            ("at", erasure.at.rfc3339), ("reason", erasure.reason),
        ])
    }

    /// What an arrival's text must say of a delivery as the registry has it now.
    static func arrival(_ delivery: Delivery) -> String? {
        guard let known = delivery.known, let rejections = delivery.totals.rejectionsDigest else { return nil }
        let totals = Effects.Totals(
            rows: delivery.rows, accepted: delivery.accepted, suspended: delivery.suspended, doubtful: delivery.doubtful,
            rejected: delivery.rejected)
        return arrival(delivery, totals, rejections: rejections, known: known)
    }
}
