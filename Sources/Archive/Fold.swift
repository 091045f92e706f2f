package import Identifiers

/// What a history says at two clocks: a pure function of the entries known by then.
///
/// 1. *Knowledge*: entries of deliveries that are known, and not withdrawn, at `clocks.knownAt`; none that was erased.
/// 2. *Corrections*: a correction takes the place of the record it targets, the last known one wins; a withdrawal
///    that is effective removes its target. What targets nothing visible folds to nothing.
/// 3. *Validity*: what remains and is effective on `clocks.asOf` (or has no effective date).
/// 4. *Business key*: in knowledge order, a later state of the same resource and key supersedes the earlier; one
///    that is identical to the state before it is only counted, and the first stays current. A record without
///    business key is its own key.
///
/// Entries that become known later can therefore not change the result for an earlier `knownAt`. Works on outlines, whose
/// indices the result names; every visible entry of a line is its current one, among its superseded ones, or a repeat.
package struct Fold: Sendable {
    /// One line of the view.
    package struct Line: Sendable {
        /// Index of the entry that holds: a record, or the correction that stands in its place.
        package fileprivate(set) var current: Int32
        /// How many entries it replaced: older states of the same business key, and what corrections replaced.
        package fileprivate(set) var superseded: Int32 = 0
        /// How often a state of this line was delivered again without any change.
        package fileprivate(set) var repeats: Int32 = 0
        /// The latest of the entries that it replaced.
        fileprivate var older: Int32 = none
        /// The place of `current` in the order of knowledge.
        fileprivate var order: Int32
    }

    /// In order of each line's current entry (delivery, row of the record whose place it has).
    package private(set) var lines: [Line] = []
    /// For each entry that something replaced, the one before it in its line.
    private var older: [Int32]
    private static let none: Int32 = -1

    /// - Parameter entries: in knowledge order.
    init(_ entries: [EntryOutline], at clocks: Clocks, times: some DeliveryTimes) {
        older = [Int32](repeating: Self.none, count: entries.count)
        var visibility = Visibility(clocks: clocks)
        var places: [Place] = []
        var acts: [Int32] = []
        for index in entries.indices where visibility.admits(entries[index].record.delivery, times) && !times.isErased(entries[index].record) {
            if entries[index].kind == .record {
                places.append(Place(top: Int32(index)))
            } else {
                acts.append(Int32(index))
            }
        }
        apply(acts, to: &places, entries, asOf: clocks.asOf)
        var lineOfKey: [LineKey: Int32] = [:]
        lineOfKey.reserveCapacity(places.count)
        for (order, place) in places.enumerated() where !place.isRemoved {
            let entry = entries[Int(place.top)]
            if let day = entry.effective, day > clocks.asOf { continue }
            if let line = lineOfKey[entry.key] {
                take(place, order: order, into: Int(line), entries)
            } else {
                lineOfKey[entry.key] = Int32(lines.count)
                lines.append(Line(current: place.top, order: Int32(order)))
                push(place.replaced, to: lines.count - 1)
            }
        }
        lines.sort { $0.order < $1.order }
    }

    /// Indices of what a line replaced, latest first.
    /// - Parameter limit: at most so many.
    package func superseded(of line: Line, limit: Int = .max) -> [Int] {
        var found: [Int] = []
        var index = line.older
        while index != Self.none, found.count < limit {
            found.append(Int(index))
            index = older[Int(index)]
        }
        return found
    }

    /// Puts corrections and withdrawals to their targets.
    private mutating func apply(_ acts: [Int32], to places: inout [Place], _ entries: [EntryOutline], asOf: CivilDate) {
        guard !acts.isEmpty else { return }
        var placeOf: [Target: Int] = [:]
        for (index, place) in places.enumerated() { placeOf[Target(entries[Int(place.top)])] = index }
        // A correction may name a correction; each act adds its own name to the place, and acts come in knowledge order.
        for index in acts {
            let act = entries[Int(index)]
            guard let target = act.target, let place = placeOf[Target(record: target, resource: act.resource)] else { continue }
            if act.kind == .correction {
                older[Int(places[place].top)] = places[place].replaced
                places[place].replaced = places[place].top
                places[place].top = index
                placeOf[Target(act)] = place
            } else if act.effective.map({ $0 <= asOf }) ?? true {
                places[place].isRemoved = true
            }
        }
    }

    private mutating func take(_ place: Place, order: Int, into line: Int, _ entries: [EntryOutline]) {
        let current = lines[line].current
        if entries[Int(current)].content == entries[Int(place.top)].content {
            lines[line].repeats += 1
            push(place.replaced, to: line)
            return
        }
        push(current, to: line)
        push(place.replaced, to: line)
        lines[line].current = place.top
        lines[line].order = Int32(order)
    }

    /// Puts a chain of replaced entries, the latest first, before what the line replaced so far.
    private mutating func push(_ latest: Int32, to line: Int) {
        guard latest != Self.none else { return }
        var last = latest
        lines[line].superseded += 1
        while older[Int(last)] != Self.none {
            last = older[Int(last)]
            lines[line].superseded += 1
        }
        older[Int(last)] = lines[line].older
        lines[line].older = latest
    }

    /// A record's place in the order of knowledge, and what corrections made of it.
    private struct Place {
        var top: Int32
        /// The latest of what corrections replaced.
        var replaced: Int32 = none
        var isRemoved = false
    }

    private struct Target: Hashable {
        let record: RecordID
        let resource: UInt16

        init(record: RecordID, resource: UInt16) {
            self.record = record
            self.resource = resource
        }

        init(_ entry: EntryOutline) { self.init(record: entry.record, resource: entry.resource) }
    }
}

/// Which deliveries may be seen. Remembers the last answer: entries of one delivery stand together.
private struct Visibility {
    let clocks: Clocks
    private var last: (delivery: UInt32, visible: Bool)?

    init(clocks: Clocks) { self.clocks = clocks }

    mutating func admits(_ delivery: UInt32, _ times: some DeliveryTimes) -> Bool {
        if let last, last.delivery == delivery { return last.visible }
        let visible = times.isVisible(delivery, at: clocks.knownAt)
        last = (delivery, visible)
        return visible
    }
}

extension DeliveryTimes {
    /// Whether the delivery was known, and not withdrawn, at a time.
    package func isVisible(_ delivery: UInt32, at knownAt: Instant) -> Bool {
        guard let known = known(delivery), known <= knownAt else { return false }
        return withdrawn(delivery).map { knownAt < $0 } ?? true
    }
}
