extension RocksArchive {
    package func scan(_ body: (SubjectKey, Entry) throws -> Void) throws {
        let everyone = SubjectKey(high: 0, low: 0)...SubjectKey(high: .max, low: .max)
        try scanPages(everyone) { key, page in
            var cursor = EntryCursor()
            while let head = try cursor.next(in: page, under: key) {
                try body(key.subject, head.entry(in: page, resource: key.resource))
            }
        }
    }

    package func scanPages(
        _ subjects: ClosedRange<SubjectKey>, _ body: (PageKey, Span<UInt8>) throws -> Void
    ) throws {
        var stopped: (any Error)?
        try handle().visit(
            from: StoreKey.pages(of: subjects.lowerBound), to: StoreKey.end(of: subjects.upperBound), .sweep
        ) { key, page throws(ArchiveFault) in
            guard let pageKey = PageKey(stored: key) else {
                throw ArchiveFault(EntryDamage(offset: 0, reason: .badStoreKey), key: key)
            }
            // The store's visitor throws only its own faults; the caller's error is carried around it.
            do { try body(pageKey, page) } catch { stopped = error }
            return stopped == nil
        }
        if let stopped { throw stopped }
    }

    /// The key of every subject that has a card, in order of keys.
    package func forEachCard(_ body: (SubjectKey) -> Void) throws(ArchiveFault) {
        try handle().visit(from: [KeySpace.card], to: [KeySpace.end], .sweep) { key, _ throws(ArchiveFault) in
            guard key.count == KeySpace.prefixLength else {
                throw ArchiveFault(EntryDamage(offset: 0, reason: .badStoreKey), key: key)
            }
            body(SubjectKey(high: key.bigEndian64(at: 1), low: key.bigEndian64(at: 9)))
            return true
        }
    }

    /// Rewrites everything into its final level while reads and writes go on. For maintenance and measurements.
    package func compact() throws(ArchiveFault) {
        try handle().compact()
    }

    /// How far compaction is behind: what intake looks at before it commits more.
    package func backlog() throws(ArchiveFault) -> ArchiveBacklog {
        let handle = try handle()
        return ArchiveBacklog(
            waitingFiles: Int(handle.figure("rocksdb.num-files-at-level0") ?? 0),
            pendingBytes: Int(handle.figure("rocksdb.estimate-pending-compaction-bytes") ?? 0),
            diskBytes: Int(handle.figure("rocksdb.total-sst-files-size") ?? 0))
    }
}

/// The store's own account of its unfinished work.
package struct ArchiveBacklog: Sendable, Hashable {
    /// Ingested files that no compaction has taken up; every read looks into each of them.
    package let waitingFiles: Int
    /// Bytes that compaction still has to rewrite, estimated.
    package let pendingBytes: Int
    /// Bytes of all data files.
    package let diskBytes: Int
}
