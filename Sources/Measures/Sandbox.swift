internal import Archive
internal import Evaluation
package import Identifiers
internal import Intake
package import Policy
package import Registry

/// The fictional subjects of the sandbox (沙箱), on which a program tries verifications out. Nobody bears their numbers: no region has the code
/// 411799 (GB/T 2260).
package enum SandboxSubject: String, Sendable, CaseIterable {
    /// 可办理: on no list.
    case clear
    /// 需关注: on a list of the matter that restricts nothing there.
    case attention
    /// 依法限制: on a list of the matter from which a restriction follows there.
    case restricted
    /// On a red list of the matter.
    case favoured

    /// Its number: 统一社会信用代码 of an organisation, 公民身份号码 of a person.
    package func number(_ kind: SubjectKind) -> String {
        switch (self, kind) {
        case (.clear, .organisation): "91411799MA00000154"
        case (.attention, .organisation): "91411799MA0000023Y"
        case (.restricted, .organisation): "91411799MA0000031R"
        case (.favoured, .organisation): "91411799MA000004XH"
        case (.clear, .person): "411799190001010014"
        case (.attention, .person): "411799190001010022"
        case (.restricted, .person): "411799190001010030"
        case (.favoured, .person): "411799190001010049"
        }
    }

    /// The name that it is registered under, of an organisation: another one is answered with 疑似.
    package var name: String {
        switch self {
        case .clear: "沙箱甲公司（虚构）"
        case .attention: "沙箱乙公司（虚构）"
        case .restricted: "沙箱丙公司（虚构）"
        case .favoured: "沙箱丁公司（虚构）"
        }
    }

    /// The list of a matter that makes a subject of a kind what it is; nil for the clear one, and where the matter has no such list.
    fileprivate func list(of matter: Matter, _ kind: SubjectKind, _ book: PolicyBook, on day: CivilDate) -> ListKind? {
        let lists = matter.lists.compactMap { book.list($0, on: day) }.filter { $0.subjects.contains(kind) }
        func restricts(_ list: ListKind) -> Bool { book.measures(of: list, in: matter, for: kind, on: day).contains { $0.effect.restricts } }
        return switch self {
        case .clear: nil
        case .attention: lists.first { $0.nature != .red && !restricts($0) }
        case .restricted: lists.first(where: restricts)
        case .favoured: lists.first { $0.nature == .red }
        }
    }
}

extension Verifier {
    /// Verifies a fictional subject for a matter, by the same lists, measures and rules, and without a look at anybody's records. Every other number
    /// is answered with 疑似.
    package func rehearse(_ matter: Matter, caseNumber: String, identifier: Identifier, name: String? = nil, at now: Instant) throws -> CreditVerification {
        try rehearse(
            matter, caseNumber: caseNumber, key: reader.key(of: identifier), kind: identifier.kind.subjectKind, shown: Self.shown(identifier), name: name, at: now)
    }

    /// The same question about a subject that was asked about before.
    package func rehearse(_ matter: Matter, caseNumber: String, subject: RegistryKey, at now: Instant) throws -> CreditVerification {
        let key = SubjectKey(subject)
        let found = SubjectKind.allCases.first { fictional(key, $0, on: now.date) != nil } ?? .organisation
        return try rehearse(matter, caseNumber: caseNumber, key: key, kind: found, shown: "", name: nil, at: now)
    }

    private func fictional(_ key: SubjectKey, _ kind: SubjectKind, on today: CivilDate) -> (subject: SandboxSubject, shown: String)? {
        for subject in SandboxSubject.allCases {
            let number = Array(subject.number(kind).utf8)
            if let identifier = Identifier.recognise(number.span, on: today), reader.key(of: identifier) == key { return (subject, Self.shown(identifier)) }
        }
        return nil
    }

    private func rehearse(
        _ matter: Matter, caseNumber: String, key: SubjectKey, kind: SubjectKind, shown unknown: String, name: String?, at now: Instant
    ) throws -> CreditVerification {
        let found = fictional(key, kind, on: now.date)
        func answer(_ verdict: Verdict, _ summary: String, hits: [Hit] = []) -> CreditVerification {
            CreditVerification(
                matter: matter, caseNumber: caseNumber, verdict: verdict, summary: "（沙箱，虚构主体）\(summary)", subject: key, kind: kind,
                identifier: found?.shown ?? unknown, name: kind == .organisation ? found?.subject.name ?? "" : "", isKnown: found != nil, hits: hits, commitments: [],
                snapshot: Snapshot(knownAt: now, logSize: 0, book: book.digest))
        }
        guard let subject = found?.subject else {
            return answer(.doubtful, "沙箱里没有这个代码，可用的是 \(SandboxSubject.allCases.map { $0.number(kind) }.joined(separator: "、"))")
        }
        if let name, kind == .organisation, Text.searchForm(name) != Text.searchForm(subject.name) {
            return answer(.doubtful, Self.mismatch(subject.name, name))
        }
        let list = subject.list(of: matter, kind, book, on: now.date)
        let listings = list.map { Listings([], steps: Self.steps(onto: $0, of: RegistryKey(key), at: now), kind: kind, book: book).inForce(at: now) } ?? []
        let hits = try hits(of: [], listings, for: matter, kind: kind, on: now.date)
        let verdict = Self.verdict(hits)
        let lacks = list == nil && subject != .clear ? "；本事项没有这一类名单" : ""
        return answer(verdict, Self.summary(verdict, hits) + lacks, hits: hits)
    }

    /// How a fictional subject came onto a list, thirty days ago.
    private static func steps(onto list: ListKind, of subject: RegistryKey, at now: Instant) -> [ListingStep] {
        let day = now.date.adding(days: -30)
        return [(ListingStepKind.decision, "虚构列字〔0000〕1号"), (.entry, ""), (.publication, "")].enumerated().map { place, step in
            var made = ListingStep(
                procedure: 1, list: list.code, subject: subject, kind: step.0, day: day, document: step.1, text: "沙箱里的虚构事由", actor: "sandbox", body: "虚构机关",
                at: Instant(startOf: day))
            made.number = Int64(place + 1)
            return made
        }
    }
}
