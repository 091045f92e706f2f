internal import Archive
internal import Identifiers
internal import Policy
internal import Registry

/// What the register of organisations is to learn from one worker's share of a delivery.
struct SubjectRoll: Sendable {
    /// Organisations the register already holds, from before this delivery; not mentioned again.
    let registered: Set<RegistryKey>
    /// Organisations that this worker has looked up already.
    private var met = KeySet()
    /// What registering rows state, in row order.
    private(set) var statements: [OrganisationFacts] = []
    /// Organisations met elsewhere that the register does not hold yet.
    private(set) var mentions: [OrganisationFacts] = []
    private(set) var aliases: [OrganisationAlias] = []
    /// Subjects of a list's records.
    private(set) var listed: Set<RegistryKey> = []

    init(registered: Set<RegistryKey>) {
        self.registered = registered
    }

    /// Takes down the name of an organisation that the register does not hold.
    mutating func mention(_ identifier: Identifier, key: SubjectKey, name: Span<UInt8>) {
        guard identifier.kind.subjectKind == .organisation, met.insert(key), !name.isEmpty else { return }
        let registryKey = RegistryKey(high: key.high, low: key.low)
        guard !registered.contains(registryKey) else { return }
        let code = identifier.text.description
        mentions.append(
            OrganisationFacts(
                key: registryKey, row: 0, registered: false, name: String(decoding: copy(name), as: UTF8.self),
                uscc: identifier.kind == .unifiedSocialCreditCode ? code : nil,
                registrationNumber: identifier.kind == .registrationNumber ? code : nil,
                organisationCode: identifier.kind == .organisationCode
                    ? code : identifier.organisationCode?.text.description))
    }

    /// Takes down whom a list's record is about.
    mutating func list(_ key: SubjectKey) { listed.insert(RegistryKey(high: key.high, low: key.low)) }

    /// Takes down what a registering row states, and under which other codes the organisation was or is known.
    mutating func register(
        _ identifier: Identifier, key: SubjectKey, number: UInt32, row: StatedRow, keys: inout SubjectKeyMaker
    ) {
        let registryKey = RegistryKey(high: key.high, low: key.low)
        let others = [
            row.identifiers[.registrationNumber], row.identifiers[.organisationCode], identifier.organisationCode,
        ].compactMap { $0 }.filter { $0 != identifier }
        var seen: Set<Identifier> = []
        for other in others where seen.insert(other).inserted {
            let alias = keys.key(of: other)
            aliases.append(
                OrganisationAlias(identifier: RegistryKey(high: alias.high, low: alias.low), subject: registryKey, row: number))
        }
        let isUSCC = identifier.kind == .unifiedSocialCreditCode
        statements.append(
            OrganisationFacts(
                key: registryKey, row: number, registered: true,
                name: row.texts[.name] ?? "", uscc: isUSCC ? identifier.text.description : nil,
                registrationNumber: row.identifiers[.registrationNumber]?.text.description,
                organisationCode: (row.identifiers[.organisationCode] ?? identifier.organisationCode)?.text.description,
                status: row.texts[.status], region: row.texts[.region], category: row.texts[.subjectCategory], industry: row.texts[.industry],
                legalRepresentative: row.texts[.legalRepresentative], established: row.dates[.established],
                effective: row.effective,
                formerNames: row.texts[.formerName].map(Self.names) ?? []))
    }

    /// Several former names stand in one cell, separated by a semicolon or an ideographic comma.
    private static func names(_ text: String) -> [String] {
        text.split { ";；、".contains($0) }.map(String.init)
    }
}

/// A registering row, by the role its fields play.
struct StatedRow {
    var texts: [FieldRole: String] = [:]
    var identifiers: [FieldRole: Identifier] = [:]
    var dates: [FieldRole: CivilDate] = [:]
    var effective: CivilDate?

    init(_ values: RowValues, plan: CheckPlan, _ bytes: Span<UInt8>) {
        effective = values.effective(plan)
        for (field, about) in plan.resource.fields.enumerated() {
            guard let role = about.role, !values.fields[field].isEmpty else { continue }
            texts[role] = values.withText(field, plan, bytes) { String(decoding: copy($0), as: UTF8.self) }
            identifiers[role] = values.assessed[field]
            dates[role] = values.day(field).map(CivilDate.init(day:))
        }
    }
}
