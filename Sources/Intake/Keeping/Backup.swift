internal import Archive
internal import Disk
package import Identifiers
internal import Registry
internal import Synchronization

/// What a backup has done.
package struct BackupReport: Sendable {
    package var point: BackupPoint
    /// Bytes that the repository did not have yet.
    package var copiedBytes: Int64 = 0
    /// Seconds in which no delivery could be committed.
    package var pause = 0.0
}

/// A further point in a backup repository, made while the data directory is in use.
///
/// No delivery is committed while the archive is checkpointed (hard links) and a read transaction on the registry begun, so
/// that the two agree, and every commit that was torn is finished first. Copying needs no pause: data files, raw files and
/// rejections never change, and the registry is copied from its read transaction.
package struct Backup: Sendable {
    package let directory: DataDirectory
    package let repository: BackupRepository
    /// Bytes of a piece of the registry: what changed since the last point is stored anew in pieces of this size.
    private static let registryPiece: Int64 = 1 << 20

    package init(directory: DataDirectory, repository: BackupRepository) {
        self.directory = directory
        self.repository = repository
    }

    /// - Parameters:
    ///   - now: the time that the point is to carry.
    ///   - uptime: seconds of a clock that never jumps, to measure the pause.
    ///   - progress: told the part that is done, 0…1.
    package func run(
        at now: Instant, uptime: () -> Double = { 0 }, _ progress: (Double) -> Void = { _ in }
    ) throws -> BackupReport {
        try repository.exclusively {
            let points = try repository.points()
            let copy = "\(directory.path)/backup.part"
            try Self.remove(copy)
            defer { try? Self.remove(copy) }
            try SystemDisk().makeFolder(copy, mode: 0o700)
            var pause = 0.0
            let registry = try directory.commits.withLock { _ in
                let start = uptime()
                defer { pause = uptime() - start }
                try directory.finishCommits()
                try directory.archive.checkpoint(to: "\(copy)/archive")
                return try directory.registry.snapshot()
            }
            try registry.copy(to: "\(copy)/registry.sqlite")
            try directory.digests.keep(directory.archive)
            var copied: Int64 = 0
            let point = try add(copy, after: points.last, at: now, copied: { copied += $0 }, progress)
            return BackupReport(point: point, copiedBytes: copied, pause: pause)
        }
    }

    private func add(
        _ copy: String, after last: BackupPoint?, at now: Instant, copied: (Int64) -> Void, _ progress: (Double) -> Void
    ) throws -> BackupPoint {
        let known = Dictionary((last?.files ?? []).map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let digests = directory.digests.current.files
        let list = try Registry.open("\(copy)/registry.sqlite")
        let deliveries = try list.deliveries.all()
        try list.close()

        var files: [BackupFile] = []
        func take(_ source: String, _ name: String, pieceSize: Int64 = .max) throws -> BackupFile {
            try repository.add(source, as: name, pieceSize: pieceSize, copied: copied)
        }
        let names = try SystemDisk().names(in: "\(copy)/archive").sorted()
        for (index, name) in names.enumerated() {
            let path = "archive/\(name)"
            if let old = known[path], let digest = digests[path], old.sum == digest.sum, old.size == digest.size, name.hasSuffix(".sst"),
                old.pieces.allSatisfy(repository.holds)
            {
                files.append(old)
            } else {
                var file = try take("\(copy)/\(path)", path)
                if name.hasSuffix(".sst") { file.sum = digests[path]?.sum }
                files.append(file)
            }
            progress(0.6 * Double(index + 1) / Double(names.count))
        }
        files.append(try take("\(copy)/registry.sqlite", "registry.sqlite", pieceSize: Self.registryPiece))
        for name in ["keys/subject.key", "layout"] { files.append(try take("\(directory.path)/\(name)", name)) }
        for (index, delivery) in deliveries.enumerated() {
            try addFiles(of: delivery, to: &files, known, take: { try take("\(directory.path)/\($0)", $0) })
            progress(0.6 + 0.4 * Double(index + 1) / Double(deliveries.count))
        }
        let point = BackupPoint(
            number: (last?.number ?? 0) + 1, made: now.milliseconds, deliveries: deliveries,
            files: Dictionary(files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }).values.sorted { $0.path < $1.path })
        try repository.add(point)
        return point
    }

    /// The raw bytes of a delivery and its returned rows. Their digests are known, so a copy that differs is refused.
    private func addFiles(
        of delivery: Delivery, to files: inout [BackupFile], _ known: [String: BackupFile], take: (String) throws -> BackupFile
    ) throws {
        var wanted = [(FileAudit.rawName(delivery.digest), String?.some(delivery.digest))]
        if delivery.known != nil { wanted.append((FileAudit.rejectionsName(delivery.number), delivery.totals.rejectionsDigest)) }
        for (name, digest) in wanted {
            if let old = known[name], old.pieces.allSatisfy(repository.holds), digest.map({ [$0] == old.pieces }) ?? false {
                files.append(old)
                continue
            }
            let file = try take(name)
            guard digest == nil || file.pieces == [digest] else {
                throw DataDirectoryFault(
                    .damaged, path: "\(directory.path)/\(name)", "第 \(delivery.number) 批的文件已损坏，没有备份它",
                    cure: "请运行 tianzhong verify 查明范围，再从较早的备份恢复")
            }
            files.append(file)
        }
    }

    /// Removes a folder and the files and folders in it.
    static func remove(_ folder: String) throws {
        let disk = SystemDisk()
        for name in try disk.names(in: folder) {
            let path = "\(folder)/\(name)"
            if isFolder(path) { try remove(path) } else { try disk.remove(path) }
        }
        try disk.removeFolder(folder)
    }
}
