import Feel
import Identifiers

/// Rules and matters: nothing follows without a basis, and each rule passes the tests in its file.
extension BookChecker {
    /// What rules may name, in the order of facts.
    func vocabulary(_ indicators: [Indicator]) -> Vocabulary {
        Vocabulary(indicators.map { Variable($0.name, $0.type, unit: $0.unit) } + [Self.today])
    }

    /// The rules whose drafts are sound; faults are noted.
    func rules(_ vocabulary: Vocabulary) -> [Rule] {
        checkVersions(of: draft.rules.map { Draft(value: $0, place: $0.place) }, key: "rule", what: "规则")
        noteUnusedTables()
        return draft.rules.compactMap { rule($0, vocabulary) }
    }

    private func rule(_ value: RuleDraft, _ vocabulary: Vocabulary) -> Rule? {
        let place = value.place
        checkBasis(value.basis, of: place, otherwise: "没有法律依据，不能作为规则：请写明 document 和 article")
        checkSpan(of: value.basis, from: value.from, to: value.to, place)
        checkMeasure(of: value)
        let (when, unless) = (clauses(of: value.trigger, vocabulary), clauses(of: value.unless, vocabulary))
        // The ids of a drawn table's clauses are those of its rows.
        let drawn = value.trigger.conditions.isEmpty ? when?.map(\.id) ?? [] : []
        let drafts = value.trigger.conditions + value.unless
        var ids = Set(drawn)
        for clause in drafts where !ids.insert(clause.id).inserted { note(clause.place, "id", "条件编号“\(clause.id)”用了两次：请改用不同的编号") }
        let count = drawn.count + drafts.count
        if count > Rule.clauseLimit { note(place, value.trigger.key, "条件超过 \(Rule.clauseLimit) 个：请拆成几条规则") }
        guard let when, let unless, count <= Rule.clauseLimit else { return nil }
        let rule = Rule(
            code: value.code, version: value.version, kind: value.kind, title: value.title, issuer: value.issuer, basis: value.basis, applies: value.applies,
            from: value.from, to: value.to, needsAll: value.trigger.needsAll, when: when, unless: unless, onUnknown: value.onUnknown, measure: value.measure,
            confirmed: value.confirmed)
        if ids.count == count { run(value.tests, of: rule, vocabulary, place) }
        return rule
    }

    /// Conditions as they were checked; nil where one is not sound.
    private func clauses(of drafts: [ClauseDraft], _ vocabulary: Vocabulary) -> [Clause]? {
        let clauses = drafts.compactMap { draft in
            typed(draft.condition, in: vocabulary, at: draft.place, "if", as: .boolean).map { Clause(id: draft.id, condition: $0, says: draft.says) }
        }
        return clauses.count == drafts.count ? clauses : nil
    }

    private func clauses(of trigger: TriggerDraft, _ vocabulary: Vocabulary) -> [Clause]? {
        switch trigger {
        case .conditions(let conditions, needsAll: _): clauses(of: conditions, vocabulary)
        case .table(let table): clauses(of: table, vocabulary)
        }
    }

    /// A punishment is a measure for its subjects, an incentive is a reward, a warning is neither.
    private func checkMeasure(of rule: RuleDraft) {
        let place = rule.place
        guard let code = rule.measure else {
            if rule.kind != .warning { note(place, "rule", "\(rule.kind.name)规则没有写明措施：请补上 measure") }
            return
        }
        guard rule.kind != .warning else { return note(place, "measure", "提示规则不得附带措施：请删去 measure") }
        let versions = draft.measures?.filter { $0.value.code == code }.map(\.value) ?? []
        if versions.isEmpty, draft.isWhole("measures.yaml") { note(place, "measure", "measures.yaml 没有措施“\(code)”：请改正，或先登记该措施") }
        for version in versions { check(version, of: rule) }
    }

    private func check(_ measure: Measure, of rule: RuleDraft) {
        let place = rule.place
        if (measure.effect == .incentive) != (rule.kind == .reward) {
            note(place, "measure", "“\(measure.name)”是\(measure.effect.name)，不能用于\(rule.kind.name)规则：请改正")
        }
        if !measure.subjects.contains(rule.applies) { note(place, "applies", "“\(measure.name)”不适用于\(rule.applies.name)：请改正 applies 或 measure") }
        if rule.kind == .punish, !hasBasis(rule.basis, measure.effect == .reducesRights ? .statutory : .statutoryOrCentral) {
            note(place, "basis", "惩戒规则的依据层级不够（\(measure.effect.name)）：请补充法律、法规、规章\(measure.effect == .reducesRights ? "" : "或中央文件")")
        }
    }

    /// What something rests on must be in force all through its own validity.
    private func checkSpan(of basis: [BasisCitation], from: CivilDate, to: CivilDate?, _ place: Place) {
        let cited = basis.compactMap { documents[$0.document] }
        guard !cited.isEmpty, cited.count == basis.count, let gap = Self.firstGap(in: cited, from: from, to: to ?? CivilDate(day: .max)) else { return }
        note(place, "basis", "自 \(gap) 起没有现行有效的依据：请补充依据，或把 from、to 限定在依据的施行期内")
    }

    // MARK: Tests in the file

    private func run(_ tests: [RuleTestDraft], of rule: Rule, _ vocabulary: Vocabulary, _ place: Place) {
        if !tests.contains(where: { $0.outcome == .met }) || !tests.contains(where: { $0.outcome != .met }) {
            note(place, "tests", "规则至少要有一个触发和一个不触发的测试：请补上 tests")
        }
        for test in tests {
            guard let facts = facts(of: test, vocabulary) else { continue }
            let finding = rule.judge(facts)
            if finding.outcome != test.outcome.outcome {
                let found = RuleTestOutcome.allCases.first { $0.outcome == finding.outcome }?.rawValue ?? ""
                note(test.place, "out", "测试不通过：得到 \(found)，应为 \(test.outcome.rawValue)：请核对规则和测试")
            }
            let fired = rule.clauses(of: finding.held).map(\.id)
            if test.place.lines["fired"] != nil, Set(fired) != Set(test.fired) {
                note(test.place, "fired", "测试不通过：成立的条件是 [\(fired.joined(separator: ", "))]：请核对规则和测试")
            }
        }
    }

    /// The values of a test; nil, and faults, where they are not those of indicators.
    private func facts(of test: RuleTestDraft, _ vocabulary: Vocabulary) -> [Value]? {
        var facts = [Value](repeating: .null, count: vocabulary.variables.count)
        for item in test.given {
            guard let index = vocabulary.index(of: item.value.name) else {
                log.note(test.place.file, item.line, "测试里的“\(item.value.name)”不是指标：请改正")
                return nil
            }
            guard let text = item.value.value else { continue }
            guard let value = Self.value(text, as: vocabulary.variables[index].type) else {
                log.note(test.place.file, item.line, "测试里“\(item.value.name)”的值“\(text)”类型不对：请改正")
                return nil
            }
            facts[index] = value
        }
        return facts
    }

    private static func value(_ text: String, as type: FeelType) -> Value? {
        switch type {
        case .string: .string(text)
        case .number: Number(text).map(Value.number)
        case .date: Temporal.date(text).map(Value.date)
        case .boolean: text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
        case .list(.string): .list(text.split(separator: ";").map { .string(String($0)) })
        default: nil
        }
    }

    // MARK: Matters

    /// The matters whose drafts are sound; faults are noted.
    func matters() -> [Matter] {
        let drafts = draft.matters ?? []
        checkVersions(of: drafts, key: "code", what: "事项")
        return drafts.compactMap { matter($0.value, $0.place) }
    }

    private func matter(_ value: MatterDraft, _ place: Place) -> Matter? {
        checkBasis(value.basis, of: place, otherwise: "没有法律依据，不能作为用信事项：请写明 document 和 article")
        checkSpan(of: value.basis, from: value.from, to: value.to, place)
        func check(_ key: String, _ words: [String], _ what: String, isKnown: (String) -> Bool, file: String) {
            for word in words where !isKnown(word) && draft.isWhole(file) { note(place, key, "不认识\(what)“\(word)”：请改正，或先登记") }
        }
        check("bodies", value.bodies, "单位", isKnown: { providerRule($0) != nil }, file: "organisations.yaml")
        check("purpose", [value.purpose], "查询事由", isKnown: { code in draft.purposes?.contains { $0.value.code == code } ?? false }, file: "purposes.yaml")
        check("lists", value.lists, "名单", isKnown: { code in draft.lists?.contains { $0.value.code == code } ?? false }, file: "lists.yaml")
        check("resources", value.resources, "资源", isKnown: { code in draft.resources.contains { $0.code == code } }, file: "")
        check("measures", value.measures, "措施", isKnown: { code in draft.measures?.contains { $0.value.code == code } ?? false }, file: "measures.yaml")
        if value.lists.isEmpty && value.resources.isEmpty { note(place, "code", "事项没有写明可以查看哪些名单和资源：请补上 lists 或 resources") }
        if let purpose = draft.purposes?.first(where: { $0.value.code == value.purpose })?.value, purpose.ground != .duty {
            note(place, "purpose", "用信事项的事由须以法定职责为依据，“\(purpose.name)”不是：请换一个")
        }
        for code in value.measures {
            for measure in draft.measures ?? [] where measure.value.code == code && !measure.value.subjects.contains(where: value.subjects.contains) {
                note(place, "measures", "“\(measure.value.name)”不适用于这个事项的申请人：请改正")
            }
        }
        return Matter(
            code: value.code, version: value.version, name: value.name, bodies: value.bodies.compactMap(providerRule), purpose: value.purpose, subjects: value.subjects,
            lists: value.lists, resources: value.resources, measures: value.measures, basis: value.basis, from: value.from, to: value.to,
            confirmed: value.confirmed)
    }

    func checkForbidden() {
        let items = draft.forbidden ?? []
        noteDoubles(items, key: "word", title: "禁止使用的信息", of: \.word)
        for item in items { checkBasis(item.value.basis, of: item.place, otherwise: "没有写明依据：请写明 document 和 article") }
    }
}
