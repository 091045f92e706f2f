internal import Cryptography
package import Disk

/// The files of deliveries inside the data directory: raw bytes addressed by digest, rejections by delivery number,
/// and the staging folder of the delivery that is being committed.
///
/// Everything is written to a temporary name, synced, renamed, and the folder synced, in that order; a file under its
/// final name is therefore whole. A sync that fails ends the process (`Disk`).
package struct DeliveryStore: Sendable {
    package let root: String
    /// Bytes of the disk that deliveries leave free.
    package let reserve: UInt64
    let disk: any Disk

    /// Opens the folders, making those that are missing.
    package init(
        root: String, reserve: UInt64 = DeliveryStore.defaultReserve, disk: any Disk = SystemDisk()
    ) throws(DeliveryFault) {
        self.root = root
        self.reserve = reserve
        self.disk = disk
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

    /// Path of the raw bytes with this SM3 digest (64 hex digits).
    package func rawPath(_ digest: String) -> String { "\(root)/\(Self.rawName(digest))" }

    /// Path of a delivery's rejections, JSON Lines.
    package func rejectionsPath(_ delivery: UInt32) -> String { "\(root)/\(Self.rejectionsName(delivery))" }

    /// The same names within the store.
    static func rawName(_ digest: String) -> String { "raw/\(digest.prefix(2))/\(digest)" }
    static func rejectionsName(_ delivery: UInt32) -> String { "rejections/\(delivery).jsonl" }

    /// Folder of a delivery's files before it is committed.
    package func stagingPath(_ delivery: UInt32) -> String { "\(root)/staging/\(delivery)" }

    /// Opens a file for bytes that are arriving.
    package func incoming() throws(DeliveryFault) -> IncomingFile {
        try requireSpace(for: 0)
        let name = randomBytes(12).reduce(into: "") { $0 += String($1, radix: 16) }
        return try IncomingFile("\(root)/incoming/\(name)", in: self)
    }

    /// Moves an arrived file to the place its digest gives, over a copy that is already there.
    func keep(_ arrived: ArrivedFile) throws(DeliveryFault) {
        try storing { () throws(DiskFault) in
            try disk.makeDurableFolder("\(root)/raw/\(arrived.digest.prefix(2))")
            try disk.place(arrived.path, as: rawPath(arrived.digest))
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

/// Bytes that arrive over the network or from a local file: written as they come, digest on the way.
package struct IncomingFile: ~Copyable {
    private let store: DeliveryStore
    private var file: GrowingFile
    private var digest = SM3()
    private var count: Int64 = 0

    fileprivate init(_ path: String, in store: DeliveryStore) throws(DeliveryFault) {
        self.store = store
        do { file = try GrowingFile(path, on: store.disk) } catch { throw DeliveryFault(error) }
    }

    /// Bytes received so far.
    package var byteCount: Int64 { count }

    package mutating func append(_ bytes: Span<UInt8>) throws(DeliveryFault) {
        do { try file.append(bytes) } catch { throw DeliveryFault(error) }
        digest.update(bytes)
        if count >> 24 != (count + Int64(bytes.count)) >> 24 { try store.requireSpace(for: 0) }
        count += Int64(bytes.count)
    }

    /// Makes the file durable and gives its digest.
    package consuming func finish() throws(DeliveryFault) -> ArrivedFile {
        do { try file.sync() } catch { throw DeliveryFault(error) }
        return ArrivedFile(path: file.path, digest: digest.finish().hex, byteCount: count, disk: store.disk)
    }

    /// Gives the upload up and removes what had arrived.
    package consuming func abandon() { try? store.disk.remove(file.path) }
}

/// A file that has arrived whole, not yet at its final place.
package struct ArrivedFile: Sendable {
    let path: String
    /// SM3 of the bytes, 64 hex digits.
    package let digest: String
    package let byteCount: Int64
    fileprivate let disk: any Disk

    /// Removes it; what cannot be removed goes at the next start.
    func discard() { try? disk.remove(path) }
}
