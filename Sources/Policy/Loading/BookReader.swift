import Identifiers
import Yams

/// Turns a book's texts into drafts, noting what is wrong within each file.
struct BookReader {
    let source: BookSource
    let today: CivilDate
    let log: FaultLog

    /// Files of one list each, at the top of the book.
    static let lists = [
        "calendar.yaml", "classes.yaml", "documents.yaml", "forbidden-attributes.yaml", "indicators.yaml", "lists.yaml", "matters.yaml", "measures.yaml",
        "national-measures.yaml", "organisations.yaml", "purposes.yaml", "regions.yaml", "retention.yaml", "sectors.yaml",
    ]

    func read() -> BookDraft {
        noteStrayFiles()
        var draft = BookDraft()
        let classes = items("classes.yaml", what: "目录类别", &draft, basicClass)
        let sectors = items("sectors.yaml", what: "领域", &draft, sector)
        let regions = items("regions.yaml", what: "区划", &draft, region)
        let organisations = items("organisations.yaml", what: "单位", &draft, organisation)
        let documents = items("documents.yaml", what: "法律文件", &draft, document)
        let purposes = items("purposes.yaml", what: "查询事由", &draft, purpose)
        let retention = items("retention.yaml", what: "保存期限", &draft, retentionTerm)
        draft.classes = classes
        draft.calendar = items("calendar.yaml", what: "年度节假日安排", &draft, calendarYear)
        draft.purposes = purposes
        draft.retention = retention
        let nationalMeasures = items("national-measures.yaml", what: "国家清单措施", &draft, nationalMeasure)
        let measures = items("measures.yaml", what: "措施", &draft, measure)
        let lists = items("lists.yaml", what: "名单", &draft, listKind)
        draft.nationalMeasures = nationalMeasures
        draft.measures = measures
        draft.lists = lists
        let forbidden = items("forbidden-attributes.yaml", what: "禁止使用的信息", &draft, forbiddenAttribute)
        let indicators = items("indicators.yaml", what: "指标", &draft, indicator)
        let matters = items("matters.yaml", what: "用信事项", &draft, matter)
        draft.forbidden = forbidden
        draft.indicators = indicators
        draft.matters = matters
        draft.sectors = sectors
        draft.regions = regions
        draft.organisations = organisations
        draft.documents = documents
        for path in source.paths(under: "codesets") { readCodeSet(path, into: &draft) }
        draft.drawings = source.drawings
        for path in source.paths(under: "rules") {
            if let rule = mapping(path, what: "规则").flatMap(self.rule) { draft.rules.append(rule) } else { draft.rulesIncomplete = true }
        }
        for path in source.paths(under: "catalogue") {
            if let resource = mapping(path, what: "目录项").map(self.resource) { draft.resources.append(resource) }
        }
        return draft
    }

    private func noteStrayFiles() {
        for path in source.texts.keys where !path.contains("/") && !Self.lists.contains(path) {
            log.note(path, 1, "不认识这个文件：请改名或移走，顶层只有 \(Self.lists.joined(separator: "、"))")
        }
        for path in Self.lists where source.texts[path] == nil {
            log.note(path, 1, "缺少文件 \(path) 或读不出来：请补上")
        }
    }

    /// The items of a list file; nil where the file cannot be read.
    private func items<Value>(
        _ path: String, what: String, _ draft: inout BookDraft, _ read: (MappingReader) -> Value?
    ) -> [Draft<Value>]? {
        draft.incompleteLists.insert(path)
        guard let tree = source.tree(of: path, log: log) else { return nil }
        guard case .sequence(let sequence) = tree else {
            log.note(path, tree.mark?.line ?? 1, "文件应是一个列表：请每个\(what)以“- ”开头")
            return nil
        }
        let items = sequence.compactMap { node -> Draft<Value>? in
            guard let reader = MappingReader(node, file: path, what: what, log: log) else { return nil }
            let value = read(reader)
            _ = reader.optionalText("note")
            reader.finish()
            return value.map { Draft(value: $0, place: reader.place) }
        }
        if items.count == sequence.count { draft.incompleteLists.remove(path) }
        return items
    }

    private func mapping(_ path: String, what: String) -> MappingReader? {
        source.tree(of: path, log: log).flatMap { MappingReader($0, file: path, what: what, log: log) }
    }

    private func readCodeSet(_ path: String, into draft: inout BookDraft) {
        guard let reader = mapping(path, what: "代码集") else {
            draft.codeSetsIncomplete = true
            return
        }
        if let set = codeSet(reader) {
            draft.codeSets.append(Draft(value: set, place: reader.place))
        } else if let id = reader.optionalText("id") {
            draft.brokenCodeSets.insert(id)
        } else {
            draft.codeSetsIncomplete = true
        }
    }
}
