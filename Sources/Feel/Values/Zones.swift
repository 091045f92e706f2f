import Foundation

/// Offsets of clocks from UTC; the names are those of the IANA time zone database.
enum Zones {
    static func isKnown(_ name: String) -> Bool { TimeZone(identifier: name) != nil && name.contains("/") || ["UTC", "GMT", "Z"].contains(name) }

    /// Seconds east of Greenwich at a moment of the zone's own clock; a time without a day is taken as of today's offset in January 1970.
    static func offset(of zone: Zone?, local: Int128) -> Int {
        switch zone {
        case nil: return 0
        case .offset(let seconds): return seconds
        case .named(let name):
            guard let zone = TimeZone(identifier: name) else { return 0 }
            let seconds = Double(local / 1_000_000_000)
            // The clock's reading taken as UTC is off by the offset itself: twice is enough but within a change of clocks.
            let first = zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))
            return zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds - Double(first)))
        }
    }

    /// Nanoseconds since 1970 in UTC; those of the clock itself where it has no zone.
    static func utc(_ moment: DateAndTime) -> Int128 {
        moment.local - Int128(offset(of: moment.time.zone, local: moment.local)) * 1_000_000_000
    }

    /// Nanoseconds of the day in UTC.
    static func utc(_ time: TimeOfDay) -> Int128 {
        Int128(time.nanoseconds) - Int128(offset(of: time.zone, local: Int128(time.nanoseconds))) * 1_000_000_000
    }
}
