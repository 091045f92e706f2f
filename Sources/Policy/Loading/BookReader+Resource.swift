import Identifiers

/// One resource version.
extension BookReader {
    func resource(_ reader: MappingReader) -> ResourceDraft {
        let draft = ResourceDraft(
            place: reader.place,
            code: reader.text("code"),
            number: reader.integer("number", in: 1...65535),
            version: reader.integer("version", in: 1...255),
            name: reader.text("name"),
            basicClass: reader.integer("class", in: 1...13),
            sectors: reader.optionalTexts("sectors"),
            providers: reader.texts("providers"),
            cadence: reader.choice("cadence", Cadence.self),
            disclosure: reader.choice("disclosure", Disclosure.self),
            subject: reader.choice("subject", SubjectScope.self),
            basis: reader.readers("basis", what: "依据").compactMap(citation),
            validFrom: reader.date("validFrom"),
            validTo: reader.optionalDate("validTo"),
            businessKey: reader.texts("businessKey"),
            effective: reader.optionalText("effective"),
            identification: reader.choice("identification", Identification.self),
            registers: reader.flag("registers"),
            summary: reader.optionalTexts("summary"),
            fields: reader.readers("fields", what: "字段").map(field),
            checks: reader.optionalReaders("checks", what: "检查").compactMap(rowCheck),
            confirmed: reader.confirmation(on: today),
            note: reader.optionalText("note"))
        reader.finish()
        return draft
    }

    func citation(_ reader: MappingReader) -> Located<BasisCitation>? {
        let document = reader.text("document")
        let article = reader.text("article")
        _ = reader.optionalText("note")
        reader.finish()
        guard let document, let article else { return nil }
        return Located(value: BasisCitation(document: document, article: article), line: reader.place.start)
    }

    /// What a check across fields may be called.
    private enum RowCheckKind: String, CaseIterable {
        case notAfterToday, ordered, oneOf
    }

    private func rowCheck(_ reader: MappingReader) -> Located<RowCheck>? {
        let check: RowCheck? =
            switch reader.choice("kind", RowCheckKind.self) {
            case .notAfterToday: reader.text("field").map { .notAfterToday(field: $0) }
            case .ordered: ordered(reader)
            case .oneOf: oneOf(reader)
            case nil: nil
            }
        _ = reader.optionalText("note")
        // Of an unknown kind nobody can say which keys it has.
        if check != nil { reader.finish() }
        return check.map { Located(value: $0, line: reader.place.start) }
    }

    private func ordered(_ reader: MappingReader) -> RowCheck? {
        let field = reader.text("field")
        let other = reader.text("notAfter")
        guard let field, let other else { return nil }
        return .ordered(field: field, notAfter: other)
    }

    private func oneOf(_ reader: MappingReader) -> RowCheck? {
        let fields = reader.texts("fields").map(\.value)
        guard fields.count > 1 else {
            if reader.place.lines["fields"] != nil { reader.fault("fields", "oneOf 至少要写两个字段：请补上，或改用 required") }
            return nil
        }
        return .oneOf(fields)
    }
}
