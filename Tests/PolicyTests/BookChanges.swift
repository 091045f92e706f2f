/// Changes of the fixture book in one place each.
extension BookChange {
    static let ofLists: [BookChange] = [
        BookChange("lists.yaml", "term: P3Y", "term: P18M", "修改　名单“严重失信名单”（bad）", "  期限：3年 → 18个月（缩短）"),
        BookChange("lists.yaml", "term: P2Y", "term: P1095D", "修改　名单“红名单”（good）", "  期限：2年 → 1095天（延长）"),
        BookChange("lists.yaml", "term: P3Y, early: P1Y, ", "", "修改　名单“严重失信名单”（bad）", "  期限：3年 → 以决定为准", "  最早可提前移出：1年 → 不可提前"),
        BookChange("lists.yaml", "measures: [ZR, CZ]", "measures: [CZ]", "修改　名单“严重失信名单”（bad）", "  措施：限制准入（ZR）、限制财政资金（CZ） → 限制财政资金（CZ）（去掉 限制准入（ZR））"),
        BookChange("lists.yaml", "measures: [ZR, CZ]", "measures: [CZ, ZR]", "修改　名单“严重失信名单”（bad）", "  措施：限制准入（ZR）、限制财政资金（CZ） → 限制财政资金（CZ）、限制准入（ZR）（只是顺序不同）"),
        BookChange("lists.yaml", "public: true", "public: false", "修改　名单“严重失信名单”（bad）", "  对外公示：是 → 否（名单不再对外公示）"),
        BookChange("lists.yaml", "to: 2030-01-01", "to: 2028-12-31", "修改　名单“红名单”（good）", "  失效日期：2030-01-01 → 2028-12-31（2029-01-01 起失效）"),
        BookChange("lists.yaml", "to: 2030-01-01", "to: ", "修改　名单“红名单”（good）", "  失效日期：2030-01-01 → 长期（延后）"),
        BookChange("lists.yaml", "市场监管部门, resources: []", "市场监管部门, resources: [ZMD-01-0001]", "修改　名单“严重失信名单”（bad）", "  数据来源：（无） → 企业登记信息（ZMD-01-0001）"),
        BookChange("national-measures.yaml", "effect: reduces-rights, subjects: [organisation]", "effect: reduces-rights, subjects: [organisation, person]", "修改　国家清单措施第 1 项“限制市场准入”", "  适用主体：法人和非法人组织 → 法人和非法人组织、自然人（增加 自然人）"),
        BookChange("measures.yaml", "item: 6, effect: administrative", "item: 6, effect: market", "修改　措施“限制财政资金”（CZ）", "  影响：管理措施 → 市场主体自主措施（减轻）"),
        BookChange("measures.yaml", "departments: [ZMD-SCJG]", "departments: [kind:court]", "修改　措施“限制准入”（ZR）", "  责任单位：驻马店市市场监督管理局 → 全部人民法院（增加 全部人民法院；去掉 驻马店市市场监督管理局）"),
        BookChange("measures.yaml", "on: 2026-01-05}", "on: }", "修改　措施“绿色通道”（LS）", "  确认：信用办，2026-01-05已确认 → 信用办，待确认"),
        BookChange("purposes.yaml", "users: [window-clerk], case: required", "users: [window-clerk], case: none", "修改　查询事由“行政许可核查”（XK）", "  须填案号：是 → 否（查询时不再要求案号）"),
        BookChange("purposes.yaml", "users: [window-clerk], case: required", "users: [window-clerk], clear: true, case: required", "修改　查询事由“行政许可核查”（XK）", "  显示完整证件号码：否 → 是（自然人的证件号码不再遮掩）"),
        BookChange("purposes.yaml", "consentDays: 365", "consentDays: 30", "修改　查询事由“融资”（RZ）", "  授权最长期限：365天 → 30天（缩短）"),
        BookChange("retention.yaml", "years: 5, basis", "years: 3, basis", "修改　保存期限“第 1、2、3 类自然人记录”", "  期限：5年 → 3年（缩短）"),
        BookChange("retention.yaml", "classes: [1, 2, 3], subject: organisation, basis", "classes: [1, 2, 3], subject: organisation, years: 10, basis", "修改　保存期限“第 1、2、3 类法人和非法人组织记录”", "  期限：到撤回为止 → 10年（缩短）"),
        BookChange("retention.yaml", "{kept: files, years: 3, basis: [{document: registration, article: 全文}]}", "{kept: files, years: 3, basis: [{document: registration, article: 全文}], confirmed: {owner: 信用办, on: 2026-02-01}}", "修改　保存期限“报送文件和退回文件”", "  确认：（无） → 信用办，2026-02-01已确认", "  ※ 期限已经确认，到期的内容将被清除"),
        BookChange("retention.yaml", "- {kept: records, classes: [1, 2, 3], subject: person, years: 5, basis: [{document: registration, article: 全文}]}", "- {kept: records, classes: [1, 3], subject: person, years: 5, basis: [{document: registration, article: 全文}]}\n- {kept: records, classes: [2], subject: person, years: 7, basis: [{document: registration, article: 全文}]}", "修改　保存期限“第 2 类自然人记录”", "  期限：5年 → 7年（延长）"),
        BookChange("calendar.yaml", "2026-10-01/2026-10-07", "2026-10-01/2026-10-08", "修改　节假日安排2026 年", "  放假：增加 2026-10-08", "  ※ 经过这些日子的工作日期限将重新计算"),
        BookChange("calendar.yaml", ", workdays: [2025-09-28, 2025-10-11]", "", "修改　节假日安排2025 年", "  调休上班：2025-09-28、2025-10-11 → （无）", "  ※ 经过这些日子的工作日期限将重新计算"),
        BookChange("calendar.yaml", "- {year: 2025, document: 国办发明电〔2024〕12号, holidays: [2025-01-01, 2025-10-01/2025-10-08], workdays: [2025-09-28, 2025-10-11]}\n", "", "删去　节假日安排2025 年", "  ※ 2025 年的工作日期限改为按周一至周五暂算"),
    ]

    static let ofHeads: [BookChange] = [
        BookChange("documents.yaml", "issuer: 国务院\n  from: 2022-03-01", "issuer: 国家\n  from: 2022-03-01", "修改　法律文件《市场主体登记管理条例》", "  制定机关：国务院 → 国家"),
        BookChange("documents.yaml", "from: 2020-01-01", "from: 2020-01-01, to: 2027-06-30, note: 已到期", "修改　法律文件《市级通知》", "  失效日期：长期 → 2027-06-30（2027-07-01 起失效）", "  备注：（无） → 已到期"),
        BookChange("documents.yaml", "- {id: city-notice", "- {id: another, title: 另一通知, level: rule, issuer: 某部, from: 2024-01-01}\n- {id: city-notice", "新增　法律文件《另一通知》", "  标题：另一通知", "  效力级别：部门规章", "  制定机关：某部", "  施行日期：2024-01-01", "  失效日期：长期"),
        BookChange("sectors.yaml", "- {name: 食品药品}", "- {name: 食品药品}\n- {name: 交通}", "新增　领域“交通”"),
        BookChange("regions.yaml", "formerCodes: [\"412824\"]", "formerCodes: [\"412824\", \"412899\"]", "修改　区划“西平县”（411721）", "  原代码：412824 → 412824、412899（增加 412899）"),
        BookChange("regions.yaml", "\n- {code: \"411771\", name: 经济开发区, parent: \"411700\", zone: true}", "", "删去　区划“经济开发区”（411771）", "  ※ 填写此区划的行将被退回"),
        BookChange("organisations.yaml", "kind: county-department", "kind: city-department", "修改　单位“西平县市场监督管理局”（XP-SCJG）", "  类别：县（区）部门 → 市级部门"),
        BookChange("organisations.yaml", "kind: court, uscc: 124117004190000189", "kind: city-department, uscc: 124117004190000189", "修改　单位“驻马店市中级人民法院”（ZMD-ZY）", "  类别：人民法院 → 市级部门", "  ※ 可以多报送 ZMD-03-0002"),
        BookChange("organisations.yaml", "aliases: [市市场监管局]", "aliases: [市监局]", "修改　单位“驻马店市市场监督管理局”（ZMD-SCJG）", "  别名：市市场监管局 → 市监局（增加 市监局；去掉 市市场监管局）"),
        BookChange("codesets/penalty-category.yaml", "\n  - {code: \"3\", name: 没收违法所得}", "", "修改　代码集“处罚类别”（penalty-category）", "  代码值：3 个 → 2 个", "  删去　代码值“没收违法所得”（3）", "    ※ 填写此值的行将被退回，已入库的记录只显示代码 3"),
        BookChange("codesets/penalty-category.yaml", "aliases: [处以罚款]", "aliases: [罚金]", "修改　代码集“处罚类别”（penalty-category）", "  修改　代码值“罚款”（2）", "    其他写法：处以罚款 → 罚金（增加 罚金；去掉 处以罚款）"),
        BookChange("codesets/penalty-category.yaml", "open: true", "open: false", "修改　代码集“处罚类别”（penalty-category）", "  接受“其他”开头的取值：是 → 否（表外取值的行将被退回）"),
    ]

    static let ofResources: [BookChange] = [
        BookChange(FixtureBook.debtor, "disclosure: shared", "disclosure: sensitive", "修改　目录项“失信被执行人（自然人）”（ZMD-02-0001 第 1 版）", "  公开范围：共享 → 敏感（收紧）"),
        BookChange(FixtureBook.debtor, "cadence: weekly", "cadence: daily", "修改　目录项“失信被执行人（自然人）”（ZMD-02-0001 第 1 版）", "  更新周期：每周 → 每日"),
        BookChange(FixtureBook.debtor, "providers: [ZMD-ZY]", "providers: [ZMD-ZY, kind:court]", "修改　目录项“失信被执行人（自然人）”（ZMD-02-0001 第 1 版）", "  报送单位：驻马店市中级人民法院 → 驻马店市中级人民法院、全部人民法院（增加 全部人民法院）"),
        BookChange(FixtureBook.debtor, "validFrom: 2022-01-01", "validFrom: 2022-01-01\nvalidTo: 2027-12-31", "修改　目录项“失信被执行人（自然人）”（ZMD-02-0001 第 1 版）", "  有效期止：长期 → 2027-12-31（2028-01-01 起失效）"),
        BookChange(FixtureBook.debtor, "name: 发布日期, type: date}", "name: 发布日期, type: date, required: true}", "修改　目录项“失信被执行人（自然人）”（ZMD-02-0001 第 1 版）", "  修改　字段“发布日期”（FBRQ）", "    必填：否 → 是（空着的行将被退回）"),
        BookChange(FixtureBook.debtor, "requiredWhen: {absent: SFZH}", "note: 选填", "修改　目录项“失信被执行人（自然人）”（ZMD-02-0001 第 1 版）", "  修改　字段“证件号码”（ZJHM）", "    必填条件：没有「公民身份号码」时必填 → （无）", "    备注：（无） → 选填"),
        BookChange(FixtureBook.debtor, "name: 案号, type: text, required: true}", "name: 案号, type: text, length: 50, sensitivity: internal, required: true}", "修改　目录项“失信被执行人（自然人）”（ZMD-02-0001 第 1 版）", "  修改　字段“案号”（AH）", "    最大长度：不限 → 50 字（更长的行将被退回）", "    敏感程度：公开 → 内部（更严）"),
        BookChange(FixtureBook.enterprise, "  - {code: XZQH, name: 行政区划, type: code, codeSet: region, role: region}", "  - {code: XZQH, name: 行政区划, type: text, role: region}", "修改　目录项“企业登记信息”（ZMD-01-0001 第 1 版）", "  修改　字段“行政区划”（XZQH）", "    类型：代码（行政区划） → 文本"),
        BookChange(FixtureBook.debtor, "  - {code: FBRQ, name: 发布日期, type: date}", "  - {code: FBRQ, name: 发布日期, type: date}\n  - {code: BZ, name: 备注, type: text, required: true}", "修改　目录项“失信被执行人（自然人）”（ZMD-02-0001 第 1 版）", "  字段：6 个 → 7 个", "  新增　字段“备注”（BZ）", "    名称：备注", "    类型：文本", "    最大长度：不限", "    必填：是", "    可填多个值：否", "    敏感程度：公开", "    ※ 没有这一列的文件将被退回", "  ※ 存档格式随之改变，按此版本已入库的记录将无法读出：不要改动这一版，请另立新版本"),
        BookChange(FixtureBook.debtor, "  - {code: AH, name: 案号, type: text, required: true}\n  - {code: FBRQ, name: 发布日期, type: date}", "  - {code: FBRQ, name: 发布日期, type: date}\n  - {code: AH, name: 案号, type: text, required: true}", "修改　目录项“失信被执行人（自然人）”（ZMD-02-0001 第 1 版）", "  ※ 字段的先后次序不同，模板的列次随之改变"),
        BookChange(FixtureBook.penaltyNext, "check: [min 0, max 999999]", "check: [min 0, max 100]", "修改　目录项“行政处罚信息”（ZMD-03-0002 第 2 版）", "  修改　字段“罚款金额（万元）”（CF_NR_FK）", "    检查：不小于 0、不大于 999999 → 不小于 0、不大于 100（增加 不大于 100；去掉 不大于 999999）"),
    ]
}
