package import Identifiers

extension Resource {
    /// Builds the lookups and the layout. The loader has checked that codes and headings are unique; of doubles the
    /// first counts.
    package init(
        code: String, number: UInt16, version: UInt8, name: String, basicClass: Int, sectors: [Sector],
        providers: [ProviderRule], cadence: Cadence, disclosure: Disclosure, subject: SubjectScope,
        basis: [BasisCitation], validFrom: CivilDate, validTo: CivilDate?, businessKey: [String], effective: String?,
        identification: Identification, registers: Bool, summary: [String], fields: [Field], checks: [RowCheck],
        confirmed: Confirmation? = nil, note: String? = nil
    ) {
        self.code = code
        self.number = number
        self.version = version
        self.name = name
        self.basicClass = basicClass
        self.sectors = sectors
        self.providers = providers
        self.cadence = cadence
        self.disclosure = disclosure
        self.subject = subject
        self.basis = basis
        self.validFrom = validFrom
        self.validTo = validTo
        self.businessKey = businessKey
        self.effective = effective
        self.identification = identification
        self.registers = registers
        self.summary = summary
        self.fields = fields
        self.checks = checks
        self.confirmed = confirmed
        self.note = note
        var byCode: [String: Int] = [:]
        var byHeading: [String: Int] = [:]
        for (index, field) in fields.enumerated() {
            if byCode[field.code] == nil { byCode[field.code] = index }
            for heading in field.headings {
                let form = Text.searchForm(heading)
                if byHeading[form] == nil { byHeading[form] = index }
            }
        }
        indexByCode = byCode
        indexByHeading = byHeading
        layout = Layout(fields: fields, businessKey: businessKey, registers: registers)
    }
}

extension Field {
    /// Every column heading that means this field: code, national code, name and aliases.
    package var headings: [String] {
        var headings = [code]
        if let national, national != code { headings.append(national) }
        headings.append(name)
        headings += aliases
        return headings
    }
}
