internal import Cryptography
package import Disk
internal import Synchronization

/// The last checkpoint that was signed, and all before it. What is signed goes through here, so that the log never signs two
/// histories: a head is compared with the last one first (compare and swap), and one that does not continue it is refused. A
/// data directory restored from an old backup therefore cannot sign a fork, provided this folder was not restored with it:
/// keep it elsewhere, and never delete it.
///
/// Files: `checkpoint`, the last note; `cosigned`, the last one with cosignatures; `history`, all notes with their times.
/// Any thread may call anything; only one process may have the folder.
package final class CheckpointStore: Sendable {
    package let signer: CheckpointSigner
    private let folder: String
    private let disk: any Disk
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var latest: SignedNote?
        var cosigned: SignedNote?
        var history: NoteHistory
    }

    /// Opens the folder, and makes it where there is none.
    ///
    /// - Throws: `.damaged` where a note is not one that this log has signed, or two of them contradict each other.
    package init(folder: String, signer: CheckpointSigner, disk: any Disk = SystemDisk()) throws(LedgerFault) {
        self.folder = folder
        self.signer = signer
        self.disk = disk
        do throws(DiskFault) { try disk.makeDurableFolder(folder) } catch { throw LedgerFault(error) }
        let history = try NoteHistory("\(folder)/history")
        do throws(DiskFault) { try disk.syncFolder(folder) } catch { throw LedgerFault(error) }
        let kept = try Self.read("\(folder)/checkpoint", on: disk)
        let last = try history.last()
        let cosigned = try Self.read("\(folder)/cosigned", on: disk)
        let latest = try Self.newer(kept, last, signer.verifier, place: folder)
        // A note cut off by a kill is newer than `checkpoint`. If notes are missing before it, the rest is damage, not to be lost.
        if history.hasTail, latest != last { throw LedgerFault(.damaged, place: "\(folder)/history") }
        if let cosigned { _ = try Self.open(cosigned, signer.verifier, place: folder) }
        state = Mutex(State(latest: latest, cosigned: cosigned, history: history))
    }

    /// The last note that was signed; nil before the first.
    package var latest: SignedNote? { state.withLock { $0.latest } }

    /// The last note that has cosignatures; nil before the first.
    package var latestCosigned: SignedNote? { state.withLock { $0.cosigned } }

    /// The note that was the last at a time (seconds since 1970); nil before the first.
    package func note(at time: Int) throws(LedgerFault) -> SignedNote? {
        try state.withLock { state in Result { () throws(LedgerFault) in try state.history.note(at: time) } }.get()
    }

    /// Signs a head of the log and keeps it, durably. A head that is the last one gets no new signature.
    ///
    /// - Parameters:
    ///   - head: of `log`, at most as long as its present head.
    ///   - time: seconds since 1970.
    /// - Throws: `.smallerThanSigned` or `.fork`; then nothing is signed or kept.
    package func sign(_ head: TreeHead, of log: TiledLog, at time: Int) throws(LedgerFault) -> SignedNote {
        try state.withLock { state in
            Result { () throws(LedgerFault) in
                if let latest = state.latest {
                    let signed = try Self.open(latest, signer.verifier, place: folder).head
                    guard head.size >= signed.size else {
                        throw LedgerFault(.smallerThanSigned, place: "\(signer.verifier.key.name): \(head.size) < \(signed.size)")
                    }
                    guard try log.root(at: signed.size) == signed.root else {
                        throw LedgerFault(.fork, place: "\(signer.verifier.key.name): \(signed.size)")
                    }
                    if head == signed { return latest }
                }
                guard try log.root(at: head.size) == head.root else {
                    throw LedgerFault(.fork, place: "\(signer.verifier.key.name): \(head.size)")
                }
                let note = signer.sign(head)
                // The history first: at the next start it tells of a note whose own file was not written any more.
                try state.history.append(note, at: time)
                state.latest = note
                try write(note, "checkpoint")
                return note
            }
        }.get()
    }

    /// Keeps a witness's cosignature, once it has been verified. The log may have signed further notes since the witness was asked.
    ///
    /// - Parameter note: the note that the witness was asked about, of this log.
    /// - Returns: the note with all cosignatures that are known of it.
    /// - Throws: `ProofProblem` where note or cosignature do not hold; `LedgerFault` where the file could not be written.
    package func add(
        _ signature: SignedNote.Signature, to note: SignedNote, by witness: CosignatureVerifier
    ) throws -> SignedNote {
        let size = try signer.verifier.open(note).head.size
        guard try witness.time(of: note.adding(signature)) != nil else { throw ProofProblem.notSigned(by: witness.key.name) }
        return try state.withLock { state in
            let known = state.cosigned.flatMap { $0.text == note.text ? $0 : nil }
            let cosigned = (known ?? note).adding(signature)
            if let other = state.cosigned, try Checkpoint(text: other.text).head.size > size { return cosigned }
            try write(cosigned, "cosigned")
            state.cosigned = cosigned
            return cosigned
        }
    }

    private func write(_ note: SignedNote, _ name: String) throws(LedgerFault) {
        let bytes = Array(note.description.utf8)
        do throws(DiskFault) { try disk.write(bytes.span, to: "\(folder)/\(name)") } catch { throw LedgerFault(error) }
    }

    private static func read(_ path: String, on disk: any Disk) throws(LedgerFault) -> SignedNote? {
        let bytes: [UInt8]
        do throws(DiskFault) { bytes = try disk.read(path) } catch {
            if error.code == .missing { return nil }
            throw LedgerFault(error)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw LedgerFault(.damaged, place: path) }
        do throws(ProofProblem) { return try SignedNote(text) } catch {
            throw LedgerFault(.damaged, place: path, detail: error.message)
        }
    }

    private static func open(
        _ note: SignedNote, _ verifier: CheckpointVerifier, place: String
    ) throws(LedgerFault) -> Checkpoint {
        do throws(ProofProblem) { return try verifier.open(note) } catch {
            throw LedgerFault(.damaged, place: place, detail: error.message)
        }
    }

    /// The note of the larger tree: the history may be ahead by one after a kill, or behind if it was restored from a backup.
    private static func newer(
        _ kept: SignedNote?, _ last: SignedNote?, _ verifier: CheckpointVerifier, place: String
    ) throws(LedgerFault) -> SignedNote? {
        let keptHead = try kept.map { note throws(LedgerFault) in try open(note, verifier, place: place).head }
        let lastHead = try last.map { note throws(LedgerFault) in try open(note, verifier, place: place).head }
        guard let keptHead, let lastHead else { return kept ?? last }
        guard keptHead.size != lastHead.size || keptHead == lastHead else {
            throw LedgerFault(.damaged, place: place, detail: "two roots of size \(keptHead.size)")
        }
        return keptHead.size >= lastHead.size ? kept : last
    }
}
