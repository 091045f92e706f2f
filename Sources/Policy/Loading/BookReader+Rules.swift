import Identifiers
import Yams

// Indicators, rules, matters: what decides from records and listings.
extension BookReader {
    func indicator(_ reader: MappingReader) -> IndicatorDraft? {
        let name = reader.text("name")
        let kind = reader.choice("of", IndicatorKind.self)
        let resource = reader.optionalText("resource")
        let field = reader.optionalText("field")
        let condition = reader.optionalText("where")
        let window = term("window", reader)
        let lists = reader.optionalTexts("lists").map(\.value)
        let nature = reader.optionalChoice("nature", ListNature.self)
        let unit = reader.optionalText("unit")
        let confirmed = reader.confirmation(on: today)
        guard let name, let kind else { return nil }
        return IndicatorDraft(
            name: name, kind: kind, resource: resource, field: field, condition: condition, window: window, lists: lists, nature: nature, unit: unit,
            confirmed: confirmed)
    }

    func forbiddenAttribute(_ reader: MappingReader) -> ForbiddenAttribute? {
        let word = reader.text("word")
        let basis = reader.readers("basis", what: "依据").compactMap(citation).map(\.value)
        return word.map { ForbiddenAttribute(word: $0, basis: basis) }
    }

    func matter(_ reader: MappingReader) -> MatterDraft? {
        let code = reader.text("code")
        let version = reader.integer("version", in: 1...999)
        let name = reader.text("name")
        let bodies = reader.oneOrMoreTexts("bodies").map(\.value)
        let purpose = reader.text("purpose")
        let subjects = subjects(reader)
        let lists = reader.optionalTexts("lists").map(\.value)
        let resources = reader.optionalTexts("resources").map(\.value)
        let measures = reader.optionalTexts("measures").map(\.value)
        let basis = reader.readers("basis", what: "依据").compactMap(citation).map(\.value)
        let (from, to) = validity(reader)
        let confirmed = reader.confirmation(on: today)
        guard let code, let version, let name, let purpose, let from, !subjects.isEmpty else { return nil }
        return MatterDraft(
            code: code, version: version, name: name, bodies: bodies, purpose: purpose, subjects: subjects, lists: lists, resources: resources, measures: measures, basis: basis,
            from: from, to: to, confirmed: confirmed)
    }

    // MARK: Rules, one file each

    func rule(_ reader: MappingReader) -> RuleDraft? {
        let code = reader.text("rule")
        let version = reader.integer("version", in: 1...999)
        let kind = reader.choice("kind", RuleKind.self)
        let title = reader.text("title")
        let issuer = reader.text("issuer")
        let basis = reader.readers("basis", what: "依据").compactMap(citation).map(\.value)
        let applies = reader.choice("applies", SubjectWord.self)
        let (from, to) = validity(reader)
        let trigger = trigger(reader)
        let unless = reader.optionalReaders("unless", what: "除外条件").compactMap(clause)
        let onUnknown = reader.choice("on_unknown", Rule.OnUnknown.self)
        let measure = reader.optionalText("measure")
        let tests = reader.readers("tests", what: "规则测试").compactMap(ruleTest)
        let confirmed = reader.confirmation(on: today)
        _ = reader.optionalText("note")
        reader.finish()
        guard let code, let version, let kind, let title, let issuer, let applies, let from, let onUnknown, let trigger else { return nil }
        return RuleDraft(
            place: reader.place, code: code, version: version, kind: kind, title: title, issuer: issuer, basis: basis, applies: applies.kind, from: from, to: to,
            trigger: trigger, unless: unless, onUnknown: onUnknown, measure: measure, tests: tests, confirmed: confirmed)
    }

    /// `when: {all: […]}`, `when: {any: […]}`, or `table: {file: …, decision: …}` for one that is drawn.
    private func trigger(_ reader: MappingReader) -> TriggerDraft? {
        let table = reader.optionalReader("table", what: "决策表")
        guard let when = reader.optionalReader("when", what: "触发条件") else {
            if table == nil { reader.fault("when", "规则没有触发条件：请写 when: {all: [...]}、when: {any: [...]} 或 table: {file: ...}") }
            return table.flatMap { self.table($0, besides: reader.place.file) }
        }
        guard table == nil else {
            reader.fault("table", "规则既有 when 又有 table，不知以哪个为准：请只保留一个")
            return nil
        }
        let all = when.optionalReaders("all", what: "条件")
        let any = when.optionalReaders("any", what: "条件")
        when.finish()
        guard all.isEmpty != any.isEmpty else {
            reader.fault("when", "触发条件 when 须有 all 或 any 之一，并至少一个条件：请补上，或删去多余的")
            return nil
        }
        return .conditions((all + any).compactMap(clause), needsAll: !all.isEmpty)
    }

    private func table(_ reader: MappingReader, besides rule: String) -> TriggerDraft? {
        let file = reader.text("file")
        let decision = reader.optionalText("decision")
        reader.finish()
        guard let file else { return nil }
        let folder = rule.split(separator: "/").dropLast()
        return .table(TableDraft(path: (folder + [file[...]]).joined(separator: "/"), decision: decision, place: reader.place))
    }

    private func clause(_ reader: MappingReader) -> ClauseDraft? {
        let id = reader.text("id")
        let condition = reader.text("if")
        let says = reader.text("say")
        reader.finish()
        guard let id, let condition, let says else { return nil }
        return ClauseDraft(id: id, condition: condition, says: says, place: reader.place)
    }

    private func ruleTest(_ reader: MappingReader) -> RuleTestDraft? {
        let outcome = reader.choice("out", RuleTestOutcome.self)
        let fired = reader.optionalTexts("fired").map(\.value)
        var given: [Located<(name: String, value: String?)>] = []
        if let node = reader.node("in"), case .mapping(let mapping) = node {
            for (key, value) in mapping {
                guard case .scalar(let name) = key, case .scalar(let text) = value else { continue }
                let isMissing = text.style != .doubleQuoted && text.style != .singleQuoted && ["", "~", "null"].contains(text.string)
                given.append(Located(value: (name.string, isMissing ? nil : text.string), line: key.mark?.line ?? reader.place.start))
            }
        } else {
            reader.fault("in", "规则测试没有写明输入：请写 in: {指标: 值}")
        }
        reader.finish()
        return outcome.map { RuleTestDraft(given: given, outcome: $0, fired: fired, place: reader.place) }
    }
}

/// What was read of a matter.
struct MatterDraft: Versioned {
    var code: String
    var version: Int
    var name: String
    var bodies: [String]
    var purpose: String
    var subjects: [SubjectKind]
    var lists: [String]
    var resources: [String]
    var measures: [String]
    var basis: [BasisCitation]
    var from: CivilDate
    var to: CivilDate?
    var confirmed: Confirmation?
}
