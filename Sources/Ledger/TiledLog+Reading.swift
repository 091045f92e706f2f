internal import Cryptography

extension TiledLog {
    /// How many hashes a level's file holds for a size: one for each complete subtree of 256^level leaves.
    static func count(atLevel level: Int, size: Int) -> Int { size >> (tileHeight * level) }

    /// The files of a log of so many leaves, each with the bytes of it that belong to them: those will never change.
    package static func files(of size: Int) -> [(name: String, byteCount: Int64)] {
        (0..<TreeHead.largestSize.trailingZeroBitCount / tileHeight).map { level in
            ("level\(level)", Int64(count(atLevel: level, size: size) * HashFile.hashLength))
        }
    }

    /// The root over the first `size` leaves, from the files.
    static func root(size: Int, in files: [HashFile]) throws(LedgerFault) -> SM3Digest {
        try MerkleTree.root(size: size) { level, index throws(LedgerFault) in try subtree(level, index, in: files) }
    }

    /// The hash of a complete subtree: read, or computed from the at most 128 hashes of the level below it.
    static func subtree(_ level: Int, _ index: Int, in files: [HashFile]) throws(LedgerFault) -> SM3Digest {
        let height = level % tileHeight
        // A level of 48 would be the one subtree of the largest log, whose hash no file holds.
        let stored = min(level / tileHeight, files.count - 1)
        let rest = stored < level / tileHeight ? height + tileHeight : height
        var bytes = try files[stored].read(1 << rest, from: index << rest)
        unsafe bytes.withUnsafeMutableBytes { unsafe fold($0, levels: rest) }
        return unsafe digest(in: bytes.span.bytes, 0)
    }

    /// Replaces hashes by those of the level `levels` above them, at the beginning of the buffer: each level in one go, in place.
    static func fold(_ buffer: UnsafeMutableRawBufferPointer, levels: Int) {
        var length = buffer.count
        for _ in 0..<levels {
            let children = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<length])
            unsafe MerkleHash.nodes(over: children, into: buffer)
            length /= 2
        }
    }

    /// One of the hashes that lie side by side.
    static func digest(in bytes: RawSpan, _ index: Int) -> SM3Digest {
        let place = index * HashFile.hashLength
        return unsafe SM3Digest(bytes: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: InlineArray<32, UInt8>.self))
    }
}
