import Access
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Registry

@testable import Portal

/// One finished page of each kind, with the longest and the emptiest values that occur.
enum Sample {
    static let frames = Frames(site: Site(telephone: "0396-0000000", demonstration: true))

    static func request(_ path: String) -> Request {
        Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1:8080", path: path), body: RequestBody(buffer: ByteBuffer()))
    }

    static func open(_ title: String, _ path: String, current: String? = nil, crumbs: [Link]? = nil, query: String = "") -> Shell {
        frames.publicShell(title: title, request: request(path), current: current, crumbs: crumbs, query: query)
    }

    static func staff(_ title: String, _ path: String, current: String? = nil, crumbs: [Link]? = []) -> Shell {
        var shell = frames.staffShell(
            title: title, request: request(path), role: .creditCentre, table: .platform, current: current, crumbs: crumbs)
        shell.desk = Desk(
            who: "驻马店市发展和改革委员会 · 信用中心 · 演示中心员", roles: [Choice(value: "credit-centre", label: "信用中心", selected: true)], hasRoles: true,
            roleToken: "r", logoutToken: "l", purpose: .init(text: "异议、修复事项核查（YY-2026-1）", token: "p"), watermark: "单位 姓名 时间 事由")
        return shell
    }

    static let counts = [
        CountTile(value: "1,204,518", label: "归集记录", note: "来自 612 个批次", href: nil),
        CountTile(value: "61,340", label: "信用主体", note: "其中组织 21,408", href: nil),
        CountTile(value: "52", label: "信息资源", note: "覆盖 13 类", href: "/catalogue"),
        CountTile(value: "38", label: "报送单位", note: "另有 9 家未报", href: nil),
    ]

    static let home = HomePage(
        shell: open("首页", "/", current: "/"), counts: counts, cutoff: "截至 2026-11-23 10:00:00",
        entries: [
            .init(title: "双公示", text: "行政许可、行政处罚自决定之日起七个工作日内公示", href: "/catalogue?q=行政"),
            .init(title: "信息资源目录", text: "收什么、由谁报、依据是什么、哪些公开", href: "/catalogue"),
            .init(title: "平台说明", text: "两个时点、来源追溯、异议与修复", href: "/about"),
        ])

    static let about = AboutPage(shell: open("平台说明", "/about", current: "/about", crumbs: []))

    static let error = ErrorPage(
        shell: open("没有这个页面", "/x"), status: 404, title: "没有这个页面", detail: "地址可能写错了，或页面已经移走。", cure: "请从首页或菜单进入。",
        reference: "9f3a20c1d4")

    static let search = SearchPage(
        shell: open("查询结果", "/search", current: "/search", crumbs: [], query: "天中商贸"), query: "天中商贸", hint: nil,
        result: .init(
            total: "共 41 家",
            hits: [
                .init(
                    name: "驻马店市天中商贸有限公司", href: "/subjects/00112233445566778899aabbccddeeff", code: "91411700MA00000A9C",
                    codeKind: "统一社会信用代码", status: Tag("存续", .good), region: "驿城区", formerName: nil),
                .init(
                    name: "遂平县天中商贸经营部", href: "/subjects/1", code: "92411702MA40000B4G", codeKind: "统一社会信用代码",
                    status: Tag("吊销", .bad), region: "遂平县", formerName: "遂平县嵖岈山镇天中商贸杂货店"),
                .init(
                    name: "上蔡县天中商贸行", href: "/subjects/2", code: "411722600012345", codeKind: "注册号", status: nil, region: "上蔡县",
                    formerName: nil),
            ], pager: Pager(page: 2, size: 20, count: 41, unit: "家") { "/search?q=x&page=\($0)" }))

    static let searchHint = SearchPage(
        shell: open("查询结果", "/search", current: "/search", crumbs: [], query: "天"), query: "天",
        hint: Notice(tone: "warn", title: "请再多输入一个字", text: "名称至少两个字；也可以输入完整的统一社会信用代码、注册号或组织机构代码。"), result: nil)

    static let lineage = SubjectPage.Lineage(
        title: "沿革（1 个较早版本，另有 2 次重复报送）",
        versions: [.init(recordID: "12-8", href: "/records/12-8", known: "2026-03-02 09:12:44", text: "处罚内容：罚款人民币 2 万元")])

    static func row(_ index: Int) -> SubjectPage.Row {
        SubjectPage.Row(
            resource: "行政处罚信息（法人和非法人组织）",
            parts: [
                Fact("违法行为类型", "生产经营标签不符合规定的食品"),
                Fact("处罚内容", "没收违法生产经营的食品 12 箱；罚款人民币 1.5 万元，自收到决定书之日起十五日内缴至指定银行"), Fact("罚款金额（万元）", "1.5"),
            ], provider: "驻马店市市场监督管理局", date: "2026-0\(index + 1)-17", document: "驻市监处罚〔2026〕\(100 + index)号", recordID: "42-\(index + 17)",
            recordHref: "/records/42-\(index + 17)", sourceHref: "/records/42-\(index + 17)#provenance",
            marks: index == 1 ? [Tag("疑问", .warn)] : [], lineage: index == 0 ? lineage : nil)
    }

    static func subject(staff isStaff: Bool) -> SubjectPage {
        let titles = ["概览", "基础信息", "行政管理", "诚实守信", "严重失信主体名单", "经营异常", "信用承诺", "信用评价", "司法判决", "其他"]
        return SubjectPage(
            isStaff: isStaff,
            shell: isStaff
                ? staff("信用档案", "/staff/subjects/0", crumbs: [])
                : open("驻马店市天中商贸有限公司", "/subjects/0?tab=overview", crumbs: [Link(label: "信用查询", href: "/search")]),
            name: "驻马店市天中商贸有限公司", kind: "法人和非法人组织", status: Tag("存续", .good),
            facts: [
                Fact("统一社会信用代码", "91411700MA00000A9C"), Fact("组织机构代码", "MA00000A-9"), Fact("法定代表人", "王*"), Fact("登记机关所在地", "驿城区"),
                Fact("成立日期", "2016-05-04"), Fact("曾用名", "驻马店市天中日杂有限公司"),
            ],
            notice: isStaff ? nil : Notice(tone: "info", title: "这里只有公开的信息", text: "只显示目录中标明公开的资源；共享和敏感的信息依法查询。"),
            clocks: ClockForm(
                action: "/subjects/0", asOf: "2026-11-23", knownAtInput: "2026-11-23T10:00:00", knownAt: "2026-11-23 10:00:00",
                cutoff: "2026-11-22 23:40:12（第 612 批）", kept: [Fact("tab", "administration")], nowHref: "/subjects/0"),
            figures: .init(facts: [Fact("现行记录", "23 条"), Fact("来源", "3 个单位、12 个批次")]),
            tabs: titles.enumerated().map {
                .init(label: $1, count: "\(($0 * 7) % 5)", href: "/subjects/0?tab=\($0)", current: $0 == 0 ? "page" : nil)
            },
            resources: .init(links: [.init(label: "行政处罚信息", count: "4", href: "/subjects/0?resource=ZMD-03-0002", current: "true")]),
            sections: [
                .init(
                    id: "administration", title: "行政管理", count: "23", isEmpty: false, rows: (0..<4).map(row),
                    more: Link(label: "查看全部 23 条", href: "/subjects/0?tab=administration")),
                .init(id: "serious", title: "严重失信主体名单", count: "0", isEmpty: true, rows: [], more: nil),
            ], pager: nil, otherView: isStaff ? Link(label: "公众看到的档案", href: "/subjects/0") : nil)
    }

    static let record = RecordPage(
        isStaff: false, shell: open("记录 42-17", "/records/42-17", crumbs: [Link(label: "驻马店市天中商贸有限公司", href: "/subjects/0")]), recordID: "42-17",
        resource: Link(label: "行政处罚信息（法人和非法人组织）", href: "/catalogue/ZMD-03-0002"), state: Tag("现行", .good),
        subject: Link(label: "驻马店市天中商贸有限公司", href: "/subjects/0"),
        fields: [
            .init(name: "行政处罚决定文书号", code: "CF_WSH", value: "驻市监处罚〔2026〕117号"), .init(name: "处罚决定日期", code: "CF_JDRQ", value: "2026-01-17"),
            .init(name: "违法事实", code: "CF_SY", value: "经查，当事人自 2025 年 11 月起销售标签不符合规定的预包装食品，货值金额 3200 元。"),
        ], hidden: "另有 2 个字段不公开。",
        provenance: [
            Fact("来源部门", "驻马店市市场监督管理局"), Fact("报送批次", "第 42 批"), Fact("文件", "行政处罚_法人_202601.xlsx"), Fact("行", "第 17 行（文件第 20 行）"),
            Fact("获知时间", "2026-02-01 08:31:09"), Fact("文件摘要（SM3）", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ], basis: ["《中华人民共和国行政处罚法》（2021）第四十八条", "发改办财金〔2018〕424号"], lineage: lineage, sourceHref: "/staff/records/42-17/source")

    static let catalogue = CataloguePage(
        shell: open("信息资源目录", "/catalogue", current: "/catalogue", crumbs: []), filter: "",
        sectors: [Choice(value: "", label: "全部领域", selected: true), Choice(value: "食品药品", label: "食品药品", selected: false)],
        disclosures: [Choice(value: "", label: "全部", selected: true), Choice(value: "open", label: "公开", selected: false)],
        total: "共 52 项资源，其中公开 31 项、共享 15 项、敏感 6 项。",
        groups: [
            .init(
                id: "class-3", title: "03 行政管理信息", count: "2",
                resources: [
                    .init(
                        code: "ZMD-03-0001", name: "行政许可信息（法人和非法人组织）", href: "/catalogue/ZMD-03-0001", providers: "市级部门、县区政府", cadence: "每日",
                        disclosure: Tag("公开", .good), subject: "组织"),
                    .init(
                        code: "ZMD-03-0004", name: "行政处罚信息（自然人）", href: "/catalogue/ZMD-03-0004", providers: "市级部门、县区政府", cadence: "每日",
                        disclosure: Tag("敏感", .bad), subject: "自然人"),
                ])
        ], isEmpty: false)

    static let resource = ResourcePage(
        shell: open("行政处罚信息（法人和非法人组织）", "/catalogue/ZMD-03-0002", crumbs: [Link(label: "信息资源目录", href: "/catalogue")]),
        code: "ZMD-03-0002", name: "行政处罚信息（法人和非法人组织）", disclosure: Tag("公开", .good),
        facts: [
            Fact("版本", "1（2024-01-01 起）"), Fact("类别", "03 行政管理信息"), Fact("领域", "食品药品"), Fact("提供部门", "市级部门、县区政府"), Fact("更新周期", "每日"),
            Fact("主体", "组织"), Fact("业务主键", "处罚决定文书号、处罚机关代码"),
        ], basis: ["《中华人民共和国行政处罚法》（2021）第四十八条"],
        fields: [
            .init(
                number: 1, name: "行政相对人名称", code: "CF_XDR_MC", national: "CF_XDR_MC", type: "文本，至多 200 字", required: "必填", rule: "至少 2 字，不得全为数字",
                sensitivity: "公开", aliases: "企业名称、当事人名称"),
            .init(
                number: 2, name: "罚款金额（万元）", code: "CF_NR_FK", national: "CF_NR_FK", type: "小数，18 位含 6 位小数", required: "处罚类别含“罚款”时必填",
                rule: "不小于 0", sensitivity: "公开", aliases: nil),
        ], checks: ["处罚决定日期不晚于今天", "处罚决定日期不晚于公示截止期"], templateXLSX: "/catalogue/ZMD-03-0002/template.xlsx",
        templateCSV: "/catalogue/ZMD-03-0002/template.csv")
}
