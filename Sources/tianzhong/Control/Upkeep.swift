import Access
import Archive
import Dispatch
import Identifiers
import Intake
import Ledger
import Logging
import Registry

/// What a serving process does by itself: it records the digests of new files, makes backup points where it is told to,
/// erases what was withdrawn long enough ago or is over its term, and merges the archive while nothing comes in.
struct Upkeep: Sendable {
    let desk: DeliveryDesk
    let access: Access
    /// Path of the backup repository; nil for none.
    let backup: String?
    /// Seconds between two points.
    let interval: Int
    /// Days that the records of a withdrawn delivery stay in the views of earlier times.
    let keepWithdrawn: Int
    let logger: Logger

    /// Goes on until it is cancelled.
    func run() async {
        await withTaskGroup { group in
            group.addTask { await everySecond() }
            group.addTask { await everyTenSeconds() }
            group.addTask { await everyMinute() }
        }
    }

    /// Signs the heads of both logs where there is news.
    private func everySecond() async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            await apart("signing") {
                let now = Clock.now()
                try access.log.signHead(at: now)
                if desk.directory.ledger.isUnsigned { try desk.directory.ledger.sign(at: Int(now.milliseconds / 1000)) }
            }
        }
    }

    private func everyTenSeconds() async {
        var since = interval
        while (try? await Task.sleep(for: .seconds(10))) != nil {
            since += 10
            let isDue = since >= interval
            if isDue { since = 0 }
            await apart("upkeep") { try keep(backingUp: isDue) }
        }
    }

    /// Removes what an earlier round erased, so that no read is under way that began before.
    private func everyMinute() async {
        await withTaskCancellationHandler {
            var expired: CivilDate?
            while (try? await Task.sleep(for: .seconds(60))) != nil {
                await apart("rewriting") {
                    let removed = try desk.removeErased(at: Clock.now())
                    if !removed.isEmpty { logger.notice("erased deliveries removed", metadata: ["deliveries": "\(removed)"]) }
                    let now = Clock.now()
                    let erased = try desk.erase(withdrawnUntil: now.adding(days: -keepWithdrawn), at: now)
                    if !erased.isEmpty { logger.notice("withdrawn deliveries erased", metadata: ["deliveries": "\(erased)"]) }
                    for alert in try ReadingWatch(registry: access.registry).look(at: Clock.now()) {
                        logger.warning("unusual reading", metadata: ["rule": "\(alert.rule)"])
                    }
                    if try desk.mergeWhileIdle(at: Clock.now()) { logger.info("archive merged") }
                }
                // Behind the rewriting: what expires now is removed in a later round, when no read is under way that began before.
                let today = Clock.now().date
                if expired != today {
                    await apart("expiry") { try expire(at: Clock.now()) }
                    expired = today
                }
            }
        } onCancel: {
            desk.directory.archive.stopRewriting()
        }
    }

    /// Gives up what is over the term of its class. A run that failed is tried again the next day.
    private func expire(at now: Instant) throws {
        let expiry = Expiry(desk: desk)
        let report = try expiry.due(at: now)
        for line in report.unconfirmed { logger.notice("over a term that nobody has confirmed", metadata: ["what": "\(line)"]) }
        guard !report.isEmpty else { return }
        var event = AccessEvent(
            at: now, action: .withdraw, actor: "upkeep", actorName: "到期清除", role: "terminal", body: "", address: "-", channel: "terminal")
        event.items = report.words
        try access.log.appendBlocking(event)
        let done = try expiry.run(at: now)
        logger.notice("over their term", metadata: ["what": "\(done.words)"])
    }

    private func keep(backingUp: Bool) throws {
        let directory = desk.directory
        try directory.digests.keep(directory.archive)
        guard backingUp, let backup else { return }
        let report = try Backup(directory: directory, repository: try .make(backup)).run(
            at: Clock.now(), uptime: { Clock.uptime() })
        logger.info("backup point", metadata: ["point": "\(report.point.number)", "bytes": "\(report.copiedBytes)"])
    }

    /// Runs work that waits for the disk off the threads that serve pages. What fails is tried again in the next round.
    private func apart(_ name: String, _ work: @escaping @Sendable () throws -> Void) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                do { try work() } catch let fault as ArchiveFault where fault.code == .interrupted {
                } catch { logger.error("\(name) failed", metadata: ["error": "\(error)"]) }
                continuation.resume()
            }
        }
    }
}
