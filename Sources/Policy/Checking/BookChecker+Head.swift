import Identifiers

/// What a resource says of itself: code, class, sectors, providers, validity, basis.
extension BookChecker {
    func checkHead(of resource: ResourceDraft) {
        let place = resource.place
        checkCode(of: resource)
        if let number = resource.basicClass, let classes = draft.classes, draft.isWhole("classes.yaml"),
            !classes.contains(where: { $0.value.number == number })
        {
            note(place, "class", "类别 \(number) 不在 classes.yaml 里：请改正")
        }
        if let sectors = draft.sectors, draft.isWhole("sectors.yaml") {
            let names = sectors.map(\.value.name)
            for sector in resource.sectors where !names.contains(sector.value) {
                log.note(place.file, sector.line, "不认识领域“\(sector.value)”：只能是 \(names.joined(separator: "、"))")
            }
        }
        noteRepeats(resource.sectors, in: place, key: "sectors")
        checkProviders(of: resource)
        if let from = resource.validFrom, let to = resource.validTo, to < from {
            note(place, "validTo", "有效期止 \(to) 早于有效期起 \(from)：请核对 validFrom 和 validTo")
        }
    }

    private func checkCode(of resource: ResourceDraft) {
        guard let code = resource.code else { return }
        let parts = code.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "ZMD", parts[1].utf8.count == 2, Int(parts[1]) != nil, !parts[2].isEmpty else {
            note(resource.place, "code", "目录编码“\(code)”不对：请写成 ZMD-类别两位-序号，如 ZMD-03-0002")
            return
        }
        guard let basicClass = resource.basicClass else { return }
        if Int(parts[1]) != basicClass {
            note(resource.place, "code", "目录编码“\(code)”与类别 \(basicClass) 不一致：请改正 code 或 class")
        }
        let folders = resource.place.file.split(separator: "/").dropFirst().dropLast()
        if let folder = folders.first, let number = Int(folder.prefix(2)), number != basicClass {
            note(resource.place, "class", "文件在目录 \(folder) 下，类别却是 \(basicClass)：请移动文件或改正 class")
        }
    }

    private func checkProviders(of resource: ResourceDraft) {
        let place = resource.place
        noteRepeats(resource.providers, in: place, key: "providers")
        if resource.providers.isEmpty, place.lines["providers"] != nil {
            note(place, "providers", "没有写报送单位：请至少写一个单位代码或 kind:单位类型")
        }
        guard let organisations = draft.organisations, draft.isWhole("organisations.yaml") else { return }
        for provider in resource.providers {
            switch providerRule(provider.value) {
            case .body: break
            case .kind(let kind):
                if !organisations.contains(where: { $0.value.kind == kind }) {
                    log.note(
                        place.file, provider.line,
                        "organisations.yaml 里没有一个“\(kind.rawValue)”（\(kind.name)）：请先补上单位，或改正 providers")
                }
            case nil:
                let allowed = PublicBodyKind.allCases.map { "kind:\($0.rawValue)" }.joined(separator: "、")
                let cure =
                    provider.value.hasPrefix("kind:")
                    ? "只能是 \(allowed)" : "请改为 organisations.yaml 里的单位代码，或先在其中补上该单位"
                log.note(place.file, provider.line, "不认识报送单位“\(provider.value)”：\(cure)")
            }
        }
    }

    /// Nothing without a legal basis that day: the cited documents together must be in force all through the validity.
    func checkBasis(of resource: ResourceDraft) {
        let place = resource.place
        if resource.basis.isEmpty, place.lines["basis"] != nil {
            note(place, "basis", "没有法律依据，不能列入目录：请写明 document 和 article")
            return
        }
        guard draft.documents != nil else { return }
        var cited: [(document: LegalDocument, line: Int)] = []
        for citation in resource.basis {
            let (id, article) = (citation.value.document, citation.value.article)
            guard let document = documents[id] else {
                guard draft.isWhole("documents.yaml") else { continue }
                log.note(place.file, citation.line, "依据“\(id)”不在 documents.yaml 里：请改正，或先登记该文件")
                continue
            }
            if !document.articles.isEmpty, !document.articles.contains(article) {
                let allowed = document.articles.joined(separator: "、")
                log.note(place.file, citation.line, "documents.yaml 没有登记《\(document.title)》的“\(article)”：已登记 \(allowed)，请核对条文")
            }
            cited.append((document, citation.line))
        }
        guard let from = resource.validFrom, cited.count == resource.basis.count else { return }
        let to = resource.validTo ?? CivilDate(day: .max)
        for (document, line) in cited where document.from > to || (document.to ?? CivilDate(day: .max)) < from {
            let span = "\(document.from) 至 \(document.to?.description ?? "今")"
            log.note(place.file, line, "依据《\(document.title)》施行期为 \(span)，与目录项的有效期没有重合：请换成有效的依据")
        }
        if let gap = Self.firstGap(in: cited.map(\.document), from: from, to: to) {
            note(place, "basis", "自 \(gap) 起没有现行有效的依据：请补充依据，或把 validFrom、validTo 限定在依据的施行期内")
        }
    }

    /// The first day of a span on which none of the documents is in force.
    static func firstGap(in documents: [LegalDocument], from: CivilDate, to: CivilDate) -> CivilDate? {
        var day = from
        for document in documents.sorted(by: { $0.from < $1.from }) where document.from <= day {
            guard let last = document.to else { return nil }
            if last >= day { day = last.adding(days: 1) }
        }
        return day <= to ? day : nil
    }
}
