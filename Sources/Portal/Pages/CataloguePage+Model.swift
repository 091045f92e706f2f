import Identifiers
import Policy

extension CataloguePage {
    /// The catalogue of a day, narrowed by text, sector and disclosure.
    init(book: PolicyBook, on today: CivilDate, query: FormFields, shell: Shell) {
        let all = book.catalogue(on: today)
        let text = query.text("q").map(Text.searchForm)
        let sector = query.text("sector")
        let disclosure = query.text("disclosure").flatMap(Disclosure.init(rawValue:))
        let shown = all.filter { resource in
            (text.map { Text.searchForm(resource.name).contains($0) || Text.searchForm(resource.code).contains($0) } ?? true)
                && (sector.map { name in resource.sectors.contains { $0.name == name } } ?? true)
                && (disclosure.map { resource.disclosure == $0 } ?? true)
        }
        self.shell = shell
        filter = query.text("q") ?? ""
        sectors =
            [Choice(value: "", label: "全部领域", selected: sector == nil)]
            + book.sectors.map { Choice(value: $0.name, label: $0.name, selected: $0.name == sector) }
        disclosures =
            [Choice(value: "", label: "全部", selected: disclosure == nil)]
            + Disclosure.allCases.map { Choice(value: $0.rawValue, label: $0.name, selected: $0 == disclosure) }
        let parts = Disclosure.allCases.map { kind in "\(kind.name) \(all.count { $0.disclosure == kind }) 项" }
        total = "共 \(all.count) 项资源，其中\(parts.joined(separator: "、"))；本页 \(shown.count) 项。"
        groups = book.classes.compactMap { basic in
            let members = shown.filter { $0.basicClass == basic.number }
            guard !members.isEmpty else { return nil }
            return Group(
                id: "class-\(basic.number)", title: "\(basic.code) \(basic.name)", count: "\(members.count)",
                resources: members.map { Line($0, book: book) })
        }
        isEmpty = shown.isEmpty
    }
}

extension CataloguePage.Line {
    init(_ resource: Resource, book: PolicyBook) {
        self.init(
            code: resource.code, name: resource.name, href: "/catalogue/\(resource.code)",
            providers: CatalogueWords.providers(resource, book), cadence: resource.cadence.name, disclosure: Tag(resource.disclosure),
            subject: resource.subject.name)
    }
}

extension Tag {
    init(_ disclosure: Disclosure) {
        switch disclosure {
        case .open: self.init(disclosure.name, .good)
        case .shared: self.init(disclosure.name, .warn)
        case .sensitive: self.init(disclosure.name, .bad)
        }
    }
}

extension ResourcePage {
    init(_ resource: Resource, book: PolicyBook, shell: Shell) {
        self.shell = shell
        code = resource.code
        name = resource.name
        disclosure = Tag(resource.disclosure)
        let until = resource.validTo.map { "至 \($0)" } ?? "起"
        facts = [
            Fact("版本", "第 \(resource.version) 版（\(resource.validFrom) \(until)）"),
            Fact("类别", CatalogueWords.basicClass(resource, book)),
            Fact("领域", resource.sectors.isEmpty ? "–" : resource.sectors.map(\.name).joined(separator: "、")),
            Fact("提供部门", CatalogueWords.providers(resource, book)), Fact("更新周期", resource.cadence.name),
            Fact("主体", resource.subject.name),
            Fact("业务主键", resource.businessKey.compactMap { resource.field($0)?.name }.joined(separator: " + ")),
            Fact("生效日期取自", resource.effective.flatMap { resource.field($0)?.name } ?? "–"),
            Fact("没有可用代码的行", resource.identification == .nameAllowed ? "有名称的留作疑似，不计入任何主体" : "退回"),
        ]
        basis = CatalogueWords.basis(resource, book)
        fields = resource.fields.enumerated().map { index, field in FieldLine(field, number: index + 1, of: resource, book: book) }
        checks = resource.checks.map { CatalogueWords.sentence($0, resource) }
        templateXLSX = "/catalogue/\(resource.code)/template.xlsx"
        templateCSV = "/catalogue/\(resource.code)/template.csv"
    }
}

extension ResourcePage.FieldLine {
    init(_ field: Field, number: Int, of resource: Resource, book: PolicyBook) {
        let aliases = field.aliases.joined(separator: "、")
        self.init(
            number: number, name: field.name, code: field.code, national: field.national ?? "", type: CatalogueWords.type(field, book),
            required: field.required ? "必填" : field.requiredWhen.map { book.sentence($0, of: resource) } ?? "选填",
            rule: field.checks.isEmpty ? "–" : field.checks.map(CatalogueWords.sentence).joined(separator: "；"),
            sensitivity: field.sensitivity.name, aliases: aliases.isEmpty ? nil : aliases)
    }
}

/// The catalogue's rules as sentences.
enum CatalogueWords {
    static func providers(_ resource: Resource, _ book: PolicyBook) -> String {
        resource.providers.map { rule in
            switch rule {
            case .body(let code): book.body(code)?.name ?? code
            case .kind(let kind): "各\(kind.name)"
            }
        }.joined(separator: "、")
    }

    static func basicClass(_ resource: Resource, _ book: PolicyBook) -> String {
        book.classes.first { $0.number == resource.basicClass }.map { "\($0.code) \($0.name)" } ?? "\(resource.basicClass)"
    }

    /// 《title》（number）article, one line a citation.
    static func basis(_ resource: Resource, _ book: PolicyBook) -> [String] {
        resource.basis.map { citation in
            guard let document = book.document(citation.document) else { return citation.article }
            let number = document.number.map { "（\($0)）" } ?? ""
            let title = document.title.hasPrefix("《") ? document.title : "《\(document.title)》"
            return "\(title)\(number)\(citation.article)"
        }
    }

    static func type(_ field: Field, _ book: PolicyBook) -> String {
        switch field.type {
        case .text: field.length.map { "文本，至多 \($0) 字" } ?? "文本"
        case .date: "日期"
        case .decimal(let precision, let scale): "小数，\(precision) 位含 \(scale) 位小数"
        case .integer: "整数"
        case .code(let set):
            Self.choices(book.codeSets[set]) + (field.multiple ? "，可多选，用分号隔开" : "")
        case .identifier(let kind): kind.name
        }
    }

    /// The values of a code set in words; of a long one the first dozen.
    private static func choices(_ set: CodeSet?) -> String {
        guard let set else { return "代码" }
        let shown = set.values.prefix(12).map(\.name).joined(separator: "、")
        return "\(set.name)：\(shown)\(set.values.count > 12 ? " 等 \(set.values.count) 种" : "")\(set.open ? "，或“其他-说明”" : "")"
    }

    static func sentence(_ check: FieldCheck) -> String {
        switch check {
        case .minimumLength(let count): "至少 \(count) 字"
        case .notAllDigits: "不得全为数字"
        case .minimum(let value): "不小于 \(value)"
        case .maximum(let value): "不大于 \(value)"
        case .departmentCode: "机关的统一社会信用代码"
        case .digitsOnly: "只能是数字"
        }
    }

    static func sentence(_ check: RowCheck, _ resource: Resource) -> String {
        func name(_ code: String) -> String { "「\(resource.field(code)?.name ?? code)」" }
        return switch check {
        case .notAfterToday(let field): "\(name(field))不晚于报送当日"
        case .ordered(let field, let other):
            "\(name(field))\(resource.field(field)?.type == .date ? "不晚于" : "不大于")\(name(other))"
        case .oneOf(let fields): "\(fields.map(name).joined(separator: "、"))至少填一项"
        }
    }
}
