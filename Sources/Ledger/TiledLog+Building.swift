internal import Cryptography
internal import Dispatch
internal import Synchronization

extension TiledLog {
    /// Tiles that a worker reads and hashes at a time: half a mebibyte, which stays in the processor's cache.
    private static let tilesAtOnce = 64

    /// Computes hashes of a level from the whole tiles of the level below and writes them, in parallel where there are many.
    func build(_ level: Int, _ range: Range<Int>) throws(LedgerFault) {
        try Self.eachPiece(of: range) { piece throws(LedgerFault) in
            try fromBelow(level, piece) { roots throws(LedgerFault) in
                try files[level].write(roots, from: piece.lowerBound)
            }
        }
    }

    /// Recomputes every upper level from the one below it and the root from what is left at the right edge: the whole log is
    /// covered, each stored hash by exactly the one above it. 350 million leaves take two minutes of
    /// CPU, and the reading of 11 GB.
    ///
    /// - Parameters:
    ///   - signed: the head that somebody has signed, of the present size or less; nil compares with the present head, which
    ///     was itself computed from these files at the start, and shows less.
    ///   - progress: told from time to time, from any thread, how many leaves are done, of how many.
    /// - Returns: what does not match, in the order of levels and indices; empty where all is well.
    package func verify(
        against signed: TreeHead? = nil, progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(LedgerFault) -> [LedgerMismatch] {
        let signed = signed ?? head
        let size = signed.size
        try check(size, isWithin: head.size)
        let found = Mutex<[LedgerMismatch]>([])
        let done = Mutex(0)
        for level in 1..<files.count {
            try Self.eachPiece(of: 0..<Self.count(atLevel: level, size: size)) { piece throws(LedgerFault) in
                let stored = try files[level].read(piece.count, from: piece.lowerBound)
                try fromBelow(level, piece) { roots throws(LedgerFault) in
                    for index in 0..<piece.count
                    where unsafe Self.digest(in: roots, index) != Self.digest(in: stored.span.bytes, index) {
                        found.withLock { $0.append(LedgerMismatch(level: level, index: piece.lowerBound + index, size: size)) }
                    }
                }
                if level == 1 { progress(done.withLock { $0 += piece.count * Self.tileWidth; return $0 }, size) }
            }
        }
        let isRight = try root(at: size) == signed.root
        progress(size, size)
        return found.withLock { $0 }.sorted { ($0.level ?? 0, $0.index) < ($1.level ?? 0, $1.index) }
            + (isRight ? [] : [LedgerMismatch(rootOf: size)])
    }

    /// Lends the hashes of a piece of a level, computed from the level below.
    private func fromBelow(
        _ level: Int, _ piece: Range<Int>, _ body: (RawSpan) throws(LedgerFault) -> Void
    ) throws(LedgerFault) {
        var bytes = try files[level - 1].read(piece.count * Self.tileWidth, from: piece.lowerBound * Self.tileWidth)
        unsafe bytes.withUnsafeMutableBytes { unsafe Self.fold($0, levels: Self.tileHeight) }
        try unsafe body(bytes.span.bytes.extracting(0..<piece.count * HashFile.hashLength))
    }

    /// Works a range off in pieces, on all processors where there is more than one; the first fault is thrown once all have ended.
    private static func eachPiece(
        of range: Range<Int>, _ work: @Sendable (Range<Int>) throws(LedgerFault) -> Void
    ) throws(LedgerFault) {
        let count = (range.count + tilesAtOnce - 1) / tilesAtOnce
        let failure = Mutex<LedgerFault?>(nil)
        DispatchQueue.concurrentPerform(iterations: count) { number in
            guard failure.withLock({ $0 == nil }) else { return }
            let start = range.lowerBound + number * tilesAtOnce
            do throws(LedgerFault) {
                try work(start..<min(start + tilesAtOnce, range.upperBound))
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let fault = failure.withLock({ $0 }) { throw fault }
    }
}

/// A hash that is not what its children say, or a root that is not what was signed.
package struct LedgerMismatch: Sendable, Hashable, CustomStringConvertible {
    /// Tile level of the stored hash, from 1; nil for the root.
    package let level: Int?
    /// Its index in the level; 0 for the root.
    package let index: Int
    /// The leaves that it stands for: the damage is in their hashes, in one between, or in itself.
    package let leaves: Range<Int>

    fileprivate init(level: Int, index: Int, size: Int) {
        let width = 1 << (TiledLog.tileHeight * level)
        self.level = level
        self.index = index
        leaves = index * width..<min((index + 1) * width, size)
    }

    fileprivate init(rootOf size: Int) {
        level = nil
        index = 0
        leaves = 0..<size
    }

    package var description: String {
        guard let level else { return "树根与已签名的树头不符（共 \(leaves.upperBound) 条）" }
        return "第 \(level) 层第 \(index) 个摘要与下层不符（第 \(leaves.lowerBound) 至 \(leaves.upperBound - 1) 条）"
    }
}
