package import Archive
internal import Disk
internal import Glibc
internal import Synchronization

/// The digests of an open data directory, kept up with its files.
///
/// RocksDB's own checksums cover the blocks of data, not the tables of contents around them, and a damaged length in its
/// state file reads as an unfinished write. So each file of the archive is read once more soon after it appears, from the
/// page cache, and its digest is written to `digests`. A file that no pass has met yet has no digest; `verify` says so.
package final class Digests: Sendable {
    static let registry = "registry.sqlite"

    private let path: String
    private let store: DeliveryStore
    private let book: Mutex<DigestBook>
    /// One pass at a time; readers of the book do not wait for it.
    private let passing = Mutex(())

    /// Takes over the book of a directory that is being opened, or begins one. The registry has no digest while it is open.
    init(path: String, book: DigestBook, store: DeliveryStore) throws {
        self.path = path
        var open = book
        open.files[Self.registry] = nil
        if FileAudit.book(of: path) != open { try store.write(open.encoded, to: "\(path)/\(DigestBook.fileName)") }
        self.book = Mutex(open)
        self.store = store
    }

    /// What is known now.
    var current: DigestBook { book.withLock { $0 } }

    /// Brings the book up to the archive's files: reads what is new, drops what is gone.
    package func keep(_ archive: RocksArchive) throws {
        try passing.withLock { _ in
            var next = current
            let known = next.files
            next.files = [:]
            for file in try archive.files() {
                let name = "archive/\(file.name)"
                if let digest = digest(of: file, at: "\(path)/\(name)", known: known[name]) { next.files[name] = digest }
            }
            try replace(by: next)
        }
    }

    /// Records the registry's file, which nobody has open any more.
    func seal() throws {
        try passing.withLock { _ in
            guard (size(of: "\(path)/\(Self.registry)-wal") ?? 0) == 0 else { return }
            var next = current
            next.files[Self.registry] = FileDigest(of: "\(path)/\(Self.registry)")
            try replace(by: next)
        }
    }

    private func replace(by next: DigestBook) throws {
        guard next != current else { return }
        try store.write(next.encoded, to: "\(path)/\(DigestBook.fileName)")
        book.withLock { $0 = next }
    }

    /// The digest of a file as it is now; nil where compaction has just removed it.
    private func digest(of file: ArchiveFile, at path: String, known: FileDigest?) -> FileDigest? {
        if let known {
            if file.kind == .fixed { return known }
            if known.size == size(of: path) { return known }
        }
        // What was only in memory when the power went must not be missed afterwards.
        if file.kind == .growing { Self.sync(path) }
        guard var digest = FileDigest(of: path) else { return nil }
        (digest.firstKey, digest.lastKey) = file.range
        return digest
    }

    private static func sync(_ path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { endProcess(inDoubtAbout: path, reason: unsafe String(cString: strerror(errno))) }
    }
}

/// Whether a path is a folder.
func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Bytes of a file; nil where there is none.
func size(of path: String) -> Int64? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int64(status.st_size) : nil
}
