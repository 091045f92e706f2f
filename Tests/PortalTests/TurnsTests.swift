import Testing

@testable import Portal

/// Costly work goes a few pieces at a time, and none is lost.
@Suite struct TurnsTests {
    private struct Fault: Error {}

    @Test("never more at once than there is room for; all have their turn, those after a fault too", arguments: [1, 2, 3])
    func width(_ width: Int) async throws {
        let turns = Turns(width)
        let counts = Shelf((now: 0, most: 0, done: 0))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try? await turns.take {
                        counts.change { counts in
                            counts.now += 1
                            counts.most = max(counts.most, counts.now)
                        }
                        try await Task.sleep(for: .milliseconds(1))
                        counts.change { counts in
                            counts.now -= 1
                            counts.done += 1
                        }
                        if number.isMultiple(of: 3) { throw Fault() }
                    }
                }
            }
        }
        let (now, most, done) = counts.value
        #expect(now == 0 && done == 40 && most <= width && most >= 1)
    }
}
