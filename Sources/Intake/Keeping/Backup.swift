internal import Archive
internal import Cryptography
internal import Disk
package import Identifiers
internal import Ledger
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
/// rejections never change, and the stores of SQLite are copied from read transactions.
///
/// The order makes the rest agree: signed heads first, then the registry, then the store of access, then the tiles. So no head is
/// in the backup whose leaves are not, no delivery whose salts are not, and no sealed file whose key is not.
package struct Backup: Sendable {
    package let directory: DataDirectory
    package let repository: BackupRepository
    /// Bytes of a piece of the registry: what changed since the last point is stored anew in pieces of this size.
    private static let registryPiece: Int64 = 1 << 20
    /// Bytes of a piece of a file that only grows.
    private static let growingPiece: Int64 = 4 << 20

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
            try SystemDisk().makeFolder("\(copy)/ledger", mode: 0o700)
            try SystemDisk().makeFolder("\(copy)/ledger/signed", mode: 0o700)
            let histories = try ["records", "access"].map { log in
                (log: log, byteCount: try Self.copyHeads("\(directory.path)/ledger/signed/\(log)", to: "\(copy)/ledger/signed/\(log)"))
            }
            var pause = 0.0
            let registry = try directory.commits.withLock { _ in
                let start = uptime()
                defer { pause = uptime() - start }
                try directory.finishCommits()
                try directory.archive.checkpoint(to: "\(copy)/archive")
                return try directory.registry.snapshot()
            }
            try registry.copy(to: "\(copy)/registry.sqlite")
            try directory.accessRegistry.snapshot().copy(to: "\(copy)/access.sqlite")
            try directory.digests.keep(directory.archive)
            var copied: Int64 = 0
            let point = try add(copy, histories, after: points.last, at: now, copied: { copied += $0 }, progress)
            return BackupReport(point: point, copiedBytes: copied, pause: pause)
        }
    }

    private func add(
        _ copy: String, _ histories: [(log: String, byteCount: Int64)], after last: BackupPoint?, at now: Instant, copied: (Int64) -> Void,
        _ progress: (Double) -> Void
    ) throws -> BackupPoint {
        let known = Dictionary((last?.files ?? []).map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let digests = directory.digests.current.files
        let list = try Registry.open("\(copy)/registry.sqlite")
        let deliveries = try list.deliveries.all()
        let logged = Int(try list.ledger.size())
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
        for name in ["registry.sqlite", "access.sqlite"] { files.append(try take("\(copy)/\(name)", name, pieceSize: Self.registryPiece)) }
        for name in ["keys/subject.key", "keys/backend.key", "keys/ledger.pem", "ledger/origin", "layout"] {
            files.append(try take("\(directory.path)/\(name)", name))
        }
        try addLogs(copy, histories, records: logged, to: &files, known, copied: copied)
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

    /// The signed heads, and of each log's tiles what they need: what stands behind may still change.
    private func addLogs(
        _ copy: String, _ histories: [(log: String, byteCount: Int64)], records: Int, to files: inout [BackupFile], _ known: [String: BackupFile],
        copied: (Int64) -> Void
    ) throws {
        func grow(_ path: String, to end: Int64) throws {
            files.append(
                try repository.add(
                    "\(directory.path)/\(path)", as: path, pieceSize: Self.growingPiece, to: end, after: known[path], copied: copied))
        }
        for (log, history) in histories {
            for name in try SystemDisk().names(in: "\(copy)/ledger/signed/\(log)").sorted() {
                let path = "ledger/signed/\(log)/\(name)"
                files.append(try repository.add("\(copy)/\(path)", as: path, copied: copied))
            }
            try grow("ledger/signed/\(log)/history", to: history)
            let signed = readFile("\(copy)/ledger/signed/\(log)/checkpoint").flatMap { String(validating: $0, as: UTF8.self) }
            let size = try signed.map { try Checkpoint(text: SignedNote($0).text).head.size } ?? 0
            for tiles in TiledLog.files(of: log == "records" ? records : size) {
                try grow("ledger/\(log)/\(tiles.name)", to: tiles.byteCount)
            }
        }
    }

    /// The raw bytes of a delivery and its returned rows, sealed as they are. What was copied is opened and its clear bytes held
    /// against the digest that is known of them, so that a damaged file is refused.
    private func addFiles(
        of delivery: Delivery, to files: inout [BackupFile], _ known: [String: BackupFile], take: (String) throws -> BackupFile
    ) throws {
        var wanted = [(FileAudit.rawName(delivery.digest), String?.some(delivery.digest))]
        if delivery.known != nil { wanted.append((FileAudit.rejectionsName(delivery.number), delivery.totals.rejectionsDigest)) }
        for (name, digest) in wanted {
            let header = SealedFile.header(of: "\(directory.path)/\(name)")?.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            let sum = header?.joined()
            if let old = known[name], let sum, old.sum == sum, old.pieces.allSatisfy(repository.holds) {
                files.append(old)
                continue
            }
            var file = try take(name)
            file.sum = sum
            if let digest, let piece = file.pieces.first {
                let finding = FileAudit.finding(ofSealed: repository.piecePath(piece), digest, directory.store.keys, otherwise: "")
                guard finding == .whole || finding == .keyDestroyed else {
                    throw DataDirectoryFault(
                        .damaged, path: "\(directory.path)/\(name)", "第 \(delivery.number) 批的文件已损坏，没有备份它",
                        cure: "请运行 tianzhong verify 查明范围，再从较早的备份恢复")
                }
            }
            files.append(file)
        }
    }

    /// Copies the heads that a log signed last.
    ///
    /// - Returns: bytes of the history, which has those heads: it only grows, and is read later.
    private static func copyHeads(_ folder: String, to target: String) throws -> Int64 {
        let disk = SystemDisk()
        try disk.makeFolder(target, mode: 0o700)
        for name in try disk.names(in: folder) where ["checkpoint", "cosigned"].contains(name) {
            let head = try disk.read("\(folder)/\(name)")
            try disk.write(head.span, to: "\(target)/\(name)", mode: 0o600)
        }
        return size(of: "\(folder)/history") ?? 0
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
