internal import Archive
internal import Synchronization

/// The subjects that have a card in the archive, by key, so that a delivery writes cards only for those who are new.
///
/// It never names a subject whose card is not there; one whose card it does not know gets the same card again. Read from
/// the archive once, when first asked, and kept up with each commit. 21 to 32 bytes a subject: 210 to 320 MB for ten million.
final class SubjectCensus: Sendable {
    /// By the leading byte of the key, so that growing moves one part in 256 at a time; nil before it is read.
    private let known = Mutex<[KeySet]?>(nil)
    private let archive: RocksArchive

    init(archive: RocksArchive) {
        self.archive = archive
    }

    /// Reads the archive's cards, unless that is done. A second caller waits for the first.
    func load() throws {
        try known.withLock { known in
            guard known == nil else { return }
            var sets = [KeySet](repeating: KeySet(), count: 256)
            try archive.forEachCard { key in sets[Int(key.high >> 56)].insert(key) }
            known = sets
        }
    }

    /// Which of the subjects met have no card that is known of, by place.
    func unknown(_ met: [RowChecker.Met]) -> [Int] {
        known.withLock { known in
            guard let known else { return Array(met.indices) }
            // Asked for together, the places come from memory many at a time.
            return met.indices.filter { !known[Int(met[$0].key.high >> 56)].contains(met[$0].key) }
        }
    }

    /// Takes in the subjects whose cards a commit has brought.
    func add(_ keys: KeySet) {
        guard keys.count > 0 else { return }
        known.withLock { known in
            // Taken out and put back, so that it is changed where it stands.
            guard var sets = known.take() else { return }
            // Keys are spread evenly over the parts.
            for part in sets.indices {
                let had = sets[part].count
                sets[part].reserve(had + keys.count / sets.count + 1)
            }
            keys.forEach { key in sets[Int(key.high >> 56)].insert(key) }
            known = sets
        }
    }

    /// How many subjects it knows.
    var count: Int { known.withLock { $0?.reduce(0) { $0 + $1.count } ?? 0 } }
}
