/// Seals and opens the chunks of one sealed file (`SealedHeader` has the form); no input or output. One owner; it keeps the cipher's
/// state, so that each chunk costs no set-up.
package struct SealedChunks: ~Copyable, Sendable {
    /// A file has at most so many chunks: 256 TiB of the usual length.
    package static let most: Int64 = 1 << 32

    package let header: SealedHeader
    private var cipher: SM4GCM

    package init(_ header: SealedHeader, key: DataKey) {
        self.header = header
        cipher = key.cipher(for: header)
    }

    /// Seals a chunk: cipher text and tag are appended. Each chunk is to be sealed once, since its nonce must serve once.
    ///
    /// - Parameters:
    ///   - clear: a full chunk, or less where it is the last.
    ///   - chunk: its number, from 0, less than `most`.
    package mutating func seal(_ clear: Span<UInt8>, chunk: Int64, isLast: Bool, onto sealed: inout [UInt8]) {
        precondition(clear.count == header.chunkBytes || isLast && clear.count < header.chunkBytes, "a chunk is full or the last")
        let (nonce, associated) = name(chunk, isLast)
        cipher.seal(clear, nonce: nonce.span, associated: associated.span, onto: &sealed)
    }

    /// Opens a chunk into `clear`, replacing what it held.
    ///
    /// - Throws: `SealFault(.damaged)` with the chunk's place; `clear` is then empty.
    package mutating func open(
        _ sealed: Span<UInt8>, chunk: Int64, isLast: Bool, into clear: inout [UInt8]
    ) throws(SealFault) {
        let (nonce, associated) = name(chunk, isLast)
        guard cipher.open(sealed, nonce: nonce.span, associated: associated.span, into: &clear) else {
            let offset = Int64(SealedHeader.byteCount) + chunk * Int64(header.chunkBytes + SM4GCM.tagBytes)
            throw .damaged(at: offset, "校验不过：内容被改动、截断或调换，或者不是用这个密钥加密的")
        }
    }

    /// The nonce of a chunk, and what is proven with it.
    private func name(_ chunk: Int64, _ isLast: Bool) -> (nonce: [UInt8], associated: [UInt8]) {
        precondition((0..<Self.most).contains(chunk), "a sealed file has at most 2^32 chunks")
        let number = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: chunk >> $0) }
        return (header.bytes[16..<24] + number, header.bytes + number + [isLast ? 1 : 0])
    }
}

/// Seals bytes as they come, whatever their pieces. A full chunk waits until it is known whether it is the last.
package struct SealedStream: ~Copyable, Sendable {
    private var chunks: SealedChunks
    /// Clear bytes that wait: at most one chunk.
    private var waiting: [UInt8] = []
    private var next: Int64 = 0

    /// Begins a file; its header is appended to `sealed`.
    package init(_ header: SealedHeader, key: DataKey, onto sealed: inout [UInt8]) {
        chunks = SealedChunks(header, key: key)
        waiting.reserveCapacity(header.chunkBytes)
        sealed.append(contentsOf: header.bytes)
    }

    /// Takes clear bytes; the chunks that they complete are appended.
    package mutating func append(_ clear: Span<UInt8>, onto sealed: inout [UInt8]) {
        let full = chunks.header.chunkBytes
        var taken = 0
        while waiting.count + clear.count - taken > full {
            let wanted = full - waiting.count
            let piece = clear.extracting(taken..<(taken + wanted))
            if waiting.isEmpty {
                chunks.seal(piece, chunk: next, isLast: false, onto: &sealed)
            } else {
                waiting.append(piece)
                sealWaiting(isLast: false, onto: &sealed)
            }
            next += 1
            taken += wanted
        }
        waiting.append(clear.extracting(taken..<clear.count))
    }

    /// Seals what is left as the last chunk.
    package consuming func finish(onto sealed: inout [UInt8]) {
        sealWaiting(isLast: true, onto: &sealed)
    }

    private mutating func sealWaiting(isLast: Bool, onto sealed: inout [UInt8]) {
        // Taken out and put back: the bytes cannot be lent while the stream changes.
        var piece: [UInt8] = []
        swap(&piece, &waiting)
        chunks.seal(piece.span, chunk: next, isLast: isLast, onto: &sealed)
        piece.removeAll(keepingCapacity: true)
        swap(&piece, &waiting)
    }
}

/// Small files that are sealed and opened as a whole.
package enum SealedBytes {
    /// The sealed file of these bytes.
    package static func seal(_ clear: Span<UInt8>, keyID: UInt32, key: DataKey) -> [UInt8] {
        var sealed: [UInt8] = []
        var stream = SealedStream(SealedHeader(keyID: keyID), key: key, onto: &sealed)
        stream.append(clear, onto: &sealed)
        stream.finish(onto: &sealed)
        return sealed
    }

    /// The clear bytes of a sealed file.
    ///
    /// - Parameter key: the data key of a number; nil where nobody has it.
    package static func open(_ sealed: Span<UInt8>, key: (UInt32) -> DataKey?) throws(SealFault) -> [UInt8] {
        let header = try SealedHeader(parsing: sealed)
        let layout = try SealedLayout(fileBytes: Int64(sealed.count), header: header)
        var chunks = SealedChunks(header, key: try header.key(from: key))
        var clear: [UInt8] = []
        var piece: [UInt8] = []
        clear.reserveCapacity(Int(layout.clearBytes))
        for chunk in 0..<layout.chunkCount {
            let place = layout.place(of: chunk)
            let range = Int(place.offset)..<(Int(place.offset) + place.count)
            try chunks.open(sealed.extracting(range), chunk: chunk, isLast: layout.isLast(chunk), into: &piece)
            clear.append(piece.span)
        }
        return clear
    }
}

extension SealedHeader {
    /// The data key that the header names.
    ///
    /// - Throws: `SealFault(.unknownKey)`.
    package func key(from keys: (UInt32) -> DataKey?) throws(SealFault) -> DataKey {
        guard let key = keys(keyID) else {
            throw SealFault(.unknownKey, at: 8, "加密文件所用的数据密钥（\(keyID) 号）不在密钥表里", cure: "请从备份恢复密钥表；若密钥表完好，则文件头已损坏，请从备份恢复此文件")
        }
        return key
    }
}
