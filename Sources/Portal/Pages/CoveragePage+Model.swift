import Identifiers
import Policy
import Registry

extension CoveragePage {
    /// - Parameters:
    ///   - deliveries: per provider and resource, what came in.
    ///   - regions: organisations per region.
    init(
        book: PolicyBook, on today: CivilDate, deliveries: [DeliveryCoverage], regions: [RegionCount], cutoff: String, shell: Shell
    ) {
        self.shell = shell
        self.cutoff = cutoff
        let catalogue = book.catalogue(on: today)
        let sent = Dictionary(grouping: deliveries, by: \.provider)
        let due = book.organisations.map { body in (body, catalogue.filter { book.mayDeliver(body: body.code, resource: $0) }) }
        // A body that neither has something to deliver nor ever did is no provider.
        let providers = due.filter { !$0.1.isEmpty || sent[$0.0.code] != nil }
        departments = providers.map { body, owed in Department(body, owed: owed, sent: sent[body.code] ?? []) }
        counties = Self.counties(book: book, regions: regions)
        let counting = deliveries.filter { $0.deliveries > 0 }
        let rows = deliveries.reduce(0) { $0 + $1.rows }
        let accepted = deliveries.reduce(0) { $0 + $1.accepted }
        counts = [
            CountTile(value: Figures.grouped(rows), label: "报送总行", note: "已入库批次，不含已撤回", href: "/staff/deliveries?state=committed"),
            CountTile(
                value: Figures.grouped(accepted), label: "入库",
                note: "其中疑似 \(Figures.grouped(deliveries.reduce(0) { $0 + $1.suspended }))、疑问 \(Figures.grouped(deliveries.reduce(0) { $0 + $1.doubtful }))",
                href: nil),
            CountTile(
                value: Figures.grouped(rows - accepted), label: "退回", note: "退回率 \(Figures.share(rows - accepted, of: rows))", href: nil),
            CountTile(
                value: "\(Set(counting.map(\.provider)).count) / \(providers.count)", label: "已报 / 目录内单位",
                note: "资源 \(Set(counting.map(\.resource)).count) / \(catalogue.count) 项有入库批次", href: nil),
        ]
    }

    /// Counties in the book's order, then what lies elsewhere or nowhere.
    private static func counties(book: PolicyBook, regions: [RegionCount]) -> [County] {
        var rest = regions
        var lines: [County] = []
        for region in book.regions {
            let mine = rest.filter { $0.region == region.code }
            rest.removeAll { $0.region == region.code }
            if mine.isEmpty && region.parent == nil { continue }
            lines.append(County(region.name, mine))
        }
        let elsewhere = rest.filter { $0.region != nil }
        let nowhere = rest.filter { $0.region == nil }
        if !elsewhere.isEmpty { lines.append(County("其他地区", elsewhere)) }
        if !nowhere.isEmpty { lines.append(County("未注明县区", nowhere)) }
        return lines
    }
}

extension CoveragePage.County {
    init(_ name: String, _ counts: [RegionCount]) {
        let registered = counts.reduce(0) { $0 + $1.registered }
        let all = registered + counts.reduce(0) { $0 + $1.mentioned }
        let covered = counts.reduce(0) { $0 + $1.withRecords }
        self.init(
            name: name, registered: Figures.grouped(registered), covered: Figures.grouped(covered), share: Figures.share(covered, of: all),
            percent: all > 0 ? covered * 100 / all : 0)
    }
}

extension CoveragePage.Department {
    init(_ body: PublicBody, owed: [Resource], sent: [DeliveryCoverage]) {
        let codes = Set(sent.filter { $0.deliveries > 0 }.map(\.resource))
        let done = owed.count { codes.contains($0.code) }
        let rows = sent.reduce(0) { $0 + $1.rows }
        let rejected = sent.reduce(0) { $0 + $1.rejected }
        self.init(
            name: body.name, href: "/staff/deliveries?provider=\(PercentCoding.encode(body.code))", resources: "\(done) / \(owed.count)",
            share: Figures.share(done, of: owed.count), percent: owed.isEmpty ? 0 : done * 100 / owed.count,
            deliveries: Figures.grouped(sent.reduce(0) { $0 + $1.deliveries }), rows: Figures.grouped(rows),
            accepted: Figures.grouped(sent.reduce(0) { $0 + $1.accepted }), rejected: Figures.grouped(rejected),
            rejectedShare: Figures.share(rejected, of: rows), last: sent.map(\.lastReceived).max().map { "\($0.date)" } ?? "从未报送")
    }
}
