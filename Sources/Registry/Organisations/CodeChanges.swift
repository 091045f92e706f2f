/// Codes under which organisations are to be found, gathered over a transaction and written once, sorted.
///
/// Rows are only added: a search checks what it finds against the codes the organisation carries now.
struct CodeChanges {
    private var rows: [(place: SortPlace, code: String, organisation: Int64)] = []

    /// The codes of facts, without those that the organisation already carried.
    mutating func add(_ facts: OrganisationFacts, of organisation: Int64, besides known: [String?] = []) {
        for code in [facts.uscc, facts.registrationNumber, facts.organisationCode] {
            if let code, !known.contains(code) { rows.append((SortPlace(code), code, organisation)) }
        }
    }

    /// Writes what was gathered.
    func write(on connection: any SQLConnection) throws(RegistryFault) {
        var insertion = RowInsertion(
            into: "organisation_codes", columns: "code, organisation",
            conflict: "ON CONFLICT (code, organisation) DO NOTHING")
        for row in rows.sorted(by: { $0.place < $1.place }) {
            insertion.append([.text(row.code), .integer(row.organisation)])
        }
        try insertion.write(on: connection)
    }
}
