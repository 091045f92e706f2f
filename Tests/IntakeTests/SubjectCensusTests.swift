import Archive
import Foundation
import Identifiers
import Registry
import Testing

@testable import Intake

@Suite("The sets of subjects")
struct SubjectCensusTests {
    @Test("a key set answers as the library's set does, whatever the keys")
    func keySet() {
        var generator = SystemRandomNumberGenerator()
        for spread in [UInt64.max, 1 << 40, 255, 3] {
            var set = KeySet()
            var truth: Set<SubjectKey> = []
            var differences = 0
            for _ in 0..<(spread > 255 ? 10_000 : 1_000) {
                // Narrow spreads make keys meet at one place, and doubles; both ends of the range wrap around.
                let high = Bool.random(using: &generator) ? UInt64.random(in: 0...spread) : .max - UInt64.random(in: 0...spread)
                let key = SubjectKey(high: high, low: UInt64.random(in: 0...(spread >> 1)))
                if set.contains(key) != truth.contains(key) { differences += 1 }
                if set.insert(key) != truth.insert(key).inserted { differences += 1 }
                if !set.contains(key) { differences += 1 }
                if UInt8.random(in: 0...255, using: &generator) == 0 { set.reserve(Int.random(in: 0...20_000, using: &generator)) }
            }
            #expect(differences == 0)
            #expect(set.count == truth.count)
            var listed: Set<SubjectKey> = []
            set.forEach { listed.insert($0) }
            #expect(listed == truth)
        }
    }

    @Test("room made for a few keys, time and again, leaves a place where a search ends", .timeLimit(.minutes(1)))
    func littleRoom() {
        var set = KeySet()
        for number in 1...2000 as ClosedRange<UInt64> {
            set.reserve(set.count + Int(number % 3))
            set.insert(SubjectKey(high: number << 50, low: number))
            #expect(!set.contains(SubjectKey(high: number << 50, low: 0)))
        }
        #expect(set.count == 2000)
    }

    @Test("all zeros are a key like others")
    func nobody() {
        var set = KeySet()
        let zero = SubjectKey(high: 0, low: 0)
        #expect(!set.contains(zero))
        let answers = [set.insert(zero), set.insert(zero), set.insert(SubjectKey(high: 0, low: 1))]
        #expect(answers == [true, false, true])
        #expect(set.contains(zero))
        #expect(set.count == 2)
        var count = 0
        set.forEach { _ in count += 1 }
        #expect(count == 2)
    }

    @Test("a card is written once for each subject, by whichever delivery brings it first, also after a restart")
    func cards() async throws {
        let city = try TestCity()
        #expect(city.directory.subjects.count == 0)
        try await city.deliver(Penalties.csv([:], [:], ["统一社会信用代码": Penalties.otherFirm]))
        #expect(city.directory.subjects.count == 2)
        #expect(try cards(city.directory).count == 2)
        #expect(try city.directory.archive.verify().cards == 2)

        let known = SubjectCensus(archive: city.directory.archive)
        try known.load()
        #expect(known.count == 2)
        let stranger = SubjectKey(high: 17, low: 4)
        let met = try (cards(city.directory) + [stranger]).map { key in
            RowChecker.Met(key: key, identifier: Identifier(kind: .passport, text: .init()), row: 1)
        }
        #expect(known.unknown(met) == [2])

        let copy = "\(city.path)-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try city.directory.archive.checkpoint(to: copy)
        let reopened = SubjectCensus(archive: try RocksArchive(path: copy))
        try reopened.load()
        #expect(reopened.unknown(met) == [2])
    }

    @Test("before it is read everybody is unknown: a second card of one subject is the same card")
    func unread() async throws {
        let city = try TestCity()
        let census = SubjectCensus(archive: city.directory.archive)
        var keys = KeySet()
        keys.insert(SubjectKey(high: 1, low: 1))
        census.add(keys)
        let met = [RowChecker.Met(key: SubjectKey(high: 1, low: 1), identifier: Identifier(kind: .passport, text: .init()), row: 1)]
        #expect(census.unknown(met) == [0])
        #expect(census.count == 0)
    }

    @Test("many at once ask and add, and nobody is lost")
    func atOnce() async throws {
        let city = try TestCity()
        let census = city.directory.subjects
        try census.load()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 as Range<UInt64> {
                group.addTask {
                    for round in 0..<50 as Range<UInt64> {
                        var keys = KeySet()
                        for index in 0..<100 as Range<UInt64> {
                            keys.insert(SubjectKey(high: (round * 100 + index) &* 0x9E37_79B9_7F4A_7C15, low: task % 4))
                        }
                        census.add(keys)
                    }
                }
            }
        }
        #expect(census.count == 4 * 5_000)
    }

    private func cards(_ directory: DataDirectory) throws -> [SubjectKey] {
        var keys: [SubjectKey] = []
        try directory.archive.forEachCard { keys.append($0) }
        return keys
    }
}
