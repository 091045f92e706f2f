import Access
import Archive
import Evaluation
import Hummingbird
import Identifiers
import Intake
import Measures
import Policy
import Registry

/// Takes the steps of listings, of the platform's own procedures and of delivered ones.
struct ListingDesk: Sendable {
    let portal: Portal

    /// Whether the visitor's body decides on a list: who delivers its records; what is watched without any, the credit centre.
    func decides(_ list: ListKind, _ context: PortalContext) -> Bool {
        guard let visitor = context.visitor else { return false }
        return portal.book.decides(body: visitor.body, on: list) || list.resources.isEmpty && visitor.role == .creditCentre
    }

    /// A procedure of a list, with the list's versions.
    func procedure(_ list: ListKind, steps: [ListingStep], delivered: CivilDate? = nil) -> ListingProcedure {
        ListingProcedure(
            list: list, versions: portal.book.lists.filter { $0.code == list.code }, calendar: portal.book.calendar, steps: steps, delivered: delivered)
    }

    /// The fields of a step.
    /// - Parameter next: what may be chosen; nil for a first step.
    static func fields(for next: [ListingStepKind]?, today: CivilDate) -> [FieldView] {
        var fields = [
            FieldView("day", "日期", type: "date", value: "\(today)"), FieldView("document", "文书号", hint: "告知、决定、移出必填", required: false),
            FieldView("text", "内容", type: "textarea", hint: "事实、理由、依据，或陈述申辩的内容", required: false),
        ]
        if next?.contains(.removal) == true {
            fields.append(
                FieldView(
                    "ground", "移出原因",
                    choices: [Choice(value: "", label: next == [.removal] ? "请选择" : "不是移出", selected: true)] + RemovalGround.allCases.map { Choice(value: $0.rawValue, label: $0.name, selected: false) }))
        }
        return fields
    }

    /// The step that a form states.
    func step(
        _ kind: ListingStepKind, of list: ListKind, subject: RegistryKey, procedure: Int64, _ form: FormFields, _ context: PortalContext, at now: Instant
    ) throws -> ListingStep {
        guard let visitor = context.visitor else { throw Problem.notLoggedIn }
        let text = form["day"] ?? ""
        guard let day = CivilDate.parse(text.utf8.span) else {
            throw Problem.badRequest("bad-day", "日期有误", "日期“\(text.prefix(20))”不是存在的日期。", cure: "请按 2026-01-31 的形式填写。")
        }
        return ListingStep(
            procedure: procedure, list: list.code, subject: subject, kind: kind, day: day, document: String((form.text("document") ?? "").prefix(120)),
            text: String((form.text("text") ?? "").prefix(4000)), ground: form["ground"].flatMap(RemovalGround.init), actor: visitor.login, body: visitor.body, at: now)
    }

    /// Checks a step and keeps it; its event is durable before.
    func keep(
        _ step: ListingStep, in procedure: ListingProcedure, kind: SubjectKind, _ request: Request, _ context: PortalContext, at now: Instant
    ) async throws -> ListingStep {
        let subject = SubjectKey(step.subject)
        let (isDishonest, earlier) = try await portal.blocking { [portal] in
            let inForce = try portal.listings.listings(of: subject, at: now)?.listings.inForce(at: now) ?? []
            let isDishonest = inForce.contains { listing in portal.book.lists.version(of: listing.list, since: listing.from)?.nature == .seriousDishonesty }
            let earlier = try portal.registry.listings.steps(of: [step.subject], knownAt: now).last { $0.list == step.list && $0.record == step.record }
            return (isDishonest, try earlier.map { try portal.registry.listings.procedure($0.procedure) } ?? [])
        }
        // One at a time: whoever is on the list, or about to be, is not notified again.
        if procedure.steps.isEmpty, step.record == nil, let last = earlier.last, ![.removal, .closure].contains(last.kind) {
            let listing = try await portal.blocking { [portal] in
                try portal.listings.listings(of: subject, at: now)?.listings.all.first { $0.source == .procedure(last.procedure) }
            }
            guard listing.map({ $0.state(at: now) == .expired }) ?? false else { throw ListingFault.underWay(last.procedure) }
        }
        try procedure.check(step, kind: kind, isDishonest: isDishonest, on: now.date)
        try await portal.record(.listing, request, context, subject: subject, items: "\(procedure.list.name)：\(step.kind.name)", detail: "\(step.day) \(step.document)")
        let last = procedure.steps.last?.number ?? earlier.last?.number
        let kept = try await portal.blocking { [portal] in try portal.registry.listings.append(step, after: last) }
        guard let kept else { throw ListingFault.changed }
        return kept
    }
}

extension Listing {
    /// Where it stands at a moment, as pages say it.
    func words(at now: Instant) -> String {
        switch state(at: now) {
        case .notYet: "\(from) 起列入"
        case .inForce: until.map { "在列，\($0) 到期" } ?? "在列"
        case .expired: "期满移出"
        case .ended(let end): "已移出（\(end.reason)）"
        }
    }
}

extension Notice {
    init(_ fault: ListingFault) { self.init(tone: "bad", title: fault.message, text: "\(fault.cure)。") }
}
