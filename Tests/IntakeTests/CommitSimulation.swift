import Cryptography
import Disk
import Identifiers
import Synchronization

@testable import Intake

/// Archive and registry of a simulated platform: each step happens wholly or not at all, and is durable when it happened.
final class SimulatedStores: CommitStores {
    struct Staged: Sendable {
        let delivery: UInt32
        let known: Int64
    }

    struct Entry: Sendable {
        let content: Int
        let digest: String
        /// Knowledge time that the registry learned; nil while 已接收.
        var known: Int64?
        var rejected = 0
    }

    private struct State {
        var archive: [UInt32: Int64] = [:]
        var registry: [UInt32: Entry] = [:]
    }

    private let state = Mutex(State())
    private let disk: SimulatedDisk

    init(on disk: SimulatedDisk) { self.disk = disk }

    var deliveries: [UInt32: Entry] { state.withLock { $0.registry } }
    var archive: [UInt32: Int64] { state.withLock { $0.archive } }
    var unfinished: [UInt32] { deliveries.filter { $0.value.known == nil }.keys.sorted() }

    /// The same bytes give the delivery that is there.
    func register(_ content: Int, digest: String) throws -> UInt32 {
        if let there = deliveries.first(where: { $0.value.digest == digest })?.key { return there }
        let number = UInt32(deliveries.count + 1)
        try disk.step { state.withLock { $0.registry[number] = Entry(content: content, digest: digest) } }
        return number
    }

    func holds(_ delivery: UInt32) throws -> Bool { state.withLock { $0.archive[delivery] != nil } }

    func take(_ staged: Staged) throws {
        try disk.step { state.withLock { $0.archive[staged.delivery] = staged.known } }
    }

    func conclude(_ delivery: UInt32, _ effects: Effects) throws {
        try disk.step {
            state.withLock { state in
                state.registry[delivery]?.known = effects.known
                state.registry[delivery]?.rejected = effects.totals.rejected
            }
        }
    }
}

/// A platform on a simulated disk: the real store and the real commit over simulated archive and registry, played by chance.
struct CommitSimulation {
    static let root = "/d"
    private static let key = DataKey.random()
    private static let now = Instant(milliseconds: 1_780_000_000_000)
    let disk: SimulatedDisk
    let stores: SimulatedStores
    private(set) var chance: Chance
    /// Deliveries whose senders have a receipt.
    private(set) var receipts: Set<UInt32> = []
    private(set) var ends = 0
    private var clock: Int64 = 0

    init(seed: UInt64, planted: SimulatedDisk.PlantedFault? = nil) {
        disk = SimulatedDisk(root: Self.root, seed: seed, planted: planted)
        stores = SimulatedStores(on: disk)
        chance = Chance(seed: seed &+ 1)
    }

    static func content(_ number: Int) -> [UInt8] {
        (0..<(20 + number * 31)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) }
    }

    /// Plays a few lives of the platform, each ended at a random operation by a kill or a loss of power, or disturbed by a fault.
    ///
    /// - Returns: what was found broken; nil if nothing.
    mutating func play(lives: Int) -> String? {
        for _ in 0..<lives {
            let event: SimulatedDisk.Event =
                switch chance.below(5) {
                case 0: .fault(.inputOutput)
                case 1: .fault(.full)
                default: .end
                }
            disk.schedule(event, after: chance.below(60))
            if let broken = live(acts: 2 + chance.below(4)) { return broken }
            if disk.hasEnded { ends += 1 }
            disk.restart(losingPower: chance.below(4) > 0)
        }
        return live(acts: 0)
    }

    /// The store as a process opens it; its files are sealed as they are on a real disk.
    func store() throws -> DeliveryStore {
        try DeliveryStore(root: Self.root + "/deliveries", reserve: 0, keys: FileKeys(only: Self.key), disk: disk)
    }

    /// The clear bytes of a sealed file; nil where it is not whole.
    private func clear(_ path: String) -> [UInt8]? {
        guard let sealed = try? disk.read(path) else { return nil }
        return try? SealedBytes.open(sealed.span) { $0 == 1 ? Self.key : nil }
    }

    /// One life of a process: start, recovery, the invariants, some acts.
    mutating func live(acts: Int) -> String? {
        let store: DeliveryStore
        do {
            store = try self.store()
            try Commit(stores: stores, store: store).recover(stores.unfinished)
        } catch let fault as DataDirectoryFault where fault.code == .damaged {
            return "does not open: \(fault)"
        } catch {
            return nil
        }
        if disk.hasEnded { return nil }
        if let broken = violation(in: store) { return broken }
        for _ in 0..<acts where !disk.hasEnded {
            do {
                if chance.coin() { try send(1 + chance.below(3), to: store) } else if let next = stores.unfinished.first {
                    try work(on: next, in: store)
                }
            } catch {}
        }
        return nil
    }

    /// Sends a content; the receipt counts only where the process lived to give it.
    mutating func send(_ number: Int, to store: DeliveryStore) throws {
        let bytes = Self.content(number)
        var file = try store.incoming(at: Self.now)
        let cut = chance.below(bytes.count)
        try file.append(bytes.span.extracting(..<cut))
        try file.append(bytes.span.extracting(cut...))
        let arrived = try file.finish()
        try store.keep(arrived)
        let delivery = try stores.register(number, digest: arrived.digest)
        if !disk.hasEnded { receipts.insert(delivery) }
    }

    /// What `DeliveryDesk.work` does once the rows are checked.
    mutating func work(on delivery: UInt32, in store: DeliveryStore) throws {
        let commit = Commit(stores: stores, store: store)
        if try commit.finish(delivery) { return }
        clock += 1
        let rejected = Int(delivery) % 3
        let effects = Effects(
            known: clock,
            totals: .init(rows: 9, accepted: 9 - rejected, suspended: 0, doubtful: 0, rejected: rejected),
            organisations: [], aliases: [.init(identifier: "0102", subject: "0304", row: 5)])
        let staging = try store.freshStaging(delivery)
        try store.writeRejections(Self.rejections(rejected), of: delivery, from: "演示", received: Self.now)
        try store.write(effects.encoded(), to: "\(staging)/\(Effects.fileName)")
        try commit.carryOut(.init(delivery: delivery, known: clock), delivery: delivery, effects: effects) { _ in }
    }

    private static func rejections(_ count: Int) -> [UInt8] { Array(String(repeating: "{\"row\":1}\n", count: count).utf8) }

    /// The invariants of `Documentation/commit.md`, by their numbers, after a recovery.
    func violation(in store: DeliveryStore) -> String? {
        let deliveries = stores.deliveries
        for receipt in receipts where deliveries[receipt] == nil { return "1: receipt \(receipt) without a delivery" }
        for (number, delivery) in deliveries {
            guard let raw = clear(store.rawPath(delivery.digest)), raw == Self.content(delivery.content) else {
                return "2: raw bytes of \(number) are not what was sent"
            }
            guard (stores.archive[number] != nil) == (delivery.known != nil) else { return "3: \(number) is in one store only" }
            guard let known = delivery.known else { continue }
            guard known == stores.archive[number] else { return "4: the effects of \(number) are those of another attempt" }
            guard let file = clear(store.rejectionsPath(number)), file == Self.rejections(delivery.rejected) else {
                return "5: the returned rows of \(number) are not whole"
            }
        }
        if Set(deliveries.values.map(\.content)).count != deliveries.count { return "6: the same bytes twice" }
        // What could not be removed stays until the next start.
        if disk.hasFailed { return nil }
        for folder in ["incoming", "staging"] where (try? disk.names(in: "\(store.root)/\(folder)"))?.isEmpty != true {
            return "7: left-overs in \(folder)"
        }
        if let names = try? disk.names(in: "\(store.root)/rejections"), names.contains(where: { $0.hasSuffix(".part") }) {
            return "7: left-overs in rejections"
        }
        return nil
    }
}
