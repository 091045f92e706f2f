import Feel
import Identifiers

/// Checks a book's drafts within and across files, noting every fault.
struct BookChecker {
    let draft: BookDraft
    let log: FaultLog
    /// The code sets by id, with `region` made from the regions.
    let codeSets: [String: CodeSet]
    let bodies: [String: PublicBody]
    let documents: [String: LegalDocument]

    /// Id of the code set that is made from the regions.
    static let regionSet = "region"

    init(draft: BookDraft, log: FaultLog) {
        self.draft = draft
        self.log = log
        var sets: [String: CodeSet] = [:]
        for set in draft.codeSets where sets[set.value.id] == nil { sets[set.value.id] = set.value }
        sets[Self.regionSet] = CodeSet(
            id: Self.regionSet, name: "行政区划",
            values: (draft.regions ?? []).map {
                CodeValue(code: $0.value.code, name: $0.value.name, aliases: $0.value.formerCodes)
            },
            open: false)
        codeSets = sets
        bodies = Dictionary((draft.organisations ?? []).map { ($0.value.code, $0.value) }) { first, _ in first }
        documents = Dictionary((draft.documents ?? []).map { ($0.value.id, $0.value) }) { first, _ in first }
    }

    /// What decides from records, as it was checked.
    struct Judging {
        var indicators: [Indicator] = []
        var vocabulary = Vocabulary([])
        var rules: [Rule] = []
        var matters: [Matter] = []
    }

    /// Runs every check. What it gives is whole where no fault was noted.
    func check() -> Judging {
        checkLists()
        checkCalendar()
        checkMeasures()
        checkForbidden()
        for resource in draft.resources {
            checkHead(of: resource)
            checkBasis(of: resource)
            checkFields(of: resource)
            // Without any field, everything that names one would be noted as well.
            if resource.fields.isEmpty { continue }
            checkSubject(of: resource)
            checkRules(of: resource)
        }
        checkVersions()
        return judging()
    }

    /// What decides from records: matters, and where all that they rest on is sound, indicators and rules. Else every rule that
    /// names a field would be noted along with it.
    private func judging() -> Judging {
        var judging = Judging()
        judging.matters = matters()
        guard log.faults.isEmpty else { return judging }
        judging.indicators = indicators()
        judging.vocabulary = vocabulary(judging.indicators)
        if draft.isWhole("indicators.yaml"), judging.indicators.count == draft.indicators?.count { judging.rules = rules(judging.vocabulary) }
        return judging
    }

    /// The rule that a provider's word stands for; nil for a body or kind nobody knows.
    func providerRule(_ word: String) -> ProviderRule? {
        guard word.hasPrefix("kind:") else { return bodies[word].map { .body($0.code) } }
        return PublicBodyKind(rawValue: String(word.dropFirst(5))).map { .kind($0) }
    }

    func note(_ place: Place, _ key: String, _ message: String) {
        log.note(place.file, place.line(key), message)
    }

    /// Notes every item whose key an earlier item has.
    func noteDoubles<Value>(
        _ items: [Draft<Value>], key: String, title: String, of value: (Value) -> String
    ) {
        var first: [String: Place] = [:]
        for item in items {
            let text = value(item.value)
            if let other = first[text] {
                note(
                    item.place, key,
                    "\(title)“\(text)”与 \(other.file) 第 \(other.line(key)) 行重复：请删去一处或改用不同的\(title)")
            } else {
                first[text] = item.place
            }
        }
    }

    /// Notes every word that stands twice in one list.
    func noteRepeats(_ words: [Located<String>], in place: Place, key: String) {
        var seen: Set<String> = []
        for word in words where !seen.insert(word.value).inserted {
            log.note(place.file, word.line, "“\(key)”里“\(word.value)”写了两次：请删去一处")
        }
    }
}
