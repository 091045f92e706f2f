/// The name index on SQLite's FTS5: each name is indexed as its overlapping pairs of characters, and a part of a name is
/// asked for as a phrase of such pairs, so a phrase match is a substring match.
///
/// (FTS5's own trigram tokenizer finds nothing for one and two Chinese characters.) The row id carries the tier in
/// front of the name's id, and FTS5 answers in the order of row ids: names of registered organisations come first,
/// and a limit stops the search as soon as it is reached, however common the words are.
struct SQLiteNameIndex: NameIndex {
    /// Bits below the tier in a row id.
    static let tierShift: Int64 = 40

    static let integrityCheck =
        "INSERT INTO organisation_name_index (organisation_name_index) VALUES ('integrity-check')"

    func insert(_ names: [IndexedName], on connection: any SQLConnection) throws(RegistryFault) {
        // Row by row: before a statement of several rows FTS5 writes out what it has gathered.
        try connection.execute(
            "INSERT INTO organisation_name_index (rowid, pairs) VALUES (?, ?)",
            each: names.map { [.integer(Self.row($0)), .text(Self.pairs($0.folded))] })
    }

    func remove(_ names: [IndexedName], on connection: any SQLConnection) throws(RegistryFault) {
        try connection.execute(
            "INSERT INTO organisation_name_index (organisation_name_index, rowid, pairs) VALUES ('delete', ?, ?)",
            each: names.map { [.integer(Self.row($0)), .text(Self.pairs($0.folded))] })
        guard !names.isEmpty else { return }
        try connection.execute(
            "UPDATE counters SET value = value + ? WHERE name = 'nameIndexRemovals'", [.integer(names.count)])
    }

    func tidy(on connection: any SQLConnection) throws(RegistryFault) {
        let counters = try connection.query(
            """
            SELECT r.value AS removed, n.value AS given FROM counters r JOIN counters n ON n.name = 'organisationName'
            WHERE r.name = 'nameIndexRemovals'
            """)
        guard let row = counters.first else { return }
        let removed: Int64 = try row.integer("removed")
        let given: Int64 = try row.integer("given")
        guard removed > max(Self.toleratedRemovals, given / 50) else { return }
        try connection.execute("INSERT INTO organisation_name_index (organisation_name_index) VALUES ('optimize')")
        try connection.execute("UPDATE counters SET value = 0 WHERE name = 'nameIndexRemovals'")
    }

    /// What is taken out stays in FTS5's older segments until they are merged, and every search that begins there
    /// steps over it: measured 30 times slower with a tenth of a million names removed.
    private static let toleratedRemovals: Int64 = 1000

    func candidates(
        containing needles: [String], limit: Int, on connection: any SQLConnection
    ) throws(RegistryFault) -> [Int64] {
        let phrases = needles.map { needle in
            "\"" + Self.pairs(needle).replacing("\"", with: "\"\"") + "\""
        }
        let rows = try connection.query(
            Self.candidateQuery, [.text(phrases.joined(separator: " AND ")), .integer(limit)])
        var ids: [Int64] = []
        ids.reserveCapacity(rows.count)
        for row in rows { ids.append(try row.integer("rowid", as: Int64.self) & ((1 << Self.tierShift) - 1)) }
        return ids
    }

    static let candidateQuery =
        "SELECT rowid FROM organisation_name_index WHERE organisation_name_index MATCH ? ORDER BY rowid LIMIT ?"

    private static func row(_ name: IndexedName) -> Int64 { name.tier << tierShift | name.id }

    /// The overlapping pairs of characters, separated by blanks; a single character stands alone.
    static func pairs(_ folded: String) -> String {
        let bytes = Array(folded.utf8)
        // Where characters begin: every byte but the continuing ones.
        let starts = bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 } + [bytes.count]
        guard starts.count > 3 else { return folded }
        var pairs: [UInt8] = []
        pairs.reserveCapacity(bytes.count * 3)
        for index in 0..<(starts.count - 2) {
            if index > 0 { pairs.append(UInt8(ascii: " ")) }
            pairs.append(contentsOf: bytes[starts[index]..<starts[index + 2]])
        }
        return String(decoding: pairs, as: UTF8.self)
    }
}
