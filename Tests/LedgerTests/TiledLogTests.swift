import Cryptography
@testable import Ledger
import Synchronization
import Testing

@Suite("The log on disk")
struct TiledLogTests {
    private static let plain = Mutex(PlainTree(leaves(66_000)))

    private func head(_ size: Int) -> TreeHead { Self.plain.withLock { $0.head(size) } }

    @Test("around the edges of tiles, in one piece or many, heads, proofs and tiles are those of the plain tree")
    func edges() throws {
        let all = leaves(66_000)
        for sizes in [[0, 1, 2, 255, 256, 257, 511, 513], [65_535, 65_536, 65_537], [65_537], [256, 65_536, 66_000]] {
            let folder = TestFolder()
            let log = try TiledLog(folder: folder.path + "/log", size: 0)
            #expect(log.head == .empty)
            for size in sizes {
                let new = try log.prepare(Array(all[log.head.size..<size]))
                #expect(new == head(size))
                #expect(log.head.size < size || size == 0)
                try log.adopt(new)
                #expect(log.head == new)
                try compare(log, all)
                let again = try TiledLog(folder: folder.path + "/log", size: size)
                #expect(again.head == new)
                #expect(try again.verify().isEmpty)
            }
        }
    }

    private func compare(_ log: TiledLog, _ all: [SM3Digest]) throws {
        let size = log.head.size
        var trials = Trials(UInt64(size))
        for _ in 0..<20 where size > 0 {
            let part = Int.random(in: 1...size, using: &trials)
            let index = Int.random(in: 0..<part, using: &trials)
            let expected = Self.plain.withLock { ($0.path(index, 0..<part), $0.proof(index, part)) }
            #expect(try log.root(at: part) == head(part).root)
            #expect(try log.leafHash(at: index) == all[index])
            #expect(try log.inclusion(of: index, in: part) == expected.0)
            #expect(try log.consistency(from: index, to: part) == expected.1)
        }
        if size > 0 {
            let width = min(256, size)
            #expect(try log.tile(level: 0, index: 0, width: width) == all[..<width].flatMap(bytes))
        }
        if size >= 512 {
            let roots = Self.plain.withLock { tree in [tree.hash(0..<256), tree.hash(256..<512)] }
            #expect(try log.tile(level: 1, index: 0, width: 2) == roots.flatMap(bytes))
        }
    }

    @Test("what lies outside the head is refused")
    func outside() throws {
        let folder = TestFolder()
        let log = try TiledLog(folder: folder.path, size: 0)
        #expect(code { _ = try log.leafHash(at: 0) } == .beyondHead)
        try log.adopt(log.prepare(leaves(300)))
        for index in [-1, 300, Int.min, Int.max] {
            #expect(code { _ = try log.leafHash(at: index) } == .beyondHead)
            #expect(code { _ = try log.inclusion(of: index) } == .beyondHead)
            #expect(code { _ = try log.root(at: index == 300 ? 301 : index) } == .beyondHead)
            #expect(code { _ = try log.consistency(from: index, to: 299) } == .beyondHead)
        }
        for (level, index, width) in [(0, 0, 0), (0, 0, 257), (0, 1, 45), (1, 0, 2), (-1, 0, 1), (6, 0, 1), (0, Int.max, 1), (0, -1, 1)] {
            #expect(code { _ = try log.tile(level: level, index: index, width: width) } == .beyondHead)
        }
        #expect(try log.tile(level: 0, index: 1, width: 44).count == 44 * 32)
        #expect(code { try log.adopt(TreeHead(size: 301, root: digest([]))) } == .notPrepared)
    }

    @Test("a prepared head that was never adopted leaves nothing, repeated or replaced, whatever the killed process left behind")
    func killed() throws {
        let folder = TestFolder()
        let all = leaves(3_000)
        var size = 0
        var trials = Trials(4)
        while size < 2_000 {
            let log = try TiledLog(folder: folder.path, size: size)
            #expect(log.head == head(size))
            let count = Int.random(in: 0...400, using: &trials)
            // Killed after preparing something else; and with garbage of any length behind that.
            _ = try log.prepare(leaves(Int.random(in: 0...900, using: &trials), from: 100_000))
            folder.write(folder.read("level0") + [UInt8](repeating: 7, count: Int.random(in: 0...100, using: &trials)), "level0")
            let restarted = try TiledLog(folder: folder.path, size: size)
            let first = try restarted.prepare(Array(all[size..<size + count]))
            let second = try restarted.prepare(Array(all[size..<size + count]))
            #expect(first == second && second == head(size + count))
            try restarted.adopt(second)
            #expect(try restarted.verify().isEmpty)
            size += count
        }
    }

    @Test("leaves from an array and then from a file; a file that is not whole hashes is refused")
    func fromFile() throws {
        let folder = TestFolder()
        let all = leaves(66_000)
        folder.write(all[1_000...].flatMap(bytes), "leaves")
        let log = try TiledLog(folder: folder.path + "/log", size: 0)
        try log.adopt(log.prepare(Array(all[..<900])))
        let new = try log.prepare(Array(all[900..<1_000]), leavesFile: folder.path + "/leaves")
        #expect(new == head(66_000))
        try log.adopt(new)
        #expect(try log.verify(against: head(66_000)).isEmpty)
        for length in [1, 31, 33, 63, 1 << 20 | 1] {
            folder.write([UInt8](repeating: 1, count: length), "leaves")
            #expect(code { _ = try log.prepare([], leavesFile: folder.path + "/leaves") } == .unreadableLeaves)
        }
        #expect(code { _ = try log.prepare([], leavesFile: folder.path + "/none") } == .unreadableLeaves)
        #expect(log.head == new)
        #expect(try log.prepare([]) == new)
    }

    @Test("readers and a writer at once: every reader sees a whole head")
    func concurrently() async throws {
        let folder = TestFolder()
        let log = try TiledLog(folder: folder.path, size: 0)
        try log.adopt(log.prepare(leaves(1)))
        let all = leaves(5_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while log.head.size < 5_000 {
                    let size = log.head.size
                    try log.adopt(log.prepare(Array(all[size..<min(5_000, size + 97)])))
                }
            }
            for seed in 0..<2 {
                group.addTask {
                    var trials = Trials(UInt64(seed))
                    for _ in 0..<200 {
                        let head = log.head
                        let index = Int.random(in: 0..<head.size, using: &trials)
                        let path = try log.inclusion(of: index, in: head.size)
                        #expect(MerkleTree.includes(all[index], at: index, in: head, proof: path))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(log.head == head(5_000))
    }
}

@Suite("Damage to the log")
struct LogDamageTests {
    private enum Damage: CaseIterable { case alter, delete, insert, reorder, truncate, rewrite }

    /// A folder with a log, and what its files hold.
    private func log(_ size: Int) throws -> (TestFolder, TreeHead, [[UInt8]]) {
        let folder = TestFolder()
        let log = try TiledLog(folder: folder.path, size: 0)
        try log.adopt(log.prepare(leaves(size)))
        return (folder, log.head, (0..<6).map { folder.read("level\($0)") })
    }

    @Test("10,000 hashes altered, deleted, inserted, reordered, cut off, or rewritten with all that stands above: all found")
    func trials() throws {
        var trials = Trials(5)
        for (size, count) in [(1, 300), (300, 5_000), (700, 3_500), (1_300, 1_150), (66_000, 50)] {
            let (folder, head, files) = try log(size)
            for _ in 0..<count {
                let damaged = damage(files, &trials)
                for level in 0..<6 where damaged[level] != files[level] { folder.write(damaged[level], "level\(level)") }
                #expect(isFound(folder, head), "seed state \(trials.state)")
                for level in 0..<6 where damaged[level] != files[level] { folder.write(files[level], "level\(level)") }
            }
            #expect(!isFound(folder, head))
        }
    }

    private func isFound(_ folder: TestFolder, _ head: TreeHead) -> Bool {
        guard let log = try? TiledLog(folder: folder.path, size: head.size) else { return true }
        guard let mismatches = try? log.verify(against: head) else { return true }
        return !mismatches.isEmpty
    }

    private func damage(_ files: [[UInt8]], _ trials: inout Trials) -> [[UInt8]] {
        var files = files
        let level = files.indices.filter { !files[$0].isEmpty }.randomElement(using: &trials) ?? 0
        let count = files[level].count / 32
        let place = Int.random(in: 0..<count, using: &trials)
        let hash = 32 * place..<32 * place + 32
        switch Damage.allCases.randomElement(using: &trials) ?? .alter {
        case .alter:
            files[level][Int.random(in: hash, using: &trials)] ^= 1 << UInt8.random(in: 0..<8, using: &trials)
        case .delete: files[level].removeSubrange(hash)
        case .insert: files[level].insert(contentsOf: bytes(digest([UInt8(level)])), at: hash.lowerBound)
        case .reorder where count > 1:
            let moved = Array(files[level][hash])
            files[level].removeSubrange(hash)
            files[level].insert(contentsOf: moved, at: 32 * ((place + Int.random(in: 1..<count, using: &trials)) % count))
        case .truncate: files[level].removeLast(files[level].count - hash.lowerBound)
        case .rewrite, .reorder: return rewritten(files, &trials)
        }
        return files
    }

    /// One who knows the form: another leaf, and every hash above it to fit.
    private func rewritten(_ files: [[UInt8]], _ trials: inout Trials) -> [[UInt8]] {
        let folder = TestFolder()
        var leaves = files[0]
        leaves[Int.random(in: leaves.indices, using: &trials)] ^= 1
        folder.write(leaves, "leaves")
        _ = try? TiledLog(folder: folder.path, size: 0).prepare([], leavesFile: folder.path + "/leaves")
        return (0..<6).map { folder.read("level\($0)") }
    }

    @Test("the report names the level, the index and exactly the leaves that depend on it")
    func named() throws {
        let (folder, head, files) = try log(66_000)
        let log = try TiledLog(folder: folder.path, size: head.size)
        func report(_ level: Int, _ index: Int) throws -> [LedgerMismatch] {
            var bytes = files[level]
            bytes[32 * index] ^= 1
            folder.write(bytes, "level\(level)")
            defer { folder.write(files[level], "level\(level)") }
            return try TiledLog(folder: folder.path, size: head.size).verify(against: head)
        }
        let leaf = try report(0, 1_000)
        #expect(leaf.map(\.leaves) == [768..<1_024])
        #expect(leaf.map(\.level) == [1])
        let tile = try report(1, 7)
        #expect(tile.map(\.leaves) == [1_792..<2_048, 0..<65_536])
        // The right edge, which only the root covers; and a stored hash that the root takes as it is.
        #expect(try report(0, 65_999).map(\.level) == [nil])
        #expect(try report(2, 0).map(\.level) == [2, nil])
        #expect(try log.verify().isEmpty)
        let steps = Mutex<[Int]>([])
        _ = try log.verify(against: head) { done, of in steps.withLock { $0.append(done) }; #expect(of == 66_000) }
        #expect(steps.withLock { $0.last } == 66_000)
        #expect(leaf[0].description == "第 1 层第 3 个摘要与下层不符（第 768 至 1023 条）")
    }

    @Test("files shorter than the registry's size are refused by name, with a cure")
    func short() throws {
        let (folder, head, files) = try log(700)
        for level in 0...1 {
            folder.write(Array(files[level].dropLast()), "level\(level)")
            do {
                _ = try TiledLog(folder: folder.path, size: head.size)
                Issue.record("not refused")
            } catch {
                #expect(error.code == .tooShort && error.place == folder.path + "/level\(level)")
                #expect(error.description.contains("tianzhong verify"))
            }
            folder.write(files[level], "level\(level)")
        }
    }
}
