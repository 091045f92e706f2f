internal import Identifiers
internal import Policy

/// What a row is about before it is written down.
struct Matter: Sendable {
    /// Index into the population.
    var subject: Int
    /// The effective day.
    var day: Int32
    /// Number of the account, or place of the kind in its code set; -1 where there is none.
    var variant: Int
    /// Says that the row brings a registration up to date.
    var isUpdate = false
    /// Other rows rely on this one: it must be sound and must not be copied.
    var isProtected = false
}

/// Makes the rows of one file as they are before any sloppiness or fault: a function of the file's plan and the row's number.
struct RowMaker {
    let city: Scene
    let plan: FilePlan
    let sheet: Sheet
    private let isWritten: [Bool]

    init(_ city: Scene, _ plan: FilePlan) {
        self.city = city
        self.plan = plan
        sheet = city.sheets[plan.sheet]
        var isWritten = [Bool](repeating: false, count: sheet.columns.count)
        for field in plan.habits.columns { isWritten[field] = true }
        self.isWritten = isWritten
    }

    /// Who and when, of a base row (0-based).
    func matter(_ row: Int, _ draws: inout Draws) -> Matter {
        let period = plan.period
        let span = Int(period.last - period.first) + 1
        switch plan.cast {
        case .drawn(let pool):
            let pool = city.pools[pool]
            let subject = Int(pool.members[pool.byWeight.draw(&draws)])
            // Some come months too late.
            let late = draws.happens(Planting.lateRow) ? Int32(60 + draws.below(340)) : 0
            return Matter(subject: subject, day: period.first + Int32(draws.below(span)) - late, variant: -1)
        case .each(let pool, let offset):
            let pool = city.pools[pool]
            let subject = Int(pool.members[pool.each[offset + row]])
            return Matter(subject: subject, day: period.first + Int32(draws.below(span)), variant: -1)
        case .roster(let roster):
            let line = city.rosters[roster].lines[row]
            let day = plan.statesPeriodEnd ? period.last : plan.delivered - 3 - Int32(draws.below(12))
            return Matter(subject: Int(line.subject), day: day, variant: Int(line.variant))
        case .register(let lines): return lines[row]
        }
    }

    /// Makes base row `row` (0-based) in `draft`.
    @discardableResult
    func make(_ row: Int, in draft: inout DraftRow) -> Matter {
        var draws = Draws(seed: plan.seed, place: UInt64(row))
        let matter = matter(row, &draws)
        let subject = city.population.subjects[matter.subject]
        draft.begin(sheet.columns.count)
        for field in sheet.columns.indices where sheet.columns[field].need == nil {
            let column = sheet.columns[field]
            // Later rows name old sole traders by this number alone, so the register always states it.
            let isStated = sheet.resource.registers && column.role == .registrationNumber
            guard isWritten[field], isStated || column.presence.perMillion >= 1_000_000 || draws.happens(column.presence)
            else { continue }
            fill(field, column, matter, subject, row, &draft, &draws)
        }
        identify(subject, &draft, &draws)
        date(matter, subject, &draft, &draws)
        for field in sheet.columns.indices {
            guard let need = sheet.columns[field].need, draft.isEmpty(field), isWritten[field], need.holds(in: draft) else { continue }
            fill(field, sheet.columns[field], matter, subject, row, &draft, &draws)
        }
        return matter
    }

    /// Whether the row carries the registration number in place of the code, as old sole traders do.
    private func identify(_ subject: Subject, _ draft: inout DraftRow, _ draws: inout Draws) {
        guard let code = sheet.organisationField, !subject.form.isPerson else { return }
        draft.set(code, subject.code)
        if let field = sheet.registrationField, field != code, isWritten[field], let category = sheet.category, isWritten[category],
            subject.form == .soleTrader, !subject.registrationNumber.isEmpty, !sheet.resource.registers,
            draws.happens(Planting.registrationNumberOnly) {
            for other in sheet.identity { draft.clear(other) }
            draft.set(field, subject.registrationNumber)
        }
    }

    private func date(_ matter: Matter, _ subject: Subject, _ draft: inout DraftRow, _ draws: inout Draws) {
        for rule in sheet.dates where isWritten[rule.field] || rule.field == sheet.effective {
            let column = sheet.columns[rule.field]
            let days = Int32(draws.within(rule.days))
            guard column.required || column.isKey || rule.field == sheet.effective || draws.happens(column.presence) else { continue }
            func day(_ field: Int) -> Int32 { draft.cells[field].form == .date ? draft.cells[field].number : matter.day }
            var value: Int32 = switch rule.origin {
            case .effective: matter.day
            case .founding: min(subject.established, matter.day)
            case .before(let other): day(other) - days
            case .after(let other): (other.map(day) ?? matter.day) + days
            }
            if rule.bounded { value = min(value, plan.delivered) }
            if case .after = rule.origin, rule.days.upperBound > 1_000, draws.happens(Planting.openEnd) { value = CivilDate.openEnd.day }
            draft.set(rule.field, day: value)
        }
    }
}
