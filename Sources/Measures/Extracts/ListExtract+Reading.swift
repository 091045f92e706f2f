internal import Identifiers
internal import Policy

// The way back from text. Whatever is read gives the very same text again, so nothing can stand in a file that this does not understand.
extension ListExtract {
    /// Reads the text of an extract, strictly. Who wrote it, its signature says (`ListExtractReader`).
    package init(text: String) throws(ListExtractFault) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.largestLength else { throw .tooLarge }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let first = lines.first, first.elementsEqual(Self.format.utf8) else { throw .otherFormat }
        guard lines.count > 2, let last = lines.last, last.isEmpty else { throw .cut(line: lines.count) }
        var reader = Lines(lines: lines.dropLast(), next: 1)
        let (header, counts) = try reader.take(Header.reading) { $0.json(lists: $1.lists, matters: $1.matters, organisations: $1.organisations) }
        // The counts are those of the lines, so that no number of the file decides how long anything runs.
        guard counts.lists + counts.matters + counts.organisations == lines.count - 3 else { throw .cut(line: lines.count - 1) }
        var lists: [List] = []
        for _ in 0..<counts.lists { lists.append(try reader.take(List.init, \.json)) }
        var matters: [Matter] = []
        for _ in 0..<counts.matters { matters.append(try reader.take(Matter.init, \.json)) }
        let known = Set(lists.map(\.code))
        guard known.count == lists.count, Set(matters.map(\.code)).count == matters.count, matters.allSatisfy({ known.isSuperset(of: $0.lists.map(\.list)) })
        else { throw .malformed(line: reader.next) }
        var organisations: [Organisation] = []
        for _ in 0..<counts.organisations {
            let organisation = try reader.take(Organisation.init, \.json)
            let isInOrder = organisations.last.map { $0.code.utf8.lexicographicallyPrecedes(organisation.code.utf8) } ?? true
            guard isInOrder, known.isSuperset(of: organisation.entries.map(\.list)) else { throw .malformed(line: reader.next) }
            organisations.append(organisation)
        }
        self.init(header: header, lists: lists, matters: matters, organisations: organisations)
    }

    /// The lines that are still to be read.
    private struct Lines {
        let lines: ArraySlice<ArraySlice<UInt8>>
        /// Lines taken so far.
        var next: Int

        /// The next line's value. A second way of writing the same, or a name that does not belong to its code, is none of ours.
        mutating func take<Value>(_ read: (inout CanonicalMembers) -> Value?, _ json: (Value) -> CanonicalJSON) throws(ListExtractFault) -> Value {
            guard next < lines.endIndex else { throw .cut(line: next) }
            let line = lines[next]
            next += 1
            guard var members = CanonicalMembers(CanonicalJSON(line)), let value = read(&members), members.isEmpty else { throw .malformed(line: next) }
            var again: [UInt8] = []
            json(value).append(to: &again)
            guard again[...] == line else { throw .malformed(line: next) }
            return value
        }
    }
}

extension ListExtract.Header {
    fileprivate struct Counts {
        let lists, matters, organisations: Int
    }

    fileprivate static func reading(_ members: inout CanonicalMembers) -> (ListExtract.Header, Counts)? {
        guard let origin = members.text("origin"), let body = members.text("body"), let bodyName = members.text("bodyName"),
            let made = members.text("made").flatMap(Instant.parse), let hours = members.number("hours"), ListExtract.hoursAllowed.contains(hours),
            let snapshot = members.text("snapshot"), members.text("notice") == ListExtract.notice, let lists = members.number("lists"),
            let matters = members.number("matters"), let organisations = members.number("organisations")
        else { return nil }
        let header = ListExtract.Header(origin: origin, body: body, bodyName: bodyName, made: made, hours: hours, snapshot: snapshot)
        return (header, Counts(lists: lists, matters: matters, organisations: organisations))
    }
}

extension ListExtract.List {
    fileprivate init?(_ members: inout CanonicalMembers) {
        guard let code = members.text("list"), let name = members.text("name"), let nature = members.text("nature").flatMap(ListNature.init(rawValue:)),
            members.flag("favourable") != nil, let isPublic = members.flag("public"), let basis = members.basis()
        else { return nil }
        self.init(code: code, name: name, nature: nature, isPublic: isPublic, basis: basis)
    }
}

extension ListExtract.Matter {
    fileprivate init?(_ members: inout CanonicalMembers) {
        guard let code = members.text("matter"), let name = members.text("name"),
            let subjects = members.texts("subjects")?.all({ word in SubjectKind.allCases.first { $0.word == word } }),
            let lists = members.list("lists")?.all(ListExtract.Consequence.init)
        else { return nil }
        self.init(code: code, name: name, subjects: subjects, lists: lists)
    }
}

extension ListExtract.Consequence {
    fileprivate init?(_ value: CanonicalJSON) {
        guard var members = CanonicalMembers(value), let list = members.text("list"), let measures = members.list("measures")?.all(ApplicableMeasure.init),
            members.isEmpty
        else { return nil }
        self.init(list: list, measures: measures)
    }
}

extension ApplicableMeasure {
    fileprivate init?(_ value: CanonicalJSON) {
        guard var members = CanonicalMembers(value), let code = members.text("code"), let name = members.text("name"),
            let effect = members.text("effect").flatMap(MeasureEffect.init(rawValue:)), members.text("effectName") == effect.name,
            members.flag("restricts") == effect.restricts, let basis = members.basis(), let departments = members.texts("departments"), members.isEmpty
        else { return nil }
        self.init(code: code, name: name, effect: effect, basis: basis, departments: departments)
    }
}

extension ListExtract.Organisation {
    fileprivate init?(_ members: inout CanonicalMembers) {
        guard let code = members.text("code"), let name = members.text("name"), let others = members.texts("others"),
            let entries = members.list("entries")?.all(ListExtract.Entry.init)
        else { return nil }
        self.init(code: code, name: name, others: others, entries: entries)
    }
}

extension ListExtract.Entry {
    fileprivate init?(_ value: CanonicalJSON) {
        guard var members = CanonicalMembers(value), let list = members.text("list"), let decision = members.text("decision"), let body = members.text("body"),
            let reason = members.text("reason"), let from = members.text("from").flatMap(CivilDate.written)
        else { return nil }
        // What is there and no date reads as none, and is then not written as it stood.
        let until = members.text("until"), end = members.text("end")
        guard members.isEmpty else { return nil }
        self.init(
            list: list, decision: decision, body: body, reason: reason, from: from, until: until.flatMap(CivilDate.written), end: end.flatMap(Instant.parse))
    }
}

extension CanonicalMembers {
    fileprivate mutating func basis() -> [CitedArticle]? {
        list("basis")?.all { value in
            guard var members = CanonicalMembers(value), let title = members.text("title"), let article = members.text("article"), members.isEmpty
            else { return nil }
            return CitedArticle(title: title, article: article)
        }
    }
}

extension CivilDate {
    fileprivate static func written(_ text: String) -> CivilDate? { parse(text.utf8.span) }
}
