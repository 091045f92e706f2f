@testable import Portal

extension Sample {
    static let person = PersonForm(
        token: "67a1.0123", kinds: [Choice(value: "citizenNumber", label: "居民身份证", selected: true)],
        message: Notice(tone: "warn", title: "没有找到", text: "平台没有这个号码的任何记录。"))

    static func delivery(_ number: Int, _ state: Tag, rejected: Int) -> DeliveryLine {
        DeliveryLine(
            number: "\(number)", href: "/staff/deliveries/\(number)", resource: "行政处罚信息（法人和非法人组织）", provider: "驻马店市市场监督管理局",
            fileName: "行政处罚_法人_2026年01月（补报）.xlsx", received: "2026-02-01 08:31", state: state, rows: Figures.grouped(12_031),
            accepted: Figures.grouped(12_031 - rejected), rejected: Figures.grouped(rejected),
            rejectionsHref: rejected > 0 ? "/staff/deliveries/\(number)/rejections" : nil)
    }

    static let lines = [
        delivery(612, Tag("处理中", .busy), rejected: 0), delivery(611, Tag("已入库", .good), rejected: 204), delivery(610, Tag("未受理", .bad), rejected: 0),
        delivery(609, Tag("已撤回", .plain), rejected: 0),
    ]

    static let staffHome = StaffHomePage(
        shell: staff("工作台", "/staff", current: "/staff", crumbs: nil), counts: counts, cutoff: "截至 2026-11-23 10:00:00", lines: lines, hasRecent: true, mayDeliver: true,
        person: PersonForm(token: "t", kinds: person.kinds, message: nil))

    static let personPage = PersonPage(shell: staff("查自然人", "/staff/persons", current: "/staff/persons"), person: person)

    static let deliveries = DeliveriesPage(
        shell: staff("报送批次", "/staff/deliveries", current: "/staff/deliveries"), providers: [Choice(value: "", label: "全部单位", selected: true)],
        resources: [Choice(value: "", label: "全部资源", selected: true)], states: [Choice(value: "", label: "全部状态", selected: true)], isFiltered: true,
        lines: lines, isEmpty: false, pager: Pager(page: 1, size: 20, count: 612, unit: "批") { "/staff/deliveries?page=\($0)" })

    static func newDelivery(faulty: Bool) -> NewDeliveryPage {
        NewDeliveryPage(
            shell: staff(faulty ? "错误：新建报送" : "新建报送", "/staff/deliveries/new", current: "/staff/deliveries/new"), token: "t",
            errors: faulty ? .init(links: [Link(label: "请选择要上传的文件", href: "#file")]) : nil,
            resources: [.init(label: "03 行政管理信息", choices: [Choice(value: "ZMD-03-0002", label: "行政处罚信息（法人和非法人组织）", selected: faulty)])],
            providers: [.init(label: "市级部门", choices: [Choice(value: "ZMD-SCJG", label: "驻马店市市场监督管理局", selected: faulty)])],
            resourceError: nil, providerError: nil, fileError: faulty ? "请选择要上传的文件" : nil, limit: "4.0 GB")
    }

    static let receipt = ReceiptPage(
        shell: staff("第 611 批", "/staff/deliveries/611", crumbs: [Link(label: "报送批次", href: "/staff/deliveries")]), number: "611",
        state: Tag("已入库", .good), notice: Notice(tone: "info", title: "同一文件以前已经报送", text: "这是第一次报送时的回执，没有重复入库。"),
        figures: .init(
            rows: "12,031", accepted: "11,827", rejected: "204", suspended: "31", doubtful: "12", unchanged: nil, acceptedShare: "98.3"),
        facts: [
            Fact("资源", "行政处罚信息（法人和非法人组织）", href: "/catalogue/ZMD-03-0002"), Fact("报送单位", "驻马店市市场监督管理局"),
            Fact("文件", "行政处罚_法人_2026年01月（补报）.xlsx"), Fact("大小", "3.2 MB"), Fact("收到时间", "2026-02-01 08:31:09"),
            Fact("获知时间", "2026-02-01 08:31:11"), Fact("方式", "网页上传"),
            Fact("文件摘要（SM3）", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ],
        rejections: .init(
            count: "204", href: "/staff/deliveries/611/rejections", csv: "/staff/deliveries/611/rejected.csv",
            xlsx: "/staff/deliveries/611/rejected.xlsx"), withdrawal: .init(action: "/staff/deliveries/611/withdrawal", token: "t"))

    static let progress = ProgressPage(
        shell: staff("第 612 批", "/staff/deliveries/612", crumbs: [Link(label: "报送批次", href: "/staff/deliveries")]), number: "612",
        fileName: "行政处罚_法人_2026年01月（补报）.xlsx", resource: "行政处罚信息（法人和非法人组织）",
        stages: [
            .init(id: "接收", label: "接收", state: "已完成", shape: "●", tone: "done"), .init(id: "解码校验", label: "解码校验", state: "进行中", shape: "◐", tone: "now"),
            .init(id: "主体归档", label: "主体归档", state: "等待", shape: "○", tone: "later"), .init(id: "入库", label: "入库", state: "等待", shape: "○", tone: "later"),
        ], done: "120,000", total: "约 310,000", percent: "38", remaining: "8 秒", events: "/staff/deliveries/612/progress",
        receipt: "/staff/deliveries/612")

    static let rejections = RejectionsPage(
        shell: staff(
            "退回明细", "/staff/deliveries/611/rejections",
            crumbs: [Link(label: "报送批次", href: "/staff/deliveries"), Link(label: "第 611 批", href: "/staff/deliveries/611")]), number: "611",
        summary: "总行 12,031，入库 11,827，退回 204。",
        causes: [
            .init(
                message: "日期不存在", field: "处罚决定日期", count: "120", cure: "请按 2026-01-31 的样子填写实际日期", href: "/staff/deliveries/611/rejections?cause=1",
                current: "true"),
            .init(message: "校验位不对", field: "统一社会信用代码", count: "96", cure: "请与登记证照核对，逐位检查", href: "?cause=2", current: nil),
        ], chosen: "处罚决定日期 日期不存在", allHref: "/staff/deliveries/611/rejections",
        rows: [
            .init(
                row: "17", line: "20",
                faults: [
                    .init(field: "处罚决定日期", value: "2021-13-01", message: "日期不存在", cure: "请按 2026-01-31 的样子填写实际日期"),
                    .init(field: "行政相对人名称", value: nil, message: "必填项为空", cure: "请补填"),
                ])
        ], isEmpty: false, pager: Pager(page: 1, size: 20, count: 120, unit: "行") { "?page=\($0)" }, csv: "/staff/deliveries/611/rejected.csv",
        xlsx: "/staff/deliveries/611/rejected.xlsx", receiptHref: "/staff/deliveries/611")

    static let source = SourcePage(
        shell: staff("来源行", "/staff/records/42-17/source", crumbs: [Link(label: "记录 42-17", href: "/records/42-17")]), recordID: "42-17",
        recordHref: "/records/42-17",
        facts: [
            Fact("报送批次", "第 42 批", href: "/staff/deliveries/42"), Fact("文件", "行政处罚_法人_202601.csv"), Fact("格式", "CSV（GB18030）"),
            Fact("行", "第 17 行（文件第 18 行）"), Fact("报送单位", "驻马店市市场监督管理局"),
        ], notice: Notice(tone: "good", title: "文件与摘要一致", text: "刚刚重新读取了保存的文件，SM3 与收到时相同。"),
        columns: (1...12).map { .init(number: $0, title: ["行政相对人名称", "统一社会信用代码", "决定文书号", "处罚决定日期"][($0 - 1) % 4]) },
        lines: (15...21).map { line in
            .init(
                line: "\(line)", isSource: line == 18, tone: line == 18 ? "source-line" : nil,
                cells: (1...12).map { ["驻马店市天中商贸有限公司", "91411700MA00000A9C", "驻市监处罚〔2026〕117号", "2026/1/17"][($0 - 1) % 4] })
        },
        mappings: [
            .init(number: "1", title: "行政相对人名称", raw: "驻马店市天中商贸有限公司", field: "行政相对人名称", code: "CF_XDR_MC", read: "用于认定主体"),
            .init(number: "4", title: "处罚决定日期", raw: "2026/1/17", field: "处罚决定日期", code: "CF_JDRQ", read: "2026-01-17"),
        ])

    static let coverage = CoveragePage(
        shell: staff("归集与覆盖", "/staff/coverage", current: "/staff/coverage"), cutoff: "截至 2026-11-23 10:00:00", counts: counts,
        departments: [
            .init(
                name: "驻马店市市场监督管理局", href: "/staff/deliveries?provider=ZMD-SCJG", resources: "9 / 12", share: "75.0%", percent: 75, deliveries: "108",
                rows: "402,118", accepted: "399,020", rejected: "3,098", rejectedShare: "0.8%", last: "2026-11-22 18:02"),
            .init(
                name: "西平县人民政府", href: "/staff/deliveries?provider=ZMD-XP", resources: "0 / 4", share: "0.0%", percent: 0, deliveries: "0", rows: "0",
                accepted: "0", rejected: "0", rejectedShare: "–", last: "从未报送"),
        ],
        counties: [
            .init(name: "驿城区", registered: "5,210", covered: "3,904", share: "74.9%", percent: 75),
            .init(name: "西平县", registered: "2,004", covered: "1,120", share: "55.9%", percent: 56),
        ])

    /// Every page by the name of its file.
    static let all: [(String, any Page)] = [
        ("home", home), ("about", about), ("error", error), ("search", search), ("search-hint", searchHint), ("subject", subject(staff: false)),
        ("staff-subject", subject(staff: true)), ("record", record), ("catalogue", catalogue), ("resource", resource), ("staff-home", staffHome),
        ("person", personPage), ("deliveries", deliveries), ("delivery-new", newDelivery(faulty: false)), ("delivery-error", newDelivery(faulty: true)),
        ("receipt", receipt), ("progress", progress), ("rejections", rejections), ("source", source), ("coverage", coverage), ("table", table), ("empty-table", emptyTable),
        ("login", login), ("ledger", ledger), ("verification", verification(answered: false)), ("answer", verification(answered: true)), ("embedded", embedded),
        ("embedded-wait", EmbeddedPage(shell: open("信用核查", "/embed/verification"), waits: true, watermark: "")),
        ("lists", lists),
    ]

    static let embedded = EmbeddedPage(
        shell: open("信用核查单", "/embed/verification"), notice: Notice(tone: "bad", title: "反馈不完整", text: "请写明理由"), waits: false,
        answer: verification(answered: true).answer, relay: .init(origin: "https://sp.example.gov.cn", message: #"{"type":"verdict"}"#), watermark: "某局 王经办 2026-06-15")

    static func verification(answered: Bool) -> VerificationPage {
        let form = FormView(action: "/staff/verification", token: "t", fields: [FieldView("identifier", "代码", error: "校验码不符")], button: "核查")
        let hit = AnswerView.HitView(
            title: "重大税收违法失信主体", tag: Tag("严重失信主体名单", .bad), facts: [Fact("依据", "《重大税收违法失信主体信息公布管理办法》第六条")],
            measures: [.init(name: "限制参加政府采购活动", effect: "减损权益", basis: "《政府采购法》第二十二条", departments: "市级部门")], hasMeasures: true,
            clauses: [.init(says: "列入名单", state: "成立", values: "在列数：1")], hasClauses: true)
        let answer = AnswerView(
            tag: Tag("依法限制", .bad), summary: "命中一项", facts: [Fact("办件号", "C-1")], hits: [hit], hasHits: true, advice: "由承办人决定",
            outcomes: [Fact("2026-06-15 某人", "适用")], hasOutcomes: true, outcome: form, next: Link(label: "下一件", href: "/staff/verification"))
        let line = VerificationPage.CaseLine(
            number: "7", href: "/staff/verification/7", time: "10:00:00", matter: "政府采购", caseNumber: "C-1", verdict: Tag("可办理", .good), outcome: "待反馈")
        return VerificationPage(
            shell: staff("信用核查", "/staff/verification"), notice: answered ? nil : Notice(tone: "bad", title: "代码有误", text: "请核对"),
            form: answered ? nil : form, answer: answered ? answer : nil, today: answered ? [] : [line], hasToday: !answered)
    }

    static let lists = ListsPage(
        shell: open("名单公示", "/lists"), intro: "只公示法人和非法人组织", columns: ["名单"],
        rows: [.init(cells: [.init("失信被执行人", href: "/lists/debtor"), .init("3")])], empty: "没有", pager: Pager(page: 1, size: 1, count: 2, unit: "家") { "/lists?page=\($0)" })

    static let table = TablePage(
        staff("账号", "/admin/accounts"), intro: "系统管理员建立账号，安全管理员审批和停用。", notice: Notice(tone: "good", title: "已提交审批", text: "初始口令：x"),
        filter: FormView(action: "/audit/events", token: "", fields: [FieldView("actor", "账号", required: false)], button: "筛选"),
        exports: [Link(label: "导出 CSV", href: "/audit/events.csv")], columns: ["账号", "状态"],
        rows: [
            .init(
                cells: [.init("tianbao", href: "/x"), .init("", tag: Tag("正常", .good))],
                acts: [.init(action: "/admin/accounts/1/reset", token: "t", label: "重置口令", fields: [FieldView("finding", "核实结论", error: "必填", suffix: "-1")])])
        ], empty: "没有", pager: Pager(page: 2, size: 50, count: 120, unit: "条") { "/audit/events?page=\($0)" },
        form: FormView(
            title: "新建账号", note: "须审批。", action: "/admin/accounts", token: "t", hidden: [.init(name: "back", value: "/")],
            fields: [
                FieldView("login", "账号", hint: "小写"), FieldView("body", "单位", choices: [Choice(value: "a", label: "甲", selected: true)]),
                FieldView("key", "公钥", type: "textarea"),
            ], button: "提交"))

    static let emptyTable = TablePage(staff("审计日志", "/audit/events"), columns: ["序号"], rows: [], empty: "没有符合条件的记录。")

    static let login = LoginPage(
        shell: open("登录", "/login"), notice: Notice(tone: "bad", title: "账号或口令不对", text: "请核对后重试"),
        secret: .init(text: "ABCD EFGH", address: "otpauth://totp/x"),
        form: FormView(action: "/login", token: "t", fields: [FieldView("password", "口令", type: "password")], button: "下一步"), hasAccounts: true,
        accounts: [.init(login: "geren", roles: "个人", body: "–")], accountsPassword: "p", accountsSecret: "s")

    static let ledger = LedgerPage(
        shell: open("存证账本", "/ledger"),
        logs: [
            .init(
                title: "档案账", size: "71,418", checkpoint: "tianzhong.zhumadian/records\n71418\nabc=\n\n— x y\n", cosigned: "c", key: "k", checkpointHref: "/a",
                keyHref: "/b")
        ])
}
