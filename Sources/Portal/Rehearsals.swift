import Registry
import Synchronization

/// What programs did in the sandbox lately, in memory: numbers below zero, which no event of the log has.
final class Rehearsals: Sendable {
    /// Events of one program that are remembered: more than a sheet has rows.
    private static let limit = 4_000

    private let kept = Mutex<(next: Int64, events: [String: [AccessEvent]])>((-1, [:]))

    func append(_ event: AccessEvent) -> AccessEvent {
        kept.withLock { kept in
            var event = event
            event.position = kept.next
            kept.next -= 1
            // A quarter at a time, so that what is kept is not moved at each event.
            if kept.events[event.actor, default: []].count >= Self.limit { kept.events[event.actor]?.removeFirst(Self.limit / 4) }
            kept.events[event.actor, default: []].append(event)
            return event
        }
    }

    func event(_ position: Int64) -> AccessEvent? { events { $0.position == position }.first }

    /// In the order in which they came.
    func events(where matches: (AccessEvent) -> Bool) -> [AccessEvent] { kept.withLock { $0.events.values.flatMap(\.self) }.filter(matches).sorted { $0.position > $1.position } }
}
