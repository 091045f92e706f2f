import Disk
import Synchronization

/// Chance that repeats itself: SplitMix64.
struct Chance {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// One of 0, 1, … `bound` - 1.
    mutating func below(_ bound: Int) -> Int { Int(truncatingIfNeeded: next() >> 33) % bound }

    mutating func coin() -> Bool { next() >> 63 == 1 }
}

/// A disk in memory that loses what was not synced.
///
/// After a crash a file holds what was synced and then nothing, some, all, or rubbish of what was appended since; each file by
/// itself, so that later writes may outlive earlier ones. Each name in a folder that was not synced since it changed is as it
/// was or as it became, each by itself, so that a rename may have happened at one end only.
///
/// An operation may be told to fail; a failed sync ends the process, and an ended process does nothing any more.
final class SimulatedDisk: Disk {
    /// A fault of the disk's own making, so that the simulation can show that it would be found.
    enum PlantedFault: CaseIterable {
        /// `sync` returns without syncing.
        case noSync
        /// `syncFolder` returns without syncing.
        case noFolderSync
        /// `syncFolder` makes the names of files durable, those of new folders not: what the store once forgot to ask for.
        case noNewFolders
        /// A file gets its final name first and is synced afterwards.
        case renameBeforeSync
    }

    /// What is to happen at an operation.
    enum Event {
        /// The process ends; the operation happens wholly, in part or not at all.
        case end
        case fault(DiskFault.Code)
    }

    final class Node {
        var bytes: [UInt8] = []
        var synced = 0
        /// Folders only: names now, and names after a loss of power.
        var names: [String: Node]?
        var durable: [String: Node] = [:]

        init(isFolder: Bool) { if isFolder { names = [:] } }
    }

    struct State {
        var folders: [String: Node]
        var open: [Int32: Node] = [:]
        var nextHandle: Int32 = 3
        var chance: Chance
        /// Operations until `event`; negative for never.
        var countdown = -1
        var event = Event.end
        var hasEnded = false
        var hasFailed = false
        var operations = 0
        /// Files whose sync waits for their rename; `renameBeforeSync` only.
        var waiting: [String: Node] = [:]
    }

    private let state: Mutex<Box>
    private let planted: PlantedFault?

    /// Keeps the nodes inside the lock. `@unchecked Sendable`: it is reached under the lock alone and never handed out.
    final class Box: @unchecked Sendable {
        var state: State
        init(_ state: State) { self.state = state }
    }

    init(root: String, seed: UInt64, planted: PlantedFault? = nil) {
        self.planted = planted
        state = Mutex(Box(State(folders: [root: Node(isFolder: true)], chance: Chance(seed: seed))))
    }

    private func with<T>(_ body: (inout State) throws(DiskFault) -> T) throws(DiskFault) -> T {
        try state.withLock { box throws(DiskFault) in try body(&box.state) }
    }
}

// MARK: - What the tests do to it

extension SimulatedDisk {
    /// The event happens at the operation that `operations` others precede.
    func schedule(_ event: Event, after operations: Int) {
        state.withLock { box in
            box.state.countdown = operations
            box.state.event = event
        }
    }

    var hasEnded: Bool { state.withLock { $0.state.hasEnded } }

    /// Whether an operation was told to fail since the last start.
    var hasFailed: Bool { state.withLock { $0.state.hasFailed } }

    /// Operations since the last start.
    var operations: Int { state.withLock { $0.state.operations } }

    /// A step of another store: wholly or not at all, durable at once. May be the last of the process.
    func step(_ body: () -> Void) throws(DiskFault) {
        try with { state throws(DiskFault) in
            try Self.begins(&state, "store")
            body()
            try Self.ends(&state, "store")
        }
    }

    /// Starts a process again, after the end of the last one or of the power.
    func restart(losingPower: Bool) {
        state.withLock { box in
            if losingPower { Self.losePower(&box.state) }
            box.state.hasEnded = false
            box.state.hasFailed = false
            box.state.countdown = -1
            box.state.operations = 0
            box.state.open = [:]
            box.state.waiting = [:]
        }
    }

    private static func losePower(_ state: inout State) {
        guard let root = state.folders.min(by: { $0.key.utf8.count < $1.key.utf8.count }) else { return }
        state.folders = [:]
        settle(root.value, root.key, &state)
    }

    /// Decides what of a folder has outlived the loss of power.
    private static func settle(_ folder: Node, _ path: String, _ state: inout State) {
        state.folders[path] = folder
        var names = folder.durable
        let now = folder.names ?? [:]
        // Sorted, so that a seed repeats itself.
        for name in Set(now.keys).union(names.keys).sorted() where now[name] !== names[name] && state.chance.coin() {
            names[name] = now[name]
        }
        folder.names = names
        folder.durable = names
        for name in names.keys.sorted() {
            guard let node = names[name] else { continue }
            if node.names == nil { tear(node, &state.chance) } else { settle(node, "\(path)/\(name)", &state) }
        }
    }

    private static func tear(_ file: Node, _ chance: inout Chance) {
        let unsynced = file.bytes.count - file.synced
        guard unsynced > 0 else { return }
        switch chance.below(4) {
        case 0: file.bytes.removeLast(unsynced)
        case 1: file.bytes.removeLast(chance.below(unsynced + 1))
        case 2: break
        default:
            // The length was written, the bytes were not, from some place on.
            let start = file.synced + chance.below(unsynced)
            for index in start..<file.bytes.count { file.bytes[index] = 0 }
        }
        file.synced = file.bytes.count
    }
}

// MARK: - Disk

extension SimulatedDisk {
    /// Counts an operation; throws where it fails, or where the process ends before it has any effect.
    private static func begins(_ state: inout State, _ path: String) throws(DiskFault) {
        if state.hasEnded { throw DiskFault(.ended, path: path, reason: "ended") }
        state.operations += 1
        guard state.countdown == 0 else { return }
        switch state.event {
        case .end:
            if state.chance.coin() { return }
            state.hasEnded = true
            throw DiskFault(.ended, path: path, reason: "ended")
        case .fault(let code):
            state.countdown = -1
            state.hasFailed = true
            throw DiskFault(code, path: path, reason: "\(code)")
        }
    }

    /// After an operation had its effect: the process may end in it all the same.
    private static func ends(_ state: inout State, _ path: String) throws(DiskFault) {
        if state.countdown == 0 {
            state.hasEnded = true
            throw DiskFault(.ended, path: path, reason: "ended")
        }
        if state.countdown > 0 { state.countdown -= 1 }
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        return (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
    }

    private static func folder(_ path: String, _ state: State) throws(DiskFault) -> Node {
        guard let node = state.folders[path] else { throw DiskFault(.missing, path: path, reason: "no folder") }
        return node
    }

    /// Runs an operation that changes something.
    private func change<T>(_ path: String, _ body: (inout State) throws(DiskFault) -> T) throws(DiskFault) -> T {
        try with { state throws(DiskFault) in
            try Self.begins(&state, path)
            let value = try body(&state)
            try Self.ends(&state, path)
            return value
        }
    }

    func create(_ path: String, mode: UInt32) throws(DiskFault) -> Int32 {
        try change(path) { state throws(DiskFault) in
            let (folder, name) = Self.split(path)
            let node = Node(isFolder: false)
            try Self.folder(folder, state).names?[name] = node
            state.nextHandle += 1
            state.open[state.nextHandle] = node
            return state.nextHandle
        }
    }

    func append(_ bytes: Span<UInt8>, to file: Int32, at path: String) throws(DiskFault) {
        try with { state throws(DiskFault) in
            let node = state.open[file]
            do throws(DiskFault) { try Self.begins(&state, path) } catch {
                // A write that fails, or in which the process ends, may have written some of the bytes.
                for index in 0..<state.chance.below(bytes.count + 1) { node?.bytes.append(bytes[index]) }
                throw error
            }
            for index in bytes.indices { node?.bytes.append(bytes[index]) }
            try Self.ends(&state, path)
        }
    }

    /// A sync that is told to fail ends the process, as the system's does.
    func sync(_ file: Int32, at path: String) throws(DiskFault) {
        try syncing(path) { state throws(DiskFault) in
            guard let node = state.open[file] else { return }
            switch planted {
            case .noSync: break
            case .renameBeforeSync: state.waiting[path] = node
            default: node.synced = node.bytes.count
            }
        }
    }

    func close(_ file: Int32) { state.withLock { _ = $0.state.open.removeValue(forKey: file) } }

    func rename(_ source: String, as target: String) throws(DiskFault) {
        try change(source) { state throws(DiskFault) in
            let (from, to) = (Self.split(source), Self.split(target))
            let (old, new) = (try Self.folder(from.folder, state), try Self.folder(to.folder, state))
            guard let node = old.names?.removeValue(forKey: from.name) else {
                throw DiskFault(.missing, path: source, reason: "no file")
            }
            new.names?[to.name] = node
        }
        try with { state throws(DiskFault) in
            guard let node = state.waiting.removeValue(forKey: source) else { return }
            try Self.begins(&state, source)
            node.synced = node.bytes.count
            try Self.ends(&state, source)
        }
    }

    func remove(_ path: String) throws(DiskFault) {
        try change(path) { state throws(DiskFault) in
            let (folder, name) = Self.split(path)
            state.folders[folder]?.names?[name] = nil
        }
    }

    func makeFolder(_ path: String, mode: UInt32) throws(DiskFault) {
        try change(path) { state throws(DiskFault) in
            guard state.folders[path] == nil else { return }
            let (parent, name) = Self.split(path)
            let node = Node(isFolder: true)
            // The tree's root stands for the disk itself.
            if let above = state.folders[parent] { above.names?[name] = node }
            state.folders[path] = node
        }
    }

    func removeFolder(_ path: String) throws(DiskFault) {
        try change(path) { state throws(DiskFault) in
            guard let node = state.folders[path] else { return }
            guard node.names?.isEmpty == true else { throw DiskFault(.inputOutput, path: path, reason: "not empty") }
            let (parent, name) = Self.split(path)
            state.folders[parent]?.names?[name] = nil
            state.folders[path] = nil
        }
    }

    func syncFolder(_ path: String) throws(DiskFault) {
        try syncing(path) { state throws(DiskFault) in
            guard planted != .noFolderSync, let node = state.folders[path] else { return }
            let before = node.durable
            node.durable = node.names ?? [:]
            guard planted == .noNewFolders else { return }
            for (name, child) in node.durable where child.names != nil && before[name] !== child { node.durable[name] = nil }
        }
    }

    private func syncing(_ path: String, _ body: (inout State) throws(DiskFault) -> Void) throws(DiskFault) {
        try with { state throws(DiskFault) in
            do throws(DiskFault) { try Self.begins(&state, path) } catch {
                state.hasEnded = true
                throw DiskFault(.ended, path: path, reason: "sync failed")
            }
            try body(&state)
            try Self.ends(&state, path)
        }
    }

    func names(in folder: String) throws(DiskFault) -> [String] {
        try with { state throws(DiskFault) in
            if state.hasEnded { throw DiskFault(.ended, path: folder, reason: "ended") }
            return (state.folders[folder]?.names?.keys).map { $0.sorted() } ?? []
        }
    }

    func read(_ path: String) throws(DiskFault) -> [UInt8] {
        try with { state throws(DiskFault) in
            if state.hasEnded { throw DiskFault(.ended, path: path, reason: "ended") }
            let (folder, name) = Self.split(path)
            guard let node = state.folders[folder]?.names?[name], node.names == nil else {
                throw DiskFault(.missing, path: path, reason: "no file")
            }
            return node.bytes
        }
    }

    func freeBytes(at path: String) throws(DiskFault) -> UInt64 { 1 << 40 }
}
