import CZlib

/// What one archive may still inflate to, all entries together.
final class InflationBudget {
    private var left = TableLimits.inflatedBytes

    func spend(_ bytes: Int, in file: String) throws(TableFault) {
        left -= Int64(bytes)
        if left < 0 { throw .bomb(file, "总量超过 \(TableLimits.inflatedBytes >> 30) GiB") }
    }

    /// Refuses `inflated` bytes out of an entry when its compressed bytes cannot honestly hold so many.
    static func checkRatio(_ inflated: Int64, of entry: ZipEntry, in file: String) throws(TableFault) {
        guard inflated > TableLimits.ratioFreeBytes, inflated / TableLimits.inflationRatio > entry.compressedBytes else { return }
        throw .bomb(file, "“\(entry.name)”的压缩比超过 \(TableLimits.inflationRatio) 倍")
    }
}

/// One zip entry as a source: inflates as it is read, counts against the budget, and checks length and CRC at the end.
@safe final class InflatedEntry: ByteSource {
    private let entry: ZipEntry
    private let file: FileBytes
    private let budget: InflationBudget
    /// zlib keeps its address, so it lives on the heap and never moves.
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8]
    private var inputStart = 0
    private var inputEnd = 0
    private var taken: Int64 = 0
    private var produced: Int64 = 0
    private var checksum: UInt = 0
    private var ended = false

    init(_ entry: ZipEntry, in file: FileBytes, budget: InflationBudget) throws(TableFault) {
        self.entry = entry
        self.file = file
        self.budget = budget
        input = [UInt8](repeating: 0, count: Int(min(1 << 17, entry.compressedBytes + 1)))
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // Negative window bits: a bare deflate stream without zlib's header.
        guard unsafe inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .unreadable(file.name, reason: "内存不足")
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deinitialize(count: 1)
        unsafe stream.deallocate()
    }

    var size: Int64 { entry.inflatedBytes }

    func read(into buffer: inout [UInt8], at offset: Int) throws(TableFault) -> Int {
        while !ended {
            if inputStart == inputEnd { try fill() }
            let got = entry.method == 0 ? copy(into: &buffer, at: offset) : try inflate(into: &buffer, at: offset)
            if entry.method == 0, got == 0 { ended = true }
            produced += Int64(got)
            try budget.spend(got, in: file.name)
            try InflationBudget.checkRatio(produced, of: entry, in: file.name)
            checksum = unsafe buffer.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress, got > 0 else { return checksum }
                return unsafe crc32(checksum, (base + offset).assumingMemoryBound(to: UInt8.self), UInt32(got))
            }
            if got > 0 { return got }
        }
        guard produced == entry.inflatedBytes, UInt32(truncatingIfNeeded: checksum) == entry.checksum else {
            throw .damaged(file.name, "“\(entry.name)”校验不符")
        }
        return 0
    }

    private func fill() throws(TableFault) {
        let rest = entry.compressedBytes - taken
        guard rest > 0 else { return }
        let got = try file.read(into: &input, at: 0, fileOffset: entry.dataOffset + taken)
        let used = Int(min(Int64(got), rest))
        guard used > 0 else { throw .damaged(file.name, "“\(entry.name)”没有传完整") }
        taken += Int64(used)
        (inputStart, inputEnd) = (0, used)
        file.seek(to: max(file.position, entry.dataOffset + taken))   // for progress only
    }

    private func copy(into buffer: inout [UInt8], at offset: Int) -> Int {
        let count = min(inputEnd - inputStart, buffer.count - offset)
        for index in 0..<count { buffer[offset + index] = input[inputStart + index] }
        inputStart += count
        return count
    }

    private func inflate(into buffer: inout [UInt8], at offset: Int) throws(TableFault) -> Int {
        let start = inputStart
        let available = inputEnd - inputStart
        let (status, used, got) = unsafe input.withUnsafeMutableBytes { source in
            unsafe buffer.withUnsafeMutableBytes { target in
                let room = target.count - offset
                unsafe stream.pointee.next_in = source.baseAddress.map { unsafe ($0 + start).assumingMemoryBound(to: UInt8.self) }
                unsafe stream.pointee.avail_in = UInt32(available)
                unsafe stream.pointee.next_out = target.baseAddress.map { unsafe ($0 + offset).assumingMemoryBound(to: UInt8.self) }
                unsafe stream.pointee.avail_out = UInt32(room)
                let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
                return unsafe (status, available - Int(stream.pointee.avail_in), room - Int(stream.pointee.avail_out))
            }
        }
        inputStart += used
        switch status {
        case Z_STREAM_END: ended = true
        case Z_OK: break
        case Z_BUF_ERROR where available == 0: throw .damaged(file.name, "“\(entry.name)”没有传完整")
        default: throw .damaged(file.name, "“\(entry.name)”解压出错")
        }
        return got
    }
}
