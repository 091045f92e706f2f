internal import Cryptography
internal import Glibc

/// The files of deliveries inside the data directory: raw bytes addressed by digest, rejections by delivery number,
/// and the staging folder of the delivery that is being committed.
///
/// Everything is written to a temporary name, synced, renamed, and the folder synced, in that order; a file under its
/// final name is therefore whole. A sync that fails is reported and never retried (the kernel may have dropped the pages).
package struct DeliveryStore: Sendable {
    package let root: String

    package init(root: String) throws(DeliveryFault) {
        self.root = root
        for folder in [root, "\(root)/raw", "\(root)/rejections", "\(root)/staging", "\(root)/incoming"] {
            try Self.makeFolder(folder)
        }
    }

    /// Bytes of the disk that deliveries leave free.
    ///
    /// RocksDB, as Debian builds it, ends the process when one of its own writes fails, a compaction's in the background
    /// too. So nothing is begun that could fill the disk: what the archive needs while it sorts itself stays free.
    package static let reservedBytes: UInt64 = 256 << 20

    /// Makes sure that so many bytes can be written and the reserve still be there.
    ///
    /// - Throws: `DeliveryFault(.diskFull)`.
    static func requireSpace(for bytes: Int, at path: String) throws(DeliveryFault) {
        var disk = statvfs()
        guard unsafe statvfs(path, &disk) == 0 else { throw storageFault(path) }
        let free = UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
        let needed = UInt64(max(0, bytes)) + reservedBytes
        guard free < needed else { return }
        throw DeliveryFault(
            .diskFull, "磁盘剩余空间不足：还剩 \(free >> 20) MB，需要 \(needed >> 20) MB", cure: "请清理或扩充磁盘后重新报送；已受理的数据不受影响")
    }

    /// Path of the raw bytes with this SM3 digest (64 hex digits).
    package func rawPath(_ digest: String) -> String { "\(root)/raw/\(digest.prefix(2))/\(digest)" }

    /// Path of a delivery's rejections, JSON Lines.
    package func rejectionsPath(_ delivery: UInt32) -> String { "\(root)/rejections/\(delivery).jsonl" }

    /// Folder of a delivery's files before it is committed.
    package func stagingPath(_ delivery: UInt32) -> String { "\(root)/staging/\(delivery)" }

    /// Opens a file for bytes that are arriving.
    package func incoming() throws(DeliveryFault) -> IncomingFile {
        try Self.requireSpace(for: 0, at: root)
        let name = randomBytes(12).reduce(into: "") { $0 += String($1, radix: 16) }
        return try IncomingFile(path: "\(root)/incoming/\(name)")
    }

    /// Moves an arrived file to the place its digest gives; a copy that is already there stays.
    func keep(_ arrived: ArrivedFile) throws(DeliveryFault) {
        let final = rawPath(arrived.digest)
        try Self.makeFolder("\(root)/raw/\(arrived.digest.prefix(2))")
        try Self.replace(arrived.path, as: final)
    }

    /// Makes a delivery's staging folder anew, empty, and gives its path.
    package func freshStaging(_ delivery: UInt32) throws(DeliveryFault) -> String {
        removeStaging(delivery)
        let path = stagingPath(delivery)
        try Self.makeFolder(path)
        return path
    }

    /// Removes what a delivery left in staging; safe to repeat.
    func removeStaging(_ delivery: UInt32) {
        let folder = stagingPath(delivery)
        for name in Self.names(in: folder) { unsafe unlink("\(folder)/\(name)") }
        unsafe rmdir(folder)
    }

    /// Forgets uploads that never finished; called at start, when nobody can be writing them.
    func removeUnfinishedUploads() {
        for name in Self.names(in: "\(root)/incoming") { unsafe unlink("\(root)/incoming/\(name)") }
    }

    /// Writes a whole file durably under its final name.
    func write(_ bytes: [UInt8], to path: String) throws(DeliveryFault) {
        var file = try DurableFile(path: path + ".part")
        try file.append(bytes.span)
        try file.close()
        try Self.replace(path + ".part", as: path)
    }

    static func makeFolder(_ path: String) throws(DeliveryFault) {
        guard unsafe mkdir(path, 0o750) != 0, errno != EEXIST else { return }
        throw storageFault(path)
    }

    static func names(in folder: String) -> [String] {
        guard let handle = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let item = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &item.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func replace(_ source: String, as target: String) throws(DeliveryFault) {
        guard unsafe rename(source, target) == 0 else { throw storageFault(target) }
        let folder = String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)])
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw storageFault(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw storageFault(folder) }
    }

    /// The fault for the C library's last error at a path.
    static func storageFault(_ path: String) -> DeliveryFault {
        let reason = unsafe String(cString: strerror(errno))
        if errno == ENOSPC || errno == EDQUOT {
            return DeliveryFault(.diskFull, "磁盘已满，未能写入 \(path)", cure: "请清理或扩充磁盘后重新报送；已受理的数据不受影响")
        }
        return DeliveryFault(.storage, "无法写入 \(path)：\(reason)", cure: "请检查数据目录的权限和磁盘状态")
    }
}

/// A file being written; closed without `close()` it is simply incomplete.
struct DurableFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(DeliveryFault) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o640)
        if descriptor < 0 { throw DeliveryStore.storageFault(path) }
    }

    mutating func append(_ bytes: Span<UInt8>) throws(DeliveryFault) {
        let failed = unsafe bytes.withUnsafeBufferPointer { buffer -> Bool in
            var done = 0
            while done < buffer.count {
                let count = unsafe Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)  // not empty: done < count
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return true }
                done += count
            }
            return false
        }
        if failed { throw DeliveryStore.storageFault(path) }
    }

    /// Makes the bytes durable.
    mutating func close() throws(DeliveryFault) {
        guard fsync(descriptor) == 0 else { throw DeliveryStore.storageFault(path) }
    }

    deinit { Glibc.close(descriptor) }
}

/// Bytes that arrive over the network or from a local file: written as they come, digest on the way.
package struct IncomingFile: ~Copyable {
    private let path: String
    private var file: DurableFile
    private var digest = SM3()
    private var count: Int64 = 0

    fileprivate init(path: String) throws(DeliveryFault) {
        self.path = path
        file = try DurableFile(path: path)
    }

    /// Bytes received so far.
    package var byteCount: Int64 { count }

    package mutating func append(_ bytes: Span<UInt8>) throws(DeliveryFault) {
        try file.append(bytes)
        digest.update(bytes)
        if count >> 24 != (count + Int64(bytes.count)) >> 24 { try DeliveryStore.requireSpace(for: 0, at: path) }
        count += Int64(bytes.count)
    }

    /// Makes the file durable and gives its digest.
    package consuming func finish() throws(DeliveryFault) -> ArrivedFile {
        try file.close()
        return ArrivedFile(path: path, digest: digest.finish().hex, byteCount: count)
    }

    /// Gives the upload up and removes what had arrived.
    package consuming func abandon() { unsafe unlink(path) }
}

/// A file that has arrived whole, not yet at its final place.
package struct ArrivedFile: Sendable {
    let path: String
    /// SM3 of the bytes, 64 hex digits.
    package let digest: String
    package let byteCount: Int64

    func discard() { unsafe unlink(path) }
}
