internal import Synchronization

/// Where the work on a delivery stands, as people see it.
package enum Stage: String, Sendable, CaseIterable {
    case received = "接收"
    case decoding = "解码校验"
    case sorting = "主体归档"
    case committing = "入库"
    case done = "完成"
    case refused = "未受理"
}

/// A snapshot of the work on one delivery.
package struct Progress: Sendable {
    package var stage: Stage = .received
    package var rows = 0
    package var accepted = 0
    package var rejected = 0
    /// Part of the file that has been read, 0…1.
    package var fraction = 0.0
    /// Checked, and waiting until the archive has merged enough of what came before.
    package var waitsForArchive = false

    package init() {}
}

/// The running work's progress: written by the workers, read by pages and terminals.
package final class ProgressBoard: Sendable {
    private let deliveries = Mutex<[UInt32: Progress]>([:])

    package init() {}

    /// The progress of a delivery that is being worked on or has been since the program started.
    package func progress(of delivery: UInt32) -> Progress? {
        deliveries.withLock { $0[delivery] }
    }

    func update(_ delivery: UInt32, _ change: (inout Progress) -> Void) {
        deliveries.withLock { change(&$0[delivery, default: Progress()]) }
    }
}
