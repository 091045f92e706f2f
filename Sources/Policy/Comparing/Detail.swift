import Identifiers

/// One thing that is said of an item of the book: its title as an official knows it, and its value.
struct Detail {
    let title: String
    let value: Value

    enum Value {
        /// Words; empty where there is nothing to say.
        case text(String)
        /// Yes or no, and what it means where it changes to either.
        case flag(Bool, yes: String, no: String)
        /// A value that is more or less than another, and what more and less mean; without a rank it cannot be told.
        case ranked(String, rank: Int?, more: String, less: String)
        /// Several words whose order says nothing.
        case words([String])
        /// Days, shown as spans.
        case days([CivilDate])
    }

    init(_ title: String, _ value: Value) {
        self.title = title
        self.value = value
    }

    init(_ title: String, _ text: String?) { self.init(title, .text(text ?? "")) }

    /// The value as a line shows it; empty where there is nothing to say.
    var text: String {
        switch value {
        case .text(let text), .ranked(let text, _, _, _): text
        case .flag(let flag, _, _): flag ? "是" : "否"
        case .words(let words): words.joined(separator: "、")
        case .days(let days): Self.spans(days).joined(separator: "、")
        }
    }

    /// What the step from another value means; nil where it cannot be told.
    func meaning(since old: Detail) -> String? {
        switch (old.value, value) {
        case (.flag, .flag(let flag, let yes, let no)):
            let meaning = flag ? yes : no
            return meaning.isEmpty ? nil : meaning
        case (.ranked(_, let before?, _, _), .ranked(_, let after?, let more, let less)) where before != after: return after > before ? more : less
        case (.words(let before), .words(let after)): return Self.exchange(before, after)
        case (.days(let before), .days(let after)): return Self.exchange(before.map(\.description), after.map(\.description))
        default: return nil
        }
    }

    private static func exchange(_ before: [String], _ after: [String]) -> String? {
        let added = after.filter { !before.contains($0) }
        let removed = before.filter { !after.contains($0) }
        if before.isEmpty || after.isEmpty { return nil }
        if added.isEmpty, removed.isEmpty { return "只是顺序不同" }
        return [added.isEmpty ? nil : "增加 \(added.joined(separator: "、"))", removed.isEmpty ? nil : "去掉 \(removed.joined(separator: "、"))"]
            .compactMap(\.self).joined(separator: "；")
    }

    /// Days that follow each other as one span.
    private static func spans(_ days: [CivilDate]) -> [String] {
        var spans: [ClosedRange<CivilDate>] = []
        for day in days {
            if let last = spans.last, last.upperBound.adding(days: 1) == day { spans[spans.count - 1] = last.lowerBound...day } else { spans.append(day...day) }
        }
        return spans.map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)至\($0.upperBound)" }
    }
}

// Values that several kinds of items have.
extension Detail {
    /// A term by the calendar.
    static func term(_ title: String, _ term: CalendarTerm?, none: String) -> Detail {
        // 400 years have 146,097 days and 4,800 months.
        Detail(title, .ranked(term?.description ?? none, rank: term.map { $0.months * 146_097 / 4_800 + $0.days }, more: "延长", less: "缩短"))
    }

    /// The last day of what ends.
    static func end(_ title: String, _ day: CivilDate?) -> Detail {
        Detail(title, .ranked(day?.description ?? "长期", rank: day.map { Int($0.day) } ?? .max, more: "延后", less: day.map { "\($0.adding(days: 1)) 起失效" } ?? ""))
    }

    static func confirmation(_ confirmed: Confirmation?) -> Detail {
        Detail("确认", confirmed.map { "\($0.owner)，\($0.on.map { "\($0)已确认" } ?? "待确认")" })
    }

    static func basis(_ basis: [BasisCitation], _ book: PolicyBook) -> Detail {
        Detail("依据", .words(basis.map { "《\(book.document($0.document)?.title ?? $0.document)》\($0.article)" }))
    }

    static func subjects(_ subjects: [SubjectKind]) -> Detail { Detail("适用主体", .words(subjects.map(\.name))) }

    /// From the mildest to the hardest, as `MeasureEffect` has them the other way round.
    static func effect(_ effect: MeasureEffect) -> Detail {
        let rank = effect == .incentive ? nil : MeasureEffect.allCases.firstIndex(of: effect).map { -$0 }
        return Detail("影响", .ranked(effect.name, rank: rank, more: "加重", less: "减轻"))
    }

    /// Bodies by code, or all of a kind.
    static func bodies(_ title: String, _ words: [String], _ book: PolicyBook) -> Detail {
        Detail(title, .words(words.map { book.providerName($0) }))
    }
}

extension PolicyBook {
    /// The name of a body, or `全部市级部门` for a `kind:` word.
    func providerName(_ word: String) -> String {
        if word.hasPrefix("kind:"), let kind = PublicBodyKind(rawValue: String(word.dropFirst(5))) { return "全部\(kind.name)" }
        return body(word)?.name ?? word
    }
}
