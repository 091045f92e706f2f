/// Subjects from whom the lines of a file are drawn.
struct Pool: Sendable {
    /// Indices into the population.
    let members: [Int32]
    /// Draws a member, those with a great weight more often.
    let byWeight: Weighted
    /// Goes through the members, each once.
    let each: Spread

    init(_ members: [Int32], population: Population, draws: inout Draws) {
        self.members = members
        byWeight = Weighted(members.map { population.subjects[Int($0)].weight })
        each = Spread(count: members.count, draws: &draws)
    }
}

/// Makes each pool once, however many resources use it.
struct PoolMaker {
    private struct Key: Hashable {
        var forms: [Subject.Form]
        var words: [String]
        var county: Int?
    }

    let population: Population
    let seed: UInt64
    private(set) var pools: [Pool] = []
    private var known: [Key: Int] = [:]

    init(population: Population, seed: UInt64) {
        self.population = population
        self.seed = Draws.seed(seed, "pools")
    }

    /// Index into `pools` of the subjects that an assignment is about, in one county or in all.
    mutating func pool(_ assignment: Assignment, county: Int?) -> Int {
        let key = Key(forms: assignment.forms, words: assignment.words, county: county)
        if let index = known[key] { return index }
        let words = assignment.words.map { Array($0.utf8) }
        let members = population.subjects.indices.filter { index in
            let subject = population.subjects[index]
            return assignment.forms.contains(subject.form) && (county == nil || subject.county == county)
                && (words.isEmpty || words.contains { subject.name.contains($0) })
        }
        var draws = Draws(seed: seed, place: UInt64(pools.count))
        pools.append(Pool(members.map(Int32.init), population: population, draws: &draws))
        known[key] = pools.count - 1
        return pools.count - 1
    }
}
