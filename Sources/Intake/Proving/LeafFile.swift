internal import Archive
internal import Cryptography
internal import Disk
internal import Glibc
internal import Ledger

/// The leaf hashes of a delivery's rows while it is worked on: 32 bytes a row, row 1 first, in the staging folder. Workers write
/// their batches side by side.
final class LeafFile: Sendable {
    static let name = "leaves"
    let path: String
    private let descriptor: Int32

    init(in folder: String) throws(DeliveryFault) {
        path = "\(folder)/\(Self.name)"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw DeliveryFault(DiskFault(number: errno, path: path)) }
    }

    /// Writes hashes of rows in a row.
    /// - Parameters:
    ///   - bytes: 32 for each row.
    ///   - first: the first row's number, from 1.
    func write(_ bytes: Span<UInt8>, from first: UInt32) throws(DeliveryFault) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                // Not empty: done < count.
                unsafe pwrite(descriptor, buffer.baseAddress! + done, buffer.count - done, Int(first - 1) * 32 + done)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw DeliveryFault(DiskFault(number: errno, path: path)) }
            done += count
        }
    }

    /// Makes all hashes durable. A sync that fails ends the process, as everywhere.
    func sync() {
        guard fdatasync(descriptor) == 0 else { unsafe endProcess(inDoubtAbout: path, reason: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }
}

/// The leaf hashes that one worker makes, batch by batch.
struct LeafMaker: ~Copyable {
    private var salts: RowSalts.Cursor
    private var hasher = LeafHasher()
    /// Number of the batch's first row, and of the row whose leaf is next.
    private var first: UInt32 = 1
    private var next: UInt32 = 1

    init(_ salts: RowSalts) { self.salts = RowSalts.Cursor(salts) }

    /// Begins a batch whose first row has this number.
    mutating func begin(at row: UInt32) {
        first = row
        next = row
    }

    /// Takes the entry that an arena took last. Rows come in order; those left out are returned ones, filled in at the end.
    mutating func add(row: UInt32, subject: SubjectKey?, lastOf arena: borrowing EntryArena) {
        // Nothing of a delivery that is being worked on was punctured yet.
        guard let salt = salts.salt(of: row) else { return }
        skip(to: row)
        arena.withLastEntry { entry in hasher.append(salt: salt, subject: (subject?.high ?? 0, subject?.low ?? 0), entry: entry) }
        next = row + 1
    }

    /// Writes the batch, which ends with the row before `end`, to the file.
    mutating func write(to file: LeafFile, upTo end: UInt32) throws(DeliveryFault) {
        skip(to: end)
        let bytes = hasher.take()
        if !bytes.isEmpty { try file.write(bytes.span, from: first) }
    }

    /// Fills in the returned rows, whose leaves commit to their lines of the rejections.
    mutating func addRejections(_ lines: [(row: UInt32, line: [UInt8])], to file: LeafFile) throws(DeliveryFault) {
        for (index, (row, line)) in lines.enumerated() {
            if index == 0 || lines[index - 1].row + 1 != row {
                try write(to: file, upTo: next)
                begin(at: row)
            }
            guard let salt = salts.salt(of: row) else { continue }
            hasher.append(salt: salt, subject: (0, 0), entry: line.span)
            next = row + 1
        }
        try write(to: file, upTo: next)
    }

    private mutating func skip(to row: UInt32) {
        if row > next { hasher.skip(Int(row - next)) }
        next = max(next, row)
    }
}
