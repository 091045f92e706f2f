import GRDB
import Glibc

/// A state of the store, held by a read transaction. A copy is made page by page while the store is in use, beside the
/// target; it is flushed and then given its name, so that one that was cut off is never taken for a whole one.
struct SQLiteSnapshot: SQLSnapshot {
    let source: DatabaseSnapshot

    func copy(to target: String) throws(RegistryFault) {
        let partial = target + ".part"
        guard unsafe access(target, F_OK) != 0 else { throw RegistryFault(.alreadyExists(path: target)) }
        _ = unsafe unlink(partial)
        do {
            let copy = try DatabaseQueue(path: partial)
            try source.backup(to: copy)
            try copy.close()
        } catch {
            _ = unsafe unlink(partial)
            throw RegistryFault(sqlite: error, path: target)
        }
        try flush(partial)
        guard unsafe rename(partial, target) == 0 else { throw RegistryFault(.unwritable(path: target)) }
    }

    private func flush(_ partial: String) throws(RegistryFault) {
        let descriptor = unsafe open(partial, O_RDONLY)
        guard descriptor >= 0 else { throw RegistryFault(.unwritable(path: partial)) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw RegistryFault(errno == ENOSPC ? .full : .unwritable(path: partial)) }
    }
}
