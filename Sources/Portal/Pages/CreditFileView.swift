import Access
import Archive
import Identifiers
import Intake
import Policy

/// Whose eyes a file is shown to: one typed view for each (GB/T 22239 8.1.4.2, 国发〔2016〕51号).
enum Audience: Sendable, Hashable {
    /// Anyone: open resources, open fields, organisations.
    case open
    /// An office with a purpose: what is open or shared, as far as its tenancy reaches. What is sensitive only where the purpose needs
    /// things clear.
    case duty(Reach, clear: Bool)
    /// Whom the subject permitted to look: everything that it permitted, but for what is for government use. Nil for all resources.
    case consented(items: Set<String>?)
    /// The subject itself: everything.
    case own

    /// Whether more than the public's share is shown: earlier versions, doubts, deliveries.
    var isOfficial: Bool { self != .open }

    /// Where its pages stand.
    var base: String {
        switch self {
        case .open: ""
        case .duty, .consented: "/staff"
        case .own: "/me"
        }
    }

    /// Whether a record of the resource about a subject of the kind may be shown.
    func admits(_ resource: Resource, _ kind: SubjectKind) -> Bool {
        switch self {
        case .open: resource.disclosure == .open && kind == .organisation
        case .duty(_, let clear): resource.disclosure != .sensitive || clear
        case .consented(let items): items?.contains(resource.code) ?? true
        case .own: true
        }
    }

    /// Whether a field's values may be shown.
    func admits(_ field: Field) -> Bool {
        switch self {
        case .open: field.sensitivity == .open
        case .duty(_, let clear): field.sensitivity != .sensitive || clear
        case .consented: field.sensitivity != .internal
        case .own: true
        }
    }

    /// Whether what is not public may be shown of a body's records; nil where it may of everybody's.
    var sources: Set<String>? {
        if case .duty(let reach, _) = self { reach.sources } else { nil }
    }
}

/// The sections of the credit report, in its order.
enum FileSection: String, Sendable, CaseIterable {
    case basics, administration, honesty, serious, abnormal, pledges, evaluation, judicial, others

    var title: String {
        switch self {
        case .basics: "基础信息"
        case .administration: "行政管理"
        case .honesty: "诚实守信"
        case .serious: "严重失信主体名单"
        case .abnormal: "经营异常"
        case .pledges: "信用承诺"
        case .evaluation: "信用评价"
        case .judicial: "司法判决"
        case .others: "其他"
        }
    }

    /// The section of a class of the national basic catalogue (2024 edition, 13 classes).
    init(basicClass: Int) {
        self =
            switch basicClass {
            case 1: .basics
            case 2: .judicial
            case 3: .administration
            case 5: .abnormal
            case 6: .serious
            case 8: .pledges
            case 9: .evaluation
            case 11: .honesty
            default: .others
            }
    }
}

/// A file as one audience sees it: its lines by section, latest first.
struct CreditFileView: Sendable {
    let file: SubjectFile
    let audience: Audience
    /// Lines of the file that the audience's tenancy reaches, in knowledge order.
    private let lines: [CreditLine]
    private let bySection: [FileSection: [CreditLine]]

    init(_ file: SubjectFile, audience: Audience) {
        self.file = file
        self.audience = audience
        let sections = file.resources.map { resource in
            audience.admits(resource, file.subject.kind) ? FileSection(basicClass: resource.basicClass) : nil
        }
        var bySection: [FileSection: [CreditLine]] = [:]
        lines = Self.reachable(file, audience)
        for line in lines {
            if let section = sections[Int(line.resource)] { bySection[section, default: []].append(line) }
        }
        self.bySection = bySection
    }

    /// Lines of bodies that the audience's tenancy reaches; the open ones of others too.
    private static func reachable(_ file: SubjectFile, _ audience: Audience) -> [CreditLine] {
        guard let sources = audience.sources else { return file.lines }
        let isOpen = file.resources.map { Audience.open.admits($0, file.subject.kind) }
        return file.lines.filter { line in
            isOpen[Int(line.resource)] || file.provider(of: line.id.delivery).map(sources.contains) ?? false
        }
    }

    /// The subject's standing as the audience may see it: the same lines, counted.
    var standing: Standing { Standing(file, of: lines) { audience.admits($0, file.subject.kind) } }

    func count(in section: FileSection) -> Int { bySection[section]?.count ?? 0 }

    /// All that the audience may see.
    var count: Int { bySection.values.reduce(0) { $0 + $1.count } }

    /// The lines that a filter finds, in the order of sections, within each the latest first.
    func lines(_ filter: RecordFilter = RecordFilter()) -> [CreditLine] {
        let admitted = file.resources.map(filter.admits)
        let all = admitted.allSatisfy(\.self)
        return FileSection.allCases.filter { filter.section == nil || filter.section == $0 }.flatMap { section in
            (bySection[section] ?? []).filter { all || admitted[Int($0.resource)] }.sorted(by: Self.isLater)
        }
    }

    private static func isLater(_ left: CreditLine, _ right: CreditLine) -> Bool {
        let (a, b) = (left.effective?.day ?? .min, right.effective?.day ?? .min)
        return a != b ? a > b : left.id > right.id
    }
}

/// Which records of a file a list shows.
struct RecordFilter: Sendable, Equatable {
    var section: FileSection?
    /// Code of a resource.
    var resource: String?
    /// Class of the national basic catalogue.
    var basicClass: Int?

    init(section: FileSection? = nil, resource: String? = nil, basicClass: Int? = nil) {
        self.section = section
        self.resource = resource
        self.basicClass = basicClass
    }

    /// Whether it finds records of a resource, apart from the section.
    func admits(_ resource: Resource) -> Bool {
        (self.resource ?? resource.code) == resource.code && (basicClass ?? resource.basicClass) == resource.basicClass
    }
}

/// Values of records as people read them.
struct RecordWords: Sendable {
    let book: PolicyBook

    /// A value in words; nil where the field is empty.
    func text(_ value: Layout.Value, of field: Field) -> String? {
        switch value {
        case .absent: nil
        case .date(let date): date == .openEnd ? "长期" : "\(date)"
        case .decimal(let number): "\(number)"
        case .integer(let number): "\(number)"
        case .text(let text):
            if let set = book.codeSet(of: field) {
                text.split(separator: ";").map { set.displayName(of: String($0)) }.joined(separator: "、")
            } else {
                text
            }
        }
    }

    /// The summary fields that have a value and that the audience may see.
    func summary(_ resource: Resource, _ values: [Layout.Value], _ audience: Audience) -> [Fact] {
        resource.summary.compactMap { code in fact(code, resource, values, audience) }
    }

    /// All stored fields that have a value, in catalogue order, and how many the audience may not see.
    func fields(_ resource: Resource, _ values: [Layout.Value], _ audience: Audience) -> (shown: [RecordPage.FieldValue], hidden: Int) {
        var shown: [RecordPage.FieldValue] = []
        var hidden = 0
        for (index, field) in resource.fields.enumerated() {
            guard let position = resource.layout.position(ofField: index), position < values.count,
                let text = text(values[position], of: field)
            else { continue }
            if audience.admits(field) {
                shown.append(.init(name: field.name, code: field.code, value: text))
            } else {
                hidden += 1
            }
        }
        return (shown, hidden)
    }

    /// 文书号: the field that says so by code or name.
    func document(_ resource: Resource, _ values: [Layout.Value], _ audience: Audience) -> String {
        let field =
            resource.fields.first { $0.code.hasSuffix("WSH") || $0.name.contains("文书号") }
            ?? resource.fields.first { $0.name.hasSuffix("文号") || $0.name.hasSuffix("案号") }
        return field.flatMap { fact($0.code, resource, values, audience)?.value } ?? "–"
    }

    private func fact(_ code: String, _ resource: Resource, _ values: [Layout.Value], _ audience: Audience) -> Fact? {
        guard let index = resource.index(of: code), audience.admits(resource.fields[index]),
            let position = resource.layout.position(ofField: index), position < values.count,
            let text = text(values[position], of: resource.fields[index])
        else { return nil }
        return Fact(resource.fields[index].name, text)
    }
}
