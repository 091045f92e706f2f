/// One organisation that a name query matches, with what ranks it.
struct NameMatch: Sendable, Hashable {
    /// How the name matches; the order is that of the answer.
    enum Closeness: Int, Sendable, Comparable {
        case equal, beginning, inside
        static func < (left: Closeness, right: Closeness) -> Bool { left.rawValue < right.rawValue }
    }

    let name: Int64
    let organisation: Int64
    let tier: Int64
    let closeness: Closeness
    let isCurrent: Bool
    let length: Int

    /// The order of the answer; total, so that pages never overlap.
    static func precedes(_ left: NameMatch, _ right: NameMatch) -> Bool {
        if left.tier != right.tier { return left.tier < right.tier }
        if left.closeness != right.closeness { return left.closeness < right.closeness }
        if left.isCurrent != right.isCurrent { return left.isCurrent }
        return (left.length, left.name) < (right.length, right.name)
    }
}

/// Matches names in bounded work: no step reads more than a little over a thousand rows, however common the text is.
struct NameSearch {
    let connection: any SQLConnection
    let index: any NameIndex

    private static let columns = "id, organisation, tier, is_current, folded"

    /// Names of one tier that begin with a text, the equal ones first, by the index over (tier, folded). The column's
    /// order must be that of bytes.
    static let beginning = """
        SELECT \(columns) FROM organisation_names WHERE tier = ? AND folded >= ? AND folded < ?
        ORDER BY folded LIMIT ?
        """

    /// The best matches, at most ``Organisations/maximumMatches``, in the order of the answer, and whether there are
    /// more.
    func matches(_ query: NameQuery) throws(RegistryFault) -> (matches: [NameMatch], isCapped: Bool) {
        let bound = Organisations.maximumMatches + 1
        var found = Found()
        // The first tier's beginnings may fill the answer; the index is asked only where they do not.
        for tier in [Standing.registered, .mentioned] where found.count < bound {
            let rows = try connection.query(
                Self.beginning,
                [
                    .integer(tier.rawValue), .text(query.whole), .text(query.whole + "\u{10FFFF}"),
                    .integer(bound),
                ])
            try found.add(rows, query)
            if tier == .registered, rows.count >= bound { return found.ranked(isCapped: true) }
        }
        let proposals = try index.candidates(containing: query.parts, limit: bound, on: connection)
        for start in stride(from: 0, to: proposals.count, by: Organisations.chunk) {
            let list = ValueList(
                proposals[start..<min(start + Organisations.chunk, proposals.count)].map { .integer($0) })
            try found.add(
                connection.query(
                    "SELECT \(Self.columns) FROM organisation_names WHERE id IN (\(list.marks))", list.values), query)
        }
        return found.ranked(isCapped: proposals.count >= bound)
    }

    /// The best match of each organisation found so far.
    private struct Found {
        private var best: [Int64: NameMatch] = [:]

        var count: Int { best.count }

        /// Checks the rows against the query (the index only proposes) and keeps the best name of each organisation.
        mutating func add(_ rows: [SQLRow], _ query: NameQuery) throws(RegistryFault) {
            for row in rows {
                let folded = try row.text("folded")
                guard let closeness = Self.closeness(of: folded, to: query) else { continue }
                let match = NameMatch(
                    name: try row.integer("id"), organisation: try row.integer("organisation"),
                    tier: try row.integer("tier"), closeness: closeness, isCurrent: try row.flag("is_current"),
                    length: folded.utf8.count)
                if let other = best[match.organisation], NameMatch.precedes(other, match) { continue }
                best[match.organisation] = match
            }
        }

        func ranked(isCapped: Bool) -> (matches: [NameMatch], isCapped: Bool) {
            let ranked = best.values.sorted(by: NameMatch.precedes)
            return (
                Array(ranked.prefix(Organisations.maximumMatches)),
                isCapped || ranked.count > Organisations.maximumMatches
            )
        }

        private static func closeness(of folded: String, to query: NameQuery) -> NameMatch.Closeness? {
            if folded.utf8.starts(with: query.whole.utf8) {
                return folded.utf8.count == query.whole.utf8.count ? .equal : .beginning
            }
            return query.parts.allSatisfy { ByteSearch.contains(folded, $0) } ? .inside : nil
        }
    }
}

/// Substring search over UTF-8 bytes; the standard library's compares characters and is twenty times slower.
enum ByteSearch {
    /// Whether `text` contains `part`, byte for byte; a match always begins at a character, since UTF-8 marks these.
    static func contains(_ text: String, _ part: String) -> Bool {
        let haystack = text.utf8.span
        let needle = part.utf8.span
        guard needle.count > 0, haystack.count >= needle.count else { return needle.count == 0 }
        for start in 0...(haystack.count - needle.count) where haystack[start] == needle[0] {
            var length = 1
            while length < needle.count, haystack[start + length] == needle[length] { length += 1 }
            if length == needle.count { return true }
        }
        return false
    }
}
