import Archive
import Identifiers
import Intake
import Policy
import Registry

extension JSONBytes {
    /// 信用状态: counts, each with the address of the records it counts.
    ///
    /// - Parameter book: names classes, states and regions.
    init(standingOf view: CreditFileView, book: PolicyBook) {
        self.init()
        let file = view.file
        let standing = view.standing
        let key = "\(file.subject.key)"
        let asOf = "\(file.clocks.asOf)"
        let knownAt = file.clocks.knownAt.rfc3339
        let records =
            "/api/v1/subjects/\(key)/records?asOf=\(asOf)&knownAt=\(PercentCoding.encode(knownAt))"
            + (view.audience.isOfficial ? "&scope=all" : "")
        object { json in
            json.object("subject") { $0.write(file.subject, key: key, book: book) }
            json.object("clocks") {
                $0.member("asOf", asOf)
                $0.member("knownAt", knownAt)
                if !file.erased.isEmpty { $0.member("erased", file.erased) }
            }
            if let cutoff = file.cutoff {
                json.object("cutoff") {
                    $0.member("delivery", Int(cutoff.delivery))
                    $0.member("known", cutoff.known.rfc3339)
                }
            }
            json.write(standing.total, view.audience, as: "total")
            json.member("deliveries", standing.deliveries)
            json.member("providers", standing.providers)
            json.list("classes") { json in
                for item in standing.classes {
                    json.object {
                        $0.member("basicClass", item.number)
                        $0.member("name", book.classes.first { $0.number == item.number }?.name ?? "")
                        $0.write(item.count, view.audience, as: "count")
                        $0.member("href", records, "&class=\(item.number)")
                    }
                }
            }
            json.list("resources") { json in
                for item in standing.resources {
                    json.object {
                        $0.object("resource") {
                            $0.member("code", item.code)
                            $0.member("name", item.name)
                        }
                        $0.member("basicClass", item.basicClass)
                        $0.write(item.count, view.audience, as: "count")
                        $0.member("href", records, "&resource=\(item.code)")
                    }
                }
            }
        }
    }

    private mutating func write(_ subject: SubjectSummary, key: String, book: PolicyBook) {
        member("key", key)
        member("kind", subject.kind.name)
        member("identifierKind", subject.identifierKind.name)
        member("identifier", subject.identifier)
        member("name", subject.name)
        guard let organisation = subject.organisation else { return }
        member("status", OrganisationWords(book: book).status(organisation)?.word)
        guard let region = organisation.region else { return }
        object("region") {
            $0.member("code", region)
            $0.member("name", book.region(region)?.name ?? region)
        }
    }

    /// Earlier versions, repeats and doubts are for `scope=all` only: the public sees what stands.
    private mutating func write(_ count: Standing.Count, _ audience: Audience, as name: StaticString) {
        object(name) {
            $0.member("records", count.records)
            if audience.isOfficial {
                $0.member("superseded", count.superseded)
                $0.member("repeats", count.repeats)
                $0.member("doubtful", count.doubtful)
            }
            $0.member("first", count.first?.description)
            $0.member("latest", count.latest?.description)
        }
    }
}
