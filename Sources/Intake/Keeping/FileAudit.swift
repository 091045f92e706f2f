internal import Archive
internal import Cryptography
internal import Disk
internal import Dispatch
internal import Glibc
package import Registry
internal import Synchronization
internal import Tables

/// What is to be said about one file.
package enum FileFinding: Sendable, Hashable {
    case whole
    /// No digest was taken yet: it may be whole.
    case undigested
    /// Sealed with a data key that was destroyed on purpose: nobody can read it, and nobody shall.
    case keyDestroyed
    /// Why it is not what was written, in Chinese, without its name.
    case damaged(String)
}

/// Holds single files of a data directory against their digests, without opening either store.
package struct FileAudit: Sendable {
    let path: String
    /// Nil where the directory has none, or a damaged one.
    let book: DigestBook?
    /// What opens the files of deliveries; without it nothing can be said of them.
    let keys: FileKeys?

    /// - Parameters:
    ///   - path: a data directory, open or not.
    ///   - keys: what opens the files of its deliveries.
    package init(path: String, keys: FileKeys? = nil) {
        self.path = path
        self.keys = keys
        book = Self.book(of: path)
    }

    /// Of an open directory.
    init(_ directory: DataDirectory) {
        path = directory.path
        book = directory.digests.current
        keys = directory.store.keys
    }

    static func book(of path: String) -> DigestBook? {
        readFile("\(path)/\(DigestBook.fileName)").flatMap(DigestBook.init)
    }

    /// Files of the directory that carry data, apart from those of deliveries.
    package var names: [String] {
        let archive = ArchiveDirectory("\(path)/archive")
        let files = archive.names.filter { !$0.hasPrefix("LOG") && $0 != "LOCK" && !$0.hasSuffix(".dbtmp") }
        // What the archive has lost is the archive's to say: it removes files itself, and knows which it needs.
        let registry = book?.files[Digests.registry] == nil ? [] : [Digests.registry]
        return (files.map { "archive/\($0)" } + registry + ["layout", DigestBook.fileName, "keys/subject.key"]).sorted()
    }

    /// Looks at one file of `names`.
    package func finding(of name: String) -> FileFinding {
        switch name {
        case "layout":
            return readFile("\(path)/layout") == Array("\(DataDirectory.layout)\n".utf8) ? .whole : .damaged("内容不是本程序所写")
        case DigestBook.fileName:
            guard readFile("\(path)/\(name)") != nil else { return .undigested }
            return book == nil ? .damaged("内容与自身的校验值不符") : .whole
        case "keys/subject.key":
            guard let key = readFile("\(path)/\(name)"), key.count == 32 else { return .damaged("缺失或长度不对") }
            guard let book else { return .undigested }
            return DigestBook.check(of: key) == book.keyCheck ? .whole : .damaged("不是建立时的密钥")
        case "archive/CURRENT":
            return ArchiveDirectory("\(path)/archive").currentFault.map { .damaged($0) } ?? .whole
        default:
            return digested(name)
        }
    }

    private func digested(_ name: String) -> FileFinding {
        guard let known = book?.files[name] else { return .undigested }
        guard let size = size(of: "\(path)/\(name)") else { return .damaged("不见了" + Self.contents(known)) }
        let isGrowing = name.hasSuffix(".log") || name.contains("/MANIFEST-")
        guard isGrowing ? size >= known.size : size == known.size else {
            return .damaged("应有 \(known.size) 字节，实有 \(size)" + Self.contents(known))
        }
        guard let found = FileDigest(of: "\(path)/\(name)", limit: known.size) else { return .damaged("读不出" + Self.contents(known)) }
        return found.sum == known.sum ? .whole : .damaged("内容与登记的校验值不符" + Self.contents(known))
    }

    /// Which keys a data file of the archive holds.
    private static func contents(_ digest: FileDigest) -> String {
        guard !digest.firstKey.isEmpty else { return "" }
        return "，涉及\(keyName(digest.firstKey))至\(keyName(digest.lastKey))"
    }

    /// A key of the archive as people know it.
    private static func keyName(_ hex: String) -> String {
        switch hex.prefix(2) {
        case "00": "第 \(UInt32(hex.dropFirst(2), radix: 16) ?? 0) 批的入档标记"
        case "01": "主体 \(hex.dropFirst(2).prefix(32)) 的记录"
        case "02": "第 \(UInt32(hex.dropFirst(2).prefix(8), radix: 16) ?? 0) 批的疑似记录"
        default: "主体 \(hex.dropFirst(2).prefix(32)) 的卡片"
        }
    }

    /// The raw bytes of a delivery, whose digest is their name.
    package func finding(ofRaw digest: String) -> FileFinding {
        sealed(Self.rawName(digest), digest, otherwise: "与报送时的摘要不符")
    }

    /// The returned rows of a committed delivery.
    package func finding(ofRejections delivery: Delivery) -> FileFinding {
        guard let digest = delivery.totals.rejectionsDigest else { return .undigested }
        return sealed(Self.rejectionsName(delivery.number), digest, otherwise: "与登记的摘要不符")
    }

    private func sealed(_ name: String, _ digest: String, otherwise: String) -> FileFinding {
        guard let keys else { return .undigested }
        return Self.finding(ofSealed: "\(path)/\(name)", digest, keys, otherwise: otherwise)
    }

    /// Opens a sealed file, wherever it lies, and holds its clear bytes against their digest.
    ///
    /// - Parameter otherwise: what to say where they are others, soundly sealed.
    static func finding(ofSealed path: String, _ digest: String, _ keys: FileKeys, otherwise: String) -> FileFinding {
        guard size(of: path) != nil else { return .damaged("不见了或读不出") }
        var found = SM3()
        do {
            try SealedFile(path: path, key: keys.opening).pieces { found.update($0) }
        } catch let fault as TableFault {
            if let id = SealedFile.header(of: path)?.keyID, keys.isDestroyed(id) { return .keyDestroyed }
            return .damaged(fault.code == .sealBroken ? "已损坏：\(fault.message)" : "读不出：\(fault.message)")
        } catch { return .damaged("读不出：\(error)") }
        return found.finish().hex == digest ? .whole : .damaged(otherwise)
    }

    /// Files of deliveries, by path within the data directory.
    static func rawName(_ digest: String) -> String { "deliveries/\(DeliveryStore.rawName(digest))" }
    static func rejectionsName(_ delivery: UInt32) -> String { "deliveries/\(DeliveryStore.rejectionsName(delivery))" }

    /// Looks at all files of `names`, some at a time.
    ///
    /// - Parameter leavingOut: names not to look at.
    package func findings(workers: Int, leavingOut: Set<String> = []) -> [(name: String, finding: FileFinding)] {
        let names = names.filter { !leavingOut.contains($0) }
        let found = concurrently(workers, names) { finding(of: $0) }
        return Array(zip(names, found)).map { (name: $0.0, finding: $0.1) }
    }
}

/// SM3 of a file in hex; nil where it cannot be read.
func sm3(of path: String) -> String? {
    var digest = SM3()
    guard readPieces(of: path, { digest.update($0) }) else { return nil }
    return digest.finish().hex
}

/// Does the same to many items on some threads; the results are in the order of the items.
func concurrently<Item: Sendable, Result: Sendable>(
    _ workers: Int, _ items: [Item], _ body: @Sendable (Item) -> Result
) -> [Result] {
    let state = Mutex((next: 0, results: [Result?](repeating: nil, count: items.count)))
    DispatchQueue.concurrentPerform(iterations: max(1, min(workers, items.count))) { _ in
        while true {
            let index = state.withLock { state in
                defer { state.next += 1 }
                return state.next
            }
            guard index < items.count else { return }
            let result = body(items[index])
            state.withLock { $0.results[index] = result }
        }
    }
    return state.withLock { $0.results.compactMap(\.self) }
}
