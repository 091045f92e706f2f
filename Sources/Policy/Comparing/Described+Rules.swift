import Feel
import Identifiers

// What decides from records and listings.

extension Indicator: Described {
    static let what = "指标"
    var key: String { name }
    var label: String { "“\(name)”" }

    func details(in book: PolicyBook) -> [Detail] {
        let source = resource.flatMap { book.versions(of: $0).last }
        return [
            Detail("取数方式", kind.name), Detail("数据来源", source.map { "\($0.name)（\($0.code)）" } ?? ""),
            Detail("字段", field.map { code in source?.field(code)?.name ?? code }), Detail("条件", condition?.text),
            .term("时间范围", window, none: "全部"), Detail("名单", .words(lists.map { code in book.lists.latest(of: code)?.name ?? code })),
            Detail("单位", unit), .confirmation(confirmed),
        ]
    }
}

extension IndicatorKind {
    /// Chinese name, as the difference of two books shows it.
    fileprivate var name: String {
        switch self {
        case .count: "记录数"
        case .sum: "合计"
        case .latest: "最近一条的值"
        case .listings: "在列名单数"
        }
    }
}

extension Rule: Described {
    static let what = "规则"
    var key: String { versionKey }
    var label: String { "“\(title)”（\(code)，第 \(version) 版）" }

    func details(in book: PolicyBook) -> [Detail] {
        func text(_ clauses: [Clause]) -> [String] { clauses.map { "\($0.condition.text)（\($0.says)）" } }
        return [
            Detail("名称", title), Detail("类型", kind.name), Detail("制定机关", issuer), Detail("适用主体", applies.name),
            Detail("触发方式", needsAll ? "全部条件成立" : "任一条件成立"), Detail("触发条件", .words(text(when))), Detail("除外条件", .words(text(unless))),
            Detail("信息不全时", onUnknown == .manual ? "转人工判断" : "视为不触发"),
            Detail("措施", measure.map { code in book.measures.latest(of: code)?.name ?? code }), .basis(basis, book),
            Detail("生效日期", from.description), .end("失效日期", to), .confirmation(confirmed),
        ]
    }

    func predecessor(among items: [Rule]) -> Rule? { items.filter { $0.code == code && $0.version < version }.max { $0.version < $1.version } }

    static func consequence(ofRemoving item: Rule) -> String? { "这一版期间的旧案将不能再按当时的规则重现：应写明失效日期，而不是删去" }
}

extension Matter: Described {
    static let what = "用信事项"
    var key: String { versionKey }
    var label: String { "“\(name)”（\(versionLabel)）" }

    func details(in book: PolicyBook) -> [Detail] {
        [
            Detail("名称", name),
            .bodies("办理单位", bodies.map { rule in
                switch rule {
                case .body(let code): code
                case .kind(let kind): "kind:\(kind.rawValue)"
                }
            }, book),
            Detail("查询事由", book.purposes.first { $0.code == purpose }?.name ?? purpose), .subjects(subjects),
            Detail("可查名单", .words(lists.map { code in book.lists.latest(of: code)?.name ?? code })),
            Detail("可查资源", .words(resources.map { code in book.versions(of: code).last.map { "\($0.name)（\(code)）" } ?? code })),
            Detail("措施", .words(measures.map { code in book.measures.latest(of: code)?.name ?? code })), .basis(basis, book),
            Detail("生效日期", from.description), .end("失效日期", to), .confirmation(confirmed),
        ]
    }

    static func consequence(ofRemoving item: Matter) -> String? { "办理单位不能再为这个事项核查信用" }
}

extension ForbiddenAttribute: Described {
    static let what = "禁止使用的信息"
    var key: String { word }
    var label: String { "“\(word)”" }

    func details(in book: PolicyBook) -> [Detail] { [.basis(basis, book)] }

    static func consequence(ofRemoving item: ForbiddenAttribute) -> String? { "名称含有“\(item.word)”的字段将可以进入规则" }
}
