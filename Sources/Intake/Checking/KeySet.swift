internal import Archive

/// A set of subject keys in one block of memory, 21 to 32 bytes a key.
///
/// Keys are outputs of a keyed hash, so their own bits serve as the hash: a key's first place is its share of the range of
/// all keys. That makes filling it in the archive's order a walk from front to back, and it can be of any size.
struct KeySet: Sendable {
    /// Open addressing, each key at its first place or in the run behind it. Nobody's key, all zeros, marks a free place.
    private var places: [SubjectKey] = []
    private(set) var count = 0
    /// The one key that cannot stand in a place.
    private var holdsNobody = false

    private static let nobody = SubjectKey(high: 0, low: 0)

    /// Whether the key is in the set.
    func contains(_ key: SubjectKey) -> Bool {
        guard !Self.isNobody(key) else { return holdsNobody }
        guard !places.isEmpty else { return false }
        return Self.same(places[place(of: key)], key)
    }

    /// Adds a key; false where it was there.
    @discardableResult
    mutating func insert(_ key: SubjectKey) -> Bool {
        guard !Self.isNobody(key) else {
            defer { holdsNobody = true }
            count += holdsNobody ? 0 : 1
            return !holdsNobody
        }
        if count * 4 >= places.count * 3 { grow(to: places.count + places.count / 2) }
        let place = place(of: key)
        guard Self.isNobody(places[place]) else { return false }
        places[place] = key
        count += 1
        return true
    }

    /// All keys, in no order.
    func forEach(_ body: (SubjectKey) -> Void) {
        for key in places where !Self.isNobody(key) { body(key) }
        if holdsNobody { body(Self.nobody) }
    }

    /// Where the key stands, or the free place where it would.
    private func place(of key: SubjectKey) -> Int {
        // The leading byte is left out: a census parts its keys by it.
        var place = Int(truncatingIfNeeded: (key.high << 8).multipliedFullWidth(by: UInt64(places.count)).high)
        while !Self.isNobody(places[place]), !Self.same(places[place], key) {
            place += 1
            if place == places.count { place = 0 }
        }
        return place
    }

    /// Makes room for so many keys in all, so that growing moves them once and not time and again.
    mutating func reserve(_ keys: Int) {
        let needed = keys + keys / 3 + 1
        if needed > places.count { grow(to: max(needed, places.count + places.count / 2)) }
    }

    /// Never so small that a set that is three quarters full has no free place left: looking for a key ends at one.
    private mutating func grow(to size: Int) {
        let old = places
        places = [SubjectKey](repeating: Self.nobody, count: max(64, size))
        for key in old where !Self.isNobody(key) { places[place(of: key)] = key }
    }

    // Comparing by hand: the part that owns keys compares them in a call.
    private static func isNobody(_ key: SubjectKey) -> Bool { key.high | key.low == 0 }

    private static func same(_ one: SubjectKey, _ other: SubjectKey) -> Bool {
        one.high == other.high && one.low == other.low
    }
}
