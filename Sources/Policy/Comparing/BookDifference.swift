/// What a change of the book does: every item that came, went or says something else, in the words of an official.
package struct BookDifference: Sendable, Hashable {
    /// One thing that is said of an item and changed.
    package struct Change: Sendable, Hashable {
        /// What it is about: 期限.
        package let title: String
        /// What was said; nil where the item is new, empty where nothing was.
        package let old: String?
        /// What is said now; empty where nothing is.
        package let new: String
        /// What the change means, where it can be told: 缩短.
        package let meaning: String?
    }

    /// How an item differs.
    package enum State: Sendable, Hashable {
        case added
        /// A new version of an item, told by what differs from the one that this names.
        case succeeding(String)
        case changed
        case removed
    }

    /// An item that differs.
    package struct Item: Sendable, Hashable {
        /// What such items are called: 名单.
        package let kind: String
        /// What it is called: “红名单”（good）.
        package let title: String
        package let state: State
        /// What is said of it otherwise; of a new item all that is said.
        package let changes: [Change]
        /// What of its parts differs.
        package let parts: [Item]
        /// What follows, a sentence each.
        package let consequences: [String]
    }

    /// The items that differ, kind after kind; empty where the books say the same.
    package let items: [Item]

    /// Compares two books.
    package init(from old: PolicyBook, to new: PolicyBook) {
        let books = BookPair(old: old, new: new)
        var items = books.differences(old.documents, new.documents)
        items += books.differences(old.classes, new.classes)
        items += books.differences(old.sectors, new.sectors)
        items += books.differences(old.regions, new.regions)
        items += books.differences(old.ownCodeSets, new.ownCodeSets)
        items += books.differences(old.organisations, new.organisations)
        items += books.differences(old.purposes, new.purposes)
        let (before, after) = RetainedPart.parts(of: old.retention, and: new.retention)
        items += books.differences(before, after)
        items += books.differences(old.resources, new.resources)
        items += books.differences(old.lists, new.lists)
        items += books.differences(old.nationalMeasures, new.nationalMeasures)
        items += books.differences(old.measures, new.measures)
        items += books.differences(old.indicators, new.indicators)
        items += books.differences(old.rules, new.rules)
        items += books.differences(old.matters, new.matters)
        items += books.differences(old.forbidden, new.forbidden)
        items += books.differences(old.calendar.years, new.calendar.years)
        self.items = items
    }

    /// The difference as lines to read, the totals first.
    package var lines: [String] {
        if items.isEmpty { return ["两本政策手册没有差别"] }
        let added = items.count { $0.isNew }
        let removed = items.count { $0.state == .removed }
        return ["共 \(items.count) 处不同：新增 \(added)，修改 \(items.count - added - removed)，删去 \(removed)"] + items.flatMap { $0.lines(indent: "") }
    }
}

extension BookDifference.Item {
    /// Whether the old book has no such item.
    var isNew: Bool {
        switch state {
        case .added, .succeeding: true
        case .changed, .removed: false
        }
    }

    fileprivate func lines(indent: String) -> [String] {
        let inner = indent + "  "
        let name = "\(kind)\(title)"
        let head =
            switch state {
            case .added: "新增　\(name)"
            case .succeeding(let old): "新增　\(name)，与\(old)相比"
            case .changed: "修改　\(name)"
            case .removed: "删去　\(name)"
            }
        return [indent + head] + changes.map { inner + $0.line } + parts.flatMap { $0.lines(indent: inner) } + consequences.map { "\(inner)※ \($0)" }
    }
}

extension BookDifference.Change {
    /// `期限：3年 → 1年（缩短）`.
    fileprivate var line: String {
        guard let old else { return "\(title)：\(new)" }
        func shown(_ text: String) -> String { text.isEmpty ? "（无）" : text }
        // Of what is too long to be compared by eye, what came and went says it.
        if let meaning, old.count + new.count > 120 { return "\(title)：\(meaning)" }
        return "\(title)：\(shown(old)) → \(shown(new))" + (meaning.map { "（\($0)）" } ?? "")
    }
}
