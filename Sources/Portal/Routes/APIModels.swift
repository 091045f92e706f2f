import Archive
import Identifiers
import Intake
import Policy
import Registry

/// What the API sends. Times are RFC 3339 in Shanghai time, dates yyyy-MM-dd, decimals strings as delivered.
enum API {
    struct Clocks: Encodable, Sendable {
        var asOf: String
        var knownAt: String
        /// Deliveries that the view had in its day, erased since.
        var erased: [UInt32]?

        init(_ file: SubjectFile) {
            asOf = "\(file.clocks.asOf)"
            knownAt = file.clocks.knownAt.rfc3339
            erased = file.erased.isEmpty ? nil : file.erased
        }
    }

    struct Named: Encodable, Sendable {
        var code: String
        var name: String
    }

    struct Hits: Encodable, Sendable {
        var total: Int
        var isCapped: Bool
        var page: Int
        var pageSize: Int
        var subjects: [Hit]
    }

    struct Hit: Encodable, Sendable {
        var key: String
        var name: String
        var unifiedSocialCreditCode: String?
        var registrationNumber: String?
        var organisationCode: String?
        var status: String?
        var region: Named?
        var matchedFormerName: String?
    }

    struct Subject: Encodable, Sendable {
        var key: String
        var kind: String
        var identifierKind: String
        var identifier: String
        var name: String
        var status: String?
        var region: Named?
        var established: String?
        var formerNames: [String]
        var clocks: Clocks
        var sections: [Section]
    }

    struct Section: Encodable, Sendable {
        var section: String
        var title: String
        var count: Int
    }

    struct Records: Encodable, Sendable {
        var subject: String
        var clocks: Clocks
        var total: Int
        var page: Int
        var pageSize: Int
        var records: [Record]
    }

    struct Record: Encodable, Sendable {
        var id: String
        var resource: Named
        var resourceVersion: Int
        var section: String
        var provider: String
        var effective: String?
        var known: String
        var kind: String
        var fields: [Field]
        /// Earlier versions, latest first, at most `CreditRecord.versionLimit` of the `superseded` there are.
        var supersedes: [String]
        var superseded: Int
        var repeats: Int
        var provenance: Provenance?
    }

    struct Field: Encodable, Sendable {
        var code: String
        var name: String
        var value: String
    }

    struct Provenance: Encodable, Sendable {
        var delivery: Int
        var row: Int
        var line: Int?
        var fileName: String
        var digest: String
    }

    struct Source: Encodable, Sendable {
        var record: String
        var delivery: Int
        var fileName: String
        var digest: String
        var sheet: String?
        var row: Int
        var line: Int
        var subject: String?
        var columns: [Column]
        var context: [Line]

        struct Column: Encodable, Sendable {
            var number: Int
            var title: String
            var value: String
            var field: Named?
        }

        struct Line: Encodable, Sendable {
            var line: Int
            var cells: [String]
        }
    }

    struct Looks: Encodable, Sendable {
        var total: Int
        var page: Int
        var pageSize: Int
        var looks: [Look]
    }

    /// One look at oneself.
    struct Look: Encodable, Sendable {
        var position: Int
        var at: String
        var body: String
        var actor: String
        var purpose: String
        var basis: String
        var caseNumber: String
        var items: String
        var channel: String
        var allowed: Bool
    }

    struct Deliveries: Encodable, Sendable {
        var total: Int
        var page: Int
        var pageSize: Int
        var deliveries: [Receipt]
    }

    struct Receipt: Encodable, Sendable {
        var number: Int
        var resource: Named
        var resourceVersion: Int
        var provider: Named
        var fileName: String
        var byteCount: Int64
        var digest: String
        var channel: String
        var state: String
        var received: String
        var known: String?
        /// rows = accepted + rejected; suspended and doubtful are parts of accepted.
        var rows: Int
        var accepted: Int
        var suspended: Int
        var doubtful: Int
        var rejected: Int
        var fault: String?
        var withdrawnAt: String?
        var erasedAt: String?
        var withdrawalReason: String?
        var progress: WorkProgress.Snapshot?
    }

    struct Rejections: Encodable, Sendable {
        var delivery: Int
        var total: Int
        var page: Int
        var pageSize: Int
        var causes: [Cause]
        var rejections: [Rejection]
    }

    struct Cause: Encodable, Sendable {
        var code: String
        var field: String
        var message: String
        var cure: String
        var count: Int
    }

    struct CatalogueLine: Encodable, Sendable {
        var code: String
        var version: Int
        var name: String
        var basicClass: Int
        var sectors: [String]
        var cadence: String
        var disclosure: String
        var subject: String
        var validFrom: String
        var validTo: String?
    }

    struct CatalogueItem: Encodable, Sendable {
        var item: CatalogueLine
        var providers: [Named]
        var basis: [String]
        var businessKey: [String]
        var fields: [CatalogueField]
    }

    struct CatalogueField: Encodable, Sendable {
        var code: String
        var national: String?
        var name: String
        var aliases: [String]
        var type: String
        var length: Int?
        var required: Bool
        var sensitivity: String
    }

    struct Coverage: Encodable, Sendable {
        var providers: [Line]
        var regions: [Region]

        struct Line: Encodable, Sendable {
            var provider: Named
            var resource: Named
            var deliveries: Int
            var rows: Int
            var accepted: Int
            var suspended: Int
            var doubtful: Int
            var rejected: Int
            var lastReceived: String
        }

        struct Region: Encodable, Sendable {
            var region: Named?
            var registered: Int
            var mentioned: Int
            var withRecords: Int
        }
    }

    struct Health: Encodable, Sendable {
        var status: String
        var records: Int
        var deliveries: Int
        var cutoff: String?
    }
}

extension API.Hit {
    init(_ hit: OrganisationHit, book: PolicyBook) {
        let organisation = hit.organisation
        self.init(
            key: "\(organisation.key)", name: organisation.name, unifiedSocialCreditCode: organisation.uscc,
            registrationNumber: organisation.registrationNumber, organisationCode: organisation.organisationCode,
            status: OrganisationWords(book: book).status(organisation)?.word,
            region: organisation.region.map { API.Named(code: $0, name: book.region($0)?.name ?? $0) },
            matchedFormerName: hit.isFormerName ? hit.matchedName : nil)
    }
}

extension API.Subject {
    init(_ view: CreditFileView, book: PolicyBook) {
        let subject = view.file.subject
        self.init(
            key: "\(subject.key)", kind: subject.kind.name, identifierKind: subject.identifierKind.name, identifier: subject.identifier,
            name: subject.name, status: subject.organisation.flatMap { OrganisationWords(book: book).status($0)?.word },
            region: subject.organisation?.region.map { API.Named(code: $0, name: book.region($0)?.name ?? $0) },
            established: subject.organisation?.established?.description, formerNames: subject.names.filter { !$0.isCurrent }.map(\.name),
            clocks: API.Clocks(view.file),
            sections: FileSection.allCases.map {
                API.Section(section: $0.rawValue, title: $0.title, count: view.count(in: $0))
            })
    }
}

extension API.Record {
    init(_ record: CreditRecord, audience: Audience, words: RecordWords, provider: String) {
        let fields = words.fields(record.resource, record.values, audience).shown
        self.init(
            id: "\(record.id)", resource: API.Named(code: record.resource.code, name: record.resource.name),
            resourceVersion: Int(record.resource.version), section: FileSection(basicClass: record.resource.basicClass).rawValue,
            provider: provider, effective: record.entry.effective?.description, known: record.known.rfc3339,
            kind: record.entry.kind == .correction ? "correction" : "record",
            fields: fields.map { API.Field(code: $0.code, name: $0.name, value: $0.value) },
            supersedes: record.superseded.map { "\($0)" },
            superseded: record.supersededCount, repeats: record.repeats, provenance: nil)
    }
}

extension API.Receipt {
    init(_ delivery: Delivery, words: DeliveryWords, progress: WorkProgress.Snapshot?) {
        self.init(
            number: Int(delivery.number), resource: API.Named(code: delivery.resource, name: words.resource(delivery.resource)),
            resourceVersion: delivery.resourceVersion,
            provider: API.Named(code: delivery.provider, name: words.provider(delivery.provider)), fileName: delivery.fileName,
            byteCount: delivery.byteCount, digest: delivery.digest, channel: delivery.channel.rawValue, state: delivery.state.rawValue,
            received: delivery.received.rfc3339, known: delivery.known?.rfc3339, rows: delivery.rows, accepted: delivery.accepted,
            suspended: delivery.suspended, doubtful: delivery.doubtful, rejected: delivery.rejected, fault: delivery.fault,
            withdrawnAt: delivery.withdrawnAt?.rfc3339, erasedAt: delivery.erasedAt?.rfc3339, withdrawalReason: delivery.withdrawalReason, progress: progress)
    }
}

extension API.CatalogueLine {
    init(_ resource: Resource) {
        self.init(
            code: resource.code, version: Int(resource.version), name: resource.name, basicClass: resource.basicClass,
            sectors: resource.sectors.map(\.name), cadence: resource.cadence.rawValue, disclosure: resource.disclosure.rawValue,
            subject: resource.subject.rawValue, validFrom: "\(resource.validFrom)", validTo: resource.validTo?.description)
    }
}

extension API.CatalogueItem {
    init(_ resource: Resource, book: PolicyBook) {
        self.init(
            item: API.CatalogueLine(resource), providers: book.providers(of: resource).map { API.Named(code: $0.code, name: $0.name) },
            basis: CatalogueWords.basis(resource, book), businessKey: resource.businessKey,
            fields: resource.fields.map { field in
                API.CatalogueField(
                    code: field.code, national: field.national, name: field.name, aliases: field.aliases,
                    type: CatalogueWords.type(field, book), length: field.length, required: field.required,
                    sensitivity: field.sensitivity.rawValue)
            })
    }
}

extension API.Source {
    /// - Parameter isClear: whether the purpose needs natural persons' data in clear; those of other rows are masked always.
    init(_ row: SourceRow, id: RecordID, isClear: Bool) {
        let masks = Set(row.columns.filter { SourcePage.isPersonal($0.field) }.map { $0.number - 1 })
        self.init(
            record: "\(id)", delivery: Int(row.delivery.number), fileName: row.delivery.fileName, digest: row.delivery.digest, sheet: row.sheet,
            row: Int(row.row), line: Int(row.line), subject: row.subject?.description,
            columns: row.columns.map { column in
                Column(
                    number: column.number, title: column.title,
                    value: !isClear && SourcePage.isPersonal(column.field) ? Masking.masked(column.value) : column.value,
                    field: column.field.map { API.Named(code: $0.code, name: $0.name) })
            },
            context: row.context.map { line in
                Line(
                    line: Int(line.number),
                    cells: line.cells.enumerated().map { index, cell in
                        line.row > 0 && masks.contains(index) && !(isClear && line.number == row.line) ? Masking.masked(cell) : cell
                    })
            })
    }
}
