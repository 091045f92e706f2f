package import Feel
package import Identifiers

/// The city's policy as loaded and cross-checked: what may enter the platform, from whom, and on what legal basis.
/// Immutable; made by `load`.
package struct PolicyBook: Sendable {
    /// SM3 of all its files, in hex: two books of one digest say the same.
    package let digest: String
    /// All versions of all resources, in the order of code and version.
    package let resources: [Resource]
    /// Which days are worked.
    package let calendar: WorkingCalendar
    /// The bodies that deliver or use credit information, in the book's order.
    package let organisations: [PublicBody]
    /// Regions, in the book's order.
    package let regions: [RegionEntry]
    /// Legal documents, in the book's order.
    package let documents: [LegalDocument]
    /// Code sets by id; `region` is made from the regions.
    package let codeSets: [String: CodeSet]
    /// The 13 classes of the national basic catalogue, in order.
    package let classes: [BasicClass]
    /// The sectors of the plan, in the book's order.
    package let sectors: [Sector]
    /// Why what is not public may be looked at, in the book's order.
    package let purposes: [Purpose]
    /// How long what is kept is kept.
    package let retention: [RetentionTerm]
    /// The kinds of lists, in the book's order.
    package let lists: [ListKind]
    /// The same by code, the versions of each by their first days.
    package let listVersions: [[ListKind]]
    /// The national basic list of punitive measures, in its order.
    package let nationalMeasures: [NationalMeasure]
    /// What offices do, in the book's order.
    package let measures: [Measure]
    /// Figures over histories that rules name, in the book's order.
    package let indicators: [Indicator]
    /// What rules name, in the order of facts: the indicators, then 今天.
    package let vocabulary: Vocabulary
    /// All versions of all rules, by code and version.
    package let rules: [Rule]
    /// What no rule may rest on.
    package let forbidden: [ForbiddenAttribute]
    /// What offices verify credit for, in the book's order.
    package let matters: [Matter]
    /// Words for 登记状态, by every code and name that registering resources give it.
    package let registrationStatuses: [String: String]

    private let versionsByCode: [String: [Int]]
    private let indexByNumber: [UInt32: Int]
    private let bodyByCode: [String: Int]
    private let documentByID: [String: Int]
    private let regionByCode: [String: Int]

    init(
        digest: String, calendar: WorkingCalendar, resources: [Resource], organisations: [PublicBody], regions: [RegionEntry], documents: [LegalDocument],
        codeSets: [String: CodeSet], classes: [BasicClass], sectors: [Sector], purposes: [Purpose],
        retention: [RetentionTerm], lists: [ListKind], nationalMeasures: [NationalMeasure], measures: [Measure],
        indicators: [Indicator], vocabulary: Vocabulary, rules: [Rule], matters: [Matter], forbidden: [ForbiddenAttribute]
    ) {
        let sorted = resources.sorted { ($0.code, $0.version) < ($1.code, $1.version) }
        self.digest = digest
        self.resources = sorted
        self.calendar = calendar
        self.organisations = organisations
        self.regions = regions
        self.documents = documents
        self.codeSets = codeSets
        self.classes = classes
        self.sectors = sectors
        self.purposes = purposes
        self.retention = retention
        self.lists = lists
        listVersions = lists.byCode()
        self.nationalMeasures = nationalMeasures
        self.measures = measures
        self.indicators = indicators
        self.vocabulary = vocabulary
        self.rules = rules.sorted { ($0.code, $0.version) < ($1.code, $1.version) }
        self.matters = matters
        self.forbidden = forbidden
        versionsByCode = Dictionary(grouping: sorted.indices) { sorted[$0].code }
        indexByNumber = Self.index(sorted) { Self.key($0.number, $0.version) }
        bodyByCode = Self.index(organisations, by: \.code)
        documentByID = Self.index(documents, by: \.id)
        regionByCode = Self.index(regions, by: \.code)
        let statusSets = sorted.filter(\.registers).flatMap(\.fields).filter { $0.role == .status }.compactMap { field in
            if case .code(let id) = field.type { codeSets[id] } else { nil }
        }
        registrationStatuses = Dictionary(
            statusSets.flatMap(\.values).flatMap { [($0.code, $0.name), ($0.name, $0.name)] }, uniquingKeysWith: { first, _ in first })
    }

    /// The version of a resource that may be delivered on a day; nil for an unknown code or where none is valid.
    package func resource(_ code: String, on day: CivilDate) -> Resource? {
        versionsByCode[code]?.lazy.map { resources[$0] }.first { $0.isValid(on: day) }
    }

    /// A resource version by what the archive's entries carry.
    package func resource(number: UInt16, version: UInt8) -> Resource? {
        indexByNumber[Self.key(number, version)].map { resources[$0] }
    }

    /// All versions of a resource, oldest first; empty for an unknown code.
    package func versions(of code: String) -> [Resource] {
        (versionsByCode[code] ?? []).map { resources[$0] }
    }

    /// The resource versions that may be delivered on a day, in the order of code.
    package func catalogue(on day: CivilDate) -> [Resource] {
        resources.filter { $0.isValid(on: day) }
    }

    /// A body by its code.
    package func body(_ code: String) -> PublicBody? { bodyByCode[code].map { organisations[$0] } }

    /// A legal document by its id.
    package func document(_ id: String) -> LegalDocument? { documentByID[id].map { documents[$0] } }

    /// A region by its code.
    package func region(_ code: String) -> RegionEntry? { regionByCode[code].map { regions[$0] } }

    /// The code set of a code field; nil for other types.
    package func codeSet(of field: Field) -> CodeSet? {
        if case .code(let id) = field.type { codeSets[id] } else { nil }
    }

    /// Whether a body may deliver a resource; false for an unknown body.
    package func mayDeliver(body code: String, resource: Resource) -> Bool {
        guard let body = body(code) else { return false }
        return resource.providers.contains { $0.admits(body) }
    }

    /// The bodies that may deliver a resource, in the book's order.
    package func providers(of resource: Resource) -> [PublicBody] {
        organisations.filter { body in resource.providers.contains { $0.admits(body) } }
    }

    private static func key(_ number: UInt16, _ version: UInt8) -> UInt32 { UInt32(number) << 8 | UInt32(version) }

    private static func index<Element, Key: Hashable>(_ items: [Element], by key: (Element) -> Key) -> [Key: Int] {
        Dictionary(items.indices.map { (key(items[$0]), $0) }, uniquingKeysWith: { first, _ in first })
    }
}

extension ProviderRule {
    /// Whether the rule admits a body.
    package func admits(_ body: PublicBody) -> Bool {
        switch self {
        case .body(let code): body.code == code
        case .kind(let kind): body.kind == kind
        }
    }
}
