import Archive
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Registry

/// Delivers mutated files into a data directory of its own and holds what becomes of them against a plain reading.
struct LinesRun {
    let files: MutatedFiles
    let book: PolicyBook
    let folder: String

    private struct Finding: Error { let words: String }

    func run(_ numbers: Range<Int>) async throws {
        guard !files.sources.isEmpty else { throw Exit(65, "没有可用的资源") }
        let data = "\(folder)/data"
        if !FileManager.default.fileExists(atPath: "\(data)/layout") { try DataDirectory.initialise(data) }
        let directory = try DataDirectory.open(data)
        let desk = DeliveryDesk(directory: directory, book: book)
        for number in numbers {
            let file = files.file(number)
            try Data(file.bytes).write(to: URL(filePath: "\(folder)/current"))
            let start = Clock.uptime()
            var delivery: Delivery?
            var finding: String?
            var reread = 0
            var seconds = 0.0
            do {
                let done = try await deliver(file, number, at: desk)
                seconds = Clock.uptime() - start
                delivery = done
                reread = try check(done, file, number, in: directory)
            } catch let found as Finding { finding = found.words } catch { finding = "\(error)" }
            let done = delivery
            FileHandleOutput.standardOutput.write(
                FileReport(
                    number: number, rows: done?.rows ?? 0, accepted: done?.accepted ?? 0, rejected: done?.rejected ?? 0, reread: reread,
                    isRefused: done?.state == .refused, milliseconds: Int(seconds * 1000), finding: finding
                ).line)
        }
        try directory.close()
    }

    private func deliver(_ file: MutatedFiles.File, _ number: Int, at desk: DeliveryDesk) async throws -> Delivery {
        let request = DeliveryRequest(
            resource: file.source.resource, provider: file.source.provider, fileName: "\(number)", channel: .commandLine)
        let (delivery, _) = try desk.receive(try desk.arrive("\(folder)/current", of: request.provider, at: Clock.now()), as: request, at: Clock.now())
        return try await desk.work(on: delivery.number, clock: { Clock.now() })
    }

    /// - Returns: accepted rows that were read again.
    private func check(_ done: Delivery, _ file: MutatedFiles.File, _ number: Int, in directory: DataDirectory) throws -> Int {
        func ensure(_ condition: Bool, _ words: @autoclosure () -> String) throws { if !condition { throw Finding(words: words()) } }
        guard done.state == .committed else {
            try ensure(done.state == .refused && !(done.fault ?? "").isEmpty, "状态是 \(done.state.name)，没有理由")
            try ensure(!file.isGentle, "不该整份退回：\(done.fault ?? "")")
            return 0
        }
        try ensure(done.rows == done.accepted + done.rejected, "\(done.rows) 行，入库 \(done.accepted)，退回 \(done.rejected)")
        if let rows = file.rows { try ensure(done.rows == rows, "\(done.rows) 行，独立计数 \(rows) 行") }
        let rejections = try directory.store.rejections(of: done.number)
        try ensure(rejections.count == done.rejected, "退回 \(done.rejected) 行，明细 \(rejections.count) 行")
        let returned = Set(rejections.map(\.row))
        try ensure(returned.count == rejections.count, "有的行退回了两次")
        for rejection in rejections {
            try ensure((1...UInt32(done.rows)).contains(rejection.row) && !rejection.faults.isEmpty, "第 \(rejection.row) 行退回而没有原因")
            for fault in rejection.faults {
                let isOfRow = [.ragged, .subjectMissing].contains(fault.code)
                try ensure(isOfRow || !fault.field.isEmpty, "第 \(rejection.row) 行的原因 \(fault.code.rawValue) 没有字段")
            }
        }
        let accepted = (1...UInt32(max(1, done.rows))).filter { !returned.contains($0) }
        var chance = SplitMix(seed: files.seed, turn: -1 - number)
        let suspended = Set(try directory.archive.suspended(delivery: done.number, limit: .max).map(\.record.row))
        var reread = 0
        for _ in 0..<min(3, accepted.count) {
            let row = accepted[chance.below(accepted.count)]
            if let difference = try difference(RecordID(delivery: done.number, row: row), isSuspended: suspended.contains(row), in: directory) {
                throw Finding(words: "第 \(row) 行重读不同：\(difference)")
            }
            reread += 1
        }
        return reread
    }

    /// What differs between an accepted row of the file and the record it became; nil where nothing does.
    private func difference(_ id: RecordID, isSuspended: Bool, in directory: DataDirectory) throws -> String? {
        guard let source = try SourceReader(directory: directory, book: book).row(id) else { return "文件里没有这一行" }
        guard let subject = source.subject else { return isSuspended ? nil : "没有主体" }
        guard let record = try SubjectReader(directory: directory, book: book).record(id, of: subject, knownAt: .distantFuture) else {
            return "主体档案里没有"
        }
        for column in source.columns {
            guard let field = column.field, let index = source.resource.index(of: field.code),
                let position = source.resource.layout.position(ofField: index), position < record.values.count
            else { continue }
            if !agrees(record.values[position], column.value, field) { return "\(field.name)“\(column.value)”成了 \(record.values[position])" }
        }
        return nil
    }

    private func agrees(_ value: Layout.Value, _ cell: String, _ field: Field) -> Bool {
        let text = cell.trimming { $0.value <= 0x20 || $0 == "\u{A0}" || $0 == "\u{3000}" }
        switch (value, field.type) {
        case (.absent, .identifier): return true   // a filler stands for nothing
        case (.absent, _): return text.isEmpty
        case (.text(let stored), .text): return field.sensitivity == .sensitive || Array(stored.utf8) == Array(text.utf8)
        case (.text, _): return !text.isEmpty
        case (.date(let date), _): return text == "长期" ? date == .openEnd : CivilDate.parse(Array(text.utf8).span) == date
        case (.decimal(let number), _):
            return FixedDecimal.parse(Array(text.utf8).span, scale: number.scale, precision: 18) == .success(number)
        case (.integer(let number), _):
            return FixedDecimal.parse(Array(text.utf8).span, scale: 0, precision: 18) == FixedDecimal(units: number, scale: 0).map(Result.success)
        }
    }
}

extension String {
    /// Without the scalars of a kind at both ends.
    fileprivate func trimming(_ isBlank: (Unicode.Scalar) -> Bool) -> String {
        var scalars = Substring.UnicodeScalarView(unicodeScalars)
        while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        return String(scalars)
    }
}
