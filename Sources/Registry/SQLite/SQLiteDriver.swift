import Disk
import GRDB
import Synchronization

/// How the SQLite store is opened. The defaults are meant for the server; tests lower them.
package struct SQLiteSettings: Sendable {
    /// Seconds a transaction waits for another process before it fails as locked.
    package var busyTimeoutSeconds: Double = 5
    /// Connections for reading at the same time.
    package var maximumReaders = 8
    /// Page cache of the writer in KiB; a reader gets a quarter.
    package var writerCacheKiB = 131_072
    /// Quota in pages of 4 KiB, beyond which the store reports a full disk; nil for none.
    package var maximumPages: Int?

    /// The server's settings.
    package init() {}
}

/// The embedded SQL store: one SQLite file in WAL mode with `synchronous = FULL`, so that what a returned `write` has
/// committed survives power loss; one writer, many readers on snapshots.
///
/// There is one driver per file in a process, for the process's life.
package final class SQLiteDriver: SQLDriver {
    private let path: String
    private let pool: DatabasePool
    package let migrations: [Migration]
    /// Whether it was closed: GRDB hands SQLite a connection that is none then, which SQLite does not take.
    private let isClosed = Atomic(false)
    /// Whether the store holds the index over organisations' names.
    private let hasNameIndex: Bool

    /// Opens the registry's file, or makes it.
    /// - Throws: `.unwritable`, `.locked`, `.damaged`, or `.notARegistry` for another program's database.
    package convenience init(path: String, settings: SQLiteSettings = SQLiteSettings()) throws(RegistryFault) {
        try self.init(path: path, settings: settings, schema: SQLiteSchema.migrations, applicationID: SQLiteSchema.applicationID)
    }

    /// Opens a file of a schema, or makes it; another kind of file is refused by its mark.
    init(path: String, settings: SQLiteSettings, schema: [Migration], applicationID: Int64) throws(RegistryFault) {
        self.path = path
        migrations = schema
        hasNameIndex = applicationID == SQLiteSchema.applicationID
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration(path: path, settings: settings, applicationID: applicationID))
            // GRDB sets NORMAL when it enters WAL mode; acknowledged deliveries must survive power loss.
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                if let pages = settings.maximumPages { try database.execute(sql: "PRAGMA max_page_count = \(pages)") }
            }
        } catch {
            throw RegistryFault(sqlite: error, path: path)
        }
    }

    private static func configuration(path: String, settings: SQLiteSettings, applicationID: Int64) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(settings.busyTimeoutSeconds)
        configuration.maximumReaderCount = settings.maximumReaders
        configuration.label = "registry"
        configuration.prepareDatabase { database in
            let id = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            let tables = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
            guard id == applicationID || (id == 0 && tables == 0) else {
                throw RegistryFault(.notARegistry(path: path))
            }
            let readOnly = try Bool.fetchOne(database, sql: "PRAGMA query_only") ?? false
            let cache = readOnly ? settings.writerCacheKiB / 4 : settings.writerCacheKiB
            try database.execute(sql: "PRAGMA cache_size = -\(cache)")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            // Debian turns it on. Overwriting what was deleted doubles the cost of merging the name index; salts and keys must go for good.
            try database.execute(sql: "PRAGMA secure_delete = \(applicationID == SQLiteSchema.applicationID ? "OFF" : "ON")")
        }
        return configuration
    }

    package func read<T>(_ body: (any SQLConnection) throws(RegistryFault) -> T) throws(RegistryFault) -> T {
        guard !isClosed.load(ordering: .acquiring) else { throw RegistryFault(.failed, detail: "closed") }
        do {
            return try pool.read { database in try body(SQLiteConnection(database: database, path: path)) }
        } catch {
            throw RegistryFault(sqlite: error, path: path)
        }
    }

    /// A sync of the store's own that failed ends the process: SQLite would sync the same file again with the next transaction.
    @discardableResult
    package func write<T>(_ body: (any SQLConnection) throws(RegistryFault) -> T) throws(RegistryFault) -> T {
        guard !isClosed.load(ordering: .acquiring) else { throw RegistryFault(.failed, detail: "closed") }
        do {
            return try pool.write { database in try body(SQLiteConnection(database: database, path: path)) }
        } catch let error as DatabaseError
            where [.SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC].contains(error.extendedResultCode)
        {
            endProcess(inDoubtAbout: path, reason: error.message ?? "")
        } catch {
            throw RegistryFault(sqlite: error, path: path)
        }
    }

    package var nameIndex: any NameIndex { SQLiteNameIndex() }

    package func close() throws(RegistryFault) {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // Whatever the order in which the connections end, all is in the one file afterwards. Where it cannot be, for want of
        // disk, the log stays beside the file and nothing is lost.
        _ = try? pool.writeWithoutTransaction { database in try database.checkpoint(.truncate) }
        do { try pool.close() } catch { throw RegistryFault(sqlite: error, path: path) }
    }
}

extension SQLiteDriver {
    package func snapshot() throws(RegistryFault) -> any SQLSnapshot {
        do { return SQLiteSnapshot(source: try pool.makeSnapshot()) } catch { throw RegistryFault(sqlite: error, path: path) }
    }

    package func integrityFaults() throws(RegistryFault) -> [String] {
        do {
            var faults = try pool.read { database in
                let pages = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
                let references = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").prefix(20).map {
                    "\($0["table"] ?? "") 第 \($0["rowid"] ?? 0) 行"
                }
                return pages.map { "登记库页面损坏：\($0)" } + references.map { "登记库引用缺失：\($0)" }
            }
            guard hasNameIndex else { return faults }
            do {
                try pool.write { database in try database.execute(sql: SQLiteNameIndex.integrityCheck) }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                faults.append("名称检索索引损坏：\(error.message ?? "")")
            }
            return faults
        } catch {
            throw RegistryFault(sqlite: error, path: path)
        }
    }
}
