internal import Cryptography
internal import Disk
internal import Glibc

/// A file of hashes side by side: hash `index` lies at 32 × `index`. Reading and writing by position, from any thread.
final class HashFile: Sendable {
    /// Bytes of one hash.
    static let hashLength = 32

    let path: String
    private let descriptor: Int32

    /// Opens the file, and makes it where there is none; the caller makes the name durable. A symbolic link is refused.
    init(_ path: String) throws(LedgerFault) {
        self.path = path
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw fault(errno, path) }
    }

    deinit { close(descriptor) }

    /// Whole hashes that the file holds, garbage behind the authoritative size among them.
    func count() throws(LedgerFault) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw fault(errno, path) }
        return Int(status.st_size) / Self.hashLength
    }

    /// The bytes of so many hashes from `first` on; it throws where the file ends before.
    func read(_ count: Int, from first: Int) throws(LedgerFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count * Self.hashLength)
        let failure = unsafe bytes.withUnsafeMutableBytes { buffer -> LedgerFault? in
            var done = 0
            while done < buffer.count {
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                let count = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(first * Self.hashLength + done))
                if count < 0 && errno == EINTR { continue }
                if count == 0 { return LedgerFault(.tooShort, place: path) }
                guard count > 0 else { return fault(errno, path) }
                done += count
            }
            return nil
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes hashes from `first` on. They reach the kernel, nothing more.
    func write(_ bytes: RawSpan, from first: Int) throws(LedgerFault) {
        let failure = unsafe bytes.withUnsafeBytes { buffer -> Int32 in
            var done = 0
            while done < buffer.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
                let count = unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(first * Self.hashLength + done))
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return count < 0 ? errno : EIO }
                done += count
            }
            return 0
        }
        if failure != 0 { throw fault(failure, path) }
    }

    /// Makes the bytes durable. It is never tried twice: a failure ends the process.
    func sync() {
        guard fdatasync(descriptor) == 0 else {
            endProcess(inDoubtAbout: path, reason: unsafe String(cString: strerror(errno)))
        }
    }
}

/// The ledger's fault for a number of `errno`.
func fault(_ number: Int32, _ path: String) -> LedgerFault { LedgerFault(DiskFault(number: number, path: path)) }

extension LedgerFault {
    /// The ledger's fault for one of the disk.
    init(_ fault: DiskFault) {
        self.init(fault.code == .full ? .diskFull : .inputOutput, place: fault.path, detail: fault.reason)
    }
}
