internal import Disk

/// What a re-reading of a backup repository found.
package struct BackupAuditReport: Sendable {
    package var points = 0
    package var pieces = 0
    package var byteCount: Int64 = 0
    /// Pieces that no point needs: left-overs that the next `prune` removes.
    package var unused = 0
    /// What is wrong, one sentence each.
    package var faults: [String] = []

    package var isWhole: Bool { faults.isEmpty }
}

/// Re-reads a backup repository: every piece against its digest, every point against its pieces.
package struct BackupAudit: Sendable {
    package let repository: BackupRepository

    package init(repository: BackupRepository) { self.repository = repository }

    /// Looks at one file of the repository, by its path within it.
    package func finding(of name: String) -> FileFinding {
        let path = "\(repository.path)/\(name)"
        let last = String(name.split(separator: "/").last ?? "")
        switch name.split(separator: "/").first {
        case "repository":
            return (try? BackupRepository(path: repository.path)) != nil ? .whole : .damaged("内容不是本程序所写")
        case "points":
            return repository.point(last) != nil ? .whole : .damaged("备份点的内容与其摘要不符")
        default:
            guard let found = sm3(of: path) else { return .damaged("不见了或读不出") }
            return found == last ? .whole : .damaged("内容与其摘要不符")
        }
    }

    /// Every file that a byte can be flipped in, by its path within the repository.
    package func names() throws -> [String] {
        try ["repository"] + repository.pointNames().map { "points/\($0)" }
            + repository.pieceNames().filter { $0.count == 64 }.map { "files/\($0.prefix(2))/\($0)" }
    }

    /// - Parameter progress: told the part that is done, 0…1, on any thread.
    package func run(workers: Int = 2, _ progress: @Sendable (Double) -> Void = { _ in }) throws -> BackupAuditReport {
        var report = BackupAuditReport()
        var users: [String: [(point: Int, file: BackupFile)]] = [:]
        for name in try repository.pointNames() {
            guard let point = repository.point(name) else {
                report.faults.append("文件 points/\(name)：备份点的内容与其摘要不符")
                continue
            }
            report.points += 1
            for file in point.files {
                for piece in file.pieces { users[piece, default: []].append((point.number, file)) }
            }
        }
        let present = Set(try repository.pieceNames())
        for piece in users.keys.sorted() where !present.contains(piece) {
            report.faults.append("缺少 files/\(piece.prefix(2))/\(piece)，\(Self.users(users[piece] ?? []))")
        }
        let pieces = present.filter { $0.count == 64 }.sorted()
        report.pieces = pieces.count
        report.unused = try present.count - pieces.count { users[$0] != nil } + repository.partNames().count
        report.byteCount = pieces.reduce(0) { $0 + (size(of: repository.piecePath($1)) ?? 0) }
        let findings = concurrently(workers, Array(pieces.enumerated())) { index, piece in
            progress(Double(index) / Double(max(1, pieces.count)))
            return finding(of: "files/\(piece.prefix(2))/\(piece)")
        }
        for (piece, finding) in zip(pieces, findings) {
            guard case .damaged(let why) = finding else { continue }
            report.faults.append("文件 files/\(piece.prefix(2))/\(piece)：\(why)，\(Self.users(users[piece] ?? []))")
        }
        return report
    }

    /// Which points a piece is needed by, and as what.
    private static func users(_ users: [(point: Int, file: BackupFile)]) -> String {
        guard let first = users.first else { return "没有备份点用到它" }
        let points = Set(users.map(\.point)).sorted().map(String.init).joined(separator: "、")
        return "是备份点 \(points) 的 \(first.file.path)"
    }
}
