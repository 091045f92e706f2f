import Archive
import Identifiers
import Testing

@Suite("the fold of a history") struct FoldTests {
    private func fold(
        _ entries: [Entry], _ times: Times = Times(knownAt: [1: 10, 2: 20, 3: 30]), _ clocks: Clocks = clocks()
    ) -> [FoldedRecord] {
        History(subject: [subject(1)], entries: entries).records(at: clocks, times: times)
    }

    @Test("a later state of the same business key supersedes the earlier")
    func supersedes() {
        let older = entry(1, 1, value: "罚款一万"), newer = entry(2, 1, value: "罚款两万")
        #expect(fold([newer, older]) == [FoldedRecord(current: newer, superseded: [older])])
    }

    @Test("an identical state folds to nothing and the first stays current")
    func repeats() {
        let first = entry(1, 1, value: "甲"), again = entry(2, 5, value: "甲"), more = entry(3, 7, value: "甲")
        #expect(fold([first, again, more]) == [FoldedRecord(current: first, repeats: 2)])
    }

    @Test("a return to an earlier state is a change")
    func returns() {
        let first = entry(1, 1, value: "甲"), other = entry(2, 1, value: "乙"), back = entry(3, 1, value: "甲")
        #expect(fold([first, other, back]) == [FoldedRecord(current: back, superseded: [other, first])])
    }

    @Test("other keys and other resources stand beside each other")
    func beside() {
        let entries = [entry(1, 1, key: "甲"), entry(1, 2, key: "乙"), entry(1, 3, key: "甲", resource: 9)]
        #expect(fold(entries).map(\.current) == entries)
    }

    @Test("without a business key the whole payload is the key")
    func noKey() {
        let first = entry(1, 1, key: "", value: "甲"), other = entry(1, 2, key: "", value: "乙")
        #expect(fold([first, other, entry(2, 1, key: "", value: "甲")]) == [
            FoldedRecord(current: first, repeats: 1), FoldedRecord(current: other),
        ])
    }

    @Test("a correction takes its target's place and does not overtake later states")
    func correction() {
        let old = entry(1, 1, value: "甲"), new = entry(2, 1, value: "乙")
        let fixed = entry(3, 1, value: "甲改", kind: .correction, target: old.record)
        #expect(fold([old, new, fixed]) == [FoldedRecord(current: new, superseded: [fixed, old])])
        #expect(fold([old, fixed]) == [FoldedRecord(current: fixed, superseded: [old])])
    }

    @Test("a correction of a correction still hits the record; the last one known wins")
    func corrections() {
        let record = entry(1, 1, value: "甲")
        let first = entry(2, 1, value: "乙", kind: .correction, target: record.record)
        let second = entry(3, 1, value: "丙", kind: .correction, target: first.record)
        #expect(fold([second, first, record]) == [FoldedRecord(current: second, superseded: [first, record])])
    }

    @Test("a correction may change the business key, and the line moves with it")
    func correctedKey() {
        let record = entry(1, 1, key: "错号", value: "甲")
        let fixed = entry(2, 1, key: "正号", value: "甲", kind: .correction, target: record.record)
        #expect(fold([record, fixed]) == [FoldedRecord(current: fixed, superseded: [record])])
    }

    @Test("a withdrawal removes its target only")
    func withdrawal() {
        let older = entry(1, 1, value: "甲"), newer = entry(2, 1, value: "乙")
        let act = entry(3, 1, key: "", kind: .withdrawal, target: newer.record)
        #expect(fold([older, newer, act]) == [FoldedRecord(current: older)])
        #expect(fold([newer, act]) == [])
    }

    @Test("what targets nothing folds to nothing")
    func orphans() {
        let nowhere = RecordID(delivery: 1, row: 99)
        let record = entry(1, 1)
        #expect(fold([
            record, entry(2, 1, kind: .correction, target: nowhere), entry(2, 2, kind: .withdrawal, target: nowhere),
            entry(2, 3, kind: .correction),
        ]) == [FoldedRecord(current: record)])
    }

    @Test("the effective date hides what is not true yet, after corrections have been applied")
    func effective() {
        let record = entry(1, 1, value: "甲", effective: 100)
        let later = entry(2, 1, value: "乙", effective: 200)
        #expect(fold([record, later], clocksAt: 99) == [])
        #expect(fold([record, later], clocksAt: 150).map(\.current) == [record])
        #expect(fold([record, later], clocksAt: 200).map(\.current) == [later])
        // The date itself was wrong: as known today, nothing was true on day 150.
        let fixed = entry(3, 1, value: "甲", kind: .correction, target: record.record, effective: 300)
        #expect(fold([record, fixed], clocksAt: 150) == [])
        #expect(fold([record, fixed], clocksAt: 300).map(\.current) == [fixed])
    }

    private func fold(_ entries: [Entry], clocksAt asOf: Int32) -> [FoldedRecord] {
        fold(entries, Times(knownAt: [1: 10, 2: 20, 3: 30]), clocks(asOf: asOf))
    }

    @Test("deliveries are seen from the moment they are known until they are withdrawn")
    func knowledge() {
        let record = entry(1, 1)
        let times = Times(knownAt: [1: 10], withdrawnAt: [1: 50])
        for (knownAt, seen) in [(9, false), (10, true), (49, true), (50, false)] as [(Int64, Bool)] {
            #expect(fold([record], times, clocks(knownAt: knownAt)).isEmpty == !seen, "\(knownAt)")
        }
        #expect(fold([record], Times()) == [])
    }
}

@Suite("laws of the fold, over random histories") struct FoldLawTests {
    private func fold(_ entries: [Entry], _ times: Times, _ clocks: Clocks) -> [FoldedRecord] {
        History(subject: [subject(1)], entries: entries).records(at: clocks, times: times)
    }

    private let views = Sample.views

    @Test("the order in which entries come does not matter")
    func order() {
        for seed in 0..<80 as Range<UInt64> {
            let sample = Sample(seed)
            var generator = SeededGenerator(seed)
            let shuffled = sample.entries.shuffled(using: &generator)
            for view in views { #expect(fold(sample.entries, sample.times, view) == fold(shuffled, sample.times, view)) }
        }
    }

    @Test("what becomes known later never changes an earlier view")
    func later() {
        for seed in 0..<80 as Range<UInt64> {
            let sample = Sample(seed)
            for view in views {
                let known = sample.entries.filter { (sample.times.known($0.record.delivery) ?? .distantFuture) <= view.knownAt }
                var times = sample.times
                times.withdrawnAt = times.withdrawnAt.filter { $0.value <= view.knownAt.milliseconds }
                let then = fold(known, times, view), now = fold(sample.entries, sample.times, view)
                #expect(then == now)
                #expect("\(then)".utf8.elementsEqual("\(now)".utf8))
            }
        }
    }

    @Test("withdrawing a delivery removes exactly its entries")
    func withdrawn() {
        for seed in 0..<80 as Range<UInt64> {
            let sample = Sample(seed)
            let gone = UInt32(seed % 12 + 1)
            var times = sample.times
            times.withdrawnAt[gone] = 0
            for view in views {
                let without = sample.entries.filter { $0.record.delivery != gone }
                #expect(fold(sample.entries, times, view) == fold(without, times, view))
            }
        }
    }

    @Test("a delivery that is delivered again unchanged folds to nothing but a count")
    func again() {
        for seed in 0..<80 as Range<UInt64> {
            var sample = Sample(seed)
            sample.entries.removeAll { $0.kind != .record || $0.record.delivery > 1 }
            // Distinct keys, so that within the delivery nothing supersedes anything.
            var keys: Set<String> = []
            sample.entries.removeAll { !keys.insert("\($0.resource) \($0.payload.prefix($0.keyLength))").inserted }
            let copies = sample.entries.map { original in
                var copy = original
                copy.record = RecordID(delivery: 2, row: original.record.row)
                return copy
            }
            let times = Times(knownAt: [1: 0, 2: 0])
            let once = fold(sample.entries, times, clocks())
            let twice = fold(sample.entries + copies, times, clocks())
            #expect(twice.map(\.current) == once.map(\.current))
            #expect(twice.allSatisfy { $0.repeats == 1 && $0.superseded.isEmpty })
        }
    }

    @Test("every visible record is counted exactly once")
    func nothingLost() {
        for seed in 0..<80 as Range<UInt64> {
            var sample = Sample(seed)
            sample.entries.removeAll { $0.kind == .withdrawal }
            for index in sample.entries.indices { sample.entries[index].effective = nil }
            sample.entries.removeAll { $0.kind == .correction }
            for view in views {
                let visible = sample.entries.count { entry in
                    guard let known = sample.times.known(entry.record.delivery), known <= view.knownAt else { return false }
                    return (sample.times.withdrawn(entry.record.delivery) ?? .distantFuture) > view.knownAt
                }
                let counted = fold(sample.entries, sample.times, view).reduce(0) { $0 + 1 + $1.superseded.count + $1.repeats }
                #expect(counted == visible)
            }
        }
    }

    @Test("the fold over outlines says what the plain fold over entries says")
    func plain() {
        for seed in 0..<120 as Range<UInt64> {
            let sample = Sample(seed)
            let history = History(subject: [subject(1)], entries: sample.entries)
            for view in views {
                #expect(
                    history.records(at: view, times: sample.times)
                        == PlainFold(entries: history.entries).records(at: view, times: sample.times))
            }
        }
    }
}
