import Archive
import Identifiers

/// A random history with the times of its deliveries; the same for the same seed.
struct Sample {
    var entries: [Entry] = []
    var times = Times()
    var deliveries: [UInt32] = []

    /// A history of a few keys, many repeats, corrections and withdrawals, delivered in twelve deliveries.
    init(_ seed: UInt64) {
        var generator = SeededGenerator(seed)
        for delivery in 1...12 as ClosedRange<UInt32> {
            deliveries.append(delivery)
            times.knownAt[delivery] = Int64(delivery) * 10 + .random(in: 0...25, using: &generator)
            if Int.random(in: 0..<6, using: &generator) == 0 {
                times.withdrawnAt[delivery] = .random(in: 0...200, using: &generator)
            }
            for row in 1...6 as ClosedRange<UInt32> {
                let kinds: [EntryKind] = [.record, .record, .record, .correction, .withdrawal]
                let kind = kinds.randomElement(using: &generator) ?? .record
                let resource: UInt16 = .random(in: 1...2, using: &generator)
                let target = entries.filter { $0.resource == resource }.randomElement(using: &generator)
                entries.append(entry(
                    delivery, row, key: "号\(Int.random(in: 0...2, using: &generator))",
                    value: "值\(Int.random(in: 0...2, using: &generator))", kind: target == nil ? .record : kind,
                    target: kind == .record ? nil : target?.record,
                    effective: Bool.random(using: &generator) ? .random(in: 0...50, using: &generator) : nil,
                    resource: resource))
            }
        }
    }

    static let views: [Clocks] = [0, 15, 40, 80, 120, 1000].flatMap { known in
        [10, 30, 60].map { clocks(asOf: $0, knownAt: known) }
    }
}
