import Archive
import Identifiers
import Intake
import Policy
import Registry
import Tables

/// Where a record stands in its subject's file now.
enum RecordStanding: Sendable {
    case current, superseded, gone

    init(_ place: SubjectFile.Place) {
        self =
            switch place {
            case .current: .current
            case .superseded: .superseded
            case .elsewhere: .gone
            }
    }

    var tag: Tag {
        switch self {
        case .current: Tag("现行", .good)
        case .superseded: Tag("已被更新", .plain)
        case .gone: Tag("不在现行视图", .plain)
        }
    }
}

extension RecordPage {
    /// - Parameters:
    ///   - line: line of the file, where it was looked up.
    ///   - mayOpenSource: the reader may see the raw row.
    init(
        _ record: CreditRecord, in file: SubjectFile?, delivery: Delivery, line: UInt32?, audience: Audience, mayOpenSource: Bool,
        sources: SubjectSources, shell: Shell
    ) throws {
        let book = sources.reader.book
        let (shown, hiddenCount) = sources.words.fields(record.resource, record.values, audience)
        isStaff = audience.isOfficial
        self.shell = shell
        recordID = "\(record.id)"
        resource = Link(label: record.resource.name, href: "/catalogue/\(record.resource.code)")
        let place = file?.place(of: record.id) ?? .elsewhere
        state = RecordStanding(place).tag
        subject = file.map {
            Link(
                label: $0.subject.name.isEmpty ? $0.subject.identifier : $0.subject.name,
                href: audience == .own ? audience.base : "\(audience.base)/subjects/\($0.subject.key)")
        }
        fields = shown
        hidden = hiddenCount > 0 ? "另有 \(hiddenCount) 个字段不公开。" : nil
        provenance = Self.provenance(record.id, delivery, line: line, known: record.known, effective: record.entry.effective, book, mayOpenSource)
        basis = CatalogueWords.basis(record.resource, book)
        lineage = nil
        if let file, case .current(let line) = place, line.superseded > 0 {
            lineage = try SubjectPage.Lineage(
                line, in: file, limit: CreditRecord.versionLimit, audience: audience, sources: sources)
        }
        sourceHref = mayOpenSource ? "/staff/records/\(record.id)/source" : nil
        proofHref = mayOpenSource ? "/staff/records/\(record.id)/proof?subject=\(file.map { "\($0.subject.key)" } ?? "")" : nil
    }

    private static func provenance(
        _ id: RecordID, _ delivery: Delivery, line: UInt32?, known: Instant, effective: CivilDate?, _ book: PolicyBook, _ mayOpenDelivery: Bool
    ) -> [Fact] {
        [
            Fact("来源部门", book.body(delivery.provider)?.name ?? delivery.provider),
            Fact("报送批次", "第 \(delivery.number) 批", href: mayOpenDelivery ? "/staff/deliveries/\(delivery.number)" : nil),
            Fact("文件", delivery.fileName),
            Fact("行", "第 \(id.row) 条数据行" + (line.map { "，文件第 \($0) 行" } ?? "")),
            Fact("生效日期", effective?.description ?? "–"), Fact("平台获知时间", "\(known)"),
            Fact("文件摘要（SM3）", delivery.digest),
        ]
    }
}

extension SourcePage {
    /// - Parameter isClear: whether the purpose needs natural persons' data in clear. Those of other rows are masked always.
    init(
        _ row: SourceRow, id: RecordID, words: DeliveryWords, values: RecordWords, record: CreditRecord?, isClear: Bool, shell: Shell
    ) {
        let masks = Set(row.columns.filter { Self.isPersonal($0.field) }.map { $0.number - 1 })
        self.shell = shell
        recordID = "\(id)"
        let subject = row.subject.map { "?subject=\($0)" } ?? ""
        recordHref = "/staff/records/\(id)\(subject)"
        facts = [
            Fact("报送批次", "第 \(row.delivery.number) 批", href: "/staff/deliveries/\(row.delivery.number)"),
            Fact("报送单位", words.provider(row.delivery.provider)),
            Fact("资源", row.resource.name, href: "/catalogue/\(row.resource.code)"), Fact("文件", row.delivery.fileName),
            Fact("行", "第 \(row.row) 条数据行，文件第 \(row.line) 行"), row.sheet.map { Fact("工作表", $0) },
            Fact("文件摘要（SM3）", row.delivery.digest),
        ].compactMap(\.self)
        notice =
            row.subject == nil
            ? Notice(tone: "warn", title: "这一行没有归到任何主体", text: "它被退回，或因没有可用代码留作疑似。") : nil
        let width = max(row.header.cells.count, row.context.map(\.cells.count).max() ?? 0)
        columns = (0..<width).map { Column(number: $0 + 1, title: $0 < row.header.cells.count ? row.header.cells[$0] : "") }
        lines = row.context.map { line in
            let isSource = line.number == row.line
            let shown = line.cells.enumerated().map { index, cell in
                line.row > 0 && masks.contains(index) && !(isClear && isSource) ? Masking.masked(cell) : cell
            }
            let cells = shown + Array(repeating: "", count: width - line.cells.count)
            return Line(line: "\(line.number)", isSource: isSource, tone: isSource ? "source-line" : nil, cells: cells)
        }
        mappings = row.columns.map { column in
            let read = column.field.map { field in
                Self.read(field, resource: row.resource, record: record, values: values)
            }
            return Mapping(
                number: "\(column.number)", title: column.title,
                raw: !isClear && Self.isPersonal(column.field) ? Masking.masked(column.value) : column.value, field: column.field?.name ?? "不属于目录",
                code: column.field?.code ?? "", read: read ?? "不入库")
        }
    }

    /// Whether a column may hold what tells of a natural person. What is not of the catalogue may hold anything.
    static func isPersonal(_ field: Field?) -> Bool {
        guard let field else { return true }
        if case .identifier(let kind) = field.type, kind.subjectKind == .person { return true }
        return field.sensitivity == .personal || field.sensitivity == .sensitive
            || field.role == .citizenNumber || field.role == .documentNumber
    }

    /// What became of a cell.
    private static func read(_ field: Field, resource: Resource, record: CreditRecord?, values: RecordWords) -> String {
        if let index = resource.index(of: field.code), resource.layout.position(ofField: index) != nil {
            guard let record else { return "未入库" }
            return values.text(record.value(field.code), of: field) ?? "（空）"
        }
        return field.role?.identifiesSubject == true ? "用于认定主体，不随记录保存" : "–"
    }
}

/// What is left of a value that the reader does not need whole.
enum Masking {
    /// The first letters and the last four of a long one, the first of a short one.
    static func masked(_ text: String) -> String {
        let count = text.count
        switch count {
        case 0: return ""
        case 1: return "*"
        case 2...10: return "\(text.prefix(1))\(String(repeating: "*", count: min(count - 1, 4)))"
        default: return "\(text.prefix(3))****\(text.suffix(4))"
        }
    }
}
