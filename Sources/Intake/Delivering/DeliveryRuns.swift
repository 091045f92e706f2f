internal import Archive
internal import Synchronization

/// Where the workers of one delivery leave what they have checked, as sorted runs, whenever their memory is full.
///
/// So a delivery of any length needs the memory of `workers` × `byteLimit`, and about half as much again while sorting.
final class DeliveryRuns: Sendable {
    /// The delivery's staging folder.
    let folder: String
    private let directory: DataDirectory
    /// Bytes of checked entries that a worker keeps in memory.
    let byteLimit: Int
    /// A place for each run begun; the first run has number 1.
    private let runs = Mutex<[SealedRun?]>([])

    init(directory: DataDirectory, folder: String, byteLimit: Int) {
        self.directory = directory
        self.folder = folder
        self.byteLimit = byteLimit
    }

    /// Writes the checker's arena as a run where it has grown to the limit.
    func spill(_ checker: inout RowChecker) throws {
        guard checker.arena.footprint >= byteLimit else { return }
        try checker.spill { arena in
            try directory.store.requireSpace(for: arena.byteCount * 2)
            let number = runs.withLock { runs in
                runs.append(nil)
                return runs.count
            }
            let run = try directory.archive.spill(arena, run: number, staging: folder)
            runs.withLock { $0[number - 1] = run }
        }
    }

    /// The runs written, by number.
    var written: [SealedRun] { runs.withLock { $0.compactMap { $0 } } }

    /// Entries in them.
    var entryCount: Int { written.reduce(0) { $0 + $1.entryCount + $1.suspendedCount } }
}
