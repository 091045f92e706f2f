import Identifiers
import Intake
import Logging
import Registry
import ServiceLifecycle
import Synchronization

/// Works received deliveries off, one after another, apart from any connection: a page may be closed, a browser may go away.
final class DeliveryQueue: Service {
    private let desk: DeliveryDesk
    private let clock: @Sendable () -> Instant
    private let logger: Logger
    private let numbers: AsyncStream<UInt32>
    private let entrance: AsyncStream<UInt32>.Continuation
    /// Work that stopped: for want of disk, then it goes on when there is room, or for another fault, then at the next start.
    private let stalled = Mutex<[UInt32: String]>([:])

    init(desk: DeliveryDesk, clock: @escaping @Sendable () -> Instant, logger: Logger) {
        self.desk = desk
        self.clock = clock
        self.logger = logger
        (numbers, entrance) = AsyncStream.makeStream()
    }

    /// Puts a received delivery in the queue.
    func add(_ number: UInt32) { entrance.yield(number) }

    /// Why the work on a delivery stopped, in Chinese; nil if it did not.
    func stall(of number: UInt32) -> String? { stalled.withLock { $0[number] } }

    /// Takes up what an earlier process left, then what comes in, until the server stops. The delivery in hand is finished first.
    func run() async throws {
        for delivery in try desk.directory.registry.deliveries.unfinished() { add(delivery.number) }
        for await number in numbers.cancelOnGracefulShutdown() {
            while await isHeldUp(number) {
                // Others would want for disk too. Shorter than the five seconds within which work must go on.
                let slept: Void? = try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(2)) }
                if slept == nil { return }
            }
        }
    }

    /// Works on a delivery.
    /// - Returns: whether it waits for room on the disk and is to be tried again.
    private func isHeldUp(_ number: UInt32) async -> Bool {
        do {
            _ = try await desk.work(on: number, clock: clock)
            stalled.withLock { $0[number] = nil }
            return false
        } catch {
            let isFull = DeliveryFault.isDiskFull(error)
            let reason = isFull ? "磁盘空间不足，腾出空间后自动继续" : (error as? DeliveryFault)?.description ?? "处理中断，平台重启后会继续"
            let before = stalled.withLock { stalled in
                defer { stalled[number] = reason }
                return stalled[number]
            }
            if before != reason { logger.error("delivery stalled", metadata: ["delivery": "\(number)", "error": "\(error)"]) }
            return isFull
        }
    }
}
