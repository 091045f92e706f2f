import Identifiers
import Testing

@testable import Access

@Suite("Rate limits") struct RateLimitsTests {
    /// Allowed moments of a random schedule.
    static func allowed(_ allowance: RateLimits.Allowance, _ random: inout Seeded, count: Int) -> (times: [Int64], waits: [(at: Int64, seconds: Int)]) {
        let limits = RateLimits()
        var now = Office.start.milliseconds
        var times: [Int64] = []
        var waits: [(Int64, Int)] = []
        let pace = Int64.random(in: 1...200_000, using: &random)
        for _ in 0..<count {
            now += Bool.random(using: &random) ? 0 : Int64.random(in: 0...pace, using: &random)
            if let seconds = limits.take("k", allowance, at: Instant(milliseconds: now)) { waits.append((now, seconds)) } else { times.append(now) }
        }
        return (times, waits)
    }

    @Test("in no stretch of any schedule more than burst + rate · time", arguments: 1...40 as ClosedRange<UInt64>)
    func bounded(seed: UInt64) {
        var random = Seeded(seed)
        let allowance = RateLimits.Allowance(burst: Int.random(in: 1...30, using: &random), perHour: Int.random(in: 1...5000, using: &random))
        let (times, _) = Self.allowed(allowance, &random, count: 400)
        for first in times.indices {
            for last in first..<times.count {
                let passed = times[last] - times[first]
                // Multiplied out by an hour, so that nothing is rounded.
                #expect(
                    Int64(last - first + 1) * 3_600_000 <= Int64(allowance.burst) * 3_600_000 + passed * Int64(allowance.perHour),
                    "\(allowance): \(last - first + 1) in \(passed) ms")
            }
        }
    }

    @Test("whoever waits as long as was said is let in, and a second less is not long enough", arguments: 1...40 as ClosedRange<UInt64>)
    func waits(seed: UInt64) throws {
        var random = Seeded(seed)
        let allowance = RateLimits.Allowance(burst: Int.random(in: 1...5, using: &random), perHour: Int.random(in: 1...5000, using: &random))
        let limits = RateLimits()
        var now = Office.start
        for _ in 0..<50 {
            while limits.take("k", allowance, at: now) == nil {}
            let seconds = try #require(limits.take("k", allowance, at: now))
            #expect(seconds >= 1)
            if seconds > 1 { #expect(limits.take("k", allowance, at: now.after(seconds: Int64(seconds - 1))) != nil) }
            now = now.after(seconds: Int64(seconds))
            #expect(limits.take("k", allowance, at: now) == nil)
        }
    }

    @Test("a burst is exact, also when it comes from many sides at once")
    func burst() async {
        let limits = RateLimits()
        let taken = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<1000 { group.addTask { limits.take("k", .init(burst: 50, perMinute: 60), at: Office.start) == nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(taken == 50)
        // One a second comes back, and no more than that.
        let later = Office.start.after(seconds: 3)
        #expect((0..<10).count { _ in limits.take("k", .init(burst: 50, perMinute: 60), at: later) == nil } == 3)
    }

    @Test("keys have buckets of their own, and a clock that goes back gives nothing")
    func keys() {
        let limits = RateLimits()
        let allowance = RateLimits.Allowance(burst: 2, perMinute: 60)
        for key in ["user a", "user b", "body a"] {
            #expect((0..<3).map { _ in limits.take(key, allowance, at: Office.start) == nil } == [true, true, false])
        }
        #expect(limits.take("user a", allowance, at: Office.start.after(seconds: -3600)) != nil)
        #expect(limits.take("user a", allowance, at: Office.start.after(seconds: 1)) == nil)
        #expect(limits.take("user a", allowance, at: Office.start.after(seconds: 1)) != nil)
    }

    @Test("making room for other keys gives nobody more than they have")
    func room() {
        // Slower than a bucket an hour: after an hour it is far from full, and must not be forgotten as if it were.
        let limits = RateLimits(capacity: 10)
        let allowance = RateLimits.Allowance(burst: 10, perHour: 1)
        #expect((0..<20).count { _ in limits.take("k", allowance, at: Office.start) == nil } == 10)
        for number in 0..<20 { _ = limits.take("other \(number)", allowance, at: Office.start.after(seconds: 3600)) }
        #expect((0..<20).count { _ in limits.take("k", allowance, at: Office.start.after(seconds: 3600)) == nil } == 1)
    }
}
