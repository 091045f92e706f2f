import Glibc

/// A file in memory, for decoders that read by path. One serves all inputs of a process.
enum MemoryFile {
    private static let descriptor: Int32 = {
        var name = Array("/dev/shm/tianzhong-fuzz-XXXXXX".utf8CString)
        let descriptor = unsafe name.withUnsafeMutableBufferPointer { name in
            guard let name = name.baseAddress else { return Int32(-1) }
            let descriptor = unsafe mkstemp(name)
            unsafe unlink(name)
            return descriptor
        }
        precondition(descriptor >= 0, "no file can be made in /dev/shm")
        return descriptor
    }()

    /// The path of a file with these contents, until the next call.
    static func path(holding bytes: [UInt8]) -> String {
        ftruncate(descriptor, 0)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress.map { unsafe $0 + done }, bytes.count - done, done) }
            precondition(count > 0, "/dev/shm is full")
            done += count
        }
        return "/proc/self/fd/\(descriptor)"
    }
}
