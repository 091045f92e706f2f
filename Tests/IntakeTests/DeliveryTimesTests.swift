import Archive
import Identifiers
@testable import Intake
import Testing

@Suite("Times of deliveries") struct DeliveryTimesTests {
    private func at(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }
    private func clocks(_ milliseconds: Int64) -> Clocks { Clocks(asOf: TestCity.today, knownAt: at(milliseconds)) }

    @Test("each change is later than all before it, whatever the machine's clock says; a moment is named by the change before it")
    func order() {
        let table = DeliveryTimesTable()
        #expect(table.snapshot().named(clocks(5)) == clocks(5))
        let first = table.begin(at: at(1000))
        table.setKnown(1, first, provider: "甲")
        let withdrawn = table.withdrawal(at: at(900))
        table.setWithdrawn(1, withdrawn)
        let second = table.begin(at: at(800))
        #expect((first, withdrawn, second) == (at(1000), at(1001), at(1002)))
        // While the second is being committed, views end before it.
        #expect(table.snapshot().settled(clocks(5000)).knownAt == at(1001))
        table.setKnown(2, second, provider: "乙")
        let times = table.snapshot()
        #expect(times.settled(clocks(5000)) == clocks(5000))
        #expect([999, 1000, 1001, 1002, 9999].map { times.named(clocks($0)).knownAt } == [at(999), first, withdrawn, second, second])
        #expect([1000, 1001].map { times.isVisible(1, at: at($0)) } == [true, false])
    }

    @Test("an erased delivery is in no view, and named where it was in one")
    func erased() {
        let table = DeliveryTimesTable()
        table.setKnown(1, at(10), provider: "甲")
        table.setKnown(2, at(20), provider: "甲")
        table.setWithdrawn(1, at(30))
        table.setErased(1)
        let times = table.snapshot()
        #expect([5, 10, 29, 30].map { times.erased(at: at($0)) } == [[], [1], [1], []])
        #expect(!times.isVisible(1, at: at(25)) && times.isVisible(2, at: at(25)) && times.erasures == 1)
    }
}
