extension RocksArchive {
    package func scan(_ body: (SubjectKey, Entry) throws -> Void) throws {
        let everyone = SubjectKey(high: 0, low: 0)...SubjectKey(high: .max, low: .max)
        try scanPages(everyone) { key, page in
            var cursor = EntryCursor()
            while let head = try cursor.next(in: page, under: key) {
                try body(key.subject, head.entry(in: page))
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
        func figure(_ name: String) -> Int { Int(handle.figure("rocksdb.\(name)") ?? 0) }
        let levels = (1..<RocksSettings.levels).filter { handle.fileCount(atLevel: $0) > 0 }.count
        return ArchiveBacklog(
            sortedRuns: handle.fileCount(atLevel: 0) + levels,
            isSettled: figure("num-running-compactions") == 0 && figure("compaction-pending") == 0,
            diskBytes: figure("total-sst-files-size"))
    }
}

/// The store's own account of its unfinished work.
package struct ArchiveBacklog: Sendable, Hashable {
    /// Files and levels that lie over one another: a read looks into each whose keys and filter do not rule it out.
    package let sortedRuns: Int
    /// No compaction is under way or due.
    package let isSettled: Bool
    /// Bytes of all data files.
    package let diskBytes: Int

    package init(sortedRuns: Int, isSettled: Bool, diskBytes: Int) {
        self.sortedRuns = sortedRuns
        self.isSettled = isSettled
        self.diskBytes = diskBytes
    }

    /// Sorted runs at which deliveries of some size wait for compaction. Reads look into fewer than these, and the space
    /// and time that compaction still needs stay bounded.
    package static let bulkLimit = 28
    /// Sorted runs at which small deliveries wait too.
    package static let limit = 56
    /// Entries from which on a delivery is not small.
    package static let bulkEntries = 50_000

    /// Whether a delivery of so many entries may be committed now. The store takes files in without looking, so this is
    /// for its callers to ask.
    package func admits(entries: Int) -> Bool {
        sortedRuns < (entries < Self.bulkEntries ? Self.limit : Self.bulkLimit)
    }
}
