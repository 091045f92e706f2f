import Glibc

/// Where bytes come from: a file, an inflating zip entry, a decoder over another source, a program that makes them.
package protocol ByteSource: AnyObject {
    /// About how many bytes there are in all, so that little ones are not read through a large window.
    var size: Int64 { get }
    /// Writes into `buffer` from `offset` (with room for at least 4 KiB) and returns how many bytes it wrote; 0 only at the end.
    func read(into buffer: inout [UInt8], at offset: Int) throws(TableFault) -> Int
}

/// Bytes that stand still and can be read from any place: a file on disk, or one that is deciphered as it is read. One thread
/// at a time.
package protocol RandomAccessBytes: AnyObject {
    /// How many there are; it does not change.
    var byteCount: Int64 { get }
    /// Writes into `buffer` from `offset`, which is less than its length, what stands at `fileOffset`, and returns how many bytes it
    /// wrote: as many as there is room for or fewer, and 0 only at the end.
    func read(into buffer: inout [UInt8], at offset: Int, fileOffset: Int64) throws(TableFault) -> Int
}

/// A regular file opened for reading; closed with the object.
package final class PlainFile: RandomAccessBytes {
    /// The name without its folder, for faults.
    package let name: String
    package let byteCount: Int64
    private let descriptor: Int32

    /// Opens the file at `path`; a folder, a pipe or a device is refused.
    package init(path: String) throws(TableFault) {
        name = TableFault.name(ofPath: path)
        // O_NONBLOCK: opening a named pipe must not hang.
        descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(name, reason: reasonOfLastError()) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let reason = reasonOfLastError()
            close(descriptor)
            throw .unreadable(name, reason: reason)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .unreadable(name, reason: "不是普通文件")
        }
        byteCount = Int64(status.st_size)
    }

    deinit { close(descriptor) }

    package func read(into buffer: inout [UInt8], at offset: Int, fileOffset: Int64) throws(TableFault) -> Int {
        precondition(offset < buffer.count, "asked for nothing")
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe pread(descriptor, bytes.baseAddress.map { unsafe $0 + offset }, bytes.count - offset, Int(fileOffset))
            }
            if count >= 0 { return count }
            if errno != EINTR { throw .unreadable(name, reason: reasonOfLastError()) }
        }
    }
}

/// The bytes of a table as its reader takes them: from any place, or one after another.
final class FileBytes: ByteSource {
    /// The name without its folder, for faults.
    let name: String
    let byteCount: Int64
    private let source: any RandomAccessBytes
    private(set) var position: Int64 = 0

    /// Reads other bytes than a file's under the name that faults call them.
    init(_ source: any RandomAccessBytes, name: String) {
        self.name = name
        self.source = source
        byteCount = source.byteCount
    }

    convenience init(path: String) throws(TableFault) {
        let file = try PlainFile(path: path)
        self.init(file, name: file.name)
    }

    var size: Int64 { byteCount }

    /// Continues `read` from `offset`.
    func seek(to offset: Int64) { position = offset }

    func read(into buffer: inout [UInt8], at offset: Int) throws(TableFault) -> Int {
        let count = try read(into: &buffer, at: offset, fileOffset: position)
        position += Int64(count)
        return count
    }

    /// Reads at a place in the file without moving `position`.
    func read(into buffer: inout [UInt8], at offset: Int, fileOffset: Int64) throws(TableFault) -> Int {
        try source.read(into: &buffer, at: offset, fileOffset: fileOffset)
    }

    /// Exactly `count` bytes at `fileOffset`, or fewer at the end of the file.
    func bytes(at fileOffset: Int64, count: Int) throws(TableFault) -> [UInt8] {
        guard count > 0, fileOffset >= 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = try read(into: &buffer, at: filled, fileOffset: fileOffset + Int64(filled))
            if got == 0 { break }
            filled += got
        }
        buffer.removeLast(count - filled)
        return buffer
    }
}

/// The system's words for `errno`, in Chinese where a clerk may meet them.
func reasonOfLastError() -> String {
    let code = errno
    switch code {
    case ENOENT: return "文件或目录不存在"
    case EACCES, EPERM: return "没有权限"
    case EISDIR: return "是目录"
    case ENOSPC, EDQUOT: return "磁盘已满"
    case EROFS: return "磁盘只读"
    case EMFILE, ENFILE: return "打开的文件过多"
    case EIO: return "磁盘读写出错"
    default:
        guard let text = unsafe strerror(code) else { return "错误 \(code)" }
        return unsafe String(cString: text)
    }
}
