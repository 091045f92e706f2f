import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

/// Reads a request body piece by piece under a limit and a least speed, since the server below sets neither.
struct BodyReader: Sendable {
    /// Most bytes taken; one more gives 413.
    let limit: Int64
    /// Least bytes a second, judged over each window.
    let minimumRate: Int
    /// Length of a window. A body that ends within its first one may be as slow as it likes.
    let window: Duration

    /// Hands every piece to `take`, in order. Ends with `Problem.tooLarge`, `Problem.tooSlow`, or what `take` throws.
    func read(_ body: RequestBody, take: @escaping @Sendable ([UInt8]) throws -> Void) async throws {
        let received = Shelf<Int64>(0)
        let outcome = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                var pieces = body.makeAsyncIterator()
                while true {
                    let next: ByteBuffer?
                    // A connection that breaks off is no fault of ours and ends as 408.
                    do { next = try await pieces.next() } catch { throw Problem.tooSlow }
                    guard let piece = next else { break }
                    let total = received.change { count in
                        count += Int64(piece.readableBytes)
                        return count
                    }
                    guard total <= limit else { throw Problem.tooLarge(limit: limit) }
                    try take(Array(piece.readableBytesView))
                }
                return !Task.isCancelled
            }
            group.addTask {
                var last: Int64 = 0
                while true {
                    try await Task.sleep(for: window)
                    let now = received.value
                    guard now - last >= Int64(minimumRate) * window.components.seconds else { return false }
                    last = now
                }
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
        guard outcome else { throw Problem.tooSlow }
    }

    /// The whole body, for small forms.
    func collect(_ body: RequestBody) async throws -> [UInt8] {
        let bytes = Shelf<[UInt8]>([])
        try await read(body) { piece in bytes.change { $0 += piece } }
        return bytes.value
    }
}

/// A value that the reading task fills and its caller takes up afterwards.
final class Shelf<Value: Sendable>: Sendable {
    private let storage: Mutex<Value>

    init(_ value: Value) { storage = Mutex(value) }

    var value: Value { storage.withLock { $0 } }

    /// Changes the value; what `body` throws goes on.
    func change<Result: Sendable>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        try storage.withLock { value in try body(&value) }
    }
}
