import Registry
import Synchronization

/// What programs did in the sandbox lately, in memory: numbers below zero, which no event of the log has.
final class Rehearsals: Sendable {
    /// More than this and the oldest are forgotten.
    private static let limit = 2_000

    private let kept = Mutex<(next: Int64, events: [AccessEvent])>((-1, []))

    func append(_ event: AccessEvent) -> AccessEvent {
        kept.withLock { kept in
            var event = event
            event.position = kept.next
            kept.next -= 1
            if kept.events.count >= Self.limit { kept.events.removeFirst(Self.limit / 2) }
            kept.events.append(event)
            return event
        }
    }

    func event(_ position: Int64) -> AccessEvent? { events { $0.position == position }.first }

    /// In the order in which they came.
    func events(where matches: (AccessEvent) -> Bool) -> [AccessEvent] { kept.withLock { $0.events }.filter(matches) }
}
