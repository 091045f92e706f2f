import Archive
import Glibc
import Identifiers

/// A small generator with a seed, so that a failing case can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Delivery times written by hand.
struct Times: DeliveryTimes {
    var knownAt: [UInt32: Int64] = [:]
    var withdrawnAt: [UInt32: Int64] = [:]

    func known(_ delivery: UInt32) -> Instant? { knownAt[delivery].map { Instant(milliseconds: $0) } }
    func withdrawn(_ delivery: UInt32) -> Instant? { withdrawnAt[delivery].map { Instant(milliseconds: $0) } }
}

func day(_ number: Int32) -> CivilDate { CivilDate(day: number) }

func clocks(asOf: Int32 = 100_000, knownAt: Int64 = .max) -> Clocks {
    Clocks(asOf: day(asOf), knownAt: Instant(milliseconds: knownAt))
}

func subject(_ number: UInt64) -> SubjectKey {
    var generator = SeededGenerator(number)
    return SubjectKey(high: generator.next(), low: generator.next())
}

/// An entry whose payload is a business key and a value.
func entry(
    _ delivery: UInt32, _ row: UInt32, key: String = "文书一", value: String = "", kind: EntryKind = .record,
    target: RecordID? = nil, effective: Int32? = nil, resource: UInt16 = 302
) -> Entry {
    Entry(
        kind: kind, record: RecordID(delivery: delivery, row: row), resource: resource, version: 1,
        effective: effective.map(day), target: target, keyLength: key.utf8.count,
        payload: Array(key.utf8) + Array(value.utf8))
}

func marker(_ delivery: UInt32, known: Int64 = 0) -> DeliveryMarker {
    DeliveryMarker(
        delivery: delivery, known: Instant(milliseconds: known), rows: 0, accepted: 0, suspended: 0, rejected: 0,
        digest: [UInt8](repeating: UInt8(truncatingIfNeeded: delivery), count: 32))
}

func arena(_ delivery: UInt32, _ entries: [(SubjectKey?, Entry)]) throws -> EntryArena {
    var arena = EntryArena(delivery: delivery)
    for (subject, entry) in entries { try arena.append(entry, subject: subject) }
    return arena
}

/// A directory that is gone when the test is.
final class Folder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/archive-test-XXXXXX".utf8CString)
        _ = unsafe template.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        _ = unsafe mkdir(path + "/staging", 0o700)
    }

    deinit { remove(path) }

    var archive: String { path + "/archive" }
    var staging: String { path + "/staging" }

    func names(in directory: String) -> [String] {
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let item = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &item.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private func remove(_ path: String) {
        for name in names(in: path) { remove(path + "/" + name) }
        if unsafe rmdir(path) != 0 { _ = unsafe unlink(path) }
    }
}

extension RocksArchive {
    /// Seals and commits in one go.
    func take(_ arenas: [EntryArena], _ marker: DeliveryMarker, _ folder: Folder, workers: Int = 1) throws {
        try commit(try seal(arenas, marker: marker, staging: folder.staging, workers: workers))
    }

    /// Everything that a scan yields, in its order.
    func everything() throws -> [(SubjectKey, Entry)] {
        var all: [(SubjectKey, Entry)] = []
        try scan { all.append(($0, $1)) }
        return all
    }
}

/// Flips one bit of a byte of a file.
func flip(_ path: String, at offset: Int, bit: UInt8 = 1) {
    let descriptor = unsafe open(path, O_RDWR)
    defer { close(descriptor) }
    var byte: UInt8 = 0
    _ = unsafe pread(descriptor, &byte, 1, offset)
    byte ^= bit
    _ = unsafe pwrite(descriptor, &byte, 1, offset)
}

func size(_ path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
}
