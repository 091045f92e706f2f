/// A sliding window over a source: the reader consumes from the front, `refill` moves the rest down and reads on.
///
/// It grows (doubling) only when one unit does not fit, and never beyond the limit that the caller gives.
struct ByteWindow {
    /// Only the first `count` bytes are data.
    private(set) var bytes: [UInt8]
    private(set) var count = 0
    /// The front of what is not consumed yet.
    var position = 0
    /// Whether the source is exhausted; the bytes up to `count` are then the last.
    private(set) var ended = false
    /// Offset in the source of `bytes[0]`.
    private(set) var origin: Int64 = 0
    private let source: any ByteSource

    init(source: any ByteSource, capacity: Int = 1 << 20) {
        self.source = source
        // Room to spare, so that the end is seen without growing.
        bytes = [UInt8](repeating: 0, count: Int(min(Int64(capacity), max(0, source.size) + 8192)))
    }

    /// Offset in the source of the front.
    var offset: Int64 { origin + Int64(position) }
    /// Bytes not consumed yet.
    var available: Int { count - position }

    /// Drops what is consumed and reads on, growing when full. Returns false when nothing was added: at the end, or because
    /// the window already holds `limit` unconsumed bytes.
    mutating func refill(limit: Int) throws(TableFault) -> Bool {
        guard !ended, available < limit else { return false }
        if position > 0 {
            let rest = available
            if rest > 0 {
                let from = position
                unsafe bytes.withUnsafeMutableBytes { buffer in
                    guard let base = buffer.baseAddress else { return }
                    unsafe base.copyMemory(from: base + from, byteCount: rest)
                }
            }
            origin += Int64(position)
            position = 0
            count = rest
        }
        if bytes.count - count < 4096 { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
        let got = try source.read(into: &bytes, at: count)
        count += got
        if got == 0 { ended = true }
        return got > 0
    }

    /// The data so far as a span, `bytes[0..<count]`.
    @inline(__always)
    func withSpan<Result, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(bytes.span.extracting(0..<count))
    }

    /// Makes at least `wanted` bytes available unless the source ends first.
    mutating func require(_ wanted: Int) throws(TableFault) {
        while available < wanted, try refill(limit: wanted) {}
    }
}

/// Eight bytes at once: the sign bit of each byte of the result that is lower than `bound` (1...128); the lowest set bit is exact.
@inline(__always)
func lanes(of word: UInt64, below bound: UInt64) -> UInt64 {
    (word &- (0x0101_0101_0101_0101 &* bound)) & ~word & 0x8080_8080_8080_8080
}

extension Span<UInt8> {
    /// Little-endian word at `offset`; bounds are checked.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The first index from `start` with a byte lower than `bound` (1...128), or `count`.
    @inline(__always)
    func firstIndex(from start: Int, below bound: UInt8) -> Int {
        var at = start
        let wide = UInt64(bound)
        while at &+ 8 <= count {
            let found = lanes(of: word(at: at), below: wide)
            if found != 0 { return at &+ (found.trailingZeroBitCount >> 3) }
            at &+= 8
        }
        while at < count, self[at] >= bound { at &+= 1 }
        return at
    }

    /// The first index from `start` that holds `byte`, or `count`.
    @inline(__always)
    func firstIndex(of byte: UInt8, from start: Int) -> Int {
        var at = start
        let pattern = 0x0101_0101_0101_0101 &* UInt64(byte)
        while at &+ 8 <= count {
            let found = lanes(of: word(at: at) ^ pattern, below: 1)
            if found != 0 { return at &+ (found.trailingZeroBitCount >> 3) }
            at &+= 8
        }
        while at < count, self[at] != byte { at &+= 1 }
        return at
    }
}

extension [UInt8] {
    /// Appends the bytes of a span in one copy.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
