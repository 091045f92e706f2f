package import Cryptography

/// Roots and proofs of a Merkle tree (RFC 9162 §2.1), as pure functions of the hashes of its complete subtrees.
package enum MerkleTree {
    /// The hash of a complete subtree: `level` 0 are leaves, and subtree `index` of a level covers the leaves
    /// `index << level ..< (index + 1) << level`. Only complete subtrees within the size in question are asked for.
    package typealias Source<Fault: Error> = (_ level: Int, _ index: Int) throws(Fault) -> SM3Digest

    /// The root over the first `size` leaves.
    package static func root<Fault: Error>(size: Int, of source: Source<Fault>) throws(Fault) -> SM3Digest {
        try root(of: 0..<size, source)
    }

    /// The siblings on the way from a leaf to the root over the first `size` leaves, from below (§2.1.3.1).
    ///
    /// - Parameter index: below `size`; the caller has checked it.
    package static func inclusion<Fault: Error>(
        of index: Int, size: Int, in source: Source<Fault>
    ) throws(Fault) -> [SM3Digest] {
        precondition(index >= 0 && index < size && size <= TreeHead.largestSize)
        var path: [SM3Digest] = []
        var range = 0..<size
        while range.count > 1 {
            let middle = range.lowerBound + split(range.count)
            if index < middle {
                path.append(try root(of: middle..<range.upperBound, source))
                range = range.lowerBound..<middle
            } else {
                path.append(try root(of: range.lowerBound..<middle, source))
                range = middle..<range.upperBound
            }
        }
        return path.reversed()
    }

    /// What shows that the tree over the first `old` leaves is the beginning of that over the first `new` (§2.1.4.1). Empty
    /// where nothing needs showing: `old` is 0 or `new`.
    ///
    /// - Parameter old: at most `new`; the caller has checked it.
    package static func consistency<Fault: Error>(
        from old: Int, to new: Int, in source: Source<Fault>
    ) throws(Fault) -> [SM3Digest] {
        precondition(old >= 0 && old <= new && new <= TreeHead.largestSize)
        guard old > 0, old < new else { return [] }
        var path: [SM3Digest] = []
        var range = 0..<new
        // The old tree's root is known to whoever checks, unless the way has turned right.
        var isOldRootKnown = true
        while range.upperBound != old {
            let middle = range.lowerBound + split(range.count)
            if old <= middle {
                path.append(try root(of: middle..<range.upperBound, source))
                range = range.lowerBound..<middle
            } else {
                path.append(try root(of: range.lowerBound..<middle, source))
                range = middle..<range.upperBound
                isOldRootKnown = false
            }
        }
        if !isOldRootKnown { path.append(try root(of: range, source)) }
        return path.reversed()
    }

    /// The root that a leaf and its proof lead to (§2.1.3.2); nil where the proof has not the length that index and size
    /// demand. Any values may be given.
    package static func root(
        leaf: SM3Digest, at index: Int, size: Int, proof: [SM3Digest]
    ) -> SM3Digest? {
        guard index >= 0, index < size, size <= TreeHead.largestSize else { return nil }
        var node = index
        var last = size - 1
        var root = leaf
        for sibling in proof {
            guard last > 0 else { return nil }
            if node & 1 == 1 || node == last {
                root = MerkleHash.node(sibling, root)
                let steps = node.trailingZeroBitCount + 1
                node >>= steps
                last >>= steps
            } else {
                root = MerkleHash.node(root, sibling)
                node >>= 1
                last >>= 1
            }
        }
        return last == 0 ? root : nil
    }

    /// Whether a leaf's hash is in the tree of a head. Any values may be given.
    ///
    /// The size is believed: where a forged size happens to ask for the same path, the same root comes out, so a head is to be
    /// taken from a signed checkpoint alone.
    package static func includes(_ leaf: SM3Digest, at index: Int, in head: TreeHead, proof: [SM3Digest]) -> Bool {
        root(leaf: leaf, at: index, size: head.size, proof: proof) == head.root
    }

    /// Whether the tree of the old head is the beginning of the new one's (§2.1.4.2). Any values may be given.
    package static func isConsistent(from old: TreeHead, to new: TreeHead, proof: [SM3Digest]) -> Bool {
        guard old.size >= 0, old.size <= new.size, new.size <= TreeHead.largestSize else { return false }
        if old.size == new.size { return proof.isEmpty && old.root == new.root }
        if old.size == 0 { return proof.isEmpty && old.root == MerkleHash.empty }
        var node = old.size - 1
        var last = new.size - 1
        let steps = (~node).trailingZeroBitCount
        node >>= steps
        last >>= steps
        // Where the old tree is one complete subtree, the proof begins with its root, which is left out.
        var rest = proof[...]
        guard let first = node == 0 ? old.root : rest.popFirst() else { return false }
        var oldRoot = first
        var newRoot = first
        for hash in rest {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                oldRoot = MerkleHash.node(hash, oldRoot)
                newRoot = MerkleHash.node(hash, newRoot)
                let steps = node.trailingZeroBitCount + 1
                node >>= steps
                last >>= steps
            } else {
                newRoot = MerkleHash.node(newRoot, hash)
                node >>= 1
                last >>= 1
            }
        }
        return last == 0 && oldRoot == old.root && newRoot == new.root
    }

    /// The largest power of two below a count of at least 2: how many leaves the left child covers.
    private static func split(_ count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }

    /// The root over a range of leaves that begins where a subtree of its length may begin: its complete subtrees, the largest
    /// to the left, folded from the right.
    private static func root<Fault: Error>(of range: Range<Int>, _ source: Source<Fault>) throws(Fault) -> SM3Digest {
        var end = range.upperBound
        var root: SM3Digest?
        while end > range.lowerBound {
            let level = (end - range.lowerBound).trailingZeroBitCount
            end -= 1 << level
            let subtree = try source(level, end >> level)
            root = root.map { MerkleHash.node(subtree, $0) } ?? subtree
        }
        return root ?? MerkleHash.empty
    }
}
