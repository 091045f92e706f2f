internal import Identifiers
internal import Policy

extension Planner {
    /// Rows of one stock file at most.
    private static let stockFile = 20_000
    /// From so many members on, every county delivers its own stock.
    private static let countyStock = 5_000

    /// The registers: first everything that stands in them, then every half year what is new or has changed.
    mutating func planRegistrations(_ sheet: Sheet, _ providers: Providers, _ assignment: Assignment) {
        guard let body = providers.first else { return }
        // A register that is delivered only from a later day begins with that day's stock.
        let from = max(start, sheet.resource.validFrom.day)
        let pool = pools.pool(assignment, county: nil)
        let members = pools.pools[pool].members
        let stock = members.filter { population.subjects[Int($0)].established < from }.map { standing(Int($0), on: from) }
        let period = Period(first: from, last: from)
        if members.count > Self.countyStock, providers.counties.count >= population.counties.count {
            for county in providers.counties {
                let part = stock.filter { population.subjects[$0.subject].county == county.county }
                if !part.isEmpty { append(sheet, county, period: period, delay: 0, cast: .register(part), rows: part.count) { _ in } }
            }
            // Counties that no body serves are delivered by the city.
            let served = Set(providers.counties.compactMap(\.county))
            let rest = stock.filter { !served.contains(population.subjects[$0.subject].county) }
            if !rest.isEmpty { append(sheet, body, period: period, delay: 0, cast: .register(rest), rows: rest.count) { _ in } }
        } else {
            for first in stride(from: 0, to: stock.count, by: Self.stockFile) {
                let part = Array(stock[first..<min(first + Self.stockFile, stock.count)])
                append(sheet, body, period: period, delay: 0, cast: .register(part), rows: part.count) { _ in }
            }
        }
        let halves = Period.groups(of: months, size: 6, end: today)
        for (place, half) in halves.enumerated() where half.last > from {
            let lines = changes(members, in: Period(first: max(from, half.first), last: half.last), place: place, of: halves.count)
            if !lines.isEmpty { append(sheet, body, period: half, delay: 2, cast: .register(lines), rows: lines.count) { _ in } }
        }
    }

    /// How an organisation stands in the register on a day: approved last when its name changed, or some time after it was founded.
    private func standing(_ index: Int, on day: Int32) -> Matter {
        let subject = population.subjects[index]
        var draws = Draws(seed: Draws.seed(seed, "standing"), place: UInt64(index))
        var approved = subject.established + Int32(draws.below(max(1, Int(day - subject.established))))
        if !subject.formerName.isEmpty, subject.renamed < day { approved = max(approved, subject.renamed) }
        return Matter(subject: index, day: approved, variant: -1, isProtected: isProtected(subject))
    }

    /// Whether later rows rely on this registration: they name the organisation by its old number, or change the record.
    private func isProtected(_ subject: Subject) -> Bool { !subject.registrationNumber.isEmpty || !subject.formerName.isEmpty }

    private func changes(_ members: [Int32], in half: Period, place: Int, of count: Int) -> [Matter] {
        var new: [Matter] = []
        var changed: [Matter] = []
        for member in members {
            let subject = population.subjects[Int(member)]
            if subject.established >= half.first, subject.established <= half.last {
                new.append(Matter(subject: Int(member), day: subject.established, variant: -1, isProtected: isProtected(subject)))
            }
            guard subject.established < half.first else { continue }
            if !subject.formerName.isEmpty {
                if subject.renamed >= half.first, subject.renamed <= half.last {
                    changed.append(Matter(subject: Int(member), day: subject.renamed, variant: -1, isUpdate: true, isProtected: true))
                }
            } else if !subject.registrationNumber.isEmpty {
                // One in four old organisations has something else changed once in the three years.
                var draws = Draws(seed: Draws.seed(seed, "change"), place: UInt64(member))
                guard draws.below(4 * count) == place else { continue }
                let day = half.first + Int32(draws.below(Int(half.last - half.first) + 1))
                changed.append(Matter(subject: Int(member), day: day, variant: -1, isUpdate: true, isProtected: true))
            }
        }
        return new + changed
    }
}
