package import Cryptography

/// What a Merkle log is at one moment: how many leaves, and the one hash that depends on all of them.
package struct TreeHead: Sendable, Hashable {
    /// Number of leaves, at most `largestSize`.
    package let size: Int
    /// The root after RFC 9162 §2.1.1.
    package let root: SM3Digest

    package init(size: Int, root: SM3Digest) {
        self.size = size
        self.root = root
    }

    /// The log before its first leaf.
    package static let empty = TreeHead(size: 0, root: MerkleHash.empty)

    /// No log holds more leaves: six levels of tiles. Larger numbers in texts are refused, so that no arithmetic overflows.
    package static let largestSize = 1 << 48
}
