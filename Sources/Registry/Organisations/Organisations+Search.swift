import Identifiers

/// One organisation that a search found.
package struct OrganisationHit: Sendable, Hashable {
    package let organisation: Organisation
    /// The name that matched: the current one, or a former one.
    package let matchedName: String
    /// Whether ``matchedName`` is a former name; pages say so.
    package let isFormerName: Bool
}

/// The answer of a search.
package struct OrganisationSearch: Sendable, Hashable {
    /// The page asked for: registered organisations first; within them equal names, then names that begin with the
    /// text, then the rest; current names before former ones, short before long.
    package let hits: [OrganisationHit]
    /// How many organisations match, up to ``Organisations/maximumMatches``.
    package let total: Int
    /// True where more match than are counted and can be paged through.
    package let isCapped: Bool
    /// True where the text has fewer than two characters and was not searched for.
    package let isTooShort: Bool

    static let nothing = OrganisationSearch(hits: [], total: 0, isCapped: false, isTooShort: false)
}

extension Organisations {
    /// Matches that a search ranks and pages through; beyond that people must type more.
    package static let maximumMatches = 1000
    /// Characters of a search text; no name is longer.
    package static let maximumSearchLength = 100
    /// Hits on a page at most.
    package static let maximumPageSize = 100

    /// Finds organisations by 统一社会信用代码, 注册号 or 组织机构代码 (whole), or by any part of a current or former name, of
    /// two characters and more; width, case, brackets and blanks make no difference. Several parts separated by blanks
    /// must all be there.
    package func search(
        _ text: String, limit: Int = 20, offset: Int = 0
    ) throws(RegistryFault) -> OrganisationSearch {
        let query = NameQuery(text)
        return try driver.read { connection throws(RegistryFault) in
            if let code = query.code {
                let found = try Self.organisations(Self.ids(code: code, on: connection), on: connection)
                if !found.isEmpty { return Self.answer(found, limit: limit, offset: offset) }
            }
            guard query.isLongEnough else {
                return OrganisationSearch(hits: [], total: 0, isCapped: false, isTooShort: true)
            }
            guard !query.isTooLong else { return .nothing }
            let (matches, isCapped) = try NameSearch(connection: connection, index: driver.nameIndex).matches(query)
            let page = matches.dropFirst(max(offset, 0)).prefix(min(max(limit, 0), Self.maximumPageSize))
            return OrganisationSearch(
                hits: try Self.hits(Array(page), on: connection), total: matches.count, isCapped: isCapped,
                isTooShort: false)
        }
    }

    private static func answer(_ found: [Organisation], limit: Int, offset: Int) -> OrganisationSearch {
        OrganisationSearch(
            hits: found.dropFirst(max(offset, 0)).prefix(max(limit, 0)).map {
                OrganisationHit(organisation: $0, matchedName: $0.name, isFormerName: false)
            }, total: found.count, isCapped: false, isTooShort: false)
    }

    private static func hits(
        _ matches: [NameMatch], on connection: any SQLConnection
    ) throws(RegistryFault) -> [OrganisationHit] {
        guard !matches.isEmpty else { return [] }
        let list = ValueList(matches.map { .integer($0.name) })
        let rows = try connection.query(
            """
            SELECT n.id AS name_id, n.name AS matched_name, n.is_current, o.key, \(StatedFacts.columns)
            FROM organisation_names n JOIN organisations o ON o.id = n.organisation
            JOIN organisation_facts f ON f.organisation = o.id AND f.delivery = o.delivery
            WHERE n.id IN (\(list.marks))
            """, list.values)
        var byName: [Int64: OrganisationHit] = [:]
        for row in rows {
            let stated = try StatedFacts(row: row, key: row.key("key"))
            byName[try row.integer("name_id")] = OrganisationHit(
                organisation: Organisation(facts: stated.facts, delivery: stated.delivery),
                matchedName: try row.text("matched_name"), isFormerName: try !row.flag("is_current"))
        }
        return matches.compactMap { byName[$0.name] }
    }
}

/// What was typed, in search form.
struct NameQuery: Sendable, Hashable {
    /// The whole text without blanks.
    let whole: String
    /// The parts that must all be in the name: those between blanks where each has two characters, else the whole.
    let parts: [String]
    /// The text as a code, where it can be one.
    let code: String?

    init(_ text: String) {
        whole = Text.searchForm(text)
        let words = text.split(whereSeparator: \.isWhitespace).map { Text.searchForm(String($0)) }
            .filter { !$0.isEmpty }
        parts = words.count > 1 && words.allSatisfy { $0.unicodeScalars.count >= 2 } ? words : [whole]
        let digits = whole.utf8.filter { $0 != UInt8(ascii: "-") }
        let isPlain = digits.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
        let isCode = isPlain && (8...20).contains(digits.count)
        code = isCode ? String(decoding: digits, as: UTF8.self) : nil
    }

    var isLongEnough: Bool { whole.unicodeScalars.count >= 2 }
    var isTooLong: Bool { whole.unicodeScalars.count > Organisations.maximumSearchLength }
}
