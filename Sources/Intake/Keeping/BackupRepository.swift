internal import Cryptography
internal import Disk
internal import Glibc

/// A folder of backups: pieces of files under their digests, shared by all points, and one description for each point.
///
/// ```
/// repository              "tianzhong backup 1"
/// LOCK                    held by the one process that adds or removes
/// files/<dd>/<SM3>        contents; the name is the digest, dd its first two digits
/// parts/                  contents being copied
/// points/<n>-<SM3>.json   a point; the name holds the digest of its bytes. Written last.
/// ```
package struct BackupRepository: Sendable {
    package let path: String
    private static let title = Array("tianzhong backup 1\n".utf8)
    private let disk = SystemDisk()

    /// Opens a repository.
    ///
    /// - Throws: `DataDirectoryFault(.missing)` where there is none, `.damaged` where it is not of this form.
    package init(path: String) throws {
        self.path = path
        guard let title = readFile("\(path)/repository") else {
            throw DataDirectoryFault(.missing, path: path, "这里没有备份", cure: "请检查备份目录的路径")
        }
        guard title == Self.title else {
            throw DataDirectoryFault(.damaged, path: "\(path)/repository", "不是本程序所写的备份", cure: "请换一份备份")
        }
    }

    /// Makes a repository in an empty or new folder, or opens the one that is there.
    package static func make(_ path: String) throws -> BackupRepository {
        let disk = SystemDisk()
        do {
            if readFile("\(path)/repository") == nil {
                guard try disk.names(in: path).isEmpty else {
                    throw DataDirectoryFault(.exists, path: path, "目录里有别的文件，不能用来存放备份", cure: "请换一个空目录")
                }
                try disk.makeDurableFolder(path, mode: 0o700)
                for folder in ["files", "parts", "points"] { try disk.makeDurableFolder("\(path)/\(folder)", mode: 0o700) }
                try disk.write(title.span, to: "\(path)/repository", mode: 0o600)
            }
        } catch let fault as DiskFault { throw DataDirectoryFault(unwritable: fault) }
        return try BackupRepository(path: path)
    }

    /// Whether there is a repository at a path.
    package static func exists(at path: String) -> Bool { size(of: "\(path)/repository") != nil }

    /// Does something that adds or removes, as the only one.
    func exclusively<T>(_ body: () throws -> T) throws -> T {
        let lock = try DirectoryLock(directory: path)
        defer { lock.release() }
        do { return try body() } catch let fault as DiskFault { throw DataDirectoryFault(unwritable: fault) }
    }

    // MARK: Points

    /// The points, oldest first.
    ///
    /// - Throws: `DataDirectoryFault(.damaged)` naming a point that is not as it was written.
    package func points() throws -> [BackupPoint] {
        try pointNames().map { name in
            guard let point = point(name) else {
                throw DataDirectoryFault(.damaged, path: "\(path)/points/\(name)", "备份点的内容与其摘要不符", cure: "请删去它，使用其余的备份点")
            }
            return point
        }.sorted { $0.number < $1.number }
    }

    /// Names of the points' files.
    func pointNames() throws -> [String] {
        try disk.names(in: "\(path)/points").filter { $0.hasSuffix(".json") }.sorted()
    }

    /// One point; nil where its bytes are not what its name says.
    func point(_ name: String) -> BackupPoint? {
        readFile("\(path)/points/\(name)").flatMap { BackupPoint($0, name: name) }
    }

    /// Makes a point part of the repository. All of its pieces must be there.
    func add(_ point: BackupPoint) throws {
        // Pieces first: their names are made durable with the folders they lie in.
        for folder in Set(point.pieces.map { $0.prefix(2) }) { try disk.syncFolder("\(path)/files/\(folder)") }
        let bytes = try point.encoded()
        try disk.write(bytes.span, to: "\(path)/points/\(point.number)-\(SM3.digest(bytes.span).hex).json", mode: 0o600)
    }

    /// Keeps the newest points and removes the others, then every piece that no point needs, left-overs of backups that
    /// were cut off included.
    ///
    /// - Returns: how many points and pieces were removed.
    package func prune(keep: Int) throws -> (points: Int, pieces: Int) {
        try exclusively {
            let points = try points()
            let dropped = Set(points.dropLast(max(1, keep)).map(\.number))
            let needed = points.filter { !dropped.contains($0.number) }.reduce(into: Set<String>()) { $0.formUnion($1.pieces) }
            for name in try pointNames() where dropped.contains(Int(name.prefix { $0 != "-" }) ?? -1) {
                try disk.remove("\(path)/points/\(name)")
            }
            try disk.syncFolder("\(path)/points")
            var removed = 0
            for name in try pieceNames() where !needed.contains(name) {
                try disk.remove(piecePath(name))
                removed += 1
            }
            for name in try partNames() {
                try disk.remove("\(path)/parts/\(name)")
                removed += 1
            }
            return (dropped.count, removed)
        }
    }

    // MARK: Pieces

    /// Everything under `files`.
    func pieceNames() throws -> [String] {
        try disk.names(in: "\(path)/files").sorted().flatMap { try disk.names(in: "\(path)/files/\($0)") }
    }

    /// What backups that were cut off left.
    func partNames() throws -> [String] { try disk.names(in: "\(path)/parts") }

    func piecePath(_ name: String) -> String { "\(path)/files/\(name.prefix(2))/\(name)" }

    /// Whether a piece is there.
    func holds(_ digest: String) -> Bool { size(of: piecePath(digest)) != nil }

    /// Copies a file into the repository; pieces that are there already are only read.
    ///
    /// - Parameters:
    ///   - pieceSize: bytes of a piece; the last one may be shorter. A whole number of mebibytes, or `.max`.
    ///   - end: how many bytes of the file are wanted; all where it is nil.
    ///   - earlier: of a file that only grows, what an earlier point has of it: its full pieces are not read again.
    ///   - copied: told the bytes that were new.
    func add(
        _ source: String, as name: String, pieceSize: Int64 = .max, to end: Int64? = nil, after earlier: BackupFile? = nil,
        copied: (Int64) -> Void
    ) throws -> BackupFile {
        var file = BackupFile(path: name, size: 0, pieces: [])
        if let earlier {
            let full = earlier.pieces.prefix(Int(min(earlier.size, end ?? .max) / pieceSize))
            if let last = full.last, full.allSatisfy(holds), Self.digest(of: source, piece: full.count - 1, pieceSize) == last {
                file.pieces = Array(full)
                file.size = Int64(full.count) * pieceSize
            }
        }
        var piece: Piece?
        func close() throws {
            guard let whole = piece.take() else { return }
            let (digest, isNew, size) = try whole.finish(in: self)
            file.pieces.append(digest)
            if isNew { copied(size) }
        }
        let isWhole = try readPieces(of: source, from: file.size, to: end) { bytes in
            if piece == nil { piece = try Piece("\(path)/parts/\(randomName())", on: disk) }
            try piece?.append(bytes)
            file.size += Int64(bytes.count)
            if let size = piece?.size, size >= pieceSize { try close() }
        }
        guard isWhole else { throw DataDirectoryFault(.damaged, path: source, "读不出", cure: "请运行 tianzhong verify") }
        if piece == nil, file.pieces.isEmpty { piece = try Piece("\(path)/parts/\(randomName())", on: disk) }
        try close()
        return file
    }

    /// The digest of one piece of a file: shows that the file is the one of the earlier point, grown.
    private static func digest(of source: String, piece: Int, _ pieceSize: Int64) -> String? {
        var digest = SM3()
        guard readPieces(of: source, from: Int64(piece) * pieceSize, to: Int64(piece + 1) * pieceSize, { digest.update($0) }) else { return nil }
        return digest.finish().hex
    }

    private func randomName() -> String { randomBytes(12).reduce(into: "") { $0 += String($1, radix: 16) } }
}

/// A piece being copied; its name is its digest, which is known at its end.
private struct Piece: ~Copyable {
    private(set) var size: Int64 = 0
    private var file: GrowingFile
    private var digest = SM3()
    private let disk: SystemDisk

    init(_ path: String, on disk: SystemDisk) throws(DiskFault) {
        file = try GrowingFile(path, on: disk, mode: 0o600)
        self.disk = disk
    }

    mutating func append(_ bytes: Span<UInt8>) throws(DiskFault) {
        try file.append(bytes)
        digest.update(bytes)
        size += Int64(bytes.count)
    }

    /// Gives the piece its name; the folder is synced with the point.
    consuming func finish(in repository: BackupRepository) throws -> (digest: String, isNew: Bool, size: Int64) {
        let name = digest.finish().hex
        guard !repository.holds(name) else {
            try disk.remove(file.path)
            return (name, false, size)
        }
        try file.sync()
        try disk.makeDurableFolder("\(repository.path)/files/\(name.prefix(2))", mode: 0o700)
        try disk.rename(file.path, as: repository.piecePath(name))
        return (name, true, size)
    }
}
