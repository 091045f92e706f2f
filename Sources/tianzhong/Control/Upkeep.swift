import Dispatch
import Intake
import Logging

/// What a serving process does by itself: it records the digests of new files, and makes backup points where it is told to.
struct Upkeep: Sendable {
    let directory: DataDirectory
    /// Path of the backup repository; nil for none.
    let backup: String?
    /// Seconds between two points.
    let interval: Int
    let logger: Logger

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
