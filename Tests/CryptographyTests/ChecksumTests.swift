import Testing

@testable import Cryptography

@Suite("The checksum of files")
struct ChecksumTests {
    private func sum(_ bytes: [UInt8], pieces: Int = 1) -> String {
        var sum = Checksum()
        for start in stride(from: 0, to: bytes.count, by: max(1, bytes.count / pieces)) {
            sum.update(bytes[start..<min(bytes.count, start + max(1, bytes.count / pieces))].span)
        }
        return sum.finish()
    }

    @Test("it is the CRC-32 of gzip, PNG and zip")
    func known() {
        #expect(sum(Array("123456789".utf8)) == "cbf43926")
        #expect(sum([]) == "00000000")
    }

    @Test("it does not depend on the pieces, and every flipped bit changes it")
    func flips() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let whole = sum(bytes)
        #expect(sum(bytes, pieces: 7) == whole)
        #expect(sum(Array(bytes.dropLast())) != whole)
        for bit in stride(from: 0, to: 8000, by: 13) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(sum(flipped) != whole)
        }
    }
}
