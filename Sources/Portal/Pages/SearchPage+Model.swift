import Identifiers
import Policy
import Registry

extension SearchPage {
    static let size = 20

    /// Why a text is not searched for; nil if it is.
    static func refusal(_ query: String, on today: CivilDate) -> Notice? {
        let bytes = Array(query.utf8)
        if let identifier = Identifier.recognise(bytes.span, on: today), identifier.kind.subjectKind == .person {
            return Notice(
                tone: "warn", title: "不提供自然人公开查询", text: "这像是个人证件号码。公开查询只有法人和非法人组织；请不要在网址中输入他人的证件号码。")
        }
        if Text.searchForm(query).unicodeScalars.count < 2 {
            return Notice(tone: "info", title: "请再多输入一些", text: "名称至少两个字；也可以输入完整的统一社会信用代码、注册号或组织机构代码。")
        }
        return nil
    }

    init(query: String, hint: Notice?, shell: Shell) {
        self.init(shell: shell, query: query, hint: hint, result: nil)
    }

    init(query: String, found: OrganisationSearch, page: Int, words: OrganisationWords, shell: Shell) {
        self.init(shell: shell, query: query, hint: nil, result: nil)
        guard found.total > 0 else {
            hint = Notice(tone: "info", title: "没有找到", text: "请换用名称中更短、更有特征的部分，或核对代码后再试。平台上没有记录的单位查不到。")
            return
        }
        if found.isCapped {
            hint = Notice(tone: "info", title: "结果太多", text: "只列出最接近的 \(Figures.grouped(found.total)) 家；请多输入几个字，缩小范围。")
        }
        result = Result(
            total: found.isCapped ? "超过 \(Figures.grouped(found.total)) 家" : "共 \(Figures.grouped(found.total)) 家",
            hits: found.hits.map { Hit($0, words: words) },
            pager: Pager(page: page, size: Self.size, count: found.total, unit: "家") { "/search?q=\(PercentCoding.encode(query))&page=\($0)" })
    }
}

extension SearchPage.Hit {
    init(_ hit: OrganisationHit, words: OrganisationWords) {
        let (code, kind) = words.code(hit.organisation)
        self.init(
            name: words.name(hit.organisation), href: "/subjects/\(hit.organisation.key)", code: code, codeKind: kind,
            status: words.status(hit.organisation), region: words.region(hit.organisation),
            formerName: hit.isFormerName ? hit.matchedName : nil)
    }
}

/// An organisation's facts in words.
struct OrganisationWords: Sendable {
    let book: PolicyBook

    /// Its name, or what stands for it where nobody gave one.
    func name(_ organisation: Organisation) -> String { organisation.name.isEmpty ? "（未见名称）" : organisation.name }

    /// The code that identifies it best, and what kind of code that is.
    func code(_ organisation: Organisation) -> (String, String) {
        if let code = organisation.uscc { return (code, IdentifierKind.unifiedSocialCreditCode.name) }
        if let code = organisation.registrationNumber { return (code, IdentifierKind.registrationNumber.name) }
        if let code = organisation.organisationCode { return (code, IdentifierKind.organisationCode.name) }
        return ("–", "没有代码")
    }

    func region(_ organisation: Organisation) -> String {
        organisation.region.map { book.region($0)?.name ?? $0 } ?? "–"
    }

    /// 登记状态 as word and shape; nil where no registration is known.
    func status(_ organisation: Organisation) -> Tag? {
        guard let stored = organisation.status, !stored.isEmpty else { return nil }
        let word = book.registrationStatuses[stored] ?? stored
        if ["吊销", "撤销", "异常", "停业"].contains(where: word.contains) { return Tag(word, .bad) }
        if ["注销", "迁出", "歇业", "清算"].contains(where: word.contains) { return Tag(word, .plain) }
        return Tag(word, ["存续", "在业", "在营", "开业", "正常"].contains(where: word.contains) ? .good : .plain)
    }
}
