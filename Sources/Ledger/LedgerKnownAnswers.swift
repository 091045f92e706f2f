internal import Cryptography

/// Answers fixed beforehand, asked at every start before anything is appended, signed or believed.
package enum LedgerKnownAnswers {
    /// Roots of the trees over the first `size` leaves, where leaf i is the text of the number i. Computed by ten lines of
    /// Python over OpenSSL's SM3; the tests' own recursive implementation of RFC 9162 §2.1.1 gives the same.
    package static let roots: [(size: Int, root: String)] = [
        (0, "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
        (1, "60146ab299cc53e6a62d39b208382a111be2c35ef947df173892a72ef0a28cab"),
        (2, "a443ac2430ce98769f43fa8f00183a1576d16f3df89f1ec0318b89a7b0c19119"),
        (3, "bd0bbe7d9e3323d0b2feef1524f3c73a8f0845716eb8940bd4b9c819e5b8849f"),
        (7, "d22102ee2c43722ff6ff7a1da602b51e80d73612a96f64514f93144603ff0166"),
        (8, "04760269d487a2fa6cf688d34a4e380026ca4a0e652af512cc84c34259357bfd"),
        (255, "5767e24b299fc57613fc8c001ba1c2bb7dd353a8fc4febb9570fce90013d3ef5"),
        (256, "ac8a35ae21e70db1eaee9c37e56797103ed597e72ed2cbcdbf7d5ef15b67aaf1"),
        (257, "d47ec907eedbc04ecc775f5dc209226917d1a7ccf93e3c309f295de0522d31d8"),
        (600, "65318f5b79242aa25e4e52bdcc1a4976076a571a85d5cd8d39f04bcf21359a0c"),
    ]

    /// Whether this program on this machine computes them, finds a proof right, and finds it wrong once a bit differs.
    package static func hold() -> Bool {
        let leaves = (0..<(roots.last?.size ?? 0)).map { LeafData.event(String($0)).hash }
        for (size, root) in roots where MerkleTree.root(size: size, of: complete(leaves)).hex != root { return false }
        guard foldedRoot(leaves[..<256])?.hex == roots.first(where: { $0.size == 256 })?.root else { return false }
        guard hashedTogether() else { return false }
        let head = TreeHead(size: leaves.count, root: MerkleTree.root(size: leaves.count, of: complete(leaves)))
        var path = MerkleTree.inclusion(of: 100, size: leaves.count, in: complete(leaves))
        guard MerkleTree.includes(leaves[100], at: 100, in: head, proof: path) else { return false }
        path[3].bytes[31] ^= 1
        return !MerkleTree.includes(leaves[100], at: 100, in: head, proof: path)
    }

    /// Whether leaves of all lengths, hashed many at once, have the hash that each has by itself.
    private static func hashedTogether() -> Bool {
        let entries = (0..<64).map { number in [UInt8](repeating: UInt8(number), count: number * 9) }
        var hasher = LeafHasher()
        for (number, entry) in entries.enumerated() {
            hasher.append(salt: Salt(repeating: UInt8(number)), subject: (UInt64(number), ~UInt64(number)), entry: entry.span)
        }
        return hasher.take() == entries.enumerated().flatMap { number, entry in
            LeafData.record(salt: Salt(repeating: UInt8(number)), subject: (UInt64(number), ~UInt64(number)), entry: entry).hash.array
        }
    }

    /// The root of one tile by the way that the log's files are built, many nodes at once.
    private static func foldedRoot(_ leaves: ArraySlice<SM3Digest>) -> SM3Digest? {
        var bytes = leaves.flatMap(\.array)
        unsafe bytes.withUnsafeMutableBytes { unsafe TiledLog.fold($0, levels: TiledLog.tileHeight) }
        return SM3Digest(Array(bytes[..<HashFile.hashLength]))
    }

    private static func complete(_ leaves: [SM3Digest]) -> MerkleTree.Source<Never> {
        func subtree(_ level: Int, _ index: Int) -> SM3Digest {
            guard level > 0 else { return leaves[index] }
            return MerkleHash.node(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1))
        }
        return subtree
    }
}
