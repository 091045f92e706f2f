/// Defects of indicators, rules, matters and forbidden attributes.
extension Defect {
    static let ofJudging: [Defect] = ofIndicators + ofRuleFiles + ofMatters + ofDatedItems

    private static let indicators = "indicators.yaml"

    private static let ofIndicators: [Defect] = [
        Defect("an indicator twice", indicators, "name: 在列数", "name: 罚款金额", at: "of: listings", says: "重复"),
        Defect("a name that rules cannot write", indicators, "name: 在列数", "name: 在列（数）", at: "在列（数）", says: "只用汉字、字母、数字和下划线"),
        Defect("the name of the day", indicators, "name: 在列数", "name: 今天", at: "name: 今天", says: "也不叫“今天”"),
        Defect("an unknown way of folding", indicators, "of: sum", "of: mean", at: "of: mean", says: "只能是 count、sum、latest、listings"),
        Defect("an unknown resource", indicators, "of: latest, resource: ZMD-03-0002", "of: latest, resource: ZMD-99-0001", at: "ZMD-99-0001", says: "目录里没有资源"),
        Defect("no resource", indicators, "of: latest, resource: ZMD-03-0002, field: CF_WFXW", "of: latest, field: CF_WFXW", at: "最近违法行为", says: "没有写明取自哪个资源"),
        Defect("an unknown field", indicators, "field: CF_WFXW", "field: CF_XX", at: "CF_XX", says: "没有字段“CF_XX”"),
        Defect("a sum of words", indicators, "of: sum, resource: ZMD-03-0002, field: CF_NR_FK", "of: sum, resource: ZMD-03-0002, field: CF_WFXW", at: "of: sum", says: "不是数，不能求和"),
        Defect("a count of a field", indicators, "of: count, resource: ZMD-03-0002", "of: count, field: CF_WFXW, resource: ZMD-03-0002", at: "of: count", says: "不需要 field"),
        Defect("an identifier as a figure", indicators, "field: CF_WFXW", "field: CF_XDR_SHXYM", at: "CF_XDR_SHXYM", says: "不在记录里"),
        Defect("a condition on a field that is not there", indicators, "处罚类别, ", "处罚种类, ", at: "处罚种类", says: "表达式"),
        Defect("a condition that is none", indicators, "'list contains(处罚类别, \"2\")'", "'违法行为类型'", at: "of: count", says: "表达式"),
        Defect("a condition that does not end", indicators, "'list contains(处罚类别, \"2\")'", "'list contains(处罚类别, '", at: "of: count", says: "没有写完"),
        Defect("a window that is none", indicators, "window: P24M, unit: 万元", "window: 两年, unit: 万元", at: "两年", says: "P3Y"),
        Defect("listings of an unknown list", indicators, "nature: serious-dishonesty", "lists: [worst]", at: "worst", says: "lists.yaml 没有名单"),
        Defect("listings of nothing", indicators, ", nature: serious-dishonesty", "", at: "在列数", says: "须写明 lists 或 nature 之一"),
        Defect("listings of a resource", indicators, "nature: serious-dishonesty", "nature: serious-dishonesty, resource: ZMD-03-0002", at: "在列数", says: "只写 lists 或 nature"),
        Defect("a forbidden attribute", FixtureBook.penaltyNext, "name: 违法行为类型", "name: 民族违法行为类型", at: "最近违法行为", in: indicators, says: "禁止使用的信息"),
        Defect("a forbidden attribute without a basis", "forbidden-attributes.yaml", "[{document: registration, article: 全文}]", "[]", at: "民族", says: "没有写明依据"),
    ]

    private static let rule = FixtureBook.rule

    private static let ofRuleFiles: [Defect] = [
        Defect("a rule without a basis", rule, "  - {document: registration, article: 全文}\n", "", at: "basis:", says: "“basis”是空的"),
        Defect("a rule on a notice of the city", rule, "document: registration", "document: city-notice", at: "basis:", says: "依据层级不够"),
        Defect("a rule of before its basis", rule, "from: 2022-03-01", "from: 2021-03-01", at: "basis:", says: "自 2021-03-01 起没有现行有效的依据"),
        Defect("a rule on an unknown document", rule, "document: registration", "document: nowhere", at: "basis:", says: "不在 documents.yaml 里").drawing(1),
        Defect("a rule without a measure", rule, "measure: CZ\n", "", at: "rule:", says: "没有写明措施"),
        Defect("a rule of an unknown measure", rule, "measure: CZ", "measure: XX", at: "measure: XX", says: "没有措施“XX”"),
        Defect("a punishment that rewards", rule, "measure: CZ", "measure: LS", at: "measure: LS", says: "不能用于惩戒规则"),
        Defect("a reward that punishes", rule, "kind: punish", "kind: reward", at: "measure: CZ", says: "不能用于激励规则"),
        Defect("a warning with a measure", rule, "kind: punish", "kind: warning", at: "measure: CZ", says: "不得附带措施"),
        Defect("a measure for others", "rules/other.yaml", nil, FixtureBook.files[FixtureBook.rule]?.replacing("applies: organisation", with: "applies: person").replacing("measure: CZ", with: "measure: ZR").replacing("punish.penalties", with: "punish.others") ?? "", at: "applies: person", says: "不适用于自然人"),
        Defect("a rule of no kind", rule, "kind: punish", "kind: fine", at: "kind: fine", says: "只能是 punish、reward、warning"),
        Defect("a rule without an issuer", rule, "issuer: 驻马店市市场监督管理局\n", "", at: "rule:", says: "缺少“issuer”"),
        Defect("a rule without a beginning", rule, "from: 2022-03-01", "from:", at: "from:", says: "“from”是空的"),
        Defect("a rule that ends before it begins", rule, "to:\n", "to: 2021-01-01\n", at: "to: 2021", says: "早于生效日期"),
        Defect("a rule without a version", rule, "version: 1\n", "", at: "rule:", says: "缺少“version”"),
        Defect("a rule that does not say what unknown means", rule, "on_unknown: manual\n", "", at: "rule:", says: "缺少“on_unknown”"),
        Defect("a rule that takes unknown for met", rule, "on_unknown: manual", "on_unknown: met", at: "on_unknown", says: "只能是 manual、not_met"),
        Defect("a rule without conditions", rule, "all:", "none:", at: "none:", says: "没有“none”这一项").drawing(1),
        Defect("conditions of one id", rule, "id: c2", "id: c1", at: "罚款较多", says: "用了两次"),
        Defect("a condition on an unknown name", rule, "'处罚次数 >= 3'", "'处罚数 >= 3'", at: "处罚数 >= 3", says: "第 1 个字符"),
        Defect("a condition of two types", rule, "'处罚次数 >= 3'", "'处罚次数 >= \"三\"'", at: "三次以上", says: "表达式"),
        Defect("a condition of two units", rule, "'处罚次数 >= 3'", "'处罚次数 >= 罚款金额'", at: "三次以上", says: "单位"),
        Defect("a condition that is no condition", rule, "'处罚次数 >= 3'", "'处罚次数 + 3'", at: "三次以上", says: "表达式"),
        Defect("a condition cut off", rule, "'处罚次数 >= 3'", "'处罚次数 >='", at: "三次以上", says: "没有写完"),
        Defect("a condition that says nothing", rule, ", say: 罚款较多", "", at: "罚款金额 >", says: "缺少“say”"),
        Defect("a test that fails", rule, "out: met, fired: [c1, c2]", "out: not_met, fired: [c1, c2]", at: "无证经营", says: "测试不通过：得到 met").drawing(1),
        Defect("a test of other clauses", rule, "out: met, fired: [c1, c2]", "out: met, fired: [c1]", at: "无证经营", says: "成立的条件是"),
        Defect("a test of an unknown name", rule, "{处罚次数: 3, 罚款金额: 2}", "{处罚数: 3, 罚款金额: 2}", at: "处罚数: 3", says: "不是指标"),
        Defect("a test of another type", rule, "{处罚次数: 3, 罚款金额: 2}", "{处罚次数: 三, 罚款金额: 2}", at: "处罚次数: 三", says: "类型不对"),
        Defect("a rule that no test meets", rule, "  - {in: {处罚次数: 3, 罚款金额: 2, 最近违法行为: 无证经营}, out: met, fired: [c1, c2]}\n", "", at: "tests:", says: "至少要有一个触发"),
        Defect("two versions at once", "rules/again.yaml", nil, FixtureBook.files[FixtureBook.rule]?.replacing("version: 1", with: "version: 2") ?? "", at: "from:", in: nil, says: "同时有效"),
    ]

    private static let matters = "matters.yaml"

    private static let ofMatters: [Defect] = [
        Defect("a matter without a basis", matters, "basis: [{document: registration, article: 全文}]", "basis: []", at: "XK-01", says: "不能作为用信事项"),
        Defect("a matter of before its basis", matters, "from: 2022-03-01", "from: 2020-01-01", at: "XK-01", says: "自 2020-01-01 起没有现行有效的依据"),
        Defect("a matter of nobody", matters, "bodies: [ZMD-SCJG]", "bodies: [ZMD-XX]", at: "ZMD-XX", says: "不认识单位"),
        Defect("a matter of an unknown purpose", matters, "purpose: XK", "purpose: XX", at: "purpose: XX", says: "不认识查询事由"),
        Defect("a matter by consent", matters, "purpose: XK", "purpose: RZ", at: "purpose: RZ", says: "须以法定职责为依据"),
        Defect("a matter that looks at an unknown list", matters, "lists: [bad]", "lists: [worst]", at: "worst", says: "不认识名单"),
        Defect("a matter that looks at an unknown resource", matters, "resources: [ZMD-03-0002]", "resources: [ZMD-99-0001]", at: "ZMD-99-0001", says: "不认识资源"),
        Defect("a matter that looks at nothing", matters, "lists: [bad], resources: [ZMD-03-0002], ", "", at: "XK-01", says: "没有写明可以查看"),
        Defect("a matter with an unknown measure", matters, "measures: [ZR]", "measures: [XX]", at: "XX", says: "不认识措施"),
        Defect("a matter with a measure for others", matters, "subjects: [organisation], lists", "subjects: [person], lists", at: "XK-01", says: "不适用于这个事项的申请人"),
    ]

    /// A second version of the fixture's first list, before its second.
    private static func again(_ from: String) -> String {
        "- {code: bad, version: 2, name: 严重失信名单, nature: serious-dishonesty, authority: 市场监管部门, resources: [], subjects: [organisation], public: true, term: P3Y, early: P1Y, "
            + "measures: [ZR, CZ], basis: [{document: registration, article: 全文}], \(from), to: , hearing: 5}\n- {code: watched"
    }

    /// Two versions of a further list, one after the other.
    private static func later(_ name: String, _ next: String, _ nature: String) -> String {
        "- {code: more, version: 1, name: \(name), nature: watch, authority: 信用中心, resources: [], subjects: [organisation], public: false, measures: [], basis: [{document: registration, "
            + "article: 全文}], from: 2023-01-01, to: 2023-12-31}\n- {code: more, version: 2, name: \(next), nature: \(nature), measures: [], "
            + "basis: [{document: registration, article: 全文}], from: 2024-01-01, to: }\n- {code: good, version: 1"
    }

    private static let ofDatedItems: [Defect] = [
        Defect("a list without a version", "lists.yaml", "code: watched, version: 1", "code: watched", at: "code: watched", says: "缺少“version”"),
        Defect("a measure without a version", "measures.yaml", "code: LS, version: 1", "code: LS", at: "code: LS", says: "缺少“version”"),
        Defect("a matter without a version", "matters.yaml", "code: XK-01, version: 1", "code: XK-01", at: "code: XK-01", says: "缺少“version”"),
        Defect("a measure that begins on no day", "measures.yaml", ", from: 2022-03-01, to: , confirmed", ", confirmed", at: "code: LS", says: "缺少“from”"),
        Defect("a measure that ends before it begins", "measures.yaml", "to: , confirmed", "to: 2022-01-01, confirmed", at: "code: LS", says: "早于生效日期"),
        Defect("two versions of a list at once", "lists.yaml", "- {code: watched", again("from: 2023-01-01"), at: "version: 2", says: "同时有效"),
        Defect("a version of a list twice", "lists.yaml", "- {code: watched", again("from: 2023-01-01").replacing("version: 2", with: "version: 1"), at: "from: 2023-01-01", says: "重复"),
        Defect("a version of another nature", "lists.yaml", "- {code: good, version: 1", later("重点关注二", "重点关注二", "red, authority: 信用中心, resources: [], subjects: [organisation], public: false, term: P1Y"), at: "from: 2024-01-01", says: "性质改变"),
        Defect("a version of another name", "lists.yaml", "- {code: good, version: 1", later("重点关注二", "重点关注三", "watch, authority: 信用中心, resources: [], subjects: [organisation], public: false"), at: "from: 2024-01-01", says: "各版名称相同"),
    ]
}
