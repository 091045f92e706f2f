import Identifiers

/// Lists and measures: nothing without a basis, nothing beyond the national list.
extension BookChecker {
    func checkMeasures() {
        let national = draft.nationalMeasures ?? []
        noteDoubles(national, key: "number", title: "国家清单序号") { String($0.number) }
        for item in national where item.value.effect == .incentive {
            note(item.place, "effect", "惩戒措施清单里没有守信激励：请改正，激励措施写在 measures.yaml")
        }
        let items = Dictionary(national.map { ($0.value.number, $0.value) }) { first, _ in first }
        let measures = draft.measures ?? []
        checkVersions(of: measures, key: "code", what: "措施")
        for measure in measures {
            checkBasis(measure.value.basis, of: measure.place, otherwise: "没有法律依据，不能作为措施：请写明 document 和 article")
            for word in measure.value.departments where providerRule(word) == nil && draft.isWhole("organisations.yaml") {
                note(measure.place, "departments", "不认识责任单位“\(word)”：请改为 organisations.yaml 里的单位代码，或 kind: 加单位类别")
            }
            check(measure, against: items)
        }
        checkListKinds(Dictionary(grouping: measures.map(\.value), by: \.code))
    }

    /// A punitive measure is an item of the national list, for nobody else and no harder.
    private func check(_ measure: Draft<Measure>, against items: [Int: NationalMeasure]) {
        let (value, place) = (measure.value, measure.place)
        if value.effect == .incentive {
            if value.item != nil { note(place, "item", "守信激励不在惩戒措施清单里：请删去 item") }
            return
        }
        guard let number = value.item else {
            note(place, "code", "惩戒措施没有写明是国家清单的第几项（item），清单以外的措施不得实施：请补上或删去此措施")
            return
        }
        guard let item = items[number] else {
            if draft.isWhole("national-measures.yaml") { note(place, "item", "国家清单没有第 \(number) 项，清单以外的措施不得实施：请核对 item，或删去此措施") }
            return
        }
        if value.effect.isHarder(than: item.effect) {
            note(place, "effect", "“\(value.effect.name)”比国家清单第 \(number) 项“\(item.name)”的“\(item.effect.name)”更重，不得加重惩戒：请改正 effect")
        }
        for kind in value.subjects where !item.subjects.contains(kind) {
            note(place, "subjects", "国家清单第 \(number) 项“\(item.name)”不适用于\(kind.name)，不得扩大范围：请改正 subjects")
        }
        if value.effect == .reducesRights, !hasBasis(value.basis, .statutory) {
            note(place, "basis", "减损权益的措施须有法律、法规、规章或司法解释的依据，只有政策文件不够：请补充依据")
        }
    }

    enum Rank {
        /// 法律、法规、规章.
        case statutory
        /// The same, or a document of the centre.
        case statutoryOrCentral
    }

    /// Whether a citation is of a high enough rank; where the documents could not be read, it is taken to be.
    func hasBasis(_ basis: [BasisCitation], _ rank: Rank) -> Bool {
        guard draft.isWhole("documents.yaml") else { return true }
        return basis.contains { citation in
            switch documents[citation.document]?.level {
            case .law, .regulation, .rule, .localRegulation: true
            case .centralDocument: rank == .statutoryOrCentral
            case .localDocument, nil: false
            }
        }
    }

    private func checkListKinds(_ measures: [String: [Measure]]) {
        let lists = draft.lists ?? []
        checkVersions(of: lists, key: "code", what: "名单")
        let kinds = Dictionary(grouping: lists, by: \.value.code).values.map { $0.sorted { $0.value.from < $1.value.from } }.sorted { $0[0].place.start < $1[0].place.start }
        noteDoubles(kinds.map { $0[0] }, key: "name", title: "名单名称", of: \.name)
        for versions in kinds {
            for (earlier, later) in zip(versions, versions.dropFirst()) where earlier.value.version != later.value.version { checkSuccession(earlier.value, later) }
        }
        let resources = Dictionary(grouping: draft.resources, by: { $0.code ?? "" })
        for list in lists {
            checkBasis(list.value.basis, of: list.place, otherwise: "没有法律依据，不能设立名单：请写明 document 和 article")
            checkNature(of: list)
            for code in list.value.resources {
                guard let versions = resources[code] else {
                    note(list.place, "resources", "目录里没有资源“\(code)”：请改正，或先登记该资源")
                    continue
                }
                for version in versions { checkListing(version, of: list) }
                if let subject = versions.last?.subject, !list.value.subjects.contains(where: subject.admits) {
                    note(list.place, "resources", "资源“\(code)”的主体（\(subject.name)）不在这个名单的范围内：请核对 subjects")
                }
            }
            check(list, measures)
        }
    }

    /// A further version is the same list: old entries, which keep the version of their day, are shown and counted with the new ones.
    private func checkSuccession(_ earlier: ListKind, _ later: Draft<ListKind>) {
        let (value, place) = (later.value, later.place)
        if value.name != earlier.name { note(place, "name", "“\(value.code)”的前一版叫“\(earlier.name)”：同一名单各版名称相同，请改正，或另设名单") }
        if value.nature != earlier.nature { note(place, "nature", "“\(value.code)”的前一版是\(earlier.nature.name)：性质改变了就是另一个名单，请另设") }
        let gone = earlier.resources.filter { !value.resources.contains($0) }
        if !gone.isEmpty { note(place, "resources", "“\(value.code)”的前一版取自 \(gone.joined(separator: "、"))：以前列入的还在其中，请补上") }
    }

    /// A record of a list must say since when it stands and whether it still does.
    private func checkListing(_ resource: ResourceDraft, of list: Draft<ListKind>) {
        for role in [FieldRole.listedOn, .status] where resource.fields(of: role).isEmpty {
            note(list.place, "resources", "资源“\(resource.code ?? "")”没有 role: \(role.rawValue) 的字段，不能作为名单的来源：请在该资源补上")
        }
    }

    /// What has no statutory basis can only be watched.
    private func checkNature(of list: Draft<ListKind>) {
        let (value, place) = (list.value, list.place)
        switch value.nature {
        case .seriousDishonesty:
            if !hasBasis(value.basis, .statutoryOrCentral) {
                note(place, "nature", "没有法律、法规、规章或中央文件的依据，只能作为重点关注（watch）：请补充依据，或改为 watch")
            }
            if value.hearing == nil { note(place, "code", "严重失信主体名单须写明告知后几个工作日内可以陈述申辩（hearing）：请补上") }
        case .watch:
            if value.isPublic { note(place, "public", "重点关注只供内部使用，不得公示：请改为 false") }
            if !value.measures.isEmpty { note(place, "measures", "重点关注不得附带措施：请清空 measures") }
        case .red:
            guard let term = value.term else {
                note(place, "code", "红名单须有期限（term），最长三年：请补上")
                break
            }
            if term.months > 36 || term.days > 1096 { note(place, "term", "红名单期限最长三年：请缩短 term") }
        }
        if value.isPublic, value.subjects == [.person] { note(place, "public", "自然人的名单不得公示：请改为 false") }
        if let term = value.term, let early = value.early, (early.months, early.days) >= (term.months, term.days) {
            note(place, "early", "提前移出的最短时间不短于期限本身：请核对 term 和 early")
        }
    }

    private func check(_ list: Draft<ListKind>, _ measures: [String: [Measure]]) {
        for code in list.value.measures {
            guard let versions = measures[code] else {
                if draft.isWhole("measures.yaml") { note(list.place, "measures", "measures.yaml 没有措施“\(code)”：请改正，或先登记该措施") }
                continue
            }
            for measure in versions where (measure.effect == .incentive) != (list.value.nature == .red) {
                note(list.place, "measures", "“\(measure.name)”是\(measure.effect.name)，不能用于\(list.value.nature.name)：请改正")
            }
            for measure in versions where !measure.subjects.contains(where: list.value.subjects.contains) {
                note(list.place, "measures", "“\(measure.name)”不适用于这个名单的主体：请改正")
            }
        }
    }
}
