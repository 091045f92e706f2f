import Archive
import Identifiers
import Intake
import Policy
import Registry

/// What the subject pages ask of the platform.
struct SubjectSources: Sendable {
    let reader: SubjectReader
    let registry: Registry
    let times: DeliveryTimesTable.Snapshot

    var words: RecordWords { RecordWords(book: reader.book) }

    /// Name of the body that delivered; `known` remembers those asked before.
    func provider(_ delivery: UInt32, _ known: inout [UInt32: String]) throws -> String {
        if let name = known[delivery] { return name }
        let code = try registry.deliveries.find(delivery)?.provider ?? "–"
        let name = reader.book.body(code)?.name ?? code
        known[delivery] = name
        return name
    }

    /// 数据截止: the newest delivery known at a time. Only what was known then is looked at, so that the answer never changes.
    func cutoff(at knownAt: Instant) throws -> String {
        let last = try registry.deliveries.list(limit: 1).deliveries.first?.number ?? 0
        var best: (Instant, UInt32)?
        for number in 0..<last {
            guard let known = times.known(number + 1), known <= knownAt else { continue }
            if best.map({ $0.0 < known }) ?? true { best = (known, number + 1) }
        }
        return best.map { "\($0.0)（第 \($0.1) 批）" } ?? "尚无数据"
    }
}

/// The clocks a query asks for, and how links keep them.
struct ClockQuery: Sendable {
    let clocks: Clocks
    /// `asOf=…&knownAt=…&`, or nothing for the present.
    let suffix: String

    init(_ query: FormFields, now: Instant) throws(Problem) {
        var asOf = now.date
        var knownAt = now
        var parts = ""
        if let text = query.text("asOf") {
            let bytes = Array(text.utf8)
            guard let date = CivilDate.parse(bytes.span) else { throw Self.fault("asOf", "截至日期“\(text)”不是日期") }
            asOf = date
            parts += "asOf=\(date)&"
        }
        if let text = query.text("knownAt") {
            guard let instant = Instant.parse(text) else { throw Self.fault("knownAt", "获知时点“\(text)”不是时间") }
            knownAt = instant
            parts += "knownAt=\(PercentCoding.encode(instant.rfc3339))&"
        }
        clocks = Clocks(asOf: asOf, knownAt: knownAt)
        suffix = parts
    }

    private static func fault(_ name: String, _ message: String) -> Problem {
        .badRequest(
            "bad-clock", "时点写法有误", message + "。", cure: "日期请写成 2026-01-31，时间请写成 2026-01-31 18:00:00。", inputs: [.init(name: name, message: message)])
    }
}

extension SubjectPage {
    static let size = 50
    static let previewSize = 5

    /// - Parameter mayOpenStaff: the reader of a public page may go on to the staff's view.
    init(
        _ view: CreditFileView, from sources: SubjectSources, clocks query: ClockQuery, tab: FileSection?, page: Int,
        mayOpenStaff: Bool = false, shell: Shell
    ) throws {
        let isStaff = view.audience == .all
        let subject = view.file.subject
        let path = "\(isStaff ? "/staff" : "")/subjects/\(subject.key)"
        let organisation = OrganisationWords(book: sources.reader.book)
        self.isStaff = isStaff
        self.shell = shell
        name = subject.name.isEmpty ? subject.identifier : subject.name
        kind = subject.kind.name
        status = subject.organisation.flatMap(organisation.status)
        facts = Self.facts(subject, organisation, sources.reader.book, view.audience)
        notice = isStaff ? nil : Notice(tone: "info", title: "只列公开信息。", text: "目录中标明“公开”的资源在此列出；其余信息依法查询。")
        clocks = ClockForm(
            action: path, asOf: "\(query.clocks.asOf)", knownAtInput: "\(query.clocks.knownAt)", knownAt: "\(query.clocks.knownAt)",
            cutoff: try sources.cutoff(at: query.clocks.knownAt), tab: tab?.rawValue, nowHref: query.suffix.isEmpty ? nil : path)
        tabs =
            [Tab(label: "概览", count: "\(view.records.count)", href: "\(path)?\(query.suffix)", current: tab == nil ? "page" : nil)]
            + FileSection.allCases.map { section in
                Tab(
                    label: section.title, count: "\(view.records(in: section).count)",
                    href: "\(path)?\(query.suffix)tab=\(section.rawValue)", current: section == tab ? "page" : nil)
            }
        var providers: [UInt32: String] = [:]
        if let tab {
            let records = view.records(in: tab)
            let pager = Pager(page: page, size: Self.size, count: records.count, unit: "条") {
                "\(path)?\(query.suffix)tab=\(tab.rawValue)&page=\($0)"
            }
            let shown = records.dropFirst((pager.here - 1) * Self.size).prefix(Self.size)
            sections = [
                try Section(tab, total: records.count, shown: shown, more: nil, view: view, sources: sources, providers: &providers)
            ]
            self.pager = pager
        } else {
            var sections: [Section] = []
            for section in FileSection.allCases {
                let records = view.records(in: section)
                let more =
                    records.count > Self.previewSize
                    ? Link(label: "查看全部 \(Figures.grouped(records.count)) 条", href: "\(path)?\(query.suffix)tab=\(section.rawValue)") : nil
                sections.append(
                    try Section(
                        section, total: records.count, shown: records.prefix(Self.previewSize), more: more, view: view, sources: sources,
                        providers: &providers))
            }
            self.sections = sections
            pager = nil
        }
        otherView =
            isStaff
            ? (subject.kind == .organisation ? Link(label: "公众看到的档案", href: "/subjects/\(subject.key)?\(query.suffix)") : nil)
            : (mayOpenStaff ? Link(label: "业务档案（全部记录）", href: "/staff/subjects/\(subject.key)?\(query.suffix)") : nil)
    }

    private static func facts(
        _ subject: SubjectSummary, _ words: OrganisationWords, _ book: PolicyBook, _ audience: Audience
    ) -> [Fact] {
        guard let organisation = subject.organisation else { return [Fact(subject.identifierKind.name, subject.identifier)] }
        var facts: [Fact] = []
        func add(_ name: String, _ value: String?) { if let value, !value.isEmpty { facts.append(Fact(name, value)) } }
        add(IdentifierKind.unifiedSocialCreditCode.name, organisation.uscc)
        add(IdentifierKind.registrationNumber.name, organisation.registrationNumber)
        add(IdentifierKind.organisationCode.name, organisation.organisationCode)
        if facts.isEmpty { add(subject.identifierKind.name, subject.identifier) }
        add("县区", organisation.region.map { book.region($0)?.name ?? $0 })
        add("成立日期", organisation.established?.description)
        let mayName = book.resources.contains { resource in
            resource.registers && resource.fields.contains { $0.role == .legalRepresentative && audience.admits($0) }
        }
        if mayName { add("法定代表人", organisation.legalRepresentative) }
        add("曾用名", subject.names.filter { !$0.isCurrent }.map(\.name).joined(separator: "、"))
        if !organisation.registered { add("登记信息", "未见，仅由其他部门的记录提到") }
        return facts
    }
}

extension SubjectPage.Section {
    init(
        _ section: FileSection, total: Int, shown: ArraySlice<CreditRecord>, more: Link?, view: CreditFileView, sources: SubjectSources,
        providers: inout [UInt32: String]
    ) throws {
        var rows: [SubjectPage.Row] = []
        for record in shown { rows.append(try SubjectPage.Row(record, view: view, sources: sources, providers: &providers)) }
        self.init(
            id: section.rawValue, title: section.title, count: Figures.grouped(total), isEmpty: rows.isEmpty, rows: rows, more: more)
    }
}

extension SubjectPage.Row {
    init(
        _ record: CreditRecord, view: CreditFileView, sources: SubjectSources, providers: inout [UInt32: String]
    ) throws {
        let words = sources.words
        let paths = RecordPaths(record.id, of: view.file.subject.key, audience: view.audience)
        var marks: [Tag] = []
        if record.entry.kind == .correction { marks.append(Tag("已更正", .warn)) }
        if record.entry.doubtful, view.audience == .all { marks.append(Tag("疑问", .warn)) }
        self.init(
            resource: record.resource.name, parts: words.summary(record.resource, record.values, view.audience),
            provider: try sources.provider(record.delivery, &providers), date: record.entry.effective?.description ?? "–",
            document: words.document(record.resource, record.values, view.audience), recordID: "\(record.id)", recordHref: paths.record,
            sourceHref: paths.source, marks: marks,
            lineage: try SubjectPage.Lineage(record, subject: view.file.subject.key, audience: view.audience, sources: sources))
    }
}

/// Where a record's pages are.
struct RecordPaths: Sendable {
    let record: String
    let source: String

    /// The subject goes along, since the archive finds a record by it; it is a keyed hash and says nothing of anybody.
    init(_ id: RecordID, of subject: SubjectKey, audience: Audience) {
        switch audience {
        case .open:
            record = "/records/\(id)?subject=\(subject)"
            source = record + "#provenance"
        case .all:
            record = "/staff/records/\(id)?subject=\(subject)"
            source = "/staff/records/\(id)/source"
        }
    }
}

extension SubjectPage.Lineage {
    /// Nil where nothing was superseded or repeated, and for the public, to whom only what stands is shown.
    init?(_ record: CreditRecord, subject: SubjectKey, audience: Audience, sources: SubjectSources) throws {
        guard audience == .all, !record.superseded.isEmpty || record.repeats > 0 else { return nil }
        var parts: [String] = []
        if !record.superseded.isEmpty { parts.append("\(record.superseded.count) 个较早版本") }
        if record.repeats > 0 { parts.append("重复报送 \(record.repeats) 次") }
        title = "沿革（\(parts.joined(separator: "，"))）"
        versions = try record.superseded.map { entry in
            let text = try sources.reader.values(entry).map { resource, values in
                sources.words.summary(resource, values, audience).map { "\($0.name)：\($0.value)" }.joined(separator: "；")
            }
            return SubjectPage.Version(
                recordID: "\(entry.record)", href: RecordPaths(entry.record, of: subject, audience: audience).record,
                known: sources.times.known(entry.record.delivery)?.description ?? "–", text: text ?? "")
        }
    }
}
