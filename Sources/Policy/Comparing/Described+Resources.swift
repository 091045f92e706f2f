import Identifiers

// Resources and their fields.

extension Resource: Described {
    static let what = "目录项"
    var key: String { "\(code) \(version)" }
    var label: String { "“\(name)”（\(code) 第 \(version) 版）" }

    func details(in book: PolicyBook) -> [Detail] {
        [
            Detail("名称", name), Detail("编号", "\(number)"), Detail("类别", book.classes.first { $0.number == basicClass }?.name ?? "\(basicClass)"),
            Detail("领域", .words(sectors.map(\.name))), .bodies("报送单位", providers.map(\.word), book), Detail("更新周期", cadence.name),
            Detail("公开范围", .ranked(disclosure.name, rank: Disclosure.allCases.firstIndex(of: disclosure), more: "收紧", less: "放宽")),
            Detail("主体", subject.name), .basis(basis, book), Detail("有效期起", validFrom.description), .end("有效期止", validTo),
            Detail("业务主键", .words(names(businessKey))), Detail("业务日期", effective.map { name(of: $0) }),
            Detail("没有有效标识的行", identification == .required ? "退回" : "有名称的作为疑似保留"),
            Detail("登记主体", .flag(registers, yes: "报送的主体将进入主体登记", no: "报送的主体不再进入主体登记")), Detail("内容摘要", .words(names(summary))),
            Detail("字段", "\(fields.count) 个"), Detail("跨字段检查", .words(checks.map(sentence))), .confirmation(confirmed), Detail("备注", note),
        ]
    }

    /// The version before, among the versions of the code.
    func predecessor(among items: [Resource]) -> Resource? {
        items.filter { $0.code == code && $0.version < version }.max { $0.version < $1.version }
    }

    func partDifferences(since old: Resource, _ books: BookPair) -> [BookDifference.Item] {
        let before = old.fields.map { FieldOfResource(field: $0, resource: old) }
        return books.differences(before, fields.map { FieldOfResource(field: $0, resource: self) })
    }

    func consequences(since old: Resource, _ books: BookPair) -> [String] {
        var sentences: [String] = []
        let (kept, common) = (Set(fields.map(\.code)), Set(old.fields.map(\.code)))
        if old.fields.map(\.code).filter(kept.contains) != fields.map(\.code).filter(common.contains) { sentences.append("字段的先后次序不同，模板的列次随之改变") }
        if version == old.version, storedForm != old.storedForm {
            sentences.append("存档格式随之改变，按此版本已入库的记录将无法读出：不要改动这一版，请另立新版本")
        }
        return sentences
    }

    /// What the bytes of its records depend on.
    private var storedForm: [String] {
        ["\(layout.keyCount)"] + zip(layout.stored, layout.forms).map { "\(fields[$0].code) \($1)" }
    }

    private func name(of code: String) -> String { field(code)?.name ?? code }
    private func names(_ codes: [String]) -> [String] { codes.map { name(of: $0) } }

    private func sentence(_ check: RowCheck) -> String {
        switch check {
        case .notAfterToday(let field): "“\(name(of: field))”不晚于报送当天"
        case .ordered(let field, let other): "“\(name(of: field))”不晚于“\(name(of: other))”"
        case .oneOf(let fields): "\(names(fields).map { "“\($0)”" }.joined(separator: "、"))至少填一项"
        }
    }
}

extension ProviderRule {
    /// As the book writes it.
    fileprivate var word: String {
        switch self {
        case .body(let code): code
        case .kind(let kind): "kind:\(kind.rawValue)"
        }
    }
}

/// A field with the resource that its conditions are about.
struct FieldOfResource: Described {
    let field: Field
    let resource: Resource

    static let what = "字段"
    var key: String { field.code }
    var label: String { "“\(field.name)”（\(field.code)）" }

    func details(in book: PolicyBook) -> [Detail] {
        [
            Detail("名称", field.name), Detail("国家标准代码", field.national), Detail("其他列名", .words(field.aliases)), Detail("类型", type(book)),
            Detail("最大长度", .ranked(field.length.map { "\($0) 字" } ?? "不限", rank: field.length ?? .max, more: "放宽", less: "更长的行将被退回")),
            Detail("必填", .flag(field.required, yes: "空着的行将被退回", no: "可以空着")),
            Detail("必填条件", field.requiredWhen.map { book.sentence($0, of: resource) }),
            Detail("可填多个值", .flag(field.multiple, yes: "", no: "")), Detail("含义", field.role?.name),
            Detail("敏感程度", .ranked(field.sensitivity.name, rank: Sensitivity.allCases.firstIndex(of: field.sensitivity), more: "更严", less: "放宽")),
            Detail("检查", .words(field.checks.map(sentence))), Detail("备注", field.note),
        ]
    }

    static func consequence(ofAdding item: FieldOfResource) -> String? { item.field.required ? "没有这一列的文件将被退回" : nil }
    static func consequence(ofRemoving item: FieldOfResource) -> String? { "仍带这一列的文件将被退回" }

    private func type(_ book: PolicyBook) -> String {
        switch field.type {
        case .decimal(let precision, let scale): "小数（最多 \(precision) 位，其中小数 \(scale) 位）"
        case .code(let id): "代码（\(book.codeSets[id]?.name ?? id)）"
        case .text, .date, .integer, .identifier: field.type.name
        }
    }

    private func sentence(_ check: FieldCheck) -> String {
        switch check {
        case .minimumLength(let count): "至少 \(count) 字"
        case .notAllDigits: "不能全是数字"
        case .minimum(let bound): "不小于 \(bound)"
        case .maximum(let bound): "不大于 \(bound)"
        case .departmentCode: "机关的统一社会信用代码"
        case .digitsOnly: "只能是数字"
        }
    }
}

extension FieldRole {
    /// Chinese name, as the difference of two books shows it.
    fileprivate var name: String {
        switch self {
        case .name: "主体名称"
        case .unifiedSocialCreditCode: "主体的统一社会信用代码"
        case .organisationCode: "主体的组织机构代码"
        case .registrationNumber: "主体的工商注册号"
        case .citizenNumber: "主体的公民身份号码"
        case .documentType: "主体的证件类型"
        case .documentNumber: "主体的证件号码"
        case .subjectCategory: "相对人类别"
        case .legalRepresentative: "法定代表人"
        case .providerName: "作出单位的名称"
        case .providerCode: "作出单位的代码"
        case .status: "状态"
        case .region: "区划"
        case .industry: "行业门类"
        case .established: "成立日期"
        case .formerName: "曾用名"
        case .listedOn: "列入日期"
        case .listedUntil: "期限届满日期"
        case .decisionNumber: "决定文书号"
        case .decidingBody: "认定机关"
        case .decisionReason: "列入事由"
        }
    }
}
