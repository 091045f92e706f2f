internal import Archive
internal import Evaluation
package import Identifiers
package import Intake
package import Policy
package import Registry
internal import Feel
internal import Ledger
internal import Synchronization

/// Answers verifications: a fold over one subject's history, seen through the matter's own lists, resources and measures.
package final class Verifier: Sendable {
    let reader: SubjectReader
    private let judging = Mutex<(day: CivilDate, plan: FactPlan, board: RuleBoard)?>(nil)

    package init(reader: SubjectReader) { self.reader = reader }

    var book: PolicyBook { reader.book }

    /// The facts' plan and the rules of a day; worked out once a day.
    private func judging(on day: CivilDate) -> (plan: FactPlan, board: RuleBoard) {
        judging.withLock { kept in
            if let kept, kept.day == day { return (kept.plan, kept.board) }
            let made = (day: day, plan: FactPlan(book, on: day), board: RuleBoard(book, on: day))
            kept = made
            return (made.plan, made.board)
        }
    }

    /// Verifies a subject for a matter.
    /// - Parameters:
    ///   - identifier: a sound one; what is no identifier never comes here.
    ///   - name: the applicant's name, where the office gave one: it must be the organisation's.
    /// - Throws: what reading throws.
    package func verify(_ matter: Matter, caseNumber: String, identifier: Identifier, name: String? = nil, at now: Instant) throws -> CreditVerification {
        try verify(matter, caseNumber: caseNumber, key: reader.key(of: identifier), kind: identifier.kind.subjectKind, shown: Self.shown(identifier), name: name, at: now)
    }

    /// The same question about a subject that was verified before.
    package func verify(_ matter: Matter, caseNumber: String, subject: RegistryKey, at now: Instant) throws -> CreditVerification {
        let key = SubjectKey(subject)
        let card = try reader.directory.archive.card(of: key)
        return try verify(matter, caseNumber: caseNumber, key: key, kind: card?.kind ?? .organisation, shown: card?.maskedIdentifier ?? "", name: nil, at: now)
    }

    private func verify(
        _ matter: Matter, caseNumber: String, key: SubjectKey, kind: SubjectKind, shown unknown: String, name: String?, at now: Instant
    ) throws -> CreditVerification {
        let clocks = Clocks(asOf: now.date, knownAt: now)
        let snapshot = Snapshot(knownAt: now, logSize: reader.directory.ledger.size, book: book.digest)
        let file = try reader.file(of: key, at: clocks)
        let shown = file?.subject.identifier ?? unknown
        func answer(_ verdict: Verdict, _ summary: String, hits: [Hit] = [], commitments: [CommitmentCount] = []) -> CreditVerification {
            CreditVerification(
                matter: matter, caseNumber: caseNumber, verdict: verdict, summary: summary, subject: file?.subject.key ?? key, kind: kind, identifier: shown,
                name: kind == .organisation ? file?.subject.name ?? "" : "", isKnown: file != nil, hits: hits, commitments: commitments, snapshot: snapshot)
        }
        guard let file else {
            // Most people have no records; an organisation that nobody registered is rather a slip of the pen.
            return kind == .person ? answer(.clear, "平台没有这个号码的任何记录") : answer(.doubtful, "平台没有这个代码的任何信息，请核对代码是否属于申请人")
        }
        if let name, kind == .organisation, !file.subject.names.contains(where: { Text.searchForm($0.name) == Text.searchForm(name) }),
            Text.searchForm(file.subject.name) != Text.searchForm(name)
        {
            return answer(.doubtful, Self.mismatch(file.subject.name, name))
        }
        let steps = try reader.directory.registry.listings.steps(of: [RegistryKey(file.subject.key)], knownAt: now)
        let (records, listings) = try state(of: file, steps: steps, kind: kind, at: now)
        let hits = try hits(of: records.map(FactRecord.init), listings, for: matter, kind: kind, on: now.date)
        let verdict = Self.verdict(hits)
        let seesCommitments = matter.resources.contains { book.versions(of: $0).contains(where: isCommitment) }
        return answer(
            verdict, Self.summary(verdict, hits), hits: hits, commitments: seesCommitments ? Self.commitments(records.filter { isCommitment($0.resource) }) : [])
    }

    /// Whether anything is known of a subject: the fold alone, without lists and rules.
    package func isKnown(_ identifier: Identifier, at now: Instant) throws -> Bool {
        try reader.file(of: reader.key(of: identifier), at: Clocks(asOf: now.date, knownAt: now)) != nil
    }

    /// What is said where the applicant bears another name than the code.
    static func mismatch(_ registered: String, _ named: String) -> String { "代码登记的名称是“\(registered)”，与申请人“\(named.prefix(60))”不符，请核对代码" }

    static func shown(_ identifier: Identifier) -> String {
        var bytes: [UInt8] = []
        identifier.appendMasked(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Listings and rules

    /// What counts of a file: the records that lists, rules and commitments rest on, and the listings in force.
    private func state(
        of file: SubjectFile, steps: [ListingStep], kind: SubjectKind, at now: Instant
    ) throws -> (records: [CreditRecord], listings: [Listing]) {
        let plan = judging(on: now.date).plan
        let relevant = file.lines.filter { plan.resources.contains(file.resources[Int($0.resource)].number) || isCommitment(file.resources[Int($0.resource)]) }
        let records = try file.records(of: relevant)
        let listings = Listings(
            records.filter { plan.listResources.contains($0.resource.number) }.map(ListedRecord.init),
            steps: steps, kind: kind, book: book
        ).inForce(at: now)
        return (records, listings)
    }

    /// What records and listings come to for a matter.
    func hits(of records: [FactRecord], _ listings: [Listing], for matter: Matter, kind: SubjectKind, on day: CivilDate) throws -> [Hit] {
        let (plan, board) = judging(on: day)
        var hits = listings.filter { matter.lists.contains($0.list) }.compactMap { hit(of: $0, matter, kind, on: day) }
        let facts = try plan.facts(of: records, listings: listings)
        for (rule, finding) in zip(board.rules, board.judge(facts.values, kind: kind)) where finding.outcome != .notMet && isOpen(rule, to: matter) {
            hits.append(hit(of: rule, finding, facts, board, on: day))
        }
        return hits
    }

    /// Whether a rule is the matter's business: its measure may follow there, and all that it looks at the matter may look at.
    private func isOpen(_ rule: Rule, to matter: Matter) -> Bool {
        if let measure = rule.measure, !matter.measures.contains(measure) { return false }
        let named = Set(rule.clauses.flatMap(\.condition.variables))
        return named.allSatisfy { index in
            guard index < book.indicators.count else { return true }
            let indicator = book.indicators[index]
            return indicator.kind == .listings || indicator.resource.map(matter.resources.contains) ?? false
        }
    }

    func hit(of listing: Listing, _ matter: Matter, _ kind: SubjectKind, on day: CivilDate) -> Hit? {
        guard let list = book.list(listing.list, on: day) else { return nil }
        var records: [RecordID] = []
        if case .record(let id) = listing.source { records = [id] }
        return Hit(
            kind: .listing, code: list.code, title: list.name, nature: list.nature, basis: book.cited(list.basis), measures: book.measures(of: list, in: matter, for: kind, on: day),
            listing: listing, trace: nil, records: records)
    }

    private func hit(of rule: Rule, _ finding: Finding, _ facts: SubjectFacts, _ board: RuleBoard, on day: CivilDate) -> Hit {
        let measure = rule.measure.flatMap { book.measure($0, on: day) }
        let trace = RuleTrace(rule, finding, facts, board.vocabulary)
        return Hit(
            kind: finding.outcome == .met ? .rule : .manual, code: rule.code, title: rule.title, nature: nil, basis: book.cited(rule.basis),
            measures: measure.map { [book.applicable($0)] } ?? [], listing: nil, trace: trace,
            records: Array(Set(trace.lines.flatMap { $0.reads.flatMap(\.records) })).sorted())
    }

    // MARK: The verdict

    static func verdict(_ hits: [Hit]) -> Verdict {
        let against = hits.filter { !$0.isFavourable }
        let isRestricted = against.contains { hit in hit.kind != .manual && hit.measures.contains { $0.effect.restricts } }
        return isRestricted ? .restricted : against.isEmpty ? .clear : .attention
    }

    static func summary(_ verdict: Verdict, _ hits: [Hit]) -> String {
        let against = hits.filter { !$0.isFavourable }.map(\.title).distinct
        let names = against.prefix(3).joined(separator: "、") + (against.count > 3 ? "等 \(against.count) 项" : "")
        return switch verdict {
        case .restricted: "命中\(names)，有适用于本事项的措施"
        case .attention: "命中\(names)，没有限制本事项的措施，请承办人关注"
        default: hits.isEmpty ? "没有命中本事项可查的名单和规则" : "没有不利信息，可享受激励措施"
        }
    }

    // MARK: Commitments

    private func isCommitment(_ resource: Resource) -> Bool { resource.basicClass == 8 }

    private static func commitments(_ records: [CreditRecord]) -> [CommitmentCount] {
        var counts: [String: Int] = [:]
        for record in records {
            guard let index = record.resource.fields.firstIndex(where: { if case .code("commitment-state") = $0.type { true } else { false } }),
                let place = record.resource.layout.position(ofField: index), place < record.values.count, case .text(let state) = record.values[place]
            else { continue }
            counts[state, default: 0] += 1
        }
        return counts.map { CommitmentCount(state: $0.key, count: $0.value) }.sorted { $0.state < $1.state }
    }
}
