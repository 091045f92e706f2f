/// A way through 0..<count that meets every number once, in an order that looks like chance: step by a number that shares
/// no factor with the count. It needs no table and answers for any place at once.
struct Spread: Sendable {
    private let count: Int
    private let step: Int
    private let start: Int

    init(count: Int, draws: inout Draws) {
        self.count = max(count, 1)
        start = draws.below(self.count)
        var step = self.count > 2 ? self.count * 3 / 5 + draws.below(self.count / 3 + 1) : 1
        step = max(1, step % self.count)
        while Self.commonFactor(step, self.count) != 1 { step += 1 }
        self.step = step
    }

    /// The number at a place; places beyond the count begin again.
    @inline(__always)
    subscript(place: Int) -> Int { (start + place % count * step) % count }

    private static func commonFactor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }
}

/// Draws places by weight: the running sums of the weights, searched by halving.
struct Weighted: Sendable {
    private var sums: [Double] = []

    init(_ weights: [Double]) {
        sums.reserveCapacity(weights.count)
        var sum = 0.0
        for weight in weights {
            sum += weight
            sums.append(sum)
        }
    }

    /// A place, as often as its weight says; 0 for an empty table.
    func draw(_ draws: inout Draws) -> Int {
        guard let total = sums.last else { return 0 }
        let x = draws.unit() * total
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] <= x { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
