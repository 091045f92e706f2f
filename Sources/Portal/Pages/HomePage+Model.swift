import Identifiers
import Policy
import Registry

/// What the platform holds, as home, workbench and API show it.
struct HoldingCounts: Sendable {
    /// Rows that entered, of deliveries that count.
    var records: Int
    /// Of them 疑似: kept, of no subject.
    var suspended: Int
    var deliveries: Int
    var organisations: Int
    /// Resources that may be delivered today.
    var resources: Int
    /// Bodies that have delivered.
    var providers: Int

    init(registry: Registry, book: PolicyBook, on today: CivilDate) throws {
        let (deliveries, totals) = try registry.deliveries.totals()
        let organisations = try registry.organisations.counts()
        records = totals.accepted
        suspended = totals.suspended
        self.deliveries = deliveries
        self.organisations = organisations.registered + organisations.mentioned
        resources = book.catalogue(on: today).count
        providers = Set(try registry.deliveries.coverage().filter { $0.deliveries > 0 }.map(\.provider)).count
    }

    /// The four figures as tiles.
    func tiles(staff: Bool) -> [CountTile] {
        [
            CountTile(
                value: Figures.grouped(records), label: "归集记录",
                note: suspended > 0 ? "其中疑似 \(Figures.grouped(suspended)) 条，不计入任何主体" : nil,
                href: staff ? "/staff/deliveries?state=committed" : nil),
            CountTile(value: Figures.grouped(organisations), label: "组织主体", note: "企业、个体工商户、机关和社会组织", href: "/search"),
            CountTile(value: Figures.grouped(resources), label: "信息资源", note: "目录之外不归集", href: "/catalogue"),
            CountTile(
                value: Figures.grouped(providers), label: "报送单位", note: "共 \(Figures.grouped(deliveries)) 个入库批次",
                href: staff ? "/staff/coverage" : nil),
        ]
    }
}

extension HomePage {
    static let entries = [
        Entry(title: "双公示", text: "行政许可、行政处罚自作出决定之日起七个工作日内公示", href: "/catalogue?q=%E8%A1%8C%E6%94%BF"),
        Entry(title: "信息资源目录", text: "收什么、由谁报、依据是什么、哪些公开；可下载报送模板", href: "/catalogue"),
        Entry(title: "平台说明", text: "两个时点、来源追溯、公开范围、无障碍声明", href: "/about"),
    ]
}
