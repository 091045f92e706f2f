internal import Cryptography
internal import Glibc
package import Identifiers
internal import Ledger
internal import Synchronization
internal import Policy
package import Registry

/// What is over its term of retention on a day.
package struct ExpiryReport: Sendable {
    /// A delivery whose records are over their term.
    package struct Records: Sendable {
        package let delivery: UInt32
        package let resource: String
        package let known: Instant
        /// Class, term and basis, as the withdrawal states them.
        package let reason: String
    }

    package var records: [Records] = []
    /// Keys whose years are over and that seal nothing any more on which a record stands.
    package var keys: [WrappedKey] = []
    package var events = 0
    package var alerts = 0
    package var consents = 0
    /// What would be over a term that its owner has not confirmed; it stays.
    package var unconfirmed: [String] = []

    package var isEmpty: Bool { records.isEmpty && keys.isEmpty && events + alerts + consents == 0 }

    /// What it is, in Chinese; names nobody.
    package var words: String {
        let numbers = records.prefix(100).map { "\($0.delivery)" }.joined(separator: "、")
        let years = keys.map { "\($0.body) \($0.year) 年" }.joined(separator: "、")
        return "保存期满：记录 \(records.count) 批" + (records.isEmpty ? "" : "（第 \(numbers)\(records.count > 100 ? " …" : "") 批）")
            + "，原文件 \(keys.count) 个年度" + (keys.isEmpty ? "" : "（\(years)）") + "，查询记录 \(events) 条，异常 \(alerts) 件，授权 \(consents) 份"
    }
}

/// The expiry run (到期清除): gives up what is over the term of its class (`retention.yaml`).
///
/// Records go with their delivery, by a withdrawal that states class, term and basis, and an erasure; delivered files and returned
/// rows with the data key of their body and year, once no record stands on them; access events lose salt and content, and keep their
/// place in the tree. A term counts only where its basis is in force on the day and its owner has confirmed it.
package struct Expiry: Sendable {
    package let desk: DeliveryDesk

    package init(desk: DeliveryDesk) { self.desk = desk }

    private var directory: DataDirectory { desk.directory }

    // MARK: What is due

    /// Looks for everything that is over its term; changes nothing.
    package func due(at now: Instant) throws -> ExpiryReport {
        var report = ExpiryReport()
        try findRecords(at: now, &report)
        try findKeys(at: now, &report)
        try count(at: now, &report)
        return report
    }

    private func findRecords(at now: Instant, _ report: inout ExpiryReport) throws {
        var terms: [String: (term: RetentionTerm, name: String)] = [:]
        for resource in desk.book.resources {
            guard let term = desk.book.retention(of: resource, on: now.date) else { continue }
            terms["\(resource.code) \(resource.version)"] = (term, "第 \(resource.basicClass) 类\(resource.subject.name)")
        }
        guard let shortest = terms.values.compactMap(\.term.years).min() else { return }
        var waiting: [String: Int] = [:]
        for delivery in try directory.registry.deliveries.committed(knownUntil: Instant(endOf: now.date.adding(years: -shortest))) {
            guard let known = delivery.known, let (term, name) = terms["\(delivery.resource) \(delivery.resourceVersion)"], let years = term.years,
                known.date <= now.date.adding(years: -years)
            else { continue }
            let reason = "保存期满：\(name)信息保存 \(years) 年（\(desk.book.words(of: term))）"
            guard term.isConfirmed else {
                waiting[reason, default: 0] += 1
                continue
            }
            report.records.append(.init(delivery: delivery.number, resource: delivery.resource, known: known, reason: reason))
        }
        report.unconfirmed += waiting.sorted { $0.key < $1.key }.map { "\($0.value) 批：\($0.key)" }
    }

    /// Keys of years that are over; those under which something lies that records stand on, stay.
    private func findKeys(at now: Instant, _ report: inout ExpiryReport) throws {
        guard let term = desk.book.retention(of: .files, on: now.date), let years = term.years else { return }
        let due = try dueKeys(years, at: now)
        if term.isConfirmed {
            report.keys = due
        } else if !due.isEmpty {
            report.unconfirmed.append("\(due.count) 个年度的原文件：保存 \(years) 年（\(desk.book.words(of: term))）")
        }
    }

    private func dueKeys(_ years: Int, at now: Instant) throws -> [WrappedKey] {
        // Year 0 seals what belongs to no year: the seeds of one-time codes.
        let old = try directory.accessRegistry.keys.list().filter { key in
            key.wrapped != nil && key.year > 0 && key.year + years < now.date.year
        }
        guard !old.isEmpty else { return [] }
        let used = try keysInUse()
        return old.filter { !used.contains($0.id) }
    }

    /// - Throws: where a file is there and does not say which key sealed it: nothing may be destroyed by mistake.
    private func keysInUse() throws -> Set<UInt32> {
        var used: Set<UInt32> = []
        for delivery in try directory.registry.deliveries.all() where delivery.state != .refused && delivery.erasedAt == nil {
            for path in [directory.store.rawPath(delivery.digest), directory.store.rejectionsPath(delivery.number)] {
                if let header = SealedFile.header(of: path) {
                    used.insert(header.keyID)
                } else if !isMissing(path) {
                    throw DeliveryFault(.storage, "读不出 \(path) 由哪把数据密钥加密，没有销毁任何密钥", cure: "请运行 tianzhong verify；排除故障后，次日会再次清除")
                }
            }
        }
        return used
    }

    /// Whether there surely is no such file.
    private func isMissing(_ path: String) -> Bool { unsafe access(path, F_OK) != 0 && errno == ENOENT }

    private func count(at now: Instant, _ report: inout ExpiryReport) throws {
        guard let term = desk.book.retention(of: .events, on: now.date), let limit = Self.limit(term, at: now) else { return }
        let access = directory.accessRegistry
        let events = try access.events.count(before: limit, below: Int64(directory.accessTree.size))
        let (alerts, consents) = (try access.alerts.closed.count(before: limit), try access.consents.ended.count(before: limit))
        if term.isConfirmed {
            (report.events, report.alerts, report.consents) = (events, alerts, consents)
        } else if events + alerts + consents > 0 {
            report.unconfirmed.append("查询记录 \(events) 条、异常 \(alerts) 件、授权 \(consents) 份：保存 \(term.years ?? 0) 年（\(desk.book.words(of: term))）")
        }
    }

    /// Before this moment everything is over a term.
    private static func limit(_ term: RetentionTerm, at now: Instant) -> Instant? {
        term.years.map { Instant(startOf: now.date.adding(years: -$0)) }
    }

    // MARK: Giving up

    /// Gives up what is due. What a killed run left undone, the next one does; a delivery that was withdrawn and not yet erased goes
    /// with those withdrawn otherwise.
    ///
    /// - Returns: what was given up.
    package func run(at now: Instant) throws -> ExpiryReport {
        var report = try due(at: now)
        for item in report.records { _ = try desk.withdraw(item.delivery, reason: item.reason, at: now) }
        try desk.erase(expired: report.records.map(\.delivery), at: now)
        // Asked again: those files stand on nothing that went with this very run, and nobody receives a file meanwhile whose copy is
        // sealed with a key that is going.
        if let term = desk.book.retention(of: .files, on: now.date), let years = term.years, term.isConfirmed {
            report.keys = try directory.custody.withLock { _ in
                let keys = try dueKeys(years, at: now)
                for key in keys { try directory.keyring.destroy(key.id) }
                return keys
            }
        }
        guard report.events + report.alerts + report.consents > 0, let term = desk.book.retention(of: .events, on: now.date),
            let limit = Self.limit(term, at: now)
        else { return report }
        let access = directory.accessRegistry
        report.events = try access.events.erase(before: limit, below: Int64(directory.accessTree.size))
        report.alerts = try access.alerts.closed.remove(before: limit)
        report.consents = try access.consents.ended.remove(before: limit)
        return report
    }
}

extension PolicyBook {
    /// The basis of a term, as pages and logs state it.
    func words(of term: RetentionTerm) -> String {
        term.basis.map { "《\(document($0.document)?.title ?? $0.document)》\($0.article)" }.joined(separator: "、")
    }
}
