import Identifiers

/// Changes to the names that the search lists, gathered over a transaction and written once, sorted: the name index
/// takes one ascending run of rows many times faster than a mixed one, and so do the table's own indexes.
struct NameChanges {
    /// A name that has no row yet.
    struct Addition {
        let organisation: Int64
        let tier: Int64
        let isCurrent: Bool
        let name: String
        let folded: String
        let place: SortPlace
    }

    /// Names written at a time: a multiple of what one statement takes.
    private static let chunk = RowInsertion.maximumRows * 8

    private var added: [Addition] = []
    private var removed: [ListedName] = []
    private var turned: [(id: Int64, isCurrent: Bool)] = []

    /// Lists the names of an organisation that has none listed.
    mutating func add(_ names: [(name: String, isCurrent: Bool)], of organisation: Int64, tier: Int64) {
        for name in names {
            let folded = Text.searchForm(name.name)
            added.append(
                Addition(
                    organisation: organisation, tier: tier, isCurrent: name.isCurrent, name: name.name, folded: folded,
                    place: SortPlace(folded)))
        }
    }

    /// Brings the listed names of an organisation to the wanted ones.
    mutating func change(
        _ listed: [ListedName], of organisation: Int64, to wanted: [(name: String, isCurrent: Bool)], tier: Int64
    ) {
        var wanted = wanted
        for name in listed {
            guard let position = wanted.firstIndex(where: { $0.name == name.name }), name.tier == tier else {
                removed.append(name)
                continue
            }
            let kept = wanted.remove(at: position)
            if kept.isCurrent != name.isCurrent { turned.append((name.id, kept.isCurrent)) }
        }
        add(wanted, of: organisation, tier: tier)
    }

    /// Writes what was gathered.
    func write(on connection: any SQLConnection, index: any NameIndex) throws(RegistryFault) {
        let removed = removed.sorted { ($0.tier, $0.id) < ($1.tier, $1.id) }
        try index.remove(removed.map(\.indexed), on: connection)
        try connection.execute("DELETE FROM organisation_names WHERE id = ?", each: removed.map { [.integer($0.id)] })
        try connection.execute(
            "UPDATE organisation_names SET is_current = ? WHERE id = ?",
            each: turned.map { [.flag($0.isCurrent), .integer($0.id)] })
        guard !added.isEmpty else { return }
        let order = added.indices.sorted { left, right in
            added[left].tier != added[right].tier
                ? added[left].tier < added[right].tier : added[left].place < added[right].place
        }
        let first = try Counter.organisationName.take(added.count, on: connection)
        for start in stride(from: 0, to: order.count, by: Self.chunk) {
            let names = (start..<min(start + Self.chunk, order.count)).map { position in
                let name = added[order[position]]
                return ListedName(
                    id: first + Int64(position), organisation: name.organisation, tier: name.tier,
                    isCurrent: name.isCurrent, name: name.name, folded: name.folded)
            }
            var rows = ListedName.insertion
            for name in names { rows.append(name.arguments) }
            try rows.write(on: connection)
            try index.insert(names.map(\.indexed), on: connection)
        }
    }
}
