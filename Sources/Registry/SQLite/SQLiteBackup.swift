import GRDB
import Glibc

/// A copy of the store made page by page while it is in use. The copy is written beside the target, flushed, and then
/// given its name, so that a backup that was cut off is never taken for a whole one.
struct SQLiteBackup {
    let source: DatabasePool
    let target: String

    private var partial: String { target + ".part" }

    func run() throws(RegistryFault) {
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
        try flush()
        guard unsafe rename(partial, target) == 0 else { throw RegistryFault(.unwritable(path: target)) }
    }

    private func flush() throws(RegistryFault) {
        let descriptor = unsafe open(partial, O_RDONLY)
        guard descriptor >= 0 else { throw RegistryFault(.unwritable(path: partial)) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw RegistryFault(errno == ENOSPC ? .full : .unwritable(path: partial)) }
    }
}
