import Archive
import Identifiers
import Intake
import Policy
import Registry

extension API {
    /// 信用状态: counts, each with the address of the records it counts.
    struct Standing: Encodable, Sendable {
        var subject: Identity
        var clocks: Clocks
        var cutoff: Cutoff?
        var total: Count
        var deliveries: Int
        var providers: Int
        var classes: [ClassCount]
        var resources: [ResourceCount]

        struct Identity: Encodable, Sendable {
            var key: String
            var kind: String
            var identifierKind: String
            var identifier: String
            var name: String
            var status: String?
            var region: Named?
        }

        struct Cutoff: Encodable, Sendable {
            var delivery: Int
            var known: String
        }

        /// `superseded`, `repeats` and `doubtful` are for `scope=all` only: the public sees what stands.
        struct Count: Encodable, Sendable {
            var records: Int
            var superseded: Int?
            var repeats: Int?
            var doubtful: Int?
            var first: String?
            var latest: String?
        }

        struct ClassCount: Encodable, Sendable {
            var basicClass: Int
            var name: String
            var count: Count
            var href: String
        }

        struct ResourceCount: Encodable, Sendable {
            var resource: Named
            var basicClass: Int
            var count: Count
            var href: String
        }
    }
}

extension API.Standing {
    /// - Parameter book: names classes, states and regions.
    init(_ view: CreditFileView, book: PolicyBook) {
        let subject = view.file.subject
        let clocks = view.file.clocks
        let standing = view.standing
        let knownAt = PercentCoding.encode(clocks.knownAt.rfc3339)
        let records = "/api/v1/subjects/\(subject.key)/records?asOf=\(clocks.asOf)&knownAt=\(knownAt)"
            + (view.audience == .all ? "&scope=all" : "")
        self.init(
            subject: Identity(
                key: "\(subject.key)", kind: subject.kind.name, identifierKind: subject.identifierKind.name,
                identifier: subject.identifier, name: subject.name,
                status: subject.organisation.flatMap { OrganisationWords(book: book).status($0)?.word },
                region: subject.organisation?.region.map { API.Named(code: $0, name: book.region($0)?.name ?? $0) }),
            clocks: API.Clocks(clocks),
            cutoff: view.file.cutoff.map { Cutoff(delivery: Int($0.delivery), known: $0.known.rfc3339) },
            total: Count(standing.total, view.audience), deliveries: standing.deliveries, providers: standing.providers,
            classes: standing.classes.map { item in
                ClassCount(
                    basicClass: item.number, name: book.classes.first { $0.number == item.number }?.name ?? "",
                    count: Count(item.count, view.audience), href: "\(records)&class=\(item.number)")
            },
            resources: standing.resources.map { item in
                ResourceCount(
                    resource: API.Named(code: item.resource.code, name: item.resource.name), basicClass: item.resource.basicClass,
                    count: Count(item.count, view.audience), href: "\(records)&resource=\(item.resource.code)")
            })
    }
}

extension API.Standing.Count {
    init(_ count: Standing.Count, _ audience: Audience) {
        let isWhole = audience == .all
        self.init(
            records: count.records, superseded: isWhole ? count.superseded : nil, repeats: isWhole ? count.repeats : nil,
            doubtful: isWhole ? count.doubtful : nil, first: count.first?.description, latest: count.latest?.description)
    }
}
