/// The first 32 bytes of a sealed file:
///
/// ```
/// 0   8  "TZSEAL1\n"
/// 8   4  number of the data key, big-endian
/// 12  4  clear bytes in a chunk, big-endian: 65,536, or another power of two from 64 to 1,048,576
/// 16  16 random bytes
/// ```
///
/// Chunks follow, each its cipher text and a tag of 16 bytes; every chunk but the last is full, and the last of an empty file is
/// a bare tag. The file's own key is HMAC-SM3(data key, "file|" ‖ header), its first 16 bytes. A chunk's nonce is the first 8 of
/// the random bytes and the chunk's number in 4 bytes; header, number and whether it is the last are proven with it. So no byte can be
/// changed, no chunk moved, left out, put in or taken from another file, and no end cut off, without the chunk failing to open.
package struct SealedHeader: Sendable, Equatable {
    /// Length in bytes.
    package static let byteCount = 32
    /// Clear bytes in a chunk unless told otherwise.
    package static let usualChunkBytes = 65_536
    private static let magic = Array("TZSEAL1\n".utf8)

    /// The 32 bytes.
    package let bytes: [UInt8]

    /// The header of a new file.
    ///
    /// - Parameters:
    ///   - keyID: number of the data key, for whoever has to find it again.
    ///   - chunkBytes: clear bytes in a chunk.
    package init(keyID: UInt32, chunkBytes: Int = SealedHeader.usualChunkBytes) {
        precondition(Self.allows(chunkBytes), "a chunk is a power of two from 64 to 1,048,576 bytes")
        var bytes = Self.magic
        for number in [keyID, UInt32(chunkBytes)] {
            for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        self.bytes = bytes + randomBytes(16)
    }

    /// The header at the beginning of a file.
    ///
    /// - Throws: `SealFault` where it is none that this program knows.
    package init(parsing start: Span<UInt8>) throws(SealFault) {
        guard Self.begins(start) else {
            throw SealFault(.notSealed, at: 0, "不是本平台的加密文件", cure: "请核对文件，必要时从备份恢复")
        }
        guard start.count >= Self.byteCount else { throw .damaged(at: Int64(start.count), "缺失：文件头不完整") }
        bytes = [UInt8](copying: start.extracting(0..<Self.byteCount))
        guard Self.allows(chunkBytes) else {
            throw SealFault(.unknownForm, at: 12, "加密文件的分块长度不是本程序所认识的", cure: "请使用新版程序打开；若文件由本程序写成，则已损坏，请从备份恢复")
        }
    }

    /// Whether bytes begin as a sealed file does.
    package static func begins(_ start: Span<UInt8>) -> Bool {
        start.count >= magic.count && magic.indices.allSatisfy { start[$0] == magic[$0] }
    }

    /// Number of the data key.
    package var keyID: UInt32 { number(at: 8) }
    /// Clear bytes in a chunk.
    package var chunkBytes: Int { Int(number(at: 12)) }

    private func number(at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[offset + $1]) }
    }

    private static func allows(_ chunkBytes: Int) -> Bool {
        (64...1 << 20).contains(chunkBytes) && chunkBytes & (chunkBytes - 1) == 0
    }
}

/// Where the chunks of a sealed file lie; all that its length tells.
package struct SealedLayout: Sendable, Equatable {
    /// Length of the clear bytes.
    package let clearBytes: Int64
    /// At least 1: of an empty file the last chunk is a bare tag.
    package let chunkCount: Int64
    /// Clear bytes in a chunk but the last.
    package let chunkBytes: Int

    private var sealedChunk: Int64 { Int64(chunkBytes + SM4GCM.tagBytes) }

    /// The layout of a whole file of this length.
    ///
    /// - Throws: `SealFault(.damaged)` for a length that no sealed file has.
    package init(fileBytes: Int64, header: SealedHeader) throws(SealFault) {
        chunkBytes = header.chunkBytes
        let tag = Int64(SM4GCM.tagBytes)
        let sealed = Int64(header.chunkBytes) + tag
        guard fileBytes >= Int64(SealedHeader.byteCount) + tag else {
            throw .damaged(at: max(0, fileBytes), "缺失：文件不完整")
        }
        let body = fileBytes - Int64(SealedHeader.byteCount)
        let rest = body % sealed
        chunkCount = body / sealed + (rest == 0 ? 0 : 1)
        // The rest is a chunk with something in it, or it is the only one.
        guard rest == 0 || rest > tag || body == tag, chunkCount <= SealedChunks.most else {
            throw .damaged(at: fileBytes - rest, "长度不对：文件被截断或续写")
        }
        clearBytes = body - chunkCount * tag
    }

    /// The chunk that holds a clear byte; of an offset at the end the last.
    package func chunk(holding offset: Int64) -> Int64 { min(offset / Int64(chunkBytes), chunkCount - 1) }

    /// Where the chunk's cipher text and tag lie in the file.
    package func place(of chunk: Int64) -> (offset: Int64, count: Int) {
        let offset = Int64(SealedHeader.byteCount) + chunk * sealedChunk
        let clear = isLast(chunk) ? Int(clearBytes - chunk * Int64(chunkBytes)) : chunkBytes
        return (offset, clear + SM4GCM.tagBytes)
    }

    package func isLast(_ chunk: Int64) -> Bool { chunk == chunkCount - 1 }
}
