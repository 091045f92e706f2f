package import Cryptography
package import Disk
internal import Synchronization

/// A Merkle log on disk (RFC 9162 §2.1 with SM3), kept as tiles of height 8 after C2SP tlog-tiles: per tile level one flat file,
/// level 0 the leaf hashes, level 1 the roots of complete tiles of 256 leaves, and so on. A tile is a slice of its file.
///
/// The size is not stored here: the registry, whose transactions decide what has happened, vouches for it at `init`. What the
/// files hold behind it was left by a process that was killed, and is overwritten. Memory does not grow with the log: 350
/// million leaves are 11.2 GB of files.
///
/// Any thread may call anything. Readers see the head adopted last and never wait for a writer; a second `prepare` waits for the first.
package final class TiledLog: Sendable {
    /// Levels of one tile: it holds 2⁸ hashes.
    package static let tileHeight = 8
    /// Hashes in a whole tile.
    package static let tileWidth = 1 << tileHeight

    /// The folder of the files `level0`, `level1`, …
    package let folder: String
    let files: [HashFile]
    private let state: Mutex<(head: TreeHead, prepared: TreeHead?)>
    private let writing = Mutex(())

    /// Opens the log, and makes it where there is none.
    ///
    /// - Parameters:
    ///   - folder: made where it is missing; its parent must be there.
    ///   - size: how many leaves the registry vouches for.
    /// - Throws: `.tooShort` naming the file where the files hold less than the size demands.
    package init(folder: String, size: Int, disk: any Disk = SystemDisk()) throws(LedgerFault) {
        precondition(size >= 0 && size <= TreeHead.largestSize, "a size that no log has")
        self.folder = folder
        var files: [HashFile] = []
        do throws(DiskFault) { try disk.makeDurableFolder(folder) } catch { throw LedgerFault(error) }
        for level in 0..<TreeHead.largestSize.trailingZeroBitCount / Self.tileHeight {
            files.append(try HashFile("\(folder)/level\(level)"))
        }
        do throws(DiskFault) { try disk.syncFolder(folder) } catch { throw LedgerFault(error) }
        for (level, file) in files.enumerated() where try file.count() < Self.count(atLevel: level, size: size) {
            throw LedgerFault(.tooShort, place: file.path, detail: "\(try file.count()) hashes for \(size) leaves")
        }
        self.files = files
        let root = try Self.root(size: size, in: files)
        state = Mutex((TreeHead(size: size, root: root), nil))
    }

    /// The head adopted last.
    package var head: TreeHead { state.withLock { $0.head } }

    /// The root over the first `size` leaves; `.beyondHead` where the log is not that long.
    package func root(at size: Int) throws(LedgerFault) -> SM3Digest {
        try check(size, isWithin: head.size)
        return try Self.root(size: size, in: files)
    }

    /// The hash of a leaf.
    package func leafHash(at index: Int) throws(LedgerFault) -> SM3Digest {
        try check(index, isWithin: head.size - 1)
        return try Self.subtree(0, index, in: files)
    }

    /// The proof that a leaf is in the tree over the first `size` leaves; the head's size unless another is named.
    package func inclusion(of index: Int, in size: Int? = nil) throws(LedgerFault) -> [SM3Digest] {
        let head = head.size
        try check(size ?? head, isWithin: head)
        try check(index, isWithin: (size ?? head) - 1)
        return try MerkleTree.inclusion(of: index, size: size ?? head) { level, index throws(LedgerFault) in
            try Self.subtree(level, index, in: files)
        }
    }

    /// The proof that the tree over the first `old` leaves is the beginning of that over the first `new`.
    package func consistency(from old: Int, to new: Int) throws(LedgerFault) -> [SM3Digest] {
        try check(new, isWithin: head.size)
        try check(old, isWithin: new)
        return try MerkleTree.consistency(from: old, to: new) { level, index throws(LedgerFault) in
            try Self.subtree(level, index, in: files)
        }
    }

    /// The bytes of a public tile, `width` hashes of it: 256 for a whole one, fewer for the tile at the right edge.
    package func tile(level: Int, index: Int, width: Int = TiledLog.tileWidth) throws(LedgerFault) -> [UInt8] {
        guard files.indices.contains(level), (1...Self.tileWidth).contains(width), index >= 0,
            index <= TreeHead.largestSize >> Self.tileHeight,
            index * Self.tileWidth + width <= Self.count(atLevel: level, size: head.size)
        else { throw LedgerFault(.beyondHead, place: "tile/\(level)/\(index).p/\(width)") }
        return try files[level].read(width, from: index * Self.tileWidth)
    }

    /// Writes leaf hashes behind the head, first an array, then the contents of a file of hashes of 32 bytes each, and all hashes
    /// of upper levels that become complete; durable on return, but not yet visible. Repeated, also after a crash, it gives the
    /// same; with other leaves it replaces what was prepared.
    ///
    /// - Returns: the head for `adopt`, once the registry has recorded its size.
    package func prepare(_ leading: [SM3Digest], leavesFile: String? = nil) throws(LedgerFault) -> TreeHead {
        // Generic over the fault, `withLock` would lose its type.
        let result = writing.withLock { _ in
            Result { () throws(LedgerFault) in try write(leading, leavesFile: leavesFile) }
        }
        return try result.get()
    }

    /// Makes the prepared head the one that everybody sees; adopting the present head again does nothing.
    package func adopt(_ head: TreeHead) throws(LedgerFault) {
        let isKnown = state.withLock { state in
            if state.head == head { return true }
            guard state.prepared == head else { return false }
            state = (head, nil)
            return true
        }
        guard isKnown else { throw LedgerFault(.notPrepared, place: "\(head.size)") }
    }

    private func write(_ leading: [SM3Digest], leavesFile: String?) throws(LedgerFault) -> TreeHead {
        let old = head.size
        var size = old
        state.withLock { $0.prepared = nil }
        if !leading.isEmpty {
            let bytes = leading.flatMap { digest in (0..<HashFile.hashLength).map { digest.bytes[$0] } }
            try unsafe files[0].write(bytes.span.bytes, from: size)
            size += leading.count
        }
        if let leavesFile { size += try append(leavesFile, behind: size) }
        for level in 1..<files.count {
            try build(level, Self.count(atLevel: level, size: old)..<Self.count(atLevel: level, size: size))
        }
        for (level, file) in files.enumerated()
        where Self.count(atLevel: level, size: size) > Self.count(atLevel: level, size: old) { file.sync() }
        let head = TreeHead(size: size, root: try Self.root(size: size, in: files))
        state.withLock { $0.prepared = head }
        return head
    }

    /// Copies a file of hashes behind the leaves; how many there were.
    private func append(_ path: String, behind size: Int) throws(LedgerFault) -> Int {
        var length = 0
        var failure: LedgerFault?
        let isRead = readPieces(of: path) { piece in
            // Pieces are mebibytes but the last, so each begins with a whole hash; one that does not ends in a fault below.
            do throws(LedgerFault) {
                if failure == nil { try unsafe files[0].write(piece.bytes, from: size + length / HashFile.hashLength) }
            } catch { failure = error }
            length += piece.count
        }
        if let failure { throw failure }
        guard isRead, length % HashFile.hashLength == 0 else {
            throw LedgerFault(.unreadableLeaves, place: path, detail: "\(length) bytes")
        }
        return length / HashFile.hashLength
    }

    func check(_ value: Int, isWithin bound: Int) throws(LedgerFault) {
        guard value >= 0, value <= bound else { throw LedgerFault(.beyondHead, place: "\(value) > \(bound)") }
    }
}
