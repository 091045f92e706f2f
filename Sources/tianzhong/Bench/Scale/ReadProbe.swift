import Archive
import Dispatch
import Glibc
import Identifiers
import Intake
import Synchronization

/// Reads random histories at a low rate while a load goes on, and notes how long each takes, on a thread of its own as
/// pages are read on one.
final class ReadProbe: Sendable {
    private struct State {
        var micros: [Double] = []
        var runs = 0
        var paused = 0.0
        var delivery: UInt32 = 0
        var isOver = false
    }

    private let directory: DataDirectory
    private let state = Mutex(State())
    private let done = DispatchGroup()
    private static let interval = 0.02

    init(_ directory: DataDirectory, city: ScaleCity, today: CivilDate) {
        self.directory = directory
        DispatchQueue(label: "probe").async(group: done) { [self] in
            var random = SplitMix(seed: 5)
            var keys = directory.subjectKeys()
            while !state.withLock({ $0.isOver }) {
                usleep(UInt32(Self.interval * 1e6))
                guard let person = city.identifier(of: Int(random.next() % UInt64(city.subjects)), on: today) else { continue }
                note(keys.key(of: person))
            }
        }
    }

    private func note(_ key: SubjectKey) {
        let start = Clock.uptime()
        guard (try? directory.archive.history(of: [key])) != nil else { return }
        let micros = (Clock.uptime() - start) * 1e6
        let runs = (try? directory.archive.backlog().sortedRuns) ?? 0
        state.withLock { state in
            state.micros.append(micros)
            state.runs = max(state.runs, runs)
            if directory.board.progress(of: state.delivery)?.waitsForArchive == true { state.paused += Self.interval }
        }
    }

    /// Says which delivery is being worked on, for its pauses.
    func watch(_ delivery: UInt32) { state.withLock { $0.delivery = delivery } }

    /// What was seen since it was last asked: microseconds of each read, the most sorted runs, seconds of pauses.
    func take() -> (micros: [Double], runs: Int, paused: Double) {
        state.withLock { state in
            defer { (state.micros, state.runs, state.paused) = ([], 0, 0) }
            return (state.micros, state.runs, state.paused)
        }
    }

    func stop() {
        state.withLock { $0.isOver = true }
        done.wait()
    }
}
