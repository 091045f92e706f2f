import Identifiers

/// One field of a resource version.
extension BookReader {
    func field(_ reader: MappingReader) -> FieldDraft {
        let type = fieldType(reader)
        let draft = FieldDraft(
            place: reader.place,
            code: reader.text("code"),
            national: reader.optionalText("national"),
            name: reader.text("name"),
            aliases: reader.optionalTexts("aliases"),
            type: type,
            length: length(reader, type),
            required: reader.flag("required"),
            requiredWhen: reader.optionalReader("requiredWhen", what: "必填条件 requiredWhen ").flatMap(condition),
            multiple: reader.flag("multiple"),
            role: reader.optionalChoice("role", FieldRole.self),
            sensitivity: sensitivity(reader),
            checks: reader.optionalTexts("check").compactMap { fieldCheck($0, reader, type) },
            note: reader.optionalText("note"))
        reader.finish()
        if draft.required, draft.requiredWhen != nil {
            reader.fault("requiredWhen", "字段“\(draft.title)”已经必填，不必再写必填条件：请删去 required 或 requiredWhen")
        }
        if draft.multiple, let type {
            switch type {
            case .code, .text: break
            default: reader.fault("multiple", "字段“\(draft.title)”不能有多个值：请删去 multiple，或改用 text、code 类型")
            }
        }
        return draft
    }

    /// A field says nothing of sensitivity where it is open; an unknown word stays unknown.
    private func sensitivity(_ reader: MappingReader) -> Sensitivity? {
        reader.node("sensitivity") == nil ? .open : reader.optionalChoice("sensitivity", Sensitivity.self)
    }

    private enum TypeName: String, CaseIterable {
        case text, date, decimal, integer, code, identifier
    }

    /// The type and the keys that belong to it; a key of another type is noted.
    private func fieldType(_ reader: MappingReader) -> FieldType? {
        guard let name = reader.choice("type", TypeName.self) else {
            for key in ["precision", "scale", "codeSet", "identifier"] { _ = reader.node(key) }
            return nil
        }
        let own: [String] =
            switch name {
            case .decimal: ["precision", "scale"]
            case .code: ["codeSet"]
            case .identifier: ["identifier"]
            default: []
            }
        for key in ["precision", "scale", "codeSet", "identifier"] where !own.contains(key) && reader.node(key) != nil {
            reader.fault(key, "类型为 \(name.rawValue) 的字段没有“\(key)”：请删除，或改正 type")
        }
        switch name {
        case .text: return .text
        case .date: return .date
        case .integer: return .integer
        case .decimal: return decimal(reader)
        case .code: return reader.text("codeSet").map { .code($0) }
        case .identifier: return identifierKind(reader).map { .identifier($0) }
        }
    }

    private func decimal(_ reader: MappingReader) -> FieldType? {
        let precision = reader.integer("precision", in: 1...18)
        let scale = reader.integer("scale", in: 0...18)
        guard let precision, let scale else { return nil }
        guard scale <= precision else {
            reader.fault("scale", "小数位数 \(scale) 多于总位数 \(precision)：请核对 precision 和 scale")
            return nil
        }
        return .decimal(precision: UInt8(precision), scale: UInt8(scale))
    }

    private func identifierKind(_ reader: MappingReader) -> IdentifierKind? {
        guard let text = reader.text("identifier") else { return nil }
        if let kind = IdentifierKind.allCases.first(where: { "\($0)" == text }) { return kind }
        let allowed = IdentifierKind.allCases.map { "\($0)" }.joined(separator: "、")
        reader.fault("identifier", "“identifier”不能是“\(text)”：只能是 \(allowed)")
        return nil
    }

    private func length(_ reader: MappingReader, _ type: FieldType?) -> Int? {
        let length = reader.optionalInteger("length", in: 1...1_048_576)
        guard length != nil, let type else { return length }
        switch type {
        case .text, .code, .identifier: return length
        case .date, .decimal, .integer:
            reader.fault("length", "\(type.name)字段没有“length”：请删除；小数的位数用 precision 和 scale 写")
            return nil
        }
    }

    private func condition(_ reader: MappingReader) -> Located<Condition>? {
        let line = reader.place.start
        if reader.node("absent") != nil {
            let other = reader.text("absent")
            reader.finish()
            return other.map { Located(value: .absent(field: $0), line: line) }
        }
        guard let field = reader.text("field") else { return nil }
        let contains = reader.node("contains") != nil
        let key = contains || reader.node("equals") == nil ? "contains" : "equals"
        guard reader.node(key) != nil else {
            reader.fault("field", "必填条件缺少取值：请写 contains: 值 或 equals: 值")
            return nil
        }
        let values = reader.oneOrMoreTexts(key).map(\.value)
        if contains, reader.node("equals") != nil {
            reader.fault("equals", "必填条件同时写了 contains 和 equals：请只留一个")
        }
        reader.finish()
        return Located(
            value: contains ? .contains(field: field, anyOf: values) : .equals(field: field, anyOf: values), line: line)
    }

    /// A check of one value: `minLength 2`, `notAllDigits`, `min 0`, `max 100`, `departmentCode`, `pattern-digits`.
    private func fieldCheck(
        _ item: Located<String>, _ reader: MappingReader, _ type: FieldType?
    ) -> Located<FieldCheck>? {
        func fault(_ message: String) -> Located<FieldCheck>? {
            log.note(reader.place.file, item.line, message)
            return nil
        }
        let words = item.value.split(separator: " ").map(String.init)
        let (name, argument) = (words.first ?? "", words.count == 2 ? words[1] : nil)
        let check: FieldCheck
        switch (name, words.count) {
        case ("notAllDigits", 1): check = .notAllDigits
        case ("departmentCode", 1): check = .departmentCode
        case ("pattern-digits", 1): check = .digitsOnly
        case ("minLength", 2):
            guard let count = argument.flatMap(Int.init), count > 0 else {
                return fault("检查“\(item.value)”的数不对：请写成 minLength 2 的形式")
            }
            check = .minimumLength(count)
        case ("min", 2), ("max", 2):
            guard let number = argument.flatMap(Self.number) else {
                return fault("检查“\(item.value)”的数不对：请写成 \(name) 0 的形式")
            }
            check = name == "min" ? .minimum(number) : .maximum(number)
        default:
            return fault("不认识检查“\(item.value)”：只能是 minLength N、notAllDigits、min N、max N、departmentCode、pattern-digits")
        }
        if let type, !check.suits(type) {
            return fault("检查“\(item.value)”不适用于\(type.name)字段：请删除，或改正 type")
        }
        return Located(value: check, line: item.line)
    }

    /// An exact decimal of up to six places.
    private static func number(_ text: String) -> FixedDecimal? {
        if case .success(let number) = FixedDecimal.parse(text.utf8.span, scale: 6, precision: 18) { number } else { nil }
    }
}

extension FieldCheck {
    /// Whether the check means anything for fields of a type.
    func suits(_ type: FieldType) -> Bool {
        switch (self, type) {
        case (.minimum, .decimal), (.maximum, .decimal), (.minimum, .integer), (.maximum, .integer): true
        case (.minimumLength, .text), (.notAllDigits, .text), (.digitsOnly, .text), (.departmentCode, .text): true
        case (.departmentCode, .identifier(.unifiedSocialCreditCode)): true
        case (.minimumLength, .identifier(.otherDocument)): true
        default: false
        }
    }
}
