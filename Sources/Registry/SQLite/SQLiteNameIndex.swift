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
        var insertion = RowInsertion(into: "organisation_name_index", columns: "rowid, pairs")
        for name in names { insertion.append([.integer(Self.row(name)), .text(Self.pairs(name.folded))]) }
        try insertion.write(on: connection)
    }

    func remove(_ names: [IndexedName], on connection: any SQLConnection) throws(RegistryFault) {
        try connection.execute(
            "INSERT INTO organisation_name_index (organisation_name_index, rowid, pairs) VALUES ('delete', ?, ?)",
            each: names.map { [.integer(Self.row($0)), .text(Self.pairs($0.folded))] })
    }

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
