import Cryptography
@testable import Ledger
import Testing

@Suite("The Merkle tree")
struct MerkleTreeTests {
    private let plain = PlainTree(leaves(600))

    private func source(_ tree: PlainTree) -> MerkleTree.Source<Never> {
        { level, index in tree.hash(index << level..<(index + 1) << level) }
    }

    @Test("roots and proofs of all sizes to 600 are those of RFC 9162 read word by word, and hold")
    func small() {
        let tree = plain
        let source = source(tree)
        var trials = Trials(1)
        for size in 0...600 {
            let head = tree.head(size)
            #expect(MerkleTree.root(size: size, of: source) == head.root)
            let indices = size <= 66 ? Array(0..<size) : (0..<6).map { _ in Int.random(in: 0..<size, using: &trials) } + [0, size - 1]
            for index in indices {
                let path = MerkleTree.inclusion(of: index, size: size, in: source)
                #expect(path == tree.path(index, 0..<size))
                #expect(MerkleTree.includes(tree.leaves[index], at: index, in: head, proof: path))
            }
            let olds = size <= 66 ? Array(0...size) : (0..<6).map { _ in Int.random(in: 0...size, using: &trials) } + [0, 1, size - 1, size]
            for old in olds {
                let path = MerkleTree.consistency(from: old, to: size, in: source)
                #expect(path == tree.proof(old, size))
                #expect(MerkleTree.isConsistent(from: tree.head(old), to: head, proof: path))
            }
        }
    }

    @Test("random sizes up to 70,000")
    func large() {
        let tree = PlainTree(leaves(70_000))
        let source = source(tree)
        var trials = Trials(2)
        for size in [65_535, 65_536, 65_537] + (0..<30).map({ _ in Int.random(in: 601...70_000, using: &trials) }) {
            let head = tree.head(size)
            #expect(MerkleTree.root(size: size, of: source) == head.root)
            for _ in 0..<20 {
                let index = Int.random(in: 0..<size, using: &trials)
                let path = MerkleTree.inclusion(of: index, size: size, in: source)
                #expect(path == tree.path(index, 0..<size))
                #expect(MerkleTree.includes(tree.leaves[index], at: index, in: head, proof: path))
                let consistency = MerkleTree.consistency(from: index, to: size, in: source)
                #expect(consistency == tree.proof(index, size))
                #expect(MerkleTree.isConsistent(from: tree.head(index), to: head, proof: consistency))
            }
        }
    }

    @Test("every single bit of leaf, root, proof and index counts; so does every hash more or less")
    func flips() {
        let tree = plain
        for size in [1, 2, 3, 4, 5, 7, 8, 9, 13, 255, 256, 257, 600] {
            for index in Set([0, size / 3, size / 2, size - 1]) {
                let head = tree.head(size)
                let leaf = tree.leaves[index]
                let path = tree.path(index, 0..<size)
                for bit in 0..<256 {
                    #expect(!MerkleTree.includes(flip(leaf, bit), at: index, in: head, proof: path))
                    let other = TreeHead(size: size, root: flip(head.root, bit))
                    #expect(!MerkleTree.includes(leaf, at: index, in: other, proof: path))
                    for place in path.indices {
                        var other = path
                        other[place] = flip(other[place], bit)
                        #expect(!MerkleTree.includes(leaf, at: index, in: head, proof: other))
                    }
                }
                for bit in 0..<Int.bitWidth {
                    #expect(!MerkleTree.includes(leaf, at: index ^ (1 << bit), in: head, proof: path))
                }
                #expect(!MerkleTree.includes(leaf, at: index, in: head, proof: path + [leaf]))
                #expect(path.isEmpty || !MerkleTree.includes(leaf, at: index, in: head, proof: path.dropLast()))
                #expect(path.isEmpty || !MerkleTree.includes(leaf, at: index, in: head, proof: Array(path.dropFirst())))
            }
        }
    }

    @Test("every single bit of both roots and the proof counts between two sizes, and hashes more or less")
    func consistencyFlips() {
        let tree = plain
        for (old, new) in [(1, 2), (2, 3), (3, 7), (4, 7), (6, 7), (255, 256), (256, 257), (257, 600), (8, 600)] {
            let path = tree.proof(old, new)
            let (before, after) = (tree.head(old), tree.head(new))
            for bit in 0..<256 {
                let forged = (TreeHead(size: old, root: flip(before.root, bit)), TreeHead(size: new, root: flip(after.root, bit)))
                #expect(!MerkleTree.isConsistent(from: forged.0, to: after, proof: path))
                #expect(!MerkleTree.isConsistent(from: before, to: forged.1, proof: path))
                for place in path.indices {
                    var other = path
                    other[place] = flip(other[place], bit)
                    #expect(!MerkleTree.isConsistent(from: before, to: after, proof: other))
                }
            }
            #expect(!MerkleTree.isConsistent(from: before, to: after, proof: path + [before.root]))
            #expect(!MerkleTree.isConsistent(from: before, to: after, proof: path.dropLast()))
            #expect(!MerkleTree.isConsistent(from: after, to: before, proof: path))
        }
        #expect(!MerkleTree.isConsistent(from: tree.head(3), to: TreeHead(size: 3, root: tree.head(4).root), proof: []))
        #expect(!MerkleTree.isConsistent(from: TreeHead(size: 0, root: tree.head(1).root), to: tree.head(5), proof: []))
    }

    @Test("hostile sizes, indices and proofs are refused and never trap")
    func hostile() {
        var trials = Trials(3)
        let extremes = [Int.min, -1, 0, 1, 2, 255, 1 << 47, TreeHead.largestSize, TreeHead.largestSize + 1, Int.max]
        for size in extremes {
            for other in extremes {
                for length in [0, 1, 2, 47, 48, 49, 64, 200] {
                    let path = (0..<length).map { _ in digest([UInt8.random(in: 0...255, using: &trials)]) }
                    let head = TreeHead(size: size, root: digest([1]))
                    #expect(!MerkleTree.includes(digest([2]), at: other, in: head, proof: path))
                    let isConsistent = MerkleTree.isConsistent(from: head, to: TreeHead(size: other, root: digest([3])), proof: path)
                    #expect(!isConsistent)
                }
            }
        }
    }

    @Test("the known answers are those of the independent tree, and hold")
    func knownAnswers() {
        for (size, root) in LedgerKnownAnswers.roots { #expect(plain.head(size).root.hex == root) }
        #expect(LedgerKnownAnswers.roots.last?.size == 600)
        #expect(LedgerKnownAnswers.hold())
    }

    private func flip(_ digest: SM3Digest, _ bit: Int) -> SM3Digest {
        var other = digest
        other.bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return other
    }
}
