import Disk
import Glibc

/// An ingest that ended with the process while its manifest was being synced, and how an archive opens after it.
///
/// When that sync fails RocksDB takes away the files it had linked, though the manifest on disk may name them by then. The sorted
/// files themselves still lie where they were staged: linked again under the numbers that the manifest gives, they make the
/// ingest whole. Which file belongs to which number RocksDB says itself: it compares each with the identity in its manifest
/// (`verify_sst_unique_id_in_manifest`) and refuses any other.
struct TornIngest {
    private let archive: String
    /// Sorted files that are not known to belong to another number.
    private var staged: [String]
    /// Links that were made, the last one not yet confirmed by the store.
    private var linked: [(path: String, candidates: ArraySlice<String>)] = []

    init(archive: String, staged: [String]) {
        self.archive = archive
        self.staged = staged
    }

    /// Links a staged file in for the one whose absence, or strangeness, kept the store from opening.
    ///
    /// - Returns: whether opening is worth another try. If not, all links are gone again.
    mutating func mend(_ fault: ArchiveFault) -> Bool {
        if let missing = Self.missingFile(fault), missing != linked.last?.path {
            if let confirmed = linked.last?.candidates.first { staged.removeAll { $0 == confirmed } }
            return link(missing, staged[...])
        }
        guard let last = linked.popLast() else { return false }
        _ = unsafe unlink(last.path)
        return link(last.path, last.candidates.dropFirst())
    }

    private mutating func link(_ path: String, _ candidates: ArraySlice<String>) -> Bool {
        var candidates = candidates
        while let candidate = candidates.first {
            if unsafe Glibc.link(candidate, path) == 0 {
                linked.append((path, candidates))
                return true
            }
            candidates.removeFirst()
        }
        for link in linked { _ = unsafe unlink(link.path) }
        linked = []
        return false
    }

    /// Makes the links as durable as the manifest that names them.
    func keep() throws(ArchiveFault) {
        if !linked.isEmpty { try syncPath(archive, isDirectory: true) }
    }

    /// The data file of the archive that the store did not find, by its words: `… /000012.ldb: No such file or directory`.
    /// It looks for the older ending last and so reports that.
    private static func missingFile(_ fault: ArchiveFault) -> String? {
        guard fault.detail.contains("No such file"), fault.detail.contains("open a file for random read") else { return nil }
        for part in fault.detail.split(separator: ":") where part.hasSuffix(".ldb") || part.hasSuffix(".sst") {
            return part.drop { $0 == " " }.dropLast(4) + ".sst"
        }
        return nil
    }
}
