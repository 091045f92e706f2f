internal import Cryptography
package import Disk
package import Identifiers
package import Registry
internal import Synchronization
package import Tables

/// The files of deliveries inside the data directory: raw bytes addressed by digest, rejections by delivery number,
/// and the staging folder of the delivery that is being committed.
///
/// Everything is written to a temporary name, synced, renamed, and the folder synced, in that order; a file under its
/// final name is therefore whole. A sync that fails ends the process (`Disk`).
///
/// Arriving bytes, raw files and rejections are sealed from their first byte on, under the data key of the body they come from
/// and of the year; digests are always those of the clear bytes.
package struct DeliveryStore: Sendable {
    package let root: String
    /// Bytes of the disk that deliveries leave free.
    package let reserve: UInt64
    let keys: FileKeys
    let disk: any Disk
    private let naming = Naming()

    /// Held while it is found out whether a digest has its file, and the file given its name.
    private final class Naming: Sendable {
        let lock = Mutex(())
    }

    /// Opens the folders, making those that are missing.
    package init(
        root: String, reserve: UInt64 = DeliveryStore.defaultReserve, keys: FileKeys, disk: any Disk = SystemDisk()
    ) throws(DeliveryFault) {
        self.root = root
        self.reserve = reserve
        self.keys = keys
        self.disk = disk
        try Self.makeFolders(root, on: disk)
    }

    /// Makes the folders that are missing.
    static func makeFolders(_ root: String, on disk: any Disk = SystemDisk()) throws(DeliveryFault) {
        for folder in [root, "\(root)/raw", "\(root)/rejections", "\(root)/staging", "\(root)/incoming"] {
            try storing { () throws(DiskFault) in try disk.makeDurableFolder(folder) }
        }
    }

    /// The reserve of a data directory that is not told another: 256 MiB.
    ///
    /// RocksDB, as Debian builds it, ends the process when one of its own writes fails, a compaction's in the background
    /// too. So nothing is begun that could fill the disk: what the archive needs while it sorts itself stays free. A smaller
    /// reserve loses nothing, but a full disk may then end the process instead of only stopping intake.
    package static let defaultReserve: UInt64 = 256 << 20

    /// Makes sure that so many bytes can be written and the reserve still be there.
    ///
    /// - Throws: `DeliveryFault(.diskFull)`.
    func requireSpace(for bytes: Int) throws(DeliveryFault) {
        let free = try storing { () throws(DiskFault) in try disk.freeBytes(at: root) }
        let needed = UInt64(max(0, bytes)) + reserve
        guard free < needed else { return }
        throw DeliveryFault(
            .diskFull, "磁盘剩余空间不足：还剩 \(free >> 20) MB，需要 \((needed + (1 << 20) - 1) >> 20) MB",
            cure: "请清理或扩充磁盘后重新报送；已受理的数据不受影响")
    }

    /// The raw bytes with this SM3 digest, clear, from any place. The one way in which anybody reads them.
    ///
    /// - Throws: `TableFault(.unreadable)` where the file cannot be read, `TableFault(.sealBroken)` where it does not open.
    package func raw(_ digest: String) throws(TableFault) -> SealedFile { try open(rawPath(digest)) }

    /// Opens the kept file of a delivery for its rows. That its bytes are UTF-8 was found when they came; they are sealed since.
    package func table(of delivery: Delivery) throws(TableFault) -> sending any TableReader {
        try TableFile.open(raw(delivery.digest), name: delivery.digest, text: TableFormat.verdict(onFileDescribedAs: delivery.fileKind))
    }

    private func open(_ path: String) throws(TableFault) -> SealedFile {
        do throws(TableFault) { return try SealedFile(path: path, key: keys.opening) } catch {
            guard error.code == .sealBroken, isDestroyed(path) else { throw error }
            throw TableFault(
                .sealBroken, file: error.file, message: "加密此文件的数据密钥已按规定销毁，内容不再可读", cure: "这不是故障；确有需要时，请原报送单位重新报送")
        }
    }

    /// Whether the file at a path was sealed with a key that has been destroyed.
    private func isDestroyed(_ path: String) -> Bool { SealedFile.header(of: path).map { keys.isDestroyed($0.keyID) } ?? false }

    /// Whether a delivery's rejections went with their data key.
    func areRejectionsDestroyed(of delivery: UInt32) -> Bool { isDestroyed(rejectionsPath(delivery)) }

    /// Path of the sealed file of the raw bytes with this SM3 digest (64 hex digits).
    package func rawPath(_ digest: String) -> String { "\(root)/\(Self.rawName(digest))" }

    /// Path of the sealed file of a delivery's rejections, JSON Lines.
    package func rejectionsPath(_ delivery: UInt32) -> String { "\(root)/\(Self.rejectionsName(delivery))" }

    /// The returned rows of a delivery; none while it is not worked on.
    ///
    /// - Throws: `DeliveryFault(.storage)` where the file does not open.
    package func rejections(of delivery: UInt32) throws -> [Rejection] {
        guard size(of: rejectionsPath(delivery)) != nil else { return [] }
        let bytes: [UInt8]
        do throws(TableFault) { bytes = try open(rejectionsPath(delivery)).bytes() } catch {
            throw DeliveryFault(.storage, "第 \(delivery) 批的退回明细打不开：\(error.message)", cure: error.cure)
        }
        return try RejectionFile.rejections(bytes)
    }

    /// The returned rows of a delivery as they may be shown: none any more once its records were erased.
    package func returned(by delivery: Delivery) throws -> [Rejection] {
        delivery.erasedAt == nil ? try rejections(of: delivery.number) : []
    }

    /// Keeps a delivery's rejections, replacing those of an attempt that came to nothing.
    ///
    /// - Parameters:
    ///   - bytes: as `RejectionFile` writes them.
    ///   - body: code of the delivering body.
    ///   - received: the receipt's time, whose year's key seals.
    func writeRejections(_ bytes: [UInt8], of delivery: UInt32, from body: String, received: Instant) throws(DeliveryFault) {
        let (id, key) = try keys.key(of: body, year: received.date.year)
        try storing { () throws(DiskFault) in
            try disk.writeSealed(bytes.span, to: rejectionsPath(delivery), keyID: id, key: key)
        }
    }

    /// The same names within the store.
    static func rawName(_ digest: String) -> String { "raw/\(digest.prefix(2))/\(digest)" }
    static func rejectionsName(_ delivery: UInt32) -> String { "rejections/\(delivery).jsonl" }

    /// Folder of a delivery's files before it is committed.
    package func stagingPath(_ delivery: UInt32) -> String { "\(root)/staging/\(delivery)" }

    /// Opens a file for bytes that are arriving; they are sealed as they come.
    ///
    /// - Parameters:
    ///   - body: code of the body whose key is to seal; the platform's own while it is not known who sends.
    ///   - now: the time of arrival, whose year's key seals.
    package func incoming(of body: String = Keyring.platform, at now: Instant) throws(DeliveryFault) -> IncomingFile {
        try requireSpace(for: 0)
        let key = try keys.key(of: body, year: now.date.year)
        let name = randomBytes(12).reduce(into: "") { $0 += String($1, radix: 16) }
        return try IncomingFile("\(root)/incoming/\(name)", of: body, key, in: self)
    }

    /// Seals an arrived file anew under the key of the body that it turned out to come from.
    ///
    /// The arrived file is gone afterwards, also where this throws.
    func reseal(_ arrived: ArrivedFile, for body: String, at now: Instant) throws(DeliveryFault) -> ArrivedFile {
        guard arrived.body != body else { return arrived }
        defer { arrived.discard() }
        var file = try incoming(of: body, at: now)
        do {
            try SealedFile(path: arrived.path, key: keys.opening).pieces { try file.append($0) }
        } catch {
            file.abandon()
            throw (error as? DeliveryFault)
                ?? DeliveryFault(.storage, "刚收到的文件读不回来：\(error)", cure: "请检查磁盘和系统日志，排除故障后重新报送")
        }
        return try file.finish()
    }

    /// Moves an arrived file to the place its digest gives. One that is there already stays as it is, so that what readers and
    /// backups know of it holds; the arrived one is then removed.
    ///
    /// - Parameter isGood: whether the one that is there still opens; else it gives way.
    func keep(_ arrived: ArrivedFile, where isGood: () -> Bool = { true }) throws(DeliveryFault) {
        let folder = "\(root)/raw/\(arrived.digest.prefix(2))"
        try storing { () throws(DiskFault) in
            try disk.makeDurableFolder(folder)
            let isThere = try naming.lock.withLock { _ in
                Result { () throws(DiskFault) in
                    if try disk.names(in: folder).contains(arrived.digest), isGood() { return true }
                    try disk.rename(arrived.path, as: rawPath(arrived.digest))
                    return false
                }
            }.get()
            // Also where it was there: whoever gave it its name may not have come to this.
            try disk.syncFolder(folder)
            if isThere { arrived.discard() }
        }
    }

    /// Makes a delivery's staging folder anew, empty, and gives its path. The folder's own name is durable: the archive
    /// may have the delivery when the power fails, and then only this folder knows the rest.
    package func freshStaging(_ delivery: UInt32) throws(DeliveryFault) -> String {
        removeStaging(delivery)
        let path = stagingPath(delivery)
        try storing { () throws(DiskFault) in try disk.makeDurableFolder(path) }
        return path
    }

    /// Removes what a delivery left in staging; safe to repeat. What cannot be removed is harmless: nothing reads the
    /// staging of a delivery that is committed, and one that is not is staged anew.
    func removeStaging(_ delivery: UInt32) {
        let folder = stagingPath(delivery)
        for name in (try? disk.names(in: folder)) ?? [] { try? disk.remove("\(folder)/\(name)") }
        try? disk.removeFolder(folder)
    }

    /// Forgets uploads and writes that never finished; called at start, when nobody can be writing them.
    func removeUnfinished() throws(DeliveryFault) {
        try storing { () throws(DiskFault) in
            for name in try disk.names(in: "\(root)/incoming") { try disk.remove("\(root)/incoming/\(name)") }
            try disk.removeParts(in: "\(root)/rejections")
        }
    }

    /// Numbers of the deliveries that have something in staging.
    func staged() throws(DeliveryFault) -> [UInt32] {
        try storing { () throws(DiskFault) in try disk.names(in: "\(root)/staging").compactMap { UInt32($0) } }
    }

    /// Sorted files that wait in staging, of all deliveries.
    func stagedRuns() throws(DeliveryFault) -> [String] {
        try storing { () throws(DiskFault) in
            var files: [String] = []
            for delivery in try disk.names(in: "\(root)/staging") {
                let folder = "\(root)/staging/\(delivery)"
                for name in try disk.names(in: folder) where name.hasSuffix(".sst") { files.append("\(folder)/\(name)") }
            }
            return files
        }
    }

    /// Writes a whole file durably under its final name.
    func write(_ bytes: [UInt8], to path: String) throws(DeliveryFault) {
        try storing { () throws(DiskFault) in try disk.write(bytes.span, to: path) }
    }
}

/// Does something on a disk whose faults are a delivery's.
func storing<T>(_ work: () throws(DiskFault) -> T) throws(DeliveryFault) -> T {
    do { return try work() } catch { throw DeliveryFault(error) }
}

extension DeliveryFault {
    /// What the disk could not do for a delivery. The delivery is not refused by it: it goes on when the disk does.
    init(_ fault: DiskFault) {
        switch fault.code {
        case .full:
            self.init(.diskFull, "磁盘已满，未能写入 \(fault.path)", cure: "请清理或扩充磁盘后重新报送；已受理的数据不受影响")
        case .readOnly:
            self.init(.storage, "磁盘以只读方式挂载，无法写入 \(fault.path)", cure: "请检查磁盘和系统日志，恢复可写后重试")
        case .denied:
            self.init(.storage, "没有权限写入 \(fault.path)", cure: "请检查数据目录的属主和权限")
        case .missing, .inputOutput, .ended:
            self.init(.storage, "无法读写 \(fault.path)：\(fault.reason)", cure: "请检查数据目录和磁盘状态，排除故障后重试")
        }
    }
}

/// Bytes that arrive over the network or from a local file: sealed and written as they come, digest on the way.
package struct IncomingFile: ~Copyable {
    private let store: DeliveryStore
    private let body: String
    private var file: SealedGrowingFile
    private var digest = SM3()
    private var text = UTF8Judge()

    fileprivate init(
        _ path: String, of body: String, _ key: (id: UInt32, key: DataKey), in store: DeliveryStore
    ) throws(DeliveryFault) {
        self.store = store
        self.body = body
        do { file = try SealedGrowingFile(path, keyID: key.id, key: key.key, on: store.disk) } catch { throw DeliveryFault(error) }
    }

    /// Bytes received so far.
    package var byteCount: Int64 { file.byteCount }

    package mutating func append(_ bytes: Span<UInt8>) throws(DeliveryFault) {
        let before = file.byteCount
        do { try file.append(bytes) } catch { throw DeliveryFault(error) }
        digest.update(bytes)
        text.update(bytes)
        if before >> 24 != file.byteCount >> 24 { try store.requireSpace(for: 0) }
    }

    /// Makes the file durable and gives the digest of its clear bytes.
    package consuming func finish() throws(DeliveryFault) -> ArrivedFile {
        let arrived = ArrivedFile(
            path: file.path, body: body, digest: digest.finish().hex, byteCount: file.byteCount, text: text.finish(), disk: store.disk)
        do { try file.finish() } catch { throw DeliveryFault(error) }
        return arrived
    }

    /// Gives the upload up and removes what had arrived.
    package consuming func abandon() { try? store.disk.remove(file.path) }
}

/// A file that has arrived whole, not yet at its final place.
package struct ArrivedFile: Sendable {
    let path: String
    /// Code of the body whose key seals it.
    let body: String
    /// SM3 of the clear bytes, 64 hex digits.
    package let digest: String
    /// Clear bytes.
    package let byteCount: Int64
    /// Whether all of it is UTF-8.
    let text: UTF8Verdict
    fileprivate let disk: any Disk

    /// Removes it; what cannot be removed goes at the next start.
    func discard() { try? disk.remove(path) }
}
