/// Defects of what a resource says of itself, and of versions.
extension Defect {
    private static let enterprise = FixtureBook.enterprise
    private static let penalty = FixtureBook.penalty
    private static let next = FixtureBook.penaltyNext
    private static let debtor = FixtureBook.debtor

    static let ofResources: [Defect] = [
        Defect("a code of another form", debtor, "code: ZMD-02-0001", "code: SXBZXR", at: "code:", says: "ZMD-类别两位-序号"),
        Defect("a code of another class", debtor, "code: ZMD-02-0001", "code: ZMD-05-0001", at: "code:", says: "与类别 2 不一致"),
        Defect("a file in the folder of another class", "catalogue/07-contract/debtor.yaml", nil, (FixtureBook.files[debtor] ?? "").replacing("ZMD-02-0001", with: "ZMD-02-0009").replacing("201", with: "209"), at: "class:", says: "文件在目录 07-contract 下"),
        Defect("an unknown class", debtor, "class: 2", "class: 14", at: "class:", says: "1 至 13"),
        Defect("an unknown sector", penalty, "sectors: [食品药品]", "sectors: [食品]", at: "sectors", says: "不认识领域“食品”：只能是 食品药品、中小企业"),
        Defect("an unknown provider", enterprise, "providers: [ZMD-SCJG]", "providers: [ZMD-XXJ]", at: "providers", says: "不认识报送单位“ZMD-XXJ”"),
        Defect("an unknown kind of provider", enterprise, "providers: [ZMD-SCJG]", "providers: [kind:department]", at: "providers", says: "只能是 kind:city-department"),
        Defect("a kind of provider without a body", enterprise, "providers: [ZMD-SCJG]", "providers: [kind:utility]", at: "providers", says: "没有一个“utility”"),
        Defect("no provider", enterprise, "providers: [ZMD-SCJG]", "providers: []", at: "providers", says: "没有写报送单位"),
        Defect("a validity that ends before it begins", penalty, "validTo: 2023-12-31", "validTo: 2018-12-31", at: "validTo", says: "早于有效期起").drawing(1),
        Defect("no basis", enterprise, "basis:\n  - {document: registration, article: 第八条}", "basis: []", at: "basis", says: "没有法律依据，不能列入目录"),
        Defect("an unknown document", enterprise, "document: registration", "document: registration-2", at: "registration-2", says: "不在 documents.yaml 里"),
        Defect("an article that the document lacks", debtor, "第四十八条", "第九十九条", at: "第九十九条", says: "已登记 第四十八条"),
        Defect("a basis that begins too late", enterprise, "validFrom: 2022-03-01", "validFrom: 2022-02-01", at: "basis:", says: "自 2022-02-01 起没有现行有效的依据"),
        Defect("a basis that was repealed meanwhile", penalty, "  - {document: penalty-law, article: 第四十八条}\n", "", at: "basis:", says: "自 2021-07-15 起没有现行有效的依据"),
        Defect("a basis that is never in force", debtor, "basis:\n", "basis:\n  - {document: penalty-law-2017, article: 第一条}\n", at: "penalty-law-2017", says: "没有重合"),
        Defect("persons in public", debtor, "disclosure: shared", "disclosure: public", at: "disclosure", says: "自然人信息不得向社会公开"),
        Defect("nothing that identifies persons", penalty, "subject: organisation", "subject: either", at: "subject", says: "没有能标识自然人的字段"),
        Defect("a register of persons", enterprise, "subject: organisation", "subject: either", at: "registers", says: "只用于法人和非法人组织").drawing(1),
        Defect("a register without names", enterprise, "required: true, role: name", "required: true", at: "registers", says: "没有名称字段"),
        Defect("a register of mere names", enterprise, "identification: required", "identification: nameAllowed", at: "identification", says: "必须有标识"),
    ]

    static let ofVersions: [Defect] = [
        Defect("a number of another resource", enterprise, "number: 101", "number: 201", at: "number:", in: debtor, says: "编号 201 已被 ZMD-01-0001 使用"),
        Defect("a version with another number", next, "number: 302", "number: 303", at: "number:", in: penalty, says: "编号在 catalogue/03-administration/penalty-v2.yaml 里是 303"),
        Defect("a version twice", next, "version: 2", "version: 1", at: "version:", in: penalty, says: "第 1 版与 catalogue/03-administration/penalty-v2.yaml 重复"),
        Defect("versions that overlap", penalty, "validTo: 2023-12-31", "validTo: 2024-06-30", at: "validFrom", in: next, says: "写 validTo: 2023-12-31"),
        Defect("a version that never ends before the next", penalty, "validTo: 2023-12-31", "validTo:", at: "validFrom", in: next, says: "有效期重叠"),
    ]
}
