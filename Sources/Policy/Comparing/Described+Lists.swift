import Identifiers

// Lists, what they lead to, reasons to look, and terms.

extension Versioned {
    /// Tells the versions of two books apart.
    var versionKey: String { "\(code) \(version)" }
    /// The code, and the version where it is not the first.
    var versionLabel: String { version == 1 ? code : "\(code)，第 \(version) 版" }
}

extension ListKind: Described {
    static let what = "名单"
    var key: String { versionKey }
    var label: String { "“\(name)”（\(versionLabel)）" }

    func details(in book: PolicyBook) -> [Detail] {
        [
            Detail("名称", name), Detail("性质", nature.name), Detail("认定机关", authority),
            Detail("数据来源", .words(resources.map { code in book.versions(of: code).last.map { "\($0.name)（\(code)）" } ?? code })),
            .subjects(subjects), Detail("对外公示", .flag(isPublic, yes: "名单将对外公示", no: "名单不再对外公示")),
            .term("期限", term, none: "以决定为准"), .term("最早可提前移出", early, none: "不可提前"),
            Detail("陈述申辩期限", .ranked(hearing.map { "\($0)个工作日" } ?? "不需告知", rank: hearing, more: "延长", less: "缩短")),
            Detail("措施", .words(measures.map { code in book.measures.latest(of: code).map { "\($0.name)（\(code)）" } ?? code })),
            .basis(basis, book), Detail("生效日期", from.description), .end("失效日期", to), .confirmation(confirmed),
        ]
    }
}

extension NationalMeasure: Described {
    static let what = "国家清单措施"
    var key: String { "\(number)" }
    var label: String { "第 \(number) 项“\(name)”" }

    func details(in book: PolicyBook) -> [Detail] {
        [Detail("名称", name), .effect(effect), .subjects(subjects), .confirmation(confirmed)]
    }
}

extension Measure: Described {
    static let what = "措施"
    var key: String { versionKey }
    var label: String { "“\(name)”（\(versionLabel)）" }

    func details(in book: PolicyBook) -> [Detail] {
        [
            Detail("名称", name),
            Detail("国家清单", item.map { number in "第 \(number) 项\(book.nationalMeasures.first { $0.number == number }.map { "“\($0.name)”" } ?? "")" }),
            .effect(effect), .subjects(subjects), .bodies("责任单位", departments, book), .basis(basis, book),
            Detail("生效日期", from.description), .end("失效日期", to), .confirmation(confirmed),
        ]
    }
}

extension Purpose: Described {
    static let what = "查询事由"
    var key: String { code }
    var label: String { "“\(name)”（\(code)）" }

    func details(in book: PolicyBook) -> [Detail] {
        [
            Detail("名称", name), Detail("理由", ground.name), Detail("可用角色", .words(users)),
            Detail("须填案号", .flag(needsCase, yes: "查询时必须填写案号", no: "查询时不再要求案号")),
            Detail("显示完整证件号码", .flag(isClear, yes: "自然人的证件号码不再遮掩", no: "自然人的证件号码改为遮掩")),
            .basis(basis, book), Detail("授权文本", consentText), Detail("授权文本版本", consentVersion),
            Detail("授权最长期限", .ranked(consentDays.map { "\($0)天" } ?? "", rank: consentDays, more: "延长", less: "缩短")), Detail("备注", note),
        ]
    }

    static func consequence(ofRemoving item: Purpose) -> String? { "不能再以此为由查询" }
}

/// What one term of retention covers in both books alike: terms have no names, so that they are compared by what they are about.
struct RetainedPart: Described {
    let term: RetentionTerm
    let classes: [Int]

    static let what = "保存期限"
    var key: String { label }
    var label: String {
        switch term.matter {
        case .records: "“第 \(classes.map(String.init).joined(separator: "、")) 类\(term.subject?.name ?? "")记录”"
        case .files: "“报送文件和退回文件”"
        case .events: "“查询记录、预警和授权”"
        }
    }

    func details(in book: PolicyBook) -> [Detail] {
        [
            Detail("期限", .ranked(term.years.map { "\($0)年" } ?? "到撤回为止", rank: term.years ?? .max, more: "延长", less: "缩短")),
            .basis(term.basis, book), .confirmation(term.confirmed),
        ]
    }

    func consequences(since old: RetainedPart, _ books: BookPair) -> [String] {
        if term.years == nil || term.isConfirmed == old.term.isConfirmed { return [] }
        return [term.isConfirmed ? "期限已经确认，到期的内容将被清除" : "期限尚未确认，到期的内容不会清除"]
    }

    /// The terms of two books, cut so that each part is of one term in either.
    static func parts(of old: [RetentionTerm], and new: [RetentionTerm]) -> ([RetainedPart], [RetainedPart]) {
        func index(_ terms: [RetentionTerm], _ subject: SubjectKind, _ number: Int) -> Int {
            terms.firstIndex { $0.subject == subject && $0.classes.contains(number) } ?? -1
        }
        var (before, after) = (others(old), others(new))
        for subject in SubjectKind.allCases {
            let cuts = Dictionary(grouping: 1...13) { number in [index(old, subject, number), index(new, subject, number)] }
            for (terms, classes) in cuts.sorted(by: { $0.value[0] < $1.value[0] }) {
                if terms[0] >= 0 { before.append(RetainedPart(term: old[terms[0]], classes: classes)) }
                if terms[1] >= 0 { after.append(RetainedPart(term: new[terms[1]], classes: classes)) }
            }
        }
        return (before, after)
    }

    private static func others(_ terms: [RetentionTerm]) -> [RetainedPart] {
        terms.filter { $0.matter != .records }.map { RetainedPart(term: $0, classes: []) }
    }
}

extension CalendarYear: Described {
    static let what = "节假日安排"
    var key: String { "\(year)" }
    var label: String { "\(year) 年" }

    func details(in book: PolicyBook) -> [Detail] {
        [Detail("文号", document), Detail("放假", .days(holidays)), Detail("调休上班", .days(workdays)), .confirmation(confirmed)]
    }

    static func consequence(ofAdding item: CalendarYear) -> String? { "\(item.year) 年的工作日期限不再是暂算" }
    static func consequence(ofRemoving item: CalendarYear) -> String? { "\(item.year) 年的工作日期限改为按周一至周五暂算" }

    func consequences(since old: CalendarYear, _ books: BookPair) -> [String] {
        holidays == old.holidays && workdays == old.workdays ? [] : ["经过这些日子的工作日期限将重新计算"]
    }
}
