/// Where histories are kept. One implementation is embedded (`RocksArchive`); a cluster may serve the same protocol.
///
/// Deliveries are all or nothing: a reader sees every entry of a delivery and its marker, or none.
/// All functions may be called from any thread at the same time.
package protocol ArchiveStore: Sendable {
    /// All entries under the given keys, merged in knowledge order. Unknown keys have no entries.
    func history(of keys: [SubjectKey]) throws(ArchiveFault) -> History

    /// The same entries without their payloads: 64 bytes each, however long the records are.
    func outline(of keys: [SubjectKey]) throws(ArchiveFault) -> HistoryOutline

    /// The whole entries at some indices of an outline, in the order asked; `nil` where one has been removed from the store
    /// since, which happens to withdrawn deliveries only.
    func entries(_ outline: HistoryOutline, at indices: [Int]) throws(ArchiveFault) -> [Entry?]

    /// One entry of a subject, by its identity; `nil` where the subject has none of that name.
    func entry(_ keys: [SubjectKey], record: RecordID) throws(ArchiveFault) -> Entry?

    /// Suspended entries (疑似) of a delivery, by row, from `row` on, at most `limit`.
    func suspended(delivery: UInt32, from row: UInt32, limit: Int) throws(ArchiveFault) -> [Entry]

    /// The subject's card, as last written.
    func card(of subject: SubjectKey) throws(ArchiveFault) -> SubjectCard?

    /// The delivery's marker; `nil` says that nothing of the delivery is in the archive.
    func marker(of delivery: UInt32) throws(ArchiveFault) -> DeliveryMarker?

    /// All markers, by delivery number.
    func markers() throws(ArchiveFault) -> [DeliveryMarker]

    /// Sorts what a worker has so far of a large delivery and writes it as a file in `staging` that survives a power cut,
    /// so that the arena can be emptied and filled again.
    /// - Parameters:
    ///   - run: a number that no other run of the delivery has, from 1 on.
    ///   - staging: an existing directory on the same file system; a file of the same run is replaced.
    func spill(_ arena: EntryArena, run: Int, staging: String) throws(ArchiveFault) -> SealedRun

    /// Sorts what is left in the workers' arenas and writes it, with the marker, as files in `staging` that survive a power
    /// cut. Readers see nothing of it. The result does not depend on the order of the arenas.
    /// - Parameters:
    ///   - runs: what was spilled of the delivery before.
    ///   - marker: `entryCount` and `suspendedCount` are filled here.
    ///   - staging: an existing directory on the same file system; files of the same delivery are replaced.
    ///   - workers: how many threads may work at it, each on its own range of subjects.
    func seal(
        _ arenas: [EntryArena], after runs: [SealedRun], marker: DeliveryMarker, staging: String, workers: Int
    ) throws(ArchiveFault) -> SealedDelivery

    /// Makes a sealed delivery part of the archive, in one atomic and durable step. The staged files are gone afterwards.
    /// - Throws: `alreadyCommitted` where the marker is there already; nothing is written then.
    func commit(_ sealed: SealedDelivery) throws(ArchiveFault)

    /// A small delivery in one durable write, without files.
    /// - Throws: `alreadyCommitted` where the marker is there already; nothing is written then.
    func append(_ arena: EntryArena, marker: DeliveryMarker) throws(ArchiveFault)

    /// Every entry of every history, by subject; within a subject by page, not by knowledge.
    /// - Throws: what `body` throws, or an `ArchiveFault`.
    func scan(_ body: (SubjectKey, Entry) throws -> Void) throws

    /// Every page as it is stored, for folds that copy nothing: walk it with `EntryCursor`.
    /// - Parameter subjects: only these; disjoint ranges may be scanned by several threads.
    func scanPages(
        _ subjects: ClosedRange<SubjectKey>, _ body: (PageKey, Span<UInt8>) throws -> Void) throws

    /// Reads everything with checksums, decodes every value and counts each delivery against its marker.
    /// - Parameters:
    ///   - workers: how many threads read side by side.
    ///   - progress: told the share done now and then, 0 to 1, on any of them.
    func verify(workers: Int, _ progress: @Sendable (Double) -> Void) throws(ArchiveFault) -> ArchiveReport

    /// Says that these entries may be missing: readers do not show them any more (`DeliveryTimes`), and they have been removed
    /// or will be. Holds for this opening.
    func abandon(_ erased: Erased)

    /// Removes all entries of committed deliveries, and single ones, by rewriting everything without them; reads and commits go on. Afterwards
    /// none is left. It needs as much free disk as the archive takes.
    /// - Throws: `interrupted` where it was stopped, a storage fault where the store had one; part of them is gone then.
    func remove(_ erased: Erased) throws(ArchiveFault)

    /// A consistent copy in a new directory, by hard links where the file system allows; it opens as an archive.
    func checkpoint(to directory: String) throws(ArchiveFault)

    /// Ends all use. Calls after it fail with `closed`; calls still under way finish first.
    func close()
}

extension ArchiveStore {
    /// Seals a delivery of which nothing was spilled.
    package func seal(
        _ arenas: [EntryArena], marker: DeliveryMarker, staging: String, workers: Int = 1
    ) throws(ArchiveFault) -> SealedDelivery {
        try seal(arenas, after: [], marker: marker, staging: staging, workers: workers)
    }

    /// The first suspended entries of a delivery.
    package func suspended(delivery: UInt32, limit: Int) throws(ArchiveFault) -> [Entry] {
        try suspended(delivery: delivery, from: 0, limit: limit)
    }

    /// Verifies on the calling thread, without telling how far it is.
    package func verify() throws(ArchiveFault) -> ArchiveReport {
        try verify(workers: 1) { _ in }
    }
}

/// Part of a delivery, sorted, written and synced before the rest of it is known. Runs of one delivery overlap.
package struct SealedRun: Sendable, Hashable {
    /// Number of the run within its delivery.
    package let number: Int
    /// Absolute path of the file.
    package let file: String
    package let byteCount: Int
    /// Entries of histories in it.
    package let entryCount: Int
    /// Suspended entries in it.
    package let suspendedCount: Int
}

/// A delivery that is sorted, written and synced, and waits for `commit`.
package struct SealedDelivery: Sendable, Hashable {
    /// As it will be stored, with counts.
    package let marker: DeliveryMarker
    /// Absolute paths of the staged files; all of them go in with one step.
    package let files: [String]
    /// Bytes of the staged files.
    package let byteCount: Int

    package init(marker: DeliveryMarker, files: [String], byteCount: Int) {
        self.marker = marker
        self.files = files
        self.byteCount = byteCount
    }
}

/// Subject and page number: what the key of a page says.
package struct PageKey: Sendable, Hashable {
    package let subject: SubjectKey
    package let page: UInt32

    package init(subject: SubjectKey, page: UInt32) {
        self.subject = subject
        self.page = page
    }
}

/// What `verify` found.
package struct ArchiveReport: Sendable, Hashable {
    /// Entries in histories.
    package var entries = 0
    package var suspended = 0
    package var cards = 0
    package var pages = 0
    /// Subjects with at least one entry.
    package var subjects = 0
    /// Abandoned entries, suspended ones too, that are still there; among the others.
    package var unremoved = 0
    package var markers = 0
    /// Bytes of keys and values read, uncompressed.
    package var byteCount = 0
    /// What is wrong, each with key and offset; at most `faultLimit` are kept.
    package var faults: [ArchiveFault] = []
    /// How many faults there were.
    package var faultCount = 0

    /// How many faults are described one by one.
    package static let faultLimit = 100

    /// Nothing is wrong.
    package var isSound: Bool { faultCount == 0 }

    package init() {}

    mutating func note(_ fault: ArchiveFault) {
        faultCount += 1
        if faults.count < Self.faultLimit { faults.append(fault) }
    }
}
