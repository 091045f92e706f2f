package import Identifiers

/// What one delivery says about one organisation.
package struct OrganisationFacts: Sendable, Hashable {
    /// The subject's key in the archive.
    package var key: RegistryKey
    /// Data row of the delivery, from 1; with the delivery it is the id of the record the facts come from.
    package var row: UInt32
    /// True where the row comes from the registering resource; false for an organisation that a row of any other
    /// resource merely mentions. A mention never overwrites what was registered.
    package var registered: Bool
    /// As the source wrote it; empty where it gave none.
    package var name: String
    package var uscc: String?
    package var registrationNumber: String?
    package var organisationCode: String?
    package var status: String?
    /// Six digits.
    package var region: String?
    package var category: String?
    /// Section of GB/T 4754: one letter.
    package var industry: String?
    package var legalRepresentative: String?
    package var established: CivilDate?
    /// From when the facts hold, where the source says.
    package var effective: CivilDate?
    /// Names that the source itself declares as former.
    package var formerNames: [String]

    /// What one delivery says about one organisation.
    package init(
        key: RegistryKey, row: UInt32, registered: Bool, name: String, uscc: String? = nil,
        registrationNumber: String? = nil, organisationCode: String? = nil, status: String? = nil,
        region: String? = nil, category: String? = nil, industry: String? = nil, legalRepresentative: String? = nil,
        established: CivilDate? = nil, effective: CivilDate? = nil, formerNames: [String] = []
    ) {
        self.key = key
        self.row = row
        self.registered = registered
        self.name = name
        self.uscc = uscc
        self.registrationNumber = registrationNumber
        self.organisationCode = organisationCode
        self.status = status
        self.region = region
        self.category = category
        self.industry = industry
        self.legalRepresentative = legalRepresentative
        self.established = established
        self.effective = effective
        self.formerNames = formerNames
    }
}

/// An organisation as registered, or as mentioned where no registration is known.
package struct Organisation: Sendable, Hashable {
    /// The facts shown, of the latest delivery that counts.
    package var facts: OrganisationFacts
    /// The delivery the facts come from.
    package var delivery: UInt32

    package var key: RegistryKey { facts.key }
    package var name: String { facts.name }
    package var uscc: String? { facts.uscc }
    package var registrationNumber: String? { facts.registrationNumber }
    package var organisationCode: String? { facts.organisationCode }
    package var status: String? { facts.status }
    package var region: String? { facts.region }
    package var category: String? { facts.category }
    package var legalRepresentative: String? { facts.legalRepresentative }
    package var established: CivilDate? { facts.established }
    /// Whether a registering resource established it; otherwise it is only mentioned.
    package var registered: Bool { facts.registered }
}

/// A code as a delivery stated it of an organisation.
package struct OrganisationCode: Sendable, Hashable {
    package let kind: IdentifierKind
    package let text: String
}

/// A name an organisation has or had.
package struct OrganisationName: Sendable, Hashable {
    package let name: String
    /// Whether it is the name now (at the clocks asked for).
    package let isCurrent: Bool
    /// Whether the source declared it as a former name, rather than that it was seen to change.
    package let isDeclaredFormer: Bool
    /// From when, where the source says.
    package let since: CivilDate?
    /// The first delivery that gave it.
    package let sinceDelivery: UInt32
    /// When the next name took effect, where the source says; nil for the current one.
    package let until: CivilDate?
    /// The delivery that gave the next name; nil for the current one.
    package let untilDelivery: UInt32?
}

/// How an organisation stands in the registry; the order is that of search results.
enum Standing: Int64, Sendable, Comparable {
    /// Established by a registering resource.
    case registered = 0
    /// Known only because another resource mentions it.
    case mentioned = 1
    /// Known only from deliveries that were withdrawn: found by nothing.
    case hidden = 2

    static func < (left: Standing, right: Standing) -> Bool { left.rawValue < right.rawValue }
}

/// Facts together with the delivery that gave them, as the history keeps them.
struct StatedFacts: Sendable, Hashable {
    var delivery: UInt32
    var facts: OrganisationFacts
}

extension StatedFacts {
    static let columns = """
        f.delivery, f.row_number, f.registered, f.name, f.uscc, f.registration_number, f.organisation_code, f.status, \
        f.region, f.category, f.industry, f.legal_representative, f.established, f.effective, f.former_names
        """

    init(row: SQLRow, key: RegistryKey) throws(RegistryFault) {
        let former = try row.textIfPresent("former_names")
        self.init(
            delivery: try row.integer("delivery"),
            facts: OrganisationFacts(
                key: key, row: try row.integer("row_number"), registered: try row.flag("registered"),
                name: try row.text("name"), uscc: try row.textIfPresent("uscc"),
                registrationNumber: try row.textIfPresent("registration_number"),
                organisationCode: try row.textIfPresent("organisation_code"), status: try row.textIfPresent("status"),
                region: try row.textIfPresent("region"), category: try row.textIfPresent("category"), industry: try row.textIfPresent("industry"),
                legalRepresentative: try row.textIfPresent("legal_representative"),
                established: try row.dateIfPresent("established"), effective: try row.dateIfPresent("effective"),
                formerNames: former.map { $0.split(separator: "\n").map(String.init) } ?? []))
    }

    /// The row of the history for a delivery's facts.
    static var insertion: RowInsertion {
        RowInsertion(
            into: "organisation_facts",
            columns: """
                organisation, delivery, row_number, registered, name, uscc, registration_number, organisation_code, \
                status, region, category, industry, legal_representative, established, effective, former_names
                """)
    }

    /// A row of ``insertion``.
    static func arguments(_ facts: OrganisationFacts, organisation: Int64, delivery: UInt32) -> [SQLValue] {
        [
            .integer(organisation), .integer(delivery), .integer(facts.row), .flag(facts.registered),
            .text(facts.name), .text(facts.uscc), .text(facts.registrationNumber), .text(facts.organisationCode),
            .text(facts.status), .text(facts.region), .text(facts.category), .text(facts.industry), .text(facts.legalRepresentative),
            .date(facts.established), .date(facts.effective),
            facts.formerNames.isEmpty ? .null : .text(facts.formerNames.joined(separator: "\n")),
        ]
    }
}
