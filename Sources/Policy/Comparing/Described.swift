import Identifiers

/// An item of the book that can be told in the words of an official. A new kind of item is one extension more, and a line in
/// `BookDifference.init`.
protocol Described {
    /// What such items are called: 名单.
    static var what: String { get }
    /// What tells it from the others of its kind, and stays where the rest changes.
    var key: String { get }
    /// What a line calls it: “红名单”（good）.
    var label: String { get }
    /// What is said of it, always the same titles in the same order, its key excepted.
    func details(in book: PolicyBook) -> [Detail]
    /// What it is a later version of.
    func predecessor(among items: [Self]) -> Self?
    /// How the parts of which it consists differ.
    func partDifferences(since old: Self, _ books: BookPair) -> [BookDifference.Item]
    /// What follows from the change as a whole, a sentence each.
    func consequences(since old: Self, _ books: BookPair) -> [String]
    /// What follows from its coming or going.
    static func consequence(ofAdding item: Self) -> String?
    static func consequence(ofRemoving item: Self) -> String?
}

extension Described {
    func predecessor(among items: [Self]) -> Self? { nil }
    func partDifferences(since old: Self, _ books: BookPair) -> [BookDifference.Item] { [] }
    func consequences(since old: Self, _ books: BookPair) -> [String] { [] }
    static func consequence(ofAdding item: Self) -> String? { nil }
    static func consequence(ofRemoving item: Self) -> String? { nil }
}

/// The book before and after.
struct BookPair {
    let old: PolicyBook
    let new: PolicyBook

    /// How the items of one kind differ: those of the new book in its order, then those that are gone.
    func differences<Value: Described>(_ before: [Value], _ after: [Value]) -> [BookDifference.Item] {
        let earlier = Dictionary(before.map { ($0.key, $0) }) { first, _ in first }
        let kept = Set(after.map(\.key))
        let arrived = after.compactMap { item in
            if let old = earlier[item.key] { return change(old, item, .changed) }
            if let old = item.predecessor(among: before) ?? item.predecessor(among: after) { return change(old, item, .succeeding(old.label)) }
            return whole(item, new, .added, Value.consequence(ofAdding: item))
        }
        return arrived + before.filter { !kept.contains($0.key) }.map { whole($0, old, .removed, Value.consequence(ofRemoving: $0)) }
    }

    private func whole<Value: Described>(_ item: Value, _ book: PolicyBook, _ state: BookDifference.State, _ consequence: String?) -> BookDifference.Item {
        let details = state == .removed ? [] : item.details(in: book).filter { !$0.text.isEmpty }
        return BookDifference.Item(
            kind: Value.what, title: item.label, state: state,
            changes: details.map { BookDifference.Change(title: $0.title, old: nil, new: $0.text, meaning: nil) }, parts: [],
            consequences: consequence.map { [$0] } ?? [])
    }

    /// Nil where nothing changed.
    private func change<Value: Described>(_ before: Value, _ after: Value, _ state: BookDifference.State) -> BookDifference.Item? {
        // A predecessor may be in the new book only; what it names is looked up in either alike.
        let changes = zip(before.details(in: old), after.details(in: new)).compactMap { before, after -> BookDifference.Change? in
            guard before.text != after.text else { return nil }
            return BookDifference.Change(title: after.title, old: before.text, new: after.text, meaning: after.meaning(since: before))
        }
        let parts = after.partDifferences(since: before, self)
        let consequences = after.consequences(since: before, self)
        if state == .changed, changes.isEmpty, parts.isEmpty, consequences.isEmpty { return nil }
        return BookDifference.Item(
            kind: Value.what, title: after.label, state: state, changes: changes, parts: parts, consequences: consequences)
    }
}
