package import Identifiers
package import Policy

/// A signed, dated extract of the lists (名单摘录) that one body may look at, for verifying without network: who of the organisations is on which
/// list, and what follows in each matter. Natural persons are never in it: whatever stands for a number of 18 digits can be guessed.
///
/// The same state at the same time gives the same text.
package struct ListExtract: Sendable, Hashable {
    /// First line of the text.
    package static let format = "tianzhong/list-extract/v1"
    /// Bytes of the largest that is made or read: some 150,000 organisations.
    package static let largestLength = 1 << 26
    /// Hours for which one is good unless its maker says otherwise.
    package static let defaultHours = 24
    /// Hours that a maker may choose: at most a week.
    package static let hoursAllowed = 1...168
    /// Said in every extract and with every answer.
    package static let notice = "个人不能离线核查，请联网后补查"

    /// One body's, of one moment.
    package struct Header: Sendable, Hashable {
        /// What the platform's logs are called: `tianzhong.zhumadian`.
        package let origin: String
        /// Code and name of the body that it is for.
        package let body: String
        package let bodyName: String
        package let made: Instant
        /// For so many hours from `made` on it may be used.
        package let hours: Int
        /// What it was made from, as `Snapshot` prints it.
        package let snapshot: String

        /// From this moment on it is too old.
        package var end: Instant { Instant(milliseconds: made.milliseconds + Int64(hours) * 3_600_000) }
    }

    /// A list that a matter of the body may look at.
    package struct List: Sendable, Hashable {
        package let code: String
        package let name: String
        package let nature: ListNature
        /// Whether the public may see it; what is internal must not leave the hall.
        package let isPublic: Bool
        package let basis: [CitedArticle]
    }

    /// A matter of the body.
    package struct Matter: Sendable, Hashable {
        package let code: String
        package let name: String
        package let subjects: [SubjectKind]
        /// The lists that it may look at.
        package let lists: [Consequence]
    }

    /// What an entry of a list leads to in a matter.
    package struct Consequence: Sendable, Hashable {
        /// Code of the list.
        package let list: String
        package let measures: [ApplicableMeasure]
    }

    /// An organisation on one of the lists.
    package struct Organisation: Sendable, Hashable {
        /// 统一社会信用代码, or the code under which it is known where it has none.
        package let code: String
        package let name: String
        /// Further codes that belong to it: 注册号, 组织机构代码.
        package let others: [String]
        package let entries: [Entry]
    }

    /// An organisation's presence on a list.
    package struct Entry: Sendable, Hashable {
        /// Code of the list.
        package let list: String
        /// Number of the decision, and who decided.
        package let decision: String
        package let body: String
        package let reason: String
        package let from: CivilDate
        /// The last day; nil where there is none.
        package let until: CivilDate?
        /// From this moment on it has ended, where that is known already.
        package let end: Instant?

        /// As `Listing.isInForce`: days of Shanghai, and an end by the minute.
        package func isInForce(at moment: Instant) -> Bool {
            let day = moment.date
            return end.map { moment < $0 } ?? true && from <= day && until.map { day <= $0 } ?? true
        }
    }

    package let header: Header
    package let lists: [List]
    package let matters: [Matter]
    /// By code.
    package let organisations: [Organisation]

    package init(header: Header, lists: [List], matters: [Matter], organisations: [Organisation]) {
        self.header = header
        self.lists = lists
        self.matters = matters
        self.organisations = organisations.sorted { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }
    }
}

// MARK: - As text

extension ListExtract {
    /// What is signed: the format, then a line of JSON for the header, each list, each matter and each organisation; no empty line.
    package var text: String {
        var out = Array("\(Self.format)\n".utf8)
        let head = header.json(lists: lists.count, matters: matters.count, organisations: organisations.count)
        for line in [head] + lists.map(\.json) + matters.map(\.json) + organisations.map(\.json) {
            line.append(to: &out)
            out.append(UInt8(ascii: "\n"))
        }
        return String(decoding: out, as: UTF8.self)
    }
}

extension ListExtract.Header {
    func json(lists: Int, matters: Int, organisations: Int) -> CanonicalJSON {
        .object([
            "origin": .text(origin), "body": .text(body), "bodyName": .text(bodyName), "made": .text(made.rfc3339), "hours": .number(hours),
            "snapshot": .text(snapshot), "notice": .text(ListExtract.notice), "lists": .number(lists), "matters": .number(matters),
            "organisations": .number(organisations),
        ])
    }
}

extension ListExtract.List {
    var json: CanonicalJSON {
        .object([
            "list": .text(code), "name": .text(name), "nature": .text(nature.rawValue), "favourable": .flag(isFavourable), "public": .flag(isPublic),
            "basis": .basis(basis),
        ])
    }

    /// Whether being on it speaks for the subject.
    package var isFavourable: Bool { nature == .red }
}

extension ListExtract.Matter {
    var json: CanonicalJSON {
        .object([
            "matter": .text(code), "name": .text(name), "subjects": .texts(subjects.map(\.word)),
            "lists": .list(lists.map { .object(["list": .text($0.list), "measures": .list($0.measures.map(\.json))]) }),
        ])
    }
}

extension ApplicableMeasure {
    var json: CanonicalJSON {
        .object([
            "code": .text(code), "name": .text(name), "effect": .text(effect.rawValue), "effectName": .text(effect.name), "restricts": .flag(effect.restricts),
            "basis": .basis(basis), "departments": .texts(departments),
        ])
    }
}

extension ListExtract.Organisation {
    var json: CanonicalJSON {
        .object(["code": .text(code), "name": .text(name), "others": .texts(others), "entries": .list(entries.map(\.json))])
    }
}

extension ListExtract.Entry {
    var json: CanonicalJSON {
        .object([
            "list": .text(list), "decision": .text(decision), "body": .text(body), "reason": .text(reason), "from": .text(from.description),
            "until": until.map { .text($0.description) }, "end": end.map { .text($0.rfc3339) },
        ])
    }
}

extension SubjectKind {
    /// As extracts write it.
    var word: String {
        switch self {
        case .organisation: "organisation"
        case .person: "person"
        }
    }
}

extension CanonicalJSON {
    fileprivate static func basis(_ basis: [CitedArticle]) -> CanonicalJSON {
        .list(basis.map { .object(["title": .text($0.title), "article": .text($0.article)]) })
    }
}
