internal import Cryptography
internal import Disk
internal import Glibc

/// All notes that were ever signed, one behind the other in a file that only grows: before each a line with the time in seconds
/// since 1970 and the note's length in bytes. In memory are 24 bytes for each. Not for use by two threads at once.
struct NoteHistory: ~Copyable {
    private struct Place {
        var time: Int
        var start: Int
        var length: Int
    }

    private let path: String
    private let descriptor: Int32
    private var places: [Place] = []
    private var end = 0

    /// Whether something stands behind the last whole note: an incomplete one of a killed process, which was given to nobody and
    /// goes with the next `append`; or notes behind a damaged one. Only who knows the last note can tell.
    let hasTail: Bool

    /// Opens the history, and makes it where there is none; the caller makes the name durable. It is read as a whole: a note
    /// each minute makes 150 MB a year.
    init(_ path: String) throws(LedgerFault) {
        self.path = path
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw fault(errno, path) }
        let bytes: [UInt8]
        do throws(DiskFault) { bytes = try SystemDisk().read(path) } catch { throw LedgerFault(error) }
        while let place = Self.place(in: bytes, at: end) {
            places.append(place)
            end = place.start + place.length
        }
        hasTail = end < bytes.count
    }

    deinit { close(descriptor) }

    /// The last note; nil before the first.
    func last() throws(LedgerFault) -> SignedNote? {
        guard let place = places.last else { return nil }
        return try note(place)
    }

    /// The note that was the last at a time; nil before the first.
    func note(at time: Int) throws(LedgerFault) -> SignedNote? {
        // From the end: a clock that was set back makes times that are not in order.
        guard let place = places.last(where: { $0.time <= time }) else { return nil }
        return try note(place)
    }

    /// Adds a note, durably.
    mutating func append(_ note: SignedNote, at time: Int) throws(LedgerFault) {
        let text = Array(note.description.utf8)
        let header = Array("\(max(0, time)) \(text.count)\n".utf8)
        let record = header + text
        guard ftruncate(descriptor, off_t(end)) == 0 else { throw fault(errno, path) }
        var done = 0
        while done < record.count {
            let count = unsafe record.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
                return unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(end + done))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw fault(count < 0 ? errno : EIO, path) }
            done += count
        }
        guard fdatasync(descriptor) == 0 else {
            endProcess(inDoubtAbout: path, reason: unsafe String(cString: strerror(errno)))
        }
        places.append(Place(time: max(0, time), start: end + header.count, length: text.count))
        end += record.count
    }

    private func note(_ place: Place) throws(LedgerFault) -> SignedNote {
        var bytes = [UInt8](repeating: 0, count: place.length)
        let count = unsafe pread(descriptor, &bytes, bytes.count, off_t(place.start))
        guard count == bytes.count, let text = String(validating: bytes, as: UTF8.self) else {
            throw LedgerFault(.damaged, place: path, detail: "at \(place.start)")
        }
        do throws(ProofProblem) { return try SignedNote(text) } catch {
            throw LedgerFault(.damaged, place: path, detail: "at \(place.start): \(error.message)")
        }
    }

    /// The record that begins at a place; nil where it is not whole.
    private static func place(in bytes: [UInt8], at start: Int) -> Place? {
        guard let line = bytes[start...].prefix(64).firstIndex(of: newline) else { return nil }
        let parts = bytes[start..<line].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let time = decimal(parts[0], largest: Int.max), let length = decimal(parts[1]),
            line + 1 + length <= bytes.count, length > 0, bytes[line + length] == newline
        else { return nil }
        return Place(time: time, start: line + 1, length: length)
    }
}
