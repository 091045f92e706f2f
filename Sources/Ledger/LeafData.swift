package import Cryptography

/// What a leaf of the log commits to: its hash is SM3(0x00 ‖ these bytes).
package struct LeafData: Sendable, Hashable {
    package let bytes: [UInt8]

    /// Bytes of a salt and of a subject's key, each.
    private static let fieldLength = 16

    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// A leaf of the log of records: salt ‖ subject key ‖ the entry's bytes as the archive keeps them.
    package static func record(salt: Salt, subject: (high: UInt64, low: UInt64), entry: [UInt8]) -> LeafData {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * fieldLength + entry.count)
        for index in 0..<fieldLength { bytes.append(salt[index]) }
        for word in [subject.high, subject.low] {
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
        }
        return LeafData(bytes: bytes + entry)
    }

    /// A leaf of the log of events: one event as text in UTF-8.
    package static func event(_ text: String) -> LeafData { LeafData(bytes: Array(text.utf8)) }

    /// The three parts, if the bytes are a record's; nil where they are too few.
    package var record: (salt: Salt, subject: (high: UInt64, low: UInt64), entry: ArraySlice<UInt8>)? {
        guard bytes.count >= 2 * Self.fieldLength else { return nil }
        let high = bytes[16..<24].reduce(0) { $0 << 8 | UInt64($1) }
        let low = bytes[24..<32].reduce(0) { $0 << 8 | UInt64($1) }
        return (SIMD16(bytes[..<16]), (high, low), bytes[32...])
    }

    /// The leaf's hash.
    package var hash: SM3Digest { MerkleHash.leaf(bytes.span) }
}

/// Hashes the leaves of records, sixteen of a length at once, without making their bytes first. One per worker.
package struct LeafHasher: ~Copyable {
    /// For messages of 1, 2, 3 … blocks; longer ones are hashed one by one.
    private var lanes = (1...8).map { SM3Lanes(blocks: $0) }
    /// A message that is longer: 0x00 ‖ salt ‖ subject key ‖ entry.
    private var message: [UInt8] = []
    private var hashes: [UInt8] = []

    package init() {}

    /// Leaves taken since `take`.
    package var count: Int { hashes.count / HashFile.hashLength }

    /// Takes the leaf of `LeafData.record` with the same parts.
    package mutating func append(salt: Salt, subject: (high: UInt64, low: UInt64), entry: Span<UInt8>) {
        let count = 33 + entry.count
        let place = hashes.count
        hashes.append(contentsOf: repeatElement(0, count: HashFile.hashLength))
        let blocks = SM3Lanes.blocks(for: count)
        guard blocks <= lanes.count else {
            if message.count < count { message = [UInt8](repeating: 0, count: 2 * count) }
            let hash = unsafe message.withUnsafeMutableBytes { buffer in
                let whole = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
                unsafe Self.write(salt, subject, entry, to: whole)
                return unsafe MerkleHash.digest(of: UnsafeRawBufferPointer(whole))
            }
            unsafe hash.bytes.span.bytes.withUnsafeBytes { unsafe Self.put($0, at: place, in: &hashes) }
            return
        }
        unsafe lanes[blocks - 1].append(place, byteCount: count) { unsafe Self.write(salt, subject, entry, to: $0) }
        if lanes[blocks - 1].isFull { unsafe lanes[blocks - 1].finish { unsafe Self.put($1, at: $0, in: &hashes) } }
    }

    private static func write(
        _ salt: Salt, _ subject: (high: UInt64, low: UInt64), _ entry: Span<UInt8>, to message: UnsafeMutableRawBufferPointer
    ) {
        unsafe message[0] = 0
        unsafe message.storeBytes(of: salt, toByteOffset: 1, as: Salt.self)
        unsafe message.storeBytes(of: subject.high.bigEndian, toByteOffset: 17, as: UInt64.self)
        unsafe message.storeBytes(of: subject.low.bigEndian, toByteOffset: 25, as: UInt64.self)
        unsafe entry.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(rebasing: message[33...]).copyMemory(from: $0) }
    }

    private static func put(_ digest: UnsafeRawBufferPointer, at place: Int, in hashes: inout [UInt8]) {
        unsafe hashes.withUnsafeMutableBytes {
            unsafe UnsafeMutableRawBufferPointer(rebasing: $0[place..<place + HashFile.hashLength]).copyMemory(from: digest)
        }
    }

    /// Takes the place of a row whose leaf comes later.
    package mutating func skip(_ rows: Int = 1) { hashes.append(contentsOf: repeatElement(0, count: HashFile.hashLength * rows)) }

    /// The hashes of all leaves taken, 32 bytes each in their order: what `TiledLog.prepare` reads from a file of leaves. Begins anew.
    package mutating func take() -> [UInt8] {
        for index in lanes.indices where !lanes[index].isEmpty { unsafe lanes[index].finish { unsafe Self.put($1, at: $0, in: &hashes) } }
        var taken: [UInt8] = []
        taken.reserveCapacity(hashes.count)
        swap(&taken, &hashes)
        return taken
    }
}
