internal import Identifiers
internal import Policy

/// The city with everything that its files are made from, and the files in the order of delivery. Immutable, so that
/// files can be written at the same time.
struct Scene: Sendable {
    let population: Population
    let sheets: [Sheet]
    let pools: [Pool]
    let rosters: [Roster]
    let plans: [FilePlan]
    /// Words in the names of organisation types, by form of subject.
    let typeWords: [[[UInt8]]]

    /// Words that a type's name has for each form, in the order of `Subject.Form`.
    static let typeWords: [[[UInt8]]] = [
        "自然人", "有限责任公司", "个体", "合作社", "社会团体 民办非企业 社会服务 基金会", "事业单位", "律师", "集体经济",
    ].map { Words.split($0) }

    /// - Throws: `SimulationFault` where the book lacks counties or anything that could be delivered.
    init(book: PolicyBook, subjects: Int, seed: UInt64, today: CivilDate) throws(SimulationFault) {
        let counties = book.regions.filter { $0.parent == "411700" && !$0.zone }.map { County(code: $0.code, name: Array($0.name.utf8)) }
        guard !counties.isEmpty else { throw .nothingToSimulate("县（区）") }
        let population = Population(count: subjects, seed: seed, counties: counties, today: today)
        var planner = Planner(book: book, population: population, subjects: subjects, seed: seed, today: today)
        for resource in book.resources { planner.plan(resource) }
        guard !planner.plans.isEmpty else { throw .nothingToSimulate("可报送的信息资源") }
        self.population = population
        sheets = planner.sheets
        pools = planner.pools.pools
        rosters = planner.rosters
        typeWords = Self.typeWords
        plans = Self.inOrder(planner.plans, sheets: planner.sheets)
    }

    /// Puts the files in the order of delivery, gives them numbers and names, and links each to the department's one before.
    private static func inOrder(_ plans: [FilePlan], sheets: [Sheet]) -> [FilePlan] {
        var plans = plans.sorted { a, b in
            let (left, right) = (sheets[a.sheet].resource, sheets[b.sheet].resource)
            if a.delivered != b.delivered { return a.delivered < b.delivered }
            if left.registers != right.registers { return left.registers }
            return (left.code, left.version, a.ordinal) < (right.code, right.version, b.ordinal)
        }
        var latest: [String: Int] = [:]
        let width = max(3, String(plans.count).count)
        for index in plans.indices {
            let resource = sheets[plans[index].sheet].resource
            let key = "\(resource.code)#\(resource.version) \(plans[index].provider)"
            if !resource.registers { plans[index].previous = latest[key] }
            latest[key] = index
            plans[index].number = index + 1
            let number = String(repeating: "0", count: width - String(index + 1).count) + String(index + 1)
            plans[index].fileName = "\(number)-\(plans[index].provider)-\(resource.code)-\(plans[index].period.label).\(plans[index].habits.suffix)"
        }
        return plans
    }
}
