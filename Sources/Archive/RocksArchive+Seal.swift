import Dispatch
import Glibc
import Synchronization

extension RocksArchive {
    /// Fewer entries than this are not worth a file and a thread of their own.
    private static let entriesPerPart = 50_000

    package func spill(_ arena: EntryArena, run: Int, staging: String) throws(ArchiveFault) -> SealedRun {
        let sealing = try Sealing([arena], delivery: arena.delivery, run: run)
        let path = "\(staging)/\(arena.delivery)-run-\(run).sst"
        do throws(ArchiveFault) {
            var file = try SortedFile(path: path)
            try sealing.write(into: &file)
            return SealedRun(
                number: run, file: path, byteCount: try file.finish(), entryCount: sealing.entryCount,
                suspendedCount: sealing.suspendedCount)
        } catch {
            _ = unsafe unlink(path)
            throw error
        }
    }

    package func seal(
        _ arenas: [EntryArena], after runs: [SealedRun], marker: DeliveryMarker, staging: String, workers: Int
    ) throws(ArchiveFault) -> SealedDelivery {
        let sealing = try Sealing(arenas, delivery: marker.delivery)
        let marker = marker.counting(sealing, runs)
        let parts = max(1, min(workers, sealing.entryCount / Self.entriesPerPart))
        let files = (0..<parts).map { "\(staging)/\(marker.delivery)-\($0).sst" }
        let results = Mutex([Result<Int, ArchiveFault>](repeating: .success(0), count: parts))
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let result = Result { () throws(ArchiveFault) in
                try Self.writeFile(files[part], sealing, part: part, of: parts, marker: part == 0 ? marker : nil)
            }
            results.withLock { $0[part] = result }
        }
        do throws(ArchiveFault) {
            let runs = runs.sorted { $0.number < $1.number }
            var written = runs.map(\.file)
            var byteCount = runs.reduce(0) { $0 + $1.byteCount }
            for (file, result) in zip(files, results.withLock { $0 }) {
                let size = try result.get()
                byteCount += size
                if size > 0 { written.append(file) }
            }
            try syncPath(staging, isDirectory: true)
            return SealedDelivery(marker: marker, files: written, byteCount: byteCount)
        } catch {
            for file in files { _ = unsafe unlink(file) }
            throw error
        }
    }

    /// Writes one part; its size, or 0 where the part has no keys and so no file.
    private static func writeFile(
        _ path: String, _ sealing: Sealing, part: Int, of parts: Int, marker: DeliveryMarker?
    ) throws(ArchiveFault) -> Int {
        var file = try SortedFile(path: path)
        if let marker { try file.put(StoreKey.marker(marker.delivery), marker.stored) }
        try sealing.write(into: &file, part: part, of: parts)
        guard file.isEmpty else { return try file.finish() }
        // The store's writer refuses to finish a file without keys.
        _ = unsafe unlink(path)
        return 0
    }
}

extension DeliveryMarker {
    /// The marker with the counts of what is sealed.
    func counting(_ sealing: Sealing, _ runs: [SealedRun] = []) -> DeliveryMarker {
        var marker = self
        marker.entryCount = sealing.entryCount + runs.reduce(0) { $0 + $1.entryCount }
        marker.suspendedCount = sealing.suspendedCount + runs.reduce(0) { $0 + $1.suspendedCount }
        return marker
    }
}
