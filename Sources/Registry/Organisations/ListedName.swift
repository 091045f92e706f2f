/// A name as the search lists it, with its search form.
struct ListedName: Sendable, Hashable {
    let id: Int64
    let organisation: Int64
    /// ``Standing`` of the organisation: registered ones come first in every answer.
    let tier: Int64
    let isCurrent: Bool
    let name: String
    let folded: String

    init(
        id: Int64, organisation: Int64, tier: Int64, isCurrent: Bool, name: String, folded: String
    ) {
        self.id = id
        self.organisation = organisation
        self.tier = tier
        self.isCurrent = isCurrent
        self.name = name
        self.folded = folded
    }

    init(row: SQLRow) throws(RegistryFault) {
        self.init(
            id: try row.integer("id"), organisation: try row.integer("organisation"), tier: try row.integer("tier"),
            isCurrent: try row.flag("is_current"), name: try row.text("name"), folded: try row.text("folded"))
    }

    static var insertion: RowInsertion {
        RowInsertion(into: "organisation_names", columns: "id, organisation, tier, is_current, name, folded")
    }

    /// A row of ``insertion``.
    var arguments: [SQLValue] {
        [.integer(id), .integer(organisation), .integer(tier), .flag(isCurrent), .text(name), .text(folded)]
    }

    /// The entry of the name index.
    var indexed: IndexedName { IndexedName(id: id, tier: tier, folded: folded) }
}
