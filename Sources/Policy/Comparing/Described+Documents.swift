import Identifiers

// Documents, classes, sectors, regions, organisations and code sets.

extension LegalDocument: Described {
    static let what = "法律文件"
    var key: String { id }
    var label: String { "《\(title)》" }

    func details(in book: PolicyBook) -> [Detail] {
        [
            Detail("标题", title), Detail("文号", number), Detail("效力级别", level.name), Detail("制定机关", issuer), Detail("施行日期", from.description),
            .end("失效日期", to), Detail("可引用条款", .words(articles)), .confirmation(confirmed), Detail("备注", note),
        ]
    }

    /// What rests on nothing else ends with it.
    func consequences(since old: LegalDocument, _ books: BookPair) -> [String] {
        guard let to, old.to.map({ to < $0 }) ?? true else { return [] }
        let next = to.adding(days: 1)
        return books.new.resting.compactMap { label, basis in
            let cites = basis.contains { $0.document == id }
            return cites && books.old.isInForce(anyOf: basis, on: next) && !books.new.isInForce(anyOf: basis, on: next)
                ? "\(next) 起\(label)没有有效依据，随之停用" : nil
        }
    }
}

extension PolicyBook {
    /// What counts only while something of its basis is in force. Resources are left out: the loader asks for a basis on every day.
    fileprivate var resting: [(label: String, basis: [BasisCitation])] {
        func named<Value: Described>(_ items: [Value], _ basis: (Value) -> [BasisCitation]) -> [(label: String, basis: [BasisCitation])] {
            items.map { ("\(Value.what)\($0.label)", basis($0)) }
        }
        return named(lists, \.basis) + named(measures, \.basis) + named(purposes, \.basis) + named(rules, \.basis) + named(matters, \.basis)
            + named(retention.map { RetainedPart(term: $0, classes: $0.classes) }, \.term.basis)
    }

    /// The code sets of files, by id; that of the regions is made from them.
    var ownCodeSets: [CodeSet] {
        codeSets.values.filter { $0.id != BookChecker.regionSet }.sorted { $0.id < $1.id }
    }
}

extension BasicClass: Described {
    static let what = "目录类别"
    var key: String { "\(number)" }
    var label: String { "第 \(number) 类“\(name)”" }
    func details(in book: PolicyBook) -> [Detail] { [Detail("名称", name)] }
}

extension Sector: Described {
    static let what = "领域"
    var key: String { name }
    var label: String { "“\(name)”" }
    func details(in book: PolicyBook) -> [Detail] { [] }
}

extension RegionEntry: Described {
    static let what = "区划"
    var key: String { code }
    var label: String { "“\(name)”（\(code)）" }

    func details(in book: PolicyBook) -> [Detail] {
        [
            Detail("名称", name), Detail("上级", parent.map { book.region($0)?.name ?? $0 }), Detail("经度", longitude.map { "\($0)" }),
            Detail("纬度", latitude.map { "\($0)" }), Detail("原代码", .words(formerCodes)), Detail("功能区", .flag(zone, yes: "", no: "")),
        ]
    }

    static func consequence(ofRemoving item: RegionEntry) -> String? { "填写此区划的行将被退回" }
}

extension PublicBody: Described {
    static let what = "单位"
    var key: String { code }
    var label: String { "“\(name)”（\(code)）" }

    func details(in book: PolicyBook) -> [Detail] {
        [
            Detail("名称", name), Detail("别名", .words(aliases)), Detail("类别", kind.name),
            Detail("统一社会信用代码", unifiedSocialCreditCode.map { "\($0.text)" }), Detail("区划", region.map { book.region($0)?.name ?? $0 }),
            Detail("上级单位", owner.map { book.providerName($0) }), Detail("备注", note),
        ]
    }

    /// What a body of another kind, or a new one, may deliver follows from the catalogue.
    func consequences(since old: PublicBody, _ books: BookPair) -> [String] {
        func codes(_ book: PolicyBook) -> Set<String> { Set(book.resources.filter { book.mayDeliver(body: code, resource: $0) }.map(\.code)) }
        if kind == old.kind { return [] }
        let (before, after) = (codes(books.old), codes(books.new))
        return [
            after.subtracting(before).isEmpty ? nil : "可以多报送 \(after.subtracting(before).sorted().joined(separator: "、"))",
            before.subtracting(after).isEmpty ? nil : "不能再报送 \(before.subtracting(after).sorted().joined(separator: "、"))",
        ].compactMap(\.self)
    }

    static func consequence(ofRemoving item: PublicBody) -> String? { "不能再报送和查询" }
}

extension CodeSet: Described {
    static let what = "代码集"
    var key: String { id }
    var label: String { "“\(name)”（\(id)）" }

    func details(in book: PolicyBook) -> [Detail] {
        [
            Detail("名称", name), Detail("接受“其他”开头的取值", .flag(open, yes: "", no: "表外取值的行将被退回")),
            Detail("代码值", "\(values.count) 个"), .confirmation(confirmed),
        ]
    }

    func partDifferences(since old: CodeSet, _ books: BookPair) -> [BookDifference.Item] { books.differences(old.values, values) }
}

extension CodeValue: Described {
    static let what = "代码值"
    var key: String { code }
    var label: String { "“\(name)”（\(code)）" }
    func details(in book: PolicyBook) -> [Detail] { [Detail("名称", name), Detail("其他写法", .words(aliases)), Detail("表示已移出名单", .flag(endsListing, yes: "此状态的记录不再算在列", no: "此状态的记录将算在列"))] }
    static func consequence(ofRemoving item: CodeValue) -> String? { "填写此值的行将被退回，已入库的记录只显示代码 \(item.code)" }
}
