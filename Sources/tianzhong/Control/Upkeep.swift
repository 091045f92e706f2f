import Archive
import Dispatch
import Identifiers
import Intake
import Logging

/// What a serving process does by itself: it records the digests of new files, makes backup points where it is told to, and
/// erases what was withdrawn long enough ago.
struct Upkeep: Sendable {
    let desk: DeliveryDesk
    /// Path of the backup repository; nil for none.
    let backup: String?
    /// Seconds between two points.
    let interval: Int
    /// Days that the records of a withdrawn delivery stay in the views of earlier times.
    let keepWithdrawn: Int
    let logger: Logger
    private var directory: DataDirectory { desk.directory }

    init(desk: DeliveryDesk, backup: String?, interval: Int, keepWithdrawn: Int, logger: Logger) {
        self.desk = desk
        self.backup = backup
        self.interval = interval
        self.keepWithdrawn = keepWithdrawn
        self.logger = logger
    }

    /// Goes on until it is cancelled.
    func run() async {
        var since = interval
        while (try? await Task.sleep(for: .seconds(10))) != nil {
            since += 10
            let isDue = since >= interval
            if isDue { since = 0 }
            await apart { keep(backingUp: isDue) }
        }
    }

    private func keep(backingUp: Bool) {
        do {
            try directory.digests.keep(directory.archive)
            let now = Clock.now()
            let erased = try desk.erase(withdrawnUntil: now.adding(days: -keepWithdrawn), at: now)
            if !erased.isEmpty {
                logger.notice("erasing withdrawn deliveries", metadata: ["deliveries": "\(erased)"])
                try directory.archive.compact()
            }
            guard backingUp, let backup else { return }
            let report = try Backup(directory: directory, repository: try .make(backup)).run(
                at: Clock.now(), uptime: { Clock.uptime() })
            logger.info("backup point", metadata: ["point": "\(report.point.number)", "bytes": "\(report.copiedBytes)"])
        } catch { logger.error("upkeep failed", metadata: ["error": "\(error)"]) }
    }

    /// Runs work that waits for the disk off the threads that serve pages.
    private func apart(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                work()
                continuation.resume()
            }
        }
    }
}
