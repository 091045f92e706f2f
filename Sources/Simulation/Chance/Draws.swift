/// A stream of pseudo-random numbers (SplitMix64: Steele, Lea, Flood 2014). A value type: every file, subject and row has
/// a stream of its own, made from its place, so what one of them draws never depends on what others did before.
struct Draws: Sendable {
    private var state: UInt64

    /// The stream that belongs to `place` under `seed`. The same two numbers give the same stream for ever.
    @inline(__always)
    init(seed: UInt64, place: UInt64) {
        state = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15 &* (place &+ 1))
    }

    /// A seed for a part of the city by its written name (FNV-1a), so that adding a part changes no other.
    static func seed(_ seed: UInt64, _ name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
        return mix(seed ^ hash)
    }

    /// The finalizer of SplitMix64: a bijection that spreads every input bit over all output bits.
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// The next 64 bits.
    @inline(__always)
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A number from 0 to `bound` - 1; 0 where `bound` is not positive.
    @inline(__always)
    mutating func below(_ bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number of the closed range.
    @inline(__always)
    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// True in `rate` of a million cases.
    @inline(__always)
    mutating func happens(_ rate: Rate) -> Bool { below(1_000_000) < rate.perMillion }

    /// A number in 0..<1, with 53 bits.
    @inline(__always)
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// One of the elements, each as likely as the others. The list must not be empty.
    @inline(__always)
    mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

    /// One of the elements, the earlier ones much more often (the square of a uniform number).
    @inline(__always)
    mutating func favour<Element>(_ list: [Element]) -> Element {
        let x = unit()
        return list[Int(x * x * Double(list.count))]
    }
}

/// How often something happens, in cases of a million.
struct Rate: Sendable, Hashable, ExpressibleByIntegerLiteral {
    let perMillion: Int

    init(perMillion: Int) { self.perMillion = perMillion }
    init(integerLiteral value: Int) { perMillion = value }

    /// A rate given in per cent.
    static func percent(_ value: Int) -> Rate { Rate(perMillion: value * 10_000) }
}
