import Archive
import Identifiers
import Intake
import Policy
import Registry

/// What the subject pages ask of the platform.
struct SubjectSources: Sendable {
    let reader: SubjectReader
    let times: DeliveryTimesTable.Snapshot

    var words: RecordWords { RecordWords(book: reader.book) }

    /// Name of the body that delivered.
    func provider(_ delivery: UInt32) -> String {
        times.provider(delivery).map { reader.book.body($0)?.name ?? $0 } ?? "–"
    }

    /// 数据截止 as pages say it, and what the view no longer has.
    static func words(_ file: SubjectFile) -> String {
        let cutoff = file.cutoff.map { "\($0.known)（第 \($0.delivery) 批）" } ?? "尚无数据"
        guard !file.erased.isEmpty else { return cutoff }
        return "\(cutoff)；第 \(file.erased.map(String.init).joined(separator: "、")) 批后来撤回，记录已清除，不在本视图中"
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
        _ view: CreditFileView, from sources: SubjectSources, clocks query: ClockQuery, filter: RecordFilter, page: Int,
        mayOpenStaff: Bool = false, shell: Shell
    ) throws {
        let isStaff = view.audience.isOfficial
        let subject = view.file.subject
        let path = view.audience == .own ? view.audience.base : "\(view.audience.base)/subjects/\(subject.key)"
        let organisation = OrganisationWords(book: sources.reader.book)
        let isList = filter != RecordFilter()
        self.isStaff = isStaff
        self.shell = shell
        name = subject.name.isEmpty ? subject.identifier : subject.name
        kind = subject.kind.name
        status = subject.organisation.flatMap(organisation.status)
        facts = Self.facts(subject, organisation, sources.reader.book, view.audience)
        notice = isStaff ? nil : Notice(tone: "info", title: "只列公开信息。", text: "目录中标明“公开”的资源在此列出；其余信息依法查询。")
        clocks = ClockForm(
            action: path, asOf: "\(query.clocks.asOf)", knownAtInput: "\(query.clocks.knownAt)", knownAt: "\(query.clocks.knownAt)",
            cutoff: SubjectSources.words(view.file), kept: filter.inputs, nowHref: query.suffix.isEmpty ? nil : path)
        tabs =
            [Tab(label: "概览", count: Figures.grouped(view.count), href: "\(path)?\(query.suffix)", current: isList ? nil : "page")]
            + FileSection.allCases.map { section in
                Tab(
                    label: section.title, count: Figures.grouped(view.count(in: section)),
                    href: "\(path)?\(query.suffix)tab=\(section.rawValue)", current: section == filter.section ? "page" : nil)
            }
        let standing = view.standing
        resources = isList ? Self.resources(standing, filter, path: path, query.suffix) : nil
        figures = isList ? nil : Self.figures(standing, view.audience)
        if isList {
            let lines = view.lines(filter)
            let pager = Pager(page: page, size: Self.size, count: lines.count, unit: "条") {
                "\(path)?\(query.suffix)\(filter.suffix)page=\($0)"
            }
            let shown = lines.dropFirst((pager.here - 1) * Self.size).prefix(Self.size)
            sections = [
                try Section(
                    id: filter.section?.rawValue ?? "records", title: filter.title(standing, sources.reader.book), total: lines.count,
                    shown: shown, more: nil, view: view, sources: sources)
            ]
            self.pager = pager
        } else {
            sections = try FileSection.allCases.map { section in
                let lines = view.lines(RecordFilter(section: section))
                let more =
                    lines.count > Self.previewSize
                    ? Link(label: "查看全部 \(Figures.grouped(lines.count)) 条", href: "\(path)?\(query.suffix)tab=\(section.rawValue)") : nil
                return try Section(
                    id: section.rawValue, title: section.title, total: lines.count, shown: lines.prefix(Self.previewSize), more: more,
                    view: view, sources: sources)
            }
            pager = nil
        }
        otherView =
            isStaff
            ? (subject.kind == .organisation ? Link(label: "公众看到的档案", href: "/subjects/\(subject.key)?\(query.suffix)") : nil)
            : (mayOpenStaff ? Link(label: "业务档案（全部记录）", href: "/staff/subjects/\(subject.key)?\(query.suffix)") : nil)
    }

    /// The resources of the section that is open, each a list of its own.
    private static func resources(_ standing: Standing, _ filter: RecordFilter, path: String, _ clocks: String) -> Choices? {
        let choices = standing.resources.filter { choice in
            filter.section.map { FileSection(basicClass: choice.basicClass) == $0 } ?? true
        }
        guard choices.count > 1 || filter.resource != nil else { return nil }
        return Choices(
            links: choices.map { choice in
                var one = filter
                let isHere = filter.resource == choice.code
                one.resource = isHere ? nil : choice.code
                // Pressed again, the one that is chosen leads back to its section.
                if isHere, one == RecordFilter() { one.section = FileSection(basicClass: choice.basicClass) }
                return Tab(
                    label: choice.name, count: Figures.grouped(choice.count.records), href: "\(path)?\(clocks)\(one.suffix)",
                    current: isHere ? "true" : nil)
            })
    }

    /// The standing in a line of figures; the sections below open them.
    private static func figures(_ standing: Standing, _ audience: Audience) -> Summary? {
        let total = standing.total
        guard total.records > 0 else { return nil }
        var figures = [
            Fact("现行记录", "\(Figures.grouped(total.records)) 条"), Fact("信息资源", "\(standing.resources.count) 项"),
            Fact("来源", "\(standing.providers) 个单位、\(Figures.grouped(standing.deliveries)) 个批次"),
        ]
        if let first = total.first, let latest = total.latest {
            figures.append(Fact("生效日期", first == latest ? "\(first)" : "\(first) 至 \(latest)"))
        }
        guard audience.isOfficial else { return Summary(facts: figures) }
        if total.superseded > 0 { figures.append(Fact("较早版本", "\(Figures.grouped(total.superseded)) 个")) }
        if total.repeats > 0 { figures.append(Fact("重复报送", "\(Figures.grouped(total.repeats)) 次")) }
        if total.doubtful > 0 { figures.append(Fact("疑问", "\(Figures.grouped(total.doubtful)) 条")) }
        return Summary(facts: figures)
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

extension RecordFilter {
    /// Of a page's query: `tab`, `resource`, `class`.
    init(page query: FormFields) {
        self.init(
            section: query.text("tab").flatMap(FileSection.init(rawValue:)), resource: query.text("resource"),
            basicClass: query.text("class").flatMap(Int.init))
    }

    /// Names and values in a page's address.
    var inputs: [Fact] {
        [section.map { Fact("tab", $0.rawValue) }, resource.map { Fact("resource", $0) }, basicClass.map { Fact("class", "\($0)") }]
            .compactMap(\.self)
    }

    /// `tab=…&resource=…&`, or nothing.
    var suffix: String { inputs.map { "\($0.name)=\(PercentCoding.encode($0.value))&" }.joined() }

    fileprivate func title(_ standing: Standing, _ book: PolicyBook) -> String {
        if let resource { return standing.resources.first { $0.code == resource }?.name ?? resource }
        if let section { return section.title }
        return book.classes.first { $0.number == basicClass }?.name ?? "记录"
    }
}

extension SubjectPage.Section {
    init(
        id: String, title: String, total: Int, shown: ArraySlice<CreditLine>, more: Link?, view: CreditFileView, sources: SubjectSources
    ) throws {
        let rows = try zip(shown, view.file.records(of: shown)).map { line, record in
            try SubjectPage.Row(record, line: line, view: view, sources: sources)
        }
        self.init(id: id, title: title, count: Figures.grouped(total), isEmpty: rows.isEmpty, rows: rows, more: more)
    }
}

extension SubjectPage.Row {
    init(_ record: CreditRecord, line: CreditLine, view: CreditFileView, sources: SubjectSources) throws {
        let words = sources.words
        let paths = RecordPaths(record.id, of: view.file.subject.key, audience: view.audience)
        var marks: [Tag] = []
        if record.entry.kind == .correction { marks.append(Tag("已更正", .warn)) }
        if record.entry.doubtful, view.audience.isOfficial { marks.append(Tag("疑问", .warn)) }
        self.init(
            resource: record.resource.name, parts: words.summary(record.resource, record.values, view.audience),
            provider: sources.provider(record.delivery), date: record.entry.effective?.description ?? "–",
            document: words.document(record.resource, record.values, view.audience), recordID: "\(record.id)", recordHref: paths.record,
            sourceHref: paths.source, marks: marks,
            lineage: try SubjectPage.Lineage(
                line, in: view.file, limit: SubjectPage.previewSize, record: paths.record, audience: view.audience, sources: sources))
    }
}

/// Where a record's pages are.
struct RecordPaths: Sendable {
    let record: String
    let source: String

    /// The subject goes along, since the archive finds a record by it; it is a keyed hash and says nothing of anybody.
    init(_ id: RecordID, of subject: SubjectKey, audience: Audience) {
        record = "\(audience.base)/records/\(id)?subject=\(subject)"
        if case .duty = audience { source = "/staff/records/\(id)/source" } else { source = record + "#provenance" }
    }
}

extension SubjectPage.Lineage {
    /// Nil where nothing was superseded or repeated, and for the public, to whom only what stands is shown.
    ///
    /// - Parameters:
    ///   - limit: versions that are listed one by one.
    ///   - record: where more of them are.
    init?(
        _ line: CreditLine, in file: SubjectFile, limit: Int, record: String? = nil, audience: Audience, sources: SubjectSources
    ) throws {
        guard audience.isOfficial, line.superseded > 0 || line.repeats > 0 else { return nil }
        var parts: [String] = []
        if line.superseded > 0 { parts.append("\(Figures.grouped(line.superseded)) 个较早版本") }
        if line.repeats > 0 { parts.append("重复报送 \(Figures.grouped(line.repeats)) 次") }
        title = "沿革（\(parts.joined(separator: "，"))）"
        versions = try file.versions(of: line, limit: limit).map { version in
            SubjectPage.Version(
                recordID: "\(version.id)", href: RecordPaths(version.id, of: file.subject.key, audience: audience).record,
                known: "\(version.known)",
                text: sources.words.summary(version.resource, version.values, audience).map { "\($0.name)：\($0.value)" }
                    .joined(separator: "；"))
        }
        more = line.superseded > limit ? Link(label: "只列最近 \(limit) 个", href: record ?? "") : nil
    }
}
