package import Identifiers
internal import Registry

/// Works on received deliveries one after the other, in the order of their numbers, while the portal serves.
package struct IntakeQueue: Sendable {
    package let desk: DeliveryDesk
    private let numbers: AsyncStream<UInt32>
    private let entrance: AsyncStream<UInt32>.Continuation
    private let clock: @Sendable () -> Instant

    package init(desk: DeliveryDesk, clock: @escaping @Sendable () -> Instant) {
        self.desk = desk
        self.clock = clock
        (numbers, entrance) = AsyncStream.makeStream(of: UInt32.self)
    }

    /// Puts a received delivery at the end of the line.
    package func enter(_ delivery: UInt32) { entrance.yield(delivery) }

    /// Works until the task is cancelled; begins with what an earlier process left.
    ///
    /// - Parameter report: told of each delivery that could not be worked on (a full disk, say); it stays 已接收 and is
    ///   begun anew at the next start.
    package func run(report: @Sendable (UInt32, any Error) -> Void) async throws {
        for delivery in try desk.directory.registry.deliveries.unfinished() { await work(on: delivery.number, report) }
        for await number in numbers { await work(on: number, report) }
    }

    /// Lets `run` end after the delivery in hand.
    package func close() { entrance.finish() }

    private func work(on number: UInt32, _ report: @Sendable (UInt32, any Error) -> Void) async {
        do { _ = try await desk.work(on: number, clock: clock) } catch { report(number, error) }
    }
}
