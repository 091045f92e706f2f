import CSM3

/// SM3 of sixteen messages at once, all of which take the same number of blocks: of leaves and nodes, which come in thousands.
package struct SM3Lanes: Sendable {
    /// Messages at once.
    package static let width = 16
    /// Bytes of a block.
    private static let blockLength = 64
    /// The initial value (GB/T 32905-2016 §4.1).
    private static let initial: [UInt32] = [
        0x7380_166F, 0x4914_B2B9, 0x1724_42D7, 0xDA8A_0600, 0xA96F_30BC, 0x1631_38AA, 0xE38D_EE4D, 0xB0FB_0E4E,
    ]

    private let blocks: Int
    /// The messages with their padding, side by side.
    private var messages: [UInt8]
    /// What the caller knows each message by.
    private var names: [Int] = []

    /// Lanes for messages of so many blocks.
    package init(blocks: Int) {
        self.blocks = blocks
        messages = [UInt8](repeating: 0, count: Self.width * blocks * Self.blockLength)
        names.reserveCapacity(Self.width)
    }

    /// Blocks that a message of so many bytes takes with its padding.
    package static func blocks(for byteCount: Int) -> Int { (byteCount + 8) / blockLength + 1 }

    package var isEmpty: Bool { names.isEmpty }
    package var isFull: Bool { names.count == Self.width }

    /// Takes a message; there is room for it.
    ///
    /// - Parameters:
    ///   - name: what `finish` gives back with its digest.
    ///   - byteCount: its length, of the blocks that these lanes are for.
    ///   - fill: writes its bytes, all of them.
    package mutating func append(_ name: Int, byteCount: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        let stride = blocks * Self.blockLength
        precondition(!isFull && Self.blocks(for: byteCount) == blocks, "a message of other lanes")
        let start = names.count * stride
        unsafe messages.withUnsafeMutableBytes { all in
            let message = unsafe UnsafeMutableRawBufferPointer(rebasing: all[start..<start + stride])
            unsafe fill(UnsafeMutableRawBufferPointer(rebasing: message[..<byteCount]))
            // One bit, zeros, and the length in bits in the last eight bytes.
            unsafe UnsafeMutableRawBufferPointer(rebasing: message[byteCount...]).initializeMemory(as: UInt8.self, repeating: 0)
            unsafe message[byteCount] = 0x80
            unsafe message.storeBytes(of: UInt64(byteCount * 8).bigEndian, toByteOffset: stride - 8, as: UInt64.self)
        }
        names.append(name)
    }

    /// Lends the digests of the messages taken, in their order, and begins anew.
    package mutating func finish(_ body: (_ name: Int, _ digest: UnsafeRawBufferPointer) -> Void) {
        guard !names.isEmpty else { return }
        var state = InlineArray<128, UInt32>(repeating: 0)
        for word in 0..<8 { for lane in 0..<Self.width { state[word * Self.width + lane] = Self.initial[word] } }
        unsafe withUnsafeMutableBytes(of: &state) { state in
            unsafe messages.withUnsafeBufferPointer { messages in
                // Neither is empty.
                unsafe tianzhong_sm3_lanes(
                    state.baseAddress!.assumingMemoryBound(to: Lane.self), messages.baseAddress, blocks * Self.blockLength, blocks)
            }
        }
        for (lane, name) in names.enumerated() {
            var digest = InlineArray<8, UInt32>(repeating: 0)
            for word in 0..<8 { digest[word] = state[word * Self.width + lane].bigEndian }
            unsafe withUnsafeBytes(of: &digest) { unsafe body(name, $0) }
        }
        names.removeAll(keepingCapacity: true)
    }

    /// How the C function sees a word of all states: an array of 16.
    private typealias Lane = (
        UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32
    )
}
