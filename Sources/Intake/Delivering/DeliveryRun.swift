internal import Archive
internal import FoundationEssentials
internal import Identifiers
internal import Ledger
internal import Policy
internal import Registry
internal import Synchronization
internal import Tables

/// The work on one delivery: decode, check, resolve, seal.
///
/// The workers take turns at the reader and check their batches side by side; decoding is sequential, everything after it
/// is not. What they found is put together by row number, so that the result does not depend on who did what.
struct DeliveryRun: Sendable {
    let directory: DataDirectory
    let book: PolicyBook
    let delivery: Delivery
    let resource: Resource
    let workers: Int
    let runs: DeliveryRuns
    let salts: RowSalts
    let leaves: LeafFile
    /// Gives the rows in the place of the kept file; see `DeliveryDesk.work`.
    let reading: DeliveryDesk.Reading?

    static let rowsPerBatch = 2048

    /// What a worker brings back.
    struct Share: Sendable {
        let arena: EntryArena
        let tally: RowChecker.Tally
        let rejections: [Rejection]
        let roll: SubjectRoll
        /// Subjects for whom it wrote a card.
        let carded: KeySet
    }

    /// Reads and checks every row.
    ///
    /// - Throws: `DeliveryFault` where the file as a whole cannot be taken (`unreadable`, `header`, `noRows`).
    func check(on today: CivilDate) async throws -> [Share] {
        let (store, delivery) = (directory.store, delivery)
        let table = try OpenedTable(fileName: delivery.fileName, resource: resource) { () throws(TableFault) in
            if let reading { return try reading() }
            return try store.table(of: delivery)
        }
        let source = table.source
        let registered = try registeredOrganisations()
        try directory.subjects.load()
        let shares = try await withThrowingTaskGroup(of: Share.self) { group in
            for _ in 0..<workers {
                let plan = table.plan(resource, book: book, today: today)
                group.addTask { try await work(on: source, plan: plan, registered: registered) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        guard shares.contains(where: { $0.tally.rows > 0 }) else {
            throw DeliveryFault(.noRows, "文件“\(delivery.fileName)”只有表头，没有数据行", cure: "没有数据要报时，请按零报告处理")
        }
        return shares
    }

    private func work(on source: RowSource, plan: CheckPlan, registered: Set<RegistryKey>) async throws -> Share {
        var checker = RowChecker(
            plan: plan, delivery: delivery.number, keys: directory.subjectKeys(),
            roll: SubjectRoll(registered: registered), targets: targets(), leaves: LeafMaker(salts))
        while true {
            let portion: RowSource.Portion?
            do { portion = try source.next() } catch let fault as TableFault {
                throw DeliveryFault(fault, fileName: delivery.fileName)
            }
            guard let portion else { break }
            let before = checker.tally
            try checker.check(portion.batch, from: portion.firstRow, numbers: portion.numbers)
            try checker.writeLeaves(to: leaves, upTo: (portion.numbers.last { $0 > 0 } ?? 0) + 1)
            try checker.writeCards(missingIn: directory.subjects)
            if before.rows == 0 { checker.expect(rows: source.expectedRows(like: portion.batch) / workers, limit: runs.byteLimit) }
            let rows = checker.tally.rows - before.rows
            let accepted = checker.tally.accepted - before.accepted
            directory.board.update(delivery.number) { progress in
                progress.stage = .decoding
                progress.rows += rows
                progress.accepted += accepted
                progress.rejected += rows - accepted
                progress.fraction = portion.fraction
            }
            try runs.spill(&checker)
            // Pages are served by the same threads: let them in between batches.
            await Task.yield()
        }
        return Share(
            arena: checker.arena, tally: checker.tally, rejections: checker.rejections, roll: checker.roll,
            carded: checker.carded)
    }

    /// Organisations that need not be mentioned again.
    private func registeredOrganisations() throws -> Set<RegistryKey> {
        guard resource.subject != .person, !resource.registers else { return [] }
        return try directory.census.keys(of: directory.registry)
    }

    private func targets() -> TargetLookup {
        let registry = directory.registry
        let times = directory.times.snapshot()
        return TargetLookup(
            archive: directory.archive, registry: registry, provider: delivery.provider, resource: resource.number,
            providerOf: { number in
                guard let found = try? registry.deliveries.find(number), found.state == .committed else { return nil }
                return found.provider
            }, isErased: { times.isErased($0) })
    }
}

/// The rows of a file, handed out batch by batch to whoever asks next.
final class RowSource: Sendable {
    /// Some rows with their data row numbers.
    struct Portion: Sendable {
        let batch: RowBatch
        let firstRow: Int
        /// Number of each row of the batch; 0 for a row that is wholly blank and so is none.
        let numbers: [UInt32]
        /// Part of the file read so far.
        let fraction: Double
    }

    private struct State {
        var reader: any TableReader
        var first: RowBatch?
        var headerRow: Int
        var lastNumber: UInt32 = 0
    }

    private let state: Mutex<State>

    init(reader: sending any TableReader, first: RowBatch, headerRow: Int) {
        state = Mutex(State(reader: reader, first: first, headerRow: headerRow))
    }

    /// The next rows, or nil at the end; throws the reader's fault.
    func next() throws -> Portion? {
        try state.withLock { state in
            var start = 0
            let batch: RowBatch
            if let first = state.first {
                batch = first
                start = state.headerRow + 1
                state.first = nil
            } else if let more = try state.reader.next(maximumRows: DeliveryRun.rowsPerBatch) {
                batch = more
            } else {
                return nil
            }
            var numbers = [UInt32](repeating: 0, count: batch.rows.count)
            for row in start..<max(start, batch.rows.count) where !Self.isBlank(batch, row) {
                state.lastNumber += 1
                numbers[row] = state.lastNumber
            }
            let size = state.reader.byteCount
            return Portion(
                batch: batch, firstRow: start, numbers: numbers,
                fraction: size > 0 ? min(1, Double(state.reader.bytesRead) / Double(size)) : 0)
        }
    }

    /// How many rows the file has if all are as long as these; too few where it is compressed.
    func expectedRows(like batch: RowBatch) -> Int {
        let size = state.withLock { Int($0.reader.byteCount) }
        return size / max(1, batch.bytes.count / max(1, batch.rows.count))
    }

    private static func isBlank(_ batch: RowBatch, _ row: Int) -> Bool {
        let cells = batch.rows[row]
        for index in 0..<Int(cells.cellCount) where batch.cells[Int(cells.firstCell) + index].length > 0 { return false }
        return true
    }
}
