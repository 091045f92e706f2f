package import Cryptography
internal import Dispatch
package import Identifiers
package import Ledger
package import Registry
internal import Synchronization

/// The log of what people and programs did: an event is durable before the answer that it belongs to leaves.
///
/// Events that come while one transaction is under way share the next, so that one sync of the disk serves them all. The tree
/// over the events follows behind, at the latest with the next signed head.
package final class AccessLog: Sendable {
    private struct Waiting {
        let event: AccessEvent
        let done: CheckedContinuation<AccessEvent, any Error>
    }

    private struct State {
        var waiting: [Waiting] = []
        var isWriting = false
    }

    package let registry: AccessRegistry
    /// The tree over the events.
    package let tree: SignedLog
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "access-log")
    /// Held while the tree is brought up to the events: two at once would add the same ones twice.
    private let following = Mutex(())
    /// Events of one transaction at most.
    private static let batch = 1024

    /// - Parameter tree: as it was left; what the events have beyond it is added with the next head.
    package init(registry: AccessRegistry, tree: SignedLog) {
        self.registry = registry
        self.tree = tree
    }

    /// Keeps an event. When it returns, the event survives power loss.
    /// - Throws: `RegistryFault`; nothing that the event permits may then leave.
    @discardableResult
    package func append(_ event: AccessEvent) async throws -> AccessEvent {
        try await withCheckedThrowingContinuation { done in
            let begins = state.withLock { state in
                state.waiting.append(Waiting(event: event, done: done))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if begins { queue.async { self.write() } }
        }
    }

    /// The same for callers that may block.
    @discardableResult
    package func appendBlocking(_ event: AccessEvent) throws -> AccessEvent { try keep([event])[0] }

    private func write() {
        while let batch = next() {
            do {
                for (waiting, event) in zip(batch, try keep(batch.map(\.event))) { waiting.done.resume(returning: event) }
            } catch {
                for waiting in batch { waiting.done.resume(throwing: error) }
            }
        }
    }

    private func next() -> [Waiting]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isWriting = false
                return nil
            }
            let batch = Array(state.waiting.prefix(Self.batch))
            state.waiting.removeFirst(batch.count)
            return batch
        }
    }

    private func keep(_ events: [AccessEvent]) throws -> [AccessEvent] {
        let random = randomBytes(16 * events.count)
        let salts = events.indices.map { Array(random[16 * $0..<16 * ($0 + 1)]) }
        return try registry.events.append(events, salts: salts) { Self.leaf(of: $0).hex }
    }

    /// The leaf hash of an event that has its salt, as every event has when it comes.
    package static func leaf(of event: AccessEvent) -> SM3Digest { LeafData(bytes: event.leafBytes ?? []).hash }

    /// Adds the events that came since to the tree and signs its head; nothing where there are none.
    package func signHead(at now: Instant) throws {
        try following.withLock { _ in
            var position = Int64(tree.size)
            while true {
                let events = try registry.events.events(from: position, limit: 4096)
                guard let last = events.last else { break }
                try tree.append(events.map { Self.leaf(of: $0) })
                position = last.position + 1
            }
            if tree.isUnsigned { try tree.sign(at: Int(now.milliseconds / 1000)) }
        }
    }
}
