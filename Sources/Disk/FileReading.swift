internal import Glibc

/// Lends the bytes of a file piece by piece, a mebibyte at a time.
///
/// - Returns: false where the file cannot be opened or read to its end; `errno` then says why.
package func readPieces(of path: String, _ body: (Span<UInt8>) throws -> Void) rethrows -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return count == 0 }
        try body(buffer.span.extracting(0..<count))
    }
}

/// The bytes of a small file; nil where it cannot be read.
package func readFile(_ path: String) -> [UInt8]? { try? SystemDisk().read(path) }
