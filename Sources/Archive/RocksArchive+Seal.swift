import Dispatch
import Glibc
import Synchronization

extension RocksArchive {
    /// Fewer entries than this are not worth a file and a thread of their own.
    private static let entriesPerPart = 50_000

    package func seal(
        _ arenas: [EntryArena], marker: DeliveryMarker, staging: String, workers: Int
    ) throws(ArchiveFault) -> SealedDelivery {
        let sealing = try Sealing(arenas, marker: marker)
        let parts = max(1, min(workers, sealing.marker.entryCount / Self.entriesPerPart))
        let files = (0..<parts).map { "\(staging)/\(marker.delivery)-\($0).sst" }
        let results = Mutex([Result<Int, ArchiveFault>](repeating: .success(0), count: parts))
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let result = Result { () throws(ArchiveFault) in
                try Self.writeFile(files[part], sealing, part: part, of: parts)
            }
            results.withLock { $0[part] = result }
        }
        do throws(ArchiveFault) {
            var written: [String] = []
            var byteCount = 0
            for (file, result) in zip(files, results.withLock { $0 }) {
                let size = try result.get()
                byteCount += size
                if size > 0 { written.append(file) }
            }
            try syncPath(staging, isDirectory: true)
            return SealedDelivery(marker: sealing.marker, files: written, byteCount: byteCount)
        } catch {
            for file in files { _ = unsafe unlink(file) }
            throw error
        }
    }

    /// Writes one part; its size, or 0 where the part has no keys and so no file.
    private static func writeFile(
        _ path: String, _ sealing: Sealing, part: Int, of parts: Int
    ) throws(ArchiveFault) -> Int {
        var file = try SortedFile(path: path)
        try sealing.write(into: &file, part: part, of: parts)
        guard file.isEmpty else { return try file.finish() }
        // The store's writer refuses to finish a file without keys.
        _ = unsafe unlink(path)
        return 0
    }
}
