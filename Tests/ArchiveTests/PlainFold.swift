import Archive
import Identifiers

/// The fold written down once more, on whole entries and as plainly as it can be said: what the fold over outlines is held against.
struct PlainFold {
    /// In knowledge order.
    let entries: [Entry]

    func records(at clocks: Clocks, times: some DeliveryTimes) -> [FoldedRecord] {
        let visible = Visibility(clocks: clocks).filter(entries, times)
        var lines: [Line] = []
        var lineOfKey: [LineKey: Int] = [:]
        for place in corrected(visible, asOf: clocks.asOf) {
            let entry = place.top
            if let day = entry.effective, day > clocks.asOf { continue }
            let key = LineKey(entry)
            guard let index = lineOfKey[key] else {
                lineOfKey[key] = lines.count
                lines.append(Line(place))
                continue
            }
            lines[index].take(place)
        }
        lines.sort { $0.order < $1.order }
        return lines.map(\.folded)
    }

    /// Puts corrections and withdrawals to their targets; the places of the remaining records, in knowledge order.
    private func corrected(_ visible: [Entry], asOf: CivilDate) -> [Place] {
        var places: [Place] = []
        places.reserveCapacity(visible.count)
        var acts: [Entry] = []
        for entry in visible {
            if entry.kind == .record { places.append(Place(entry, order: places.count)) } else { acts.append(entry) }
        }
        guard !acts.isEmpty else { return places }
        var placeOf: [Target: Int] = [:]
        for (index, place) in places.enumerated() { placeOf[Target(place.top.record, place.top.resource)] = index }
        var removed: Set<Int> = []
        // A correction may name a correction; each act adds its own name to the place, and acts come in knowledge order.
        for act in acts {
            guard let target = act.target, let index = placeOf[Target(target, act.resource)] else { continue }
            if act.kind == .correction {
                places[index].replaced.append(places[index].top)
                places[index].top = act
                placeOf[Target(act.record, act.resource)] = index
            } else if act.effective.map({ $0 <= asOf }) ?? true {
                removed.insert(index)
            }
        }
        return removed.isEmpty ? places : places.filter { !removed.contains($0.order) }
    }
}

/// Which deliveries may be seen. Remembers the last answer: entries of one delivery stand together.
private struct Visibility {
    let clocks: Clocks

    func filter(_ entries: [Entry], _ times: some DeliveryTimes) -> [Entry] {
        var seen: (delivery: UInt32, visible: Bool)?
        return entries.filter { entry in
            if let seen, seen.delivery == entry.record.delivery { return seen.visible }
            let answer = isVisible(entry.record.delivery, times)
            seen = (entry.record.delivery, answer)
            return answer
        }
    }

    private func isVisible(_ delivery: UInt32, _ times: some DeliveryTimes) -> Bool {
        guard let known = times.known(delivery), known <= clocks.knownAt else { return false }
        guard let withdrawn = times.withdrawn(delivery) else { return true }
        return withdrawn > clocks.knownAt
    }
}

/// A record's place in the order of knowledge, and what corrections made of it.
private struct Place {
    var top: Entry
    /// Oldest first.
    var replaced: [Entry] = []
    let order: Int

    init(_ record: Entry, order: Int) {
        top = record
        self.order = order
    }
}

private struct Target: Hashable {
    let record: RecordID
    let resource: UInt16

    init(_ record: RecordID, _ resource: UInt16) {
        self.record = record
        self.resource = resource
    }
}

private struct LineKey: Hashable {
    let resource: UInt16
    let key: ArraySlice<UInt8>

    init(_ entry: Entry) {
        resource = entry.resource
        key = entry.keyLength == 0 ? entry.payload[...] : entry.payload.prefix(entry.keyLength)
    }
}

/// One business key while it is folded.
private struct Line {
    var current: Entry
    /// Oldest first.
    var older: [Entry]
    var repeats = 0
    var order: Int

    init(_ place: Place) {
        current = place.top
        older = place.replaced
        order = place.order
    }

    mutating func take(_ place: Place) {
        if current.says(theSameAs: place.top) {
            repeats += 1
            older += place.replaced
            return
        }
        older.append(current)
        older += place.replaced
        current = place.top
        order = place.order
    }

    var folded: FoldedRecord {
        FoldedRecord(current: current, superseded: older.reversed(), repeats: repeats)
    }
}

extension Entry {
    /// Whether two states of one line differ in nothing but who delivered them and when.
    func says(theSameAs other: Entry) -> Bool {
        version == other.version && effective == other.effective && doubtful == other.doubtful
            && keyLength == other.keyLength && payload == other.payload
    }
}
