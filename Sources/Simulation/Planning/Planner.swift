internal import Identifiers
internal import Policy

/// Decides which files there are, who delivers them, when, and from whom their rows come.
struct Planner {
    let book: PolicyBook
    let population: Population
    let subjects: Int
    let seed: UInt64
    let today: Int32
    /// The months whose lists are delivered: the 36 before the one of today.
    let months: [Period]
    private(set) var sheets: [Sheet] = []
    var pools: PoolMaker
    private(set) var rosters: [Roster] = []
    private(set) var plans: [FilePlan] = []

    init(book: PolicyBook, population: Population, subjects: Int, seed: UInt64, today: CivilDate) {
        self.book = book
        self.population = population
        self.subjects = subjects
        self.seed = seed
        self.today = today.day
        months = Period.months(36, before: today)
        pools = PoolMaker(population: population, seed: seed)
    }

    /// First day of the three years.
    var start: Int32 { months.first?.first ?? today }

    /// Plans the files of one version of a resource.
    mutating func plan(_ resource: Resource) {
        let sheet = Sheet(resource, book: book)
        sheets.append(sheet)
        var draws = Draws(seed: Draws.seed(seed, "plan \(resource.code)#\(resource.version)"), place: 0)
        let providers = Providers(of: resource, book: book, counties: population.counties, draws: &draws)
        let assignment = Assignment.table[resource.code]
            ?? .standard(persons: resource.subject != .organisation, organisations: resource.subject != .person)
        guard providers.first != nil else { return }
        if resource.registers {
            planRegistrations(sheet, providers, assignment)
        } else if sheet.isListed {
            planRoster(sheet, providers, assignment, &draws)
        } else {
            planEvents(sheet, providers, assignment, &draws)
        }
    }

    /// Lists that come anew for every period.
    private mutating func planRoster(_ sheet: Sheet, _ providers: Providers, _ assignment: Assignment, _ draws: inout Draws) {
        guard let body = providers.first else { return }
        let pool = pools.pool(assignment, county: body.county)
        let count = max(3, assignment.perThousand * subjects / 1_000)
        guard !pools.pools[pool].members.isEmpty else { return }
        // Both versions of a resource have the same list.
        var lineDraws = Draws(seed: Draws.seed(seed, "roster \(sheet.resource.code)"), place: 0)
        rosters.append(Roster(count: count, pool: pools.pools[pool], accounts: sheet.hasSerialKey, kinds: sheet.kinds, draws: &lineDraws))
        let lines = rosters[rosters.count - 1].lines.count
        let periods = switch sheet.resource.cadence {
        case .yearly: Period.years(in: months)
        case .quarterly: Period.quarters(in: months)
        default: months
        }
        let isYearly = sheet.resource.cadence == .yearly
        let ends = sheet.effective.map { sheet.columns[$0].name.contains("末") } ?? false
        for (place, period) in periods.enumerated() {
            let delay = isYearly ? 100 + Int32(draws.below(50)) : 6 + Int32(draws.below(14))
            // The list grows by and by; the first on it are always there.
            let rows = lines * (periods.count * 5 + place) / (periods.count * 6)
            append(sheet, body, period: period, delay: late(delay, &draws), cast: .roster(rosters.count - 1), rows: max(1, rows)) { plan in
                plan.statesPeriodEnd = ends
                plan.hasKinds = !sheet.hasSerialKey && sheet.kinds > 0
            }
        }
    }

    /// What happens one by one.
    private mutating func planEvents(_ sheet: Sheet, _ providers: Providers, _ assignment: Assignment, _ draws: inout Draws) {
        let whole = pools.pool(assignment, county: nil)
        let total = assignment.everyone ? pools.pools[whole].members.count : max(4, assignment.perThousand * subjects / 1_000)
        let size = switch total {
        case ..<4_000: 12
        case ..<16_000: 6
        case ..<40_000: 3
        default: 1
        }
        let periods = Period.groups(of: months, size: size, end: today)
        var offset = 0
        for (place, period) in periods.enumerated() {
            let isShared = !assignment.everyone && (sheet.hasSerialKey || sheet.hasDatedKey)
            guard let body = isShared ? providers.turn(place) : providers.first else { continue }
            let pool = pools.pool(assignment, county: body.county)
            let members = pools.pools[pool].members.count
            guard members > 0 else { continue }
            var rows = max(1, total / periods.count * (70 + draws.below(60)) / 100)
            var cast = Cast.drawn(pool: pool)
            if assignment.everyone {
                rows = place + 1 == periods.count ? total - offset : total / periods.count
                cast = .each(pool: pool, offset: offset)
                offset += rows
            } else if !sheet.hasSerialKey {
                // Without a number that never repeats, a subject comes once in a file, and without a date once at all.
                rows = min(rows, sheet.hasDatedKey ? members : members - offset)
                cast = .each(pool: pool, offset: sheet.hasDatedKey ? place * 37 : offset)
                offset += rows
            }
            guard rows > 0 else { continue }
            append(sheet, body, period: period, delay: late(1 + Int32(draws.below(7)), &draws), cast: cast, rows: rows) { _ in }
        }
    }

    private func late(_ delay: Int32, _ draws: inout Draws) -> Int32 {
        draws.happens(Planting.lateFile) ? delay + 60 + Int32(draws.below(90)) : delay
    }

    /// Adds a file, unless the resource may not be delivered on its day.
    mutating func append(
        _ sheet: Sheet, _ body: Providers.Body, period: Period, delay: Int32, cast: Cast, rows: Int, _ change: (inout FilePlan) -> Void
    ) {
        let delivered = min(today, period.last + delay)
        guard delivered >= start, sheet.resource.isValid(on: CivilDate(day: delivered)) else { return }
        let resource = sheet.resource
        let ordinal = plans.count { sheets[$0.sheet].resource.code == resource.code } + 1
        let habits = HabitChoice(sheet: sheet, provider: body.body, seed: seed).habits(rows: rows, period: period)
        let header = habits.columns.map {
            sheet.columns[$0].heading(habits.header, pick: body.body.code.utf8.count + $0, resource: resource, index: $0)
        }
        var plan = FilePlan(
            sheet: sheets.count - 1, provider: body.body.code, body: (Array(body.body.name.utf8), code(of: body.body)), ordinal: ordinal,
            period: period, periodName: period.name, statesPeriodEnd: false, hasKinds: false, delivered: delivered, today: today,
            seed: Draws.seed(seed, "file \(resource.code)#\(resource.version) \(ordinal)"), cast: cast, rows: rows, habits: habits,
            header: header)
        change(&plan)
        plans.append(plan)
    }

    /// The body's own code; the book knows none, so one of the unassigned range.
    private func code(of body: PublicBody) -> [UInt8] {
        if let code = body.unifiedSocialCreditCode { return Array(code.text.description.utf8) }
        let number = 28_000_000 + (book.organisations.firstIndex { $0.code == body.code } ?? 0)
        let region = body.region ?? "411700"
        return Codes.unifiedCode("11", region: region, organisation: Codes.organisationCode(number, old: false))
    }
}
