internal import Glibc

/// Lends the bytes of a file piece by piece, a mebibyte at a time.
///
/// - Parameters:
///   - offset: where to begin.
///   - end: where to stop; the file's end where it is nil.
/// - Returns: false where the file cannot be opened or read to its end; `errno` then says why.
package func readPieces(
    of path: String, from offset: Int64 = 0, to end: Int64? = nil, _ body: (Span<UInt8>) throws -> Void
) rethrows -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard offset == 0 || lseek(descriptor, off_t(offset), SEEK_SET) == off_t(offset) else { return false }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var rest = (end ?? .max) - offset
    while rest > 0 {
        let wanted = Int(min(rest, Int64(buffer.count)))
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, wanted) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return count == 0 && end == nil }
        try body(buffer.span.extracting(0..<count))
        rest -= Int64(count)
    }
    return true
}

/// The bytes of a small file; nil where it cannot be read.
package func readFile(_ path: String) -> [UInt8]? { try? SystemDisk().read(path) }
