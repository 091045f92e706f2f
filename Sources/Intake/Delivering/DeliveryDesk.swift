internal import Archive
internal import Cryptography
internal import Disk
internal import Ledger
package import Identifiers
package import Policy
package import Registry
internal import Synchronization
package import Tables

/// What a sender says about a file.
package struct DeliveryRequest: Sendable {
    /// Code of the catalogue resource.
    package var resource: String
    /// Code of the delivering organisation.
    package var provider: String
    package var fileName: String
    package var channel: DeliveryChannel
    /// Who sent it, where known.
    package var submitter: String?

    package init(
        resource: String, provider: String, fileName: String, channel: DeliveryChannel, submitter: String? = nil
    ) {
        self.resource = resource
        self.provider = provider
        self.fileName = fileName
        self.channel = channel
        self.submitter = submitter
    }
}

/// Where deliveries come in: receipt at once, then the work, then the result; and where they are withdrawn.
package struct DeliveryDesk: Sendable {
    package let directory: DataDirectory
    package let book: PolicyBook
    /// Workers that check a delivery side by side.
    package let workers: Int
    /// Bytes of checked entries that a worker keeps in memory before it writes them as a sorted run.
    package let runBytes: Int
    /// Whether it does again what happened before, after a restoration.
    private let replays: Bool

    package init(directory: DataDirectory, book: PolicyBook, workers: Int = 2, runBytes: Int = 256 << 20) {
        self.directory = directory
        self.book = book
        self.workers = max(1, workers)
        self.runBytes = runBytes
        replays = false
    }

    /// A desk that does again, at the recorded times, what happened before.
    init(replayingIn directory: DataDirectory, book: PolicyBook) {
        self.directory = directory
        self.book = book
        workers = 2
        runBytes = 256 << 20
        replays = true
    }

    /// Refuses to add to an older state of the log of records: what came would stand where something else was signed. It can be
    /// read, and a replay can bring it up.
    func requireNewestLog() throws(DeliveryFault) {
        guard !replays, directory.ledger.isBehind else { return }
        throw DeliveryFault(
            .storage, "数据目录是从较早的备份恢复的：存证账本有 \(directory.ledger.size) 条，而已经签名的树头有 \(directory.ledger.signedSize) 条，"
                + "继续入库会使账本分叉，现在只能查阅",
            cure: "请恢复最新的备份点，或用 tianzhong restore --delivery 重做到最后一次签名以后的批次")
    }

    /// Says whether such a delivery may be made, before any byte is taken.
    ///
    /// - Throws: `DeliveryFault` for an unknown resource or provider, or one that does not provide the resource.
    @discardableResult
    package func admit(_ request: DeliveryRequest, on today: CivilDate) throws(DeliveryFault) -> Resource {
        guard let resource = book.resource(request.resource, on: today) else {
            throw DeliveryFault(.unknownResource, "目录中没有今天有效的资源“\(request.resource)”", cure: "请在资源目录中查找正确的资源编码")
        }
        guard let body = book.body(request.provider) else {
            throw DeliveryFault(.unknownProvider, "没有登记编码为“\(request.provider)”的报送单位", cure: "请核对单位编码，或先登记该单位")
        }
        guard book.mayDeliver(body: body.code, resource: resource) else {
            throw DeliveryFault(
                .notProvider, "“\(body.name)”不是“\(resource.name)”的提供部门", cure: "请核对资源和单位；确需报送的，请先申请变更目录")
        }
        return resource
    }

    /// Takes a file that has arrived into custody and gives its receipt.
    ///
    /// The same bytes of the same provider for the same resource give the delivery that is already there.
    /// - Returns: the delivery, and whether it is new.
    package func receive(
        _ arrived: ArrivedFile, as request: DeliveryRequest, at now: Instant, onStep: (CommitStep) -> Void = { _ in }
    ) throws -> (delivery: Delivery, isNew: Bool) {
        let resource: Resource
        do {
            resource = try admit(request, on: now.date)
            try requireNewestLog()
        } catch {
            arrived.discard()
            throw error
        }
        guard arrived.byteCount > 0 else {
            arrived.discard()
            throw DeliveryFault(.noRows, "文件“\(request.fileName)”是空的（0 字节）", cure: "请确认选择了正确的文件后重新报送")
        }
        let store = directory.store
        let sealed = try store.reseal(arrived, for: request.provider, at: now)
        return try directory.custody.withLock { _ in
            // A copy that was there and no longer opens (damaged, or its key destroyed) gives way.
            try store.keep(sealed) { (try? store.raw(arrived.digest)) != nil }
            onStep(.kept)
            let kind = (try? TableFile.sniff(store.raw(arrived.digest), name: request.fileName, text: arrived.text))?.description ?? ""
            let (delivery, isNew) = try directory.registry.deliveries.register(
                NewDelivery(
                    resource: resource.code, resourceVersion: Int(resource.version), provider: request.provider,
                    fileName: request.fileName, fileKind: kind, byteCount: arrived.byteCount, digest: arrived.digest,
                    channel: request.channel, submitter: request.submitter, received: now))
            if isNew { onStep(.registered) }
            return (delivery, isNew)
        }
    }

    /// Copies a local file into custody.
    ///
    /// - Parameters:
    ///   - body: code of the body that sends it; one that is unknown gets no key, since `receive` will refuse it.
    ///   - now: the time of arrival.
    package func arrive(_ path: String, of body: String, at now: Instant) throws -> ArrivedFile {
        var file = try directory.store.incoming(of: book.body(body)?.code ?? Keyring.platform, at: now)
        guard try readPieces(of: path, { try file.append($0) }) else {
            file.abandon()
            throw DeliveryFault(.unreadable, "打不开文件 \(path)", cure: "请检查路径和读取权限")
        }
        return try file.finish()
    }

    /// Gives the rows of a delivery in the place of its kept file.
    package typealias Reading = @Sendable () throws(TableFault) -> sending any TableReader

    /// Does the work on a received delivery: afterwards it is committed, or refused as a whole.
    ///
    /// - Parameters:
    ///   - clock: asked for the knowledge time just before the commit.
    ///   - onStep: told of every step as it is durable; recovery drills die here.
    ///   - reading: for rows that are made from the kept bytes rather than being them, as the benches do whose file is a
    ///     recipe. The caller vouches that it gives the same rows whenever it is asked.
    package func work(
        on number: UInt32, clock: @Sendable () -> Instant, onStep: (CommitStep) -> Void = { _ in }, reading: Reading? = nil
    ) async throws -> Delivery {
        // A commit that was torn, perhaps this one's, comes first: knowledge times grow over commits.
        if directory.times.hasPending { try directory.commits.withLock { _ in try directory.finishCommits() } }
        let delivery = try found(number)
        guard delivery.state == .received else { return delivery }
        try requireNewestLog()
        let resource = book.versions(of: delivery.resource).first { Int($0.version) == delivery.resourceVersion }
        do {
            guard let resource else {
                throw DeliveryFault(.unknownResource, "目录中已没有资源“\(delivery.resource)”", cure: "请恢复目录后重试")
            }
            let runs = DeliveryRuns(
                directory: directory, folder: try directory.store.freshStaging(number), byteLimit: runBytes)
            let salts = try directory.salts(of: number)
            let leaves = try LeafFile(in: runs.folder)
            let run = DeliveryRun(
                directory: directory, book: book, delivery: delivery, resource: resource, workers: workers, runs: runs,
                salts: salts, leaves: leaves, reading: reading)
            let today = clock().date
            let shares = try await run.check(on: today)
            try await archiveAdmits(shares.reduce(runs.entryCount) { $0 + $1.arena.count }, of: number)
            // Held from the drawing of the knowledge time on: changes are known in the order in which they are made.
            try directory.commits.withLock { _ in
                try seal(shares, runs, of: delivery, checkedOn: today, leaves: leaves, salts: salts, clock: clock, onStep: onStep)
            }
            finish(shares, of: number)
            // A head that would not continue the one signed last (an old backup, a second copy) is refused, and the caller told.
            if let known = directory.times.snapshot().known(number) {
                let time = Int(known.milliseconds / 1000)
                if replays { try directory.ledger.catchUp(to: time) } else { try directory.ledger.sign(at: time) }
            }
        } catch let fault as DeliveryFault where fault.code != .storage && fault.code != .diskFull {
            directory.store.removeStaging(number)
            try directory.registry.deliveries.refuse(number, fault: fault.description, at: clock())
            directory.board.update(number) { $0.stage = .refused }
        } catch {
            // Once the archive has it, knowledge time and staging stand until the commit is finished. Before, nothing of it
            // is needed, least of all by a full disk.
            if try !directory.holds(number) {
                directory.times.abandon()
                directory.store.removeStaging(number)
            }
            throw error
        }
        return try found(number)
    }

    /// Waits while the archive's backlog is above its bound; large deliveries wait earlier than small ones.
    ///
    /// Before sealing, so that no knowledge time stands open meanwhile. A task that is cancelled gives up here; the
    /// delivery stays 已接收.
    private func archiveAdmits(_ entries: Int, of number: UInt32) async throws {
        while try !directory.archive.backlog().admits(entries: entries) {
            directory.board.update(number) { $0.waitsForArchive = true }
            try await Task.sleep(for: .milliseconds(20))
        }
        directory.board.update(number) { $0.waitsForArchive = false }
    }

    /// Takes a committed delivery back: from `now` on no reader sees its records; earlier views keep them.
    package func withdraw(_ number: UInt32, reason: String, at now: Instant) throws -> Delivery {
        let text = reason
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw DeliveryFault(.wrongState, "撤回第 \(number) 批须说明理由", cure: "请填写撤回理由或依据的文书号")
        }
        let delivery = try found(number)
        guard delivery.state == .committed else {
            throw DeliveryFault(.wrongState, "第 \(number) 批的状态是“\(delivery.state.name)”，不能撤回", cure: "只有已入库的批次可以撤回")
        }
        try requireNewestLog()
        // A commit that is under way, a torn one too, ends first: the withdrawal is later, and seen when this returns.
        try directory.commits.withLock { _ in
            if directory.times.hasPending { try directory.finishCommits() }
            let instant = directory.times.withdrawal(at: now)
            let event = LedgerTexts.withdrawal(number, at: instant, reason: text)
            try directory.log(event, .withdrawal, of: number) { entry in
                try directory.registry.withdraw(delivery: number, at: instant, reason: text, ledger: entry)
            }
            directory.times.setWithdrawn(number, instant)
        }
        directory.census.forget()
        return try found(number)
    }

    /// Erases (清除) the records of all deliveries withdrawn up to `limit`: views of the time before the withdrawal show them no
    /// more. The kept file stays.
    ///
    /// - Returns: the deliveries erased now; `removeErased` removes what the archive has of them.
    package func erase(withdrawnUntil limit: Instant, at now: Instant) throws -> [UInt32] {
        // Asked first without the lock: mostly there are none.
        guard try !directory.registry.deliveries.due(withdrawnUntil: limit).isEmpty else { return [] }
        try requireNewestLog()
        return try directory.commits.withLock { _ in
            let numbers = try directory.registry.deliveries.due(withdrawnUntil: limit)
            guard !numbers.isEmpty else { return [] }
            // Later than what the log has before it, so that a replay finds the same order.
            try erase(numbers, at: directory.times.withdrawal(at: now))
            return numbers
        }
    }

    /// Erases these withdrawn deliveries at once: their records are over the term of their class.
    func erase(expired numbers: [UInt32], at now: Instant) throws {
        guard !numbers.isEmpty else { return }
        try requireNewestLog()
        try directory.commits.withLock { _ in try erase(numbers, at: directory.times.withdrawal(at: now)) }
    }

    /// Erases these withdrawn deliveries. The caller holds `DataDirectory.commits`.
    func erase(_ numbers: [UInt32], at now: Instant) throws {
        try directory.log(LedgerTexts.erasure(numbers, at: now), .erasure, of: nil) { entry in
            try directory.registry.deliveries.erase(numbers, at: now, ledger: entry)
        }
        for number in numbers { directory.setErased(number) }
    }

    /// Has the archive remove what was erased before and is still in it. Reads that began before the erasure may miss parts of it,
    /// so this is for some time after it.
    ///
    /// - Returns: the deliveries of which nothing is left now. What a process does not finish is begun anew by the next call.
    /// - Throws: `DeliveryFault(.diskFull)` where the rewriting has no room.
    package func removeErased(at now: Instant) throws -> [UInt32] {
        let numbers = try directory.registry.deliveries.unremoved()
        let persons = try directory.accessRegistry.erasures.unremoved()
        guard !numbers.isEmpty || !persons.isEmpty else { return [] }
        try directory.store.requireSpace(for: directory.archive.backlog().diskBytes)
        let records = persons.flatMap(\.records).map { RecordID(delivery: $0.delivery, row: $0.row) }
        try directory.archive.remove(Erased(deliveries: Set(numbers), records: Set(records)))
        try directory.accessRegistry.erasures.markRemoved(persons.map(\.number), at: now)
        // With the seeds goes the last thing that could tell what the leaves were of; the tree stays whole.
        for number in numbers { try directory.accessRegistry.rowSalts.overwrite(number, with: []) }
        try directory.registry.deliveries.markRemoved(numbers, at: now)
        return numbers
    }

    /// Merges everything into one sorted run where nothing has come in for ten minutes and reads have to look into several: the
    /// archive as it is at night, between two days' deliveries.
    ///
    /// - Returns: whether there was anything to do.
    /// - Throws: `DeliveryFault(.diskFull)` where the merging has no room.
    package func mergeWhileIdle(at now: Instant) throws -> Bool {
        let latest = directory.times.snapshot().latest ?? .distantFuture
        guard now.milliseconds - latest.milliseconds > 600_000, try directory.registry.deliveries.unfinished().isEmpty else { return false }
        let backlog = try directory.archive.backlog()
        guard backlog.isSettled, backlog.sortedRuns > Self.runsAtRest else { return false }
        try directory.store.requireSpace(for: backlog.diskBytes)
        try directory.archive.compact()
        return true
    }

    /// Sorted runs that are left as they are: merging them would rewrite much for little.
    private static let runsAtRest = 2

    private func found(_ number: UInt32) throws -> Delivery {
        guard let delivery = try directory.registry.deliveries.find(number) else {
            throw DeliveryFault(.unknownDelivery, "没有第 \(number) 批", cure: "请核对批次号")
        }
        return delivery
    }
}

extension DeliveryDesk {
    private func seal(
        _ shares: [DeliveryRun.Share], _ runs: DeliveryRuns, of delivery: Delivery, checkedOn: CivilDate, leaves: LeafFile, salts: RowSalts,
        clock: () -> Instant, onStep: (CommitStep) -> Void
    ) throws {
        let number = delivery.number
        directory.board.update(number) { $0.stage = .sorting }
        let rejections = shares.flatMap(\.rejections).sorted { $0.row < $1.row }
        let rows = shares.reduce(0) { $0 + $1.tally.rows }
        let accepted = shares.reduce(0) { $0 + $1.tally.accepted }
        let suspended = shares.reduce(0) { $0 + $1.tally.suspended }
        // The receipt's first promise: every row ended one way or the other.
        precondition(rows == accepted + rejections.count, "rows of delivery \(number) do not add up")
        // Staged files take about what the arenas hold, and are linked, not copied, into the archive.
        try directory.store.requireSpace(for: shares.reduce(0) { $0 + $1.arena.byteCount } * 2)
        let known = directory.times.begin(at: clock())
        let marker = DeliveryMarker(
            delivery: number, known: known, rows: rows, accepted: accepted, suspended: suspended,
            rejected: rejections.count, digest: delivery.digestBytes)
        let sealed = try directory.archive.seal(
            shares.map(\.arena), after: runs.written, marker: marker, staging: runs.folder, workers: workers)
        let lines = try RejectionFile.lines(rejections)
        let returned = RejectionFile.bytes(lines)
        try directory.store.writeRejections(returned, of: number, from: delivery.provider, received: delivery.received)
        let rejectionsDigest = SM3.digest(returned.span)
        var maker = LeafMaker(salts)
        try maker.addRejections(lines, to: leaves)
        leaves.sync()
        let totals = Effects.Totals(
            rows: rows, accepted: accepted, suspended: suspended, doubtful: shares.reduce(0) { $0 + $1.tally.doubtful },
            rejected: rejections.count)
        let effects = Effects(
            known: known.milliseconds, checkedOn: checkedOn.day, rejectionsDigest: rejectionsDigest.hex,
            totals: totals,
            organisations: facts(shares).map(Effects.Facts.init),
            aliases: shares.flatMap(\.roll.aliases).sorted { $0.row < $1.row }.map {
                .init(identifier: $0.identifier.description, subject: $0.subject.description, row: $0.row)
            },
            listed: Set(shares.flatMap(\.roll.listed)).map(\.description).sorted(),
            ledger: .init(
                first: Int64(directory.ledger.size),
                text: LedgerTexts.arrival(delivery, totals, rejections: rejectionsDigest.hex, known: known)))
        try directory.store.write(effects.encoded(), to: "\(runs.folder)/\(Effects.fileName)")
        onStep(.staged)
        directory.board.update(number) { $0.stage = .committing }
        try directory.commit.carryOut(sealed, delivery: number, effects: effects, onStep: onStep)
    }

    /// What is kept up with a commit, and needs no step of its own.
    private func finish(_ shares: [DeliveryRun.Share], of number: UInt32) {
        // What cannot be recorded now is recorded by the next pass; the delivery stands either way.
        try? directory.digests.keep(directory.archive)
        directory.census.add(shares.flatMap(\.roll.mentions).map(\.key))
        for share in shares { directory.subjects.add(share.carded) }
        directory.board.update(number) { progress in
            progress.stage = .done
            progress.rows = shares.reduce(0) { $0 + $1.tally.rows }
            progress.accepted = shares.reduce(0) { $0 + $1.tally.accepted }
            progress.rejected = progress.rows - progress.accepted
            progress.fraction = 1
        }
    }

    /// Statements in row order; of several mentions of one organisation, one, chosen by name so that it does not depend
    /// on which worker met it first.
    private func facts(_ shares: [DeliveryRun.Share]) -> [OrganisationFacts] {
        let statements = shares.flatMap(\.roll.statements).sorted { $0.row < $1.row }
        var mentions: [RegistryKey: OrganisationFacts] = [:]
        for mention in shares.flatMap(\.roll.mentions) {
            if let other = mentions[mention.key], other.name <= mention.name { continue }
            mentions[mention.key] = mention
        }
        return statements + mentions.values.sorted { $0.key < $1.key }
    }
}

extension Delivery {
    /// The digest as the archive's marker keeps it: 32 bytes, none where it is no digest.
    var digestBytes: [UInt8] {
        guard let digest = SM3Digest(hex: digest) else { return [] }
        return (0..<32).map { digest.bytes[$0] }
    }
}
