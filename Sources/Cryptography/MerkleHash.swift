import CGcrypt

/// The hashes of a Merkle tree after RFC 9162 §2.1.1 with SM3: a leaf is SM3(0x00 ‖ data), a node SM3(0x01 ‖ left ‖ right), so
/// that no leaf can pass for a node.
package enum MerkleHash {
    /// The root of a tree without leaves: the digest of no bytes.
    package static let empty = SM3.digest([UInt8]().span)

    /// The hash of a leaf's data.
    package static func leaf(_ data: Span<UInt8>) -> SM3Digest {
        var message = [UInt8](repeating: 0, count: data.count + 1)
        for index in 0..<data.count { message[index + 1] = data[index] }
        return unsafe message.span.bytes.withUnsafeBytes { unsafe digest(of: $0) }
    }

    /// The hash of a node over its two children.
    package static func node(_ left: SM3Digest, _ right: SM3Digest) -> SM3Digest {
        Gcrypt.begin()
        var message = InlineArray<65, UInt8>(repeating: 1)
        for index in 0..<32 {
            message[1 + index] = left.bytes[index]
            message[33 + index] = right.bytes[index]
        }
        return unsafe message.span.bytes.withUnsafeBytes { unsafe digest(of: $0) }
    }

    /// The hashes of nodes over hashes that lie side by side: pairs of 32 bytes in, 32 bytes out each.
    ///
    /// - Parameters:
    ///   - children: 64 bytes for every node.
    ///   - parents: 32 bytes for every node; may be the beginning of `children` itself.
    package static func nodes(over children: UnsafeRawBufferPointer, into parents: UnsafeMutableRawBufferPointer) {
        let count = children.count / 64
        precondition(parents.count >= count * 32, "room for the nodes' hashes")
        // Many at once; a parent is written where only children stand that were read.
        let together = count / SM3Lanes.width * SM3Lanes.width
        unsafe nodesTogether(over: UnsafeRawBufferPointer(rebasing: children[..<(together * 64)]), into: parents)
        Gcrypt.begin()
        unsafe withUnsafeTemporaryAllocation(byteCount: 65, alignment: 16) { message in
            unsafe message[0] = 1
            for index in together..<count {
                let pair = unsafe UnsafeRawBufferPointer(rebasing: children[64 * index..<64 * index + 64])
                unsafe UnsafeMutableRawBufferPointer(rebasing: message[1...]).copyMemory(from: pair)
                unsafe gcry_md_hash_buffer(
                    CInt(GCRY_MD_SM3.rawValue), parents.baseAddress! + 32 * index, message.baseAddress, 65)  // count > 0
            }
        }
    }

    private static func nodesTogether(over children: UnsafeRawBufferPointer, into parents: UnsafeMutableRawBufferPointer) {
        var lanes = SM3Lanes(blocks: SM3Lanes.blocks(for: 65))
        for index in 0..<children.count / 64 {
            unsafe lanes.append(index, byteCount: 65) { message in
                unsafe message[0] = 1
                let pair = unsafe UnsafeRawBufferPointer(rebasing: children[64 * index..<64 * index + 64])
                unsafe UnsafeMutableRawBufferPointer(rebasing: message[1...]).copyMemory(from: pair)
            }
            guard lanes.isFull else { continue }
            unsafe lanes.finish { index, digest in
                unsafe UnsafeMutableRawBufferPointer(rebasing: parents[32 * index..<32 * index + 32]).copyMemory(from: digest)
            }
        }
    }

    /// The digest of bytes in one call, which for short ones is the cheapest way into libgcrypt (0.30 µs for 65 to 119 bytes).
    package static func digest(of message: UnsafeRawBufferPointer) -> SM3Digest {
        Gcrypt.begin()
        var digest = SM3Digest(bytes: InlineArray(repeating: 0))
        unsafe withUnsafeMutableBytes(of: &digest.bytes) {
            unsafe gcry_md_hash_buffer(CInt(GCRY_MD_SM3.rawValue), $0.baseAddress!, message.baseAddress, message.count)
        }
        return digest
    }
}
