import Dispatch
import Disk
import Synchronization
import Testing

@testable import Intake

@Suite("The commit on a disk that loses power and fails")
struct CommitSimulationTests {
    private struct Outcome {
        var broken: String?
        var ends = 0
        var receipts = 0
        var committed = 0
    }

    /// Plays seeds on both processors until one is broken.
    private func play(_ seeds: Int, planted: SimulatedDisk.PlantedFault? = nil) -> Outcome {
        let outcome = Mutex(Outcome())
        let portion = 250
        DispatchQueue.concurrentPerform(iterations: (seeds + portion - 1) / portion) { index in
            guard outcome.withLock({ $0.broken == nil }) else { return }
            var sum = Outcome()
            for seed in index * portion..<min(seeds, (index + 1) * portion) {
                var simulation = CommitSimulation(seed: UInt64(seed), planted: planted)
                if let broken = simulation.play(lives: 3) {
                    sum.broken = "seed \(seed): \(broken)"
                    break
                }
                sum.ends += simulation.ends
                sum.receipts += simulation.receipts.count
                sum.committed += simulation.stores.archive.count
            }
            outcome.withLock { total in
                total.broken = total.broken ?? sum.broken
                total.ends += sum.ends
                total.receipts += sum.receipts
                total.committed += sum.committed
            }
        }
        return outcome.withLock { $0 }
    }

    @Test("50,000 seeds of kills, power cuts, full disks and errors: nothing acknowledged is lost, nothing is half there")
    func seeds() {
        let outcome = play(50_000)
        #expect(outcome.broken == nil)
        // The simulation must come to the places it is about.
        #expect(outcome.ends > 50_000 && outcome.receipts > 25_000 && outcome.committed > 10_000, "\(outcome)")
    }

    @Test("a planted fault is found", arguments: SimulatedDisk.PlantedFault.allCases)
    func planted(_ fault: SimulatedDisk.PlantedFault) {
        #expect(play(5_000, planted: fault).broken != nil)
    }

    @Test("an error at any one operation of a delivery: no wrong receipt, and all or nothing after a power cut", arguments: [
        DiskFault.Code.inputOutput, .full, .readOnly,
    ])
    func eachOperation(_ code: DiskFault.Code) throws {
        var operation = 0
        var isOver = false
        while !isOver {
            var simulation = CommitSimulation(seed: UInt64(operation))
            let store = try simulation.store()
            simulation.disk.schedule(.fault(code), after: operation)
            var failed = false
            do {
                try simulation.send(1, to: store)
                try simulation.work(on: 1, in: store)
            } catch { failed = true }
            // What is removed at the end may stay: the delivery is in all the same.
            isOver = !failed && simulation.stores.deliveries[1]?.known != nil && simulation.disk.operations <= operation
            simulation.disk.restart(losingPower: true)
            #expect(simulation.live(acts: 0) == nil, "operation \(operation)")
            // Sent again, it is in, once.
            try simulation.send(1, to: store)
            if simulation.stores.deliveries[1]?.known == nil { try simulation.work(on: 1, in: store) }
            #expect(simulation.violation(in: store) == nil, "operation \(operation)")
            #expect(simulation.stores.archive.count == 1)
            operation += 1
        }
        #expect(operation > 25)
    }
}
