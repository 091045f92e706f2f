internal import Archive
internal import Cryptography
internal import Disk
internal import Identifiers
internal import Ledger
package import Policy
internal import Registry

/// What a restoration has done.
package struct RestorationReport: Sendable {
    /// The point whose files were copied; nil where all was worked anew from raw files.
    package var point: Int?
    /// Deliveries that were worked again.
    package var replayed = 0
    /// Deliveries of the backup that the restored state does not know, since they came later.
    package var later = 0
    /// Whether the restored state is older than the head signed last: it can be read, and takes nothing in.
    package var isBehind = false
    package var verification = VerificationReport()
}

/// Makes a data directory from a backup: the state of a point, or the state just after the commit of a delivery.
///
/// Everything is put together beside the target, opened and verified there, and given the target's name at the end: a
/// restoration that was cut off leaves no target.
///
/// Whatever state is restored, signed heads, the store of access, its tiles and the keys are those of the newest point. So an older
/// state cannot sign a fork of what was signed after it; a replay, whose salts are the old ones, brings it to the same tree again.
/// What was destroyed since (salts, data keys) stays destroyed.
package struct Restoration: Sendable {
    package let repository: BackupRepository
    package let target: String
    private var partial: String { target + ".restoring" }

    package init(repository: BackupRepository, target: String) {
        self.repository = repository
        self.target = target.hasSuffix("/") ? String(target.dropLast()) : target
    }

    /// The state of a point.
    ///
    /// - Parameter number: which; the newest where it is nil.
    package func run(point number: Int?, _ progress: @Sendable (Double) -> Void = { _ in }) throws -> RestorationReport {
        let points = try repository.points()
        guard let newest = points.last, let point = number.map({ number in points.first { $0.number == number } }) ?? points.last else {
            throw missing(number.map { "没有备份点 \($0)" } ?? "没有备份点")
        }
        return try begin {
            try copy(files(of: point, newest)) { progress($0 * 0.6) }
            var report = RestorationReport(point: point.number)
            let directory = try open()
            report.verification = try Verification(directory: directory).run { progress(0.6 + $0 * 0.4) }
            report.isBehind = directory.ledger.isBehind
            try finish(directory, report)
            return report
        }
    }

    /// The state just after the commit of a delivery: the latest point in which nothing later is, and then every receipt,
    /// commit, refusal and withdrawal up to it, worked again from the raw files of the newest point at the recorded times.
    ///
    /// - Parameters:
    ///   - number: a delivery that the newest point has as committed or withdrawn.
    ///   - book: the policy book with the versions of those days.
    package func run(
        delivery number: UInt32, book: PolicyBook, _ progress: @Sendable (Double) -> Void = { _ in }
    ) async throws -> RestorationReport {
        let points = try repository.points()
        guard let newest = points.last else { throw missing("没有备份点") }
        let all = try deliveries(of: newest)
        guard let known = all.first(where: { $0.number == number })?.known else {
            throw missing("最新的备份点中没有已入库的第 \(number) 批")
        }
        let base = points.last { $0.latest <= known.milliseconds }
        let replay = Replay(deliveries: all, until: known)
        try prepare()
        do {
            var files = files(of: base, newest)
            let had = Set(files.map(\.path))
            let wanted = Set(replay.received.map { FileAudit.rawName($0.digest) }).subtracting(had)
            files += newest.files.filter { wanted.contains($0.path) }
            try copy(files) { progress($0 * 0.4) }
            if base == nil { try DataDirectory.initialise(partial) }
            let directory = try open()
            var report = RestorationReport(point: base?.number, later: all.count - replay.received.count)
            report.replayed = try await replay.run(in: directory, book: book) { progress(0.4 + $0 * 0.3) }
            report.verification = try Verification(directory: directory).run { progress(0.7 + $0 * 0.3) }
            report.isBehind = directory.ledger.isBehind
            try finish(directory, report)
            return report
        } catch let fault as DiskFault { throw DataDirectoryFault(unwritable: fault) }
    }

    /// The files of a point, or of none, with those that always come from the newest.
    private func files(of point: BackupPoint?, _ newest: BackupPoint) -> [BackupFile] {
        func isNewest(_ file: BackupFile) -> Bool {
            ["access.sqlite", "ledger/origin"].contains(file.path)
                || ["keys/", "ledger/access/", "ledger/signed/"].contains { file.path.hasPrefix($0) }
        }
        return (point?.files ?? []).filter { !isNewest($0) } + newest.files.filter(isNewest)
    }

    /// Opens what was copied. Its archive may be older than an erasure that the store of access calls finished.
    private func open() throws -> DataDirectory {
        let directory = try DataDirectory.open(partial)
        try directory.accessRegistry.erasures.forgetRemovals()
        return directory
    }

    private func missing(_ message: String) -> DataDirectoryFault {
        DataDirectoryFault(.missing, path: repository.path, message, cure: "请用 tianzhong backup list 查看有哪些备份点")
    }

    private func begin(_ body: () throws -> RestorationReport) throws -> RestorationReport {
        try prepare()
        do { return try body() } catch let fault as DiskFault { throw DataDirectoryFault(unwritable: fault) }
    }

    /// Refuses a target that is in use, and removes what an earlier restoration left.
    private func prepare() throws {
        do {
            guard try SystemDisk().names(in: target).isEmpty else {
                throw DataDirectoryFault(.exists, path: target, "目录里已有文件，没有覆盖它", cure: "请换一个不存在的目录名")
            }
            if isFolder(partial) {
                let lock = try DirectoryLock(directory: partial)
                defer { lock.release() }
                try Backup.remove(partial)
            }
            try SystemDisk().makeDurableFolder(partial)
        } catch let fault as DiskFault { throw DataDirectoryFault(unwritable: fault) }
    }

    /// Copies files out of the repository, each piece against its digest; `layout` last.
    private func copy(_ files: [BackupFile], _ progress: (Double) -> Void) throws {
        let disk = SystemDisk()
        let total = max(1, files.reduce(0) { $0 + $1.size })
        var done: Int64 = 0
        for file in files.filter({ $0.path != "layout" }) + files.filter({ $0.path == "layout" }) {
            var folder = partial
            for part in file.path.split(separator: "/").dropLast() {
                folder += "/\(part)"
                if !isFolder(folder) { try disk.makeDurableFolder(folder, mode: part == "keys" ? 0o700 : 0o750) }
            }
            try copy(file, to: "\(partial)/\(file.path)")
            done += file.size
            progress(Double(done) / Double(total))
        }
        for folder in Set(files.map { $0.path.split(separator: "/").dropLast().joined(separator: "/") }) {
            try disk.syncFolder("\(partial)/\(folder)")
        }
    }

    private func copy(_ file: BackupFile, to path: String) throws {
        var copy = try GrowingFile(path, on: SystemDisk(), mode: file.path.hasPrefix("keys/") ? 0o600 : 0o640)
        for piece in file.pieces {
            let found = try digest(ofPiece: piece) { bytes in try copy.append(bytes) }
            guard found == piece else {
                throw DataDirectoryFault(
                    .damaged, path: repository.piecePath(piece), "内容与其摘要不符，它是 \(file.path)",
                    cure: "请用 tianzhong verify 核对备份，改用别的备份点")
            }
        }
        try copy.sync()
    }

    /// Gives the whole directory its name.
    private func finish(_ directory: DataDirectory, _ report: RestorationReport) throws {
        try directory.close()
        guard report.verification.isWhole else {
            throw DataDirectoryFault(
                .damaged, path: partial, "恢复出的数据核对不符：\(report.verification.faults.prefix(3).joined(separator: "；"))",
                cure: "请改用别的备份点")
        }
        let disk = SystemDisk()
        try disk.removeFolder(target)
        try disk.place(partial, as: target)
    }

    /// What the registry of a point lists.
    private func deliveries(of point: BackupPoint) throws -> [Delivery] {
        guard let file = point.files.first(where: { $0.path == Digests.registry }) else { throw missing("备份点 \(point.number) 没有登记库") }
        let folder = target + ".registry"
        do {
            try Backup.remove(folder)
            try SystemDisk().makeFolder(folder, mode: 0o700)
            defer { try? Backup.remove(folder) }
            try copy(file, to: "\(folder)/registry.sqlite")
            let registry = try Registry.open("\(folder)/registry.sqlite")
            let deliveries = try registry.deliveries.all()
            try registry.close()
            return deliveries
        } catch let fault as DiskFault { throw DataDirectoryFault(unwritable: fault) }
    }

    private func digest(ofPiece piece: String, _ body: (Span<UInt8>) throws -> Void) throws -> String {
        var digest = SM3()
        let isWhole = try readPieces(of: repository.piecePath(piece)) { bytes in
            digest.update(bytes)
            try body(bytes)
        }
        return isWhole ? digest.finish().hex : ""
    }
}
