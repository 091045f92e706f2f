package import Cryptography
package import Disk

/// A sealed file being written: clear bytes are taken, sealed bytes reach the disk. Let go without `finish()` it is simply
/// incomplete, and no reader opens it.
///
/// After a call that threw it can only be given up.
package struct SealedGrowingFile: ~Copyable {
    private var file: GrowingFile
    private var stream: SealedStream
    /// Sealed bytes that have not reached the disk.
    private var sealed: [UInt8] = []
    /// Clear bytes taken so far.
    package private(set) var byteCount: Int64 = 0

    package var path: String { file.path }

    /// Makes the file anew.
    ///
    /// - Parameters:
    ///   - keyID: number of the data key, written into the file so that readers find the key again.
    ///   - key: the data key.
    package init(
        _ path: String, keyID: UInt32, key: DataKey, on disk: any Disk, mode: UInt32 = 0o640
    ) throws(DiskFault) {
        file = try GrowingFile(path, on: disk, mode: mode)
        stream = SealedStream(SealedHeader(keyID: keyID), key: key, onto: &sealed)
    }

    /// Takes clear bytes at the end, in pieces of any length; up to 64 KiB of them wait in memory.
    package mutating func append(_ clear: Span<UInt8>) throws(DiskFault) {
        // Little by little, so that a large piece does not lie in memory a second time as a whole.
        var taken = 0
        while taken < clear.count {
            let count = min(clear.count - taken, 1 << 20)
            stream.append(clear.extracting(taken..<(taken + count)), onto: &sealed)
            try flush()
            taken += count
            byteCount += Int64(count)
        }
    }

    /// Seals what is left and makes all bytes durable; the name becomes so with its folder.
    package consuming func finish() throws(DiskFault) {
        var rest = sealed
        stream.finish(onto: &rest)
        try file.append(rest.span)
        try file.sync()
    }

    private mutating func flush() throws(DiskFault) {
        guard !sealed.isEmpty else { return }
        // Taken out and put back: the bytes cannot be lent while the file changes.
        var ready: [UInt8] = []
        swap(&ready, &sealed)
        try file.append(ready.span)
        ready.removeAll(keepingCapacity: true)
        swap(&ready, &sealed)
    }
}

extension Disk {
    /// Writes a whole sealed file durably under its final name, as `write` does a plain one.
    package func writeSealed(
        _ clear: Span<UInt8>, to path: String, keyID: UInt32, key: DataKey, mode: UInt32 = 0o640
    ) throws(DiskFault) {
        try write(SealedBytes.seal(clear, keyID: keyID, key: key).span, to: path, mode: mode)
    }
}
