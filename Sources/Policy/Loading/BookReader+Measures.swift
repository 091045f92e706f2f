import Identifiers

// Lists and what entries lead to.
extension BookReader {
    func listKind(_ reader: MappingReader) -> ListKind? {
        let code = reader.text("code")
        let version = reader.integer("version", in: 1...999)
        let name = reader.text("name")
        let nature = reader.choice("nature", ListNature.self)
        let authority = reader.text("authority")
        let resources = reader.optionalTexts("resources").map(\.value)
        let subjects = subjects(reader)
        let isPublic = reader.flag("public")
        let term = term("term", reader)
        let early = self.term("early", reader)
        let hearing = reader.optionalInteger("hearing", in: 1...60)
        let measures = reader.optionalTexts("measures").map(\.value)
        let basis = reader.readers("basis", what: "依据").compactMap(citation).map(\.value)
        let (from, to) = validity(reader)
        let confirmed = reader.confirmation(on: today)
        guard let code, let version, let name, let nature, let authority, let from, !subjects.isEmpty else { return nil }
        return ListKind(
            code: code, version: version, name: name, nature: nature, authority: authority, resources: resources, subjects: subjects, isPublic: isPublic, term: term, early: early, hearing: hearing,
            measures: measures, basis: basis, from: from, to: to, confirmed: confirmed)
    }

    func nationalMeasure(_ reader: MappingReader) -> NationalMeasure? {
        let number = reader.integer("number", in: 1...99)
        let name = reader.text("name")
        let effect = reader.choice("effect", MeasureEffect.self)
        let subjects = subjects(reader)
        let confirmed = reader.confirmation(on: today)
        guard let number, let name, let effect, !subjects.isEmpty else { return nil }
        return NationalMeasure(number: number, name: name, effect: effect, subjects: subjects, confirmed: confirmed)
    }

    func measure(_ reader: MappingReader) -> Measure? {
        let code = reader.text("code")
        let version = reader.integer("version", in: 1...999)
        let name = reader.text("name")
        let item = reader.optionalInteger("item", in: 1...99)
        let effect = reader.choice("effect", MeasureEffect.self)
        let subjects = subjects(reader)
        let departments = reader.oneOrMoreTexts("departments").map(\.value)
        let basis = reader.readers("basis", what: "依据").compactMap(citation).map(\.value)
        let (from, to) = validity(reader)
        let confirmed = reader.confirmation(on: today)
        guard let code, let version, let name, let effect, let from, !subjects.isEmpty else { return nil }
        return Measure(
            code: code, version: version, name: name, item: item, effect: effect, subjects: subjects, departments: departments, basis: basis, from: from, to: to,
            confirmed: confirmed)
    }

    /// First and last day; an end before the beginning is noted.
    func validity(_ reader: MappingReader) -> (from: CivilDate?, to: CivilDate?) {
        let (from, to) = (reader.date("from"), reader.optionalDate("to"))
        if let from, let to, to < from { reader.fault("to", "失效日期 \(to) 早于生效日期 \(from)：请核对 from 和 to") }
        return (from, to)
    }

    func subjects(_ reader: MappingReader) -> [SubjectKind] {
        let words = reader.oneOrMoreTexts("subjects")
        if words.isEmpty, reader.place.lines["subjects"] != nil { reader.fault("subjects", "“subjects”是空的：请填写 organisation、person 之一或两者") }
        return words.compactMap { word in
            if let kind = SubjectWord(rawValue: word.value)?.kind { return kind }
            log.note(reader.place.file, word.line, "“subjects”不能有“\(word.value)”：只能是 organisation、person")
            return nil
        }
    }

    func term(_ key: String, _ reader: MappingReader) -> CalendarTerm? {
        guard let text = reader.optionalText(key) else { return nil }
        let term = CalendarTerm(text)
        if term == nil { reader.fault(key, "“\(key)”不能是“\(text)”：请写成 P3Y（年）、P6M（月）或 P180D（日）") }
        return term
    }
}
