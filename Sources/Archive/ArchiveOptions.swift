/// How much memory and how many threads the store may take. The defaults suit 2 cores and 24 GB.
package struct ArchiveOptions: Sendable, Hashable {
    /// Cache of uncompressed blocks, in bytes; one for the whole archive.
    package var cacheBytes: Int
    /// One in-memory table for small pushes, in bytes; at most three exist.
    package var memtableBytes: Int
    /// Threads for compaction and flushing together.
    package var backgroundJobs: Int
    /// Sorted runs from which on compaction merges; more mean fewer rewrites and slower reads.
    package var runsBeforeMerge: Int
    /// Open for reading only: never locks, never writes.
    package var readOnly: Bool
    /// Make the archive when it does not exist.
    package var createIfMissing: Bool
    /// Whether compaction runs by itself; off only while a bulk load measures it apart.
    package var compactsByItself: Bool

    package init(
        cacheBytes: Int = 128 << 20, memtableBytes: Int = 32 << 20, backgroundJobs: Int = 4, runsBeforeMerge: Int = 12,
        readOnly: Bool = false, createIfMissing: Bool = true,
        compactsByItself: Bool = true
    ) {
        self.cacheBytes = cacheBytes
        self.memtableBytes = memtableBytes
        self.backgroundJobs = backgroundJobs
        self.runsBeforeMerge = runsBeforeMerge
        self.readOnly = readOnly
        self.createIfMissing = createIfMissing
        self.compactsByItself = compactsByItself
    }
}
