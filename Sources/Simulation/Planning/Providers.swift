internal import Identifiers
internal import Policy

/// The bodies that deliver a resource in the demonstration city.
struct Providers {
    struct Body {
        let body: PublicBody
        /// Index of the county whose subjects it knows; nil for the whole city.
        let county: Int?
    }

    /// Bodies for the whole city; those that the resource names come first.
    private(set) var city: [Body] = []
    /// Bodies of one county each.
    private(set) var counties: [Body] = []

    init(of resource: Resource, book: PolicyBook, counties places: [County], draws: inout Draws) {
        func place(_ body: PublicBody) -> Body {
            Body(body: body, county: places.firstIndex { $0.code == body.region })
        }
        var chosen: [PublicBody] = []
        for rule in resource.providers {
            switch rule {
            case .body(let code): if let body = book.body(code) { chosen.append(body) }
            case .kind(let kind):
                let bodies = book.organisations.filter { $0.kind == kind }
                chosen += kind == .cityDepartment ? Self.some(4, of: bodies, &draws) : bodies
            }
        }
        for body in chosen {
            let known = (city + counties).contains { $0.body.code == body.code }
            guard !known else { continue }
            let body = place(body)
            if body.county == nil { city.append(body) } else { counties.append(body) }
        }
        // A functional zone has no subjects of its own here.
        city.removeAll { $0.body.kind == .countyGovernment }
        if counties.count > 10 { counties = Self.some(10, of: counties, &draws) }
    }

    /// Who delivers the file at a place in the order of files: the city and a county by turns.
    func turn(_ place: Int) -> Body? {
        guard !counties.isEmpty, !city.isEmpty else {
            let all = city + counties
            return all.isEmpty ? nil : all[place % all.count]
        }
        return place % 2 == 0 ? city[place / 2 % city.count] : counties[place / 2 % counties.count]
    }

    /// Who delivers what comes from one hand only.
    var first: Body? { city.first ?? counties.first }

    private static func some<Element>(_ count: Int, of list: [Element], _ draws: inout Draws) -> [Element] {
        var rest = list
        var some: [Element] = []
        while some.count < count, !rest.isEmpty { some.append(rest.remove(at: draws.below(rest.count))) }
        return some
    }
}
