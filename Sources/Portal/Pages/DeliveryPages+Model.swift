import Access
import Identifiers
import Intake
import Policy
import Registry

extension Tag {
    init(_ state: DeliveryState) {
        switch state {
        case .received: self.init("处理中", .busy)
        case .committed: self.init(state.name, .good)
        case .refused: self.init(state.name, .bad)
        case .withdrawn: self.init(state.name, .plain)
        }
    }
}

/// Names of what deliveries refer to by code.
struct DeliveryWords: Sendable {
    let book: PolicyBook

    /// Name of a resource of any version; the code where the book no longer has it.
    func resource(_ code: String) -> String { book.versions(of: code).last?.name ?? code }

    /// Name of a body; the code where the book no longer has it.
    func provider(_ code: String) -> String { book.body(code)?.name ?? code }

    func line(_ delivery: Delivery) -> DeliveryLine {
        let decided = delivery.state == .committed || delivery.state == .withdrawn
        func figure(_ value: Int) -> String { decided ? Figures.grouped(value) : "–" }
        let path = "/staff/deliveries/\(delivery.number)"
        return DeliveryLine(
            number: "\(delivery.number)", href: path, resource: resource(delivery.resource), provider: provider(delivery.provider),
            fileName: delivery.fileName, received: "\(delivery.received)", state: Tag(delivery.state), rows: figure(delivery.rows),
            accepted: figure(delivery.accepted), rejected: figure(delivery.rejected),
            rejectionsHref: decided && delivery.rejected > 0 ? "\(path)/rejections" : nil)
    }
}

extension DeliveriesPage {
    static let size = 20

    /// The filter a query asks for; unknown words filter nothing.
    static func filter(_ query: FormFields) -> DeliveryFilter {
        DeliveryFilter(
            provider: query.text("provider"), resource: query.text("resource"),
            state: query.text("state").flatMap(DeliveryState.init(rawValue:)))
    }

    init(_ page: DeliveryPage, query: FormFields, words: DeliveryWords, coverage: [DeliveryCoverage], shell: Shell) {
        let filter = Self.filter(query)
        self.shell = shell
        let senders = Set(coverage.map(\.provider)).union(filter.provider.map { [$0] } ?? [])
        providers =
            [Choice(value: "", label: "全部单位", selected: filter.provider == nil)]
            + words.book.organisations.filter { senders.contains($0.code) }.map {
                Choice(value: $0.code, label: $0.name, selected: $0.code == filter.provider)
            }
        let sent = Set(coverage.map(\.resource)).union(filter.resource.map { [$0] } ?? [])
        resources =
            [Choice(value: "", label: "全部资源", selected: filter.resource == nil)]
            + sent.sorted().map { Choice(value: $0, label: words.resource($0), selected: $0 == filter.resource) }
        states =
            [Choice(value: "", label: "全部状态", selected: filter.state == nil)]
            + DeliveryState.allCases.map { Choice(value: $0.rawValue, label: Tag($0).word, selected: $0 == filter.state) }
        isFiltered = filter != DeliveryFilter()
        lines = page.deliveries.map(words.line)
        isEmpty = page.deliveries.isEmpty
        let kept = ["provider", "resource", "state"].compactMap { name in
            query.text(name).map { "\(name)=\(PercentCoding.encode($0))&" }
        }.joined()
        pager = Pager(page: query.page(), size: Self.size, count: page.total, unit: "批") { "/staff/deliveries?\(kept)page=\($0)" }
    }
}

extension NewDeliveryPage {
    /// What the reader chose, and what is wrong with it.
    struct Attempt: Sendable {
        var resource: String?
        var provider: String?
        var resourceError: String?
        var providerError: String?
        var fileError: String?
    }

    /// - Parameter reach: for which bodies the reader may deliver.
    init(book: PolicyBook, on today: CivilDate, reach: Reach, attempt: Attempt, limit: Int64, token: String, shell: Shell) {
        self.shell = shell
        self.token = token
        let links = [("#resource", attempt.resourceError), ("#provider", attempt.providerError), ("#file", attempt.fileError)].compactMap {
            href, message in message.map { Link(label: $0, href: href) }
        }
        errors = links.isEmpty ? nil : ErrorSummary(links: links)
        let catalogue = book.catalogue(on: today)
        resources = book.classes.compactMap { basic in
            let members = catalogue.filter { $0.basicClass == basic.number }
            guard !members.isEmpty else { return nil }
            return ChoiceGroup(
                label: "\(basic.code) \(basic.name)",
                choices: members.map { Choice(value: $0.code, label: "\($0.name)（\($0.code)）", selected: $0.code == attempt.resource) })
        }
        providers = PublicBodyKind.allCases.compactMap { kind in
            let members = book.organisations.filter { $0.kind == kind && reach.opens(deliveryOf: $0.code) }
            guard !members.isEmpty else { return nil }
            return ChoiceGroup(
                label: kind.name, choices: members.map { Choice(value: $0.code, label: $0.name, selected: $0.code == attempt.provider) })
        }
        resourceError = attempt.resourceError
        providerError = attempt.providerError
        fileError = attempt.fileError
        self.limit = Figures.bytes(limit)
    }
}

extension ReceiptPage {
    /// - Parameter isRepeat: the reader has just sent bytes that were here already.
    init(_ delivery: Delivery, words: DeliveryWords, isRepeat: Bool, token: String?, shell: Shell) {
        let path = "/staff/deliveries/\(delivery.number)"
        self.shell = shell
        number = "\(delivery.number)"
        state = Tag(delivery.state)
        notice = Self.notice(delivery, isRepeat: isRepeat)
        let decided = delivery.state == .committed || delivery.state == .withdrawn
        figures = decided ? Totals(delivery.totals) : nil
        facts = Self.facts(delivery, words: words)
        rejections =
            decided && delivery.rejected > 0
            ? RejectionLinks(
                count: Figures.grouped(delivery.rejected), href: "\(path)/rejections", csv: "\(path)/rejected.csv",
                xlsx: "\(path)/rejected.xlsx") : nil
        withdrawal = delivery.state == .committed ? token.map { WithdrawalForm(action: "\(path)/withdrawal", token: $0) } : nil
        proofHref = delivery.known == nil ? nil : "\(path)/proof"
    }

    private static func notice(_ delivery: Delivery, isRepeat: Bool) -> Notice? {
        switch delivery.state {
        case .refused: Notice(tone: "bad", title: "整个文件未受理，没有任何一行入库", text: delivery.fault ?? "文件无法读取。")
        case .withdrawn:
            Notice(
                tone: "warn", title: "本批已撤回",
                text: "撤回时间 \(delivery.withdrawnAt.map(\.description) ?? "–")；理由：\(delivery.withdrawalReason ?? "–")"
                    + (delivery.erasedAt.map { "。记录已于 \($0) 清除，较早时点的视图也不再含有" } ?? ""))
        case .received: Notice(tone: "info", title: "正在处理", text: "文件已收到，行还在校验。")
        case .committed:
            isRepeat ? Notice(tone: "info", title: "同一文件以前已经报送", text: "这是原来的回执，没有重复入库。") : nil
        }
    }

    private static func facts(_ delivery: Delivery, words: DeliveryWords) -> [Fact] {
        [
            Fact("资源", words.resource(delivery.resource), href: "/catalogue/\(delivery.resource)"),
            Fact("资源版本", "第 \(delivery.resourceVersion) 版"), Fact("报送单位", words.provider(delivery.provider)),
            Fact("文件", delivery.fileName), Fact("大小", Figures.bytes(delivery.byteCount)), Fact("收到时间", "\(delivery.received)"),
            Fact("获知时间", delivery.known.map(\.description) ?? "–"), Fact("方式", delivery.channel.name),
            Fact("提交人", delivery.submitter ?? "–"), Fact("文件摘要（SM3）", delivery.digest),
        ]
    }
}

extension ReceiptPage.Totals {
    init(_ totals: DeliveryTotals) {
        let share = Figures.share(totals.accepted, of: totals.rows)
        self.init(
            rows: Figures.grouped(totals.rows), accepted: Figures.grouped(totals.accepted), rejected: Figures.grouped(totals.rejected),
            suspended: Figures.grouped(totals.suspended), doubtful: Figures.grouped(totals.doubtful),
            unchanged: totals.unchanged.map { "入库中 与已有完全相同 \(Figures.grouped($0)) 行（不改变任何内容）" },
            acceptedShare: share.hasSuffix("%") ? String(share.dropLast()) : "0")
    }
}

/// The steps of the work as the progress page lists them.
struct WorkProgress: Sendable {
    let progress: Progress
    /// When the file arrived, and now: for the time that is left.
    let since: Instant
    let now: Instant

    /// Stages that pass; the ends are not among them.
    static let stages = Stage.allCases.filter { $0 != .done && $0 != .refused }

    /// 0…100
    var percent: Int { min(100, max(0, Int(progress.fraction * 100))) }

    var total: String {
        guard progress.fraction > 0 else { return "–" }
        return progress.fraction >= 1 ? Figures.grouped(progress.rows) : "约 \(Figures.grouped(Int(Double(progress.rows) / progress.fraction)))"
    }

    var remaining: String {
        let spent = Double(now.milliseconds - since.milliseconds) / 1000
        guard progress.fraction > 0.01, spent > 0 else { return "计算中" }
        guard progress.fraction < 1 else { return "即将完成" }
        return "约 \(Figures.span(seconds: Int((spent * (1 - progress.fraction) / progress.fraction).rounded(.up))))"
    }

    var steps: [ProgressPage.Stage] {
        let here = Self.stages.firstIndex(of: progress.stage) ?? Self.stages.count
        return Self.stages.enumerated().map { index, stage in
            let (state, shape, tone) = index < here ? ("已完成", "●", "done") : index == here ? ("进行中", "◐", "now") : ("等待", "○", "later")
            return ProgressPage.Stage(id: stage.rawValue, label: stage.rawValue, state: state, shape: shape, tone: tone)
        }
    }

    /// What the event stream sends, read by `progress.js`.
    struct Snapshot: Encodable, Sendable {
        var stage: String
        var done: String
        var total: String
        var percent: Int
        var remaining: String
        var accepted: Int
        var rejected: Int
    }

    var snapshot: Snapshot {
        Snapshot(
            stage: progress.stage.rawValue, done: Figures.grouped(progress.rows), total: total, percent: percent, remaining: remaining,
            accepted: progress.accepted, rejected: progress.rejected)
    }
}

extension ProgressPage {
    init(_ delivery: Delivery, work: WorkProgress, words: DeliveryWords, shell: Shell) {
        let path = "/staff/deliveries/\(delivery.number)"
        self.init(
            shell: shell, number: "\(delivery.number)", fileName: delivery.fileName, resource: words.resource(delivery.resource),
            stages: work.steps, done: Figures.grouped(work.progress.rows), total: work.total, percent: "\(work.percent)",
            remaining: work.remaining, events: "\(path)/progress", receipt: path)
        self.shell.refresh = Refresh(seconds: 2, href: path)
        self.shell.scripts = ["progress.js"]
    }
}

extension RejectionsPage {
    static let size = 20

    /// - Parameter cause: `code.field`, as the causes' links carry it.
    init(_ delivery: Delivery, rejections: [Rejection], cause: String?, page: Int, shell: Shell) {
        let path = "/staff/deliveries/\(delivery.number)"
        let found = RejectionCause.causes(of: rejections)
        let here = cause.flatMap { wanted in found.first { Self.key($0) == wanted } }
        let shown = rejections.filter { rejection in
            here.map { cause in rejection.faults.contains { $0.code == cause.code && $0.field == cause.field } } ?? true
        }
        self.shell = shell
        number = "\(delivery.number)"
        summary =
            "总行 \(Figures.grouped(delivery.rows)) = 入库 \(Figures.grouped(delivery.accepted)) + 退回 \(Figures.grouped(delivery.rejected))。一行可有几个原因。"
        causes = found.map { item in
            Cause(
                message: item.message, field: item.name.isEmpty ? "整行" : item.name, count: Figures.grouped(item.count), cure: item.cure,
                href: "\(path)/rejections?cause=\(PercentCoding.encode(Self.key(item)))",
                current: here.map { Self.key($0) == Self.key(item) } == true ? "true" : nil)
        }
        chosen = here.map { "\($0.name) \($0.message)" }
        allHref = "\(path)/rejections"
        let suffix = here.map { "cause=\(PercentCoding.encode(Self.key($0)))&" } ?? ""
        pager = Pager(page: page, size: Self.size, count: shown.count, unit: "行") { "\(path)/rejections?\(suffix)page=\($0)" }
        rows = shown.dropFirst((pager.here - 1) * Self.size).prefix(Self.size).map { rejection in
            Row(
                row: "\(rejection.row)", line: "\(rejection.line)",
                faults: rejection.faults.map {
                    Fault(
                        field: $0.name.isEmpty ? "整行" : $0.name, value: $0.value.isEmpty ? nil : $0.value, message: $0.message, cure: $0.cure)
                })
        }
        isEmpty = rows.isEmpty
        csv = "\(path)/rejected.csv"
        xlsx = "\(path)/rejected.xlsx"
        receiptHref = path
    }

    private static func key(_ cause: RejectionCause) -> String { "\(cause.code.rawValue).\(cause.field)" }
}
