package import Cryptography
package import Tables

/// A sealed file on disk (`SealedHeader` has the form), read as its clear bytes from any place, chunk by chunk. What it gives out is as it
/// was sealed; anything else is a fault that names the file and the place.
///
/// One thread at a time; it keeps the last chunks it opened.
package final class SealedFile: RandomAccessBytes {
    /// The name without its folder, for faults.
    package let name: String
    /// Length of the clear bytes.
    package let byteCount: Int64
    /// Number of the data key it is sealed with.
    package let keyID: UInt32
    private let file: any RandomAccessBytes
    private let layout: SealedLayout
    private var chunks: SealedChunks
    private var sealed: [UInt8] = []
    /// Chunks that are open, the one used last at the end: a workbook is read in a few places at once.
    private var open: [(chunk: Int64, clear: [UInt8])] = []
    private static let mostOpen = 4

    /// Opens the file at `path`.
    ///
    /// - Parameter key: the data key of a number; nil where nobody has it.
    /// - Throws: `TableFault(.unreadable)` where the file cannot be read, `TableFault(.sealBroken)` where it does not open.
    package convenience init(path: String, key: (UInt32) -> DataKey?) throws(TableFault) {
        let file = try PlainFile(path: path)
        try self.init(file, name: file.name, key: key)
    }

    /// Opens sealed bytes that lie elsewhere than in a file. The last chunk is opened at once, which proves the length and the key.
    package init(_ file: any RandomAccessBytes, name: String, key: (UInt32) -> DataKey?) throws(TableFault) {
        self.name = name
        self.file = file
        var start = [UInt8](repeating: 0, count: SealedHeader.byteCount)
        let got = try Self.fill(&start, from: file, at: 0)
        do {
            let header = try SealedHeader(parsing: start.span.extracting(0..<got))
            keyID = header.keyID
            layout = try SealedLayout(fileBytes: file.byteCount, header: header)
            chunks = SealedChunks(header, key: try header.key(from: key))
            byteCount = layout.clearBytes
        } catch { throw TableFault(error, in: name) }
        _ = try index(of: layout.chunkCount - 1)
    }

    /// How the file at a path begins, nil where it is no sealed file. No two sealings begin alike.
    package static func header(of path: String) -> SealedHeader? {
        var start = [UInt8](repeating: 0, count: SealedHeader.byteCount)
        guard let file = try? PlainFile(path: path), (try? fill(&start, from: file, at: 0)) == start.count else { return nil }
        return try? SealedHeader(parsing: start.span)
    }

    package func read(into buffer: inout [UInt8], at offset: Int, fileOffset: Int64) throws(TableFault) -> Int {
        precondition(offset < buffer.count, "asked for nothing")
        // A place before the beginning can stand in a hostile workbook: there is nothing.
        guard fileOffset >= 0 else { return 0 }
        var done = 0
        while offset + done < buffer.count, fileOffset + Int64(done) < byteCount {
            let place = fileOffset + Int64(done)
            let chunk = layout.chunk(holding: place)
            let index = try index(of: chunk)
            let clear = open[index].clear
            let within = Int(place - chunk * Int64(layout.chunkBytes))
            let count = min(clear.count - within, buffer.count - offset - done)
            copy(clear.span.extracting(within..<(within + count)), into: &buffer, at: offset + done)
            done += count
        }
        return done
    }

    /// Lends the clear bytes in order, a chunk at a time: for digests, copies and downloads.
    package func pieces(_ body: (Span<UInt8>) throws -> Void) throws {
        for chunk in 0..<layout.chunkCount {
            let index = try index(of: chunk)
            let clear = open[index].clear
            try body(clear.span)
        }
    }

    /// The clear bytes of a small file.
    package func bytes() throws(TableFault) -> [UInt8] {
        guard byteCount > 0 else { return [] }
        var all = [UInt8](repeating: 0, count: Int(byteCount))
        _ = try read(into: &all, at: 0, fileOffset: 0)
        return all
    }

    /// Where in `open` the chunk is; opens it where it is not there yet.
    private func index(of chunk: Int64) throws(TableFault) -> Int {
        if let last = open.last, last.chunk == chunk { return open.count - 1 }
        if let found = open.firstIndex(where: { $0.chunk == chunk }) {
            open.append(open.remove(at: found))
            return open.count - 1
        }
        // The one that was not used for longest lends its memory.
        var clear = open.count < Self.mostOpen ? [] : open.removeFirst().clear
        let place = layout.place(of: chunk)
        if sealed.count > place.count { sealed.removeLast(sealed.count - place.count) }
        if sealed.count < place.count { sealed.append(contentsOf: repeatElement(0, count: place.count - sealed.count)) }
        // Short where the file has been cut since: what is missing makes the chunk fail.
        let got = try Self.fill(&sealed, from: file, at: place.offset)
        do {
            try chunks.open(sealed.span.extracting(0..<got), chunk: chunk, isLast: layout.isLast(chunk), into: &clear)
        } catch { throw TableFault(error, in: name) }
        open.append((chunk, clear))
        return open.count - 1
    }

    /// Fills the buffer from a place; gives how much there was.
    private static func fill(
        _ buffer: inout [UInt8], from file: any RandomAccessBytes, at fileOffset: Int64
    ) throws(TableFault) -> Int {
        var filled = 0
        while filled < buffer.count {
            let got = try file.read(into: &buffer, at: filled, fileOffset: fileOffset + Int64(filled))
            if got == 0 { break }
            filled += got
        }
        return filled
    }
}

/// Copies bytes over others; there is room for them.
private func copy(_ bytes: Span<UInt8>, into buffer: inout [UInt8], at offset: Int) {
    precondition(offset >= 0 && buffer.count - offset >= bytes.count, "no room")
    unsafe buffer.withUnsafeMutableBytes { target in
        unsafe bytes.withUnsafeBytes { source in
            guard let to = target.baseAddress, let from = source.baseAddress else { return }
            unsafe (to + offset).copyMemory(from: from, byteCount: source.count)
        }
    }
}

extension TableFault {
    /// What is wrong with the sealed file of this name.
    init(_ fault: SealFault, in name: String) {
        self.init(.sealBroken, file: name, byte: fault.offset, message: fault.message, cure: fault.cure)
    }
}
