import CRocksDB
import Disk
import Glibc

/// Writes one file of sorted keys in the store's own format. Keys must come in ascending order, each once.
@safe struct SortedFile: ~Copyable, KeySink {
    let path: String
    private let settings: RocksSettings
    private let environment: OpaquePointer?
    private let writer: OpaquePointer?
    private(set) var isEmpty = true

    /// - Parameter path: replaced where it exists.
    init(path: String) throws(ArchiveFault) {
        self.path = path
        settings = RocksSettings(ArchiveOptions(cacheBytes: 1 << 20))
        unsafe environment = rocksdb_envoptions_create()
        unsafe writer = rocksdb_sstfilewriter_create(environment, settings.options)
        _ = unsafe unlink(path)
        var error: UnsafeMutablePointer<CChar>?
        unsafe rocksdb_sstfilewriter_open(writer, path, &error)
        try unsafe RocksHandle.check(error, path)
    }

    deinit {
        unsafe rocksdb_sstfilewriter_destroy(writer)
        unsafe rocksdb_envoptions_destroy(environment)
    }

    /// Sets the value of a key.
    mutating func put(_ key: [UInt8], _ value: [UInt8]) throws(ArchiveFault) {
        var error: UnsafeMutablePointer<CChar>?
        unsafe withChars(key, value) { unsafe rocksdb_sstfilewriter_put(writer, $0, $1, $2, $3, &error) }
        isEmpty = false
        try unsafe RocksHandle.check(error, path)
    }

    /// Appends to the value of a key, whatever it is when the file is committed.
    mutating func append(_ key: [UInt8], _ value: [UInt8]) throws(ArchiveFault) {
        var error: UnsafeMutablePointer<CChar>?
        unsafe withChars(key, value) { unsafe rocksdb_sstfilewriter_merge(writer, $0, $1, $2, $3, &error) }
        isEmpty = false
        try unsafe RocksHandle.check(error, path)
    }

    /// Completes the file and syncs it; its size in bytes.
    consuming func finish() throws(ArchiveFault) -> Int {
        var error: UnsafeMutablePointer<CChar>?
        unsafe rocksdb_sstfilewriter_finish(writer, &error)
        try unsafe RocksHandle.check(error, path)
        var size: UInt64 = 0
        unsafe rocksdb_sstfilewriter_file_size(writer, &size)
        try syncPath(path, isDirectory: false)
        return Int(size)
    }
}

/// Waits until a file's bytes, or a directory's names, are on disk. A sync that fails ends the process.
func syncPath(_ path: String, isDirectory: Bool) throws(ArchiveFault) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | (isDirectory ? O_DIRECTORY : 0))
    guard descriptor >= 0 else { throw systemFault(errno, path) }
    defer { _ = close(descriptor) }
    guard fsync(descriptor) == 0 else {
        endProcess(inDoubtAbout: path, reason: unsafe String(cString: strerror(errno)))
    }
}

func systemFault(_ number: Int32, _ path: String) -> ArchiveFault {
    let text = unsafe String(cString: strerror(number))
    return switch number {
    case ENOSPC, EDQUOT: ArchiveFault(.diskFull, place: path, detail: text)
    case EACCES, EPERM, EROFS: ArchiveFault(.unwritable, place: path, detail: text)
    case ENOENT, ENOTDIR: ArchiveFault(.missing, place: path, detail: text)
    default: ArchiveFault(.inputOutput, place: path, detail: text)
    }
}
