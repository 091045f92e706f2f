import CRocksDB
import Glibc
import Synchronization

/// An open store. The only place that calls the store's C functions for reading and writing.
///
/// The store is closed when the last reference goes, so no call can meet a closed store.
///
/// `@unchecked Sendable`: both stored addresses are set once in `init` and cleared nowhere. `rocksdb_t` may be used by any
/// number of threads at once without locking (RocksDB's documented contract); options are only read after `init`, and what
/// their callbacks are given locks for itself. `isStopping` is atomic. All other C objects live within one call.
@safe final class RocksHandle: @unchecked Sendable {
    let path: String
    private let settings: RocksSettings
    private let database: OpaquePointer
    private let isStopping = Atomic(false)

    /// - Parameters:
    ///   - staged: sorted files of commits that the last process may not have finished.
    ///   - erased: what goes when the store rewrites what they stand in.
    init(
        path: String, options: ArchiveOptions, staged: [String], erased: ErasedList
    ) throws(ArchiveFault) {
        self.path = path
        let found = ArchiveDirectory(path)
        // Without its CURRENT file the store would start anew here and remove what it does not know.
        if found.hasFiles, !found.hasCurrent { throw ArchiveFault(.damaged, place: path + "/CURRENT") }
        settings = RocksSettings(options, erased: erased)
        var torn = TornIngest(archive: path, staged: staged)
        do throws(ArchiveFault) {
            unsafe database = try Self.open(path, settings, options) { torn.mend($0) }
            try torn.keep()
        } catch {
            // What an archive lacks of its own files is damage; `missing` is for places without an archive.
            let isDamage = error.code == .missing && found.hasCurrent
            throw isDamage ? ArchiveFault(.damaged, place: path, detail: error.detail) : error
        }
    }

    /// Opens the store, again where `mend` has done something about the fault.
    private static func open(
        _ path: String, _ settings: borrowing RocksSettings, _ options: ArchiveOptions, mend: (ArchiveFault) -> Bool
    ) throws(ArchiveFault) -> OpaquePointer {
        while true {
            var error: UnsafeMutablePointer<CChar>?
            let opened =
                unsafe options.readOnly
                ? rocksdb_open_for_read_only(settings.options, path, 0, &error)
                : rocksdb_open(settings.options, path, &error)
            do throws(ArchiveFault) { try unsafe check(error, path) } catch {
                guard mend(error) else { throw error }
                continue
            }
            guard let opened = unsafe opened else { throw ArchiveFault(.inputOutput, place: path, detail: "no handle") }
            return unsafe opened
        }
    }

    deinit {
        unsafe rocksdb_close(database)
    }

    /// Turns the store's error text, which must be freed, into a fault.
    static func check(_ error: UnsafeMutablePointer<CChar>?, _ place: String) throws(ArchiveFault) {
        guard let error = unsafe error else { return }
        let text = unsafe String(cString: error)
        unsafe rocksdb_free(error)
        throw ArchiveFault(store: text, place: place)
    }

    /// The value under a key.
    func value(of key: [UInt8]) throws(ArchiveFault) -> [UInt8]? {
        let options = unsafe rocksdb_readoptions_create()
        defer { unsafe rocksdb_readoptions_destroy(options) }
        var error: UnsafeMutablePointer<CChar>?
        var length = 0
        let found = unsafe key.withUnsafeBytes { bytes in
            unsafe rocksdb_get(
                database, options, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &length, &error)
        }
        try unsafe Self.check(error, path)
        guard let found = unsafe found else { return nil }
        defer { unsafe rocksdb_free(found) }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: found, count: length))
    }

    /// Applies a batch in one step that survives a power cut.
    func write(_ batch: borrowing WriteBatch) throws(ArchiveFault) {
        let options = unsafe rocksdb_writeoptions_create()
        defer { unsafe rocksdb_writeoptions_destroy(options) }
        unsafe rocksdb_writeoptions_set_sync(options, 1)
        var error: UnsafeMutablePointer<CChar>?
        unsafe rocksdb_write(database, options, batch.batch, &error)
        try unsafe Self.check(error, path)
    }

    /// Takes sorted files over in one step that survives a power cut: the store links and syncs them, then syncs its manifest.
    ///
    /// The files may overlap, as a delivery's runs do. The store then numbers them in the given order, so that operands of
    /// one key are joined in it and of several values of one key the last counts; all enter the manifest with one edit.
    func ingest(_ files: [String]) throws(ArchiveFault) {
        let options = unsafe rocksdb_ingestexternalfileoptions_create()
        defer { unsafe rocksdb_ingestexternalfileoptions_destroy(options) }
        unsafe rocksdb_ingestexternalfileoptions_set_move_files(options, 1)
        // The C list needs mutable addresses; the store only reads them during the call.
        let names = unsafe files.map { unsafe strdup($0) }
        defer { for unsafe name in unsafe names { unsafe free(name) } }
        let list = unsafe names.map { unsafe UnsafePointer<CChar>($0) }
        var error: UnsafeMutablePointer<CChar>?
        unsafe list.withUnsafeBufferPointer {
            unsafe rocksdb_ingest_external_file(database, $0.baseAddress, $0.count, options, &error)
        }
        try unsafe Self.check(error, path)
    }

    /// Copies the store, by hard links where possible, into a directory that must not exist.
    func checkpoint(to directory: String) throws(ArchiveFault) {
        var error: UnsafeMutablePointer<CChar>?
        let checkpoint = unsafe rocksdb_checkpoint_object_create(database, &error)
        try unsafe Self.check(error, path)
        defer { unsafe rocksdb_checkpoint_object_destroy(checkpoint) }
        unsafe rocksdb_checkpoint_create(checkpoint, directory, 0, &error)
        try unsafe Self.check(error, directory)
    }

    /// Rewrites everything into its final level, also what is there already where a filter may have something to leave out.
    /// Reads, writes and the store's own compaction go on.
    /// - Throws: `interrupted` where it was stopped, `inputOutput` where the store had a fault of its own: it does not say whether
    ///   the rewriting is whole.
    func compact() throws(ArchiveFault) {
        let before = figure("rocksdb.background-errors")
        let options = unsafe rocksdb_compactoptions_create()
        defer { unsafe rocksdb_compactoptions_destroy(options) }
        unsafe rocksdb_compactoptions_set_exclusive_manual_compaction(options, 0)
        unsafe rocksdb_compact_range_opt(database, options, nil, 0, nil, 0)
        guard !isStopping.load(ordering: .acquiring) else { throw ArchiveFault(.interrupted, place: path) }
        guard figure("rocksdb.background-errors") == before else {
            throw ArchiveFault(.inputOutput, place: path, detail: "background error")
        }
    }

    /// Makes `compact` end soon, now and from now on.
    func stopCompacting() {
        isStopping.store(true, ordering: .releasing)
        unsafe rocksdb_disable_manual_compaction(database)
    }

    /// The data files in use, under their names (`/000012.sst`), with their first and last keys.
    func dataFiles() -> [String: (first: [UInt8], last: [UInt8])] {
        guard let list = unsafe rocksdb_livefiles(database) else { return [:] }
        defer { unsafe rocksdb_livefiles_destroy(list) }
        var files: [String: (first: [UInt8], last: [UInt8])] = [:]
        for index in unsafe 0..<rocksdb_livefiles_count(list) {
            var length = 0
            let first = unsafe UnsafeRawBufferPointer(
                start: rocksdb_livefiles_smallestkey(list, index, &length), count: length)
            let last = unsafe UnsafeRawBufferPointer(
                start: rocksdb_livefiles_largestkey(list, index, &length), count: length)
            guard let name = unsafe rocksdb_livefiles_name(list, index) else { continue }
            unsafe files[String(cString: name)] = ([UInt8](first), [UInt8](last))
        }
        return files
    }

    /// One of the store's own figures, for instance `rocksdb.total-sst-files-size`.
    func figure(_ name: String) -> UInt64? {
        var value: UInt64 = 0
        return unsafe rocksdb_property_int(database, name, &value) == 0 ? value : nil
    }

    /// How many files a level has; the store says so in words only.
    func fileCount(atLevel level: Int) -> Int {
        guard let text = unsafe rocksdb_property_value(database, "rocksdb.num-files-at-level\(level)") else { return 0 }
        defer { unsafe rocksdb_free(text) }
        return unsafe Int(String(cString: text)) ?? 0
    }

    /// A view that later writes do not change, for reads that must agree with each other.
    func withSnapshot(_ body: (Snapshot) throws(ArchiveFault) -> Void) throws(ArchiveFault) {
        let snapshot = unsafe rocksdb_create_snapshot(database)
        defer { unsafe rocksdb_release_snapshot(database, snapshot) }
        try body(unsafe Snapshot(address: snapshot))
    }

    /// Lent by `withSnapshot`; must not leave it.
    ///
    /// `@unchecked Sendable`: RocksDB never changes a snapshot, and any number of threads may read under it.
    @safe struct Snapshot: @unchecked Sendable {
        fileprivate let address: OpaquePointer?

        /// Whatever the store holds when a read begins.
        static var latest: Snapshot { unsafe Snapshot(address: nil) }
    }

    /// How a range is read.
    enum Reading {
        /// A few keys of one prefix: the filter may spare files, blocks are kept in the cache.
        case prefix
        /// A few keys, whatever their prefix.
        case range
        /// Much of the store: checksums verified, read ahead, the cache is left to others.
        case sweep
    }

    /// Lends every key and value from `lower` on, before `upper`, until `body` answers false.
    func visit(
        from lower: [UInt8], to upper: [UInt8], _ reading: Reading, snapshot: Snapshot = .latest,
        _ body: (Span<UInt8>, Span<UInt8>) throws(ArchiveFault) -> Bool
    ) throws(ArchiveFault) {
        let options = unsafe rocksdb_readoptions_create()
        defer { unsafe rocksdb_readoptions_destroy(options) }
        unsafe rocksdb_readoptions_set_snapshot(options, snapshot.address)
        switch reading {
        case .prefix:
            unsafe rocksdb_readoptions_set_prefix_same_as_start(options, 1)
        case .range:
            unsafe rocksdb_readoptions_set_total_order_seek(options, 1)
        case .sweep:
            unsafe rocksdb_readoptions_set_total_order_seek(options, 1)
            unsafe rocksdb_readoptions_set_verify_checksums(options, 1)
            unsafe rocksdb_readoptions_set_fill_cache(options, 0)
            unsafe rocksdb_readoptions_set_readahead_size(options, 2 << 20)
        }
        // The store keeps the address of the bound for as long as the iterator lives, so it must not be a temporary.
        let bound = UnsafeMutableBufferPointer<CChar>.allocate(capacity: upper.count)
        defer { unsafe bound.deallocate() }
        for index in upper.indices { unsafe bound[index] = CChar(bitPattern: upper[index]) }
        unsafe rocksdb_readoptions_set_iterate_upper_bound(options, bound.baseAddress, bound.count)
        let iterator = unsafe rocksdb_create_iterator(database, options)
        defer { unsafe rocksdb_iter_destroy(iterator) }
        unsafe lower.withUnsafeBytes {
            unsafe rocksdb_iter_seek(iterator, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
        while unsafe rocksdb_iter_valid(iterator) != 0 {
            var keyLength = 0
            var valueLength = 0
            let key = unsafe UnsafeRawBufferPointer(start: rocksdb_iter_key(iterator, &keyLength), count: keyLength)
            let value = unsafe UnsafeRawBufferPointer(start: rocksdb_iter_value(iterator, &valueLength), count: valueLength)
            // Both stay valid until the iterator moves, which is after `body`.
            let keyBytes = unsafe key.assumingMemoryBound(to: UInt8.self)
            let valueBytes = unsafe value.assumingMemoryBound(to: UInt8.self)
            guard try unsafe body(keyBytes.span, valueBytes.span) else { return }
            unsafe rocksdb_iter_next(iterator)
        }
        var error: UnsafeMutablePointer<CChar>?
        unsafe rocksdb_iter_get_error(iterator, &error)
        try unsafe Self.check(error, path)
    }
}

/// Changes that are applied together.
@safe struct WriteBatch: ~Copyable, KeySink {
    fileprivate let batch: OpaquePointer?

    init() {
        unsafe batch = rocksdb_writebatch_create()
    }

    deinit {
        unsafe rocksdb_writebatch_destroy(batch)
    }

    /// Sets the value of a key.
    func put(_ key: [UInt8], _ value: [UInt8]) {
        unsafe withChars(key, value) { unsafe rocksdb_writebatch_put(batch, $0, $1, $2, $3) }
    }

    /// Appends to the value of a key.
    func append(_ key: [UInt8], _ value: [UInt8]) {
        unsafe withChars(key, value) { unsafe rocksdb_writebatch_merge(batch, $0, $1, $2, $3) }
    }
}

/// Lends a key and a value as the addresses and lengths that C takes.
@inline(__always)
func withChars(
    _ key: [UInt8], _ value: [UInt8], _ body: (UnsafePointer<CChar>?, Int, UnsafePointer<CChar>?, Int) -> Void
) {
    unsafe key.withUnsafeBytes { key in
        unsafe value.withUnsafeBytes { value in
            unsafe body(
                key.baseAddress?.assumingMemoryBound(to: CChar.self), key.count,
                value.baseAddress?.assumingMemoryBound(to: CChar.self), value.count)
        }
    }
}
