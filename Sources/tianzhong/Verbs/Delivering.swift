import Access
import ArgumentParser
import FoundationEssentials
import Glibc
import Identifiers
import Intake
import Policy
import Registry
import Simulation

struct DeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver", abstract: "报送文件：CSV、XLSX、XLS 或 JSON Lines",
        discussion: "用 --resource、--provider 报送所列文件，或用 --manifest 按清单依次报送。有退回的行时退出码为 3（清单除外）。")
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "资源编码，如 ZMD-03-0002") var resource: String?
    @Option(help: "报送单位编码，如 ZMD-SCJG") var provider: String?
    @Option(help: "演示城市的清单 manifest.json；各文件按清单所记的日期报送") var manifest: String?
    @Option(help: .init("演练：到这一步时杀死进程", visibility: .private)) var killAt: String?
    @Flag(help: .init("演练：每一步落盘后输出一行", visibility: .private)) var traceSteps = false
    @Flag(help: .init("演练：打开数据目录之前等标准输入的一行，让 strace 跟上", visibility: .private)) var waitForTracer = false
    @Argument(help: "文件") var files: [String] = []

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            let jobs = try jobs()
            if waitForTracer {
                FileHandleOutput.standardOutput.write("ready\n")
                _ = readLine()
            }
            let directory = try place.openDirectory()
            let desk = DeliveryDesk(directory: directory, book: book)
            // What an earlier process received but did not finish.
            for delivery in try directory.registry.deliveries.unfinished() {
                _ = try await desk.work(on: delivery.number, clock: { Clock.now() })
            }
            var answers: [DeliveryAnswer] = []
            var returned = false
            let start = Clock.uptime()
            var arrivals = ArrivingFiles(jobs.map { ($0.path, $0.request.provider, $0.clock()) }, at: desk)
            for (index, job) in jobs.enumerated() {
                let done = try await deliver(
                    job, from: &arrivals, at: desk, title: jobs.count > 1 ? "[\(index + 1)/\(jobs.count)] " : "")
                answers.append(DeliveryAnswer(done, book: book))
                returned = returned || done.rejected > 0 || done.state == .refused
                if !output.json, manifest == nil { print(receipt(done, book: book)) }
            }
            if output.json { try printJSON(answers) } else if manifest != nil { summarise(answers, seconds: Clock.uptime() - start) }
            try directory.close()
            if returned, manifest == nil { throw ExitCode(answers.contains { $0.state == "refused" } ? 65 : 3) }
        }
    }

    private struct Job {
        let path: String
        let request: DeliveryRequest
        /// The day a demonstration city delivers the file on; nil for now.
        var day: CivilDate?

        /// A demonstration city lives through its three years: its files arrive on their days.
        func clock() -> Instant {
            day.map { Instant(milliseconds: Instant(startOf: $0).milliseconds + 9 * 3_600_000) } ?? Clock.now()
        }
    }

    private func jobs() throws -> [Job] {
        if let manifest {
            guard FileManager.default.fileExists(atPath: manifest) else { throw Exit(66, "打不开清单 \(manifest)") }
            let list: CityManifest
            do { list = try CityManifest.read(from: manifest) } catch { throw Exit(65, "清单 \(manifest) 读不懂：\(error)") }
            let folder = manifest.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            return list.files.map { file in
                Job(
                    path: folder.isEmpty ? file.path : "\(folder)/\(file.path)",
                    request: DeliveryRequest(
                        resource: file.resource, provider: file.provider,
                        fileName: String(file.path.split(separator: "/").last ?? ""), channel: .commandLine),
                    day: CivilDate.parse(Array(file.delivered.utf8).span))
            }
        }
        guard let resource, let provider else { throw ValidationError("请给出 --resource 和 --provider，或 --manifest") }
        guard !files.isEmpty else { throw ValidationError("请给出要报送的文件") }
        return files.map { path in
            Job(
                path: path,
                request: DeliveryRequest(
                    resource: resource, provider: provider, fileName: String(path.split(separator: "/").last ?? ""),
                    channel: .commandLine))
        }
    }

    private func deliver(
        _ job: Job, from arrivals: inout ArrivingFiles, at desk: DeliveryDesk, title: String
    ) async throws -> Delivery {
        let onStep: @Sendable (CommitStep) -> Void = { [killAt, traceSteps] step in
            if traceSteps { DrillLine.step(step.rawValue).print() }
            if step.rawValue == killAt { kill(getpid(), SIGKILL) }
        }
        guard FileManager.default.isReadableFile(atPath: job.path) else { throw Exit(66, "打不开文件 \(job.path)。请检查路径和读取权限") }
        try desk.admit(job.request, on: job.clock().date)
        guard let arrived = try await arrivals.next() else { throw Exit(70, "少了文件 \(job.path)") }
        // A demonstration city's files are nobody's act.
        if manifest == nil { try desk.directory.note(.deliver, items: "\(job.request.provider) 报送 \(job.request.resource)") }
        let (delivery, isNew) = try desk.receive(arrived, as: job.request, at: job.clock(), onStep: onStep)
        if traceSteps { DrillLine.receipt(delivery.number, digest: delivery.digest).print() }
        guard isNew else { return delivery }
        let line = ProgressLine("\(title)\(job.request.fileName)", silent: output.json)
        let watch = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(200))
                guard let progress = desk.directory.board.progress(of: delivery.number) else { continue }
                line.show(done: progress.rows, unit: "行", fraction: progress.fraction)
            }
        }
        defer { watch.cancel() }
        let done = try await desk.work(on: delivery.number, clock: { job.clock() }, onStep: onStep)
        watch.cancel()
        if traceSteps { DrillLine.done(done.number, rows: done.rows, accepted: done.accepted).print() }
        if manifest != nil {
            line.finish(
                "\(title)\(job.request.fileName)：\(done.state == .refused ? "未受理：\(done.fault ?? "")" : "\(done.rows) 行，入库 \(done.accepted)，退回 \(done.rejected)")")
        }
        return done
    }

    private func receipt(_ done: Delivery, book: PolicyBook) -> String {
        var lines = ["回执　第 \(done.number) 批　\(done.state.name)　\(done.fileName)"]
        if let fault = done.fault { lines.append("  未受理：\(fault)") } else {
            lines.append("  总行 \(done.rows) = 入库 \(done.accepted)（其中疑似 \(done.suspended)、存疑 \(done.doubtful)）+ 退回 \(done.rejected)")
        }
        lines.append("  SM3 \(done.digest)")
        if done.rejected > 0 { lines.append("  退回明细：tianzhong deliveries \(done.number)") }
        return lines.joined(separator: "\n")
    }

    private func summarise(_ answers: [DeliveryAnswer], seconds: Double) {
        let rows = answers.reduce(0) { $0 + $1.rows }
        print(
            "报送 \(answers.count) 个文件，总行 \(rows) = 入库 \(answers.reduce(0) { $0 + $1.accepted })"
                + " + 退回 \(answers.reduce(0) { $0 + $1.rejected })，用时 \(Int(seconds.rounded())) 秒")
        for refused in answers where refused.state == "refused" { print("未受理：\(refused.fileName)：\(refused.fault ?? "")") }
    }
}

/// A delivery as JSON; the same members as `/api/v1/deliveries/{number}`.
struct DeliveryAnswer: Encodable {
    let number: UInt32
    let state, resource, resourceName, provider, providerName, fileName, digest, received: String
    let known, withdrawnAt, erasedAt, fault: String?
    let byteCount: Int64
    let rows, accepted, suspended, doubtful, rejected: Int

    init(_ delivery: Delivery, book: PolicyBook) {
        number = delivery.number
        state = delivery.state.rawValue
        resource = delivery.resource
        resourceName = book.versions(of: delivery.resource).last?.name ?? delivery.resource
        provider = delivery.provider
        providerName = book.body(delivery.provider)?.name ?? delivery.provider
        fileName = delivery.fileName
        digest = delivery.digest
        received = delivery.received.rfc3339
        known = delivery.known?.rfc3339
        withdrawnAt = delivery.withdrawnAt?.rfc3339
        erasedAt = delivery.erasedAt?.rfc3339
        fault = delivery.fault
        byteCount = delivery.byteCount
        rows = delivery.rows
        accepted = delivery.accepted
        suspended = delivery.suspended
        doubtful = delivery.doubtful
        rejected = delivery.rejected
    }
}

struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "列出报送批次；给出批次号时显示回执和退回明细")
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "最多列出几个批次（或几行退回）") var limit = 20
    @Argument(help: "批次号") var number: UInt32?

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            let directory = try place.openDirectory()
            if let number {
                guard let delivery = try directory.registry.deliveries.find(number) else { throw Exit(66, "没有第 \(number) 批") }
                try show(delivery, in: directory, book: book)
            } else {
                let page = try directory.registry.deliveries.list(limit: limit)
                if output.json { try printJSON(page.deliveries.map { DeliveryAnswer($0, book: book) }) } else {
                    print("共 \(page.total) 个批次")
                    for item in page.deliveries {
                        print("\(item.number)\t\(item.state.name)\t\(item.received)\t\(item.rows) 行\t退回 \(item.rejected)\t\(item.fileName)")
                    }
                }
            }
            try directory.close()
        }
    }

    private func show(_ delivery: Delivery, in directory: DataDirectory, book: PolicyBook) throws {
        let rejections = try directory.store.returned(by: delivery)
        if output.json {
            struct Answer: Encodable {
                let delivery: DeliveryAnswer
                let rejections: [Rejection]
            }
            try printJSON(Answer(delivery: DeliveryAnswer(delivery, book: book), rejections: rejections))
            return
        }
        print("第 \(delivery.number) 批　\(delivery.state.name)　\(delivery.fileName)")
        print("总行 \(delivery.rows) = 入库 \(delivery.accepted) + 退回 \(delivery.rejected)")
        if let fault = delivery.fault { print("未受理：\(fault)") }
        for cause in RejectionCause.causes(of: rejections) {
            print("  \(cause.count) 行　\(cause.name)：\(cause.message)。\(cause.cure)（如第 \(cause.firstRow) 行）")
        }
        for rejection in rejections.prefix(limit) {
            print("第 \(rejection.row) 行（文件第 \(rejection.line) 行）")
            for fault in rejection.faults { print("    \(ReturnedRows.sentence(fault))") }
        }
    }
}

struct WithdrawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "withdraw", abstract: "撤回一个已入库的批次；清除之前，较早的时点仍可查到")
    @OptionGroup var place: PlaceOptions
    @Argument(help: "批次号") var number: UInt32
    @Option(help: "理由或依据的文书号") var reason: String

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            let directory = try place.openDirectory()
            try directory.note(.withdraw, items: "第 \(number) 批：\(reason)")
            _ = try DeliveryDesk(directory: directory, book: book).withdraw(number, reason: reason, at: Clock.now())
            try directory.close()
            print("第 \(number) 批已撤回")
        }
    }
}
