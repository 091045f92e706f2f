@testable import Intake
import Testing

@Suite("Equal bytes") struct EqualBytesTests {
    @Test("of every length up to 40, with a difference at every place, wherever in memory they begin")
    func lengths() {
        for count in 0...40 {
            let one = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
            for shift in 0..<9 {
                let other = [UInt8](repeating: 0, count: shift) + one
                let same = equal(one.span, other.span.extracting(shift..<shift + count))
                #expect(same)
            }
            for place in 0..<count {
                var other = one
                other[place] ^= 0x80
                let same = equal(one.span, other.span)
                #expect(!same)
            }
            let longer = one + [0]
            let same = equal(one.span, longer.span)
            #expect(!same)
        }
    }
}
