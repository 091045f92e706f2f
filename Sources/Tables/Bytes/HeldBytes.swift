/// Bytes that are in memory already, such as a small file that was just received.
package final class HeldBytes: RandomAccessBytes {
    private let bytes: [UInt8]
    package var byteCount: Int64 { Int64(bytes.count) }

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package func read(into buffer: inout [UInt8], at offset: Int, fileOffset: Int64) throws(TableFault) -> Int {
        let start = Int(min(fileOffset, byteCount))
        let count = min(buffer.count - offset, bytes.count - start)
        buffer.replaceSubrange(offset..<offset + count, with: bytes[start..<start + count])
        return count
    }
}
