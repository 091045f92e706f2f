import Archive
import NIOCore
import Synchronization

/// Which subject's file is asked for, by whom, and at which clocks.
struct FileQuestion: Sendable, Hashable {
    let key: SubjectKey
    var clocks: Clocks
    let audience: Audience
    /// Erasures change views that were settled.
    var erasures = 0
}

/// Answers that were given lately. A view is a pure function of its question where the clocks are settled and named
/// (`DeliveryTimesTable.Snapshot`), so that an answer never goes stale: after a commit the question is another one.
final class StandingAnswers: Sendable {
    /// Two generations: when the younger is full it becomes the older, and what was not asked for again meanwhile is let go.
    private struct Generations {
        var young: [FileQuestion: ByteBuffer] = [:]
        var old: [FileQuestion: ByteBuffer] = [:]
        var youngBytes = 0
    }

    private let generations = Mutex(Generations())
    /// Bytes of answers in one generation.
    private let capacity: Int

    init(capacity: Int = 16 << 20) { self.capacity = capacity }

    /// The answer to a question whose clocks are settled and named; made where it is not at hand.
    func answer(to question: FileQuestion, make: (FileQuestion) throws -> JSONBytes) throws -> ByteBuffer {
        if let known = find(question) { return known }
        let answer = ByteBuffer(bytes: try make(question).bytes)
        generations.withLock { keep(answer, for: question, in: &$0) }
        return answer
    }

    private func find(_ question: FileQuestion) -> ByteBuffer? {
        generations.withLock { generations in
            if let known = generations.young[question] { return known }
            guard let known = generations.old[question] else { return nil }
            keep(known, for: question, in: &generations)
            return known
        }
    }

    private func keep(_ answer: ByteBuffer, for question: FileQuestion, in generations: inout Generations) {
        if generations.young.updateValue(answer, forKey: question) == nil { generations.youngBytes += answer.readableBytes }
        guard generations.youngBytes > capacity else { return }
        generations.old = generations.young
        generations.young = [:]
        generations.youngBytes = 0
    }
}
