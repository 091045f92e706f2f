/// The facts that counting deliveries give about one organisation, oldest delivery first, and what follows from them.
/// Pure: the same list gives the same answers.
struct FactsHistory {
    /// Ordered by delivery number.
    let stated: [StatedFacts]

    /// The facts that count now: the latest registered ones, else the latest mention.
    var current: StatedFacts? { stated.last { $0.facts.registered } ?? stated.last }

    var standing: Standing {
        guard let current else { return .hidden }
        return current.facts.registered ? .registered : .mentioned
    }

    /// Whether a row of a resource other than the registering ones is about it.
    var hasRecords: Bool { stated.contains { !$0.facts.registered } }

    /// The facts that names are taken from: once registered, the names under which others mention it do not count.
    private var naming: [StatedFacts] {
        let standing = standing
        return stated.filter { $0.facts.registered == (standing == .registered) && !$0.facts.name.isEmpty }
    }

    /// Names for the search, each once, the current one first.
    var listedNames: [(name: String, isCurrent: Bool)] {
        guard let current else { return [] }
        // Nearly every organisation of a large delivery: one statement, no former names.
        if stated.count == 1, current.facts.formerNames.isEmpty {
            return current.facts.name.isEmpty ? [] : [(current.facts.name, true)]
        }
        var names: [(name: String, isCurrent: Bool)] = []
        var seen: Set<String> = [""]
        if seen.insert(current.facts.name).inserted { names.append((current.facts.name, true)) }
        for stated in naming {
            for name in [stated.facts.name] + stated.facts.formerNames where seen.insert(name).inserted {
                names.append((name, false))
            }
        }
        return names
    }

    /// Current and former names with their spans, the current one first, then the latest former ones.
    var names: [OrganisationName] {
        let naming = naming
        var spans: [OrganisationName] = []
        var index = 0
        while index < naming.count {
            let first = naming[index]
            var next = index + 1
            while next < naming.count, naming[next].facts.name == first.facts.name { next += 1 }
            let following = next < naming.count ? naming[next] : nil
            spans.append(
                OrganisationName(
                    name: first.facts.name, isCurrent: following == nil, isDeclaredFormer: false,
                    since: first.facts.effective, sinceDelivery: first.delivery, until: following?.facts.effective,
                    untilDelivery: following?.delivery))
            index = next
        }
        var seen = Set(spans.map(\.name))
        var declared: [OrganisationName] = []
        for stated in naming {
            for name in stated.facts.formerNames where seen.insert(name).inserted {
                declared.append(
                    OrganisationName(
                        name: name, isCurrent: false, isDeclaredFormer: true, since: nil,
                        sinceDelivery: stated.delivery, until: nil, untilDelivery: nil))
            }
        }
        return spans.reversed() + declared.reversed()
    }
}
