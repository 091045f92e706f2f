import Identifiers

/// The items of the list files.
extension BookReader {
    func basicClass(_ reader: MappingReader) -> BasicClass? {
        guard let number = reader.integer("number", in: 1...13), let name = reader.text("name") else { return nil }
        return BasicClass(number: number, name: name)
    }

    func sector(_ reader: MappingReader) -> Sector? {
        reader.text("name").map { Sector(name: $0) }
    }

    func region(_ reader: MappingReader) -> RegionEntry? {
        let code = reader.text("code")
        let name = reader.text("name")
        let parent = reader.optionalText("parent")
        let longitude = reader.optionalNumber("longitude", in: 73...136)
        let latitude = reader.optionalNumber("latitude", in: 3...54)
        let former = reader.optionalTexts("formerCodes")
        let zone = reader.flag("zone")
        for code in former where !Self.isRegionCode(code.value) {
            log.note(reader.place.file, code.line, "原区划代码“\(code.value)”不对：请填写 6 位数字")
        }
        guard let code, let name else { return nil }
        guard Self.isRegionCode(code) else {
            reader.fault("code", "区划代码“\(code)”不对：请填写 6 位数字")
            return nil
        }
        return RegionEntry(
            code: code, name: name, parent: parent, longitude: longitude, latitude: latitude,
            formerCodes: former.map(\.value), zone: zone)
    }

    func organisation(_ reader: MappingReader) -> PublicBody? {
        let code = reader.text("code")
        let name = reader.text("name")
        let kind = reader.choice("kind", PublicBodyKind.self)
        let aliases = reader.optionalTexts("aliases")
        let identifier = reader.optionalText("uscc").flatMap { unifiedCode($0, reader) }
        let region = reader.optionalText("region")
        let owner = reader.optionalText("owner")
        let note = reader.optionalText("note")
        guard let code, let name, let kind else { return nil }
        return PublicBody(
            code: code, name: name, aliases: aliases.map(\.value), kind: kind, unifiedSocialCreditCode: identifier,
            region: region, owner: owner, note: note)
    }

    func document(_ reader: MappingReader) -> LegalDocument? {
        let id = reader.text("id")
        let title = reader.text("title")
        let number = reader.optionalText("number")
        let level = reader.choice("level", DocumentLevel.self)
        let issuer = reader.text("issuer")
        let from = reader.date("from")
        let to = reader.optionalDate("to")
        let articles = reader.optionalTexts("articles")
        let confirmed = reader.confirmation(on: today)
        let note = reader.optionalText("note")
        if let from, let to, to < from {
            reader.fault("to", "失效日期 \(to) 早于施行日期 \(from)：请核对 from 和 to")
            return nil
        }
        guard let id, let title, let level, let issuer, let from else { return nil }
        return LegalDocument(
            id: id, title: title, number: number, level: level, issuer: issuer, from: from, to: to,
            articles: articles.map(\.value), confirmed: confirmed, note: note)
    }

    /// Whether a purpose needs a case number, as YAML writes it.
    private enum CaseNeed: String, CaseIterable { case required, none }

    func purpose(_ reader: MappingReader) -> Purpose? {
        let code = reader.text("code")
        let name = reader.text("name")
        let ground = reader.choice("ground", PurposeGround.self)
        let users = reader.optionalTexts("users")
        let need = reader.choice("case", CaseNeed.self)
        let isClear = reader.flag("clear")
        let basis = reader.readers("basis", what: "依据").compactMap(citation)
        let text = reader.optionalText("consentText")
        let version = reader.optionalText("consentVersion")
        let days = reader.optionalInteger("consentDays", in: 1...1825)
        let note = reader.optionalText("note")
        if users.isEmpty { reader.fault("users", "没有写明谁可以用这个事由：请列出角色") }
        guard let code, let name, let ground, let need else { return nil }
        if ground == .consent, text == nil || version == nil || days == nil {
            reader.fault("ground", "授权事由须有 consentText、consentVersion、consentDays：请补上授权文本、版本和最长期限")
        }
        return Purpose(
            code: code, name: name, ground: ground, users: users.map(\.value), needsCase: need == .required, isClear: isClear,
            basis: basis.map(\.value), consentText: text, consentVersion: version, consentDays: days, note: note)
    }

    func retentionTerm(_ reader: MappingReader) -> RetentionTerm? {
        let matter = reader.choice("kept", RetainedMatter.self)
        let classes = reader.optionalIntegers("classes", in: 1...13)
        let subject = reader.optionalChoice("subject", SubjectWord.self)
        let years = reader.optionalInteger("years", in: 1...100)
        let basis = reader.readers("basis", what: "依据").compactMap(citation)
        let confirmed = reader.confirmation(on: today)
        guard let matter else { return nil }
        if (matter == .records) != (subject != nil) || (matter == .records) == classes.isEmpty {
            reader.fault("kept", "classes 和 subject 须写在 records 的期限里，也只写在那里：请补上或删去")
            return nil
        }
        return RetentionTerm(matter: matter, classes: classes, subject: subject?.kind, years: years, basis: basis.map(\.value), confirmed: confirmed)
    }

    /// Whom something is about, as YAML writes it.
    enum SubjectWord: String, CaseIterable {
        case organisation, person

        var kind: SubjectKind { self == .person ? .person : .organisation }
    }

    /// nil where any part of it is missing; doubles within the set are noted.
    func codeSet(_ reader: MappingReader) -> CodeSet? {
        let id = reader.text("id")
        let name = reader.text("name")
        let open = reader.flag("open")
        let confirmed = reader.confirmation(on: today)
        _ = reader.optionalText("note")
        let items = reader.readers("values", what: "代码值")
        reader.finish()
        var values: [CodeValue] = []
        var owners: [String: Int] = [:]
        for item in items {
            let code = item.text("code")
            let name = item.text("name")
            let aliases = item.optionalTexts("aliases")
            let endsListing = item.flag("endsListing")
            _ = item.optionalText("note")
            item.finish()
            guard let code, let name else { continue }
            if code.contains(where: { ";；、,，".contains($0) }) {
                item.fault("code", "代码“\(code)”含有分隔符：请去掉其中的 ; ； 、 ,")
            }
            for spelling in Set([code, name] + aliases.map(\.value)) {
                let form = Text.searchForm(spelling)
                if let owner = owners[form], owner != values.count {
                    let line = aliases.first { $0.value == spelling }?.line ?? item.place.start
                    log.note(
                        item.place.file, line,
                        "“\(spelling)”与代码值“\(values[owner].name)”的写法重复，无法分辨：请删去一处")
                }
                owners[form] = owners[form] ?? values.count
            }
            values.append(CodeValue(code: code, name: name, aliases: aliases.map(\.value), endsListing: endsListing))
        }
        if items.isEmpty, reader.place.lines["values"] != nil {
            reader.fault("values", "代码集没有任何值：请至少写一个")
        }
        guard let id, let name, values.count == items.count else { return nil }
        return CodeSet(id: id, name: name, values: values, open: open, confirmed: confirmed)
    }

    private func unifiedCode(_ text: String, _ reader: MappingReader) -> Identifier? {
        switch Identifier.assess(text.utf8.span, as: .unifiedSocialCreditCode, on: today) {
        case .sound(let identifier), .doubtful(let identifier, _): return identifier
        case .wrong(let fault):
            reader.fault("uscc", "统一社会信用代码“\(text)”不对（\(fault.message)）：\(fault.cure)")
        case .placeholder, .empty:
            reader.fault("uscc", "统一社会信用代码“\(text)”是占位的假代码：请填写真实代码，或删去此项")
        }
        return nil
    }

    static func isRegionCode(_ text: String) -> Bool {
        text.utf8.count == 6 && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }
}
