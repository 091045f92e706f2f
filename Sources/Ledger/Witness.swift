package import Cryptography
package import Disk
internal import Synchronization

/// Somebody who watches logs for the city: cosigns a checkpoint only if it continues the one cosigned before (C2SP
/// tlog-witness). What was cosigned last is kept, one file for each log, and is durable before a cosignature leaves.
///
/// Any thread may call anything; only one process may have the folder.
package final class Witness: Sendable {
    package let signer: CosignatureSigner
    private let logs: [String: CheckpointVerifier]
    private let folder: String
    private let disk: any Disk
    private let lock = Mutex(())

    /// - Parameters:
    ///   - folder: the witness's own, kept as carefully as its key; made where it is missing.
    ///   - logs: those it cosigns for.
    package init(
        folder: String, signer: CosignatureSigner, logs: [CheckpointVerifier], disk: any Disk = SystemDisk()
    ) throws(LedgerFault) {
        self.folder = folder
        self.signer = signer
        self.logs = Dictionary(logs.map { ($0.key.name, $0) }) { _, last in last }
        self.disk = disk
        do throws(DiskFault) { try disk.makeDurableFolder(folder) } catch { throw LedgerFault(error) }
    }

    /// The head cosigned last for a log, from which the next consistency proof must start; the empty one before the first.
    package func seen(_ origin: String) throws -> TreeHead {
        guard let log = logs[origin] else { throw ProofProblem.otherLog(origin) }
        return try lock.withLock { _ in try read(log) }
    }

    /// Cosigns a checkpoint after checking the log's signature and that it continues what was seen.
    ///
    /// - Parameters:
    ///   - proof: from the size seen to the checkpoint's.
    ///   - time: seconds since 1970.
    /// - Throws: `ProofProblem` where it refuses, then nothing is kept; `LedgerFault` where its own files fail.
    package func cosign(_ note: SignedNote, proof: [SM3Digest], at time: Int) throws -> SignedNote.Signature {
        let origin = try Checkpoint(text: note.text).origin
        guard let log = logs[origin] else { throw ProofProblem.otherLog(origin) }
        let checkpoint = try log.open(note)
        return try lock.withLock { _ in
            let seen = try read(log)
            guard checkpoint.head.size >= seen.size else {
                throw ProofProblem.older(size: checkpoint.head.size, seen: seen.size)
            }
            guard MerkleTree.isConsistent(from: seen, to: checkpoint.head, proof: proof) else {
                throw ProofProblem.notConsistent
            }
            let bytes = Array(note.description.utf8)
            do throws(DiskFault) { try disk.write(bytes.span, to: path(log)) } catch { throw LedgerFault(error) }
            return signer.sign(note, at: time)
        }
    }

    private func read(_ log: CheckpointVerifier) throws -> TreeHead {
        let bytes: [UInt8]
        do throws(DiskFault) { bytes = try disk.read(path(log)) } catch {
            if error.code == .missing { return .empty }
            throw LedgerFault(error)
        }
        do {
            return try log.open(SignedNote(String(decoding: bytes, as: UTF8.self))).head
        } catch {
            throw LedgerFault(.damaged, place: path(log), detail: error.message)
        }
    }

    /// Origins may hold slashes, so the file is named by their digest.
    private func path(_ log: CheckpointVerifier) -> String {
        let origin = Array(log.key.name.utf8)
        return "\(folder)/\(SM3.digest(origin.span).hex)"
    }
}
