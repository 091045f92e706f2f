package import Archive
internal import Cryptography
internal import Disk
internal import Glibc
package import Ledger
package import Registry
internal import Synchronization

/// The platform's one data directory: registry, archive, delivery files and the key of the subject keys.
///
/// ```
/// layout            the directory's layout number
/// LOCK              held by the one process that works on it
/// keys/subject.key  32 random bytes, mode 0600: the HMAC-SM3 key of every subject key
/// keys/backend.key  master key and secrets of the software backend, mode 0600
/// keys/ledger.pem   the SM2 key that signs tree heads, mode 0600
/// registry.sqlite   what is small and transactional
/// access.sqlite     accounts, access events, consents, wrapped data keys, row salts
/// ledger/           origin; records/ and access/: the tiles of the two logs, signed/ their signed heads
/// archive/          histories (RocksDB)
/// digests           checksums of the archive's files and of the closed registry, check value of the key
/// deliveries/       raw/<dd>/<digest>, rejections/<delivery>.jsonl, incoming/: sealed; staging/<delivery>/
/// ```
package final class DataDirectory: Sendable {
    /// Layout number written by this program; a directory with another one is refused.
    package static let layout = 3

    package let path: String
    package let registry: Registry
    /// Accounts, access events, consents, keys.
    package let accessRegistry: AccessRegistry
    /// Data keys, by body and year.
    package let keyring: Keyring
    /// The log of records; the registry vouches for its size.
    package let ledger: SignedLog
    /// The log of access events.
    package let accessTree: SignedLog
    /// Signs extracts of lists, as `<origin>/lists`.
    package let lists: StatementSigner
    package let archive: RocksArchive
    package let store: DeliveryStore
    /// Checksums of the archive's files.
    package let digests: Digests
    /// Knowledge times of the committed deliveries.
    package let times = DeliveryTimesTable()
    /// Organisations that records are known about, so that they need not be brought to the registry again.
    let census = OrganisationCensus()
    /// Subjects that have a card, so that it need not be written again.
    let subjects: SubjectCensus
    /// Progress of the work going on in this process.
    package let board = ProgressBoard()
    /// Key of the HMAC-SM3 that turns identifiers into subject keys. A secret: never logged, never shown.
    let subjectSecret: [UInt8]
    /// Held while a delivery goes from one store to the other, and while both are copied.
    let commits = Mutex(())
    /// Held while a file gets its place and its delivery, and while data keys are destroyed.
    let custody = Mutex(())
    private let lock: DirectoryLock

    private init(
        path: String, registry: Registry, accessRegistry: AccessRegistry, keyring: Keyring, ledger: SignedLog, accessTree: SignedLog, lists: StatementSigner,
        archive: RocksArchive, store: DeliveryStore, digests: Digests, secret: [UInt8], lock: DirectoryLock
    ) {
        self.path = path
        self.registry = registry
        self.accessRegistry = accessRegistry
        self.keyring = keyring
        self.ledger = ledger
        self.accessTree = accessTree
        self.lists = lists
        self.archive = archive
        subjects = SubjectCensus(archive: archive)
        self.store = store
        self.digests = digests
        self.subjectSecret = secret
        self.lock = lock
    }

    /// Makes a new data directory; its keys are drawn here and never leave it.
    ///
    /// - Parameter origin: what the two logs are called, before `/records` and `/access`.
    package static func initialise(_ path: String, origin: String = "tianzhong.zhumadian") throws {
        if unsafe access("\(path)/layout", F_OK) == 0 {
            throw DataDirectoryFault(.exists, path: path, "已经初始化", cure: "无需再次初始化；要重新开始，请换一个空目录")
        }
        let disk = SystemDisk()
        let key = "\(path)/keys/subject.key"
        do {
            try disk.makeDurableFolder(path)
            try disk.makeDurableFolder("\(path)/keys", mode: 0o700)
            // An initialisation that was cut off may have drawn the key already.
            if (try? disk.read(key))?.count != 32 { try disk.write(randomBytes(32).span, to: key, mode: 0o600) }
            try LedgerFolders.make(path, origin: origin, on: disk)
        } catch { throw DataDirectoryFault(unwritable: error) }
        _ = try KeyFile.draw("\(path)/keys/backend.key")
        try AccessRegistry.open("\(path)/access.sqlite").close()
        try DeliveryStore.makeFolders("\(path)/deliveries")
        try Registry.open("\(path)/registry.sqlite").close()
        try RocksArchive(path: "\(path)/archive").close()
        // Last, so that a half-made directory is not taken for a whole one.
        do { try disk.write(Array("\(layout)\n".utf8).span, to: "\(path)/layout") } catch { throw DataDirectoryFault(unwritable: error) }
    }

    /// Opens the directory for this process alone, and finishes or undoes what a killed process left.
    ///
    /// - Parameter reserve: bytes of the disk that deliveries leave free.
    package static func open(_ path: String, reserve: UInt64 = DeliveryStore.defaultReserve) throws -> DataDirectory {
        let text: [UInt8]
        do { text = try SystemDisk().read("\(path)/layout") } catch where error.code == .missing {
            throw DataDirectoryFault(.missing, path: path, "还没有初始化", cure: "请先运行 tianzhong init --data \(path)")
        } catch { throw DataDirectoryFault(unreadable: error) }
        guard let found = Int(String(decoding: text, as: UTF8.self).filter(\.isNumber)) else {
            throw DataDirectoryFault(.damaged, path: path, "layout 文件读不懂", cure: "请从备份恢复")
        }
        guard found <= layout else {
            throw DataDirectoryFault(
                .newerLayout, path: path, "由更新版本的程序写成（布局 \(found)，本程序认识到 \(layout)）", cure: "请使用新版程序打开")
        }
        guard found == layout else {
            throw DataDirectoryFault(
                .olderLayout, path: path, "由旧版本的程序写成（布局 \(found)，本程序写布局 \(layout)）",
                cure: "请新建数据目录，按顺序重新报送 deliveries/raw 中的原始文件")
        }
        let lock = try DirectoryLock(directory: path)
        guard let secret = readFile("\(path)/keys/subject.key"), secret.count == 32 else {
            throw DataDirectoryFault(.damaged, path: path, "keys/subject.key 缺失或长度不对", cure: "请从备份恢复该文件；没有它无法认出任何主体")
        }
        try checkBeforeOpening(path)
        // Made anew, it would have other data keys under the numbers that sealed files carry.
        guard size(of: "\(path)/access.sqlite") != nil else {
            throw DataDirectoryFault(.damaged, path: path, "access.sqlite 缺失", cure: "请从备份恢复该文件；没有它，原文件和退回明细都解不开")
        }
        let access = try AccessRegistry.open("\(path)/access.sqlite")
        let keyring = Keyring(backend: try KeyFile.open("\(path)/keys/backend.key"), keys: access.keys)
        let store = try DeliveryStore(root: "\(path)/deliveries", reserve: reserve, keys: FileKeys(keyring))
        // Before either store is opened: from then on the registry's file changes.
        let digests = try Digests(path: path, book: FileAudit.book(of: path) ?? DigestBook(key: secret), store: store)
        let registry = try Registry.open("\(path)/registry.sqlite")
        let folders = try LedgerFolders(path)
        let directory = DataDirectory(
            path: path, registry: registry, accessRegistry: access, keyring: keyring,
            ledger: try folders.log("records", size: Int(try registry.ledger.size())),
            accessTree: try folders.log("access", size: nil), lists: try folders.statements(about: "lists"),
            archive: try RocksArchive(path: "\(path)/archive", staged: store.stagedRuns()), store: store, digests: digests,
            secret: secret, lock: lock)
        try directory.recover()
        try directory.digests.keep(directory.archive)
        return directory
    }

    /// Refuses what opening would make worse: a damaged state file reads as an unfinished write, and RocksDB removes the
    /// data files that it does not name. Reads only small files.
    private static func checkBeforeOpening(_ path: String) throws {
        let audit = FileAudit(path: path)
        for name in audit.names where !name.hasSuffix(".sst") && (name != Digests.registry || size(of: "\(path)/\(name)") == nil) {
            guard case .damaged(let why) = audit.finding(of: name) else { continue }
            let cure = name == DigestBook.fileName
                ? "请从备份恢复；若确认其余文件无误，可删去它，再运行 tianzhong verify" : "请运行 tianzhong verify 查明范围，再从备份恢复"
            throw DataDirectoryFault(.damaged, path: "\(path)/\(name)", why, cure: cure)
        }
    }

    /// Closes both stores; the directory can then be opened by another process.
    package func close() throws {
        try digests.keep(archive)
        archive.close()
        try registry.close()
        try accessRegistry.close()
        try digests.seal()
        lock.release()
    }

    /// Takes a withdrawn delivery's records out of every view; the archive may have removed them already.
    func setErased(_ delivery: UInt32) {
        times.setErased(delivery)
        archive.abandon(Erased(deliveries: [delivery]))
    }

    /// A maker of subject keys; one per worker.
    package func subjectKeys() -> SubjectKeyMaker { SubjectKeyMaker(key: subjectSecret) }

    /// The seeds of a delivery's row salts; drawn when it is worked on first.
    func salts(of delivery: UInt32) throws -> RowSalts {
        guard let salts = RowSalts(encoded: try accessRegistry.rowSalts.salts(of: delivery, make: { RowSalts().encoded })) else {
            throw DataDirectoryFault(.damaged, path: "\(path)/access.sqlite", "第 \(delivery) 批的盐缺失或损坏", cure: "请从备份恢复")
        }
        return salts
    }

    private func recover() throws {
        let archived = Set(try archive.markers().map(\.delivery))
        for delivery in try registry.deliveries.times() {
            guard archived.contains(delivery.number) else {
                throw DataDirectoryFault(
                    .damaged, path: "\(path)/archive", "登记库中已入库的第 \(delivery.number) 批不在档案里", cure: "请从备份恢复")
            }
            times.setKnown(delivery.number, delivery.known, provider: delivery.provider)
            if let withdrawn = delivery.withdrawnAt { times.setWithdrawn(delivery.number, withdrawn) }
            if delivery.erasedAt != nil { setErased(delivery.number) }
        }
        try commit.recover(registry.deliveries.unfinished().map(\.number))
        try resumeErasures()
    }
}

/// The lock that keeps two processes off one data directory; the kernel drops it when the process dies.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    init(directory: String) throws {
        let file = "\(directory)/LOCK"
        descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw DataDirectoryFault(unwritable: DiskFault(number: errno, path: directory))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            throw DataDirectoryFault(
                .inUse, path: directory, "正被另一个进程使用", cure: "请先停止正在运行的 tianzhong，或通过它的网页和接口操作")
        }
    }

    func release() { flock(descriptor, LOCK_UN) }

    deinit { Glibc.close(descriptor) }
}
