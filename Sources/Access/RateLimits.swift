package import Identifiers
internal import Synchronization

/// Token buckets: so many requests at once, so many a minute after that. One bucket a key (user, body, address, route).
package final class RateLimits: Sendable {
    /// What one kind of key may do.
    package struct Allowance: Sendable, Hashable {
        /// Requests that may come at once.
        package var burst: Int
        /// Requests that are given back each hour.
        package var perHour: Int

        package init(burst: Int, perMinute: Int) { self.init(burst: burst, perHour: perMinute * 60) }

        package init(burst: Int, perHour: Int) {
            self.burst = burst
            self.perHour = perHour
        }
    }

    private struct Bucket {
        /// What is left: a request is `whole`, each millisecond gives back `perHour`.
        var level: Int64
        var filled: Instant
        /// When it will be full again: it says nothing from then on.
        var full: Instant
    }

    /// Milliseconds of an hour.
    private static let whole: Int64 = 3_600_000
    private let buckets = Mutex<[String: Bucket]>([:])
    /// Keys beyond this are forgotten when full again: nobody can fill the memory with names.
    private let capacity: Int

    package init(capacity: Int = 100_000) { self.capacity = capacity }

    /// Takes one request from a key's bucket.
    /// - Returns: nil where it is allowed, else the seconds after which it will be.
    package func take(_ key: String, _ allowance: Allowance, at now: Instant) -> Int? {
        buckets.withLock { buckets in
            if buckets.count >= capacity { Self.makeRoom(&buckets, at: now) }
            let full = Int64(allowance.burst) * Self.whole
            var bucket = buckets[key] ?? Bucket(level: full, filled: now, full: now)
            let passed = max(0, now.milliseconds - bucket.filled.milliseconds)
            bucket.level = min(full, bucket.level + min(passed, Self.whole) * Int64(allowance.perHour))
            bucket.filled = max(bucket.filled, now)
            let isAllowed = bucket.level >= Self.whole
            if isAllowed { bucket.level -= Self.whole }
            bucket.full = Instant(milliseconds: bucket.filled.milliseconds + (full - bucket.level) / Int64(max(1, allowance.perHour)) + 1)
            buckets[key] = bucket
            guard !isAllowed else { return nil }
            let rate = Int64(max(1, allowance.perHour)) * 1000
            return Int((Self.whole - bucket.level + rate - 1) / rate)
        }
    }

    /// Forgets buckets that are full; where all are in use, the half that is nearest to it, which gives somebody a request too many
    /// and nobody the memory.
    private static func makeRoom(_ buckets: inout [String: Bucket], at now: Instant) {
        let count = buckets.count
        buckets = buckets.filter { now < $0.value.full }
        if buckets.count * 10 > count * 9 { buckets = Dictionary(uniqueKeysWithValues: buckets.sorted { $0.value.full < $1.value.full }.dropFirst(count / 2).map { ($0.key, $0.value) }) }
    }
}
