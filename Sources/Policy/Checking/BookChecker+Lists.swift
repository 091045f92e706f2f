import Identifiers

/// Classes, sectors, regions, organisations, documents and code sets.
extension BookChecker {
    func checkLists() {
        if let classes = draft.classes { checkClasses(classes) }
        if let sectors = draft.sectors { noteDoubles(sectors, key: "name", title: "领域", of: \.name) }
        if let regions = draft.regions { checkRegions(regions) }
        if let organisations = draft.organisations { checkOrganisations(organisations) }
        if let documents = draft.documents { noteDoubles(documents, key: "id", title: "文件编号", of: \.id) }
        if let purposes = draft.purposes { checkPurposes(purposes) }
        if let retention = draft.retention { checkRetention(retention) }
        noteDoubles(draft.codeSets, key: "id", title: "代码集编号", of: \.id)
        for set in draft.codeSets where set.value.id == Self.regionSet {
            note(set.place, "id", "代码集“region”由 regions.yaml 自动生成：请删去此文件，或改用别的 id")
        }
    }

    /// A purpose without a basis would open files for no reason in law.
    private func checkPurposes(_ purposes: [Draft<Purpose>]) {
        noteDoubles(purposes, key: "code", title: "事由编码", of: \.code)
        for purpose in purposes {
            checkBasis(purpose.value.basis, of: purpose.place, otherwise: "没有法律依据，不能作为查询事由：请写明 document 和 article")
        }
    }

    func checkBasis(_ basis: [BasisCitation], of place: Place, otherwise message: String) {
        if basis.isEmpty { note(place, "basis", message) }
        for citation in basis where documents[citation.document] == nil && draft.isWhole("documents.yaml") {
            note(place, "basis", "依据“\(citation.document)”不在 documents.yaml 里：请改正，或先登记该文件")
        }
    }

    /// What has no term would be kept for ever by oversight; what has two, nobody knows how long.
    private func checkRetention(_ terms: [Draft<RetentionTerm>]) {
        for term in terms {
            checkBasis(term.value.basis, of: term.place, otherwise: "没有法律依据，不能作为保存期限：请写明 document 和 article")
        }
        guard draft.isWhole("retention.yaml"), let file = terms.first?.place.file else { return }
        for matter in [RetainedMatter.files, .events] where terms.count(where: { $0.value.matter == matter }) != 1 {
            log.note(file, 1, "\(matter.rawValue) 须有且只有一个保存期限：请补上或删去多余的")
        }
        for kind in SubjectKind.allCases {
            for number in 1...13 {
                let owners = terms.filter { $0.value.subject == kind && $0.value.classes.contains(number) }
                if owners.count > 1 { note(owners[1].place, "classes", "第 \(number) 类\(kind.name)记录的保存期限写了不止一次：请删去一处") }
                let isUsed = draft.resources.contains { $0.basicClass == number && $0.subject?.admits(kind) == true }
                if owners.isEmpty, isUsed { log.note(file, 1, "目录里有第 \(number) 类\(kind.name)的资源，却没有它的保存期限：请补上") }
            }
        }
    }

    private func checkClasses(_ classes: [Draft<BasicClass>]) {
        noteDoubles(classes, key: "number", title: "类别序号") { String($0.number) }
        noteDoubles(classes, key: "name", title: "类别名称", of: \.name)
        let missing = (1...13).filter { number in !classes.contains { $0.value.number == number } }
        guard !missing.isEmpty, draft.isWhole("classes.yaml"), let first = classes.first else { return }
        let numbers = missing.map(String.init).joined(separator: "、")
        log.note(first.place.file, 1, "全国公共信用信息基础目录共 13 类，缺少第 \(numbers) 类：请补上")
    }

    private func checkRegions(_ regions: [Draft<RegionEntry>]) {
        noteDoubles(regions, key: "code", title: "区划代码", of: \.code)
        noteDoubles(regions, key: "name", title: "区划名称", of: \.name)
        let parents = Dictionary(regions.map { ($0.value.code, $0.value.parent) }) { first, _ in first }
        var owners = Dictionary(regions.map { ($0.value.code, $0.value.name) }) { first, _ in first }
        for region in regions {
            if let parent = region.value.parent {
                if parents[parent] == nil, draft.isWhole("regions.yaml") {
                    note(region.place, "parent", "上级区划“\(parent)”不在 regions.yaml 里：请改正，或补上该区划")
                } else if climbs(in: parents, from: region.value.code) {
                    note(region.place, "parent", "区划“\(region.value.name)”的上级绕回了自己：请改正 parent")
                }
            }
            for code in region.value.formerCodes {
                if let owner = owners[code] {
                    note(region.place, "formerCodes", "原区划代码“\(code)”已属于“\(owner)”：请删去一处")
                }
                owners[code] = owners[code] ?? region.value.name
            }
            if (region.place.lines["longitude"] == nil) != (region.place.lines["latitude"] == nil) {
                note(region.place, "longitude", "区划“\(region.value.name)”的经纬度只写了一个：请两个都写或都不写")
            }
        }
    }

    private func checkOrganisations(_ organisations: [Draft<PublicBody>]) {
        noteDoubles(organisations, key: "code", title: "单位代码", of: \.code)
        noteDoubles(organisations, key: "name", title: "单位名称", of: \.name)
        noteDoubles(organisations.filter { $0.value.unifiedSocialCreditCode != nil }, key: "uscc", title: "统一社会信用代码") {
            $0.unifiedSocialCreditCode?.text.description ?? ""
        }
        let owners = Dictionary(organisations.map { ($0.value.code, $0.value.owner) }) { first, _ in first }
        for body in organisations {
            if body.value.code.hasPrefix("kind:") {
                note(body.place, "code", "单位代码不能以“kind:”开头：请改用别的代码")
            }
            if let region = body.value.region, let regions = draft.regions, draft.isWhole("regions.yaml"),
                !regions.contains(where: { $0.value.code == region })
            {
                note(body.place, "region", "区划“\(region)”不在 regions.yaml 里：请改正，或补上该区划")
            }
            guard let owner = body.value.owner else { continue }
            if owners[owner] == nil, draft.isWhole("organisations.yaml") {
                note(body.place, "owner", "上级单位“\(owner)”不在 organisations.yaml 里：请改正，或补上该单位")
            } else if climbs(in: owners, from: body.value.code) {
                note(body.place, "owner", "单位“\(body.value.name)”的上级绕回了自己：请改正 owner")
            }
        }
    }

    /// Whether going up from an item leads back to it.
    private func climbs(in parents: [String: String?], from start: String) -> Bool {
        var seen: Set<String> = []
        var next = parents[start] ?? nil
        while let current = next, seen.insert(current).inserted {
            if current == start { return true }
            next = parents[current] ?? nil
        }
        return false
    }
}
