import Identifiers

/// One delivery of the scale bench: a resource, a period and a stretch of the city's subjects in a scattered order.
struct ScaleDelivery: Sendable {
    let content: ScaleContent
    /// Which time round the city it belongs to; gives the period.
    let round: Int
    /// The first place of the scattered order, and how many follow.
    let first: Int
    let rows: Int

    /// What the delivery's kept file says: enough to make the same rows again.
    func recipe(_ city: ScaleCity) -> String {
        "天中信用 规模基准 1\n资源 \(content.resource)\n自然人 \(city.persons)\n法人 \(city.organisations)\n轮次 \(round)\n起点 \(first)\n行数 \(rows)\n"
    }
}

/// What a delivery of the scale bench brings.
enum ScaleContent: Sendable, CaseIterable {
    case water, electricity, gas, housingFund, socialInsurance, registration

    var resource: String {
        switch self {
        case .water: "ZMD-07-0002"
        case .electricity: "ZMD-07-0003"
        case .gas: "ZMD-07-0004"
        case .housingFund: "ZMD-10-0004"
        case .socialInsurance: "ZMD-10-0002"
        case .registration: "ZMD-01-0001"
        }
    }

    var provider: String {
        switch self {
        case .water: "ZMD-GSGS"
        case .electricity: "ZMD-GDGS"
        case .gas: "ZMD-GQGS"
        case .housingFund: "ZMD-GJJ"
        case .socialInsurance: "ZMD-RSJ"
        case .registration: "ZMD-SCJG"
        }
    }

    /// Payments come for everybody, contributions for persons, registrations for organisations.
    func subjects(_ city: ScaleCity) -> Range<Int> {
        switch self {
        case .water, .electricity, .gas: 0..<city.subjects
        case .housingFund, .socialInsurance: 0..<city.persons
        case .registration: city.persons..<city.subjects
        }
    }

    var header: String {
        switch self {
        case .water, .electricity, .gas: "HH,ZTMC,ZTLB,TYSHXYDM,SFZH,ZQ,YJJE,SJJE,JFRQ,TGYJ,YJBH\n"
        case .housingFund: "XM,SFZH,ZQ,JFZT\n"
        case .socialInsurance: "XM,SFZH,XZ,ZQ,JFZT\n"
        case .registration: "ZTMC,TYSHXYDM,FDDBR,ZTLX,CLRQ,DJZT,ZS,QH,DJJG,HZRQ\n"
        }
    }

    /// A row with places to fill in: `@` identifier, `#` number of the subject, `$` amount, `&` paper.
    func line(day: String, forPerson: Bool) -> String {
        switch self {
        case .water, .electricity, .gas:
            (forPerson
                ? "H#########,演示用户,自然人,,@@@@@@@@@@@@@@@@@@," : "H#########,演示单位,法人及非法人组织,@@@@@@@@@@@@@@@@@@,,")
                + "\(day),$$$.$$,$$$.$$,\(day),合同同意条款,YS-&&&\n"
        case .housingFund: "演示用户,@@@@@@@@@@@@@@@@@@,\(day),正常缴存\n"
        case .socialInsurance: "演示用户,@@@@@@@@@@@@@@@@@@,养老保险,\(day),正常\n"
        case .registration:
            "演示#########号商贸有限公司,@@@@@@@@@@@@@@@@@@,张演示,有限责任公司,2010-01-02,存续,演示路1号,411702,驻马店市市场监督管理局,\(day)\n"
        }
    }
}

/// All deliveries of a run, in order.
struct ScalePlan {
    let registrations: [ScaleDelivery]
    let deliveries: [ScaleDelivery]

    /// - Parameters:
    ///   - records: rows in all.
    ///   - largest: rows of one delivery; the first has a million, so that the first million can be told from the rest.
    init(_ city: ScaleCity, records: Int, largest: Int) {
        registrations = stride(from: 0, to: min(city.organisations, records / 2), by: 50_000).map { first in
            ScaleDelivery(
                content: .registration, round: 0, first: first, rows: min(50_000, city.organisations - first))
        }
        var rest = records - registrations.reduce(0) { $0 + $1.rows }
        var deliveries: [ScaleDelivery] = []
        let contents: [ScaleContent] = [.water, .socialInsurance, .electricity, .housingFund, .gas]
        var round = 0
        while rest > 0 {
            let content = contents[round % contents.count]
            let total = content.subjects(city).count
            var first = 0
            while first < total, rest > 0 {
                let rows = min(deliveries.isEmpty ? 1_000_000 : largest, total - first, rest)
                deliveries.append(ScaleDelivery(content: content, round: round / contents.count, first: first, rows: rows))
                first += rows
                rest -= rows
            }
            round += 1
        }
        self.deliveries = deliveries
    }
}
