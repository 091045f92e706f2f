import Synchronization

/// The embedded store of histories: RocksDB in one directory, opened once per process.
package final class RocksArchive: ArchiveStore {
    /// The directory.
    package let path: String
    private let state: Mutex<RocksHandle?>
    let erased = ErasedList()
    /// Deliveries whose entries may be gone, in part or all: what `verify` does not hold against the archive.
    let abandoned = Mutex(Erased())
    /// One commit at a time: looking for the marker and writing it must not be torn apart.
    private let committing = Mutex(())

    /// Opens the archive, making it where `options` say so. The parent directory must exist.
    /// - Parameter staged: sorted files of commits that the last process may not have finished; of those that the archive
    ///   already counts as its own, what is gone is put back from here (`TornIngest`).
    /// - Throws: `locked`, `damaged`, `unwritable`, `missing`, `inputOutput`.
    package init(path: String, options: ArchiveOptions = ArchiveOptions(), staged: [String] = []) throws(ArchiveFault) {
        self.path = path
        state = Mutex(try RocksHandle(path: path, options: options, staged: staged, erased: erased))
    }

    /// Opens the archive with default options.
    package convenience init(path: String, readOnly: Bool) throws(ArchiveFault) {
        try self.init(path: path, options: ArchiveOptions(readOnly: readOnly))
    }

    /// The open store. Whoever holds it keeps it open, so a call that has begun is never cut off.
    func handle() throws(ArchiveFault) -> RocksHandle {
        guard let handle = state.withLock({ $0 }) else { throw ArchiveFault(.closed, place: path) }
        return handle
    }

    package func close() {
        // Released outside the lock: closing waits for the store's own threads.
        let last = state.withLock { state -> RocksHandle? in
            defer { state = nil }
            return state
        }
        _ = last
    }

    package func commit(_ sealed: SealedDelivery) throws(ArchiveFault) {
        let handle = try handle()
        try once(sealed.marker.delivery) { () throws(ArchiveFault) in try handle.ingest(sealed.files) }
    }

    package func append(_ arena: EntryArena, marker: DeliveryMarker) throws(ArchiveFault) {
        let handle = try handle()
        let sealing = try Sealing([arena], delivery: marker.delivery)
        var batch = WriteBatch()
        batch.put(StoreKey.marker(marker.delivery), marker.counting(sealing).stored)
        try sealing.write(into: &batch)
        try once(marker.delivery) { () throws(ArchiveFault) in try handle.write(batch) }
    }

    package func abandon(_ more: Erased) { abandoned.withLock { $0.formUnion(more) } }

    package func remove(_ more: Erased) throws(ArchiveFault) {
        abandon(more)
        erased.add(more)
        try handle().compact()
        erased.remove(more)
    }

    /// Makes a rewriting that is under way end soon, and refuses those to come: before closing.
    package func stopRewriting() { (try? handle())?.stopCompacting() }

    package func checkpoint(to directory: String) throws(ArchiveFault) {
        try handle().checkpoint(to: directory)
    }

    /// Writes a delivery only where its marker is not there yet.
    private func once(_ delivery: UInt32, _ write: () throws(ArchiveFault) -> Void) throws(ArchiveFault) {
        try committing.withLock { _ throws(ArchiveFault) in
            guard try marker(of: delivery) == nil else {
                throw ArchiveFault(.alreadyCommitted, place: "\(delivery)")
            }
            try write()
        }
    }
}
