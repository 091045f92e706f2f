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
        let members: [Int32]
        if let county {
            members = pools[pool(assignment, county: nil)].members.filter { population.subjects[Int($0)].county == county }
        } else {
            members = everyone(in: assignment)
        }
        var draws = Draws(seed: seed, place: UInt64(pools.count))
        pools.append(Pool(members, population: population, draws: &draws))
        known[key] = pools.count - 1
        return pools.count - 1
    }

    private func everyone(in assignment: Assignment) -> [Int32] {
        let words = assignment.words.map { Array($0.utf8) }
        let forms = Subject.Form.allCases.map(assignment.forms.contains)
        var members: [Int32] = []
        for (index, subject) in population.subjects.enumerated() where forms[Int(subject.form.rawValue)] {
            if words.isEmpty || words.contains(where: { Self.occurs($0, in: subject.name) }) { members.append(Int32(index)) }
        }
        return members
    }

    private static func occurs(_ word: [UInt8], in text: [UInt8]) -> Bool {
        guard word.count <= text.count else { return false }
        for start in 0...text.count - word.count where text[start] == word[0] {
            var place = 1
            while place < word.count, text[start + place] == word[place] { place += 1 }
            if place == word.count { return true }
        }
        return false
    }
}
