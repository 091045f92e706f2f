import Glibc

/// A file that lies in memory alone and goes with the object: for a table that is made for one answer and must not reach a disk.
package final class MemoryFile {
    private let descriptor: Int32

    /// - Throws: `TableFault(.unwritable)` where the system has none to give.
    package init() throws(TableFault) {
        let name = "/tianzhong-\(UInt64.random(in: .min ... .max))"
        descriptor = unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw TableFault(.unwritable, file: "导出", message: "不能在内存中建立文件：\(reasonOfLastError())", cure: "请稍后再试")
        }
        // From here on only the descriptor leads to it.
        _ = unsafe shm_unlink(name)
    }

    deinit { close(descriptor) }

    /// Where writers that take a path find it, within this process.
    package var path: String { "/proc/self/fd/\(descriptor)" }

    /// All that was written.
    package func bytes() throws(TableFault) -> [UInt8] {
        let file = try PlainFile(path: path)
        var bytes = [UInt8](repeating: 0, count: Int(file.byteCount))
        var filled = 0
        while filled < bytes.count {
            let got = try file.read(into: &bytes, at: filled, fileOffset: Int64(filled))
            if got == 0 { break }
            filled += got
        }
        return bytes
    }
}
